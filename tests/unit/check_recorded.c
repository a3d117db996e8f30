/* SPDX-License-Identifier: MIT
 *
 * Reading what the clients print: small texts in each form, as MariaDB's client 10.11 prints them and
 * as they look after a terminal, an editor or a mail, and what is taken of them.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "recorded.h"
#include "suites.h"

#define TEXT(s) .text = (s), .size = sizeof(s) - 1
#define VARIABLES (1U << SOURCE_GLOBAL_VARIABLES)
#define STATUS (1U << SOURCE_GLOBAL_STATUS)
#define CHANNEL (1U << SOURCE_CHANNEL)
#define SESSIONS (1U << SOURCE_SESSIONS)
#define CLOCK (1U << SOURCE_CLOCK)

#define LIST "Variable_name\tValue\n"
#define MARK(n) "*************************** " n ". row ***************************\n"
#define THREADS "Slave_IO_Running\tSlave_SQL_Running\tSeconds_Behind_Master\n"
#define PROCESSES "Id\tUser\tHost\tdb\tCommand\tTime\tState\tInfo\n"

struct text_row {
	const char *name;
	const char *text;
	size_t size;
	/* The sources that have answered after it; no other has. */
	unsigned answered;
	/* "name=value ...", a channel's of the last channel; '~' is a blank, "-name" is absent. */
	const char *values;
	size_t channels;
};

