/* SPDX-License-Identifier: MIT
 *
 * Checks of replication channels. Words of the threads: Yes, Connecting, Preparing (MariaDB), No;
 * any other word is not running. NULL lag is not known, never 0 (MariaDB and MySQL documentation of
 * the replica status).
 */
#include "judge.h"

#include <string.h>

#include "movement.h"

#define CHANNEL NEEDS(CHANNEL)

static void
add_error(struct ruling *r, const struct question *q, enum variable number, enum variable words)
{
	const struct value *n = value_of(q, number);

	if (n->kind != VALUE_NUMBER || n->number == 0)
		return;
	/* Worse than by hand. */
	r->extent = 1;
	text_add(&r->message, ", error ");
	text_add_number(&r->message, n->number);
	if (!*value_text(value_of(q, words)))
		return;
	text_add(&r->message, ": ");
	text_add_foreign(&r->message, value_text(value_of(q, words)), 400);
}

static bool
is_connecting(const struct question *q)
{
	const struct value *io = value_of(q, V_IO_RUNNING);

	return value_is(io, "Connecting") || value_is(io, "Preparing");
}

static bool
not_configured(const struct question *q, struct ruling *r)
{
	const char *wanted = q->policy->channel;

	for (size_t i = 0; i < q->now->channel_count; i++)
		if (channel_is_judged(q->policy, q->now->channels[i]))
			return false;
	if (wanted && q->now->channel_count > 0) {
		text_add(&r->message, "no replication channel ");
		text_add_foreign(&r->message, wanted, 64);
	} else {
		text_add(&r->message,
			"replicates from nobody; for a node that is meant to be a source "
			"only: --severity=replication.not_configured=note");
	}
	return true;
}

/* The number of a fatal error of the IO thread: 1593, in MySQL since 8.0 13117. */
static bool
same_server_id(const struct question *q, struct ruling *r)
{
	double error = value_number(value_of(q, V_LAST_IO_ERRNO), 0);

	if (error != 1593 && error != 13117)
		return false;
	ruling_add_channel(r, q);
	text_add(&r->message, "source and replica have equal ids");
	add_error(r, q, V_LAST_IO_ERRNO, V_LAST_IO_ERROR);
	return true;
}

static bool
io_stopped(const struct question *q, struct ruling *r)
{
	if (value_is(value_of(q, V_IO_RUNNING), "Yes") || is_connecting(q))
		return false;
	ruling_add_channel(r, q);
	text_add(&r->message, "the IO thread is stopped");
	add_error(r, q, V_LAST_IO_ERRNO, V_LAST_IO_ERROR);
	return true;
}

static bool
io_connecting(const struct question *q, struct ruling *r)
{
	if (!is_connecting(q))
		return false;
	ruling_add_channel(r, q);
	text_add(&r->message, "the IO thread is connecting to ");
	text_add_foreign(&r->message, value_text(value_of(q, V_SOURCE_HOST)), 64);
	add_error(r, q, V_LAST_IO_ERRNO, V_LAST_IO_ERROR);
	movement_temper_disconnect(q, r);
	return true;
}

static void
add_seconds(struct ruling *r, const char *before, double seconds)
{
	r->extent = seconds;
	text_add(&r->message, before);
	text_add_number(&r->message, seconds);
	text_add(&r->message, " s");
}

static bool
sql_stopped(const struct question *q, struct ruling *r)
{
	if (value_is(value_of(q, V_SQL_RUNNING), "Yes"))
		return false;
	ruling_add_channel(r, q);
	text_add(&r->message, "the SQL thread is stopped");
	add_error(r, q, V_LAST_SQL_ERRNO, V_LAST_SQL_ERROR);
	return true;
}

static bool
lag_unknown(const struct question *q, struct ruling *r)
{
	const struct value *behind = value_of(q, V_SECONDS_BEHIND);

	if (!value_is(value_of(q, V_IO_RUNNING), "Yes") ||
		!value_is(value_of(q, V_SQL_RUNNING), "Yes") ||
		(behind->kind == VALUE_NUMBER && behind->number >= 0))
		return false;
	ruling_add_channel(r, q);
	text_add(&r->message, "both threads run, but the lag is not known");
	movement_temper_disconnect(q, r);
	return true;
}

