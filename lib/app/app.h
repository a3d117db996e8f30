/* SPDX-License-Identifier: MIT
 *
 * What the executables share: from the command line to a verdict and out again. An executable, or a
 * command of the tool, is one struct app.
 */
#ifndef DBV_APP_H
#define DBV_APP_H

#include "dbvitals.h"
#include "options.h"

/* A judged node, as presenters see it. */
struct judged {
	/* "db1:3306", or the name of a recording. */
	const char *label;
	/* NULL: a recording. */
	const dbv_node *node;
	const dbv_observation *observation;
	dbv_verdict *verdict;
	/* The same under role write; NULL where one node is asked about. */
	dbv_verdict *write;
	/* What earlier looks knew of it; NULL without --state-dir. */
	dbv_history *history;
};

struct report {
	const struct settings *settings;
	const struct given *given;
	const struct judged *nodes;
	size_t count;
	/* Over all nodes; NULL where there is one. */
	const dbv_verdict *cluster;
	/* The node that the write address leads to; NULL where that is not asked, or not known. */
	const char *holder;
	/* "read", "write", "promote": what auto came to. */
	const char *role;
	const char *mode;
	/* What is odd and did not change the verdict; "" for nothing. */
	const char *warning;
	int64_t elapsed_ms;
};

struct run;

struct app {
	const char *name;
	const char *purpose;
	enum program program;
	/* What it takes besides options ("HOST..."); NULL: nothing. */
	const char *operands;
	/* They are hosts. */
	bool operands_are_hosts;
	/* Exit status of a usage error and of help and version. */
	int usage_status;
	int help_status;
	/* The same of a run that did not end in time. */
	int late_status;
	/* The same of a run that was ended by a signal or ran out of memory. */
	int failed_status;
	/* What stands in front of a line about that. */
	const char *late_prefix;
	const char *failed_prefix;
	/* Such a line goes to standard error. */
	bool fails_on_stderr;
	/* What it wants to know of its own before the server is asked; NULL: nothing. */
	void (*begin)(const struct run *r);
	int (*status)(const struct report *r);
	void (*print)(const struct report *r, struct text *out);
	/* Says run.error in its own way; false: no wish to. NULL: never. */
	bool (*refuse)(struct run *r);
	/* Instead of looking, judging and the two above: does its own work; its exit status. */
	int (*own)(struct run *r);
	/* Frees what these have kept; NULL: nothing. */
	void (*end)(void);
};

/* One run of an executable. */
struct run {
	const struct app *app;
	struct given given;
	struct settings settings;
	/* Why the command line or the option file is refused. */
	struct text error;
	struct text warning;
	/* What is to be printed. */
	struct text out;
	/* See struct report. */
	const char *holder;
	/* Takes lines for the log; NULL: syslog(3), which may block. */
	void (*log)(struct run *r, int priority, const char *line);
	int64_t began;
	int64_t deadline;
	char error_buf[DBV_ERROR_SIZE];
	char warning_buf[1024];
};

/* All of main(): does not return. */
void app_main(const struct app *app, char **argv) __attribute__((noreturn));

/* Says run.error; the status of a usage error. */
int app_refuse(struct run *r);

/* Something other than the server went wrong: WHY, and the status for that. */
int app_fail(struct run *r, const char *why);

/* Prints what is in run.out. */
void app_print(struct run *r);

/* Prints what came of COUNT nodes, of several with CLUSTER; the status for it. */
int app_answer(struct run *r, const struct judged *nodes, size_t count, const dbv_verdict *cluster);

/* The findings that made the state, "message (id); message (id)", at most MAX bytes of them. */
void report_reasons(const dbv_verdict *v, struct text *out, size_t max);

/* "HOST:PORT may take reads". */
void report_fitness(const struct report *r, const struct judged *j, struct text *out);

/* Seconds that earlier looks have found it in the state it is in now; 0 where none has. */
int64_t report_seconds_in_state(const struct judged *j);

/* Every finding and metric, one a line. */
void report_details(const struct judged *j, struct text *out);

/* What is odd about the run, once for all nodes. */
void report_warning(const struct report *r, struct text *out);

/* One JSON object, schema 1. */
void report_json(const struct report *r, struct text *out);

#endif
