/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cluster.h"
#include "expect.h"
#include "policy.h"

#define NODES_MAX 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
take_line(dbv_observation *o, const char *name, const char *value)
{
	if (strcmp(name, "channel") == 0)
		observation_add_channel(o);
	for (enum source s = 0; s < SOURCE_COUNT; s++) {
		observation_answer(o, s, ANSWERED, 0, NULL);
		if (s != SOURCE_CHANNEL || o->channel_count > 0)
			observation_set_by_name(o, s, name, value);
	}
}

static void
expect_messages(const dbv_verdict *v)
{
	for (size_t i = 0; i < dbv_findings(v); i++)
		expect_message(dbv_finding_message(v, i));
}

/* Under each role and mode, one by one and all together. */
static void
judge(const struct member members[], size_t count, dbv_policy *p)
{
	for (size_t i = 0; i < count; i++) {
		dbv_verdict *v = dbv_judge(members[i].now, NULL, p);

		if (p->mode == MODE_GALERA && dbv_verdict_state(v) == DBV_UP)
			expect(value_is(&members[i].now->values[V_WSREP_CLUSTER_STATUS], "Primary"),
				"up is who is in the component");
		expect_messages(v);
		dbv_verdict_free(v);
	}
	dbv_verdict *v = judge_cluster(members, count, members, count - 1, p);

	expect_messages(v);
	dbv_verdict_free(v);
}

/* "name=value" lines as a server's rows; "channel" starts a channel, "node" the next node. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	dbv_observation *nodes[NODES_MAX] = { observation_new() };
	struct member members[NODES_MAX];
	size_t count = 1;
	dbv_policy *p = dbv_policy_new();
	char *content = malloc(size + 1), *rest = content, *line;

	memcpy(content, data, size);
	content[size] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, '=');

		if (value)
			*value++ = '\0';
		if (strcmp(line, "node") == 0 && count < NODES_MAX)
			nodes[count++] = observation_new();
		else
			take_line(nodes[count - 1], line, value);
	}
	for (size_t i = 0; i < count; i++)
		members[i] = (struct member){ .label = "fuzz:3306", .now = nodes[i] };
	for (enum role r = 0; r < ROLE_COUNT; r++)
		for (int replication = 0; replication < 2; replication++) {
			p->role = r;
			p->mode = replication ? MODE_REPLICATION : MODE_GALERA;
			judge(members, count, p);
		}
	for (size_t i = 0; i < count; i++)
		observation_free(nodes[i]);
	dbv_policy_free(p);
	free(content);
	return 0;
}
