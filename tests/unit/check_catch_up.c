/* SPDX-License-Identifier: MIT
 *
 * How far a candidate is behind, and what that is told by: places in binary logs, and transaction ids.
 */
#include <check.h>
#include <string.h>

#include "catch_up.h"
#include "fixture.h"
#include "gtid.h"
#include "place.h"
#include "suites.h"

/* Two lists on one line each; NOT_EXACT is what holds where a higher number is enough. */
static const struct {
	const char *received;
	const char *applied;
	enum truth exact;
	enum truth not_exact;
} gtid_rows[] = {
	{ "", "", TRUTH_YES, TRUTH_YES },
	{ "", "0-1-5", TRUTH_YES, TRUTH_YES },
	{ "0-1-5", "", TRUTH_NO, TRUTH_NO },
	{ "0-1-5", "0-1-5", TRUTH_YES, TRUTH_YES },
	{ "0-1-6", "0-1-5", TRUTH_NO, TRUTH_NO },
	{ "0-1-5", "0-1-6", TRUTH_NO, TRUTH_YES },
	{ "0-1-5", "0-2-5", TRUTH_NO, TRUTH_YES },
	{ "0-1-9", "0-1-10", TRUTH_NO, TRUTH_YES },
	{ "1-1-37,0-2-15,7-1-4", "0-2-15,1-1-37,2-2-27,7-1-4", TRUTH_YES, TRUTH_YES },
	{ "1-1-18,2-2-15,7-1-2", "1-1-15,2-2-15,7-1-2", TRUTH_NO, TRUTH_NO },
	{ "10-1-1", "1-1-1", TRUTH_NO, TRUTH_NO },
	{ "0-1-18446744073709551615", "0-1-18446744073709551614", TRUTH_NO, TRUTH_NO },
	{ "0-1-18446744073709551614", "0-1-18446744073709551615", TRUTH_NO, TRUTH_YES },
	{ "0-1", "0-1-5", TRUTH_UNKNOWN, TRUTH_UNKNOWN },
	{ "0-1-5", "0-1-5,", TRUTH_YES, TRUTH_YES },
	{ "0-1-5", "0-1-5;", TRUTH_UNKNOWN, TRUTH_UNKNOWN },
	{ "0-1-x", "0-1-5", TRUTH_UNKNOWN, TRUTH_UNKNOWN },
	/* Nothing to compare does not make what cannot be read a set. */
	{ "", "0-1-5;", TRUTH_UNKNOWN, TRUTH_UNKNOWN },
	{ "", "25{0", TRUTH_UNKNOWN, TRUTH_UNKNOWN },
	{ "0-1-6,x", "0-1-5", TRUTH_UNKNOWN, TRUTH_UNKNOWN },

	{ "aa:1-5", "aa:1-5", TRUTH_YES, TRUTH_YES },
	{ "aa:3-5", "aa:1-7", TRUTH_YES, TRUTH_YES },
	{ "aa:1-6", "aa:1-5", TRUTH_NO, TRUTH_NO },
	{ "aa:1-5:7", "aa:1-5", TRUTH_NO, TRUTH_NO },
	{ "aa:1-5:7", "aa:1-7", TRUTH_YES, TRUTH_YES },
	{ "aa:1-7", "aa:1-5:7", TRUTH_NO, TRUTH_NO },
	{ "aa:7", "aa:1-5:7", TRUTH_YES, TRUTH_YES },
	{ "aa:1-5,\nbb:1", "aa:1-5,\nbb:1-3", TRUTH_YES, TRUTH_YES },
	{ "aa:1-5,\nbb:1", "aa:1-5", TRUTH_NO, TRUTH_NO },
	{ "", "aa:1-5", TRUTH_YES, TRUTH_YES },
	{ "aa:1-5", "", TRUTH_NO, TRUTH_NO },
	{ "aa:1-5:tag:1-2", "aa:1-5:tag:1-3", TRUTH_YES, TRUTH_YES },
	{ "aa:1-5:tag:1-2", "aa:1-5", TRUTH_NO, TRUTH_NO },
	{ "aa:tag:1-2", "aa:1-5", TRUTH_NO, TRUTH_NO },
	{ "aa:tag:1,bb:1", "aa:tag:1,bb:tag:1", TRUTH_NO, TRUTH_NO },
	{ "aa:1-5 x", "aa:1-5", TRUTH_UNKNOWN, TRUTH_UNKNOWN },
	{ "aa:", "aa:1-5", TRUTH_UNKNOWN, TRUTH_UNKNOWN },
	{ "", "aa:1-", TRUTH_UNKNOWN, TRUTH_UNKNOWN },
	{ "aa:1-", "aa:1-5", TRUTH_UNKNOWN, TRUTH_UNKNOWN },
	{ "aa:1-5", "0-1-5", TRUTH_UNKNOWN, TRUTH_UNKNOWN },
};

