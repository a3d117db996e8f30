/* SPDX-License-Identifier: MIT
 *
 * From observation and policy to verdict: every row of the tables is asked, what fires becomes a
 * finding, the worst finding is the state. Nothing here knows what a row is about.
 */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

#include "verdict.h"

bool
sees_only_itself(const dbv_observation *o)
{
	double own = value_number(&o->values[V_SESSIONS_OWN], 0);
	double others = value_number(&o->values[V_THREADS_CONNECTED], 0) - own;
	double appliers = value_number(&o->values[V_WSREP_THREAD_COUNT], 0);

	return value_number(&o->values[V_SESSIONS_FOREIGN], 1) <= 0 && (others > 0 || appliers > 0);
}

bool
is_answered(const dbv_observation *o, unsigned needs)
{
	for (enum source s = 0; s < SOURCE_COUNT; s++)
		if ((needs & 1U << s) && o->answers[s].outcome != ANSWERED)
			return false;
	return !(needs & NEEDS(SESSIONS)) || !sees_only_itself(o);
}

void
ruling_add_channel(struct ruling *r, const struct question *q)
{
	const char *name = value_text(value_of(q, V_CHANNEL_NAME));

	if (*name) {
		text_add(&r->message, "channel ");
		text_add_foreign(&r->message, name, 64);
		text_add(&r->message, ": ");
	} else if (q->channel && q->now->channel_count > 1) {
		text_add(&r->message, "default channel: ");
	}
}

bool
channel_is_judged(const dbv_policy *p, const struct channel *channel)
{
	const struct value *name = &channel->values[V_CHANNEL_NAME];

	if (value_is(name, "group_replication_applier") ||
		value_is(name, "group_replication_recovery"))
		return false;
	return !p->channel || value_is(name, p->channel);
}

/* Worst first, then in the order of the tables, then the greater, then in the order of the channels. */
static bool
precedes(const struct finding *a, const struct finding *b)
{
	if (a->cell != b->cell)
		return a->cell > b->cell;
	return a->check != b->check ? a->check < b->check : a->extent > b->extent;
}

void
add_finding(dbv_verdict *v, const dbv_policy *p, size_t check, const struct ruling *r)
{
	struct finding f = {
		.check = check,
		.cell = policy_cell(p, check, r->cell),
		.extent = r->extent,
	};

	if (f.cell == CELL_NONE)
		return;
	struct finding *grown = realloc(v->findings, (v->finding_count + 1) * sizeof(f));

	if (!grown) {
		v->out_of_memory = true;
		return;
	}
	v->findings = grown;
	memcpy(f.message, r->message.buf, r->message.len + 1);
	size_t i = v->finding_count++;

	for (; i > 0 && precedes(&f, &grown[i - 1]); i--)
		grown[i] = grown[i - 1];
	grown[i] = f;
	if (f.cell > v->worst)
		v->worst = f.cell;
}

static void
judge_faults(dbv_verdict *v, const struct question *q)
{
	for (enum source s = 0; s < SOURCE_COUNT; s++) {
		char buf[MESSAGE_MAX];
		struct ruling r = { .message = text_on(buf, sizeof(buf)) };
		const char *id = fault_check(q->now, q->policy->mode, s, &r.message);

		/* An account that must change its password hears so at every statement. */
		if (!id || dbv_finding_by_id(v, id))
			continue;
		size_t index = check_by_id(id);
		const struct check *check = check_at(index);

		r.cell = check->cells[q->policy->role];
		if (check->temper)
			check->temper(q, &r);
		add_finding(v, q->policy, index, &r);
	}
}

static void
ask(dbv_verdict *v, const struct question *q, size_t index, const struct check *check)
{
	char buf[MESSAGE_MAX];
	struct ruling r = {
		.message = text_on(buf, sizeof(buf)),
		.cell = check->cells[q->policy->role],
	};

	if (check->when(q, &r))
		add_finding(v, q->policy, index, &r);
}

static void
ask_channels(dbv_verdict *v, const struct question *node, size_t index, const struct check *check)
{
	struct question q = *node;

	for (size_t i = 0; i < q.now->channel_count; i++) {
		q.channel = q.now->channels[i];
		if (channel_is_judged(q.policy, q.channel))
			ask(v, &q, index, check);
	}
}

static void
leave_unjudged(dbv_verdict *v, size_t check)
{
	for (size_t i = 0; i < v->not_judged_count; i++)
		if (v->not_judged[i] == check)
			return;
	v->not_judged[v->not_judged_count++] = check;
}

static void
judge_checks(dbv_verdict *v, const struct question *q)
{
	const struct check *check;

	for (size_t i = 0; (check = check_at(i)); i++) {
		if (!(check->modes & q->policy->mode) || !check->when)
			continue;
		if (!is_answered(q->now, check->needs))
			leave_unjudged(v, i);
		else if (check->scope == SCOPE_CHANNEL)
			ask_channels(v, q, i, check);
		else
			ask(v, q, i, check);
	}
}

/* A metric may raise what a predicate has told already. */
static bool
is_told(const dbv_verdict *v, size_t check, enum cell cell)
{
	for (size_t i = 0; i < v->finding_count; i++)
		if (v->findings[i].check == check && v->findings[i].cell >= cell)
			return true;
	return false;
}

