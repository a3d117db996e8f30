/* SPDX-License-Identifier: MIT
 *
 * What one action of one instance says: its exit reason, and the log.
 */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "agent.h"
#include "guard.h"

/* How long the log may take. */
#define LOG_MS 500

/* What Pacemaker keeps of an exit reason, bytes. */
#define EXIT_REASON_MAX 128

/* The words of a long one give way to the check's name at their end. */
static void
add_exit_reason(struct text *out, const char *reason)
{
	size_t length = strlen(reason);
	const char *id = strrchr(reason, '(');

	if (length <= EXIT_REASON_MAX || !id || reason[length - 1] != ')' ||
		strlen(id) > EXIT_REASON_MAX / 2)
		id = "";
	text_add_start(out, reason, EXIT_REASON_MAX - strlen(id));
	text_add(out, id);
}

static void
keep_line(struct turn *t, int priority, const char *what, const char *words)
{
	if (t->log_count >= LOG_LINES_MAX)
		return;
	struct log_line *l = &t->log[t->log_count++];

	struct text line = text_on(l->words, sizeof(l->words));

	l->priority = priority;
	text_addf(&line, "%s%s", what, *what ? ": " : "");
	text_add_foreign(&line, words, sizeof(l->words));
}

void
turn_log_change(struct run *r, int priority, const char *line)
{
	keep_line((struct turn *)(void *)((char *)r - offsetof(struct turn, run)), priority, "",
		line);
}

void
turn_tell_log(const struct turn *t, int status)
{
	if (t->log_count == 0)
		return;
	guard_answer(status);
	guard_alarm(LOG_MS);
	openlog(t->title, LOG_PID, LOG_DAEMON);
	for (size_t i = 0; i < t->log_count; i++)
		syslog(t->log[i].priority, "%s", t->log[i].words);
	closelog();
}

/* An action must not wait for its reader. */
static void
put_line(const char *before, const char *between, const char *words)
{
	char line[1024];
	struct text l = text_on(line, sizeof(line));

	text_addf(&l, "%s%s", before, between);
	text_add_foreign(&l, words, sizeof(line));
	text_add(&l, "\n");
	guard_put(line);
}

int
turn_fail(struct turn *t, int status, const char *format, ...)
{
	char reason[DBV_ERROR_SIZE + 64];
	char shown[EXIT_REASON_MAX + 1];
	struct text r = text_on(reason, sizeof(reason));
	struct text s = text_on(shown, sizeof(shown));
	va_list args;

	va_start(args, format);
	text_vaddf(&r, format, args);
	va_end(args);
	add_exit_reason(&s, reason);
	put_line("ocf-exit-reason:", "", shown);
	keep_line(t, LOG_ERR, t->action->name, reason);
	return status;
}

int
turn_unrecorded(struct turn *t)
{
	return turn_fail(
		t, OCF_NOT_RUNNING, RUN_FOLDER " has no record of a start (node.checker_failed)");
}

void
turn_log(struct turn *t, int priority, const char *format, ...)
{
	char line[512];
	struct text l = text_on(line, sizeof(line));
	va_list args;

	va_start(args, format);
	text_vaddf(&l, format, args);
	va_end(args);
	put_line(t->title, ": ", line);
	keep_line(t, priority, "", line);
}

int64_t
turn_within(const struct turn *t, int64_t milliseconds)
{
	int64_t end = dbv_now() + milliseconds;

	return end < t->deadline ? end : t->deadline;
}

bool
turn_keep(struct turn *t)
{
	if (record_write(t->resource, &t->record))
		return true;
	turn_log(t, LOG_ERR, "cannot write into " RUN_FOLDER ": %s", strerror(errno));
	return false;
}
