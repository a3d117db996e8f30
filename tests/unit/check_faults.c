/* SPDX-License-Identifier: MIT
 *
 * What stands for an error: number, place and mode to check and state.
 */
#include <check.h>
#include <string.h>

#include "fixture.h"
#include "suites.h"

#define ALL(want) \
	{ \
		want, want, want \
	}

static const struct {
	enum source at;
	enum outcome outcome;
	unsigned error;
	const char *mode;
	const char *want[ROLE_COUNT];
} rows[] = {
	{ SOURCE_CONNECT, FAILED, 2002, "galera", ALL("down:server.unreachable") },
	{ SOURCE_CONNECT, FAILED, 2003, "galera", ALL("down:server.unreachable") },
	{ SOURCE_CONNECT, FAILED, 2005, "galera", ALL("down:server.unreachable") },
	{ SOURCE_CONNECT, FAILED, 2013, "galera", ALL("down:server.unreachable") },
	{ SOURCE_CONNECT, FAILED, 2012, "galera", ALL("down:server.protocol") },
	{ SOURCE_CONNECT, FAILED, 2027, "galera", ALL("down:server.protocol") },
	{ SOURCE_CONNECT, FAILED, 2008, "galera", ALL("down:server.protocol") },
	{ SOURCE_CONNECT, FAILED, 9999, "galera", ALL("down:server.protocol") },
	{ SOURCE_HEARTBEATS, LATE, 0, "replication", ALL("up") },
	{ SOURCE_CANARY, LATE, 0, "galera", ALL("up") },
	{ SOURCE_CONNECT, FAILED, 5014, "galera", ALL("down:server.protocol") },
	{ SOURCE_GLOBAL_STATUS, FAILED, 5014, "galera", ALL("down:server.protocol") },
	{ SOURCE_CONNECT, FAILED, 1040, "galera",
		{ "down:server.too_many_connections", "50:server.too_many_connections",
			"down:server.too_many_connections" } },
	{ SOURCE_CONNECT, FAILED, 1045, "galera", ALL("unknown:server.access_denied") },
	{ SOURCE_CONNECT, FAILED, 1130, "galera", ALL("unknown:server.access_denied") },
	{ SOURCE_CONNECT, FAILED, 1698, "galera", ALL("unknown:server.access_denied") },
	{ SOURCE_CONNECT, FAILED, 1862, "galera", ALL("unknown:server.access_denied") },
	{ SOURCE_CONNECT, FAILED, 3118, "galera", ALL("unknown:server.access_denied") },
	{ SOURCE_CONNECT, FAILED, 3955, "galera", ALL("unknown:server.access_denied") },
	{ SOURCE_CONNECT, FAILED, 4150, "galera", ALL("unknown:server.access_denied") },
	{ SOURCE_CONNECT, FAILED, 4151, "galera", ALL("unknown:server.access_denied") },
	{ SOURCE_CONNECT, FAILED, 2059, "galera", ALL("unknown:server.access_denied") },
	{ SOURCE_CONNECT, FAILED, 2061, "galera", ALL("unknown:server.access_denied") },
	{ SOURCE_CONNECT, FAILED, 1203, "galera", ALL("unknown:server.account_limit") },
	{ SOURCE_CONNECT, FAILED, 1226, "galera", ALL("unknown:server.account_limit") },
	{ SOURCE_CONNECT, FAILED, 1227, "replication", ALL("unknown:server.access_denied") },
	{ SOURCE_CONNECT, FAILED, 1129, "galera", ALL("unknown:server.host_blocked") },
	{ SOURCE_CONNECT, FAILED, 2001, "galera", ALL("unknown:node.checker_failed") },
	{ SOURCE_CONNECT, ILL, 0, "galera", ALL("unknown:node.checker_failed") },
	{ SOURCE_CONNECT, FAILED, 3159, "galera", ALL("unknown:server.tls") },
	{ SOURCE_CONNECT, FAILED, 3032, "galera", ALL("down:server.offline") },
	{ SOURCE_CONNECT, FAILED, 1053, "galera", ALL("down:server.shutting_down") },
	{ SOURCE_CONNECT, LATE, 0, "galera", ALL("down:server.timeout") },
	{ SOURCE_SETTINGS, FAILED, 1820, "galera", ALL("unknown:server.access_denied") },
	{ SOURCE_SETTINGS, FAILED, 1231, "galera", ALL("up") },
	{ SOURCE_GLOBAL_VARIABLES, FAILED, 2013, "galera", ALL("down:server.shutting_down") },
	{ SOURCE_GLOBAL_VARIABLES, FAILED, 1053, "galera", ALL("down:server.shutting_down") },
	{ SOURCE_GLOBAL_VARIABLES, FAILED, 1047, "galera", ALL("down:galera.not_ready") },
	{ SOURCE_GLOBAL_STATUS, FAILED, 1205, "galera", ALL("down:galera.not_ready") },
	{ SOURCE_GLOBAL_STATUS, FAILED, 1205, "replication", ALL("down:server.protocol") },
	{ SOURCE_GLOBAL_STATUS, FAILED, 1064, "galera", ALL("down:server.protocol") },
	{ SOURCE_GLOBAL_STATUS, FAILED, 1142, "galera", ALL("unknown:server.privilege_missing") },
	{ SOURCE_GLOBAL_STATUS, NONSENSE, 0, "galera", ALL("down:server.protocol") },
	{ SOURCE_GLOBAL_STATUS, LATE, 0, "galera", ALL("down:server.timeout") },
	{ SOURCE_CLOCK, FAILED, 1305, "galera", ALL("up") },
	{ SOURCE_CLOCK, FAILED, 2013, "galera", ALL("down:server.shutting_down") },
	{ SOURCE_SESSIONS, FAILED, 1227, "galera",
		{ "up !server.processlist_partial", "up server.processlist_partial",
			"up server.processlist_partial" } },
	{ SOURCE_SESSIONS, FAILED, 1105, "galera", ALL("up") },
	{ SOURCE_SESSIONS, LATE, 0, "galera", ALL("down:server.timeout") },
	{ SOURCE_CHANNEL, FAILED, 1227, "replication", ALL("unknown:server.privilege_missing") },
	{ SOURCE_CHANNEL, FAILED, 1064, "replication", ALL("down:server.protocol") },
	{ SOURCE_CHANNEL, FAILED, 2013, "replication", ALL("down:server.shutting_down") },
	{ SOURCE_CHANNEL, FAILED, 1227, "galera", ALL("up") },
	{ SOURCE_CONNECT, FAILED, 1047, "galera", ALL("down:galera.not_ready") },
	{ SOURCE_CHANNEL, LATE, 0, "replication",
		{ "down:replication.lag_unknown", "75:replication.lag_unknown",
			"down:replication.lag_unknown" } },
};