static const struct text_row forms[] = {
	{ "a list", TEXT(LIST "read_only\tOFF\nmax_connections\t151\n"), VARIABLES,
		"read_only=OFF max_connections=151 -wsrep_on", 0 },
	{ "a status", TEXT(LIST "Threads_connected\t3\nwsrep_ready\tON\n"), STATUS,
		"Threads_connected=3 wsrep_ready=ON", 0 },
	{ "capitals of information_schema",
		TEXT("VARIABLE_NAME\tVARIABLE_VALUE\nWSREP_READY\tON\nWSREP_LOCAL_STATE\t4\n"),
		STATUS, "wsrep_ready=ON wsrep_local_state=4", 0 },
	{ "columns the other way round", TEXT("Value\tVariable_name\nON\twsrep_ready\n"), STATUS,
		"wsrep_ready=ON", 0 },
	{ "without the header", TEXT("Aborted_clients\t0\nThreads_connected\t7\n"), STATUS,
		"Threads_connected=7", 0 },
	{ "status and variables under one header",
		TEXT(LIST "wsrep_ready\tON\nread_only\tOFF\nwsrep_desync\tOFF\nUptime\t7\n"),
		VARIABLES | STATUS, "wsrep_ready=ON read_only=OFF wsrep_desync=OFF", 0 },
	{ "status, variables and replica status, one after another",
		TEXT(LIST "wsrep_ready\tON\n" LIST "read_only\tOFF\n" THREADS "Yes\tNo\tNULL\n"),
		VARIABLES | STATUS | CHANNEL,
		"wsrep_ready=ON read_only=OFF Slave_SQL_Running=No Seconds_Behind_Master=NULL", 1 },
	{ "a counter that is called like a variable",
		TEXT(LIST "wsrep_local_state\t4\nwsrep_causal_reads\t0\nwsrep_ready\tON\n"), STATUS,
		"wsrep_local_state=4 wsrep_ready=ON -wsrep_causal_reads", 0 },
	{ "and the variable", TEXT(LIST "wsrep_causal_reads\tOFF\n"), VARIABLES,
		"wsrep_causal_reads=OFF", 0 },
	{ "the same again", TEXT(LIST "wsrep_ready\tON\n" LIST "wsrep_ready\tON\n"), STATUS,
		"wsrep_ready=ON", 0 },
	{ "escapes", TEXT(LIST "version\ta\\tb\\nc\\\\d\\0e\\x\n"), VARIABLES,
		"version=a\tb\nc\\d?e\\x", 0 },
	{ "NULL", TEXT(LIST "wsrep_provider\tNULL\n"), VARIABLES, "wsrep_provider=NULL", 0 },
	{ "an empty value", TEXT(LIST "wsrep_cluster_address\t\nread_only\tOFF\n"), VARIABLES,
		"wsrep_cluster_address= read_only=OFF", 0 },
	{ "an empty value that lost its tab", TEXT(LIST "wsrep_cluster_address\nread_only\tOFF\n"),
		VARIABLES, "wsrep_cluster_address= read_only=OFF", 0 },
	{ "and further down", TEXT(LIST "read_only\tOFF\nwsrep_cluster_address\nwsrep_on\tON\n"),
		VARIABLES, "wsrep_cluster_address= read_only=OFF wsrep_on=ON", 0 },
	{ "a row that begins like a remark", TEXT("Value\tVariable_name\nWarning\tversion\n"),
		VARIABLES, "version=Warning", 0 },
	{ "what is no list below one", TEXT(LIST "read_only\tOFF\nread_only\tis\tnot that\n"),
		VARIABLES, "read_only=OFF", 0 },
	{ "a warning between header and row", TEXT(THREADS "mysql: [Warning] x\nYes\tYes\t0\n"),
		CHANNEL, "Slave_IO_Running=Yes", 1 },
	{ "a byte order mark, and line ends of Windows",
		TEXT("\xef\xbb\xbfVariable_name\tValue\r\nread_only\tOFF\r\n\r\n\r\n"), VARIABLES,
		"read_only=OFF", 0 },
	{ "no end of the last line", TEXT(LIST "read_only\tOFF"), VARIABLES, "read_only=OFF", 0 },
	{ "a return at the very end", TEXT(LIST "read_only\tOFF\r"), VARIABLES, "read_only=OFF",
		0 },
	{ "a return within a line", TEXT(LIST "version\ta\rb\n"), VARIABLES, "version=a\rb", 0 },
	{ "what only begins like a border", TEXT(LIST "read_only\tOFF\n+--\n+--+ x\n+x+\n"),
		VARIABLES, "read_only=OFF", 0 },
	{ "a row without its name", TEXT("Value\tVariable_name\nON\twsrep_ready\nOFF\n"), STATUS,
		"wsrep_ready=ON", 0 },
	{ "names without values are no list", TEXT("Variable_name\tx\n" LIST "read_only\tOFF\n"),
		VARIABLES, "read_only=OFF", 0 },
	{ "a zero byte hides nothing", TEXT(LIST "read_only\tOFF\0ON\nwsrep_on\0\tON\n"), VARIABLES,
		"read_only=OFF?ON -wsrep_on", 0 },
	{ "warnings above",
		TEXT("mysql: [Warning] Using a password on the command line interface can be "
		     "insecure.\nmysql: Deprecated program name. It will be removed in a future "
		     "release, use '/usr/bin/mariadb' instead\n" LIST "read_only\tOFF\n"),
		VARIABLES, "read_only=OFF", 0 },
	{ "statements told by --verbose",
		TEXT("--------------\nSHOW GLOBAL VARIABLES\n--------------\n\n" LIST
		     "read_only\tOFF\n"),
		VARIABLES, "read_only=OFF", 0 },
	{ "the rows of another statement below",
		TEXT(LIST "read_only\tOFF\nFile\tPosition\tBinlog_Do_DB\nbinlog.000001\t4\t\n"),
		VARIABLES, "read_only=OFF", 0 },

	{ "a replica", TEXT(THREADS "Yes\tYes\t0\n"), CHANNEL,
		"Slave_IO_Running=Yes Seconds_Behind_Master=0", 1 },
	{ "two channels in the new words",
		TEXT("Source_Host\tReplica_IO_Running\tReplica_SQL_Running\tChannel_Name\n"
		     "a\tYes\tYes\t\nb\tConnecting\tYes\tother\n"),
		CHANNEL, "Master_Host=b Slave_IO_Running=Connecting Connection_name=other", 2 },
	{ "variables of the session below a replica",
		TEXT(THREADS "Yes\tYes\t0\n@@hostname\t_x\ndb1\t5\n"), CHANNEL,
		"Slave_IO_Running=Yes", 1 },
	{ "a value of several lines",
		TEXT("Slave_IO_Running\tSlave_SQL_Running\tLast_SQL_Error\nYes\tNo\ta\\nb: c\n"),
		CHANNEL, "Last_SQL_Error=a\nb:~c", 1 },
	{ "one channel, told by two statements",
		TEXT("Connection_name\t" THREADS "x\tYes\tYes\t5\n\tYes\tYes\t0\n" THREADS
		     "Yes\tYes\t0\n"),
		CHANNEL, "Connection_name= Seconds_Behind_Master=0", 2 },
	{ "empty columns at the end that were lost",
		TEXT("Slave_IO_Running\tSlave_SQL_Running\tGtid_Slave_Pos\tx\nYes\tYes\n"), CHANNEL,
		"Slave_IO_Running=Yes", 1 },
	{ "another statement below a replica",
		TEXT(THREADS "Yes\tYes\t0\nFile\tPosition\nbinlog.000001\t4\n"), CHANNEL,
		"Slave_IO_Running=Yes", 1 },

	{ "a process list",
		TEXT(PROCESSES "5\tapp\tlocalhost\tNULL\tQuery\t9\tCommit\tCOMMIT\n"
			       "6\troot\tlocalhost\tNULL\tQuery\t0\tinit\tSHOW PROCESSLIST\n"),
		SESSIONS, "commit_wait=9 commit_wait_state=Commit server_wait=0 sessions_own=0",
		0 },
	{ "a process list, and who asked",
		TEXT("UNIX_TIMESTAMP()\tUSER()\tCURRENT_USER()\n1795346475\troot@localhost\troot@%"
		     "\n" PROCESSES "6\troot\tlocalhost\tNULL\tQuery\t0\tinit\tNULL\n"),
		CLOCK | SESSIONS,
		"UNIX_TIMESTAMP()=1795346475 CURRENT_USER()=root@% sessions_own=1", 0 },
	{ "a list of anonymous sessions is nobody's own",
		TEXT(PROCESSES "6\t\tlocalhost\tNULL\tQuery\t0\tinit\tNULL\n"), SESSIONS,
		"sessions_own=0 sessions_foreign=1", 0 },
	{ "the clock alone, and a line that is not its second row",
		TEXT("UNIX_TIMESTAMP()\n1795346475\nroot@db1:~# exit\n"), CLOCK,
		"UNIX_TIMESTAMP()=1795346475", 0 },

	{ "\\G",
		TEXT(MARK("1") "Variable_name: wsrep_ready\n        Value: ON\n" MARK(
			"2") "Variable_name: wsrep_cluster_status\n        Value: \n2 rows in set (0.001 sec)\n"
			     "\n"),
		STATUS, "wsrep_ready=ON wsrep_cluster_status=", 0 },
	{ "\\G of a replica",
		TEXT(MARK("1") "     Slave_IO_Running: Yes\n    Slave_SQL_Running: No\n"
			       "       Last_SQL_Error: Error: 'x: y'\nSeconds_Behind_Master: NULL\n"
			       "1 row in set (0.00 sec)\n"),
		CHANNEL,
		"Slave_IO_Running=Yes Last_SQL_Error=Error:~'x:~y' Seconds_Behind_Master=NULL", 1 },
	{ "\\G of two channels",
		TEXT(MARK("1") "  Connection_name: \n Slave_IO_Running: Yes\nSlave_SQL_Running: Yes\n" MARK(
			"2") "  Connection_name: b\n Slave_IO_Running: No\nSlave_SQL_Running: Yes\n"),
		CHANNEL, "Connection_name=b Slave_IO_Running=No", 2 },
	{ "\\G whose blanks in front were lost",
		TEXT(MARK("1") "Slave_IO_Running: Yes\nSlave_SQL_Running: No\nLast_SQL_Error:\n"
			       "SQL_Delay: 5\n"),
		CHANNEL, "Slave_SQL_Running=No SQL_Delay=5 Last_SQL_Error=", 1 },
	{ "\\G, quoted",
		TEXT("    " MARK("1") "         Slave_IO_Running: Yes\n"
				      "        Slave_SQL_Running: No\n"),
		CHANNEL, "Slave_IO_Running=Yes Slave_SQL_Running=No", 1 },
	{ "\\G: a value of several lines, one of which looks like a name",
		TEXT(MARK("1") " Slave_IO_Running: Yes\nSlave_SQL_Running: No\n"
			       "   Last_SQL_Error: a\n\nSQL_Delay: 9\n Slave_IO_Running_: No\n"
			       "        SQL_Delay: 0\n"),
		CHANNEL, "Last_SQL_Error=a\n\nSQL_Delay:~9\n~Slave_IO_Running_:~No SQL_Delay=0",
		1 },
	{ "\\G: the same below an answer whose blanks were lost",
		TEXT(MARK("1") "Slave_IO_Running: Yes\nSlave_SQL_Running: Yes\n" MARK(
			"1") "  Connection_name: b\n Slave_IO_Running: Yes\nSlave_SQL_Running: No\n"
			     "   Last_SQL_Error: a\nSQL_Delay: 9\n        SQL_Delay: 0\n"),
		CHANNEL, "Connection_name=b SQL_Delay=0", 2 },
	{ "\\G: what stands below the last value is not part of it",
		TEXT(MARK("1") "Variable_name: wsrep_ready\n        Value: ON\nBye\nroot@db1:~#\n"),
		STATUS, "wsrep_ready=ON", 0 },
	{ "\\G: before a further row it is",
		TEXT(MARK("1") "Variable_name: version\n        Value: a\nb\n" MARK(
			"2") "Variable_name: read_only\n        Value: OFF\nc\n"),
		VARIABLES, "version=a\nb read_only=OFF", 0 },
	{ "--batch, then \\G, then --batch again",
		TEXT(LIST "read_only\tOFF\n" MARK("1") " Slave_IO_Running: Yes\n"
						       "Slave_SQL_Running: Yes\n" LIST
						       "wsrep_ready\tON\n"),
		VARIABLES | STATUS | CHANNEL, "read_only=OFF wsrep_ready=ON Slave_IO_Running=Yes",
		1 },
	{ "a clock with a column of no interest",
		TEXT("NOW()\tUNIX_TIMESTAMP()\tUSER()\nx\t17\ta@b\n"), CLOCK,
		"UNIX_TIMESTAMP()=17 USER()=a@b", 0 },
	{ "\\G below stars that are no row",
		TEXT("*************************** n. row\n"
		     "*************************** 1. rows\n" MARK("1") "UNIX_TIMESTAMP(): 17\n"),
		CLOCK, "UNIX_TIMESTAMP()=17", 0 },
	{ "\\G of the clock", TEXT(MARK("1") "UNIX_TIMESTAMP(): 17\n          USER(): a@b\n"),
		CLOCK, "UNIX_TIMESTAMP()=17 USER()=a@b", 0 },

	{ "a boxed table",
		TEXT("+-------------------+-------+\n| Variable_name     | Value |\n"
		     "+-------------------+-------+\n| Threads_connected |     1 |\n"
		     "| wsrep_ready       | ON    |\n+-------------------+-------+\n"
		     "2 rows in set (0.000 sec)\n"),
		STATUS, "Threads_connected=1 wsrep_ready=ON", 0 },
	{ "boxed tables, indented, of one width",
		TEXT("  +---------------+-------+\n  | Variable_name | Value |\n"
		     "  +---------------+-------+\n  | wsrep_ready   | ON    |\n"
		     "  +---------------+-------+  \n  +---------------+-------+\n"
		     "  | Variable_name | Value |\n  +---------------+-------+\n"
		     "  | read_only     | OFF   |\n  +---------------+-------+\n"),
		VARIABLES | STATUS, "wsrep_ready=ON read_only=OFF", 0 },
	{ "boxed, and the shell below",
		TEXT("+-------------+----+\n| wsrep_ready | ON |\n+-------------+----+\nroot@db1:~#\n"),
		STATUS, "wsrep_ready=ON", 0 },
	{ "boxed without names",
		TEXT("+-------------+----+\n| wsrep_ready | ON |\n+-------------+----+\n"), STATUS,
		"wsrep_ready=ON", 0 },
	{ "boxed: bars and line ends in a value, a character of two bytes",
		TEXT("+---------------+-----------------+\n| Variable_name | Value           |\n"
		     "+---------------+-----------------+\n| version       | \xc3\xa4 | b\n|| c |\td  "
		     "|\n| read_only     | OFF             |\n+---------------+-----------------+\n"),
		VARIABLES, "version=\xc3\xa4~|~b\n||~c~|\td read_only=OFF", 0 },
	{ "boxed: characters of double width",
		TEXT("+---------------+-------+\n| Variable_name | Value |\n"
		     "+---------------+-------+\n| version       | \xe5\xae\xb6    |\n"
		     "+---------------+-------+\n"),
		VARIABLES, "version=\xe5\xae\xb6", 0 },
	{ "a boxed table of no interest before one that is",
		TEXT("+----+---+\n| a  | b |\n+----+---+\n| 1\n2 | 3 |\n+----+---+\n"
		     "+-------------+-------+\n| VARIABLE_NAME | Value |\n"
		     "+---------------+-------+\n| wsrep_ready   | ON    |\n"),
		STATUS, "wsrep_ready=ON", 0 },

	{ "a session at the prompt",
		TEXT("Welcome to the MariaDB monitor.  Commands end with ; or \\g.\n\n"
		     "MariaDB [(none)]> show global variables like 'read_only';\n"
		     "+---------------+-------+\n| Variable_name | Value |\n"
		     "+---------------+-------+\n| read_only     | OFF   |\n"
		     "+---------------+-------+\n1 row in set (0.001 sec)\n\n"
		     "MariaDB [(none)]> SHOW SLAVE STATUS\\G\nEmpty set (0.000 sec)\n\n"
		     "MariaDB [(none)]> Bye\n"),
		VARIABLES | CHANNEL, "read_only=OFF", 0 },
	{ "a mistyped statement tells nothing of the node",
		TEXT("mysql> SHOW SLAVE STATUS;\nERROR 1064 (42000): You have an error in your SQL "
		     "syntax; check the manual\nmysql> SHOW REPLICA STATUS;\nEmpty set (0.00 sec)\n"),
		CHANNEL, "", 0 },
	{ "an error of a statement of no interest",
		TEXT("mysql> use x\nERROR 1044 (42000): Access denied for user ''@'localhost' to "
		     "database 'x'\n" LIST "read_only\tOFF\n"),
		VARIABLES, "read_only=OFF", 0 },
};

