/* SPDX-License-Identifier: MIT */
#include "canary.h"

#include <string.h>

#include "galera.h"
#include "policy.h"
#include "shared_waits.h"

/* The process list counts in whole seconds. Below one, the earlier canary may be another checker's, on its way at this
 * moment: it hangs only if one's own, sent behind it, does too. */
static const double earlier_least = 1;

static bool
is_wanted(const struct question *q)
{
	return q->policy->canary && q->policy->role == ROLE_WRITE;
}

/* With wsrep_on off a Galera node keeps the row for itself, and differs from the others from then on. */
static bool
is_replicated(const struct question *q)
{
	bool cluster =
		q->policy->mode == MODE_GALERA ||
		(value_of(q, V_WSREP_PROVIDER)->kind != VALUE_ABSENT && !galera_has_no_provider(q));

	return !cluster || (galera_takes_part(q) && galera_is_primary(q));
}

static bool
is_writable(const struct question *q)
{
	static const enum variable flags[] = { V_READ_ONLY, V_SUPER_READ_ONLY, V_INNODB_READ_ONLY };

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (galera_is_not_off(q, flags[i]))
			return false;
	return !*value_text(value_of(q, V_GROUP_REPLICATION)) &&
	       !*value_text(value_of(q, V_MAINTENANCE_FILE));
}

static bool
is_harmless(const struct question *q)
{
	return is_wanted(q) &&
	       is_answered(q->now, NEEDS(GLOBAL_VARIABLES) | NEEDS(GLOBAL_STATUS)) &&
	       is_replicated(q) && is_writable(q);
}

static double
earlier(const struct question *q)
{
	return value_number(value_of(q, V_CANARY_EARLIER), 0);
}

bool
canary_is_due(const dbv_observation *o, const dbv_policy *policy)
{
	struct question q = { .now = o, .policy = policy };

	/* One's own sessions are listed without any privilege. */
	return is_harmless(&q) && o->answers[SOURCE_SESSIONS].outcome == ANSWERED &&
	       *value_text(value_of(&q, V_LOGIN)) && earlier(&q) < earlier_least;
}

static void
add_clean(struct text *t, const char *s)
{
	for (; *s; s++) {
		bool fits = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
			    (*s >= '0' && *s <= '9') || strchr("._:-", *s);

		text_addf(t, "%c", fits ? *s : '-');
	}
}

void
canary_add_table(struct text *sql, const char *table)
{
	size_t schema = strcspn(table, ".");

	text_add(sql, "`");
	text_add_start(sql, table, schema);
	text_addf(sql, "`.`%s`", table[schema] ? table + schema + 1 : "");
}

/* The row always changes, so there always is a commit; the values are literals, so it replicates in every binary log
 * format. */
void
canary_statement(const dbv_observation *o, const dbv_policy *policy, struct text *sql)
{
	char node[200];
	struct text key = text_on(node, sizeof(node));

	text_addf(&key, "%.160s:%.20s", value_text(&o->values[V_HOSTNAME]),
		value_text(&o->values[V_PORT]));
	text_add(sql, CANARY_MARK " INSERT INTO ");
	canary_add_table(sql, policy->canary);
	text_add(sql, " (node, beats) VALUES ('");
	add_clean(sql, node);
	text_add(sql, "', 1) ON DUPLICATE KEY UPDATE beats = beats + 1");
}

/* Seconds of waiting, in this look or since an earlier one; false where nothing hangs. */
static bool
hangs_for(const struct question *q, double *seconds)
{
	const struct answer *a = &q->now->answers[SOURCE_CANARY];
	/* Lock wait timeout, query interrupted: somebody else's patience had an end first. */
	bool given_up = a->outcome == LATE ||
			(a->outcome == FAILED && (a->error == 1205 || a->error == 1317));
	double here = given_up ? value_number(value_of(q, V_CANARY_WAITED), 0) : 0;

	*seconds = here > earlier(q) ? here : earlier(q);
	return is_wanted(q) && (given_up || earlier(q) >= earlier_least);
}

static void
add_wait(const struct question *q, struct ruling *r, double seconds)
{
	const char *state = value_text(value_of(q, V_CANARY_STATE));

	text_add(&r->message, "a commit has been hanging for ");
	text_add_number(&r->message, seconds);
	text_add(&r->message, " s (limit ");
	text_add_number(&r->message, q->policy->canary_grace);
	text_add(&r->message, " s)");
	if (!*state)
		return;
	text_add(&r->message, " in \"");
	text_add_foreign(&r->message, state, 64);
	text_add(&r->message, "\"");
}

/* A conversation that ended early left no time for the canary: nobody knows whether writes work. */
static bool
was_left_out(const struct question *q)
{
	return is_harmless(q) && earlier(q) < earlier_least &&
	       q->now->answers[SOURCE_CANARY].outcome == NOT_ASKED &&
	       q->now->answers[SOURCE_CANARY_SETTINGS].outcome != FAILED;
}

bool
canary_slow(const struct question *q, struct ruling *r)
{
	double seconds = 0;

	if (was_left_out(q)) {
		text_add(&r->message,
			"no commit was tried: what is asked before it was not answered");
		return true;
	}
	if (!hangs_for(q, &seconds) || seconds > q->policy->canary_grace)
		return false;
	add_wait(q, r, seconds);
	return true;
}

bool
canary_hangs(const struct question *q, struct ruling *r)
{
	double seconds = 0;

	if (!hangs_for(q, &seconds) || seconds <= q->policy->canary_grace)
		return false;
	r->cell = CELL_DOWN;
	add_wait(q, r, seconds);
	temper_shared_wait(q, seconds, r);
	return true;
}

void
canary_refused(const struct question *q, struct ruling *r)
{
	(void)q;
	r->cell = CELL_DOWN;
}
