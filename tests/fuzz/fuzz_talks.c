/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "catch_up.h"
#include "expect.h"
#include "mains.h"
#include "policy.h"
#include "position.h"
#include "read_only.h"
#include "script_client.h"
#include "script_server.h"
#include "stage.h"
#include "witness.h"

/* The ports of the two servers. */
enum { A = 3306, B = 3307 };

#define SHOW_FLAGS "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only',"
#define SET_FLAG "/* dbvitals read_only */ SET GLOBAL read_only = IF(UNIX_TIMESTAMP(SYSDATE(6)) < "
#define TABLE "`x`.`dbvitals_roundtrip_"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static bool
is_number(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0';
}

/* ---- nothing but what is meant to be asked ---- */

/* Somebody at the same port has told before that this session is at a statement of ours. */
static bool
is_ours(const struct asked *kill, const char *mark)
{
	size_t count;
	const struct asked *all = witness_all(&count);

	for (const struct asked *a = all; a < kill; a++)
		for (size_t i = 0; i < a->rows; i++)
			if (begins(a->sql, "SHOW FULL PROCESSLIST") && a->port == kill->port &&
				strcmp(witness_cell(a, i, "Id"), kill->sql + 5) == 0 &&
				strstr(witness_cell(a, i, "Info"), mark))
				return true;
	return false;
}

/* CHANGES, which end with NULL, may be asked for, and what only reads; sessions with MARK ("": none) may be ended. */
static void
expect_asked(const char *const changes[], const char *mark)
{
	static const char *const readings[] = { "SHOW ", "SELECT ", "SET SESSION ", "USE `x`" };
	size_t count;
	const struct asked *all = witness_all(&count);

	for (size_t i = 0; i < count; i++) {
		const char *sql = all[i].sql;
		bool meant = *sql == '\0';

		for (size_t r = 0; r < sizeof(readings) / sizeof(readings[0]); r++)
			meant = meant || begins(sql, readings[r]);
		for (size_t c = 0; changes[c]; c++)
			meant = meant || begins(sql, changes[c]);
		if (*mark && begins(sql, "KILL "))
			meant = is_number(sql + 5) && is_ours(&all[i], mark);
		expect(meant, sql);
	}
	expect(!server_heard(CLIENT_PASSWORD, sizeof(CLIENT_PASSWORD) - 1), "no password");
}

/* ---- read-only ---- */

static bool
is_one_of(const char *value, const char *const words[])
{
	while (*words && strcasecmp(value, *words) != 0)
		words++;
	return *words != NULL;
}

/* Two rows of A say different things of the flag in ROW. */
static bool
is_contradicted(const struct asked *a, size_t row)
{
	for (size_t i = 0; i < row; i++)
		if (strcasecmp(witness_cell(a, i, "Variable_name"),
			    witness_cell(a, row, "Variable_name")) == 0 &&
			strcmp(witness_cell(a, i, "Value"), witness_cell(a, row, "Value")) != 0)
			return true;
	return false;
}

/* Every row says so: one that does not makes it unknown. */
static bool
is_as_wanted(const struct asked *a, bool on)
{
	static const char *const yes[] = { "ON", "1", "YES", "TRUE", NULL };
	static const char *const no[] = { "OFF", "0", "NO", "FALSE", NULL };
	static const char *const flags[] = { "read_only", "super_read_only", "innodb_read_only",
		NULL };
	bool told = false;

	for (size_t i = 0; i < a->rows; i++) {
		const char *name = witness_cell(a, i, "Variable_name");
		const char *value = witness_cell(a, i, "Value");
		bool is_flag = strcasecmp(name, "read_only") == 0;

		if (is_one_of(name, flags) && is_contradicted(a, i))
			return false;

		told = told || is_flag;
		if (on && is_flag && !is_one_of(value, yes) &&
			strncasecmp(value, "NO_LOCK", 7) != 0)
			return false;
		if (!on && is_one_of(name, flags) && !is_one_of(value, no))
			return false;
	}
	return told && a->ended;
}

static void
expect_set(bool on)
{
	const struct asked *set = witness_first(A, SET_FLAG);
	const struct asked *before = witness_first(A, SHOW_FLAGS);
	const char *end = on ? ", 1, -1)" : ", 0, -1)";

	if (!set)
		return;
	expect(before->ended && !is_as_wanted(before, on), "what is as wanted is not touched");
	expect(set == witness_last(A, SET_FLAG), "it is tried once");
	size_t digits = strspn(set->sql + strlen(SET_FLAG), "-0123456789.");

	expect(strcmp(set->sql + strlen(SET_FLAG) + digits, end) == 0, "it is whole");
}

static void
talk_read_only(dbv_node *const nodes[2], bool on, int64_t deadline)
{
	static const char *const changes[] = { SET_FLAG, NULL };
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));
	bool done = node_set_read_only(nodes[0], on, deadline, &why);
	const struct asked *last = witness_last(A, SHOW_FLAGS);

	expect((*reason == '\0') == done, "what was not done has its reason");
	expect_message(reason);
	expect(!done || (last && is_as_wanted(last, on)), "done is what was seen at the end");
	expect_set(on);
	expect_asked(changes, "/* dbvitals read_only */");
}

