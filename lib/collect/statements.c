/* SPDX-License-Identifier: MIT
 *
 * Nothing here locks, waits for the cluster, writes, or needs disk space at the server, but for the canary, which is
 * there to do all that; SHOW MASTER STATUS would hang on a full disk and is not asked.
 */
#include "statements.h"

#include "canary.h"
#include "policy.h"
#include "text.h"

/* The column with this name; the number of columns where there is none. */
static size_t
column(const struct reading *r, const char *name)
{
	size_t i = 0;

	while (i < r->columns && !text_equal_nocase(client_column(r->client, i), name))
		i++;
	return i;
}

static bool
has_columns(const struct reading *r, const char *const names[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (column(r, names[i]) == r->columns)
			return false;
	return true;
}

static bool
fits_name_and_value(struct reading *r)
{
	r->name_column = column(r, "Variable_name");
	r->value_column = column(r, "Value");
	return r->name_column < r->columns && r->value_column < r->columns;
}

static bool
name_and_value(struct reading *r, enum source source)
{
	const char *name = r->values[r->name_column];
	const char *value = r->values[r->value_column];
	enum variable v = name ? variable_by_name(source, name) : VARIABLE_COUNT;

	return v == VARIABLE_COUNT || (!value_contradicts(&r->observation->values[v], value) &&
					      observation_set(r->observation, v, value));
}

static bool
variables_row(struct reading *r)
{
	return name_and_value(r, SOURCE_GLOBAL_VARIABLES);
}

static bool
status_row(struct reading *r)
{
	return name_and_value(r, SOURCE_GLOBAL_STATUS);
}

static bool
fits_clock(struct reading *r)
{
	return has_columns(
		r, (const char *[]){ "UNIX_TIMESTAMP()", "USER()", "CURRENT_USER()" }, 3);
}

/* One row whose columns are the values. */
static bool
clock_row(struct reading *r)
{
	bool kept = true;

	for (size_t i = 0; kept && i < r->columns; i++)
		kept = observation_set_by_name(
			r->observation, SOURCE_CLOCK, client_column(r->client, i), r->values[i]);
	return kept;
}

/* Found once an answer: there may be thousands of rows. */
static bool
fits_sessions(struct reading *r)
{
	static const char *const names[SESSION_COLUMNS] = { "Id", "User", "Command", "Time", "State",
		"Info" };

	for (size_t i = 0; i < SESSION_COLUMNS; i++)
		r->session_columns[i] = column(r, names[i]);
	return has_columns(r, names, SESSION_COLUMNS);
}

static bool
sessions_row(struct reading *r)
{
	const size_t *at = r->session_columns;
	struct session_row row = {
		.user = r->values[at[1]],
		.command = r->values[at[2]],
		.seconds = r->values[at[3]],
		.state = r->values[at[4]],
		.info = r->values[at[5]],
	};

	sessions_add(&r->sessions, r->values[at[0]], &row,
		value_text(&r->observation->values[V_LOGIN]));
	return true;
}

static bool
sessions_end(struct reading *r)
{
	return sessions_keep(&r->sessions, r->observation);
}

/* In the old words or the new ones. */
static bool
fits_channel(struct reading *r)
{
	static const enum variable threads[] = { V_IO_RUNNING, V_SQL_RUNNING };

	for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++)
		if (column(r, variables[threads[i]].name) == r->columns &&
			column(r, variables[threads[i]].alias) == r->columns)
			return false;
	return true;
}

static bool
channel_row(struct reading *r)
{
	dbv_observation *o = r->observation;

	if (!observation_add_channel(o))
		return false;
	for (size_t i = 0; i < r->columns; i++) {
		enum variable v = variable_by_name(SOURCE_CHANNEL, client_column(r->client, i));

		if (v == VARIABLE_COUNT)
			continue;
		if (value_contradicts(
			    &o->channels[o->channel_count - 1]->values[v], r->values[i]) ||
			!observation_set(o, v, r->values[i]))
			return false;
	}
	return true;
}

static bool
fits_heartbeats(struct reading *r)
{
	return r->columns == 3;
}

static bool
heartbeats_row(struct reading *r)
{
	dbv_observation *o = r->observation;

	for (size_t i = 0; i < o->channel_count; i++) {
		const struct value *name = &o->channels[i]->values[V_CHANNEL_NAME];

		if (r->values[0] && value_is(name, r->values[0]) &&
			(!observation_set_channel(o, i, V_RECEIVED_HEARTBEATS, r->values[1]) ||
				!observation_set_channel(o, i, V_HEARTBEAT_PERIOD, r->values[2])))
			return false;
	}
	return true;
}

