/* SPDX-License-Identifier: MIT
 *
 * What only several looks can tell: a recorded healthy server, changed from look to look.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "history.h"
#include "suites.h"

#define LOOKS_MAX 5

struct row {
	const char *name;
	const char *settings;
	/* Each as "SECONDS: changes"; "restarted", "unreachable", "full" (1040) and "late" (replica status) are looks
	 * that went otherwise. */
	const char *looks[LOOKS_MAX];
	/* Of the last one. */
	const char *want[ROLE_COUNT];
};

#define ALL(want) \
	{ \
		want, want, want \
	}

static const struct row galera_rows[] = {
	{ "flow control: paused for half of the time between", "",
		{ "0: wsrep_flow_control_paused_ns=1000000000",
			"10: wsrep_flow_control_paused_ns=6000000000" },
		ALL("75:galera.flow_control") },
	{ "flow control: a bad lifetime, well now", "",
		{ "0: wsrep_flow_control_paused=0.9", "10: wsrep_flow_control_paused=0.9" },
		ALL("up !galera.flow_control") },
	{ "flow control: one look has the lifetime's share", "",
		{ "0: wsrep_flow_control_paused=0.9" }, ALL("75:galera.flow_control") },
	{ "flow control: a restart in between", "",
		{ "0: wsrep_flow_control_paused_ns=0",
			"restarted 10: wsrep_flow_control_paused_ns=9000000000" },
		ALL("up !galera.flow_control") },
	{ "flow control: another server at the same address", "",
		{ "0: wsrep_flow_control_paused_ns=0",
			"10: wsrep_flow_control_paused_ns=9000000000 server_id=77" },
		ALL("up !galera.flow_control") },
	{ "flow control: counts over a look that nobody answered", "",
		{ "0: wsrep_flow_control_paused_ns=0", "unreachable 5:",
			"10: wsrep_flow_control_paused_ns=2000000000" },
		ALL("up !galera.flow_control") },
	{ "flow control: paused for weeks in all, not now", "",
		{ "0: wsrep_flow_control_paused_ns=1200000000000000",
			"10: wsrep_flow_control_paused_ns=1200000000000000" },
		ALL("up !galera.flow_control") },
	{ "flow control: more than can be told exactly", "",
		{ "0: wsrep_flow_control_paused_ns=9007199254740993",
			"10: wsrep_flow_control_paused_ns=9007199264740993" },
		ALL("up !galera.flow_control") },
	{ "flow control: two looks at a time", "",
		{ "0: wsrep_flow_control_paused_ns=0",
			"0.005: wsrep_flow_control_paused_ns=3000000" },
		ALL("up !galera.flow_control") },
	{ "flow control: two looks at a time, each time", "",
		{ "0: wsrep_flow_control_paused_ns=0",
			"0.6: wsrep_flow_control_paused_ns=300000000",
			"1.2: wsrep_flow_control_paused_ns=600000000" },
		ALL("75:galera.flow_control") },
	{ "flow control: no longer told", "",
		{ "0: wsrep_flow_control_paused_ns=0", "10: -wsrep_flow_control_paused_ns" },
		ALL("up !galera.flow_control") },
	{ "flow control: not told before", "",
		{ "0: -wsrep_flow_control_paused_ns",
			"10: wsrep_flow_control_paused_ns=9000000000" },
		ALL("up !galera.flow_control") },
	{ "flow control: FLUSH STATUS in between", "",
		{ "0: wsrep_flow_control_paused_ns=9000000000",
			"10: wsrep_flow_control_paused_ns=1000000000" },
		ALL("up !galera.flow_control") },
	{ "flow control: more than all of the time", "critical=flow_control=100",
		{ "0: wsrep_flow_control_paused_ns=0",
			"10: wsrep_flow_control_paused_ns=11000000000" },
		ALL("75:galera.flow_control") },
	{ "flow control: one that has been up for longer is another server", "",
		{ "0: wsrep_flow_control_paused_ns=0",
			"10: wsrep_flow_control_paused_ns=9000000000 Uptime=9000" },
		ALL("up !galera.flow_control") },
	{ "flow control: too long ago", "",
		{ "0: wsrep_flow_control_paused_ns=0",
			"3601: wsrep_flow_control_paused_ns=3600000000000" },
		ALL("up !galera.flow_control") },

	{ "a commit that hangs: one look has the statement's whole time", "", { "0: waits=7:30:commit" },
		{ "up server.writes_blocked", "down:server.writes_blocked",
			"down:server.writes_blocked" } },
	{ "a huge statement that has only come to its commit", "",
		{ "0:", "2: waits=7:30:commit" }, ALL("up !server.writes_blocked") },
	{ "it stays there", "", { "0:", "2: waits=7:30:commit", "7: waits=7:35:commit" },
		{ "up server.writes_blocked", "25:server.writes_blocked", "up" } },
	{ "for too long", "", { "0:", "2: waits=7:30:commit", "7: waits=7:35:commit", "13: waits=7:41:commit" },
		{ "up server.writes_blocked", "down:server.writes_blocked",
			"down:server.writes_blocked" } },
	{ "another statement of the same session", "",
		{ "0:", "2: waits=7:30:commit", "13: waits=7:3:commit" },
		ALL("up !server.writes_blocked") },
	{ "one that began before the one that was seen", "",
		{ "0:", "2: waits=7:1:commit", "13: waits=7:30:commit" },
		ALL("up !server.writes_blocked") },
	{ "seen for longer than it says it runs: within a second it does not say", "",
		{ "0: waits=7:2:commit", "9.5: waits=7:10:commit" },
		{ "up server.writes_blocked", "25:server.writes_blocked", "up" } },
	{ "another session", "", { "0:", "2: waits=7:30:commit", "13: waits=8:41:commit" },
		ALL("up !server.writes_blocked") },
	{ "first commit, then the whole server", "",
		{ "0:", "2: waits=7:30:commit", "13: waits=7:41:server" },
		ALL("up !server.writes_blocked") },
	{ "nobody was listed at another server: what waits is judged by itself", "",
		{ "0:", "2: waits=7:30:commit", "10: server_id=77 sessions!late",
			"12: server_id=77 waits=7:40:commit" },
		{ "up server.writes_blocked", "down:server.writes_blocked",
			"down:server.writes_blocked" } },
	{ "the look before could not list the sessions", "",
		{ "0:", "unreachable 2:", "13: waits=7:41:commit" },
		{ "up server.writes_blocked", "down:server.writes_blocked",
			"down:server.writes_blocked" } },

	{ "recovering", "recover-after=30", { "0: wsrep_ready=OFF", "29:" },
		ALL("down:node.recovering") },
	{ "recovered", "recover-after=30", { "0: wsrep_ready=OFF", "30:" }, ALL("up") },
	{ "recovering from silence", "recover-after=30", { "unreachable 0:", "restarted 5:" },
		ALL("down:node.recovering") },
	{ "having recovered is not being down again", "recover-after=30",
		{ "0: wsrep_ready=OFF", "20:", "31:" }, ALL("up") },
	{ "degraded is not down", "recover-after=30", { "0: Threads_connected=99 max_connections=100", "2:" },
		ALL("up") },
	{ "not asked for", "", { "0: wsrep_ready=OFF", "1:" }, ALL("up") },

	{ "full, and well before", "", { "0:", "full 1:" },
		{ "down:server.too_many_connections", "50:server.too_many_connections",
			"down:server.too_many_connections" } },
	{ "full, and down before", "", { "0: wsrep_reject_queries=ALL", "full 1:" },
		ALL("down:server.too_many_connections") },
	{ "full, and down before it was full for long", "",
		{ "0: wsrep_reject_queries=ALL", "full 1:", "full 2:" },
		ALL("down:server.too_many_connections") },
	{ "full, and unreachable before that", "", { "0:", "unreachable 1:", "full 2:" },
		{ "down:server.too_many_connections", "50:server.too_many_connections",
			"down:server.too_many_connections" } },
	{ "full, and down before, too long ago", "", { "0: wsrep_reject_queries=ALL", "full 3601:" },
		{ "down:server.too_many_connections", "50:server.too_many_connections",
			"down:server.too_many_connections" } },
	{ "full, and nothing known", "", { "full 1:" },
		{ "down:server.too_many_connections", "50:server.too_many_connections",
			"down:server.too_many_connections" } },
};

