/* SPDX-License-Identifier: MIT
 *
 * Nothing here locks, waits for the cluster, writes, or needs disk space at the server; SHOW MASTER
 * STATUS would hang on a full disk and is not asked.
 */
#include "statements.h"

#include <string.h>

#include "text.h"

static bool
name_and_value(struct reading *r, enum source source)
{
	return !r->values[0] ||
	       observation_set_by_name(r->observation, source, r->values[0], r->values[1]);
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
clock_row(struct reading *r)
{
	return observation_set(r->observation, V_SERVER_CLOCK, r->values[0]) &&
	       observation_set(r->observation, V_LOGIN, r->values[1]) &&
	       observation_set(r->observation, V_ACCOUNT, r->values[2]);
}

static const char *
by_column(const struct reading *r, const char *name)
{
	for (size_t i = 0; i < r->columns; i++)
		if (text_equal_nocase(client_column(r->client, i), name))
			return r->values[i];
	return NULL;
}

static bool
sessions_row(struct reading *r)
{
	struct session_row row = {
		.user = by_column(r, "User"),
		.command = by_column(r, "Command"),
		.seconds = by_column(r, "Time"),
		.state = by_column(r, "State"),
		.info = by_column(r, "Info"),
	};

	sessions_add(&r->sessions, &row, value_text(&r->observation->values[V_LOGIN]));
	return true;
}

static bool
sessions_end(struct reading *r)
{
	return sessions_keep(&r->sessions, r->observation);
}

static bool
channel_row(struct reading *r)
{
	bool kept = observation_add_channel(r->observation);

	for (size_t i = 0; kept && i < r->columns; i++)
		kept = observation_set_by_name(
			r->observation, SOURCE_CHANNEL, client_column(r->client, i), r->values[i]);
	return kept;
}

/* 1064: not in this server's grammar. 1193: no such variable, so no cluster to wait for. */
const struct statement statements[] = {
	{ SOURCE_SETTINGS, MODE_BOTH, "SET SESSION wsrep_sync_wait",
		"SET SESSION wsrep_sync_wait=0", 1193, 0, NULL, NULL },
	{ SOURCE_GLOBAL_VARIABLES, MODE_BOTH, "SHOW GLOBAL VARIABLES", NULL, 0, 2, variables_row,
		NULL },
	{ SOURCE_GLOBAL_STATUS, MODE_BOTH, "SHOW GLOBAL STATUS", NULL, 0, 2, status_row, NULL },
	{ SOURCE_CLOCK, MODE_BOTH, "SELECT UNIX_TIMESTAMP()",
		"SELECT UNIX_TIMESTAMP(), USER(), CURRENT_USER()", 0, 3, clock_row, NULL },
	{ SOURCE_SESSIONS, MODE_BOTH, "SHOW PROCESSLIST", "SHOW PROCESSLIST", 0, 5, sessions_row,
		sessions_end },
	/* MariaDB, all connections. */
	{ SOURCE_CHANNEL, MODE_REPLICATION, "SHOW ALL SLAVES STATUS", "SHOW ALL SLAVES STATUS",
		1064, 10, channel_row, NULL },
	/* MySQL 8.0.22 and later. */
	{ SOURCE_CHANNEL, MODE_REPLICATION, "SHOW REPLICA STATUS", "SHOW REPLICA STATUS", 1064, 10,
		channel_row, NULL },
	/* MySQL before. */
	{ SOURCE_CHANNEL, MODE_REPLICATION, "SHOW SLAVE STATUS", "SHOW SLAVE STATUS", 0, 10,
		channel_row, NULL },
};

const size_t statement_count = sizeof(statements) / sizeof(statements[0]);

const char *
statement_sql(const struct statement *s, char *buf, size_t size)
{
	struct text t = text_on(buf, size);
	const char *separator = "";

	if (s->sql)
		return s->sql;
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
