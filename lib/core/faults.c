/* SPDX-License-Identifier: MIT
 *
 * From an error number to the check that stands for it. Numbers 2000 to 2999 and 5000 to 5999 are
 * the client library's own; the rest comes from the server.
 */
#include <string.h>

#include "canary.h"
#include "privileges.h"

#define AT_CONNECT NEEDS(CONNECT)
#define AT_STATEMENT \
	(NEEDS(SETTINGS) | NEEDS(GLOBAL_VARIABLES) | NEEDS(GLOBAL_STATUS) | NEEDS(CLOCK) | \
		NEEDS(SESSIONS) | NEEDS(CHANNEL) | NEEDS(HEARTBEATS) | AT_CANARY)
#define AT_CANARY (NEEDS(CANARY_SETTINGS) | NEEDS(CANARY))
#define AT_NEEDED (NEEDS(GLOBAL_VARIABLES) | NEEDS(GLOBAL_STATUS))
#define ANYWHERE (AT_CONNECT | AT_STATEMENT)

struct fault {
	unsigned error;
	unsigned at;
	enum mode modes;
	/* NULL: none, and no other either. */
	const char *check;
};

/* The first that fits. */
static const struct fault faults[] = {
	{ 1040, AT_CONNECT, MODE_BOTH, "server.too_many_connections" },
	{ 1036, AT_CANARY, MODE_BOTH, "server.read_only" },
	{ 1044, AT_CANARY, MODE_BOTH, "server.canary_unusable" },
	{ 1044, ANYWHERE, MODE_BOTH, "server.access_denied" },
	{ 1045, ANYWHERE, MODE_BOTH, "server.access_denied" },
	{ 1047, ANYWHERE, MODE_GALERA, "galera.not_ready" },
	{ 1049, AT_CANARY, MODE_BOTH, "server.canary_unusable" },
	{ 1053, ANYWHERE, MODE_BOTH, "server.shutting_down" },
	{ 1054, AT_CANARY, MODE_BOTH, "server.canary_unusable" },
	{ 1077, ANYWHERE, MODE_BOTH, "server.shutting_down" },
	{ 1079, ANYWHERE, MODE_BOTH, "server.shutting_down" },
	{ 1129, ANYWHERE, MODE_BOTH, "server.host_blocked" },
	{ 1130, ANYWHERE, MODE_BOTH, "server.access_denied" },
	{ 1142, AT_CANARY, MODE_BOTH, "server.canary_unusable" },
	{ 1142, AT_NEEDED, MODE_BOTH, "server.privilege_missing" },
	{ 1142, NEEDS(CHANNEL), MODE_REPLICATION, "server.privilege_missing" },
	{ 1142, NEEDS(SESSIONS), MODE_BOTH, "server.processlist_partial" },
	{ 1143, AT_CANARY, MODE_BOTH, "server.canary_unusable" },
	{ 1146, AT_CANARY, MODE_BOTH, "server.canary_unusable" },
	{ 1203, ANYWHERE, MODE_BOTH, "server.account_limit" },
	{ 1205, AT_CANARY, MODE_BOTH, NULL },
	{ 1205, ANYWHERE, MODE_GALERA, "galera.not_ready" },
	/* A certification conflict: commits work. */
	{ 1213, AT_CANARY, MODE_BOTH, NULL },
	{ 1226, ANYWHERE, MODE_BOTH, "server.account_limit" },
	/* At MySQL's admin port. */
	{ 1227, AT_CONNECT, MODE_BOTH, "server.access_denied" },
	{ 1227, AT_NEEDED, MODE_BOTH, "server.privilege_missing" },
	{ 1227, NEEDS(CHANNEL), MODE_REPLICATION, "server.privilege_missing" },
	{ 1227, NEEDS(SESSIONS), MODE_BOTH, "server.processlist_partial" },
	{ 1251, AT_CONNECT, MODE_BOTH, "server.access_denied" },
	{ 1275, AT_CONNECT, MODE_BOTH, "server.access_denied" },
	{ 1264, AT_CANARY, MODE_BOTH, "server.canary_unusable" },
	{ 1290, AT_CANARY, MODE_BOTH, "server.read_only" },
	{ 1317, AT_CANARY, MODE_BOTH, NULL },
	{ 1364, AT_CANARY, MODE_BOTH, "server.canary_unusable" },
	{ 1370, AT_CANARY, MODE_BOTH, "server.canary_unusable" },
	{ 1406, AT_CANARY, MODE_BOTH, "server.canary_unusable" },
	{ 1524, AT_CONNECT, MODE_BOTH, "server.access_denied" },
	{ 1698, ANYWHERE, MODE_BOTH, "server.access_denied" },
	{ 1792, AT_CANARY, MODE_BOTH, "server.read_only" },
	{ 1820, ANYWHERE, MODE_BOTH, "server.access_denied" },
	{ 1836, AT_CANARY, MODE_BOTH, "server.read_only" },
	{ 1862, ANYWHERE, MODE_BOTH, "server.access_denied" },
	{ 1927, ANYWHERE, MODE_BOTH, "server.shutting_down" },
	{ 2001, ANYWHERE, MODE_BOTH, "node.checker_failed" },
	{ 2002, ANYWHERE, MODE_BOTH, "server.unreachable" },
	{ 2003, ANYWHERE, MODE_BOTH, "server.unreachable" },
	{ 2004, ANYWHERE, MODE_BOTH, "node.checker_failed" },
	{ 2005, ANYWHERE, MODE_BOTH, "server.unreachable" },
	{ 2006, AT_CONNECT, MODE_BOTH, "server.unreachable" },
	{ 2006, AT_STATEMENT, MODE_BOTH, "server.shutting_down" },
	{ 2013, AT_CONNECT, MODE_BOTH, "server.unreachable" },
	{ 2013, AT_STATEMENT, MODE_BOTH, "server.shutting_down" },
	{ 2049, AT_CONNECT, MODE_BOTH, "server.access_denied" },
	{ 2054, AT_CONNECT, MODE_BOTH, "server.access_denied" },
	{ 2055, AT_CONNECT, MODE_BOTH, "server.unreachable" },
	{ 2055, AT_STATEMENT, MODE_BOTH, "server.shutting_down" },
	{ 2058, AT_CONNECT, MODE_BOTH, "server.access_denied" },
	{ 2059, AT_CONNECT, MODE_BOTH, "server.access_denied" },
	{ 2061, AT_CONNECT, MODE_BOTH, "server.access_denied" },
	{ 3032, ANYWHERE, MODE_BOTH, "server.offline" },
	{ 3118, ANYWHERE, MODE_BOTH, "server.access_denied" },
	{ 3159, ANYWHERE, MODE_BOTH, "server.tls" },
	{ 3169, ANYWHERE, MODE_BOTH, "server.shutting_down" },
	/* MySQL's FAILED_LOGIN_ATTEMPTS. */
	{ 3955, AT_CONNECT, MODE_BOTH, "server.access_denied" },
	{ 4031, ANYWHERE, MODE_BOTH, "server.shutting_down" },
	/* MariaDB's max_password_errors. */
	{ 4150, AT_CONNECT, MODE_BOTH, "server.access_denied" },
	{ 4151, ANYWHERE, MODE_BOTH, "server.access_denied" },
	/* Connector/C: the server asks for an authentication plugin that is not allowed. */
	{ 5010, AT_CONNECT, MODE_BOTH, "server.access_denied" },
};

