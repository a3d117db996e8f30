/* SPDX-License-Identifier: MIT
 *
 * Policy: role, mode, thresholds, severities. Only what was set explicitly is kept here; defaults
 * are in the tables.
 */
#ifndef DBV_POLICY_H
#define DBV_POLICY_H

#include "judge.h"

/* Beyond this age nothing that is remembered counts. */
#define HISTORY_AGE_MAX_MS (3600.0 * 1000)

struct dbv_policy {
	enum role role;
	enum mode mode;
	/* NULL: all channels. */
	char *channel;
	/* Seconds. */
	double recover_after;
	double max_disconnect;
	/* Nodes that must be up or degraded; 0: a majority. */
	unsigned min_up;
	double canary_grace;
	/* "schema.table"; NULL: nothing is ever written. */
	char *canary;
	/* Explicit ranges; .given tells a range that was set from one that was not. */
	struct threshold {
		bool given;
		struct range range;
	} warning[METRICS_MAX], critical[METRICS_MAX];
	struct {
		bool given;
		enum dbv_severity severity;
	} severity[CHECKS_MAX];
};

extern const char *const role_names[ROLE_COUNT];

#define MODE_NAMES 2
extern const char *const mode_names[MODE_NAMES];

/* What --severity may say, from mildest to worst. */
#define SEVERITY_CHOICES 4
extern const enum dbv_severity severity_choices[SEVERITY_CHOICES];

/* dbv_policy_set(), with the reason in ERROR. */
bool policy_set(dbv_policy *policy, const char *name, const char *value, struct text *error);

/* From now on nothing is written. */
void policy_drop_canary(dbv_policy *policy);

enum dbv_severity cell_severity(enum cell cell);

/* What the cell costs after --severity. */
enum cell policy_cell(const dbv_policy *policy, size_t check, enum cell cell);

/* The range in force for a metric: explicit, or the table's for the role. */
struct threshold policy_warning(const dbv_policy *policy, size_t metric);
struct threshold policy_critical(const dbv_policy *policy, size_t metric);

#endif
