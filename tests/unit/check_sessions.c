/* SPDX-License-Identifier: MIT
 *
 * Process lists: rows as MariaDB 10.11 showed them, and MySQL's words.
 */
#include <check.h>
#include <string.h>

#include "canary.h"
#include "sessions.h"
#include "suites.h"
#include "text.h"

static const struct {
	const char *name;
	struct session_row row;
	double commit_wait;
	double server_wait;
	const char *schema_change;
} rows[] = {
	{ "idle", { "app", "Sleep", "700", "", NULL }, 0, 0, NULL },
	{ "certification", { "app", "Query", "3", "Waiting for certification", "insert into t" }, 3,
		0, NULL },
	{ "commit", { "app", "Query", "4", "Commit", "COMMIT" }, 4, 0, NULL },
	{ "binary log", { "app", "Query", "5", "Writing to binlog", "COMMIT" }, 5, 0, NULL },
	{ "MySQL's commit", { "app", "Query", "6", "waiting for handler commit", "COMMIT" }, 6, 0,
		NULL },
	{ "PXC's commit",
		{ "app", "Query", "7", "wsrep: replicating and certifying write set (12)",
			"COMMIT" },
		7, 0, NULL },
	{ "semi-synchronous replica",
		{ "app", "Query", "8", "Waiting for semi-sync ACK from slave", NULL }, 8, 0, NULL },
	{ "full disk", { "app", "Query", "9", "Waiting for someone to free space", "COMMIT" }, 0, 9,
		NULL },
	{ "read lock", { "app", "Query", "10", "Waiting for backup lock", "insert" }, 0, 10, NULL },
	{ "MySQL's read lock", { "app", "Query", "11", "Waiting for global read lock", "insert" },
		0, 11, NULL },
	{ "a table's lock", { "app", "Query", "12", "Waiting for table metadata lock", "insert" },
		0, 0, NULL },
	{ "a long query", { "app", "Query", "999", "Sending data", "select" }, 0, 0, NULL },
	{ "an applier", { "system user", "Sleep", "99", "Waiting for certification", NULL }, 0, 0,
		NULL },
	{ "no state", { "app", "Query", "5", NULL, NULL }, 0, 0, NULL },
	{ "no time", { "app", "Query", NULL, "Commit", NULL }, 0, 0, NULL },
	{ "a time of nonsense", { "app", "Query", "soon", "Commit", NULL }, 0, 0, NULL },
	{ "a negative time", { "app", "Query", "-4", "Commit", NULL }, 0, 0, NULL },
	{ "nothing at all", { NULL, NULL, NULL, NULL, NULL }, 0, 0, NULL },
	{ "schema change", { "app", "Query", "1", "copy to tmp table", "alter table big" }, 0, 0,
		"ALTER" },
	{ "an applier's schema change",
		{ "system user", "Query", "9", "altering table", "ALTER TABLE big" }, 0, 0,
		"ALTER" },
	{ "with a password in it",
		{ "app", "Query", "2", "", "GRANT ALL ON *.* TO u IDENTIFIED BY 'secret'" }, 0, 0,
		"GRANT" },
	{ "the end of an ALTER is no commit",
		{ "app", "Query", "1800", "Committing alter table to storage engine",
			"ALTER TABLE t" },
		0, 0, "ALTER" },
	{ "an implicit commit", { "app", "Query", "7", "Commit implicit", "TRUNCATE t" }, 7, 0,
		NULL },
	{ "behind comments",
		{ "app", "Query", "9", "", "/* migrate 12 */ -- now\n # and\n\talter table t" }, 0,
		0, "ALTER" },
	{ "in a statement of its own settings",
		{ "app", "Query", "9", "", "SET STATEMENT lock_wait_timeout=1 FOR ALTER TABLE t" },
		0, 0, "ALTER" },
	{ "a comment without end", { "app", "Query", "9", "", "/* alter" }, 0, 0, NULL },
	{ "settings for nothing", { "app", "Query", "9", "", "SET STATEMENT x=1" }, 0, 0, NULL },
	{ "a short one", { "app", "Query", "0", "copy to tmp table", "alter table t" }, 0, 0,
		NULL },
	{ "one that waits for its turn",
		{ "app", "Query", "9", "Waiting to execute in isolation", "create table t" }, 0, 0,
		NULL },
	{ "one that PXC lets wait",
		{ "app", "Query", "9", "wsrep: initiating TOI for write set (-1)",
			"create table t" },
		0, 0, NULL },
	{ "temporary", { "app", "Query", "9", "", "CREATE TEMPORARY TABLE t" }, 0, 0, NULL },
	{ "the end of a temporary one", { "app", "Query", "9", "", "DROP TEMPORARY TABLE t" }, 0, 0,
		NULL },
	{ "a longer word in capitals", { "app", "Query", "9", "COMMITTED", NULL }, 0, 0, NULL },
	{ "a bracket ends a word", { "app", "Query", "9", "Commit[1]", NULL }, 9, 0, NULL },
	{ "and so does what stands behind all letters", { "app", "Query", "9", "Commit~", NULL }, 9,
		0, NULL },
	{ "a daemon of the server's own", { "event_scheduler", "Daemon", "9", "Commit", NULL }, 0,
		0, NULL },
	{ "one behind a backup, which may let writes in",
		{ "app", "Query", "9", "Waiting for backup lock", "DROP TABLE t" }, 0, 0, NULL },
	{ "one behind a read lock",
		{ "app", "Query", "9", "Waiting for global read lock", "DROP TABLE t" }, 0, 9,
		NULL },
	{ "one that PXC 8 lets wait",
		{ "app", "Query", "9", "wsrep: preparing for TO isolation", "create table t" }, 0,
		0, NULL },
	{ "PXC's certification, of a schema change",
		{ "app", "Query", "9", "wsrep: write set replicated (4711)", "GRANT USAGE" }, 9, 0,
		NULL },
};

