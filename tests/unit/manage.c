/* SPDX-License-Identifier: MIT
 *
 * What the agents do at a server, by hand and for the tests:
 *	manage MILLISECONDS on|off|position|catch-up[=POSITION] [NAME=VALUE]... HOST:PORT
 *	manage MILLISECONDS catch-up|catch-up=POSITION [NAME=VALUE]... HOST:PORT
 * The settings are the node's. It prints "yes" or "no", of catch-up how far it is, and the words for it; then
 * "took MILLISECONDS".
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbvitals.h"
#include "catch_up.h"
#include "position.h"
#include "read_only.h"

static void
refuse(const char *why)
{
	fprintf(stderr, "%s\n", why);
	exit(2);
}

static void
set(dbv_node *node, char *setting)
{
	char error[DBV_ERROR_SIZE];
	char *value = strchr(setting, '=');

	if (!value)
		value = setting;
	else
		*value++ = '\0';
	if (!dbv_node_set(node, value == setting ? "host" : setting, value, error, sizeof(error)))
		refuse(error);
}

static const char *
follow_up(const char *position, dbv_node *node, int64_t deadline, struct text *said)
{
	static const char *const names[] = { "done", "source gone", "receiving", "applying",
		"unknown" };
	dbv_policy *policy = dbv_policy_new();

	if (!policy || !dbv_policy_set(policy, "mode", "replication", NULL, 0) ||
		!dbv_observe(&node, 1, policy, deadline))
		refuse("out of memory");
	enum catch_up state = catch_up(dbv_node_observation(node), policy, position, said);

	dbv_policy_free(policy);
	return names[state];
}

static const char *
act(const char *what, dbv_node *node, int64_t deadline, struct text *said)
{
	bool done = false;

	if (strcmp(what, "catch-up") == 0)
		return follow_up(NULL, node, deadline, said);
	if (strncmp(what, "catch-up=", 9) == 0)
		return follow_up(what + 9, node, deadline, said);
	if (strcmp(what, "position") == 0)
		done = node_position(node, deadline, said, said);
	else
		done = node_set_read_only(node, strcmp(what, "on") == 0, deadline, said);
	return done ? "yes" : "no";
}

int
main(int argc, char **argv)
{
	dbv_node *node = dbv_node_new();
	char buf[1024];
	struct text said = text_on(buf, sizeof(buf));

	signal(SIGPIPE, SIG_IGN);
	if (!node || argc < 4)
		refuse("usage: manage MILLISECONDS on|off|position [NAME=VALUE]... HOST:PORT");
	for (int i = 3; i < argc; i++)
		set(node, argv[i]);
	int64_t began = dbv_now();
	const char *answer = act(argv[2], node, began + atoi(argv[1]), &said);

	printf("%s %s\ntook %" PRId64 "\n", answer, buf, dbv_now() - began);
	dbv_node_free(node);
	return 0;
}