#define CONNECTING "Slave_IO_Running=Connecting Seconds_Behind_Master=NULL"

static const struct row replication_rows[] = {
	{ "received is counting, applied is not", "",
		{ "0: Read_Master_Log_Pos=1000 Exec_Master_Log_Pos=1000",
			"1: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1000",
			"3: Read_Master_Log_Pos=3000 Exec_Master_Log_Pos=1000" },
		{ "50:replication.stalled", "up replication.stalled", "25:replication.stalled" } },
	{ "for a moment only", "",
		{ "0: Read_Master_Log_Pos=1000 Exec_Master_Log_Pos=1000",
			"1.5: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1000" },
		{ "up !replication.stalled", "up", "75:replication.not_caught_up" } },
	{ "received before, applied nothing", "",
		{ "0: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1000",
			"2: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1000" },
		{ "50:replication.stalled", "up replication.stalled", "25:replication.stalled" } },
	{ "late on purpose", "",
		{ "0: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1000 SQL_Delay=60",
			"2: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1000 SQL_Delay=60" },
		{ "25:replication.delayed !replication.stalled", "up", "down:replication.delayed" } },
	{ "stopped is not stalled", "",
		{ "0: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1000 Slave_SQL_Running=No",
			"2: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1000 Slave_SQL_Running=No" },
		{ "down:replication.sql_stopped !replication.stalled",
			"75:replication.sql_stopped !replication.stalled",
			"down:replication.sql_stopped" } },
	{ "threads applied out of order: the positions are equal", "",
		{ "0: Using_Gtid=Slave_Pos Gtid_IO_Pos=1-1-18,7-1-2 Gtid_Slave_Pos=1-1-15,7-1-2",
			"3: Using_Gtid=Slave_Pos Gtid_IO_Pos=1-1-18,7-1-2 Gtid_Slave_Pos=1-1-15,7-1-2" },
		{ "50:replication.stalled", "up replication.stalled",
			"25:replication.stalled replication.not_caught_up" } },
	{ "the same, by the ids of the whole server", "",
		{ "0: Using_Gtid=Current_Pos Gtid_IO_Pos=1-1-18 Gtid_Slave_Pos=1-1-15",
			"3: Using_Gtid=Current_Pos Gtid_IO_Pos=1-1-18 Gtid_Slave_Pos=1-1-15" },
		{ "50:replication.stalled", "up replication.stalled",
			"25:replication.stalled replication.not_caught_up" } },
	{ "ids that are not told", "",
		{ "0: Using_Gtid=Slave_Pos Gtid_IO_Pos=1-1-18 -Gtid_Slave_Pos",
			"3: Using_Gtid=Slave_Pos Gtid_IO_Pos=1-1-18 -Gtid_Slave_Pos" },
		ALL("up !replication.stalled !replication.not_caught_up") },
	{ "all ids are applied", "",
		{ "0: Using_Gtid=Slave_Pos Gtid_IO_Pos=1-1-18 Gtid_Slave_Pos=1-1-18" },
		ALL("up !replication.not_caught_up") },
	{ "the source died within a transaction: there is nothing to apply", "",
		{ "0: Read_Master_Log_Pos=1000 Exec_Master_Log_Pos=1000",
			"5: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1000 Using_Gtid=Slave_Pos"
			" Gtid_IO_Pos=1-1-18 Gtid_Slave_Pos=1-1-18 " CONNECTING },
		{ "down:replication.io_connecting !replication.stalled",
			"75:replication.io_connecting !replication.stalled",
			"50:replication.io_connecting !replication.stalled !replication.not_caught_up" } },
	{ "it was stopped for a while", "",
		{ "0: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1000 Slave_SQL_Running=No",
			"8: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1000 Slave_SQL_Running=No",
			"9: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1000" },
		{ "up !replication.stalled", "up", "75:replication.not_caught_up" } },
	{ "both count", "",
		{ "0: Read_Master_Log_Pos=1000 Exec_Master_Log_Pos=500",
			"5: Read_Master_Log_Pos=2000 Exec_Master_Log_Pos=1500" },
		{ "up !replication.stalled", "up", "75:replication.not_caught_up" } },
	{ "a new file, nothing applied", "",
		{ "0: Read_Master_Log_Pos=1000 Exec_Master_Log_Pos=1000",
			"5: Master_Log_File=bin.000099 Read_Master_Log_Pos=4 Exec_Master_Log_Pos=1000" },
		{ "50:replication.stalled", "up replication.stalled", "25:replication.stalled" } },
	{ "nothing to do", "",
		{ "0: Read_Master_Log_Pos=1000 Exec_Master_Log_Pos=1000",
			"5: Read_Master_Log_Pos=1000 Exec_Master_Log_Pos=1000" },
		ALL("up !replication.stalled") },

	{ "neither a byte nor a heartbeat", "",
		{ "0: Slave_received_heartbeats=5 Slave_heartbeat_period=2",
			"5: Slave_received_heartbeats=5 Slave_heartbeat_period=2" },
		{ "50:replication.silent", "up replication.silent", "50:replication.silent" } },
	{ "the next heartbeat may still come", "",
		{ "0: Slave_received_heartbeats=5 Slave_heartbeat_period=2",
			"4: Slave_received_heartbeats=5 Slave_heartbeat_period=2" },
		ALL("up !replication.silent") },
	{ "a heartbeat", "",
		{ "0: Slave_received_heartbeats=5 Slave_heartbeat_period=2",
			"5: Slave_received_heartbeats=6 Slave_heartbeat_period=2" },
		ALL("up !replication.silent") },
	{ "a byte", "",
		{ "0: Slave_heartbeat_period=2 Read_Master_Log_Pos=1000 Exec_Master_Log_Pos=1000",
			"5: Slave_heartbeat_period=2 Read_Master_Log_Pos=1001 Exec_Master_Log_Pos=1001" },
		ALL("up !replication.silent") },
	{ "it was not connected for a while", "",
		{ "0: Slave_heartbeat_period=2", "12: Slave_heartbeat_period=2 " CONNECTING,
			"13: Slave_heartbeat_period=2" },
		ALL("up !replication.silent") },
	{ "heartbeats are off", "",
		{ "0: Slave_heartbeat_period=0", "500: Slave_heartbeat_period=0" },
		ALL("up !replication.silent") },
	{ "heartbeats are not told (MySQL)", "",
		{ "0: -Slave_heartbeat_period", "500: -Slave_heartbeat_period" },
		ALL("up !replication.silent") },

	{ "the source is lost: nothing is remembered", "", { "0: " CONNECTING },
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "lost just now", "", { "0:", "60: " CONNECTING },
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"50:replication.io_connecting" } },
	{ "lost too long ago", "", { "0:", "61: " CONNECTING },
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "looks without it in between do not count", "",
		{ "0:", "30: " CONNECTING, "61: " CONNECTING },
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "as long as one likes", "max-disconnect=300", { "0:", "61: " CONNECTING },
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"50:replication.io_connecting" } },
	{ "not at all", "max-disconnect=0", { "0:", "1: " CONNECTING },
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "it lagged when it was lost", "",
		{ "0: Seconds_Behind_Master=31", "10: " CONNECTING },
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"25:replication.io_connecting" } },
	{ "its lag was not known when it was lost", "",
		{ "0: Seconds_Behind_Master=NULL", "10: " CONNECTING },
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"25:replication.io_connecting" } },
	{ "the replica was restarted meanwhile", "", { "0:", "restarted 10: " CONNECTING },
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "another channel was well", "", { "0: Connection_name=east", "10: Connection_name=west " CONNECTING },
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "the lag is not known for a moment", "", { "0:", "10: Seconds_Behind_Master=NULL" },
		{ "down:replication.lag_unknown", "75:replication.lag_unknown",
			"50:replication.lag_unknown" } },
	{ "the status came too late", "", { "0:", "late 10:" },
		{ "down:replication.lag_unknown", "75:replication.lag_unknown",
			"50:replication.lag_unknown" } },
	{ "the status came too late for long", "", { "0:", "late 40:", "late 61:" },
		{ "down:replication.lag_unknown", "75:replication.lag_unknown",
			"down:replication.lag_unknown" } },
	{ "too late: the channel that was lost first counts", "",
		{ "0: Connection_name=east channel Connection_name=west Slave_SQL_Running=Yes " CONNECTING,
			"late 10:" },
		{ "down:replication.lag_unknown", "75:replication.lag_unknown",
			"down:replication.lag_unknown" } },
	{ "too late: whichever is listed first", "",
		{ "0: Connection_name=east " CONNECTING
		  " channel Connection_name=west Slave_IO_Running=Yes Slave_SQL_Running=Yes Seconds_Behind_Master=0",
			"late 10:" },
		{ "down:replication.lag_unknown", "75:replication.lag_unknown",
			"down:replication.lag_unknown" } },
	{ "too late: of the channel that is judged", "channel=east",
		{ "0: Connection_name=east channel Connection_name=west Slave_SQL_Running=Yes " CONNECTING,
			"late 10:" },
		{ "down:replication.lag_unknown", "75:replication.lag_unknown",
			"50:replication.lag_unknown" } },
	{ "never well since it is remembered", "", { "0: " CONNECTING, "10: " CONNECTING },
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "it lagged beyond what is critical alone when it was lost", "critical=lag=@10:20",
		{ "0: Seconds_Behind_Master=15", "10: " CONNECTING },
		{ "down:replication.io_connecting", "50:replication.lag replication.io_connecting",
			"25:replication.io_connecting replication.lag" } },
	{ "the source was silent before it was lost", "",
		{ "0: Slave_heartbeat_period=2", "30: Slave_heartbeat_period=2", "62: " CONNECTING },
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
};