START_TEST(gtids)
{
	const char *received = gtid_rows[_i].received, *applied = gtid_rows[_i].applied;

	ck_assert_msg(gtid_applied(received, applied, true) == gtid_rows[_i].exact &&
			      gtid_applied(received, applied, false) == gtid_rows[_i].not_exact,
		"\"%s\" in \"%s\"", received, applied);
}
END_TEST

START_TEST(endless_gtids)
{
	char list[8 * 300], cut[VALUE_TEXT_MAX + 1];
	struct text t = text_on(list, sizeof(list));

	for (int i = 0; i < 300; i++)
		text_addf(&t, "%d-1-1,", i);
	ck_assert_int_eq(gtid_applied(list, list, true), TRUTH_UNKNOWN);
	ck_assert_int_eq(gtid_applied("0-1-1", list, true), TRUTH_UNKNOWN);
	memset(cut, '1', VALUE_TEXT_MAX);
	cut[VALUE_TEXT_MAX] = '\0';
	memcpy(cut, "0-1-", 4);
	ck_assert_int_eq(gtid_applied(cut, "0-1-1", false), TRUTH_UNKNOWN);
	ck_assert_int_eq(gtid_applied("0-1-1", cut, false), TRUTH_UNKNOWN);
}
END_TEST

/* ORDER '?': not to be compared. */
static const struct {
	const char *place[2];
	char order;
	const char *other[2];
} place_rows[] = {
	{ { "bin.000001", "4" }, '=', { "bin.000001", "4" } },
	{ { "bin.000001", "5" }, '>', { "bin.000001", "4" } },
	{ { "bin.000001", "10" }, '>', { "bin.000001", "9" } },
	{ { "bin.000010", "4" }, '>', { "bin.000009", "900" } },
	{ { "bin.999999", "4" }, '<', { "bin.1000000", "4" } },
	{ { "bin.000009", "4" }, '=', { "bin.9", "4" } },
	{ { "bin.0", "4" }, '<', { "bin.000001", "4" } },
	{ { "a.b.000002", "4" }, '>', { "a.b.000001", "4" } },
	{ { "bin.000001", "18446744073709551615" }, '>', { "bin.000001", "18446744073709551614" } },
	{ { "bin.000001", "4" }, '?', { "log.000001", "4" } },
	{ { "bin.000001", "4" }, '?', { "binlog.000001", "4" } },
	{ { "bin", "4" }, '?', { "bin", "4" } },
	{ { "", "4" }, '?', { "bin.000001", "4" } },
	{ { "bin.", "4" }, '?', { "bin.000001", "4" } },
	{ { "bin.00000x", "4" }, '?', { "bin.000001", "4" } },
	{ { "bin.000001", "" }, '?', { "bin.000001", "4" } },
	{ { "bin.000001", "-4" }, '?', { "bin.000001", "4" } },
};

START_TEST(places)
{
	const char *const *a = place_rows[_i].place, *const *b = place_rows[_i].other;
	int order = 0, back = 0;
	bool there = place_compare(a[0], a[1], b[0], b[1], &order);
	char got = !there ? '?' : order < 0 ? '<' : order > 0 ? '>' : '=';

	ck_assert_msg(got == place_rows[_i].order, "%s:%s %c %s:%s", a[0], a[1], got, b[0], b[1]);
	ck_assert(place_compare(b[0], b[1], a[0], a[1], &back) == there);
	ck_assert((order > 0) == (back < 0) && (order < 0) == (back > 0));
}
END_TEST

#define AT(read, exec) \
	" Master_Log_File=bin.000010 Read_Master_Log_Pos=" read \
	" Relay_Master_Log_File=bin.000010 Exec_Master_Log_Pos=" exec
#define LOST " Slave_IO_Running=Connecting"
#define READ_ALL " Slave_SQL_Running_State=Slave~has~read~all~relay~log;~waiting~for~more~updates"
#define IDS(received, applied) \
	" Using_Gtid=Slave_Pos Gtid_IO_Pos=" received " Gtid_Slave_Pos=" applied
#define MYSQL_IDS(received, applied) \
	" Auto_Position=1 Retrieved_Gtid_Set=" received " Executed_Gtid_Set=" applied

