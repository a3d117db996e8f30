/* SPDX-License-Identifier: MIT
 *
 * The table of metrics: a number, where it comes from, its default limits, the check that it
 * raises.
 */
#include "judge.h"

#include <string.h>

#include "movement.h"
#include "shared_waits.h"

/* The plain case: one variable as it is. */
static bool
variable_as_is(const struct question *q, enum variable v, double *out)
{
	const struct value *value = value_of(q, v);

	*out = value->number;
	return value->kind == VALUE_NUMBER;
}

/* Only with both threads running: a replica that does not receive says 0 or NULL, and neither is
 * its lag. What it is late on purpose does not count. */
static bool
lag(const struct question *q, double *out)
{
	const struct value *behind = value_of(q, V_SECONDS_BEHIND);

	if (!value_is(value_of(q, V_IO_RUNNING), "Yes") ||
		!value_is(value_of(q, V_SQL_RUNNING), "Yes") || behind->kind != VALUE_NUMBER)
		return false;
	*out = behind->number - value_number(value_of(q, V_SQL_DELAY), 0);
	if (*out < 0)
		*out = 0;
	return true;
}

/* Positions compare only within one file; across files all that is kept of the relay log is the
 * bound. */
static bool
relay_backlog(const struct question *q, double *out)
{
	const struct value *read = value_of(q, V_READ_LOG_POS);
	const struct value *exec = value_of(q, V_EXEC_LOG_POS);

	if (read->kind != VALUE_NUMBER || exec->kind != VALUE_NUMBER)
		return false;
	if (!value_is(value_of(q, V_READ_LOG_FILE), value_text(value_of(q, V_EXEC_LOG_FILE))))
		return variable_as_is(q, V_RELAY_LOG_SPACE, out);
	*out = read->number > exec->number ? read->number - exec->number : 0;
	return true;
}

static bool
cluster_size(const struct question *q, double *out)
{
	return variable_as_is(q, V_WSREP_CLUSTER_SIZE, out);
}

static bool
recv_queue(const struct question *q, double *out)
{
	return variable_as_is(q, V_WSREP_RECV_QUEUE, out);
}

static bool
send_queue(const struct question *q, double *out)
{
	return variable_as_is(q, V_WSREP_SEND_QUEUE, out);
}

/* Without an earlier look, the server's lifetime share; the provider reports -1 on an error of its own. */
static bool
flow_control(const struct question *q, double *out)
{
	double seconds = 0;

	if (movement_paused(q, out, &seconds))
		return true;
	if (!variable_as_is(q, V_WSREP_FC_PAUSED, out) || *out < 0 || *out > 1)
		return false;
	*out *= 100;
	return true;
}

static void
explain_flow_control(const struct question *q, double value, struct ruling *r)
{
	double seconds = 0;

	if (movement_paused(q, &value, &seconds)) {
		text_add(&r->message, " over the last ");
		text_add_number(&r->message, seconds);
		text_add(&r->message, " s");
	} else {
		text_add(&r->message, ", the share of time since FLUSH STATUS or the server's start");
	}
}

static bool
connections(const struct question *q, double *out)
{
	double most = value_number(value_of(q, V_MAX_CONNECTIONS), 0);

	if (!variable_as_is(q, V_THREADS_CONNECTED, out) || most <= 0)
		return false;
	*out = *out / most * 100;
	return true;
}

/* A recorded status has the sums alone. */
static double
longest_wait(const struct question *q, enum wait wait)
{
	enum variable sum = wait == WAIT_COMMIT ? V_COMMIT_WAIT : V_SERVER_WAIT;

	return q->now->waiting_count ? movement_longest_wait(q, wait)
				     : value_number(value_of(q, sum), 0);
}

static bool
write_stall(const struct question *q, double *out)
{
	double server_wait = longest_wait(q, WAIT_SERVER);

	if (value_of(q, V_COMMIT_WAIT)->kind != VALUE_NUMBER ||
		value_of(q, V_SERVER_WAIT)->kind != VALUE_NUMBER)
		return false;
	*out = longest_wait(q, WAIT_COMMIT);
	if (server_wait > *out)
		*out = server_wait;
	return true;
}