static bool
take_word(const char **look, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*look, word, n) != 0)
		return false;
	*look += n;
	return true;
}

/* A look that took place so many seconds after the first; the server has been up for 1000 s by then. */
static dbv_observation *
look_at(const char *capture, const char *look)
{
	bool restarted = take_word(&look, "restarted ");
	bool unreachable = take_word(&look, "unreachable ");
	bool full = take_word(&look, "full ");
	bool late = take_word(&look, "late ");
	dbv_observation *o =
		unreachable || full ? observation_new() : fixture_live(capture);
	const char *colon = strchr(look, ':');
	double seconds = strtod(look, NULL);

	if (unreachable)
		observation_answer(o, SOURCE_CONNECT, FAILED, 2002, "refused");
	else if (full)
		observation_answer(o, SOURCE_CONNECT, FAILED, 1040, "Too many connections");
	else
		observation_set_number(o, V_UPTIME, restarted ? 1 : 1000 + seconds);
	if (late)
		observation_answer(o, SOURCE_CHANNEL, LATE, 0, "SHOW ALL SLAVES STATUS");
	observation_answer(o, SOURCE_LOCAL, ANSWERED, 0, NULL);
	observation_set_number(o, V_TAKEN_AT, 50000 + seconds * 1000);
	fixture_change(o, colon + 1);
	return o;
}

