/* SPDX-License-Identifier: MIT */
#include "remember.h"

#include <string.h>
#include <syslog.h>
#include <unistd.h>

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

	if (!r->settings.state_dir)
		return true;
	j->history = state_read(&key, &r->warning);
	if (!j->history)
		return false;
	if (j->history->answered_at > 0 && is_answered(j->observation, NEEDS(GLOBAL_STATUS)) &&
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

static void
log_change(const struct run *r, const struct judged *j, const dbv_history *before)
{
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
			(long long)((j->history->taken_at - before->state_since) / 1000));
		if (*before->reason)
			text_addf(&t, " (%s)", before->reason);
	}
	openlog(r->app->name, LOG_PID, LOG_DAEMON);
	syslog(priority[state], "%s", line);
	closelog();
}

void
remember(const struct run *r, struct judged *j)
{
	char reason[DBV_ERROR_SIZE];
	struct text error = text_on(reason, sizeof(reason));
	struct state_key key = key_of(r, j);

	if (!j->history)
		return;
	const dbv_history before = *j->history;

	if (!dbv_history_add(j->history, j->observation, j->verdict))
		return;
	if (!state_write(&key, j->history, &error)) {
		text_add(&error, "\n");
		if (write(2, error.buf, error.len) < 0)
			return;
	}
	if (r->settings.syslog && has_changed(j->history, &before))
		log_change(r, j, &before);
}
