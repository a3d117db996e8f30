/* SPDX-License-Identifier: MIT */
#include "shared_waits.h"

#include <string.h>

#include "policy.h"

/* Galera's default of evs.inactive_timeout, and what is granted beyond it. */
static const double inactive_timeout_default = 15;
static const double eviction_grace = 5;

/* evs.inactive_timeout out of wsrep_provider_options, where it is an ISO 8601 period such as PT15S.
 */
static double
inactive_timeout(const struct question *q)
{
	static const char name[] = "evs.inactive_timeout = PT";
	const char *s = strstr(value_text(value_of(q, V_WSREP_PROVIDER_OPTIONS)), name);
	char number[24];
	double seconds = 0;

	if (!s)
		return inactive_timeout_default;
	s += strlen(name);
	size_t n = strcspn(s, "HMS;");

	if (n >= sizeof(number))
		return inactive_timeout_default;
	memcpy(number, s, n);
	number[n] = '\0';
	if (!text_to_number(number, &seconds))
		return inactive_timeout_default;
	return s[n] == 'M' ? seconds * 60 : s[n] == 'H' ? seconds * 3600 : seconds;
}

static const char *
shared_reason(const struct question *q, double value)
{
	const char *evs = value_text(value_of(q, V_WSREP_EVS_STATE));

	if (*value_text(value_of(q, V_SCHEMA_CHANGE)))
		return "a schema change is running";
	if (value_truth(value_of(q, V_WSREP_FC_ACTIVE)) == TRUTH_YES &&
		value_truth(value_of(q, V_WSREP_FC_REQUESTED)) == TRUTH_NO)
		return "flow control is asked for by another node";
	if (*evs && !text_equal_nocase(evs, "OPERATIONAL") &&
		value <= inactive_timeout(q) + eviction_grace)
		return "the group is re-forming";
	return NULL;
}

void
temper_shared_wait(const struct question *q, double value, struct ruling *r)
{
	enum cell most = q->policy->role == ROLE_PROMOTE ? CELL_50 : CELL_25;
	const char *reason = q->policy->mode == MODE_GALERA ? shared_reason(q, value) : NULL;

	if (!reason || r->cell <= most || value_number(value_of(q, V_SERVER_WAIT), 0) >= 1)
		return;
	r->cell = most;
	text_addf(&r->message, "; %s, on every node", reason);
}
