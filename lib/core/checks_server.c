/* SPDX-License-Identifier: MIT
 *
 * Checks of the server itself. A row to copy:
 *
 *	{
 *		.id = "server.template",		stable for ever
 *		.modes = MODE_BOTH,
 *		.cells = { read, write, promote },
 *		.needs = NEEDS(GLOBAL_VARIABLES),	what must have answered
 *		.when = predicate,			NULL: raised by an error or by a metric
 *		.meaning, .see, .remedy			one sentence each, for people
 *	},
 */
#include <string.h>

#include "canary.h"
#include "history.h"
#include "privileges.h"

static bool
group_replication(const struct question *q, struct ruling *r)
{
	if (!*value_text(value_of(q, V_GROUP_REPLICATION)))
		return false;
	text_add(&r->message, "Group Replication is configured, which dbvitals does not judge");
	return true;
}

/* MariaDB 12 knows more words than ON and OFF: all but OFF forbid writes to somebody. */
enum variable
read_only_flag(const dbv_observation *o)
{
	static const enum variable flags[] = { V_READ_ONLY, V_SUPER_READ_ONLY, V_INNODB_READ_ONLY };

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (o->values[flags[i]].kind != VALUE_ABSENT &&
			value_truth(&o->values[flags[i]]) != TRUTH_NO)
			return flags[i];
	return VARIABLE_COUNT;
}

static bool
read_only(const struct question *q, struct ruling *r)
{
	enum variable flag = read_only_flag(q->now);

	if (flag == VARIABLE_COUNT)
		return false;
	const struct value *v = value_of(q, flag);

	text_addf(&r->message, "%s is ", variables[flag].name);
	text_add_foreign(&r->message, v->text ? v->text : "NULL", 32);
	return true;
}

static bool
offline(const struct question *q, struct ruling *r)
{
	const struct value *v = value_of(q, V_OFFLINE_MODE);

	if (v->kind == VALUE_ABSENT || value_truth(v) == TRUTH_NO)
		return false;
	text_add(&r->message, "offline_mode is on");
	return true;
}

/* May a server bound to the first N bytes of NAME take connections to the address IP? Where the spelling or a name
 * leaves it open, it may. */
static bool
may_listen(const char *name, size_t n, const char *ip)
{
	char token[64];
	struct text t = text_on(token, sizeof(token));
	bool v6 = strchr(ip, ':') != NULL;

	text_addf(&t, "%.*s", (int)n, name);
	if (strcmp(token, "0.0.0.0") == 0)
		return !v6;
	if (text_equal_nocase(token, "localhost"))
		return strncmp(ip, "127.", 4) == 0 || strcmp(ip, "::1") == 0;
	if (*token && strspn(token, "0123456789.") == t.len)
		return strcmp(token, ip) == 0;
	if (strchr(token, ':') && strcmp(token, "::") != 0)
		return v6 || text_starts_nocase(token, "::ffff:");
	return true;
}

/* Asked where an address for writers is named: does the server listen on it? */
static bool
leaves_out_write_ip(const struct question *q)
{
	const char *bound = value_text(value_of(q, V_BIND_ADDRESS));
	const char *ip = value_text(value_of(q, V_WRITE_IP));

	if (!*ip || q->policy->role == ROLE_READ)
		return false;
	while (!may_listen(bound, strcspn(bound, ",/"), ip)) {
		bound += strcspn(bound, ",");
		if (!*bound++)
			return true;
		bound += strspn(bound, " ");
	}
	return false;
}

static bool
no_network(const struct question *q, struct ruling *r)
{
	const struct value *port = value_of(q, V_PORT);

	if (value_truth(value_of(q, V_SKIP_NETWORKING)) == TRUTH_YES) {
		text_add(&r->message, "skip_networking is on");
		return true;
	}
	if (port->kind == VALUE_NUMBER && port->number <= 0) {
		text_add(&r->message, "the server's port is 0");
		return true;
	}
	if (!leaves_out_write_ip(q))
		return false;
	text_add(&r->message, "bind_address ");
	text_add_foreign(&r->message, value_text(value_of(q, V_BIND_ADDRESS)), 80);
	text_addf(&r->message, " leaves out %s", value_text(value_of(q, V_WRITE_IP)));
	return true;
}

static bool
clock_skew(const struct question *q, struct ruling *r)
{
	const struct value *server = value_of(q, V_SERVER_CLOCK);
	const struct value *local = value_of(q, V_LOCAL_CLOCK);
	double ahead = server->number - local->number;

	if (server->kind != VALUE_NUMBER || local->kind != VALUE_NUMBER ||
		(ahead <= 5 && ahead >= -5))
		return false;
	text_add(&r->message, "the server's clock is ");
	text_add_number(&r->message, ahead < 0 ? -ahead : ahead);
	text_addf(&r->message, " s %s of this host's", ahead < 0 ? "behind" : "ahead");
	return true;
}

