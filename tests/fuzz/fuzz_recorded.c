/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "recorded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nobody takes anything that is not an answer of the outcome it is told with, and without the
 * variables and the status no verdict is better than unknown. */
static void
judge(const dbv_observation *o)
{
	dbv_policy *p = dbv_policy_new();

	for (enum role r = 0; r < ROLE_COUNT; r++)
		for (int replication = 0; replication < 2; replication++) {
			p->role = r;
			p->mode = replication ? MODE_REPLICATION : MODE_GALERA;
			dbv_verdict *v = dbv_judge(o, NULL, p);
			bool open = o->answers[SOURCE_GLOBAL_VARIABLES].outcome != ANSWERED ||
				    o->answers[SOURCE_GLOBAL_STATUS].outcome != ANSWERED ||
				    (replication && o->answers[SOURCE_CHANNEL].outcome != ANSWERED);
			bool full = o->answers[SOURCE_CONNECT].error == 1040;

			if (open && !full && dbv_verdict_state(v) < DBV_UNKNOWN)
				abort();
			if (!replication && dbv_verdict_state(v) == DBV_UP &&
				!value_is(&o->values[V_WSREP_CLUSTER_STATUS], "Primary"))
				abort();
			dbv_verdict_free(v);
		}
	dbv_policy_free(p);
}

/* Anything as two files of one node. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	dbv_observation *o = observation_new();
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	size_t half = size / 2;
	const size_t sizes[] = { half, size - half };
	bool going_on = true;

	for (int i = 0; going_on && i < 2; i++) {
		/* Of its own, so that reading beyond the end is seen. */
		char *copy = malloc(sizes[i] ? sizes[i] : 1);

		memcpy(copy, data + (i ? half : 0), sizes[i]);
		enum recorded outcome = recorded_read(o, copy, sizes[i], &error);

		going_on = outcome == RECORDED_TAKEN || outcome == RECORDED_NOTHING;
		if (going_on != !*buf)
			abort();
		free(copy);
	}
	if (going_on)
		judge(o);
	observation_free(o);
	return 0;
}