static const char *const statement_of[SOURCE_COUNT] = {
	[SOURCE_LOCAL] = "this host",
	[SOURCE_CONNECT] = "the connection",
	[SOURCE_SETTINGS] = "SET SESSION wsrep_sync_wait",
	[SOURCE_GLOBAL_VARIABLES] = "SHOW GLOBAL VARIABLES",
	[SOURCE_GLOBAL_STATUS] = "SHOW GLOBAL STATUS",
	[SOURCE_CLOCK] = "SELECT UNIX_TIMESTAMP()",
	[SOURCE_SESSIONS] = "SHOW PROCESSLIST",
	[SOURCE_CHANNEL] = "the replica status",
	[SOURCE_HEARTBEATS] = "the replica's heartbeats",
	[SOURCE_CANARY_SETTINGS] = "the canary's SET SESSION",
	[SOURCE_CANARY] = "the canary",
};

/* TLS fails in many ways under one number. Ours, or the certificate's: what these words speak of. Otherwise the server
 * broke off, or does not speak TLS at all, and is down. OpenSSL's and Connector/C's own words. */
static const char *
tls_check(const char *words)
{
	static const char *const ours[] = { "certificate", "issuer", "mismatch", "CRL", "CA",
		"weak", "alert", "required", "ssl-", "key", "cipher", "protocol version",
		"unsupported protocol", "no such file", "permission denied", "PEM" };
	static const char *const gone[] = { "eof", "reset", "broken pipe", "lost connection" };

	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		if (text_contains_nocase(words, gone[i]))
			return "server.unreachable";
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (text_contains_nocase(words, ours[i]))
			return "server.tls";
	return "server.protocol";
}