/* 1064: not in this server's grammar. 1193: no such variable, so no cluster to wait for. */
const struct statement statements[] = {
	{ SOURCE_SETTINGS, MODE_BOTH, "SET SESSION wsrep_sync_wait",
		"SET SESSION wsrep_sync_wait=0", 1193, NULL, NULL, NULL },
	{ SOURCE_GLOBAL_VARIABLES, MODE_BOTH, "SHOW GLOBAL VARIABLES", NULL, 0, fits_name_and_value,
		variables_row, NULL },
	{ SOURCE_GLOBAL_STATUS, MODE_BOTH, "SHOW GLOBAL STATUS", NULL, 0, fits_name_and_value,
		status_row, NULL },
	{ SOURCE_CLOCK, MODE_BOTH, "SELECT UNIX_TIMESTAMP()",
		"SELECT UNIX_TIMESTAMP(), USER(), CURRENT_USER()", 0, fits_clock, clock_row, NULL },
	{ SOURCE_SESSIONS, MODE_BOTH, "SHOW PROCESSLIST", "SHOW PROCESSLIST", 0, fits_sessions,
		sessions_row, sessions_end },
	/* MariaDB, all connections. */
	{ SOURCE_CHANNEL, MODE_REPLICATION, "SHOW ALL SLAVES STATUS", "SHOW ALL SLAVES STATUS",
		1064, fits_channel, channel_row, NULL },
	/* MySQL 8.0.22 and later. */
	{ SOURCE_CHANNEL, MODE_REPLICATION, "SHOW REPLICA STATUS", "SHOW REPLICA STATUS", 1064,
		fits_channel, channel_row, NULL },
	/* MySQL before. */
	{ SOURCE_CHANNEL, MODE_REPLICATION, "SHOW SLAVE STATUS", "SHOW SLAVE STATUS", 0,
		fits_channel, channel_row, NULL },
	/* MySQL tells of heartbeats nowhere else; it takes SELECT on both tables. */
	{ SOURCE_HEARTBEATS, MODE_REPLICATION, "the replica's heartbeats",
		"SELECT CHANNEL_NAME, COUNT_RECEIVED_HEARTBEATS, HEARTBEAT_INTERVAL "
		"FROM performance_schema.replication_connection_status "
		"JOIN performance_schema.replication_connection_configuration USING (CHANNEL_NAME)",
		0, fits_heartbeats, heartbeats_row, NULL },
	/* It must commit, and no limit of the server's own may end it: its age counts from when it was sent. MariaDB
	 * alone limits what is no SELECT. */
	{ SOURCE_CANARY_SETTINGS, MODE_BOTH, "SET SESSION for the canary",
		"SET SESSION autocommit=1, lock_wait_timeout=31536000, "
		"innodb_lock_wait_timeout=31536000 /*M!100101 , max_statement_time=0 */",
		0, NULL, NULL, NULL },
	{ SOURCE_CANARY, MODE_BOTH, "the canary's commit", NULL, 0, NULL, NULL, NULL },
};

const size_t statement_count = sizeof(statements) / sizeof(statements[0]);

bool
statement_is_due(const struct statement *s, const dbv_observation *o, const dbv_policy *policy)
{
	if (!(s->modes & policy->mode) || o->answers[s->source].outcome != NOT_ASKED)
		return false;
	if (s->source == SOURCE_HEARTBEATS)
		return o->channel_count > 0 &&
		       o->channels[0]->values[V_HEARTBEAT_PERIOD].kind == VALUE_ABSENT;
	if (s->source == SOURCE_CANARY)
		return o->answers[SOURCE_CANARY_SETTINGS].outcome == ANSWERED;
	return s->source != SOURCE_CANARY_SETTINGS || canary_is_due(o, policy);
}

const char *
statement_sql(const struct statement *s, const dbv_observation *o, const dbv_policy *policy,
	char *buf, size_t size)
{
	struct text t = text_on(buf, size);
	const char *separator = "";

	if (s->sql)
		return s->sql;
	if (s->source == SOURCE_CANARY) {
		canary_statement(o, policy, &t);
		return buf;
	}
	text_addf(&t, "%s WHERE Variable_name IN (", s->name);
	for (enum variable v = 0; v < VARIABLE_COUNT; v++) {
		const char *const names[] = { variables[v].name, variables[v].alias };

		for (size_t i = 0; variables[v].source == s->source && i < 2 && names[i]; i++) {
			text_addf(&t, "%s'%s'", separator, names[i]);
			separator = ",";
		}
	}
	text_add(&t, ")");
	return buf;
}
