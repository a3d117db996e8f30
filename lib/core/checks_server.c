/* SPDX-License-Identifier: MIT
 *
 * Checks of the server itself and of this host. A row to copy:
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

/* An answer without these is not the one asked for. Where nobody asked it is a recording of some
 * rows, and the rest is not known. */
static bool
lacks_rows(const struct question *q, struct ruling *r)
{
	static const enum variable every_server_has[] = { V_READ_ONLY, V_MAX_CONNECTIONS,
		V_THREADS_CONNECTED };

	for (size_t i = 0; i < sizeof(every_server_has) / sizeof(every_server_has[0]); i++) {
		const struct variable_row *row = &variables[every_server_has[i]];

		if (value_of(q, every_server_has[i])->kind != VALUE_ABSENT)
			continue;
		text_addf(&r->message, "the answer lacks %s, which every server has", row->name);
		if (q->now->answers[SOURCE_CONNECT].outcome == NOT_ASKED)
			r->cell = CELL_UNKNOWN;
		return true;
	}
	return false;
}

static bool
processlist_partial(const struct question *q, struct ruling *r)
{
	if (!sees_only_itself(q->now))
		return false;
	text_addf(&r->message, "writes that hang are not seen: GRANT %s ON *.* TO ",
		privilege_names(FOR_SESSIONS, FAMILY_ALL));
	text_add_foreign(&r->message, value_text(value_of(q, V_ACCOUNT)), 100);
	return true;
}

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

static bool
maintenance(const struct question *q, struct ruling *r)
{
	const char *path = value_text(value_of(q, V_MAINTENANCE_FILE));

	if (!*path)
		return false;
	text_add(&r->message, "down on purpose: ");
	text_add_foreign(&r->message, path, 128);
	text_add(&r->message, " exists");
	return true;
}

static double
seconds_since(const struct question *q, double then)
{
	return (value_number(value_of(q, V_TAKEN_AT), 0) - then) / 1000;
}

static bool
recovering(const struct question *q, struct ruling *r)
{
	double seconds = q->history && q->history->down_at > 0
				 ? seconds_since(q, q->history->down_at)
				 : -1;

	if (seconds < 0 || seconds >= q->policy->recover_after)
		return false;
	text_add(&r->message, "was down ");
	text_add_number(&r->message, seconds);
	text_add(&r->message, " s ago, stays so for ");
	text_add_number(&r->message, q->policy->recover_after);
	text_add(&r->message, " s");
	return true;
}

static bool
no_link(const struct question *q, struct ruling *r)
{
	const char *name = value_text(value_of(q, V_LINK_DOWN));

	if (!*name)
		return false;
	text_add_foreign(&r->message, name, 32);
	text_addf(&r->message, ", the interface of %s, has no carrier",
		value_text(value_of(q, V_WRITE_IP)));
	return true;
}

/* Of a holder that is full nothing new is known: what it was before still holds. */
static void
temper_full(const struct question *q, struct ruling *r)
{
	const dbv_history *h = q->history;

	if (q->policy->role != ROLE_WRITE || !h || !h->complete_down ||
		seconds_since(q, h->answered_at) * 1000 > HISTORY_AGE_MAX_MS)
		return;
	r->cell = CELL_DOWN;
	text_addf(&r->message, "; down when it was last asked (%s)", h->complete_reason);
}

/* Where an admin port let the checker in all the same, the rest is known too. */
static bool
full_but_answering(const struct question *q, struct ruling *r)
{
	if (value_of(q, V_ADMIN_PORT)->kind == VALUE_ABSENT)
		return false;
	text_add(&r->message, "too many connections; judged through port ");
	text_add_foreign(&r->message, value_text(value_of(q, V_ADMIN_PORT)), 8);
	if (r->cell == CELL_DOWN && q->policy->role == ROLE_PROMOTE)
		r->cell = CELL_25;
	return true;
}

