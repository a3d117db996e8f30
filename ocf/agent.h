/* SPDX-License-Identifier: MIT
 *
 * What both resource agents share: one action of one instance, from the environment to an exit status (Open Cluster
 * Framework, resource agent API 1.1).
 */
#ifndef DBV_AGENT_H
#define DBV_AGENT_H

#include "app.h"
#include "parameters.h"
#include "record.h"

/* Exit statuses of the standard. */
enum {
	OCF_SUCCESS = 0,
	OCF_ERR_GENERIC = 1,
	OCF_ERR_ARGS = 2,
	OCF_ERR_UNIMPLEMENTED = 3,
	OCF_ERR_INSTALLED = 5,
	OCF_ERR_CONFIGURED = 6,
	OCF_NOT_RUNNING = 7,
	OCF_RUNNING_PROMOTED = 8,
	OCF_FAILED_PROMOTED = 9,
};

#define LOG_LINES_MAX 16

struct turn;

struct action {
	const char *name;
	/* As the meta-data advise: "20s"; NULL: none. */
	const char *timeout;
	const char *interval;
	const char *role;
	int (*act)(struct turn *t);
};

struct agent {
	struct app app;
	const char *shortdesc;
	/* Paragraphs, a blank line between; each is one line, which readers break as they like. */
	const char *longdesc;
	/* What is passed on to ocf:heartbeat:IPaddr2; ends with name NULL. NULL: nothing is. */
	const struct parameter *passed;
	/* Ends with name NULL. */
	const struct action *actions;
};

/* One action of one instance. */
struct turn {
	const struct agent *agent;
	const struct action *action;
	/* The agent's, under the name that logs and files of this instance have. */
	struct app app;
	struct run run;
	/* The instance's name without the number of the clone. */
	char resource[128];
	char title[192];
	/* When the cluster's patience ends, less what ending takes; and all of it, milliseconds. */
	int64_t deadline;
	int64_t patience;
	/* A monitor that only asks whether the instance is active here. */
	bool is_probe;
	/* OCF_SUCCESS, or why the parameters cannot be used, with the words in run.error; OCF_ERR_GENERIC: for want of
	 * memory or descriptors. */
	int configured;
	/* What one look may take, milliseconds. */
	int64_t look_ms;
	struct record record;
	/* Lines for the log, told when all else is done: nobody may be there to read them. */
	struct log_line {
		int priority;
		char words[512];
	} log[LOG_LINES_MAX];
	size_t log_count;
};

/* All of main(): does not return. */
void agent_main(const struct agent *agent, char **argv) __attribute__((noreturn));

/* Says why as the exit reason of this action, which cluster tools show, and returns STATUS. */
int turn_fail(struct turn *t, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same of an instance that is to run and has no record of a start. */
int turn_unrecorded(struct turn *t);

/* Of a turn that is not configured: what that is told as. */
const char *turn_misconfigured(const struct turn *t);

/* A line for the log, with PRIORITY of syslog(3). */
void turn_log(struct turn *t, int priority, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A verdict that has changed, on its way to the log. */
void turn_log_change(struct run *r, int priority, const char *line);

/* The action is done, whoever reads this: should that take long, its STATUS is known. */
void turn_tell_log(const struct turn *t, int status);

/* MILLISECONDS from now, at most until the action's deadline. */
int64_t turn_within(const struct turn *t, int64_t milliseconds);

/* Keeps the record; false, with a line for the log, where that fails. */
bool turn_keep(struct turn *t);

#endif
