/* SPDX-License-Identifier: MIT
 *
 * dbvitals roundtrip: does what is made on one node get to another, and what is dropped there back?
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "galera.h"
#include "guard.h"
#include "looking.h"
#include "obstacle.h"
#include "policy.h"
#include "trip.h"
#include "wrap.h"

/* Of the budget: looking at both first takes a third at most, cleaning up has a fifth for itself. */
#define LOOK_PARTS 3
#define CLEAN_PARTS 5

enum {
	OK = 0,
	FAILED_THERE = 2,
	CANNOT_TELL = 3,
};

struct round {
	struct run *run;
	struct judged nodes[2];
	struct trip trip;
	int64_t keep_ms;
	size_t width;
	char last_words[1200];
};

/* "made on db1:3306      12 ms", at once. */
static void
tell_step(struct round *d, const char *what, size_t node, int64_t ms)
{
	struct text *out = &d->run->out;

	text_addf(out, "%s %s", what, d->nodes[node].label);
	while (out->len < d->width)
		text_add(out, " ");
	text_addf(out, "%8lld ms\n", (long long)ms);
	app_print(d->run);
}

static void
tell(struct round *d, size_t indent, const char *line)
{
	wrap(&d->run->out, line, indent, 4);
	app_print(d->run);
}

/* What the look had to say about the replica side. */
static void
tell_findings(struct round *d, size_t replica)
{
	const dbv_verdict *v = d->nodes[replica].verdict;
	bool told = false;

	for (size_t i = 0; i < dbv_findings(v); i++) {
		const char *id = dbv_finding_id(v, i);
		char line[1024];
		struct text t = text_on(line, sizeof(line));

		bool channel = strncmp(id, "replication.", 12) == 0 ||
			       strcmp(id, "server.privilege_missing") == 0;
		bool member = strncmp(id, "galera.", 7) == 0 &&
			      dbv_finding_severity(v, i) > DBV_NOTE;

		if (!channel && !member)
			continue;
		text_addf(&t, "%s: %s -> %s", id, dbv_finding_message(v, i),
			dbv_finding_remedy(v, i));
		tell(d, 2, line);
		told = true;
	}
	if (!told)
		tell(d, 2,
			"Its replica status showed nothing wrong. See the filters for this schema (Replicate_Do_DB and its like there, Binlog_Do_DB on the other side), and wsrep_OSU_method on Galera nodes; more time is given with --timeout.");
}

static void
tell_one_way(struct round *d, size_t from)
{
	char line[1024];
	struct text t = text_on(line, sizeof(line));

	text_addf(&t, "%s -> %s does not replicate, or not in time.", d->nodes[from].label,
		d->nodes[1 - from].label);
	tell(d, 0, line);
	tell_findings(d, 1 - from);
}

/* Numbers that speak of the account, not of the server. */
static bool
is_right_missing(unsigned error)
{
	static const unsigned errors[] = { 1044, 1045, 1142, 1143, 1227 };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i] == error)
			return true;
	return false;
}

/* Why a node did not do what it was told; the status for it. */
static int
tell_trouble(struct round *d, size_t node, enum reply reply)
{
	const struct talk *talk = &d->trip.talks[node];
	char line[1024];
	struct text t = text_on(line, sizeof(line));

	if (reply == REPLY_STOPPED) {
		tell(d, 0, "Ended by a signal.");
		return CANNOT_TELL;
	}
	text_addf(&t, "%s: ", d->nodes[node].label);
	text_addf(&t, "%s%s", reply == REPLY_LATE ? "no answer in time: waited for " : "",
		talk->error_text);
	if (talk->error)
		text_addf(&t, " (error %u)", talk->error);
	if (reply == REPLY_LATE || talk->error == TALK_LOCK_WAIT)
		text_add(&t, "; SHOW PROCESSLIST there may tell what holds it up");
	if (is_right_missing(talk->error))
		text_addf(&t, "; dbvitals grants --schema=%s prints what the account needs",
			d->run->settings.schema);
	tell(d, 0, line);
	return is_right_missing(talk->error) ? CANNOT_TELL : FAILED_THERE;
}

static int
tell_failure(struct round *d, const struct trip_step *step, enum reply reply)
{
	if (reply != REPLY_LATE || !talk_is_open(&d->trip.talks[step->node]))
		return tell_trouble(d, step->node, reply);
	tell_one_way(d, 1 - step->node);
	return FAILED_THERE;
}

/* In lines that a process can still print when it is ended. */
static void
prepare_last_words(struct round *d)
{
	struct text t = text_on(d->last_words, sizeof(d->last_words));

	text_addf(&t, "May be left behind on %s or %s. Run there: DROP TABLE IF EXISTS %s;",
		d->nodes[0].label, d->nodes[1].label, d->trip.table);
	guard_last_words(d->last_words);
}

/* False where the table may still be there. */
static bool
clean(struct round *d, size_t node, int64_t deadline)
{
	char line[1024];
	struct text t = text_on(line, sizeof(line));
	int64_t start = dbv_now();

	if (trip_clean(&d->trip, node, deadline) == REPLY_GIVEN) {
		tell_step(d, "dropped again on", node, dbv_now() - start);
		return true;
	}
	text_addf(&t, "May be left behind on %s (%s). Run there: DROP TABLE IF EXISTS %s;",
		d->nodes[node].label, d->trip.talks[node].error_text, d->trip.table);
	tell(d, 0, line);
	return false;
}