/* A refused connection answers nothing; a refused statement leaves the rest answered. */
static dbv_observation *
observed(size_t i)
{
	dbv_observation *o =
		rows[i].at == SOURCE_CONNECT
			? observation_new()
			: fixture_live(strcmp(rows[i].mode, "galera") == 0 ? "healthy-db1"
									   : "pair-healthy-m1");

	observation_answer(o, SOURCE_LOCAL, ANSWERED, 0, NULL);
	observation_answer(o, rows[i].at, rows[i].outcome, rows[i].error, "words of the server");
	return o;
}

START_TEST(fault)
{
	char name[64];
	struct text t = text_on(name, sizeof(name));

	text_addf(&t, "error %u at source %u", rows[_i].error, (unsigned)rows[_i].at);
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		dbv_observation *o = observed((size_t)_i);
		dbv_policy *p = fixture_policy(rows[_i].mode, role_names[r]);

		fixture_expect(o, p, rows[_i].want[r], name);
		dbv_policy_free(p);
		observation_free(o);
	}
}
END_TEST

/* OpenSSL's and Connector/C's words behind error 2026. */
static const struct {
	const char *words;
	const char *want;
} tls_rows[] = {
	{ "TLS/SSL error: self-signed certificate in certificate chain", "unknown:server.tls" },
	{ "TLS/SSL error: certificate has expired", "unknown:server.tls" },
	{ "TLS/SSL error: unable to get local issuer certificate", "unknown:server.tls" },
	{ "TLS/SSL error: hostname mismatch", "unknown:server.tls" },
	{ "TLS/SSL error: Validation of SSL server certificate failed", "unknown:server.tls" },
	{ "TLS/SSL error: tlsv1 alert unknown ca", "unknown:server.tls" },
	{ "TLS/SSL error: unsupported protocol", "unknown:server.tls" },
	{ "TLS/SSL error: No such file or directory", "unknown:server.tls" },
	{ "TLS is required, the server offers none", "unknown:server.tls" },
	{ "ssl-mode=verify-ca wants ssl-ca", "unknown:server.tls" },
	{ "TLS/SSL error: unexpected eof while reading", "down:server.unreachable" },
	{ "TLS/SSL error: Connection reset by peer (104)", "down:server.unreachable" },
	{ "TLS/SSL error: wrong version number", "down:server.protocol" },
	{ "TLS/SSL error: packet length too long", "down:server.protocol" },
	{ "", "down:server.protocol" },
};