/* ---- position, and catching up with it ---- */

static void
expect_position(const char *position)
{
	size_t count;
	const struct asked *all = witness_all(&count);
	const struct asked *id = witness_last(A, "SELECT @@GLOBAL.server_id");
	const struct asked *end = &all[count - 1];
	char expected[2048];
	struct text t = text_on(expected, sizeof(expected));

	expect(id && id->ended && id->rows > 0 && id->cells[0], "it told its server_id");
	expect(begins(end->sql, "SHOW ") && end->ended && end->rows > 0, "it told its end");
	expect(is_number(id->cells[0]) && is_number(witness_cell(end, 0, "Position")) &&
			*witness_cell(end, 0, "File"),
		"a position is well-formed");
	text_addf(&t, "%s:", id->cells[0]);
	text_add_foreign(&t, witness_cell(end, 0, "File"), sizeof(expected));
	text_addf(&t, ":%s", witness_cell(end, 0, "Position"));
	expect(strcmp(position, expected) == 0, "it is the position that was told");
}

static const char *
cell_of(const struct asked *a, size_t row, const char *old, const char *new)
{
	const char *cell = witness_cell(a, row, old);

	return *cell ? cell : witness_cell(a, row, new);
}

/* The number at the end of N bytes of text, as digits without zeros in front. */
static size_t
end_number(const char *text, size_t n, const char **digits)
{
	const char *from = text + n;

	while (from > text && from[-1] >= '0' && from[-1] <= '9')
		from--;
	while (from < text + n && *from == '0')
		from++;
	*digits = from;
	return (size_t)(text + n - from);
}

static int
number_order(const char *a, size_t a_length, const char *b, size_t b_length)
{
	const char *a_digits, *b_digits;
	size_t m = end_number(a, a_length, &a_digits), n = end_number(b, b_length, &b_digits);

	return m != n ? (m > n) - (m < n) : memcmp(a_digits, b_digits, n);
}

/* POSITION is ID:FILE:AT. */
static void
expect_reached(const struct asked *replica, size_t row, const char *position)
{
	const char *file = cell_of(replica, row, "Relay_Master_Log_File", "Relay_Source_Log_File");
	const char *at = cell_of(replica, row, "Exec_Master_Log_Pos", "Exec_Source_Log_Pos");
	const char *wanted = strchr(position, ':') + 1, *colon = strrchr(position, ':');
	int order = number_order(file, strlen(file), wanted, (size_t)(colon - wanted));

	expect(order > 0 || (order == 0 && number_order(at, strlen(at), colon + 1,
						   strlen(colon + 1)) >= 0),
		"it has applied what was left");
}

static void
expect_caught_up(const char *position)
{
	size_t count;
	const struct asked *all = witness_all(&count), *replica = NULL;
	bool leads = !*position;

	for (size_t i = 0; i < count; i++)
		if (all[i].port == B && begins(all[i].sql, "SHOW ") &&
			strstr(all[i].sql, " STATUS") && !begins(all[i].sql, "SHOW GLOBAL"))
			replica = &all[i];
	expect(replica && replica->ended, "it told of its channels");
	for (size_t i = 0; i < replica->rows; i++) {
		const char *id = cell_of(replica, i, "Master_Server_Id", "Source_Server_Id");

		expect(strcasecmp(cell_of(replica, i, "Slave_SQL_Running", "Replica_SQL_Running"),
			       "Yes") == 0,
			"who does not apply has not caught up");
		if (strncmp(id, position, strlen(id)) != 0 || position[strlen(id)] != ':')
			continue;
		leads = true;
		expect_reached(replica, i, position);
	}
	expect(leads, "a channel leads to who left the position");
}

static void
talk_position(dbv_node *const nodes[2], int64_t deadline)
{
	static const char *const changes[] = { NULL };
	char position[2048], reason[DBV_ERROR_SIZE], how_far[1024];
	struct text out = text_on(position, sizeof(position));
	struct text why = text_on(reason, sizeof(reason));
	struct text what = text_on(how_far, sizeof(how_far));
	bool known = node_position(nodes[0], deadline, &out, &why);
	dbv_policy *p = dbv_policy_new();

	expect((*reason == '\0') == known && (*position != '\0') == known,
		"a position, or the reason for none");
	expect_message(reason);
	expect_clean(position, false);
	if (known)
		expect_position(position);
	p->mode = MODE_REPLICATION;
	expect(dbv_observe(&nodes[1], 1, p, deadline), "there is memory");
	enum catch_up state =
		catch_up(dbv_node_observation(nodes[1]), p, known ? position : NULL, &what);

	expect_message(how_far);
	if (state == CATCH_UP_DONE)
		expect_caught_up(position);
	dbv_policy_free(p);
	expect_asked(changes, "");
}

/* ---- the round trip ---- */

static bool
was_done(unsigned port, const char *sql)
{
	const struct asked *a = witness_last(port, sql);

	return a && a->ended;
}

