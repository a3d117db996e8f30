/* SPDX-License-Identifier: MIT */
#include "movement.h"

#include <string.h>

#include "gtid.h"

/* A single transaction may take so long. */
static const double standstill_least = 2;

/* A statement's start as the process list tells it, in whole seconds. */
static const double began_tolerance_ms = 2000;

static double
now_ms(const struct question *q)
{
	return value_number(value_of(q, V_TAKEN_AT), 0);
}

const struct channel_history *
movement_channel(const struct question *q)
{
	if (!history_compares(q->history, q->now))
		return NULL;
	return history_channel(q->history, value_text(value_of(q, V_CHANNEL_NAME)));
}

static bool
is_same_place(const struct question *q, enum variable file, enum variable position,
	const char *file_before, double position_before)
{
	return strncmp(value_text(value_of(q, file)), file_before,
		       sizeof(((struct channel_history *)NULL)->read_file) - 1) == 0 &&
	       value_number(value_of(q, position), 0) == position_before;
}

bool
movement_received(const struct question *q, const struct channel_history *before)
{
	return !is_same_place(
		q, V_READ_LOG_FILE, V_READ_LOG_POS, before->read_file, before->read_position);
}

bool
movement_applied(const struct question *q, const struct channel_history *before)
{
	return !is_same_place(
		q, V_EXEC_LOG_FILE, V_EXEC_LOG_POS, before->applied_file, before->applied_position);
}

/* Whether all that was received whole is applied, by its ids; not known where the channel goes by positions alone. */
static enum truth
applied_by_ids(const struct question *q, bool exact)
{
	const struct value *using = value_of(q, V_USING_GTID);
	const struct value *received = value_of(q, V_GTID_RECEIVED);
	const struct value *applied = value_of(q, V_GTID_APPLIED);

	if (!value_is(using, "Slave_Pos") && !value_is(using, "Current_Pos") &&
		!value_is(using, "1"))
		return TRUTH_UNKNOWN;
	if (!received->text || !applied->text)
		return TRUTH_UNKNOWN;
	return gtid_applied(received->text, applied->text, exact);
}

/* A relay log that ends within a transaction: where several threads apply, the SQL thread says so too while they are
 * behind (measured on MariaDB 10.11 and MySQL 9.7). */
static bool
has_read_all(const struct question *q)
{
	const char *state = value_text(value_of(q, V_SQL_STATE));
	const struct value *appliers = value_of(q, V_PARALLEL_APPLIERS);

	return appliers->kind == VALUE_NUMBER && appliers->number == 0 &&
	       (text_starts_nocase(state, "Slave has read all relay log") ||
		       text_starts_nocase(state, "Replica has read all relay log"));
}

static bool
is_behind(const struct question *q)
{
	return value_of(q, V_READ_LOG_POS)->kind == VALUE_NUMBER &&
	       !is_same_place(q, V_EXEC_LOG_FILE, V_EXEC_LOG_POS,
		       value_text(value_of(q, V_READ_LOG_FILE)),
		       value_number(value_of(q, V_READ_LOG_POS), 0));
}

bool
movement_cut_off(const struct question *q)
{
	enum truth by_ids = applied_by_ids(q, true);

	return is_behind(q) && !value_is(value_of(q, V_IO_RUNNING), "Yes") &&
	       (by_ids == TRUTH_YES || (by_ids == TRUTH_UNKNOWN && has_read_all(q)));
}

/* MariaDB's threads for several domains apply out of order, and the position runs ahead of them: measured on 10.11,
 * both positions equal and three transactions not applied. */
bool
movement_backlog(const struct question *q)
{
	return (is_behind(q) || applied_by_ids(q, false) == TRUTH_NO) && !movement_cut_off(q);
}

double
movement_silence(const struct question *q)
{
	const struct channel_history *before = movement_channel(q);
	double period = value_number(value_of(q, V_HEARTBEAT_PERIOD), 0);
	double beats = value_number(value_of(q, V_RECEIVED_HEARTBEATS), 0);
	double silence = before ? seconds_since(q, before->alive_at) : 0;

	if (!before || !value_is(value_of(q, V_IO_RUNNING), "Yes") || period <= 0 ||
		silence <= 2 * period || beats != before->heartbeats ||
		movement_received(q, before))
		return 0;
	return silence;
}

bool
movement_should_apply(const struct question *q)
{
	return movement_backlog(q) && value_is(value_of(q, V_SQL_RUNNING), "Yes") &&
	       value_number(value_of(q, V_SQL_DELAY), 0) <= 0;
}