static const struct {
	const char *name;
	const char *changes;
	const char *position;
	enum catch_up state;
	/* Part of the words. */
	const char *words;
} rows[] = {
	{ "all applied", AT("500", "500"), NULL, CATCH_UP_DONE, "applied bin.000010:500" },
	{ "behind", AT("900", "500"), NULL, CATCH_UP_APPLYING,
		"applied bin.000010:500 of bin.000010:900" },
	{ "a whole file behind",
		" Master_Log_File=bin.000011 Read_Master_Log_Pos=500 Relay_Master_Log_File=bin.000010 Exec_Master_Log_Pos=500",
		NULL, CATCH_UP_APPLYING, "applied bin.000010:500 of bin.000011:500" },
	{ "behind, and the source is lost", AT("900", "500") LOST, NULL, CATCH_UP_APPLYING, "of" },
	{ "the source is lost", AT("500", "500") LOST, NULL, CATCH_UP_DONE, "applied" },
	{ "late on purpose", AT("900", "500") " SQL_Delay=60", NULL, CATCH_UP_APPLYING, "of" },
	{ "SQL thread stopped", AT("500", "500") " Slave_SQL_Running=No", NULL, CATCH_UP_APPLYING,
		"the SQL thread is stopped" },
	{ "SQL thread stopped by an error",
		AT("900", "500") " Slave_SQL_Running=No Last_SQL_Error=Duplicate~entry", NULL,
		CATCH_UP_APPLYING,
		"of bin.000010:900, and the SQL thread is stopped: Duplicate entry" },
	{ "SQL thread unknown", AT("500", "500") " Slave_SQL_Running=Maybe", NULL,
		CATCH_UP_APPLYING, "stopped" },
	{ "no position", "-Read_Master_Log_Pos", NULL, CATCH_UP_UNKNOWN, "does not tell" },
	{ "a position that is NULL", "Exec_Master_Log_Pos=NULL", NULL, CATCH_UP_UNKNOWN,
		"does not tell" },
	{ "no file to read from", "-Master_Log_File", NULL, CATCH_UP_UNKNOWN, "does not tell" },
	{ "nothing applied yet", "Relay_Master_Log_File=", NULL, CATCH_UP_APPLYING,
		"applied nothing:" },
	{ "no file", "-Relay_Master_Log_File", NULL, CATCH_UP_UNKNOWN, "does not tell" },
	{ "not answered", "channel!late", NULL, CATCH_UP_UNKNOWN, "not known" },
	{ "not allowed", "channel!1227", NULL, CATCH_UP_UNKNOWN, "not known" },
	{ "nobody's replica", "-channels", NULL, CATCH_UP_DONE, "no replication channel" },
	{ "nobody's replica, and a peer that was demoted", "-channels", "2:bin.000010:500",
		CATCH_UP_SOURCE_GONE,
		"no replication channel from server 2, which ended at bin.000010:500" },

	{ "the peer's position is reached", AT("500", "500"), "2:bin.000010:500", CATCH_UP_DONE,
		"applied bin.000010:500" },
	{ "and passed", AT("501", "501"), "2:bin.000010:500", CATCH_UP_DONE, "applied" },
	{ "in a later file", AT("4", "4"), "2:bin.000009:500", CATCH_UP_DONE, "applied" },
	{ "in a later file with more digits", AT("4", "4"), "2:bin.9:500", CATCH_UP_DONE,
		"applied" },
	{ "on its way", AT("500", "500"), "2:bin.000010:501", CATCH_UP_RECEIVING,
		"applied bin.000010:500, not yet bin.000010:501" },
	{ "it cannot come", AT("500", "500") LOST, "2:bin.000010:501", CATCH_UP_SOURCE_GONE,
		"not yet bin.000010:501, and the source cannot be reached" },
	{ "IO stopped", AT("500", "500") " Slave_IO_Running=No", "2:bin.000010:501",
		CATCH_UP_SOURCE_GONE, "cannot be reached" },
	{ "received, not applied", AT("501", "500"), "2:bin.000010:501", CATCH_UP_APPLYING, "of" },
	{ "what was received comes before what cannot come", AT("501", "500") LOST,
		"2:bin.000010:900", CATCH_UP_APPLYING, "of" },
	{ "the position's own are applied, what came behind it is not", AT("900", "501"),
		"2:bin.000010:501", CATCH_UP_APPLYING, "of" },
	{ "another server's position", AT("500", "500"), "7:bin.000010:4", CATCH_UP_SOURCE_GONE,
		"from server 7" },
	{ "the source was not reached since the start", AT("4", "4") " Master_Server_Id=0" LOST,
		"2:bin.000010:500", CATCH_UP_SOURCE_GONE, "from server 2" },
	{ "another server's position, and behind", AT("900", "500"), "7:bin.000010:4",
		CATCH_UP_APPLYING, "of" },
	{ "another name of the log", AT("500", "500"), "2:log.000010:4", CATCH_UP_UNKNOWN,
		"cannot be compared with log.000010:4" },
	{ "the same, and the source is gone", AT("500", "500") LOST, "2:log.000010:4",
		CATCH_UP_SOURCE_GONE, "cannot be compared" },
	{ "malformed: empty", AT("500", "500"), "", CATCH_UP_UNKNOWN, "malformed" },
	{ "malformed: a number of too many digits", AT("500", "500"),
		"2:bin.000010:000000000000000000000500", CATCH_UP_UNKNOWN, "malformed" },
	{ "malformed: no position", AT("500", "500"), "2:bin.000010", CATCH_UP_UNKNOWN,
		"malformed" },
	{ "malformed: a server in words", AT("500", "500"), "m2:bin.000010:4", CATCH_UP_UNKNOWN,
		"malformed" },
	{ "malformed: no server", AT("500", "500"), ":bin.000010:4", CATCH_UP_UNKNOWN,
		"malformed" },
	{ "malformed: no file", AT("500", "500"), "2::4", CATCH_UP_UNKNOWN, "malformed" },
	{ "malformed: no number", AT("500", "500"), "2:bin.000010:x", CATCH_UP_UNKNOWN,
		"malformed" },
	{ "a colon in the name", AT("500", "500"), "2:c:bin.000010:4", CATCH_UP_UNKNOWN,
		"cannot be compared" },

	{ "ids: all applied", AT("500", "500") IDS("1-1-9", "1-1-9"), "2:bin.000010:500",
		CATCH_UP_DONE, "applied" },
	{ "ids: threads applied out of order, the positions are equal",
		AT("2987", "2987") IDS("1-1-18,2-2-15,7-1-2", "1-1-15,2-2-15,7-1-2"),
		"2:bin.000010:2987", CATCH_UP_APPLYING, "applied" },
	{ "ids: the same, and the source is lost",
		AT("2987", "2987") IDS("1-1-18,2-2-15,7-1-2", "1-1-15,2-2-15,7-1-2") LOST READ_ALL,
		NULL, CATCH_UP_APPLYING, "applied" },
	{ "ids: those of a channel that does not go by them",
		AT("500", "500") IDS("1-1-9", "1-1-8") " Using_Gtid=No", NULL, CATCH_UP_DONE,
		"applied" },
	{ "ids: malformed, the positions are equal", AT("500", "500") IDS("1-1", "1-1-8"), NULL,
		CATCH_UP_DONE, "applied" },
	{ "cut off within a transaction",
		AT("900", "500") IDS("1-1-10,2-2-12", "2-2-12,1-1-10") LOST, NULL, CATCH_UP_DONE,
		"of bin.000010:900, the rest being a transaction that its source did not finish" },
	{ "cut off, IO stopped", AT("900", "500") IDS("1-1-10", "1-1-10") " Slave_IO_Running=No",
		NULL, CATCH_UP_DONE, "did not finish" },
	{ "within a transaction that is coming", AT("900", "500") IDS("1-1-10", "1-1-10"), NULL,
		CATCH_UP_APPLYING, "of" },
	{ "cut off, with a whole one before it",
		AT("900", "500") IDS("1-1-11", "1-1-10") LOST READ_ALL, NULL, CATCH_UP_APPLYING,
		"of" },
	{ "cut off, and a higher number of another server's",
		AT("900", "500") IDS("0-1-11", "0-2-12") LOST, NULL, CATCH_UP_APPLYING, "of" },
	{ "cut off, before the position", AT("900", "500") IDS("1-1-10", "1-1-10") LOST,
		"2:bin.000010:900", CATCH_UP_SOURCE_GONE, "not yet bin.000010:900" },
	{ "cut off, by words", AT("900", "500") LOST READ_ALL, NULL, CATCH_UP_DONE,
		"did not finish" },
	{ "cut off, by MySQL's words",
		AT("900", "500") LOST
		" Slave_SQL_Running_State=Replica~has~read~all~relay~log;~waiting~for~more~updates",
		NULL, CATCH_UP_DONE, "did not finish" },
	{ "the words mean nothing where several threads apply",
		AT("900", "500") LOST READ_ALL " slave_parallel_workers=4", NULL, CATCH_UP_APPLYING,
		"of" },
	{ "nor where that is not known", AT("900", "500") LOST READ_ALL " -slave_parallel_workers",
		NULL, CATCH_UP_APPLYING, "of" },
	{ "other words",
		AT("900", "500") LOST " Slave_SQL_Running_State=Waiting~for~table~metadata~lock",
		NULL, CATCH_UP_APPLYING, "of" },
	{ "MySQL: cut off",
		AT("900", "500") LOST MYSQL_IDS("aa:1-6", "aa:1-6") " slave_parallel_workers=4",
		NULL, CATCH_UP_DONE, "did not finish" },
	{ "MySQL: a worker is behind",
		AT("900", "500") LOST MYSQL_IDS("aa:1-6", "aa:1-5") READ_ALL
		" slave_parallel_workers=4",
		NULL, CATCH_UP_APPLYING, "of" },

	{ "the worst channel counts",
		AT("500",
			"500") " Connection_name=east channel Connection_name=west"
			       " Slave_IO_Running=Yes Slave_SQL_Running=Yes Master_Server_Id=3" AT(
				       "900", "500"),
		NULL, CATCH_UP_APPLYING, "channel west: applied" },
	{ "in any order",
		AT("900",
			"500") " Connection_name=east channel Connection_name=west"
			       " Slave_IO_Running=Yes Slave_SQL_Running=Yes Master_Server_Id=3" AT(
				       "500", "500"),
		NULL, CATCH_UP_APPLYING, "channel east: applied" },
	{ "a position counts for its own channel",
		AT("500",
			"500") " Connection_name=east channel Connection_name=west"
			       " Slave_IO_Running=Yes Slave_SQL_Running=Yes Master_Server_Id=3" AT(
				       "500", "500"),
		"3:bin.000010:501", CATCH_UP_RECEIVING,
		"channel west: applied bin.000010:500, not yet" },
	{ "Group Replication's own are nobody's",
		AT("500", "500") " channel Connection_name=group_replication_applier"
				 " Slave_SQL_Running=No",
		NULL, CATCH_UP_DONE, "applied" },
};

