/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <string.h>

#include "fixture.h"
#include "suites.h"

static const struct {
	const char *name;
	const char *value;
	/* NULL: accepted; else part of the complaint. */
	const char *complaint;
} settings[] = {
	{ "role", "write", NULL },
	{ "role", "auto", "unknown role \"auto\"" },
	{ "role", "promot", "did you mean \"promote\"?" },
	{ "mode", "replication", NULL },
	{ "mode", "Galera", "did you mean \"galera\"?" },
	{ "channel", "archive", NULL },
	{ "min-up", "2", NULL },
	{ "min-up", "65535", NULL },
	{ "min-up", "0", "min-up is not 1..65535: \"0\"" },
	{ "min-up", "65536", "min-up is not 1..65535" },
	{ "min-up", "2.5", "min-up is not 1..65535" },
	{ "min-up", "-1", "min-up is not 1..65535" },
	{ "min-up", "", "min-up is not 1..65535: \"\"" },
	{ "min-up", "many", "min-up is not 1..65535: \"many\"" },
	{ "colour", "red", "unknown setting \"colour\"" },
	{ "warning", "30", NULL },
	{ "warning", "lag=30:60", NULL },
	{ "warning", "recv_queue=", "malformed range \"\"" },
	{ "warning", "recv_queue=~:", NULL },
	{ "warning", "lagg=30", "did you mean \"lag\"?" },
	{ "warning", "lag=many", "malformed range \"many\"" },
	{ "critical", "thirty", "malformed range \"thirty\"" },
	{ "critical", "=5", "unknown metric \"\"" },
	{ "critical",
		"a_name_that_is_far_longer_than_any_metric_could_ever_be_and_then_some_more=1",
		"unknown metric" },
	{ "severity", "galera.donor=degraded", NULL },
	{ "severity", "galera.doner=degraded", "did you mean \"galera.donor\"?" },
	{ "severity", "galera.donor=bad", "unknown severity \"bad\"" },
	{ "severity", "galera.donor=unknown", "unknown severity \"unknown\"" },
	{ "severity", "galera.donor", "expected CHECK=SEVERITY" },
	{ "severity", "server.timeout=degraded", "its severity is fixed" },
	{ "severity", "server.access_denied=ignore", "its severity is fixed" },
	{ "severity", "server.access_denied=down", NULL },
	{ "severity", "server.timeout=down", NULL },
	{ "severity", "esc\033|=down", "\"esc??\"" },
	{ "canary", "dbvitals.canary", NULL },
	{ "canary", "a$.B_2", NULL },
	{ "canary", "", "expected SCHEMA.TABLE" },
	{ "canary", "canary", "expected SCHEMA.TABLE" },
	{ "canary", ".canary", "expected SCHEMA.TABLE" },
	{ "canary", "dbvitals.", "expected SCHEMA.TABLE" },
	{ "canary", "a.b.c", "expected SCHEMA.TABLE" },
	{ "canary", "a.`b`", "expected SCHEMA.TABLE" },
	{ "canary", "a.b\n", "not \"a.b \"" },
	{ "canary", "a.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL },
	{ "canary", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.a",
		"expected SCHEMA.TABLE" },
	{ "canary", "a.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"expected SCHEMA.TABLE" },
	{ "canary-grace", "0", NULL },
	{ "canary-grace", "0.5", NULL },
	{ "canary-grace", "3601", "from 0 to 3600" },
	{ "canary-grace", "-1", "from 0 to 3600" },
	{ "canary-grace", "", "from 0 to 3600" },
};

START_TEST(setting)
{
	dbv_policy *p = dbv_policy_new();
	char error[DBV_ERROR_SIZE] = "";
	bool set = dbv_policy_set(p, settings[_i].name, settings[_i].value, error, sizeof(error));

	ck_assert_msg(set == (settings[_i].complaint == NULL), "%s %s: %s", settings[_i].name,
		settings[_i].value, error);
	if (!set)
		ck_assert_msg(strstr(error, settings[_i].complaint) != NULL, "%s", error);
	ck_assert(dbv_policy_set(p, settings[_i].name, settings[_i].value, NULL, 0) == set);
	ck_assert(dbv_policy_set(p, settings[_i].name, settings[_i].value, error, 0) == set);
	dbv_policy_free(p);
}
END_TEST

/* What thresholds and severities make of a value: lag 31 (default 30 / 300 for read), receive queue
 * 101. */
static const struct {
	const char *mode;
	const char *role;
	const char *changes;
	const char *set[3][2];
	const char *want;
} costs[] = {
	{ "replication", "read", "Seconds_Behind_Master=31", { { NULL } }, "50:replication.lag" },
	{ "replication", "read", "Seconds_Behind_Master=31", { { "warning", "60" } }, "up" },
	{ "replication", "read", "Seconds_Behind_Master=31", { { "warning", "~:" } }, "up" },
	{ "replication", "read", "Seconds_Behind_Master=31", { { "critical", "30" } },
		"down:replication.lag" },
	{ "replication", "read", "Seconds_Behind_Master=31", { { "warning", "lag=@31:31" } },
		"50:replication.lag" },
	/* A note by default; asked for explicitly it costs a band. */
	{ "replication", "write", "Seconds_Behind_Master=31", { { NULL } }, "up replication.lag" },
	{ "replication", "write", "Seconds_Behind_Master=31", { { "warning", "30" } },
		"50:replication.lag" },
	{ "replication", "write", "Seconds_Behind_Master=31", { { "critical", "30" } },
		"down:replication.lag" },
	{ "replication", "promote", "Seconds_Behind_Master=31", { { "warning", "30" } },
		"25:replication.lag" },
	{ "replication", "read", "Seconds_Behind_Master=31",
		{ { "severity", "replication.lag=note" } }, "up replication.lag" },
	{ "replication", "read", "Seconds_Behind_Master=31",
		{ { "severity", "replication.lag=ignore" } }, "up !replication.lag" },
	{ "replication", "write", "Seconds_Behind_Master=31",
		{ { "severity", "replication.lag=degraded" } }, "50:replication.lag" },
	{ "replication", "promote", "Seconds_Behind_Master=31",
		{ { "severity", "replication.lag=degraded" } }, "25:replication.lag" },
	{ "replication", "read", "Seconds_Behind_Master=400",
		{ { "severity", "replication.lag=degraded" } }, "50:replication.lag" },
	{ "galera", "promote", "wsrep_local_recv_queue=5000",
		{ { "critical", "recv_queue=100" }, { "severity", "galera.recv_queue=degraded" } },
		"25:galera.recv_queue" },
	/* Not seen is not none. */
	{ "galera", "write", "sessions_own=1 sessions_foreign=0 Threads_connected=9 commit_wait=0",
		{ { "critical", "write_stall=5" } },
		"50:server.writes_blocked server.processlist_partial" },
	{ "replication", "read", "", { { "warning", "relay_backlog=@0" } },
		"50:replication.relay_backlog" },
	/* The last one said holds. */
	{ "replication", "read", "Seconds_Behind_Master=31",
		{ { "critical", "30" }, { "critical", "300" } }, "50:replication.lag" },
	{ "galera", "read", "wsrep_local_state=2", { { "severity", "galera.donor=degraded" } },
		"50:galera.donor" },
	{ "galera", "write", "wsrep_local_state=2 wsrep_desync=ON",
		{ { "severity", "galera.desynced=down" } }, "down:galera.desynced" },
	{ "galera", "read", "", { { "critical", "cluster_size=4:" } }, "down:galera.cluster_size" },
	{ "galera", "read", "",
		{ { "warning", "cluster_size=4:" }, { "critical", "cluster_size=2:" } },
		"50:galera.cluster_size" },
	/* Asked for and not reported. */
	{ "galera", "read", "-wsrep_local_recv_queue", { { NULL } }, "up" },
	{ "galera", "read", "-wsrep_local_recv_queue", { { "warning", "recv_queue=5" } },
		"50:galera.recv_queue" },
	{ "galera", "read", "wsrep_local_recv_queue=many", { { "critical", "recv_queue=5" } },
		"50:galera.recv_queue" },
	{ "galera", "write", "-commit_wait", { { "critical", "write_stall=5" } },
		"50:server.writes_blocked" },
	{ "galera", "write", "server_wait=soon", { { "critical", "write_stall=5" } },
		"50:server.writes_blocked" },
	{ "replication", "read", "-channels", { { "channel", "east" } },
		"down:replication.not_configured" },
	{ "galera", "read", "", { { "warning", "30" } }, "50:replication.lag" },
	{ "galera", "read", "", { { "warning", "lag=~:" } }, "50:replication.lag" },
	{ "replication", "read", "Slave_SQL_Running=No",
		{ { "severity", "replication.sql_stopped=note" }, { "critical", "lag=5" } },
		"50:replication.lag replication.sql_stopped" },
};

START_TEST(cost)
{
	dbv_policy *p = fixture_policy(costs[_i].mode, costs[_i].role);
	dbv_observation *o = fixture_live(
		strcmp(costs[_i].mode, "galera") == 0 ? "healthy-db1" : "pair-healthy-m1");
	char row[16];
	struct text t = text_on(row, sizeof(row));

	text_addf(&t, "row %d", _i);
	fixture_change(o, costs[_i].changes);
	for (size_t i = 0; i < 3 && costs[_i].set[i][0]; i++)
		ck_assert(dbv_policy_set(p, costs[_i].set[i][0], costs[_i].set[i][1], NULL, 0));
	fixture_expect(o, p, costs[_i].want, row);
	observation_free(o);
	dbv_policy_free(p);
}
END_TEST

START_TEST(metric_read_back)
{
	dbv_policy *p = fixture_policy("replication", "read");
	dbv_observation *o = fixture_live("pair-lag-lock-tables-m1");
	double value = 0;

	ck_assert(dbv_policy_set(p, "warning", "5:", NULL, 0));
	dbv_verdict *v = dbv_judge(o, NULL, p);
	size_t lag = dbv_metric_by_name(v, "lag");

	ck_assert_uint_lt(lag, dbv_metrics(v));
	ck_assert_str_eq(dbv_metric_unit(v, lag), "s");
	ck_assert_str_eq(dbv_metric_warning(v, lag), "5:");
	ck_assert_str_eq(dbv_metric_critical(v, lag), "300");
	ck_assert(dbv_metric_value(v, lag, &value));
	ck_assert_double_eq(value, 7);
	ck_assert_uint_eq(dbv_metric_by_name(v, "recv_queue"), dbv_metrics(v));
	dbv_verdict_free(v);
	observation_free(o);
	dbv_policy_free(p);
}
END_TEST

START_TEST(freed_without_having_been)
{
	dbv_policy_free(NULL);
	dbv_verdict_free(NULL);
	observation_free(NULL);
}
END_TEST

TCase *
policy_case(void)
{
	TCase *c = tcase_create("policy");

	tcase_add_loop_test(c, setting, 0, sizeof(settings) / sizeof(settings[0]));
	tcase_add_loop_test(c, cost, 0, sizeof(costs) / sizeof(costs[0]));
	tcase_add_test(c, metric_read_back);
	tcase_add_test(c, freed_without_having_been);
	return c;
}
