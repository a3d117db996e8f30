/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "name=value" lines as a server's rows, judged in every role; "channel" starts a channel. Whatever
 * comes, a node that is not Synced is never up. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	dbv_observation *o = observation_new();
	dbv_policy *p = dbv_policy_new();
	char *content = malloc(size + 1), *rest = content, *line;

	memcpy(content, data, size);
	content[size] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, '=');

		if (value)
			*value++ = '\0';
		if (strcmp(line, "channel") == 0)
			observation_add_channel(o);
		for (enum source s = 0; s < SOURCE_COUNT; s++) {
			observation_answer(o, s, ANSWERED, 0, NULL);
			if (s != SOURCE_CHANNEL || o->channel_count > 0)
				observation_set_by_name(o, s, line, value);
		}
	}
	for (enum role r = 0; r < ROLE_COUNT; r++)
		for (int replication = 0; replication < 2; replication++) {
			p->role = r;
			p->mode = replication ? MODE_REPLICATION : MODE_GALERA;
			dbv_verdict *v = dbv_judge(o, NULL, p);

			if (!replication && dbv_verdict_state(v) == DBV_UP &&
				!value_is(&o->values[V_WSREP_CLUSTER_STATUS], "Primary"))
				abort();
			dbv_verdict_free(v);
		}
	observation_free(o);
	dbv_policy_free(p);
	free(content);
	return 0;
}