START_TEST(row)
{
	struct sessions s = { .own = 0 };

	sessions_add(&s, "7", &rows[_i].row, "check@127.0.0.1");
	ck_assert_msg(s.commit_wait == rows[_i].commit_wait, "%s", rows[_i].name);
	ck_assert_msg(s.server_wait == rows[_i].server_wait, "%s", rows[_i].name);
	ck_assert_msg(
		(s.schema_change == NULL) == (rows[_i].schema_change == NULL), "%s", rows[_i].name);
	if (s.schema_change)
		ck_assert_str_eq(s.schema_change, rows[_i].schema_change);
}
END_TEST

/* However many wait in commit, who waits for the whole server is kept, and the other way round. */
START_TEST(places)
{
	static const char *const states[] = { "Waiting for certification", "Waiting for backup lock" };

	for (size_t many = 0; many < 2; many++) {
		struct sessions s = { .own = 0 };
		struct session_row crowd = { "app", "Query", "900", states[many], "insert" };
		struct session_row one = { "app", "Query", "3", states[!many], "insert" };
		bool kept = false;

		for (size_t i = 0; i < 100; i++)
			sessions_add(&s, "7", &crowd, "check@127.0.0.1");
		sessions_add(&s, "8", &one, "check@127.0.0.1");
		for (size_t i = 0; i < 100; i++)
			sessions_add(&s, "7", &crowd, "check@127.0.0.1");
		for (size_t i = 0; i < s.waiting_count; i++)
			kept = kept || s.waiting[i].session == 8;
		ck_assert_uint_eq(s.waiting_count, WAITERS_MAX);
		ck_assert_msg(kept, "%s", states[!many]);
	}
}
END_TEST

