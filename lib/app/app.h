/* SPDX-License-Identifier: MIT
 *
 * What the executables share: from the command line to a verdict and out again. An executable is
 * one struct app.
 */
#ifndef DBV_APP_H
#define DBV_APP_H

#include "dbvitals.h"
#include "options.h"

/* A judged node, as presenters see it. */
struct report {
	const struct settings *settings;
	const dbv_verdict *verdict;
	/* NULL: this program could not look. */
	const dbv_observation *observation;
	/* "read", "write", "promote": what auto came to. */
	const char *role;
	const char *mode;
	/* What is odd and did not change the verdict; "" for nothing. */
	const char *warning;
	int64_t elapsed_ms;
};

struct app {
	const char *name;
	const char *purpose;
	enum program program;
	/* Exit status of a usage error and of help and version. */
	int usage_status;
	/* The same of a run that did not end in time. */
	int late_status;
	/* The same of a run that was ended by a signal or ran out of memory. */
	int failed_status;
	/* What stands in front of a line about that. */
	const char *late_prefix;
	const char *failed_prefix;
	int (*status)(const struct report *r);
	void (*print)(const struct report *r, struct text *out);
};

/* All of main(): does not return. */
void app_main(const struct app *app, char **argv) __attribute__((noreturn));

/* The findings that made the state, "message (id); message (id)", at most MAX bytes of them. */
void report_reasons(const struct report *r, struct text *out, size_t max);

/* "HOST:PORT may take reads". */
void report_fitness(const struct report *r, struct text *out);

/* Every finding and metric, one a line. */
void report_details(const struct report *r, struct text *out);

/* One JSON object, schema 1. */
void report_json(const struct report *r, struct text *out);

#endif
