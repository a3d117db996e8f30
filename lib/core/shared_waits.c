/* SPDX-License-Identifier: MIT */
#include "shared_waits.h"

#include <string.h>

#include "policy.h"
#include "sessions.h"

/* Galera's timeouts, their defaults, and what is granted beyond them: an eviction takes a while, a suspicion is checked
 * twice a second. */
static const struct timeout {
	const char *name;
	double by_default;
	double grace;
} inactive = { "evs.inactive_timeout = PT", 15, 5 }, suspect = { "evs.suspect_timeout = PT", 5, 1 };

/* Out of wsrep_provider_options, where it is an ISO 8601 period such as PT15S. */
static double
seconds_of(const struct question *q, const struct timeout *t)
{
	const char *s = strstr(value_text(value_of(q, V_WSREP_PROVIDER_OPTIONS)), t->name);
	char number[24];
	double seconds = 0;

	if (!s)
		return t->by_default;
	s += strlen(t->name);
	size_t n = strcspn(s, "HMS;");

	if (n >= sizeof(number))
		return t->by_default;
	memcpy(number, s, n);
	number[n] = '\0';
	if (!text_to_number(number, &seconds))
		return t->by_default;
	return s[n] == 'M' ? seconds * 60 : s[n] == 'H' ? seconds * 3600 : seconds;
}

static const char *
shared_reason(const struct question *q, double value)
{
	const char *evs = value_text(value_of(q, V_WSREP_EVS_STATE));
	bool operational = !*evs || text_equal_nocase(evs, "OPERATIONAL");

	if (*value_text(value_of(q, V_SCHEMA_CHANGE)))
		return "a schema change is running";
	if (value_truth(value_of(q, V_WSREP_FC_ACTIVE)) == TRUTH_YES &&
		value_truth(value_of(q, V_WSREP_FC_REQUESTED)) == TRUTH_NO)
		return "flow control is asked for by another node";
	if (!operational && value <= seconds_of(q, &inactive) + inactive.grace)
		return "the group is re-forming";
	/* A node that fell silent holds up every commit from that moment on, and the group is called operational until
	 * the node is suspected: five seconds in which nothing tells (seen on MariaDB 10.11). */
	if (operational && value_number(value_of(q, V_WSREP_CLUSTER_SIZE), 0) > 1 &&
		value <= seconds_of(q, &suspect) + suspect.grace)
		return "another node may have fallen silent";
	return NULL;
}

/* By its earlier canary too, which is in no sum. */
static bool
waits_for_server(const struct question *q)
{
	const char *canary = value_text(value_of(q, V_CANARY_STATE));

	return value_number(value_of(q, V_SERVER_WAIT), 0) >= 1 ||
	       sessions_wait_of(canary) == WAIT_SERVER;
}

void
temper_shared_wait(const struct question *q, double value, struct ruling *r)
{
	enum cell most = q->policy->role == ROLE_PROMOTE ? CELL_50 : CELL_25;
	const char *reason = q->policy->mode == MODE_GALERA ? shared_reason(q, value) : NULL;

	if (!reason || r->cell <= most || waits_for_server(q))
		return;
	r->cell = most;
	text_addf(&r->message, "; %s, which holds up every node", reason);
}
