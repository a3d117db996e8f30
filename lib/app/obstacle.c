/* SPDX-License-Identifier: MIT */
#include "obstacle.h"

#include <string.h>

#include "cluster.h"
#include "galera.h"

/* Whether it is down or nothing is known of it. That the account may not see the replica status is neither: it may be a
 * Galera node, and the round trip itself tells more. */
static bool
forbids_writing(const dbv_verdict *v, size_t finding)
{
	return dbv_finding_severity(v, finding) > DBV_COSTS_WEIGHT &&
	       strcmp(dbv_finding_id(v, finding), "server.privilege_missing") != 0;
}

static bool
is_unwritable(const struct judged *j, struct text *why)
{
	const char *separator = "";

	for (size_t i = 0; i < dbv_findings(j->verdict); i++) {
		if (!forbids_writing(j->verdict, i))
			continue;
		if (!*separator)
			text_addf(why, "%s must not be written to: ", j->label);
		text_addf(why, "%s%s (%s)", separator, dbv_finding_message(j->verdict, i),
			dbv_finding_id(j->verdict, i));
		separator = "; ";
	}
	if (*separator || is_answered(j->observation, NEEDS(GLOBAL_VARIABLES)))
		return *separator;
	text_addf(why, "%s does not tell whether it may be written to", j->label);
	return true;
}

static bool
is_member(const dbv_observation *o)
{
	struct question q = { .now = o };

	return galera_takes_part(&q);
}

static bool
is_strict(const dbv_observation *o)
{
	const struct value *v = &o->values[V_GTID_STRICT_MODE];

	return v->kind != VALUE_ABSENT && value_truth(v) != TRUTH_NO;
}

/* Whoever writes on both sides of a pair that counts in one domain hands out a sequence number twice sooner or later;
 * gtid_strict_mode answers that with error 1950, and replication stops. */
static bool
would_clash(const dbv_observation *a, const dbv_observation *b)
{
	const char *domain = value_text(&a->values[V_GTID_DOMAIN_ID]);

	return !is_member(a) && (is_strict(a) || is_strict(b)) &&
	       strcmp(domain, value_text(&b->values[V_GTID_DOMAIN_ID])) == 0;
}

bool
roundtrip_obstacle(const struct judged nodes[2], struct text *why)
{
	const dbv_observation *a = nodes[0].observation;
	const dbv_observation *b = nodes[1].observation;

	for (size_t i = 0; i < 2; i++)
		if (is_unwritable(&nodes[i], why))
			return true;
	if (same_server(a, b) != TRUTH_NO) {
		text_addf(why,
			"%s and %s are one server, as far as can be told: hostname, port, server_id and all that tells servers apart is the same",
			nodes[0].label, nodes[1].label);
		return true;
	}
	if (would_clash(a, b)) {
		text_add(why,
			"with gtid_strict_mode on and one gtid_domain_id for both, a write on either side can stop replication (error 1950): give each server a gtid_domain_id of its own");
		return true;
	}
	return false;
}

bool
roundtrip_drop_is_kept(const dbv_observation *o)
{
	return value_truth(&o->values[V_LOG_BIN]) == TRUTH_YES &&
	       value_truth(&o->values[V_LOG_SLAVE_UPDATES]) != TRUTH_YES;
}
