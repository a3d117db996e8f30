/* SPDX-License-Identifier: MIT
 *
 * look_at_many MILLISECONDS [NAME=VALUE]... HOST:PORT...: the library looks at these nodes at once, within so much
 * time; the settings are the policy's, or each node's. For each node it prints
 *	HOST:PORT STATE RESPONSE_TIME CHECK MESSAGE
 * with "-" for what there is not, then how long all of it took: "took MILLISECONDS".
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbvitals.h"

static char error[DBV_ERROR_SIZE] = "usage: look_at_many MILLISECONDS [NAME=VALUE]... HOST:PORT...";

static void
refuse(void)
{
	fprintf(stderr, "%s\n", error);
	exit(2);
}

/* Applies one NAME=VALUE to the policy, or to all nodes. */
static void
set(dbv_policy *policy, dbv_node *const nodes[], size_t count, char *setting)
{
	char *value = strchr(setting, '=');

	*value++ = '\0';
	if (dbv_policy_set(policy, setting, value, NULL, 0))
		return;
	for (size_t i = 0; i < count; i++)
		if (!dbv_node_set(nodes[i], setting, value, error, sizeof(error)))
			refuse();
}

static void
print(const dbv_node *node, const dbv_policy *policy)
{
	dbv_verdict *v = dbv_judge(dbv_node_observation(node), NULL, policy);
	size_t metric = dbv_metric_by_name(v, "response_time");
	double response = 0;

	printf("%s %s ", dbv_node_label(node), dbv_state_name(dbv_verdict_state(v)));
	if (metric < dbv_metrics(v) && dbv_metric_value(v, metric, &response))
		printf("%.0f", response);
	else
		printf("-");
	if (dbv_verdict_state(v) == DBV_UP)
		printf(" - -\n");
	else
		printf(" %s %s\n", dbv_finding_id(v, 0), dbv_finding_message(v, 0));
	dbv_verdict_free(v);
}

int
main(int argc, char **argv)
{
	dbv_policy *policy = dbv_policy_new();
	dbv_node **nodes = calloc((size_t)argc, sizeof(dbv_node *));
	size_t count = 0;

	signal(SIGPIPE, SIG_IGN);
	if (!policy || !nodes || argc < 3)
		refuse();
	for (int i = 2; i < argc; i++) {
		if (strchr(argv[i], '='))
			continue;
		nodes[count] = dbv_node_new();
		if (!dbv_node_set(nodes[count++], "host", argv[i], error, sizeof(error)))
			refuse();
	}
	for (int i = 2; i < argc; i++)
		if (strchr(argv[i], '='))
			set(policy, nodes, count, argv[i]);
	int64_t began = dbv_now();
	bool looked = dbv_observe(nodes, count, policy, began + atoi(argv[1]));
	int64_t took = dbv_now() - began;

	for (size_t i = 0; i < count; i++) {
		if (looked)
			print(nodes[i], policy);
		dbv_node_free(nodes[i]);
	}
	printf("took %" PRId64 "\n", took);
	free(nodes);
	dbv_policy_free(policy);
	return looked ? 0 : 1;
}