static bool
silent(const struct question *q, struct ruling *r)
{
	double seconds = movement_silence(q);

	if (seconds <= 0)
		return false;
	ruling_add_channel(r, q);
	add_seconds(r, "neither a byte nor a heartbeat from the source for ", seconds);
	return true;
}

static bool
stalled(const struct question *q, struct ruling *r)
{
	double seconds = movement_standstill(q);

	if (seconds <= 0)
		return false;
	ruling_add_channel(r, q);
	add_seconds(r, "something is received, nothing has been applied for ", seconds);
	return true;
}

static bool
not_caught_up(const struct question *q, struct ruling *r)
{
	if (!movement_backlog(q))
		return false;
	ruling_add_channel(r, q);
	text_add(&r->message, "not all that was received is applied yet");
	return true;
}

static bool
delayed(const struct question *q, struct ruling *r)
{
	const struct value *delay = value_of(q, V_SQL_DELAY);

	if (delay->kind == VALUE_ABSENT || (delay->kind == VALUE_NUMBER && delay->number == 0))
		return false;
	ruling_add_channel(r, q);
	if (delay->kind == VALUE_NUMBER && delay->number > 0)
		add_seconds(r, "late on purpose by ", delay->number);
	else
		text_add(&r->message, "SQL_Delay is not known");
	return true;
}

#define REPLICATION(name) .id = "replication." name, .modes = MODE_REPLICATION
#define STATUS_SQL "MariaDB: SHOW ALL SLAVES STATUS\\G  MySQL: SHOW REPLICA STATUS\\G"

