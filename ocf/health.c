/* SPDX-License-Identifier: MIT */
#include "health.h"

#include <stdlib.h>

#include "guard.h"
#include "remember.h"

/* The server was asked, and did not answer, or not sensibly: that may pass. */
static bool
is_soft(const struct judged *j)
{
	if (dbv_verdict_weight(j->verdict) > 0)
		return false;
	for (size_t s = 0; s < SOURCE_COUNT; s++)
		if (j->observation->answers[s].outcome > ANSWERED)
			return true;
	return false;
}

/* With manage_read_only an observer is read-only on purpose; InnoDB's own is nobody's to change. */
static void
excuse_read_only(struct turn *t, struct judged *j)
{
	struct settings *s = &t->run.settings;

	if (!s->manage_read_only || s->policy->role != ROLE_PROMOTE ||
		value_truth(&j->observation->values[V_INNODB_READ_ONLY]) == TRUTH_YES ||
		!dbv_policy_set(s->policy, "severity", "server.read_only=note", NULL, 0))
		return;
	dbv_verdict *excused = dbv_judge(j->observation, j->history, s->policy);

	if (!excused)
		return;
	dbv_verdict_free(j->verdict);
	j->verdict = excused;
}

struct fitness
health(struct turn *t, struct judged *j)
{
	struct run *r = &t->run;
	bool looked = false;

	*j = (struct judged){ .node = NULL };
	if (t->configured != OCF_SUCCESS)
		return fitness_unknown(turn_misconfigured(t), r->error.buf, dbv_now());
	for (unsigned i = 0; i < r->settings.attempts; i++) {
		judged_end(j);
		r->deadline = turn_within(t, t->look_ms);
		looked = look_at_one(r, j);
		if (looked)
			excuse_read_only(t, j);
		if (!looked || !is_soft(j))
			break;
	}
	guard_nodes(NULL, 0);
	guard_waits_for(NULL, NULL);
	if (!looked)
		return fitness_unknown("node.checker_failed",
			*r->error.buf ? r->error.buf : "out of memory", dbv_now());
	remember(r, j, 1);
	return fitness_of(j->verdict, dbv_now());
}