/* "a=b" of O. */
static void
expect_value(const dbv_observation *o, char *word, const char *row)
{
	char *wanted = strchr(word, '=');
	bool absent = *word == '-';

	if (wanted)
		*wanted++ = '\0';
	enum variable v = fixture_variable(word + absent);
	const struct value *value = &o->values[v];

	if (variables[v].source == SOURCE_CHANNEL)
		value = &o->channels[o->channel_count - 1]->values[v];
	for (char *c = wanted; c && *c; c++)
		if (*c == '~')
			*c = ' ';
	if (absent)
		ck_assert_msg(value->kind == VALUE_ABSENT, "%s: %s is there", row, word);
	else if (strcmp(wanted, "NULL") == 0)
		ck_assert_msg(value->kind == VALUE_NULL, "%s: %s is not NULL", row, word);
	else
		ck_assert_msg(value->text && strcmp(value->text, wanted) == 0,
			"%s: %s is \"%s\" instead of \"%s\"", row, word, value_text(value), wanted);
}

START_TEST(taken)
{
	const struct text_row *row = &forms[_i];
	dbv_observation *o = observation_new();
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	char *copy = strdup(row->values);
	char *rest = copy, *word;

	ck_assert_msg(recorded_read(o, row->text, row->size, &error) == RECORDED_TAKEN, "%s: %s",
		row->name, buf);
	for (enum source s = 0; s < SOURCE_COUNT; s++)
		ck_assert_msg(
			o->answers[s].outcome == (row->answered & 1U << s ? ANSWERED : NOT_ASKED),
			"%s: source %d", row->name, (int)s);
	ck_assert_msg(
		o->channel_count == row->channels, "%s: %zu channels", row->name, o->channel_count);
	while ((word = strsep(&rest, " ")))
		if (*word)
			expect_value(o, word, row->name);
	free(copy);
	observation_free(o);
}
END_TEST

