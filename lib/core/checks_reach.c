/* SPDX-License-Identifier: MIT
 *
 * Checks of reaching a server: it answers, in time, sensibly, and the checker's account may ask. Most are raised by an
 * error (faults.c).
 */
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
		if (q->now->answers[SOURCE_CONNECT].outcome == NOT_ASKED) {
			text_add(&r->message, ": record all of it, without LIKE");
			r->cell = CELL_UNKNOWN;
		}
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
	privilege_add_account(&r->message, value_text(value_of(q, V_ACCOUNT)));
	return true;
}

/* Of a holder that is full nothing new is known: what it was before still holds. */
static void
temper_full(const struct question *q, struct ruling *r)
{
	const dbv_history *h = q->history;
	const struct role_history *role = h ? &h->roles[q->policy->role] : NULL;

	if (q->policy->role != ROLE_WRITE || !role || !role->complete_down ||
		seconds_since(q, h->answered_at) * 1000 > HISTORY_AGE_MAX_MS)
		return;
	r->cell = CELL_DOWN;
	text_addf(&r->message, "; down when it was last asked (%s)", role->complete_reason);
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

const struct check checks_reach[] = {
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
			"find who holds the sessions (SHOW PROCESSLIST), raise max_connections, give the checker --admin-port (MariaDB: extra_port, with an extra_max_connections that lets all checkers in at once; its default is 1)",
	},
	{
		.id = "server.access_denied",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_UNKNOWN),
		.meaning =
			"the checker's account: wrong password, not allowed from this host, expired, locked, or its authentication plugin cannot be loaded",
		.see = "with user and password from the option file: mariadb -u USER -p -h HOST -e 'SELECT CURRENT_USER()'",
		.remedy =
			"mend the account or the option file (--self-test tells which file was read); where the server insists on TLS (require_secure_transport), the checker's --ssl-mode; the server itself may be fine",
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
	{ .id = NULL },
};