/* What is remembered goes through its text each time, as between two runs. */
static dbv_history *
through_text(dbv_history *h)
{
	static char text[65536];
	dbv_history *again = NULL;

	ck_assert_uint_gt(dbv_history_write(h, text, sizeof(text)), 0);
	again = dbv_history_read(text);
	ck_assert_ptr_nonnull(again);
	dbv_history_free(h);
	return again;
}

static void
judge_row(const struct row *row, const char *mode, const char *capture)
{
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		dbv_policy *p = fixture_policy(mode, role_names[r]);
		dbv_history *h = dbv_history_new();
		const char *equals = strchr(row->settings, '=');
		char name[32] = "";

		if (equals) {
			memcpy(name, row->settings, (size_t)(equals - row->settings));
			ck_assert(dbv_policy_set(p, name, equals + 1, NULL, 0));
		}
		for (size_t i = 0; i < LOOKS_MAX && row->looks[i]; i++) {
			bool last = i + 1 == LOOKS_MAX || !row->looks[i + 1];
			dbv_observation *o = look_at(capture, row->looks[i]);
			dbv_verdict *v = dbv_judge(o, h, p);

			if (last)
				fixture_expect_with(o, h, p, row->want[r], row->name);
			ck_assert(dbv_history_add(h, o, v));
			h = through_text(h);
			dbv_verdict_free(v);
			observation_free(o);
		}
		dbv_history_free(h);
		dbv_policy_free(p);
	}
}

