/* SPDX-License-Identifier: MIT
 *
 * The conversation of a look: one statement after the other, row by row.
 */
#include <string.h>
#include <time.h>

#include "look_state.h"
#include "policy.h"
#include "text.h"

/* No honest answer is longer. */
static const size_t rows_max = 100000;
static const size_t bytes_max = 64 * 1024 * 1024;

static const struct statement *
current(const struct look *l)
{
	return &statements[l->statement];
}

/* What may hang leaves time for an answer: the replica status, behind a STOP SLAVE, half of what is left; the canary,
 * after which nothing is asked, a tenth. */
static int64_t
time_for(const struct look *l, enum source source)
{
	if (source == SOURCE_CHANNEL || source == SOURCE_HEARTBEATS)
		return look_share_of_time(l, 2);
	if (source == SOURCE_CANARY || source == SOURCE_CANARY_SETTINGS)
		return l->deadline - (l->deadline - dbv_now()) / 10;
	return l->deadline;
}

/* The last row of what is only read has come. */
static void
all_is_read(struct look *l)
{
	if (l->observation->values[V_RESPONSE_TIME].kind == VALUE_ABSENT)
		observation_set_number(
			l->observation, V_RESPONSE_TIME, (double)(dbv_now() - l->began));
}

/* From then on a canary that did not come back has been waited for. */
static void
note_canary_wait(struct look *l)
{
	double read = value_number(&l->observation->values[V_RESPONSE_TIME], 0);

	observation_set_number(
		l->observation, V_CANARY_WAITED, ((double)(dbv_now() - l->began) - read) / 1000);
}

void
look_ask_from(struct look *l, size_t index)
{
	while (index < statement_count &&
		!statement_is_due(&statements[index], l->observation, l->policy))
		index++;
	l->statement = index;
	if (index == statement_count) {
		all_is_read(l);
		look_finish(l);
		return;
	}
	const struct statement *s = current(l);
	const char *sql = statement_sql(s, l->observation, l->policy, l->sql, sizeof(l->sql));

	if (s->source == SOURCE_CANARY_SETTINGS) {
		all_is_read(l);
		observation_set(l->observation, V_CANARY_TABLE, l->policy->canary);
	}
	l->stage = QUERYING;
	l->rows = l->bytes = 0;
	l->step_deadline = time_for(l, s->source);
	l->node->waiting_for = s->name;
	l->events = client_query(l->client, sql, strlen(sql));
}

/* A refusal by the server leaves the conversation intact; anything else ends it. */
static void
statement_failed(struct look *l)
{
	const struct statement *s = current(l);
	unsigned error = client_error(l->client);
	bool refused = error < 2000 || error >= 3000;

	if (s->source == SOURCE_CANARY)
		note_canary_wait(l);
	if (refused && error == s->other_form && l->statement + 1 < statement_count &&
		statements[l->statement + 1].source == s->source) {
		client_forgive(l->client);
		look_ask_from(l, l->statement + 1);
		return;
	}
	if (refused && error == s->other_form)
		observation_answer(l->observation, s->source, ANSWERED, 0, NULL);
	else
		observation_answer(
			l->observation, s->source, FAILED, error, client_error_text(l->client));
	if (!refused) {
		look_finish(l);
		return;
	}
	client_forgive(l->client);
	look_ask_from(l, l->statement + 1);
}

static void
statement_answered(struct look *l)
{
	const struct statement *s = current(l);

	l->reading = (struct reading){
		.observation = l->observation,
		.columns = client_columns(l->client),
		.client = l->client,
	};
	if (s->fits ? l->reading.columns == 0 || !s->fits(&l->reading) : l->reading.columns > 0) {
		look_give_up(
			l, s->source, NONSENSE, 0, "answered with other columns than asked for");
		return;
	}
	if (!s->fits) {
		observation_answer(l->observation, s->source, ANSWERED, 0, NULL);
		look_ask_from(l, l->statement + 1);
		return;
	}
	l->stage = READING;
	l->events = client_row(l->client);
}

static void
last_row_read(struct look *l)
{
	const struct statement *s = current(l);
	bool kept = !s->end || s->end(&l->reading);

	client_end_result(l->client);
	if (s->source == SOURCE_GLOBAL_STATUS)
		observation_set_number(l->observation, V_TAKEN_AT, (double)dbv_now());
	if (s->source == SOURCE_CLOCK)
		observation_set_number(l->observation, V_LOCAL_CLOCK, (double)time(NULL));
	observation_answer(l->observation, s->source, kept ? ANSWERED : FAILED, kept ? 0 : 2008,
		kept ? NULL : "out of memory");
	look_ask_from(l, l->statement + 1);
}

static void
row_read(struct look *l)
{
	const struct statement *s = current(l);

	l->reading.values = client_values(l->client);
	if (!l->reading.values) {
		last_row_read(l);
		return;
	}
	for (size_t i = 0; i < l->reading.columns; i++)
		l->bytes += l->reading.values[i] ? strlen(l->reading.values[i]) : 1;
	if (++l->rows > rows_max || l->bytes > bytes_max) {
		look_give_up(l, s->source, NONSENSE, 0, "an answer without end");
		return;
	}
	if (!s->row(&l->reading)) {
		look_give_up(l, s->source, NONSENSE, 0,
			"rows that contradict each other, or more than can be kept");
		return;
	}
	l->events = client_row(l->client);
}

void
look_asked(struct look *l)
{
	if (client_error(l->client))
		statement_failed(l);
	else if (l->stage == QUERYING)
		statement_answered(l);
	else
		row_read(l);
}

/* A canary that hangs is left behind, and found by the next look. */
void
look_statement_late(struct look *l)
{
	enum source source = current(l)->source;

	if (source == SOURCE_CANARY) {
		note_canary_wait(l);
		client_leave(l->client);
	}
	look_give_up(l, source, LATE, 0, l->node->waiting_for);
}