bool
fault_is_clients(unsigned error)
{
	return (error >= 2000 && error < 3000) || (error >= 5000 && error < 6000);
}

bool
fault_is_known(unsigned error, enum source source)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (faults[i].error == error && (faults[i].at & 1U << source))
			return true;
	return fault_is_clients(error) && (ANYWHERE & 1U << source);
}

static const char *
by_error(unsigned error, enum mode mode, enum source source)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (faults[i].error == error && (faults[i].at & 1U << source) &&
			(faults[i].modes & mode))
			return faults[i].check;
	/* A statement that only adds to the picture may be refused; a broken conversation never is
	 * right. */
	unsigned needed = AT_CONNECT | AT_NEEDED | (mode == MODE_REPLICATION ? NEEDS(CHANNEL) : 0);

	if (fault_is_clients(error) || (needed & 1U << source))
		return "server.protocol";
	/* A full disk, a full table, a failed write; and whatever else keeps a row from being committed. */
	return source == SOURCE_CANARY		  ? "server.writes_blocked"
	       : source == SOURCE_CANARY_SETTINGS ? "server.canary_unusable"
						  : NULL;
}

/* The privilege that the server's own words ask for (MariaDB 10.5 renamed them). */
static void
add_grant(struct text *t, const dbv_observation *o, enum source source)
{
	const char *privilege = privilege_names(FOR_SESSIONS, FAMILY_ALL);
	const char *newer = privilege_names(FOR_CHANNELS, FAMILY_MARIADB);

	if (AT_CANARY & 1U << source) {
		text_addf(t, "GRANT %s ON ", privilege_names(FOR_CANARY, FAMILY_ALL));
		canary_add_table(t, value_text(&o->values[V_CANARY_TABLE]));
		text_add(t, " TO ");
		privilege_add_account(t, value_text(&o->values[V_ACCOUNT]));
		return;
	}
	if (source == SOURCE_CHANNEL)
		privilege = text_contains_nocase(o->answers[source].text, newer)
				    ? newer
				    : privilege_names(FOR_CHANNELS, FAMILY_MYSQL);
	text_addf(t, "GRANT %s ON *.* TO ", privilege);
	privilege_add_account(t, value_text(&o->values[V_ACCOUNT]));
}

static bool
is_answered_by_a_grant(const char *check, unsigned error)
{
	if (strcmp(check, "server.canary_unusable") == 0)
		return error == 1044 || error == 1142 || error == 1143 || error == 1370;
	return strcmp(check, "server.privilege_missing") == 0 ||
	       strcmp(check, "server.processlist_partial") == 0;
}

/* The heartbeats only add to the picture, and a late canary is judged by how late it is. */
static const char *
late_check(const struct answer *a, enum source source, struct text *message)
{
	if (source == SOURCE_HEARTBEATS || source == SOURCE_CANARY)
		return NULL;
	if (source == SOURCE_CHANNEL) {
		text_add(message,
			"the replica status came too late: a STOP SLAVE that waits can hold it up");
		return "replication.lag_unknown";
	}
	text_add(message, "no answer in time: waited for ");
	text_add_foreign(message, a->text, sizeof(a->text));
	return "server.timeout";
}

static const char *
error_check(const dbv_observation *o, enum mode mode, enum source source, struct text *message)
{
	const struct answer *a = &o->answers[source];
	const char *check =
		a->error == 2026 ? tls_check(a->text) : by_error(a->error, mode, source);

	if (!check)
		return NULL;
	if (is_answered_by_a_grant(check, a->error)) {
		add_grant(message, o, source);
	} else {
		if (source != SOURCE_CONNECT)
			text_addf(message, "%s: ", statement_of[source]);
		text_add_foreign(message, a->text, sizeof(a->text));
		text_addf(message, " (error %u)", a->error);
	}
	if (strcmp(check, "server.canary_unusable") == 0)
		text_addf(message, "; dbvitals grants --canary=%s prints what it needs",
			value_text(&o->values[V_CANARY_TABLE]));
	return check;
}

const char *
fault_check(const dbv_observation *o, enum mode mode, enum source source, struct text *message)
{
	const struct answer *a = &o->answers[source];

	switch (a->outcome) {
	case NOT_ASKED:
	case ANSWERED:
		break;
	case LATE:
		return late_check(a, source, message);
	case NONSENSE:
		text_addf(message, "%s: ", statement_of[source]);
		text_add_foreign(message, a->text, sizeof(a->text));
		return "server.protocol";
	case ILL:
		text_add(message, a->text);
		return "node.checker_failed";
	case FAILED:
		return error_check(o, mode, source, message);
	}
	return NULL;
}