static const struct {
	const char *name;
	const char *text;
	size_t size;
	enum recorded outcome;
	/* Part of the message. */
	const char *error;
} others[] = {
	{ "nothing", TEXT(""), RECORDED_NOTHING, "" },
	{ "blank lines", TEXT("\xef\xbb\xbf\r\n \n\n"), RECORDED_NOTHING, "" },
	{ "an empty answer and a warning",
		TEXT("mysql: [Warning] Using a password on the command line interface can be "
		     "insecure.\n"),
		RECORDED_NOTHING, "" },
	{ "an empty set of who knows what", TEXT("Empty set (0.00 sec)\n\n"), RECORDED_NOTHING,
		"" },
	{ "a letter", TEXT("Dear support,\nit is down.\n"), RECORDED_UNKNOWN,
		"line 1: no status, variables, replica status or process list: Dear support" },
	{ "control characters of a file are not printed", TEXT("\n\033[2J\x01\n"), RECORDED_UNKNOWN,
		"line 2: no status, variables, replica status or process list: ?[2J?" },
	{ "another statement", TEXT("File\tPosition\nbinlog.000001\t4\n"), RECORDED_UNKNOWN,
		"line 1" },
	{ "a list without a name that is known", TEXT(LIST "Innodb_rows_read\t4\n"),
		RECORDED_UNKNOWN, "line 1" },
	{ "\\G of another statement", TEXT(MARK("1") "    File: a\nPosition: 4\n"),
		RECORDED_UNKNOWN, "line 1" },
	{ "\\G without names", TEXT(MARK("1") "wsrep_ready\nON\n"), RECORDED_UNKNOWN, "line 1" },
	{ "a boxed table of another statement",
		TEXT("+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n+---+---+\n"), RECORDED_UNKNOWN,
		"line 1" },
	{ "HTML", TEXT("<TABLE BORDER=1><TR><TH>Variable_name</TH><TH>Value</TH></TR>"),
		RECORDED_UNKNOWN, "line 1" },
	{ "UTF-16", TEXT("\xff\xfeV\0a\0r\0"), RECORDED_UNKNOWN, "line 1" },
	{ "an error that tells nothing", TEXT("ERROR 1146 (42S02): Table 'x' doesn't exist\n"),
		RECORDED_UNKNOWN, "ERROR 1146" },
	{ "a privilege for who knows what",
		TEXT("ERROR 1142 (42000): SELECT command denied to user 'x'@'y' for table 't'\n"),
		RECORDED_UNKNOWN, "ERROR 1142" },
	{ "an error beyond all numbers", TEXT("ERROR 4294969298 (HY000): Can't connect\n"),
		RECORDED_UNKNOWN, "line 1" },
	{ "an error that is none", TEXT("ERROR 2002x: Can't connect\n"), RECORDED_UNKNOWN,
		"line 1" },
	{ "an error without its number", TEXT("ERROR (HY000): Can't connect\n"), RECORDED_UNKNOWN,
		"line 1" },
	{ "an error without words", TEXT("ERROR 2002 (HY000)\n"), RECORDED_UNKNOWN, "line 1" },
	{ "an error of the client that has no number", TEXT("ERROR: No query specified\n"),
		RECORDED_UNKNOWN, "line 1" },

	{ "two values",
		TEXT(LIST "wsrep_ready\tON\nx\t1\nwsrep_ready\tO\x01"
			  "F\n"),
		RECORDED_REFUSED, "line 4: two values of wsrep_ready: ON and O?F" },
	{ "a value and NULL", TEXT(LIST "wsrep_on\tNULL\nwsrep_on\tON\n"), RECORDED_REFUSED,
		"two values of wsrep_on: NULL and ON" },
	{ "two values in two forms",
		TEXT(LIST "wsrep_on\tON\n" MARK("1") "Variable_name: wsrep_on\nValue: OFF\n"),
		RECORDED_REFUSED, "line 3: two values of wsrep_on" },
	{ "two values of a channel", TEXT(THREADS "Yes\tYes\t0\n" THREADS "Yes\tNo\t0\n"),
		RECORDED_REFUSED, "line 4: two values of Slave_SQL_Running: Yes and No" },
	{ "a name twice in one row",
		TEXT(MARK("1") "   Slave_IO_Running: No\nSlave_SQL_Running: No\n"
			       "Slave_IO_Running: Yes\n"),
		RECORDED_REFUSED, "two values of Slave_IO_Running: No and Yes" },
	{ "a replica that is cut off", TEXT(THREADS "Yes\tYes"), RECORDED_REFUSED,
		"line 2: the replica status is cut off before Seconds_Behind_Master" },
	{ "a replica that is cut off behind its header", TEXT(THREADS), RECORDED_REFUSED,
		"a replica status ends with its header" },
	{ "a replica's header above another answer", TEXT(THREADS LIST "read_only\tOFF\n"),
		RECORDED_REFUSED, "line 2: a replica status ends with its header" },
	{ "a replica's header above \\G", TEXT(THREADS MARK("1") "UNIX_TIMESTAMP(): 17\n"),
		RECORDED_REFUSED, "line 2: a replica status ends with its header" },
	{ "a replica's header above a boxed table",
		TEXT(THREADS "+-------------+----+\n| wsrep_ready | ON |\n"), RECORDED_REFUSED,
		"line 2: a replica status ends with its header" },
	{ "a row of a replica that begins with no name", TEXT(THREADS "Yes\tYes\t0\n{a}\tb\n"),
		RECORDED_REFUSED, "line 3: the replica status is cut off" },
	{ "two values without a header", TEXT("wsrep_ready\tON\nwsrep_ready\tOFF\n"),
		RECORDED_REFUSED, "line 2: two values of wsrep_ready: ON and OFF" },
	{ "two clocks", TEXT("UNIX_TIMESTAMP()\n17\nUNIX_TIMESTAMP()\n18\n"), RECORDED_REFUSED,
		"line 4: two values of UNIX_TIMESTAMP(): 17 and 18" },
	{ "a second channel that --raw broke",
		TEXT("Slave_IO_Running\tSlave_SQL_Running\tLast_SQL_Error\tSQL_Delay\n"
		     "Yes\tYes\t\t0\nYes\tNo\tin line\n two\t0\n"),
		RECORDED_REFUSED, "line 3: the replica status is cut off before SQL_Delay" },
	{ "\\G of a replica that is cut off",
		TEXT(MARK("1") "     Master_Host: a\nSlave_IO_Running: Yes\n"), RECORDED_REFUSED,
		"line 1: the replica status is cut off" },
	{ "\\G that is cut off before the threads", TEXT(MARK("1") "Master_Host: a\n"),
		RECORDED_REFUSED, "line 1: the replica status is cut off" },
	{ "\\G that is cut off between the threads", TEXT(MARK("2") "Replica_IO_Running: Yes\n"),
		RECORDED_REFUSED, "line 1: the replica status is cut off" },
	{ "more columns than the header", TEXT(THREADS "Yes\tYes\t0\t\n"), RECORDED_REFUSED,
		"line 2: 4 columns below a header of 3" },
	{ "a process list that is cut off", TEXT(PROCESSES "5\tapp\tlocalhost\tNULL\tQu"),
		RECORDED_REFUSED, "line 2: the process list is cut off before" },
	{ "a second session that is cut off",
		TEXT(PROCESSES "5\ta\tb\tc\td\t1\te\tf\n5\tapp\tlocalhost"), RECORDED_REFUSED,
		"line 3: the process list is cut off before Command" },
	{ "a clock that is cut off", TEXT("UNIX_TIMESTAMP()\tUSER()\n17\n"), RECORDED_REFUSED,
		"line 2: cut off before USER()" },
	{ "a boxed row with more behind it",
		TEXT("+---------------+-------+\n| Variable_name | Value |\n"
		     "+---------------+-------+\n| wsrep_ready   | ON    | ?\n"
		     "+---------------+-------+\n"),
		RECORDED_REFUSED, "line 4: a row that does not fit its table" },
	{ "a boxed row that lost a bar",
		TEXT("+---------------+-------+\n| Variable_name | Value |\n"
		     "+---------------+-------+\n| wsrep_ready     ON    |\n"
		     "+---------------+-------+\n"),
		RECORDED_REFUSED, "line 4: a row that does not fit its table" },
};