static bool
clean_up(struct round *d)
{
	int64_t now = dbv_now();
	int64_t until = now + d->keep_ms;
	bool cleaned = true;

	if (until > d->run->deadline)
		until = d->run->deadline;
	for (size_t i = 0; i < 2; i++) {
		bool alone = i == 1 || !d->trip.is_on[1];

		now = dbv_now();
		if (d->trip.is_on[i])
			cleaned = clean(d, i, alone ? until : now + (until - now) / 2) && cleaned;
	}
	guard_last_words(NULL);
	return cleaned;
}

static int
enter(struct round *d, int64_t until)
{
	for (size_t i = 0; i < 2; i++) {
		int64_t now = dbv_now();
		enum reply reply = trip_enter(&d->trip.talks[i], d->run->settings.schema,
			now + (until - now) / (int64_t)(TRIP_STEPS - i));

		if (reply == REPLY_GIVEN)
			continue;
		tell_trouble(d, i, reply);
		return CANNOT_TELL;
	}
	return OK;
}

static int
travel(struct round *d, int64_t until)
{
	int64_t start = dbv_now();

	for (size_t i = 0; i < TRIP_STEPS; i++) {
		const struct trip_step *step = &trip_steps[i];
		int64_t now = dbv_now();
		enum reply reply = trip_take(&d->trip, step, now + (until - now) / step->parts);

		tell_step(d, reply == REPLY_GIVEN ? step->done : step->failed, step->node,
			dbv_now() - now);
		if (reply != REPLY_GIVEN)
			return tell_failure(d, step, reply);
	}
	text_addf(&d->run->out, "roundtrip %s -> %s -> %s in %lld ms\n", d->nodes[0].label,
		d->nodes[1].label, d->nodes[0].label, (long long)(dbv_now() - start));
	app_print(d->run);
	return OK;
}

static int
go(struct round *d)
{
	struct run *r = d->run;
	int64_t until = r->deadline - d->keep_ms;
	int stop = guard_hold_signals();

	d->trip = trip_plan(r->settings.nodes, r->settings.schema, stop, d->keep_ms / 2);
	int status = enter(d, until);

	if (status == OK) {
		prepare_last_words(d);
		status = travel(d, until);
		if (status == OK)
			d->trip.is_on[0] = roundtrip_drop_is_kept(d->nodes[0].observation);
		if (!clean_up(d) && status == OK)
			status = FAILED_THERE;
	}
	talk_close(&d->trip.talks[0]);
	talk_close(&d->trip.talks[1]);
	if (stop >= 0)
		close(stop);
	return status;
}

/* A Galera node is judged as one: it needs no channel. */
static dbv_verdict *
judge_by_kind(const dbv_observation *o, const dbv_policy *p)
{
	struct question q = { .now = o, .policy = p };
	dbv_policy policy = *p;

	if (galera_takes_part(&q))
		policy.mode = MODE_GALERA;
	return dbv_judge(o, NULL, &policy);
}

/* False when out of memory. */
static bool
look(struct round *d)
{
	struct run *r = d->run;
	struct settings *s = &r->settings;
	int64_t now = dbv_now();

	spare_authorities(s->nodes[0]);
	guard_nodes(s->nodes, 2);
	if (!dbv_policy_set(s->policy, "mode", "replication", NULL, 0) ||
		!dbv_policy_set(s->policy, "role", "write", NULL, 0) ||
		!dbv_observe(s->nodes, 2, s->policy, now + (r->deadline - now) / LOOK_PARTS))
		return false;
	for (size_t i = 0; i < 2; i++) {
		struct judged *j = &d->nodes[i];

		j->node = s->nodes[i];
		j->label = dbv_node_label(j->node);
		j->observation = dbv_node_observation(j->node);
		j->verdict = judge_by_kind(j->observation, s->policy);
		if (!j->verdict)
			return false;
		if (d->width < strlen(j->label))
			d->width = strlen(j->label);
	}
	d->width += strlen("dropped again on ");
	return true;
}

static int
refuse(struct round *d)
{
	char line[2048];
	struct text t = text_on(line, sizeof(line));

	text_add(&t, "Refused: ");
	if (!roundtrip_obstacle(d->nodes, &t))
		return OK;
	tell(d, 0, line);
	return CANNOT_TELL;
}

static int
roundtrip(struct run *r)
{
	static struct round d;
	const struct settings *s = &r->settings;
	int status = CANNOT_TELL;

	if (s->node_count != 2) {
		text_add(&r->error, "two servers are wanted: dbvitals roundtrip A B");
		return app_refuse(r);
	}
	if (!s->schema) {
		text_add(&r->error, "--schema is wanted: where to make and drop the table");
		return app_refuse(r);
	}
	d = (struct round){ .run = r, .keep_ms = (r->deadline - r->began) / CLEAN_PARTS };
	if (!look(&d))
		status = app_fail(r, "out of memory");
	else if ((status = refuse(&d)) == OK)
		status = go(&d);
	for (size_t i = 0; i < 2; i++)
		dbv_verdict_free(d.nodes[i].verdict);
	return status;
}

const struct app command_roundtrip = {
	COMMAND("roundtrip", PROGRAM_ROUNDTRIP),
	.purpose = "Make a table on A, see it on B, drop it there, see it gone on A",
	.operands = "A B",
	.operands_are_hosts = true,
	.own = roundtrip,
};