static void
explain_write_stall(const struct question *q, double value, struct ruling *r)
{
	bool server_wide = longest_wait(q, WAIT_SERVER) >= value;
	const char *state =
		value_text(value_of(q, server_wide ? V_SERVER_WAIT_STATE : V_COMMIT_WAIT_STATE));

	if (*state) {
		text_add(&r->message, " in \"");
		text_add_foreign(&r->message, state, 64);
		text_add(&r->message, "\"");
	}
	temper_shared_wait(q, value, r);
}

static bool
response_time(const struct question *q, double *out)
{
	return variable_as_is(q, V_RESPONSE_TIME, out);
}

const struct metric metrics[] = {
	{
		.name = "lag",
		.unit = "s",
		.modes = MODE_REPLICATION,
		.scope = SCOPE_CHANNEL,
		.needs = NEEDS(CHANNEL),
		.warning = { "30", "30", "30" },
		.critical = { "300", NULL, NULL },
		.check = "replication.lag",
		.measure = lag,
		.doc = "how far the replica is behind its source, less SQL_Delay; the slowest channel counts",
	},
	{
		.name = "relay_backlog",
		.unit = "B",
		.modes = MODE_REPLICATION,
		.scope = SCOPE_CHANNEL,
		.needs = NEEDS(CHANNEL),
		.check = "replication.relay_backlog",
		.measure = relay_backlog,
		.doc = "received and not yet applied; across log files the relay log's whole size",
	},
	{
		.name = "cluster_size",
		.unit = "",
		.modes = MODE_GALERA,
		.needs = NEEDS(GLOBAL_STATUS),
		.check = "galera.cluster_size",
		.measure = cluster_size,
		.doc = "members of this node's component, arbitrators included",
	},
	{
		.name = "recv_queue",
		.unit = "",
		.modes = MODE_GALERA,
		.needs = NEEDS(GLOBAL_STATUS),
		.warning = { "100", "100", "10" },
		.check = "galera.recv_queue",
		.measure = recv_queue,
		.doc = "write sets received and not yet applied",
	},
	{
		.name = "send_queue",
		.unit = "",
		.modes = MODE_GALERA,
		.needs = NEEDS(GLOBAL_STATUS),
		.warning = { "100", "100", "100" },
		.check = "galera.send_queue",
		.measure = send_queue,
		.doc = "write sets waiting to be sent",
	},
	{
		.name = "flow_control",
		.unit = "%",
		.modes = MODE_GALERA,
		.needs = NEEDS(GLOBAL_STATUS),
		.warning = { "25", "25", "25" },
		.check = "galera.flow_control",
		.measure = flow_control,
		.explain = explain_flow_control,
		.doc = "share of the time that replication was paused",
	},
	{
		.name = "connections",
		.unit = "%",
		.modes = MODE_BOTH,
		.needs = NEEDS(GLOBAL_STATUS) | NEEDS(GLOBAL_VARIABLES),
		.warning = { "90", "90", "90" },
		.check = "server.connections",
		.measure = connections,
		.doc = "sessions open, of max_connections",
	},
	{
		.name = "write_stall",
		.unit = "s",
		.modes = MODE_BOTH,
		.needs = NEEDS(SESSIONS),
		.warning = { "2", "2", NULL },
		.critical = { NULL, "10", "10" },
		.check = "server.writes_blocked",
		.measure = write_stall,
		.explain = explain_write_stall,
		.doc = "the longest that a statement which now waits in commit, in certification, for a lock "
		       "of the whole server or for disk space has been running; with --state-dir, for how "
		       "long it has been seen to wait, from the look that first saw it",
	},
	{
		.name = "response_time",
		.unit = "ms",
		.modes = MODE_BOTH,
		.needs = NEEDS(LOCAL),
		.warning = { "1000", "1000", "1000" },
		.check = "server.response_time",
		.measure = response_time,
		.doc = "from connect to the last row",
	},
};

const size_t metric_count = sizeof(metrics) / sizeof(metrics[0]);

_Static_assert(sizeof(metrics) / sizeof(metrics[0]) <= METRICS_MAX, "raise METRICS_MAX");

size_t
metric_by_name(const char *name)
{
	size_t i = 0;

	while (i < metric_count && strcmp(metrics[i].name, name) != 0)
		i++;
	return i;
}
