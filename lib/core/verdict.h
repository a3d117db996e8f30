/* SPDX-License-Identifier: MIT
 *
 * What a verdict holds.
 */
#ifndef DBV_VERDICT_H
#define DBV_VERDICT_H

#include "policy.h"

struct finding {
	size_t check;
	enum cell cell;
	double extent;
	char message[MESSAGE_MAX];
};

struct measured {
	size_t metric;
	bool known;
	double value;
	struct threshold warning, critical;
};

struct dbv_verdict {
	enum role role;
	enum cell worst;
	struct finding *findings;
	size_t finding_count;
	struct measured measured[METRICS_MAX];
	size_t measured_count;
	size_t not_judged[CHECKS_MAX];
	size_t not_judged_count;
	bool out_of_memory;
};

/* R as a finding, in its place, with what the policy makes of its cell. */
void add_finding(dbv_verdict *v, const dbv_policy *p, size_t check, const struct ruling *r);

#endif