/* Of the longest waits of one kind none goes for a shorter one, whatever came first. */
START_TEST(longest_places)
{
	static const char *const states[] = { "Waiting for certification",
		"Waiting for backup lock" };

	for (size_t many = 0; many < 2; many++) {
		struct sessions s = { .own = 0 };
		struct session_row crowd = { "app", "Query", "900", states[many], "insert" };
		struct session_row one = { "app", "Query", "3", states[!many], "insert" };
		double ids = 0;

		sessions_add(&s, "8", &one, "check@127.0.0.1");
		for (size_t i = 0; i < 100; i++)
			sessions_add(&s, "7", &crowd, "check@127.0.0.1");
		sessions_add(&s, "9", &one, "check@127.0.0.1");
		crowd.seconds = "800";
		sessions_add(&s, "6", &crowd, "check@127.0.0.1");
		ck_assert_uint_eq(s.waiting_count, WAITERS_MAX);
		for (size_t i = 0; i < s.waiting_count; i++)
			ids += s.waiting[i].session;
		ck_assert_double_eq(ids, 8 + 9 + 7 * (WAITERS_MAX - 2));
	}
}
END_TEST

/* Who has no number cannot be followed from look to look, and waits all the same. */
START_TEST(nameless)
{
	static const char *const ids[] = { NULL, "", "x" };
	struct session_row session = { "app", "Query", "9", "Commit", "COMMIT" };
	struct sessions s = { .own = 0 };

	sessions_add(&s, ids[_i], &session, "check@127.0.0.1");
	ck_assert_uint_eq(s.waiting_count, 0);
	ck_assert_double_eq(s.commit_wait, 9);
}
END_TEST

START_TEST(sums)
{
	static const struct session_row list[] = {
		{ "check", "Query", "0", "starting", "show processlist" },
		{ "app", "Query", "3", "Commit", "COMMIT" },
		{ "app", "Query", "9", "Waiting\033 for certification", "COMMIT" },
		{ "app", "Query", "7", "Waiting for certification", "COMMIT" },
		{ "other", "Query", "5", "Waiting for backup lock", "insert" },
		{ "other", "Query", "4", "Waiting for global read lock", "insert" },
		{ "check", "Query", "5", "Waiting for certification", CANARY_MARK " INSERT" },
		{ "check", "Query", "8", "Commit", CANARY_MARK " INSERT" },
		{ "check", "Query", "6", "Waiting for certification", CANARY_MARK " INSERT" },
	};
	struct sessions s = { .own = 0 };
	dbv_observation *o = observation_new();

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		sessions_add(&s, "7", &list[i], "check@127.0.0.1");
	ck_assert(sessions_keep(&s, o));
	ck_assert_double_eq(o->values[V_SESSIONS_OWN].number, 4);
	ck_assert_double_eq(o->values[V_CANARY_EARLIER].number, 8);
	ck_assert_str_eq(o->values[V_CANARY_STATE].text, "Commit");
	ck_assert_double_eq(o->values[V_SESSIONS_FOREIGN].number, 5);
	ck_assert_double_eq(o->values[V_COMMIT_WAIT].number, 7);
	ck_assert_str_eq(o->values[V_COMMIT_WAIT_STATE].text, "Waiting for certification");
	ck_assert_double_eq(o->values[V_SERVER_WAIT].number, 5);
	ck_assert_str_eq(o->values[V_SERVER_WAIT_STATE].text, "Waiting for backup lock");
	ck_assert_str_eq(o->values[V_SCHEMA_CHANGE].text, "");
	observation_free(o);
}
END_TEST

/* A recording does not say who asked. */
START_TEST(own)
{
	static const struct {
		const char *user;
		const char *login;
		double own;
	} logins[] = { { "check", "check@db1", 1 }, { "app", "check@db1", 0 }, { "check", NULL, 0 },
		{ "", NULL, 0 }, { NULL, NULL, 0 }, { "check", "check", 1 } };
	struct session_row session = { .user = logins[_i].user, .command = "Query" };
	struct sessions s = { .own = 0 };

	sessions_add(&s, "7", &session, logins[_i].login);
	ck_assert_double_eq(s.own, logins[_i].own);
	ck_assert_double_eq(s.foreign, 1 - logins[_i].own);
}
END_TEST

TCase *
sessions_case(void)
{
	TCase *c = tcase_create("sessions");

	tcase_add_loop_test(c, row, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(c, places);
	tcase_add_test(c, longest_places);
	tcase_add_loop_test(c, nameless, 0, 3);
	tcase_add_test(c, sums);
	tcase_add_loop_test(c, own, 0, 6);
	return c;
}
