/* SPDX-License-Identifier: MIT
 *
 * The canary: when it is sent, what is sent, and what its silence and its errors cost.
 */
#include <check.h>
#include <string.h>

#include "canary.h"
#include "fixture.h"
#include "sessions.h"
#include "suites.h"

/* A live node of the checker's own account "check", which was told to write. */
static dbv_observation *
node(const char *mode)
{
	dbv_observation *o =
		fixture_live(strcmp(mode, "galera") == 0 ? "healthy-db1" : "pair-healthy-m1");

	fixture_change(o, "USER()=check@127.0.0.1 CURRENT_USER()=check@% hostname=db1 port=3306");
	return o;
}

static dbv_policy *
policy(const char *mode, const char *role, const char *grace)
{
	dbv_policy *p = fixture_policy(mode, role);

	ck_assert(dbv_policy_set(p, "canary", "dbvitals.canary", NULL, 0));
	ck_assert(dbv_policy_set(p, "canary-grace", grace, NULL, 0));
	return p;
}

static const struct {
	const char *name;
	const char *mode;
	const char *role;
	const char *changes;
	bool due;
} due_rows[] = {
	{ "a holder", "galera", "write", "", true },
	{ "a reader", "galera", "read", "", false },
	{ "a candidate", "galera", "promote", "", false },
	{ "a holder of a pair", "replication", "write", "", true },
	{ "a reader of a pair", "replication", "read", "", false },
	{ "wsrep_on off: the row would stay here", "galera", "write", "wsrep_on=OFF", false },
	{ "wsrep_on unknown", "galera", "write", "-wsrep_on", false },
	{ "no provider", "galera", "write", "wsrep_provider=none", false },
	{ "non-Primary", "galera", "write", "wsrep_cluster_status=non-Primary", false },
	{ "Disconnected", "galera", "write", "wsrep_cluster_status=Disconnected", false },
	{ "no status", "galera", "write", "-wsrep_cluster_status", false },
	{ "desynced", "galera", "write", "wsrep_desync=ON wsrep_local_state=2", true },
	{ "a pair's provider named none", "replication", "write",
		"wsrep_provider=none wsrep_on=OFF", true },
	{ "a cluster's node judged as a pair's", "replication", "write",
		"wsrep_provider=/usr/lib/libgalera_smm.so wsrep_on=OFF", false },
	{ "the same, whole", "replication", "write",
		"wsrep_provider=/usr/lib/libgalera_smm.so wsrep_on=ON wsrep_cluster_status=Primary",
		true },
	{ "read_only", "galera", "write", "read_only=ON", false },
	{ "MariaDB 12's other words", "galera", "write", "read_only=NO_LOCK", false },
	{ "super_read_only", "replication", "write", "super_read_only=ON", false },
	{ "innodb_read_only", "replication", "write", "innodb_read_only=ON", false },
	{ "Group Replication", "replication", "write", "group_replication_group_name=aaaa", false },
	{ "in maintenance", "galera", "write", "maintenance_file=/run/drain", false },
	{ "an earlier one hangs", "galera", "write", "canary_earlier=7", false },
	{ "an earlier one of this second may be on its way", "galera", "write", "canary_earlier=0",
		true },
	{ "its own name unknown", "galera", "write", "-USER()", false },
};