/* There is no such table any more, as far as it was asked. */
static bool
is_gone(unsigned port)
{
	const struct asked *a = witness_last(port, "SELECT token FROM " TABLE);

	return a && !a->ended && a->error == 1146;
}

static void
expect_round(const char *printed)
{
	const struct asked *seen = witness_last(B, "SELECT token FROM " TABLE);
	const struct asked *row = witness_last(A, "INSERT INTO " TABLE);
	char values[128];
	struct text t = text_on(values, sizeof(values));

	expect(was_done(A, "CREATE TABLE " TABLE) && row && row->ended, "it was made");
	expect(seen && seen->ended && seen->rows > 0 && seen->cells[0], "it was seen");
	text_addf(&t, " VALUES ('%s')", seen->cells[0]);
	expect(strstr(row->sql, values) != NULL, "it was the row that was made");
	expect(was_done(B, "DROP TABLE "), "it was dropped");
	expect(is_gone(A), "it is gone");
	expect(strstr(printed, "\nroundtrip ") != NULL, "it says so");
}

/* The table is gone from PORT, or it is told that it may be there: LEFT. */
static void
expect_nothing_left(unsigned port, const char *left, const char *printed)
{
	const struct asked *made = witness_first(port, "CREATE TABLE " TABLE);
	const struct asked *seen = NULL;
	size_t count;
	const struct asked *all = witness_all(&count);

	/* A refusal leaves nothing. */
	if (made && made->error && made->error != 2013 && made->error != 2006)
		made = NULL;
	for (size_t i = 0; i < count; i++)
		if (all[i].port == port && begins(all[i].sql, "SELECT token")) {
			if (all[i].ended)
				seen = &all[i];
			else if (all[i].error == 1146)
				seen = NULL;
		}
	if ((made || seen) && !is_gone(port) && !was_done(port, "DROP TABLE "))
		expect(strstr(printed, left) != NULL, "what may be left is told");
}

static void
talk_round_trip(const char *letters, size_t size)
{
	static const char *const changes[] = { "CREATE TABLE " TABLE, "INSERT INTO " TABLE,
		"DROP TABLE IF EXISTS " TABLE, NULL };
	static const char *const modes[] = { "disabled", "preferred", "required", "verify-ca",
		"verify-identity" };
	char ssl_mode[32] = "--ssl-mode=preferred";
	struct text mode = text_on(ssl_mode, sizeof(ssl_mode));
	char words[][32] = { "dbvitals", "roundtrip", "--schema=x", "--timeout=3", "--user=check",
		"--plugin-dir=/", "127.0.0.1:3306", "127.0.0.1:3307" };
	char *argv[] = { words[0], words[1], words[2], words[3], words[4], words[5], ssl_mode,
		words[6], words[7], NULL };
	char nothing[] = "";

	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++)
		if (memchr(letters, (int)('0' + m), size)) {
			mode.len = 0;
			text_addf(&mode, "--ssl-mode=%s", modes[m]);
		}
	int status = stage_run(main_tool, argv, nothing);
	const char *printed = stage_printed();

	expect(status >= 0 && status <= 3, "the statuses of Nagios");
	expect_clean(printed, true);
	expect_clean(stage_complained(), *stage_complained());
	if (status == 0)
		expect_round(printed);
	expect_nothing_left(A, "May be left behind on 127.0.0.1:3306", printed);
	expect_nothing_left(B, "May be left behind on 127.0.0.1:3307", printed);
	expect_asked(changes, "dbvitals_roundtrip_");
}

/* ---- */

/* A line of letters, and the scripts of two servers: the first letter is the conversation that is held with them, + or -
 * read_only on or off, p the position of the first, and has the second caught up with it, r the round trip; further ones
 * those of client_settings(). */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *script = (const char *)data;
	const char *end = memchr(script, '\n', size);
	size_t first = end ? (size_t)(end - script) : size;
	dbv_node *nodes[2] = { dbv_node_new(), dbv_node_new() };
	static bool begun;
	int before = next_descriptor();

	for (size_t i = 0; i < 2; i++) {
		client_settings(nodes[i], script, first);
		dbv_node_set(nodes[i], "port", i == 0 ? "3306" : "3307", NULL, 0);
	}
	server_begin(script + first, size - first);
	int64_t deadline = dbv_now() + CLIENT_BUDGET_MS;

	switch (first > 0 ? *script : '\0') {
	case 'p':
		talk_position(nodes, deadline);
		break;
	case 'r':
		talk_round_trip(script, first);
		break;
	case '-':
		talk_read_only(nodes, false, deadline);
		break;
	default:
		talk_read_only(nodes, true, deadline);
		break;
	}
	expect(dbv_now() <= deadline + 1, "it ends in time");
	server_end();
	witness_forget();
	for (size_t i = 0; i < 2; i++)
		dbv_node_free(nodes[i]);
	/* The first conversation loads what the client library keeps. */
	expect(!begun || next_descriptor() == before, "no descriptor is left");
	begun = true;
	return 0;
}