const struct check checks_server[] = {
	{
		.id = "server.unreachable",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_DOWN),
		.meaning =
			"refused, no route, the name does not resolve, closed before or in the greeting, socket missing",
		.see = "mariadb -h HOST -P PORT -e 'SELECT 1'",
		.remedy =
			"start the server; look into its error log; a joining node opens its port only after the state transfer",
	},
	{
		.id = "server.timeout",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_DOWN),
		.meaning = "the deadline passed; the message names what was waited for",
		.see = "mariadb -h HOST -e 'SHOW GLOBAL STATUS', and ps on the server for state T or D",
		.remedy =
			"no TCP connection: network or host; no greeting: the process is frozen or its disk hangs; no SHOW GLOBAL STATUS: Galera's provider hangs",
	},
	{
		.id = "server.protocol",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = NEEDS(GLOBAL_VARIABLES) | NEEDS(GLOBAL_STATUS),
		.when = lacks_rows,
		.meaning = "an answer that is no MySQL answer, or not the one asked for",
		.see = "mariadb -h HOST -P PORT -e 'STATUS'",
		.remedy = "is it the right port? a proxy or another service may answer there",
	},
	{
		.id = "server.shutting_down",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_DOWN),
		.meaning = "the server said so, or the connection was lost in mid-answer",
		.see = "the server's error log",
		.remedy = "wait for the restart, or find out who stopped it",
	},
	{
		.id = "server.too_many_connections",
		.modes = MODE_BOTH,
		.cells = { CELL_DOWN, CELL_50, CELL_DOWN },
		.needs = NEEDS(LOCAL),
		.when = full_but_answering,
		.temper = temper_full,
		.meaning =
			"error 1040: all sessions are taken; without an admin port nothing else is known, and a holder that was down when it was last asked (--state-dir) stays so. A candidate whose admin port answers is degraded to 25 instead",
		.see = "SHOW GLOBAL STATUS LIKE 'Threads_connected'; SHOW GLOBAL VARIABLES LIKE 'max_connections'",
		.remedy =
			"find who holds the sessions (SHOW PROCESSLIST), raise max_connections, give the checker --admin-port",
	},
	{
		.id = "server.access_denied",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_UNKNOWN),
		.meaning =
			"the checker's account: wrong password, not allowed from this host, expired, locked, or its authentication plugin cannot be loaded",
		.see = "mariadb --defaults-file=FILE -h HOST -e 'SELECT CURRENT_USER()'",
		.remedy = "mend the account or the option file; the server itself may be fine",
	},
	{
		.id = "server.account_limit",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_UNKNOWN),
		.meaning = "the checker's account has used up its own limit",
		.see = "SHOW PROCESSLIST; SHOW GRANTS FOR the account",
		.remedy = "look for checkers that hang, raise MAX_USER_CONNECTIONS",
	},
	{
		.id = "server.host_blocked",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_UNKNOWN),
		.meaning =
			"error 1129: the server blocks this checker's host after many broken handshakes; it may be fine otherwise",
		.see = "SELECT * FROM performance_schema.host_cache",
		.remedy =
			"FLUSH HOSTS (MySQL 8: TRUNCATE performance_schema.host_cache), then find what opens connections without logging in",
	},
	{
		.id = "server.tls",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_UNKNOWN),
		.meaning = "no TLS where it is required, or a certificate that is not accepted",
		.see = "mariadb --ssl -h HOST -e \"SHOW STATUS LIKE 'Ssl_cipher'\"",
		.remedy =
			"look at the certificate's dates, names and CA; compare --ssl-mode and --ssl-ca",
	},
	{
		.id = "server.privilege_missing",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_UNKNOWN),
		.meaning =
			"the account may not ask something that the mode needs; the message is the GRANT to run",
		.see = "SHOW GRANTS FOR the account",
		.remedy = "run the GRANT",
	},
	{
		.id = "server.processlist_partial",
		.modes = MODE_BOTH,
		.cells = { CELL_NONE, CELL_NOTE, CELL_NOTE },
		.needs = NEEDS(GLOBAL_STATUS),
		.when = processlist_partial,
		.meaning = "no PROCESS privilege: write_stall is not judged",
		.see = "SHOW PROCESSLIST as the account",
		.remedy = "GRANT PROCESS ON *.* TO the account",
	},
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
		.remedy = "SET GLOBAL read_only = 0 where this node should take writes",
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
		.cells = { CELL_NONE, CELL_UNKNOWN, CELL_NONE },
		.meaning = "the table of --canary does not exist, or cannot take the canary's row",
		.see = "SHOW CREATE TABLE the table of --canary",
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
	{
		.id = "node.checker_failed",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_UNKNOWN),
		.meaning =
			"the checking host lacks memory, threads or descriptors for the check itself",
		.see = "ulimit -a as the user that runs the check; free -m",
		.remedy = "raise the limits of the caller, or find what uses the host up",
	},
	{
		.id = "node.maintenance",
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = NEEDS(LOCAL),
		.when = maintenance,
		.meaning = "the maintenance file exists: the node is down on purpose",
		.see = "ls -l the file of --maintenance-file",
		.remedy = "remove the file when the work is done",
	},
	{
		.id = "node.recovering",
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = NEEDS(LOCAL),
		.when = recovering,
		.meaning =
			"within --recover-after of a look that found the node down (takes --state-dir)",
		.see = "the message says what is left",
		.remedy = "wait, or look for what makes the node come and go",
	},
	{
		.id = "node.no_link",
		.modes = MODE_BOTH,
		.cells = { CELL_NONE, CELL_DOWN, CELL_DOWN },
		.needs = NEEDS(LOCAL),
		.when = no_link,
		.meaning = "the interface of --write-ip has no carrier",
		.see = "ip link",
		.remedy = "cable, switch port, bond; the address cannot be reached here",
	},
	{ .id = NULL },
};
