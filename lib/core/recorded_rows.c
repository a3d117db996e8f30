/* SPDX-License-Identifier: MIT */
#include "recorded_rows.h"

#include <stdarg.h>
#include <string.h>

#include "judge.h"

bool
recording_refuse(struct recording *r, const char *format, ...)
{
	va_list args;

	r->outcome = RECORDED_REFUSED;
	text_addf(r->error, "line %zu: ", r->line);
	va_start(args, format);
	text_vaddf(r->error, format, args);
	va_end(args);
	return false;
}

static size_t
column(const char *const names[], size_t count, const char *name)
{
	size_t i = 0;

	while (i < count && !text_equal_nocase(names[i], name))
		i++;
	return i;
}

static bool
has_variable(const char *const names[], size_t count, enum variable v)
{
	const char *alias = variables[v].alias;

	return column(names, count, variables[v].name) < count ||
	       (alias && column(names, count, alias) < count);
}

static const char *
or_null(const char *printed)
{
	return strcmp(printed, "NULL") == 0 ? NULL : printed;
}

/* What failed once is not mended by an answer of another moment. */
static void
answered(struct recording *r, enum source source)
{
	if (r->observation->answers[source].outcome != FAILED)
		observation_answer(r->observation, source, ANSWERED, 0, NULL);
	r->outcome = RECORDED_TAKEN;
}

static bool
keep(struct recording *r, enum variable v, const char *printed)
{
	dbv_observation *o = r->observation;
	const struct value *before = &o->values[v];

	if (variables[v].source == SOURCE_CHANNEL)
		before = &o->channels[o->channel_count - 1]->values[v];
	if (value_contradicts(before, or_null(printed))) {
		recording_refuse(r, "two values of %s: ", variables[v].name);
		text_add_foreign(r->error, before->text ? before->text : "NULL", 64);
		text_add(r->error, " and ");
		text_add_foreign(r->error, printed, 64);
		return false;
	}
	if (observation_set(o, v, or_null(printed)))
		return true;
	r->outcome = RECORDED_NO_MEMORY;
	return false;
}

/* Variable_name and Value of SHOW; information_schema and performance_schema call the latter
 * VARIABLE_VALUE. */
static size_t
value_column(const char *const names[], size_t count)
{
	size_t value = column(names, count, "Value");

	return value < count ? value : column(names, count, "VARIABLE_VALUE");
}

static bool
fits_list(const char *const names[], size_t count)
{
	return column(names, count, "Variable_name") < count && value_column(names, count) < count;
}

/* SHOW GLOBAL STATUS has this name too, and counts there (MariaDB 10.11 with Galera). */
static bool
is_counter(enum variable v, const char *value)
{
	double count = 0;

	return v == V_WSREP_CAUSAL_READS && text_to_number(value, &count);
}

bool
recording_pair(struct recording *r, const char *name, const char *value)
{
	static const enum source lists[] = { SOURCE_GLOBAL_VARIABLES, SOURCE_GLOBAL_STATUS };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		enum variable v = variable_by_name(lists[i], name);

		if (v == VARIABLE_COUNT || is_counter(v, value))
			continue;
		if (!keep(r, v, value))
			return false;
		answered(r, lists[i]);
	}
	return true;
}

/* An empty value whose tab was lost with other blanks at the end of a line is still empty. */
static bool
take_list(struct recording *r, const struct row *row)
{
	const char *name = row->values[column(row->names, row->columns, "Variable_name")];
	const char *value = row->values[value_column(row->names, row->columns)];

	return !name || recording_pair(r, name, value ? value : "");
}

static const enum variable thread_columns[] = { V_IO_RUNNING, V_SQL_RUNNING };
static const size_t thread_count = sizeof(thread_columns) / sizeof(thread_columns[0]);

static size_t
threads_in(const char *const names[], size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i < thread_count; i++)
		found += has_variable(names, count, thread_columns[i]);
	return found;
}

static bool
fits_channel(const char *const names[], size_t count)
{
	return threads_in(names, count) == thread_count;
}

bool
is_part_of_channel(const char *const names[], size_t count)
{
	return !fits_channel(names, count) &&
	       (threads_in(names, count) > 0 || has_variable(names, count, V_SOURCE_HOST));
}

/* Makes the channel called NAME the last one. Another statement may have told of it before: SHOW
 * SLAVE STATUS shows one of the rows of SHOW ALL SLAVES STATUS. */
static bool
choose_channel(struct recording *r, const char *name)
{
	dbv_observation *o = r->observation;

	for (size_t i = 0; i < o->channel_count; i++) {
		struct channel *c = o->channels[i];

		if (!text_equal_nocase(value_text(&c->values[V_CHANNEL_NAME]), name))
			continue;
		o->channels[i] = o->channels[o->channel_count - 1];
		o->channels[o->channel_count - 1] = c;
		return true;
	}
	if (o->channel_count == CHANNELS_MAX)
		return recording_refuse(r, "more than %d replication channels", CHANNELS_MAX);
	if (observation_add_channel(o))
		return true;
	r->outcome = RECORDED_NO_MEMORY;
	return false;
}