START_TEST(galera)
{
	judge_row(&galera_rows[_i], "galera", "healthy-db1");
}
END_TEST

START_TEST(replication)
{
	judge_row(&replication_rows[_i], "replication", "pair-healthy-m1");
}
END_TEST

/* What made the node down for one purpose is not held against it for another. */
START_TEST(each_role_for_itself)
{
	dbv_policy *read = fixture_policy("galera", "read");
	dbv_policy *write = fixture_policy("galera", "write");
	dbv_history *h = dbv_history_new();
	dbv_observation *desynced = look_at("healthy-db1", "0: wsrep_desync=ON");
	dbv_observation *well = look_at("healthy-db1", "5:");
	dbv_observation *full = look_at("healthy-db1", "full 5:");
	dbv_verdict *v = dbv_judge(desynced, h, read);

	ck_assert(dbv_policy_set(read, "recover-after", "60", NULL, 0));
	ck_assert(dbv_policy_set(write, "recover-after", "60", NULL, 0));
	ck_assert(dbv_history_add(h, desynced, v));
	h = through_text(h);
	fixture_expect_with(well, h, read, "down:node.recovering", "the same role");
	fixture_expect_with(well, h, write, "up", "another role");
	fixture_expect_with(full, h, write, "50:server.too_many_connections", "another role, full");
	dbv_verdict_free(v);
	observation_free(desynced);
	observation_free(well);
	observation_free(full);
	dbv_history_free(h);
	dbv_policy_free(read);
	dbv_policy_free(write);
}
END_TEST