const struct check checks_replication[] = {
	{
		REPLICATION("not_configured"),
		.cells = { CELL_DOWN, CELL_NOTE, CELL_DOWN },
		.needs = CHANNEL,
		.when = not_configured,
		.meaning =
			"no channel at all, or not the one named; those that Group Replication has for itself do not count",
		.see = STATUS_SQL,
		.remedy =
			"CHANGE MASTER TO ..., START SLAVE (MySQL: CHANGE REPLICATION SOURCE TO ..., START REPLICA)",
	},
	{
		REPLICATION("same_server_id"),
		.scope = SCOPE_CHANNEL,
		.cells = { CELL_DOWN, CELL_75, CELL_DOWN },
		.needs = CHANNEL,
		.when = same_server_id,
		.meaning =
			"error 1593 (MySQL 8: 13117): source and replica have the same server_id or server_uuid",
		.see = "SHOW GLOBAL VARIABLES LIKE 'server_id' on both",
		.remedy =
			"give each server its own server_id; a cloned MySQL data directory: remove auto.cnf and restart",
	},
	{
		REPLICATION("io_stopped"),
		.scope = SCOPE_CHANNEL,
		.cells = { CELL_DOWN, CELL_75, CELL_DOWN },
		.needs = CHANNEL,
		.when = io_stopped,
		.meaning = "the IO thread does not run: nothing is received",
		.see = STATUS_SQL,
		.remedy =
			"without an error: START SLAVE IO_THREAD (MySQL: START REPLICA IO_THREAD); with one: mend what it names (1236, MySQL 8: 13114: the source has purged the log, make the replica anew)",
	},
	{
		REPLICATION("io_connecting"),
		.scope = SCOPE_CHANNEL,
		.cells = { CELL_DOWN, CELL_75, CELL_DOWN },
		.needs = CHANNEL,
		.when = io_connecting,
		.meaning =
			"the IO thread tries to connect: nothing is received. A candidate is only degraded (50; 25 where its lag was beyond the threshold, or not known) while an earlier look (--state-dir) that found the source there is at most --max-disconnect old",
		.see = STATUS_SQL,
		.remedy = "is the source alive, the network open, the replication password right?",
	},
	{
		REPLICATION("sql_stopped"),
		.scope = SCOPE_CHANNEL,
		.cells = { CELL_DOWN, CELL_75, CELL_DOWN },
		.needs = CHANNEL,
		.when = sql_stopped,
		.meaning = "the SQL thread does not run: nothing is applied",
		.see = STATUS_SQL,
		.remedy =
			"without an error: START SLAVE SQL_THREAD (MySQL: START REPLICA SQL_THREAD); 1062 or 1032: the data differ, find out why before skipping anything",
	},
	{
		REPLICATION("lag_unknown"),
		.scope = SCOPE_CHANNEL,
		.cells = { CELL_DOWN, CELL_75, CELL_DOWN },
		.needs = CHANNEL,
		.when = lag_unknown,
		.temper = movement_temper_disconnect,
		.meaning =
			"both threads run and the lag is NULL or missing, or the status came too late. A candidate is only degraded (50; 25 where its lag was beyond the threshold, or not known) while an earlier look (--state-dir) that found the source there is at most --max-disconnect old",
		.see = STATUS_SQL,
		.remedy = "ask again; if it stays, look at the threads in SHOW PROCESSLIST",
	},
	{
		REPLICATION("lag"),
		.scope = SCOPE_CHANNEL,
		.cells = { CELL_50, CELL_NOTE, CELL_25 },
		.meaning = "the metric lag is beyond its thresholds",
		.see = STATUS_SQL,
		.remedy = "look for a long transaction, a lock or a slow disk on the replica",
	},
	{
		REPLICATION("relay_backlog"),
		.scope = SCOPE_CHANNEL,
		.cells = { CELL_50, CELL_NOTE, CELL_25 },
		.meaning = "the metric relay_backlog is beyond its thresholds",
		.see = STATUS_SQL,
		.remedy = "as for replication.lag",
	},
	{
		REPLICATION("silent"),
		.scope = SCOPE_CHANNEL,
		.cells = { CELL_50, CELL_NOTE, CELL_50 },
		.needs = CHANNEL,
		.when = silent,
		.meaning =
			"the IO thread runs, and neither a byte nor a heartbeat came for more than twice the heartbeat period: a source that is frozen or cut off reads Yes, Yes, 0. Takes an earlier look (--state-dir), and on MySQL SELECT on performance_schema.replication_connection_status and replication_connection_configuration",
		.see = STATUS_SQL ": Slave_received_heartbeats, Slave_heartbeat_period",
		.remedy =
			"look at the source; MASTER_HEARTBEAT_PERIOD (MySQL: SOURCE_HEARTBEAT_PERIOD) of CHANGE MASTER TO and slave_net_timeout decide how soon the replica notices by itself",
	},
	{
		REPLICATION("stalled"),
		.scope = SCOPE_CHANNEL,
		.cells = { CELL_50, CELL_NOTE, CELL_25 },
		.needs = CHANNEL,
		.when = stalled,
		.meaning =
			"something is received and waits to be applied, and nothing has been applied for 2 s or more: what is received may be counting, what is applied is not. Takes an earlier look (--state-dir)",
		.see = STATUS_SQL ": Read_Master_Log_Pos, Exec_Master_Log_Pos, twice",
		.remedy =
			"look for a lock that the SQL thread waits for, a long transaction, a full disk",
	},
	{
		REPLICATION("not_caught_up"),
		.scope = SCOPE_CHANNEL,
		.cells = { CELL_NONE, CELL_NONE, CELL_75 },
		.needs = CHANNEL,
		.when = not_caught_up,
		.meaning =
			"received and not yet applied: a rank among candidates; promotion waits until it is applied",
		.see = STATUS_SQL ": Read_Master_Log_Pos, Exec_Master_Log_Pos",
		.remedy = "wait",
	},
	{
		REPLICATION("delayed"),
		.scope = SCOPE_CHANNEL,
		.cells = { CELL_25, CELL_NOTE, CELL_DOWN },
		.needs = CHANNEL,
		.when = delayed,
		.meaning = "SQL_Delay is set: late on purpose; also where it is no number",
		.see = STATUS_SQL,
		.remedy =
			"do not route to it; CHANGE MASTER TO MASTER_DELAY = 0 (MySQL: CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 0) ends it",
	},
	{ .id = NULL },
};