static bool
take_channel(struct recording *r, const struct row *row)
{
	const char *name = "";

	for (size_t i = 0; i < row->columns; i++) {
		enum variable v = variable_by_name(SOURCE_CHANNEL, row->names[i]);

		/* MariaDB's last column, and often empty: a blank at the end gets lost. */
		if (v == V_GTID_APPLIED && !row->values[i])
			continue;
		if (v != VARIABLE_COUNT && !row->values[i])
			return recording_refuse(
				r, "the replica status is cut off before %s", variables[v].name);
		if (v == V_CHANNEL_NAME)
			name = row->values[i];
	}
	if (!choose_channel(r, name))
		return false;
	for (size_t i = 0; i < row->columns; i++) {
		enum variable v = variable_by_name(SOURCE_CHANNEL, row->names[i]);

		if (v != VARIABLE_COUNT && row->values[i] && !keep(r, v, row->values[i]))
			return false;
	}
	answered(r, SOURCE_CHANNEL);
	return true;
}

static const char *const session_columns[] = { "Id", "User", "Command", "Time", "State",
	"Info" };

static bool
fits_sessions(const char *const names[], size_t count)
{
	for (size_t i = 0; i < sizeof(session_columns) / sizeof(session_columns[0]); i++)
		if (column(names, count, session_columns[i]) == count)
			return false;
	return true;
}

/* Who asked is known only where USER() was recorded before; otherwise nobody's sessions are own. */
static bool
take_session(struct recording *r, const struct row *row)
{
	const char *fields[sizeof(session_columns) / sizeof(session_columns[0])];

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		fields[i] = row->values[column(row->names, row->columns, session_columns[i])];
		if (!fields[i])
			return recording_refuse(
				r, "the process list is cut off before %s", session_columns[i]);
		fields[i] = or_null(fields[i]);
	}
	if (!r->has_sessions && r->observation->answers[SOURCE_SESSIONS].outcome == ANSWERED)
		return recording_refuse(r, "a second process list");
	struct session_row session = { fields[1], fields[2], fields[3], fields[4], fields[5] };

	sessions_add(&r->sessions, fields[0], &session, r->observation->values[V_LOGIN].text);
	r->has_sessions = true;
	r->outcome = RECORDED_TAKEN;
	return true;
}

static bool
fits_clock(const char *const names[], size_t count)
{
	return has_variable(names, count, V_SERVER_CLOCK);
}

static bool
take_clock(struct recording *r, const struct row *row)
{
	for (size_t i = 0; i < row->columns; i++) {
		enum variable v = variable_by_name(SOURCE_CLOCK, row->names[i]);

		if (v == VARIABLE_COUNT)
			continue;
		if (!row->values[i])
			return recording_refuse(r, "cut off before %s", variables[v].name);
		if (!keep(r, v, row->values[i]))
			return false;
	}
	answered(r, SOURCE_CLOCK);
	return true;
}

static const struct shape shapes[] = {
	{ "a list of names and values", fits_list, take_list, ROWS_ANY },
	{ "a replica status", fits_channel, take_channel, ROWS_SOME },
	{ "a process list", fits_sessions, take_session, ROWS_SOME },
	{ "the server's clock", fits_clock, take_clock, ROWS_ONE },
};

const struct shape *
shape_of(const char *const names[], size_t count)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (shapes[i].fits(names, count))
			return &shapes[i];
	return NULL;
}

/* Whose answer an error stands for; SOURCE_LOCAL: nobody's. Without its statement it is that of
 * connecting, or of the whole conversation; but a privilege is missing for the replica status, if
 * its words say so. */
static enum source
failed_source(const struct recording *r, unsigned error, const char *words)
{
	bool replica =
		text_contains_nocase(words, "SLAVE") || text_contains_nocase(words, "REPLICA");

	if (r->asked == SOURCE_LOCAL)
		return fault_is_clients(error) ? SOURCE_CONNECT : SOURCE_LOCAL;
	if (r->asked != SOURCE_COUNT)
		return r->asked;
	if (error == 1142 || error == 1227)
		return replica ? SOURCE_CHANNEL : SOURCE_LOCAL;
	return SOURCE_CONNECT;
}

bool
recording_failure(struct recording *r, unsigned error, const char *words)
{
	enum source source = failed_source(r, error, words);
	const struct answer *before = &r->observation->answers[source];

	r->asked = SOURCE_COUNT;
	/* A statement that was mistyped, or asked of the wrong server, tells nothing of the node. */
	if (!fault_is_known(error, source))
		return true;
	if (before->outcome == FAILED && before->error != error)
		return recording_refuse(
			r, "two errors in one place: %u and %u", before->error, error);
	observation_answer(r->observation, source, FAILED, error, words);
	r->outcome = RECORDED_TAKEN;
	return true;
}

void
recording_empty(struct recording *r)
{
	if (r->asked == SOURCE_CHANNEL)
		answered(r, SOURCE_CHANNEL);
}

bool
recording_end(struct recording *r)
{
	if (!r->has_sessions)
		return true;
	answered(r, SOURCE_SESSIONS);
	if (sessions_keep(&r->sessions, r->observation))
		return true;
	r->outcome = RECORDED_NO_MEMORY;
	return false;
}