START_TEST(not_taken)
{
	dbv_observation *o = observation_new();
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	enum recorded outcome = recorded_read(o, others[_i].text, others[_i].size, &error);

	ck_assert_msg(
		outcome == others[_i].outcome, "%s: %d (%s)", others[_i].name, (int)outcome, buf);
	ck_assert_msg(strstr(buf, others[_i].error) && !*buf == !*others[_i].error, "%s: %s",
		others[_i].name, buf);
	observation_free(o);
}
END_TEST

static const char cannot_connect[] =
	"ERROR 2002 (HY000): Can't connect to local server through socket '/run/s.sock' (111)\n";

/* What an error stands for. AFTER is another file, of the same node. */
static const struct {
	const char *name;
	const char *text;
	const char *after;
	enum source source;
	unsigned error;
	const char *galera;
	const char *replication;
} errors[] = {
	{ "nobody listens", cannot_connect, "exit 1\n", SOURCE_CONNECT, 2002,
		"down:server.unreachable", "down:server.unreachable" },
	{ "the same twice", cannot_connect, cannot_connect, SOURCE_CONNECT, 2002,
		"down:server.unreachable", "down:server.unreachable" },
	{ "and an answer of another moment", cannot_connect, LIST "wsrep_ready\tON\n",
		SOURCE_CONNECT, 2002, "down:server.unreachable", "down:server.unreachable" },
	{ "refused, and an answer of another moment",
		"mysql> SHOW GLOBAL STATUS;\nERROR 1047 (08S01): WSREP has not yet prepared node\n",
		LIST "wsrep_ready\tON\n", SOURCE_GLOBAL_STATUS, 1047, "down:galera.not_ready",
		"down:server.protocol" },
	{ "full, after a mistyped statement",
		"mysql> x;\nERROR 1064 (42000): You have an error\nERROR 1040 (08004): Too many "
		"connections\n",
		"", SOURCE_CONNECT, 1040, "50:server.too_many_connections",
		"50:server.too_many_connections" },
	{ "full", "ERROR 1040 (HY000): Too many connections\n", "", SOURCE_CONNECT, 1040,
		"50:server.too_many_connections", "50:server.too_many_connections" },
	{ "denied", "ERROR 1045 (28000): Access denied for user 'slave'@'db1'\n", "",
		SOURCE_CONNECT, 1045, "unknown:server.access_denied",
		"unknown:server.access_denied" },
	{ "the number and a colon", "ERROR 1045: Access denied for user 'slave'@'db1'\n", "",
		SOURCE_CONNECT, 1045, "unknown:server.access_denied",
		"unknown:server.access_denied" },
	{ "no privilege for the replica status in MySQL's words",
		"ERROR 1142 (42000): SELECT command denied to user 'x'@'y' for table "
		"'replication_connection_status'; you need REPLICATION CLIENT\n",
		"", SOURCE_CHANNEL, 1142, "unknown", "unknown:server.privilege_missing" },
	{ "blocked",
		"ERROR 1129 (HY000): Host 'x' is blocked because of many connection errors; "
		"unblock with 'mysqladmin flush-hosts'\n",
		"", SOURCE_CONNECT, 1129, "unknown:server.host_blocked",
		"unknown:server.host_blocked" },
	{ "TLS", "ERROR 2026 (HY000): TLS/SSL error: certificate verify failed\n", "",
		SOURCE_CONNECT, 2026, "unknown:server.tls", "unknown:server.tls" },
	{ "lost in a statement",
		"--------------\nSHOW GLOBAL STATUS\n--------------\n\nERROR 2013 (HY000) at line "
		"1: Lost connection to server during query\n",
		"", SOURCE_GLOBAL_STATUS, 2013, "down:server.shutting_down",
		"down:server.shutting_down" },
	{ "refused by Galera, the statement told",
		"MariaDB [(none)]> SHOW GLOBAL STATUS;\nERROR 1047 (08S01): WSREP has not yet "
		"prepared node for application use\n",
		"", SOURCE_GLOBAL_STATUS, 1047, "down:galera.not_ready", "down:server.protocol" },
	{ "refused by Galera, the statement not told",
		"ERROR 1047 (08S01) at line 1: WSREP has not yet prepared node for application "
		"use\n",
		"", SOURCE_CONNECT, 1047, "down:galera.not_ready", "down:server.protocol" },
	{ "no privilege, the statement told",
		"--------------\nSHOW ALL SLAVES STATUS\n--------------\n\nERROR 1227 (42000) at "
		"line 1: Access denied; you need (at least one of) the SUPER, SLAVE MONITOR "
		"privilege(s) for this operation\n",
		"", SOURCE_CHANNEL, 1227, "unknown", "unknown:server.privilege_missing" },
	{ "no privilege, the statement not told",
		"ERROR 1227 (42000): Access denied; you need (at least one of) the SUPER, "
		"REPLICATION CLIENT privilege(s) for this operation\n",
		"", SOURCE_CHANNEL, 1227, "unknown", "unknown:server.privilege_missing" },
	{ "lost in a statement of no interest",
		"mysql> select 1;\nERROR 2006 (HY000): Server has gone away\n", "", SOURCE_CONNECT,
		2006, "down:server.unreachable", "down:server.unreachable" },
};

