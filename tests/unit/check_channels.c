/* SPDX-License-Identifier: MIT
 *
 * Replication channels: which of them count, how they are named, and that the worst is told first.
 */
#include <check.h>
#include <string.h>

#include "reference.h"
#include "suites.h"

#define CHANNEL(name, io, sql, behind) \
	" channel Connection_name=" name " Slave_IO_Running=" io " Slave_SQL_Running=" sql \
	" Seconds_Behind_Master=" behind " Master_Host=10.0.0.2 "
#define LOG(read_file, read_position, exec_file, exec_position) \
	" Master_Log_File=" read_file " Read_Master_Log_Pos=" read_position \
	" Relay_Master_Log_File=" exec_file " Exec_Master_Log_Pos=" exec_position " "
#define BACKLOG "warning=relay_backlog=1000"

/* All that a reader is told of a healthy server whose channels are these, in order, a line each. */
static const struct {
	const char *name;
	const char *channels;
	const char *settings;
	const char *told;
} rows[] = {
	{ "one channel without a name", CHANNEL("", "No", "Yes", "NULL"), "",
		"replication.io_stopped: the IO thread is stopped\n" },
	{ "one channel with a name", CHANNEL("live", "No", "Yes", "NULL"), "",
		"replication.io_stopped: channel live: the IO thread is stopped\n" },
	{ "the default channel beside another",
		CHANNEL("", "No", "Yes", "NULL") CHANNEL("live", "Yes", "Yes", "0"), "",
		"replication.io_stopped: default channel: the IO thread is stopped\n" },
	{ "what costs more comes first",
		CHANNEL("a", "Yes", "Yes", "40") CHANNEL("b", "Yes", "No", "NULL"), "",
		"replication.sql_stopped: channel b: the SQL thread is stopped\n"
		"replication.lag: channel a: lag is 40 s (limit 30 s)\n" },
	{ "more of the same comes first",
		CHANNEL("a", "Yes", "Yes", "40") CHANNEL("b", "Yes", "Yes", "90")
			CHANNEL("c", "Yes", "Yes", "60"),
		"",
		"replication.lag: channel b: lag is 90 s (limit 30 s)\n"
		"replication.lag: channel c: lag is 60 s (limit 30 s)\n"
		"replication.lag: channel a: lag is 40 s (limit 30 s)\n" },
	{ "stopped by an error comes before stopped by hand",
		CHANNEL("a", "Yes", "No", "NULL") CHANNEL("b", "Yes", "No",
			"NULL") "Last_SQL_Errno=1062 Last_SQL_Error=Duplicate~entry",
		"",
		"replication.sql_stopped: channel b: the SQL thread is stopped, error 1062: Duplicate entry\n"
		"replication.sql_stopped: channel a: the SQL thread is stopped\n" },
	{ "equally bad ones stay in their order",
		CHANNEL("b", "No", "Yes", "NULL") CHANNEL("a", "No", "Yes", "NULL"), "",
		"replication.io_stopped: channel b: the IO thread is stopped\n"
		"replication.io_stopped: channel a: the IO thread is stopped\n" },
	{ "number and words of both threads",
		CHANNEL("a", "Connecting", "No",
			"NULL") "Last_IO_Errno=2003 Last_IO_Error=Can't~connect~(111) "
				"Last_SQL_Errno=1032 Last_SQL_Error=Can't~find~record",
		"",
		"replication.io_connecting: channel a: the IO thread is connecting to 10.0.0.2, error 2003: Can't connect (111)\n"
		"replication.sql_stopped: channel a: the SQL thread is stopped, error 1032: Can't find record\n" },
	{ "a number without words", CHANNEL("a", "No", "Yes", "NULL") "Last_IO_Errno=1236", "",
		"replication.io_stopped: channel a: the IO thread is stopped, error 1236\n" },
	{ "one that was asked for",
		CHANNEL("a", "No", "Yes", "NULL") CHANNEL("b", "Yes", "Yes", "40"), "channel=b",
		"replication.lag: channel b: lag is 40 s (limit 30 s)\n" },
	{ "one that is not there", CHANNEL("a", "Yes", "Yes", "0"), "channel=b",
		"replication.not_configured: no replication channel b\n" },
	{ "late on purpose is no lag", CHANNEL("a", "Yes", "Yes", "3630") "SQL_Delay=3600", "",
		"replication.delayed: channel a: late on purpose by 3600 s\n" },
	{ "late on purpose, and later", CHANNEL("a", "Yes", "Yes", "3631") "SQL_Delay=3600", "",
		"replication.delayed: channel a: late on purpose by 3600 s\n"
		"replication.lag: channel a: lag is 31 s (limit 30 s)\n" },
	{ "late by nobody knows how much", CHANNEL("a", "Yes", "Yes", "0") "SQL_Delay=NULL", "",
		"replication.delayed: channel a: SQL_Delay is not known\n" },

	{ "Group Replication's own, without a group",
		CHANNEL("live", "Yes", "Yes", "0") CHANNEL("group_replication_applier", "No", "Yes",
			"NULL") CHANNEL("group_replication_recovery", "No", "No", "NULL"),
		"", "" },
	{ "nothing but Group Replication's own",
		CHANNEL("group_replication_recovery", "Yes", "Yes", "0"), "",
		"replication.not_configured: replicates from nobody; for a node that is meant to be a source "
		"only: --severity=replication.not_configured=note\n" },
	{ "Group Replication's own, asked for",
		CHANNEL("group_replication_applier", "Yes", "Yes", "0"),
		"channel=group_replication_applier",
		"replication.not_configured: no replication channel group_replication_applier\n" },

	{ "backlog within a file",
		CHANNEL("a", "Yes", "Yes", "0") LOG("bin.999999", "5000", "bin.999999", "3000"),
		BACKLOG,
		"replication.relay_backlog: channel a: relay_backlog is 2000 B (limit 1000 B)\n" },
	{ "no backlog within a file",
		CHANNEL("a", "Yes", "Yes", "0") LOG("bin.999999", "5000", "bin.999999", "5000"),
		BACKLOG, "" },
	{ "backlog from six digits to seven",
		CHANNEL("a", "Yes", "Yes", "0")
			LOG("bin.1000000", "4", "bin.999999", "5000") "Relay_Log_Space=7000",
		BACKLOG,
		"replication.relay_backlog: channel a: relay_backlog is 7000 B (limit 1000 B)\n" },
	{ "no backlog beyond six digits",
		CHANNEL("a", "Yes", "Yes", "0") LOG("bin.1000000", "5000", "bin.1000000", "5000"),
		BACKLOG, "" },
	{ "a channel without positions",
		CHANNEL("a", "Yes", "Yes", "0") LOG("bin.1", "9000", "bin.1", "5")
			CHANNEL("b", "Yes", "Yes", "0"),
		BACKLOG,
		"replication.relay_backlog: channel a: relay_backlog is 8995 B (limit 1000 B)\n"
		"replication.relay_backlog: relay_backlog is not reported\n" },

	{ "a channel without IO thread", " channel Slave_SQL_Running=Yes Seconds_Behind_Master=0",
		"", "replication.io_stopped: the IO thread is stopped\n" },
	{ "a channel without SQL thread", " channel Slave_IO_Running=Yes Seconds_Behind_Master=0",
		"", "replication.sql_stopped: the SQL thread is stopped\n" },
	{ "a channel without lag", " channel Slave_IO_Running=Yes Slave_SQL_Running=Yes", "",
		"replication.lag_unknown: both threads run, but the lag is not known\n" },
	{ "a channel without anything", CHANNEL("a", "Yes", "Yes", "0") " channel", "",
		"replication.io_stopped: default channel: the IO thread is stopped\n"
		"replication.sql_stopped: default channel: the SQL thread is stopped\n" },
};

START_TEST(told)
{
	dbv_observation *o = fixture_live("pair-healthy-m1");
	dbv_policy *p = fixture_policy("replication", "read");
	char buf[2048];
	struct text t = text_on(buf, sizeof(buf));

	fixture_set(p, rows[_i].settings);
	fixture_change(o, "-channels");
	fixture_change(o, rows[_i].channels);
	dbv_verdict *v = dbv_judge(o, NULL, p);

	for (size_t i = 0; i < dbv_findings(v); i++)
		text_addf(&t, "%s: %s\n", dbv_finding_id(v, i), dbv_finding_message(v, i));
	ck_assert_msg(strcmp(buf, rows[_i].told) == 0, "%s:\n%s", rows[_i].name, buf);
	dbv_verdict_free(v);
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

TCase *
channels_case(void)
{
	TCase *c = tcase_create("channels");

	tcase_add_loop_test(c, told, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	return c;
}