START_TEST(due)
{
	dbv_observation *o = node(due_rows[_i].mode);
	dbv_policy *p = policy(due_rows[_i].mode, due_rows[_i].role, "20");

	fixture_change(o, due_rows[_i].changes);
	ck_assert_msg(canary_is_due(o, p) == due_rows[_i].due, "%s", due_rows[_i].name);
	observation_answer(o, SOURCE_SESSIONS, FAILED, 1064, "refused");
	ck_assert_msg(!canary_is_due(o, p), "%s, no process list", due_rows[_i].name);
	dbv_policy_free(p);
	p = fixture_policy(due_rows[_i].mode, due_rows[_i].role);
	observation_answer(o, SOURCE_SESSIONS, ANSWERED, 0, NULL);
	ck_assert_msg(!canary_is_due(o, p), "%s, not asked for", due_rows[_i].name);
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

static const struct {
	const char *table;
	const char *changes;
	const char *target;
	const char *key;
} statement_rows[] = {
	{ "dbvitals.canary", "", "`dbvitals`.`canary`", "'db1:3306'" },
	{ "order.key$1", "", "`order`.`key$1`", "'db1:3306'" },
	{ "a.b", "hostname=db-1.example.org port=13306", "`a`.`b`", "'db-1.example.org:13306'" },
	{ "a.b", "hostname=d'b\\1`\"/*", "`a`.`b`", "'d-b-1----:3306'" },
	{ "a.b", "-hostname -port", "`a`.`b`", "':'" },
};

START_TEST(statement)
{
	dbv_observation *o = node("galera");
	dbv_policy *p = fixture_policy("galera", "write");
	char buf[2048], want[512];
	struct text sql = text_on(buf, sizeof(buf)), t = text_on(want, sizeof(want));

	ck_assert(dbv_policy_set(p, "canary", statement_rows[_i].table, NULL, 0));
	fixture_change(o, statement_rows[_i].changes);
	canary_statement(o, p, &sql);
	text_addf(&t,
		CANARY_MARK
		" INSERT INTO %s (node, beats) VALUES (%s, 1) ON DUPLICATE KEY UPDATE beats = beats + 1",
		statement_rows[_i].target, statement_rows[_i].key);
	ck_assert_str_eq(buf, want);
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

/* A Galera node, role write, but for where the name says otherwise. */
/* What the process list tells of earlier canaries. */
static const struct {
	const char *name;
	struct session_row row;
	/* NULL: none. */
	const char *earlier;
} session_rows[] = {
	{ "nobody's",
		{ .user = "app",
			.command = "Query",
			.seconds = "9",
			.state = "Commit",
			.info = "insert" },
		NULL },
	{ "its own that hangs",
		{ .user = "check",
			.command = "Query",
			.seconds = "9",
			.state = "Commit",
			.info = CANARY_MARK " INSERT" },
		"9" },
	{ "its own that was killed and hangs all the same",
		{ .user = "check",
			.command = "Killed",
			.seconds = "9",
			.state = "Commit",
			.info = CANARY_MARK " INSERT" },
		"9" },
	{ "younger than a second",
		{ .user = "check",
			.command = "Query",
			.seconds = "0",
			.state = "Commit",
			.info = CANARY_MARK " INSERT" },
		"0" },
	{ "another account's",
		{ .user = "app",
			.command = "Query",
			.seconds = "9",
			.state = "Commit",
			.info = CANARY_MARK " INSERT" },
		NULL },
	{ "its own look",
		{ .user = "check",
			.command = "Query",
			.seconds = "0",
			.state = "starting",
			.info = "SHOW PROCESSLIST" },
		NULL },
	{ "its own, done and not gone",
		{ .user = "check", .command = "Sleep", .seconds = "9", .state = "", .info = NULL },
		NULL },
	{ "its own without a time",
		{ .user = "check",
			.command = "Query",
			.seconds = NULL,
			.state = "Commit",
			.info = CANARY_MARK " INSERT" },
		NULL },
	{ "the mark somewhere in it",
		{ .user = "check",
			.command = "Query",
			.seconds = "9",
			.state = "Commit",
			.info = "SELECT '" CANARY_MARK "'" },
		NULL },
};

START_TEST(session)
{
	struct sessions s = { .own = 0 };
	dbv_observation *o = observation_new();
	const struct session_row younger = { .user = "check",
		.command = "Query",
		.seconds = "0",
		.state = "Update",
		.info = CANARY_MARK " INSERT" };
	bool is_earlier = session_rows[_i].earlier != NULL;

	sessions_add(&s, "7", &session_rows[_i].row, "check@127.0.0.1");
	if (is_earlier)
		sessions_add(&s, "8", &younger, "check@127.0.0.1");
	ck_assert(sessions_keep(&s, o));
	ck_assert_msg((o->values[V_CANARY_EARLIER].kind != VALUE_ABSENT) == is_earlier, "%s",
		session_rows[_i].name);
	if (is_earlier) {
		/* The oldest counts, and none of them for write_stall, which has a limit of its own. */
		ck_assert_str_eq(o->values[V_CANARY_EARLIER].text, session_rows[_i].earlier);
		ck_assert_str_eq(o->values[V_CANARY_STATE].text, "Commit");
		ck_assert_double_eq(o->values[V_COMMIT_WAIT].number, 0);
		ck_assert_uint_eq(o->waiting_count, 0);
	}
	observation_free(o);
}
END_TEST

static const struct {
	const char *name;
	enum outcome outcome;
	unsigned error;
	const char *grace;
	const char *changes;
	const char *want;
} cost_rows[] = {
	{ "committed", ANSWERED, 0, "20", "", "up !server.canary_slow !server.writes_blocked" },
	{ "hangs", LATE, 0, "20", "canary_waited=2.7",
		"50:server.canary_slow !server.writes_blocked !server.timeout" },
	{ "hangs, no time given", LATE, 0, "20", "canary_waited=0.01", "50:server.canary_slow" },
	{ "an earlier one hangs", NOT_ASKED, 0, "20", "canary_earlier=20",
		"50:server.canary_slow" },
	{ "another checker's is on its way, and ours came home", ANSWERED, 0, "20",
		"canary_earlier=0", "up !server.canary_slow" },
	{ "another one of this second, and ours hangs", LATE, 0, "20",
		"canary_earlier=0 canary_waited=0.4", "50:server.canary_slow" },
	{ "beyond its grace", NOT_ASKED, 0, "20", "canary_earlier=21 wsrep_cluster_size=1",
		"down:server.writes_blocked !server.canary_slow" },
	{ "beyond its grace, of several", NOT_ASKED, 0, "20", "canary_earlier=21",
		"down:server.writes_blocked" },
	{ "a grace within one look", LATE, 0, "1", "canary_waited=2.7 wsrep_cluster_size=1",
		"down:server.writes_blocked" },
	{ "no grace", LATE, 0, "0", "canary_waited=0.1 wsrep_cluster_size=1",
		"down:server.writes_blocked" },
	{ "it was waited for here for longer", LATE, 0, "2",
		"canary_waited=2.7 canary_earlier=1 wsrep_cluster_size=1",
		"down:server.writes_blocked" },

	/* what the whole cluster shares */
	{ "a schema change", NOT_ASKED, 0, "20", "canary_earlier=300 schema_change=ALTER",
		"25:server.writes_blocked galera.schema_upgrade" },
	{ "a schema change, within its grace", NOT_ASKED, 0, "20",
		"canary_earlier=5 schema_change=ALTER", "50:server.canary_slow" },
	{ "flow control asked for elsewhere", NOT_ASKED, 0, "20",
		"canary_earlier=300 wsrep_flow_control_active=true", "25:server.writes_blocked" },
	{ "an eviction", NOT_ASKED, 0, "1", "canary_earlier=20 wsrep_evs_state=GATHER",
		"25:server.writes_blocked galera.evs_not_operational" },
	{ "an eviction that does not end", NOT_ASKED, 0, "1",
		"canary_earlier=21 wsrep_evs_state=GATHER", "down:server.writes_blocked" },
	{ "nobody is suspected yet", NOT_ASKED, 0, "1", "canary_earlier=6",
		"25:server.writes_blocked" },
	{ "nobody is suspected in time", NOT_ASKED, 0, "1", "canary_earlier=7",
		"down:server.writes_blocked" },
	{ "a suspicion with a longer timeout of its own", NOT_ASKED, 0, "1",
		"canary_earlier=11 wsrep_provider_options=evs.suspect_timeout~=~PT10S;",
		"25:server.writes_blocked" },
	{ "nobody to be suspected", NOT_ASKED, 0, "1", "canary_earlier=2 wsrep_cluster_size=1",
		"down:server.writes_blocked" },
	{ "its own state: a full disk is never excused", NOT_ASKED, 0, "20",
		"canary_earlier=21 canary_state=Waiting~for~someone~to~free~space schema_change=ALTER",
		"down:server.writes_blocked" },
	{ "its own state: a lock of the server is never excused", NOT_ASKED, 0, "1",
		"canary_earlier=2 canary_state=Waiting~for~backup~lock",
		"down:server.writes_blocked" },
	{ "its own state: certification is", NOT_ASKED, 0, "1",
		"canary_earlier=2 canary_state=Waiting~for~certification",
		"25:server.writes_blocked" },
	{ "another session's state: a full disk is never excused", LATE, 0, "1",
		"canary_waited=2.7 server_wait=1 schema_change=ALTER",
		"down:server.writes_blocked" },

	/* the metric */
	{ "the metric is worse", NOT_ASKED, 0, "20", "canary_earlier=5 commit_wait=11",
		"down:server.writes_blocked server.canary_slow" },

	/* errors */
	{ "read_only came between", FAILED, 1290, "20", "", "down:server.read_only" },
	{ "InnoDB is read-only", FAILED, 1036, "20", "", "down:server.read_only" },
	{ "MySQL's InnoDB is", FAILED, 1836, "20", "", "down:server.read_only" },
	{ "transactions are", FAILED, 1792, "20", "", "down:server.read_only" },
	{ "not ready", FAILED, 1047, "20", "", "down:galera.not_ready" },
	{ "a conflict proves that commits work", FAILED, 1213, "20", "canary_waited=4",
		"up !server.canary_slow !server.writes_blocked" },
	{ "gave up waiting for a lock", FAILED, 1205, "20", "canary_waited=1.1",
		"50:server.canary_slow" },
	{ "gave up beyond its grace", FAILED, 1205, "1", "canary_waited=1.1 wsrep_cluster_size=1",
		"down:server.writes_blocked" },
	{ "somebody ended it", FAILED, 1317, "20", "canary_waited=2", "50:server.canary_slow" },
	{ "disk full", FAILED, 1021, "20", "", "down:server.writes_blocked" },
	{ "table full", FAILED, 1114, "20", "", "down:server.writes_blocked" },
	{ "storage engine", FAILED, 1030, "20", "", "down:server.writes_blocked" },
	{ "binary log", FAILED, 1026, "20", "", "down:server.writes_blocked" },
	{ "write error", FAILED, 3, "20", "", "down:server.writes_blocked" },
	{ "never heard of", FAILED, 4999, "20", "", "down:server.writes_blocked" },
	{ "no such schema", FAILED, 1049, "20", "", "50:server.canary_unusable" },
	{ "no such table", FAILED, 1146, "20", "", "50:server.canary_unusable" },
	{ "no such column", FAILED, 1054, "20", "", "50:server.canary_unusable" },
	{ "a column more", FAILED, 1364, "20", "", "50:server.canary_unusable" },
	{ "a key too short", FAILED, 1406, "20", "", "50:server.canary_unusable" },
	{ "a number too small", FAILED, 1264, "20", "", "50:server.canary_unusable" },
	{ "may not write", FAILED, 1142, "20", "", "50:server.canary_unusable" },
	{ "may not read a column", FAILED, 1143, "20", "", "50:server.canary_unusable" },
	{ "may not go there", FAILED, 1044, "20", "", "50:server.canary_unusable" },
	{ "may not call a trigger's function", FAILED, 1370, "20", "",
		"50:server.canary_unusable" },
	{ "the server is gone", FAILED, 2013, "20", "", "down:server.shutting_down" },
	{ "a shutdown", FAILED, 1053, "20", "", "down:server.shutting_down" },
	{ "nonsense", NONSENSE, 0, "20", "", "down:server.protocol" },
	{ "it was not come to", NOT_ASKED, 0, "20", "", "50:server.canary_slow" },
	{ "nothing could be proved on a node that is read-only", NOT_ASKED, 0, "20", "read_only=ON",
		"down:server.read_only !server.canary_slow" },
};

START_TEST(cost)
{
	dbv_observation *o = node("galera");
	dbv_policy *p = policy("galera", "write", cost_rows[_i].grace);

	fixture_change(o, cost_rows[_i].changes);
	observation_answer(o, SOURCE_CANARY, cost_rows[_i].outcome, cost_rows[_i].error, "words");
	fixture_expect(o, p, cost_rows[_i].want, cost_rows[_i].name);
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

/* The metric speaks of the same thing, and is no worse. */
START_TEST(told_once)
{
	static const char *const waits[] = { "commit_wait=0", "commit_wait=5", "commit_wait=11" };
	dbv_policy *p = policy("galera", "write", "20");

	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		dbv_observation *o = node("galera");

		fixture_change(o, "canary_earlier=21");
		fixture_change(o, waits[i]);
		dbv_verdict *v = dbv_judge(o, NULL, p);

		ck_assert_uint_eq(dbv_findings(v), 1);
		ck_assert_str_eq(dbv_finding_message(v, 0),
			"a commit has been hanging for 21 s (limit 20 s)");
		dbv_verdict_free(v);
		observation_free(o);
	}
	dbv_policy_free(p);
}
END_TEST

/* Nobody else's verdict knows of it. */
START_TEST(not_asked_for)
{
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		dbv_observation *o = node("galera");
		dbv_policy *p = fixture_policy("galera", role_names[r]);

		fixture_change(o, "canary_earlier=300 canary_state=Waiting~for~certification");
		fixture_expect(o, p, "up !server.canary_slow !server.writes_blocked", "no option");
		dbv_policy_free(p);
		p = policy("galera", role_names[r], "20");
		fixture_expect(o, p,
			r == ROLE_WRITE ? "down:server.writes_blocked"
					: "up !server.canary_slow !server.writes_blocked",
			"with the option");
		dbv_policy_free(p);
		observation_free(o);
	}
}
END_TEST

static const struct {
	enum source at;
	enum outcome outcome;
	unsigned error;
	const char *changes;
	const char *check;
	const char *message;
} message_rows[] = {
	{ SOURCE_CANARY, LATE, 0, "canary_waited=2.699", "server.canary_slow",
		"a commit has been hanging for 2.699 s (limit 20 s)" },
	{ SOURCE_CANARY, NOT_ASKED, 0,
		"canary_earlier=25 canary_state=Waiting~for~someone~to~free~space",
		"server.writes_blocked",
		"a commit has been hanging for 25 s (limit 20 s) in \"Waiting for someone to free space\"" },
	{ SOURCE_CANARY, NOT_ASKED, 0, "canary_earlier=25 schema_change=ALTER",
		"server.writes_blocked",
		"a commit has been hanging for 25 s (limit 20 s); a schema change is running, which holds up every node" },
	{ SOURCE_CANARY, NOT_ASKED, 0, "", "server.canary_slow",
		"no commit was tried: what is asked before it was not answered" },
	{ SOURCE_CANARY, FAILED, 1142, "", "server.canary_unusable",
		"GRANT INSERT, UPDATE, SELECT ON `dbvitals`.`canary` TO 'check'@'%'; dbvitals grants --canary=dbvitals.canary prints what it needs" },
	{ SOURCE_CANARY, FAILED, 1146, "", "server.canary_unusable",
		"the canary: words (error 1146); dbvitals grants --canary=dbvitals.canary prints what it needs" },
	{ SOURCE_CANARY, FAILED, 1021, "", "server.writes_blocked",
		"the canary: words (error 1021)" },
	{ SOURCE_CANARY_SETTINGS, FAILED, 1193, "", "server.canary_unusable",
		"the canary's SET SESSION: words (error 1193); dbvitals grants --canary=dbvitals.canary prints what it needs" },
};

START_TEST(message)
{
	dbv_observation *o = node("galera");
	dbv_policy *p = policy("galera", "write", "20");

	fixture_change(o, "canary_table=dbvitals.canary");
	fixture_change(o, message_rows[_i].changes);
	observation_answer(
		o, message_rows[_i].at, message_rows[_i].outcome, message_rows[_i].error, "words");
	dbv_verdict *v = dbv_judge(o, NULL, p);

	ck_assert_uint_eq(dbv_findings(v), 1 + (strstr(message_rows[_i].changes, "ALTER") != NULL));
	ck_assert_str_eq(dbv_finding_id(v, 0), message_rows[_i].check);
	ck_assert_str_eq(dbv_finding_message(v, 0), message_rows[_i].message);
	dbv_verdict_free(v);
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

TCase *
canary_case(void)
{
	TCase *c = tcase_create("canary");

	tcase_add_loop_test(c, due, 0, sizeof(due_rows) / sizeof(due_rows[0]));
	tcase_add_loop_test(c, statement, 0, sizeof(statement_rows) / sizeof(statement_rows[0]));
	tcase_add_loop_test(c, session, 0, sizeof(session_rows) / sizeof(session_rows[0]));
	tcase_add_loop_test(c, cost, 0, sizeof(cost_rows) / sizeof(cost_rows[0]));
	tcase_add_loop_test(c, message, 0, sizeof(message_rows) / sizeof(message_rows[0]));
	tcase_add_test(c, told_once);
	tcase_add_test(c, not_asked_for);
	return c;
}