START_TEST(failed)
{
	static const char *const modes[] = { "galera", "replication" };
	dbv_observation *o = observation_new();
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));

	ck_assert_msg(recorded_read(o, errors[_i].text, strlen(errors[_i].text), &error) ==
			      RECORDED_TAKEN,
		"%s: %s", errors[_i].name, buf);
	ck_assert(recorded_read(o, errors[_i].after, strlen(errors[_i].after), &error) !=
		  RECORDED_REFUSED);
	const struct answer *a = &o->answers[errors[_i].source];

	ck_assert_msg(a->outcome == FAILED && a->error == errors[_i].error, "%s: %d, error %u",
		errors[_i].name, (int)a->outcome, a->error);
	for (size_t i = 0; i < 2; i++) {
		dbv_policy *p = fixture_policy(modes[i], "write");

		fixture_expect(
			o, p, i ? errors[_i].replication : errors[_i].galera, errors[_i].name);
		dbv_policy_free(p);
	}
	observation_free(o);
}
END_TEST

START_TEST(two_errors)
{
	static const char other[] = "ERROR 1040 (08004): Too many connections\n";
	dbv_observation *o = observation_new();
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));

	ck_assert(recorded_read(o, cannot_connect, sizeof(cannot_connect) - 1, &error) ==
		  RECORDED_TAKEN);
	ck_assert(recorded_read(o, other, sizeof(other) - 1, &error) == RECORDED_REFUSED);
	ck_assert_str_eq(buf, "line 1: two errors in one place: 2002 and 1040");
	observation_free(o);
}
END_TEST