const struct check checks_server[] = {
	{
		.id = "server.group_replication",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = NEEDS(GLOBAL_VARIABLES),
		.when = group_replication,
		.meaning = "Group Replication is configured: out of scope in either mode",
		.see = "SHOW GLOBAL VARIABLES LIKE 'group_replication_group_name'",
		.remedy = "use a checker made for Group Replication",
	},
	{
		.id = "server.read_only",
		.modes = MODE_BOTH,
		.cells = { CELL_NONE, CELL_DOWN, CELL_DOWN },
		.needs = NEEDS(GLOBAL_VARIABLES),
		.when = read_only,
		.meaning =
			"read_only, super_read_only or innodb_read_only is on: ordinary accounts cannot write",
		.see = "SHOW GLOBAL VARIABLES LIKE '%read_only'",
		.remedy =
			"where this node should take writes: SET GLOBAL read_only = 0; where Pacemaker switches it (manage_read_only): move the address instead; innodb_read_only needs a restart",
	},
	{
		.id = "server.offline",
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = NEEDS(GLOBAL_VARIABLES),
		.when = offline,
		.meaning = "offline_mode is on: ordinary accounts are sent away",
		.see = "SHOW GLOBAL VARIABLES LIKE 'offline_mode'",
		.remedy = "SET GLOBAL offline_mode = OFF when the work is done",
	},
	{
		.id = "server.no_network",
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = NEEDS(GLOBAL_VARIABLES),
		.when = no_network,
		.meaning =
			"the server listens on no TCP port, or, with --write-ip, not on that address",
		.see = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('port', 'skip_networking', 'bind_address')",
		.remedy =
			"take skip_networking out of the configuration, or let bind_address include the address; restart",
	},
	{
		.id = "server.connections",
		.modes = MODE_BOTH,
		.cells = { CELL_50, CELL_NOTE, CELL_50 },
		.meaning = "the metric connections is beyond its thresholds",
		.see = "SHOW GLOBAL STATUS LIKE 'Threads_connected'; SHOW GLOBAL VARIABLES LIKE 'max_connections'",
		.remedy = "find who holds the sessions before they run out",
	},
	{
		.id = "server.response_time",
		.modes = MODE_BOTH,
		.cells = { CELL_75, CELL_NOTE, CELL_NOTE },
		.meaning = "the metric response_time is beyond its thresholds",
		.see = "time mariadb -h HOST -e 'SHOW GLOBAL STATUS'",
		.remedy =
			"look at the load of server and network; name resolution at the server (skip_name_resolve)",
	},
	{
		.id = "server.writes_blocked",
		.modes = MODE_BOTH,
		.cells = { CELL_NOTE, CELL_25, CELL_DOWN },
		.needs = NEEDS(LOCAL),
		.when = canary_hangs,
		.temper = canary_refused,
		.meaning =
			"the metric write_stall is beyond its thresholds, the commit of --canary has been hanging for longer than --canary-grace, or it was refused: disk full, table full, a failed write, anything that no other check stands for. A wait that the whole cluster shares costs a holder no more than 25, a candidate no more than 50. "
			"With --state-dir a wait counts from the look that first saw it; one look alone cannot tell how much of the time was the statement's own work, and a single statement that changes very many rows shows up while it commits",
		.see = "SHOW PROCESSLIST: sessions in \"Waiting for certification\", \"Commit\", \"Waiting for backup lock\", \"Waiting for someone to free space\"",
		.remedy =
			"full disk: free space; a backup or FLUSH TABLES WITH READ LOCK: end it; otherwise look at the other nodes",
	},
	{
		.id = "server.canary_slow",
		.modes = MODE_BOTH,
		.cells = { CELL_NONE, CELL_50, CELL_NONE },
		.needs = NEEDS(LOCAL),
		.when = canary_slow,
		.meaning =
			"the commit of --canary hangs, still within --canary-grace; or there was no time left to try one. One that hangs is left behind at the server, and no other is sent while it is there",
		.see = "SHOW PROCESSLIST: the session whose statement begins with " CANARY_MARK,
		.remedy =
			"see what its State waits for; where it is \"Waiting for table metadata lock\", somebody holds a lock on the canary's own table",
	},
	{
		.id = "server.canary_unusable",
		.modes = MODE_BOTH,
		.cells = { CELL_NONE, CELL_50, CELL_NONE },
		.meaning =
			"the table of --canary does not exist, cannot take the canary's row, or the account may not write to it: no commit can be tried, all else is judged",
		.see = "SHOW CREATE TABLE the table of --canary; SHOW GRANTS",
		.remedy =
			"CREATE TABLE SCHEMA.TABLE (node VARCHAR(255) CHARACTER SET ascii PRIMARY KEY, beats BIGINT UNSIGNED NOT NULL, at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP) ENGINE=InnoDB",
	},
	{
		.id = "server.clock_skew",
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_NOTE),
		.needs = NEEDS(CLOCK),
		.when = clock_skew,
		.meaning = "the server's clock and this host's differ by more than 5 s",
		.see = "SELECT UNIX_TIMESTAMP(); date +%s",
		.remedy = "set up time synchronisation; lag is measured by these clocks",
	},
	{ .id = NULL },
};