START_TEST(tls)
{
	dbv_observation *o = observation_new();
	dbv_policy *p = fixture_policy("galera", "write");

	observation_answer(o, SOURCE_CONNECT, FAILED, 2026, tls_rows[_i].words);
	fixture_expect(o, p, tls_rows[_i].want, tls_rows[_i].words);
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

static const struct {
	const char *account;
	const char *words;
	const char *message;
} grants[] = {
	{ "check@10.0.0.%", "you need (at least one of) the SUPER, SLAVE MONITOR privilege(s)",
		"GRANT SLAVE MONITOR ON *.* TO 'check'@'10.0.0.%'" },
	{ "check@%", "you need (at least one of) the SUPER, REPLICATION CLIENT privilege(s)",
		"GRANT REPLICATION CLIENT ON *.* TO 'check'@'%'" },
	{ "odd@name@%", "", "GRANT REPLICATION CLIENT ON *.* TO 'odd@name'@'%'" },
};

START_TEST(grant_to_run)
{
	dbv_observation *o = fixture_live("pair-healthy-m1");
	dbv_policy *p = fixture_policy("replication", "read");

	ck_assert(observation_set(o, V_ACCOUNT, grants[_i].account));
	observation_answer(o, SOURCE_CHANNEL, FAILED, 1227, grants[_i].words);
	dbv_verdict *v = dbv_judge(o, NULL, p);

	ck_assert_str_eq(dbv_finding_by_id(v, "server.privilege_missing"), grants[_i].message);
	dbv_verdict_free(v);
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

START_TEST(grant_to_see_others)
{
	dbv_observation *o = fixture_live("healthy-db1");
	dbv_policy *p = fixture_policy("galera", "write");

	fixture_change(o, "sessions_own=1 sessions_foreign=0 Threads_connected=5");
	ck_assert(observation_set(o, V_ACCOUNT, "check@10.0.0.%"));
	dbv_verdict *v = dbv_judge(o, NULL, p);

	ck_assert_str_eq(dbv_finding_by_id(v, "server.processlist_partial"),
		"writes that hang are not seen: GRANT PROCESS ON *.* TO 'check'@'10.0.0.%'");
	dbv_verdict_free(v);
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

/* What was not read leaves a recorded node unknown, and is listed; what is down stays down. */
START_TEST(not_judged)
{
	dbv_observation *o = observation_new();
	dbv_policy *p = fixture_policy("galera", "read");

	fixture_expect(o, p, "unknown", "nothing at all");
	observation_answer(o, SOURCE_GLOBAL_VARIABLES, ANSWERED, 0, NULL);
	fixture_change(o, "wsrep_on=ON wsrep_reject_queries=NONE wsrep_dirty_reads=ON");
	fixture_expect(o, p, "unknown:galera.dirty_reads", "variables alone");
	fixture_change(o, "wsrep_reject_queries=ALL");
	fixture_expect(o, p, "down:galera.rejects_queries", "variables alone, bad ones");
	dbv_verdict *v = dbv_judge(o, NULL, p);
	bool listed = false;

	for (size_t i = 0; i < dbv_not_judged(v); i++)
		listed = listed || strcmp(dbv_not_judged_id(v, i), "galera.not_ready") == 0;
	ck_assert(listed);
	dbv_verdict_free(v);
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

/* Nothing is known behind a full server: hiding the finding must not make it well. */
START_TEST(nothing_known_is_not_up)
{
	dbv_observation *o = observation_new();
	dbv_policy *p = fixture_policy("galera", "read");

	observation_answer(o, SOURCE_CONNECT, FAILED, 1040, "Too many connections");
	ck_assert(dbv_policy_set(p, "severity", "server.too_many_connections=degraded", NULL, 0));
	fixture_expect(o, p, "50:server.too_many_connections", "full, degraded by option");
	ck_assert(dbv_policy_set(p, "severity", "server.too_many_connections=note", NULL, 0));
	fixture_expect(o, p, "unknown:server.too_many_connections", "full, noted by option");
	ck_assert(dbv_policy_set(p, "severity", "server.too_many_connections=ignore", NULL, 0));
	fixture_expect(o, p, "unknown", "full, ignored by option");
	observation_answer(o, SOURCE_CONNECT, FAILED, 3032, "offline");
	ck_assert(dbv_policy_set(p, "severity", "server.offline=degraded", NULL, 0));
	fixture_expect(o, p, "unknown:server.offline", "offline at login, degraded by option");
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

START_TEST(late_and_ignored_is_not_up)
{
	dbv_observation *o = fixture_live("pair-healthy-m1");
	dbv_policy *p = fixture_policy("replication", "read");

	observation_answer(o, SOURCE_CHANNEL, LATE, 0, "SHOW ALL SLAVES STATUS");
	ck_assert(dbv_policy_set(p, "severity", "replication.lag_unknown=degraded", NULL, 0));
	fixture_expect(o, p, "50:replication.lag_unknown", "late, degraded by option");
	ck_assert(dbv_policy_set(p, "severity", "replication.lag_unknown=ignore", NULL, 0));
	fixture_expect(o, p, "unknown", "late, ignored by option");
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

/* A statement that was refused answers no threshold. */
START_TEST(refused_and_asked_for)
{
	dbv_observation *o = fixture_live("healthy-db1");
	dbv_policy *p = fixture_policy("galera", "read");

	observation_answer(o, SOURCE_SESSIONS, FAILED, 1064, "syntax");
	fixture_expect(o, p, "up", "no process list");
	ck_assert(dbv_policy_set(p, "critical", "write_stall=5", NULL, 0));
	fixture_expect(o, p, "50:server.writes_blocked", "no process list, threshold");
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

TCase *
faults_case(void)
{
	TCase *c = tcase_create("faults");

	tcase_add_loop_test(c, fault, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(c, tls, 0, sizeof(tls_rows) / sizeof(tls_rows[0]));
	tcase_add_loop_test(c, grant_to_run, 0, sizeof(grants) / sizeof(grants[0]));
	tcase_add_test(c, grant_to_see_others);
	tcase_add_test(c, not_judged);
	tcase_add_test(c, nothing_known_is_not_up);
	tcase_add_test(c, late_and_ignored_is_not_up);
	tcase_add_test(c, refused_and_asked_for);
	return c;
}