START_TEST(two_process_lists)
{
	static const char list[] = PROCESSES "6\troot\tlocalhost\tNULL\tQuery\t0\tinit\tNULL\n";
	dbv_observation *o = observation_new();
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));

	ck_assert(recorded_read(o, list, sizeof(list) - 1, &error) == RECORDED_TAKEN);
	ck_assert(recorded_read(o, list, sizeof(list) - 1, &error) == RECORDED_REFUSED);
	ck_assert_str_eq(buf, "line 2: a second process list");
	observation_free(o);
}
END_TEST

/* Reads TEXT and returns the outcome; the observation in *O. */
static enum recorded
read_generated(dbv_observation **o, const struct text *text, char error[DBV_ERROR_SIZE])
{
	struct text e = text_on(error, DBV_ERROR_SIZE);

	ck_assert_uint_lt(text->len + 1, text->size);
	*o = observation_new();
	return recorded_read(*o, text->buf, text->len, &e);
}

START_TEST(too_many_channels)
{
	static char buf[32768];
	struct text t = text_on(buf, sizeof(buf));
	char error[DBV_ERROR_SIZE];
	dbv_observation *o;

	text_add(&t, "Channel_Name\t" THREADS);
	for (int i = 0; i <= CHANNELS_MAX; i++)
		text_addf(&t, "%d\tYes\tYes\t0\n", i);
	ck_assert(read_generated(&o, &t, error) == RECORDED_REFUSED);
	ck_assert_str_eq(error, "line 258: more than 256 replication channels");
	observation_free(o);
}
END_TEST

/* The client pads no cell beyond 1024 characters, whatever the border says. */
START_TEST(wide_cells)
{
	static char buf[65536], value[3001];
	struct text t = text_on(buf, sizeof(buf));
	char border[3100], error[DBV_ERROR_SIZE];
	dbv_observation *o;

	memset(value, 'x', 3000);
	memcpy(value + 1500, " | y\nz", 6);
	memset(border, '-', sizeof(border));
	text_addf(&t, "+---------------+%.*s+\n", 3002, border);
	text_addf(&t, "| Variable_name | %-1024s |\n", "Value");
	text_addf(&t, "+---------------+%.*s+\n", 3002, border);
	text_addf(&t, "| wsrep_on      | %-1024s |\n", "a | b");
	text_addf(&t, "| version       | %s |\n", value);
	text_addf(&t, "| read_only     | %-1024s |\n", "OFF");
	text_addf(&t, "+---------------+%.*s+\n", 3002, border);
	ck_assert_msg(read_generated(&o, &t, error) == RECORDED_TAKEN, "%s", error);
	ck_assert_str_eq(value_text(&o->values[V_WSREP_ON]), "a | b");
	ck_assert_str_eq(value_text(&o->values[V_VERSION]), value);
	ck_assert_str_eq(value_text(&o->values[V_READ_ONLY]), "OFF");
	observation_free(o);
}
END_TEST