/* A replica of server 2 by positions, with one thread that is at work. */
static dbv_observation *
replica(const char *changes)
{
	dbv_observation *o = fixture_live("pair-healthy-m1");

	fixture_change(o,
		"Master_Server_Id=2 Using_Gtid=No slave_parallel_workers=0 Slave_SQL_Running_State=Reading");
	fixture_change(o, changes);
	return o;
}

START_TEST(caught_up)
{
	dbv_observation *o = replica(rows[_i].changes);
	dbv_policy *p = fixture_policy("replication", "promote");
	char words[640];
	struct text what = text_on(words, sizeof(words));

	text_add(&what, "m1: ");
	enum catch_up state = catch_up(o, p, rows[_i].position, &what);

	ck_assert_msg(state == rows[_i].state, "%s: %d, %s", rows[_i].name, (int)state, words);
	ck_assert_msg(strncmp(words, "m1: ", 4) == 0 && strstr(words, rows[_i].words), "%s: %s",
		rows[_i].name, words);
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

START_TEST(one_channel)
{
	static const struct {
		const char *channel;
		enum catch_up state;
	} asked[] = { { "east", CATCH_UP_DONE }, { "west", CATCH_UP_APPLYING },
		{ "north", CATCH_UP_UNKNOWN } };

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		dbv_observation *o = replica(
			AT("500", "500") " Connection_name=east channel Connection_name=west" AT(
				"900", "500"));
		dbv_policy *p = fixture_policy("replication", "promote");
		char words[640];
		struct text what = text_on(words, sizeof(words));

		ck_assert(dbv_policy_set(p, "channel", asked[i].channel, NULL, 0));
		ck_assert_int_eq(catch_up(o, p, NULL, &what), asked[i].state);
		ck_assert_ptr_nonnull(strstr(words, asked[i].channel));
		dbv_policy_free(p);
		observation_free(o);
	}
}
END_TEST

TCase *
catch_up_case(void)
{
	TCase *c = tcase_create("catch_up");

	tcase_add_loop_test(c, gtids, 0, sizeof(gtid_rows) / sizeof(gtid_rows[0]));
	tcase_add_test(c, endless_gtids);
	tcase_add_loop_test(c, places, 0, sizeof(place_rows) / sizeof(place_rows[0]));
	tcase_add_loop_test(c, caught_up, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(c, one_channel);
	return c;
}