static void
add_limit(struct text *t, const struct threshold *limit, const char *unit)
{
	text_addf(t, " (limit %s%s%s)", limit->range.text, *unit ? " " : "", unit);
}

/* A default limit costs what the cell says; an explicit warning at least a band, a critical one the
 * node. */
static void
judge_value(dbv_verdict *v, const struct question *q, const struct measured *m, double value)
{
	const struct metric *metric = &metrics[m->metric];
	size_t check = check_by_id(metric->check);
	enum cell cell = check_at(check)->cells[q->policy->role];
	bool critical = range_alerts(&m->critical.range, value);
	char buf[MESSAGE_MAX];
	struct ruling r = { .message = text_on(buf, sizeof(buf)), .extent = value };

	if (!critical && !range_alerts(&m->warning.range, value))
		return;
	if (critical)
		r.cell = CELL_DOWN;
	else
		r.cell = m->warning.given && !cell_is_band(cell) ? CELL_50 : cell;
	ruling_add_channel(&r, q);
	text_addf(&r.message, "%s is ", metric->name);
	text_add_number(&r.message, value);
	text_addf(&r.message, "%s%s", *metric->unit ? " " : "", metric->unit);
	add_limit(&r.message, critical ? &m->critical : &m->warning, metric->unit);
	if (metric->explain)
		metric->explain(q, value, &r);
	if (!q->channel && is_told(v, check, policy_cell(q->policy, check, r.cell)))
		return;
	add_finding(v, q->policy, check, &r);
}

/* The node's value is that of its worst channel; one channel that is not known leaves the whole
 * unknown. */
static void
measure(dbv_verdict *v, const struct question *node, struct measured *m)
{
	const struct metric *metric = &metrics[m->metric];
	struct question q = *node;
	size_t count = metric->scope == SCOPE_CHANNEL ? q.now->channel_count : 1;
	size_t judged = 0;

	m->known = true;
	for (size_t i = 0; i < count; i++) {
		double value = 0;

		q.channel = metric->scope == SCOPE_CHANNEL ? q.now->channels[i] : NULL;
		if (q.channel && !channel_is_judged(q.policy, q.channel))
			continue;
		if (!metric->measure(&q, &value)) {
			m->known = false;
			continue;
		}
		judge_value(v, &q, m, value);
		if (judged++ == 0 || value > m->value)
			m->value = value;
	}
	m->known = m->known && judged > 0;
}

/* Asked for explicitly and not there: not what the caller takes for well. */
static void
not_reported(dbv_verdict *v, const struct question *q, const struct measured *m)
{
	char buf[MESSAGE_MAX];
	struct ruling r = { .message = text_on(buf, sizeof(buf)), .cell = CELL_50 };

	if (!m->warning.given && !m->critical.given)
		return;
	text_addf(&r.message,
		metrics[m->metric].modes & q->policy->mode ? "%s is not reported"
							   : "%s is not reported: it does not exist in this mode, see --mode",
		metrics[m->metric].name);
	add_finding(v, q->policy, check_by_id(metrics[m->metric].check), &r);
}

static void
judge_metrics(dbv_verdict *v, const struct question *q)
{
	for (size_t i = 0; i < metric_count; i++) {
		struct measured m = {
			.metric = i,
			.warning = policy_warning(q->policy, i),
			.critical = policy_critical(q->policy, i),
		};

		if (!(metrics[i].modes & q->policy->mode)) {
			not_reported(v, q, &m);
			continue;
		}
		if (is_answered(q->now, metrics[i].needs))
			measure(v, q, &m);
		else
			leave_unjudged(v, check_by_id(metrics[i].check));
		if (!m.known)
			not_reported(v, q, &m);
		v->measured[v->measured_count++] = m;
	}
}

/* What the mode cannot do without is there, or a finding that costs something says why it is not: a full server leaves
 * a holder degraded, and so does a replica status that came too late. */
static bool
knows_enough(const dbv_verdict *v, const dbv_observation *o, enum mode mode)
{
	const struct answer *connect = &o->answers[SOURCE_CONNECT];
	bool told = v->worst >= CELL_75;

	if (connect->outcome == FAILED && connect->error == 1040)
		return told;
	if (!is_answered(o, NEEDS(GLOBAL_VARIABLES) | NEEDS(GLOBAL_STATUS)))
		return false;
	if (mode == MODE_REPLICATION && o->answers[SOURCE_CHANNEL].outcome == LATE)
		return told;
	return mode != MODE_REPLICATION || is_answered(o, NEEDS(CHANNEL));
}

dbv_verdict *
dbv_judge(const dbv_observation *now, const dbv_history *history, const dbv_policy *policy)
{
	struct question q = { .now = now, .history = history, .policy = policy };
	dbv_verdict *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->role = policy->role;
	judge_faults(v, &q);
	judge_checks(v, &q);
	judge_metrics(v, &q);
	if (v->out_of_memory) {
		dbv_verdict_free(v);
		return NULL;
	}
	if (v->worst < CELL_UNKNOWN && !knows_enough(v, now, policy->mode))
		v->worst = CELL_UNKNOWN;
	return v;
}