/* More columns than are read, in each form: refused, or of no interest. */
START_TEST(many_columns)
{
	static const struct {
		const char *head, *again, *tail;
		enum recorded outcome;
	} tables[] = {
		{ "Variable_name\tValue", "\tx", "\nwsrep_ready\tON\n", RECORDED_TAKEN },
		{ MARK("1"), "x: y\n", "", RECORDED_REFUSED },
		{ "", "+-", "+\n", RECORDED_UNKNOWN },
		{ "", "|x", "|\n", RECORDED_UNKNOWN },
	};
	static char buf[65536];
	struct text t = text_on(buf, sizeof(buf));
	char error[DBV_ERROR_SIZE];
	dbv_observation *o;

	/* The row goes below its border. */
	for (int part = _i == 3 ? 2 : _i; part <= _i; part++) {
		text_add(&t, tables[part].head);
		for (int i = 0; i < 300; i++)
			text_add(&t, tables[part].again);
		text_add(&t, tables[part].tail);
	}
	ck_assert_int_eq(read_generated(&o, &t, error), tables[_i].outcome);
	observation_free(o);
}
END_TEST

/* A value is kept up to a limit, and still the same when it is told again. */
START_TEST(long_value)
{
	static char buf[65536];
	struct text t = text_on(buf, sizeof(buf));
	char error[DBV_ERROR_SIZE];
	dbv_observation *o;

	for (int twice = 0; twice < 2; twice++)
		text_addf(&t, "version\t%010000d\n", 1);
	ck_assert_msg(read_generated(&o, &t, error) == RECORDED_TAKEN, "%s", error);
	ck_assert_uint_eq(strlen(value_text(&o->values[V_VERSION])), VALUE_TEXT_MAX);
	observation_free(o);
}
END_TEST

/* Files that are read in no time, unless a line is looked at again for every other: the time that a
 * test is given does not do for that. */
START_TEST(long_files)
{
	static const struct {
		const char *head;
		const char *again;
	} files[] = {
		{ "+-+\n", "|\n" },
		{ "+----+----+\n", "| a\n" },
		{ "", "+-+\n+--+\n" },
		{ MARK("1") " Slave_IO_Running: Yes\n", "more\n" },
		{ MARK("1") "a: b\n", "c\n" MARK("2") "a: b\n" },
		{ LIST "version\t", "\\n" },
		{ "", "> " },
		{ "", "*" },
		{ "", "a\t" },
		{ "+", "-" },
	};
	const size_t size = 2 * 1024 * 1024;
	char *text = malloc(size);
	dbv_observation *o = observation_new();
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	size_t head = strlen(files[_i].head), n = strlen(files[_i].again);

	memcpy(text, files[_i].head, head);
	for (size_t i = head; i < size; i++)
		text[i] = files[_i].again[(i - head) % n];
	/* The long border, and rows below it. */
	for (size_t i = size / 2; *files[_i].again == '-' && i < size; i++)
		text[i] = "+\n|\n|\n"[i - size / 2 < 2 ? i - size / 2 : 2 + i % 2];
	ck_assert(recorded_read(o, text, size, &error) != RECORDED_NO_MEMORY);
	observation_free(o);
	free(text);
}
END_TEST

/* A row of a list goes where its name is known: the two tables must not share one. SHOW GLOBAL STATUS
 * and SHOW GLOBAL VARIABLES do share some: what MariaDB 10.11 with Galera has in both is in neither
 * table, but for wsrep_causal_reads, which has a row above. */
START_TEST(names_of_one_list)
{
	static const char *const shared[] = { "innodb_page_size", "ssl_cipher" };

	for (enum variable v = 0; v < VARIABLE_COUNT; v++) {
		const char *const names[] = { variables[v].name, variables[v].alias };

		for (size_t i = 0; i < 2 && names[i]; i++)
			ck_assert_msg(variable_by_name(SOURCE_GLOBAL_VARIABLES, names[i]) ==
						      VARIABLE_COUNT ||
					      variable_by_name(SOURCE_GLOBAL_STATUS, names[i]) ==
						      VARIABLE_COUNT,
				"%s", names[i]);
	}
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		ck_assert(variable_by_name(SOURCE_GLOBAL_VARIABLES, shared[i]) == VARIABLE_COUNT);
		ck_assert(variable_by_name(SOURCE_GLOBAL_STATUS, shared[i]) == VARIABLE_COUNT);
	}
}
END_TEST

TCase *
recorded_case(void)
{
	TCase *c = tcase_create("recorded");

	tcase_add_loop_test(c, taken, 0, sizeof(forms) / sizeof(forms[0]));
	tcase_add_loop_test(c, not_taken, 0, sizeof(others) / sizeof(others[0]));
	tcase_add_loop_test(c, failed, 0, sizeof(errors) / sizeof(errors[0]));
	tcase_add_test(c, two_errors);
	tcase_add_test(c, two_process_lists);
	tcase_add_test(c, too_many_channels);
	tcase_add_test(c, wide_cells);
	tcase_add_loop_test(c, many_columns, 0, 4);
	tcase_add_test(c, long_value);
	tcase_add_loop_test(c, long_files, 0, 10);
	tcase_add_test(c, names_of_one_list);
	return c;
}