double
movement_standstill(const struct question *q)
{
	const struct channel_history *before = movement_channel(q);
	double standstill = before ? seconds_since(q, before->applied_at) : 0;

	if (!before || standstill < standstill_least || !movement_should_apply(q) ||
		movement_applied(q, before))
		return 0;
	return standstill;
}

/* Another statement of the same session is another wait. */
static const struct waiter *
was_waiting(const struct question *q, const struct waiting *w)
{
	double began = now_ms(q) - w->seconds * 1000;

	for (size_t i = 0; i < q->history->waiter_count; i++) {
		const struct waiter *before = &q->history->waiters[i];
		double apart = began - before->began_at;

		if (before->session == w->session &&
			before->for_server == (w->wait == WAIT_SERVER) &&
			apart < began_tolerance_ms && apart > -began_tolerance_ms)
			return before;
	}
	return NULL;
}

size_t
movement_waiters(const struct question *q, struct waiter waiters[WAITERS_MAX])
{
	bool compares = history_compares(q->history, q->now);

	for (size_t i = 0; i < q->now->waiting_count; i++) {
		const struct waiting *w = &q->now->waiting[i];
		const struct waiter *before = compares ? was_waiting(q, w) : NULL;
		double began = now_ms(q) - w->seconds * 1000;

		waiters[i] = (struct waiter){ .session = w->session,
			.for_server = w->wait == WAIT_SERVER };
		waiters[i].began_at = before ? before->began_at : began;
		/* Where the last look listed the sessions, this one did not wait then. */
		waiters[i].seen_at = before			      ? before->seen_at
				     : compares && q->history->listed ? now_ms(q)
								      : began;
	}
	return q->now->waiting_count;
}

double
movement_longest_wait(const struct question *q, enum wait wait)
{
	struct waiter waiters[WAITERS_MAX];
	size_t count = movement_waiters(q, waiters);
	double longest = 0;

	for (size_t i = 0; i < count; i++) {
		double seen = seconds_since(q, waiters[i].seen_at);
		double seconds = q->now->waiting[i].seconds;

		if (q->now->waiting[i].wait != wait)
			continue;
		if (seen > seconds)
			seen = seconds;
		if (seen > longest)
			longest = seen;
	}
	return longest;
}

bool
movement_paused(const struct question *q, double *percent, double *seconds)
{
	const struct value *paused = value_of(q, V_WSREP_FC_PAUSED_NS);
	double since = 0;

	if (!history_compares(q->history, q->now) || q->history->paused_ns < 0 ||
		paused->kind != VALUE_NUMBER || paused->number < q->history->paused_ns ||
		paused->number > HISTORY_NUMBER_MAX)
		return false;
	since = seconds_since(q, q->history->paused_at);
	if (since * 1000 < PAUSES_APART_MS)
		return false;
	*seconds = since;
	*percent = (paused->number - q->history->paused_ns) / 1e7 / since;
	if (*percent > 100)
		*percent = 100;
	return true;
}

/* Of a status that was not read, the channel that has been without its source for longest. */
static const struct channel_history *
lost_longest(const struct question *q)
{
	const struct channel_history *worst = NULL;

	if (!history_compares(q->history, q->now))
		return NULL;
	for (size_t i = 0; i < q->history->channel_count; i++) {
		const struct channel_history *c = &q->history->channels[i];

		if (q->policy->channel && strcmp(c->name, q->policy->channel) != 0)
			continue;
		if (!worst || c->contact_at < worst->contact_at)
			worst = c;
	}
	return worst;
}

void
movement_temper_disconnect(const struct question *q, struct ruling *r)
{
	const struct channel_history *c = q->channel ? movement_channel(q) : lost_longest(q);
	double seconds = c && c->contact_at > 0 ? seconds_since(q, c->contact_at) : -1;
	size_t lag = metric_by_name("lag");
	struct threshold warning = policy_warning(q->policy, lag);
	struct threshold critical = policy_critical(q->policy, lag);

	if (q->policy->role != ROLE_PROMOTE || !c || seconds < 0)
		return;
	text_add(&r->message, "; last contact ");
	text_add_number(&r->message, seconds);
	text_add(&r->message, " s ago");
	if (seconds > q->policy->max_disconnect)
		return;
	r->cell = c->contact_lag < 0 || range_alerts(&warning.range, c->contact_lag) ||
				  range_alerts(&critical.range, c->contact_lag)
			  ? CELL_25
			  : CELL_50;
}