START_TEST(time_in_state)
{
	static const struct {
		const char *look;
		int64_t since;
	} looks[] = { { "0:", 50000 }, { "5:", 50000 }, { "10: wsrep_ready=OFF", 60000 },
		{ "unreachable 20:", 60000 }, { "30:", 80000 }, { "restarted 40:", 80000 },
		{ "3700:", 3750000 } };
	dbv_policy *p = fixture_policy("galera", "read");
	dbv_history *h = dbv_history_new();

	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		dbv_observation *o = look_at("healthy-db1", looks[i].look);
		dbv_verdict *v = dbv_judge(o, h, p);

		ck_assert(dbv_history_add(h, o, v));
		ck_assert_msg(dbv_history_since(h) == looks[i].since, "%s: %lld", looks[i].look,
			(long long)dbv_history_since(h));
		dbv_verdict_free(v);
		observation_free(o);
	}
	dbv_history_free(h);
	dbv_policy_free(p);
}
END_TEST

/* Whatever happens to the text on its way is noticed. */
START_TEST(damaged_text)
{
	static char text[65536], copy[65536];
	dbv_policy *p = fixture_policy("replication", "read");
	dbv_history *h = dbv_history_new();
	dbv_observation *o = look_at("pair-healthy-m1", "0: Connection_name=a=b%~c\177 waits=7:3:commit");
	dbv_verdict *v = dbv_judge(o, h, p);

	ck_assert(dbv_history_add(h, o, v));
	size_t size = dbv_history_write(h, text, sizeof(text));

	ck_assert_uint_eq(dbv_history_write(h, copy, 0), 0);
	for (size_t i = 0; i < size; i++) {
		memcpy(copy, text, size + 1);
		copy[i] = (char)(copy[i] ^ 1);
		ck_assert_msg(dbv_history_read(copy) == NULL, "byte %zu changed", i);
		memcpy(copy, text, size + 1);
		copy[i] = '\0';
		ck_assert_msg(dbv_history_read(copy) == NULL, "cut at %zu", i);
		ck_assert_uint_eq(dbv_history_write(h, copy, i + 1), 0);
	}
	dbv_history *again = dbv_history_read(text);

	ck_assert_ptr_nonnull(again);
	ck_assert_uint_eq(dbv_history_write(again, copy, sizeof(copy)), size);
	ck_assert_str_eq(copy, text);
	ck_assert_str_eq(again->channels[0].name, "a=b% c\177");
	dbv_history_free(again);
	dbv_history_free(h);
	dbv_verdict_free(v);
	observation_free(o);
	dbv_policy_free(p);
}
END_TEST

