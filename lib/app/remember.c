/* SPDX-License-Identifier: MIT */
#include "remember.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "guard.h"
#include "history.h"
#include "state.h"

static struct state_key
key_of(const struct run *r, const struct judged *j)
{
	const struct settings *s = &r->settings;

	return (struct state_key){
		.directory = s->state_dir,
		.program = r->app->name,
		.label = j->label,
		.role = s->role ? s->role : "read",
		.channel = s->policy->channel,
	};
}

bool
recall(struct run *r, struct judged *j)
{
	struct state_key key = key_of(r, j);
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));

	if (!r->settings.state_dir)
		return true;
	guard_waits_for("the state directory", "node.checker_failed");
	j->history = state_read(&key, &why);
	if (!j->history) {
		text_addf(&r->error, "--state-dir: %s", reason);
		return false;
	}
	if (why.len)
		text_addf(&r->warning, "%s--state-dir: %s: nothing is remembered of %s",
			r->warning.len ? "; " : "", reason, j->label);
	if (j->history->answered_at > 0 &&
		is_answered(j->observation, NEEDS(GLOBAL_VARIABLES) | NEEDS(GLOBAL_STATUS)) &&
		!history_compares(j->history, j->observation))
		text_addf(&r->warning,
			"%s%s was restarted since the last look, or is another server",
			r->warning.len ? "; " : "", j->label);
	return true;
}

static bool
has_changed(const dbv_history *now, const dbv_history *before)
{
	if (!*before->state)
		return strcmp(now->state, "up") != 0;
	return strcmp(now->state, before->state) != 0 || strcmp(now->reason, before->reason) != 0;
}

/* What came of a node, on its way into what is remembered, and what was remembered before. */
struct change {
	const struct judged *judged;
	dbv_history before;
	double taken_at;
	bool changed;
};

/* A slower run that looked earlier has nothing to add. */
static bool
add_look(dbv_history *h, void *argument)
{
	struct change *c = argument;
	const struct judged *j = c->judged;

	c->taken_at = value_number(&j->observation->values[V_TAKEN_AT], 0);
	if (h->taken_at >= c->taken_at)
		return false;
	c->before = *h;
	if (!dbv_history_add(h, j->observation, j->verdict))
		return false;
	if (j->write)
		history_follow_role(h, j->observation, j->write);
	c->changed = has_changed(h, &c->before);
	return true;
}

static void
log_change(struct run *r, const struct change *c)
{
	const struct judged *j = c->judged;
	const dbv_history *before = &c->before;
	static const int priority[] = { [DBV_UP] = LOG_NOTICE,
		[DBV_DEGRADED] = LOG_WARNING,
		[DBV_UNKNOWN] = LOG_ERR,
		[DBV_DOWN] = LOG_ERR };
	enum dbv_state state = dbv_verdict_state(j->verdict);
	char line[1024];
	struct text t = text_on(line, sizeof(line));

	text_addf(&t, "%s, role %s: %s", j->label, role_names[r->settings.policy->role],
		dbv_state_name(state));
	if (state != DBV_UP) {
		text_add(&t, ": ");
		report_reasons(j->verdict, &t, 700);
	}
	if (*before->state) {
		text_addf(&t, "; was %s for %lld s", before->state,
			(long long)((c->taken_at - before->state_since) / 1000));
		if (*before->reason)
			text_addf(&t, " (%s)", before->reason);
	}
	if (r->log) {
		r->log(r, priority[state], line);
		return;
	}
	openlog(r->app->name, LOG_PID, LOG_DAEMON);
	syslog(priority[state], "%s", line);
	closelog();
}

static bool
remember_node(const struct run *r, struct change *c)
{
	char reason[DBV_ERROR_SIZE];
	struct text error = text_on(reason, sizeof(reason));
	struct state_key key = key_of(r, c->judged);

	if (state_change(&key, add_look, c, &error))
		return true;
	char shown[DBV_ERROR_SIZE];
	struct text words = text_on(shown, sizeof(shown));

	text_add_foreign(&words, reason, sizeof(reason));
	dprintf(2, "%s: --state-dir: %s\n", r->app->name, shown);
	return false;
}

void
remember(struct run *r, const struct judged *nodes, size_t count)
{
	struct change *changes = r->settings.state_dir ? calloc(count, sizeof(*changes)) : NULL;

	guard_waits_for("the state directory", "node.checker_failed");
	for (size_t i = 0; changes && i < count; i++) {
		changes[i].judged = &nodes[i];
		if (!remember_node(r, &changes[i]))
			changes[i].changed = false;
	}
	/* A log that is slow to take a line must not keep the next node from being remembered. */
	for (size_t i = 0; changes && r->settings.syslog && i < count; i++)
		if (changes[i].changed)
			log_change(r, &changes[i]);
	free(changes);
	guard_waits_for(NULL, NULL);
}
