/* SPDX-License-Identifier: MIT
 *
 * ocf:dbvitals:node-health: how fit the node is, as node attributes, for rules on a plain IPaddr2 or on anything else.
 */
#include "actions.h"

#include <stdio.h>
#include <unistd.h>

#include "health.h"
#include "local.h"
#include "telling.h"

#define RETRY_US 200000

static const char *const names[] = { "dbvitals-read", "dbvitals-write" };

/* A holder whose fitness nobody knows keeps a weight: no other node may be fit. */
static unsigned
write_weight(const struct turn *t, const struct fitness *f)
{
	if (f->state != DBV_UNKNOWN)
		return f->weight;
	return local_has(t->run.settings.write_ip) == TRUTH_YES;
}

static bool
publish_weights(struct turn *t)
{
	struct judged j;
	struct fitness writes = health(t, &j);
	dbv_verdict *read = j.verdict ? judge_as(&t->run, &j, ROLE_READ) : NULL;
	char weights[2][16];

	snprintf(weights[0], sizeof(weights[0]), "%u", read ? dbv_verdict_weight(read) : 0);
	snprintf(weights[1], sizeof(weights[1]), "%u", write_weight(t, &writes));
	dbv_verdict_free(read);
	judged_end(&j);
	/* Without the address, nobody knows who holds it. */
	bool has_ip = t->run.settings.write_ip != NULL;
	const struct attribute both[] = {
		{ .name = names[0], .value = weights[0], .judged_at = writes.judged_at },
		{ .name = names[1],
			.value = has_ip ? weights[1] : NULL,
			.judged_at = writes.judged_at }
	};

	return tell(t, both, has_ip || *t->record.published[1].value ? 2 : 1);
}

int
node_health_monitor(struct turn *t)
{
	if (t->is_probe)
		return t->record.started ? OCF_SUCCESS : OCF_NOT_RUNNING;
	if (!t->record.started)
		return turn_unrecorded(t);
	return publish_weights(t) ? OCF_SUCCESS : OCF_ERR_GENERIC;
}

int
node_health_start(struct turn *t)
{
	int status = agent_validate_start(t);

	if (status != OCF_SUCCESS)
		return status;
	t->record.started = true;
	if (!turn_keep(t))
		return turn_fail(t, OCF_ERR_GENERIC,
			"cannot write into " RUN_FOLDER " (node.checker_failed)");
	/* A cluster that has just come up may not take attributes yet. */
	for (int64_t until = dbv_now() + t->patience / 3; !publish_weights(t);) {
		if (dbv_now() >= until)
			return OCF_ERR_GENERIC;
		usleep(RETRY_US);
	}
	return OCF_SUCCESS;
}

int
node_health_stop(struct turn *t)
{
	withdraw(t, names, 2);
	record_remove(t->resource);
	return OCF_SUCCESS;
}

int
main(int argc, char **argv)
{
	static const struct agent agent = {
		.app = {
			.name = "node-health",
			.program = PROGRAM_NODE_HEALTH,
			.late_status = OCF_ERR_GENERIC,
			.failed_status = OCF_ERR_GENERIC,
			.late_prefix = "ocf-exit-reason:",
			.failed_prefix = "ocf-exit-reason:",
			.fails_on_stderr = true,
		},
		.shortdesc = node_health_shortdesc,
		.longdesc = node_health_longdesc,
		.actions = node_health_actions,
	};

	(void)argc;
	agent_main(&agent, argv);
}