/* Numbers of a node that was never paused; what is no whole number would be another one when it is written again. */
static const struct {
	const char *number;
	bool taken;
} numbers[] = {
	{ "5", true },
	{ "-5", true },
	{ "9007199254740992", true },
	{ "9007199254740993000", false },
	{ "0.9", false },
	{ "5.0", false },
	{ "1e3", false },
	{ "", false },
	{ "+5", false },
	{ "5-", false },
	{ "-9007199254740993000", false },
	{ "000000000000000000000000000000000000000000000005", false },
};

/* Words of a node, as they are written: blanks and whatever is no letter are %xx. */
static const struct {
	const char *word;
	bool taken;
} words[] = {
	{ "galera.donor", true },
	{ "a%20b", true },
	{ "%7f%ff", true },
	{ "%", false },
	{ "%2", false },
	{ "%2 ", false },
	{ "%G0", false },
	{ "%/0", false },
	{ "%0:", false },
	{ "%0g", false },
	{ "%4A", false },
	{ "%00", false },
	{ "a_reason_that_is_longer_than_the_name_of_any_check_there_is_or_will_ever_be_xxxxxxxxxxx",
		false },
};

/* Whether a text is read in which FIELD, " name=", is VALUE, and LINES more stand before the sum. */
static bool
is_read_with(const char *field, const char *value, const char *lines)
{
	static char text[262144];
	struct text t = text_on(text, sizeof(text));
	char before[4096];
	dbv_history *h = dbv_history_new();
	uint64_t sum = 14695981039346656037U;

	ck_assert_uint_gt(dbv_history_write(h, before, sizeof(before)), 0);
	char *at = strstr(before, field) + strlen(field), *rest = at + strcspn(at, " \n");

	text_addf(&t, "%.*s%s%.*s%s", (int)(at - before), before, value,
		(int)(strstr(before, "sum=") - rest), rest, lines);
	for (size_t i = 0; i < t.len; i++)
		sum = (sum ^ (unsigned char)text[i]) * 1099511628211U;
	text_addf(&t, "sum=%016llx\n", (unsigned long long)sum);
	ck_assert(!t.cut);
	dbv_history *again = dbv_history_read(text);

	dbv_history_free(again);
	dbv_history_free(h);
	return again != NULL;
}

START_TEST(numbers_in_text)
{
	ck_assert_msg(is_read_with(" paused_at=", numbers[_i].number, "") == numbers[_i].taken,
		"\"%s\"", numbers[_i].number);
}
END_TEST

START_TEST(words_in_text)
{
	ck_assert_msg(is_read_with(" complete_reason=", words[_i].word, "") == words[_i].taken,
		"\"%s\"", words[_i].word);
}
END_TEST

/* No more channels and waiting sessions than a look can have. */
START_TEST(lines_in_text)
{
	static const struct {
		const char *line;
		size_t most;
	} lines[] = { { "channel name=c read_file= read_position=0 applied_file= applied_position=0 "
			"heartbeats=0 alive_at=0 applied_at=0 contact_at=0 contact_lag=0\n",
			      CHANNELS_MAX },
		{ "waits session=7 for_server=0 began_at=0 seen_at=0\n", WAITERS_MAX } };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		static char many[262144];
		struct text t = text_on(many, sizeof(many));

		for (size_t n = 0; n < lines[i].most; n++)
			text_add(&t, lines[i].line);
		ck_assert_msg(is_read_with(" paused_at=", "0", many), "%s", lines[i].line);
		text_add(&t, lines[i].line);
		ck_assert_msg(!is_read_with(" paused_at=", "0", many), "%s", lines[i].line);
	}
}
END_TEST

TCase *
movement_case(void)
{
	TCase *c = tcase_create("movement");

	tcase_add_loop_test(c, galera, 0, sizeof(galera_rows) / sizeof(galera_rows[0]));
	tcase_add_loop_test(
		c, replication, 0, sizeof(replication_rows) / sizeof(replication_rows[0]));
	tcase_add_test(c, each_role_for_itself);
	tcase_add_test(c, time_in_state);
	tcase_add_test(c, damaged_text);
	tcase_add_loop_test(c, numbers_in_text, 0, sizeof(numbers) / sizeof(numbers[0]));
	tcase_add_loop_test(c, words_in_text, 0, sizeof(words) / sizeof(words[0]));
	tcase_add_test(c, lines_in_text);
	return c;
}
