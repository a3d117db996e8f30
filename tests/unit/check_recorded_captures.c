/* SPDX-License-Identifier: MIT
 *
 * Recordings of real servers: each is recognised, the form that it is printed in changes nothing, and
 * what is missing leaves the verdict open.
 */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "recorded.h"
#include "suites.h"

/* By what is in the file's name; the first row that fits. SOURCE_COUNT: nothing that is read. */
static const struct {
	const char *folder;
	const char *part;
	enum source source;
	enum outcome outcome;
} kinds[] = {
	/* The client said nothing within the time it was given: "exit 124". */
	{ "", "stopped-db1-seen-from-db1.", SOURCE_COUNT, NOT_ASKED },
	{ "", ".err", SOURCE_CONNECT, FAILED },
	{ "", "-status.", SOURCE_CHANNEL, ANSWERED },
	{ "", ".status.", SOURCE_GLOBAL_STATUS, ANSWERED },
	{ "", ".variables.", SOURCE_GLOBAL_VARIABLES, ANSWERED },
	{ "mysql8/", "global_status.", SOURCE_GLOBAL_STATUS, ANSWERED },
	{ "mysql8/", "global_variables.", SOURCE_GLOBAL_VARIABLES, ANSWERED },
	{ "mysql8/", "processlist.", SOURCE_SESSIONS, ANSWERED },
	{ "mysql8/", "replica_status.", SOURCE_CHANNEL, ANSWERED },
	{ "mysql8/", "", SOURCE_COUNT, NOT_ASKED },
};

/* Calls EACH with every recording's name and returns how many there are. */
static size_t
for_each(const char *folder, void (*each)(const char *folder, const char *name))
{
	char path[512];
	struct text t = text_on(path, sizeof(path));
	size_t n = 0;

	text_addf(&t, "%s/%s", CAPTURES, folder);
	DIR *d = opendir(path);
	struct dirent *entry;

	ck_assert_ptr_nonnull(d);
	while ((entry = readdir(d))) {
		if (!strstr(entry->d_name, ".tsv") && !strstr(entry->d_name, ".err"))
			continue;
		each(folder, entry->d_name);
		n++;
	}
	closedir(d);
	return n;
}

static char *
content_of(const char *folder, const char *name, size_t *size)
{
	char file[512];
	struct text t = text_on(file, sizeof(file));

	text_addf(&t, "%s%s", folder, name);
	return fixture_file(file, size);
}

static void
expect_kind(const char *folder, const char *name)
{
	dbv_observation *o = observation_new();
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	size_t size = 0, kind = 0;
	/* SHOW MASTER STATUS tells nothing of a replica. */
	bool master = strstr(name, "master-status") != NULL;
	char *content = content_of(folder, name, &size);

	while (strcmp(kinds[kind].folder, folder) != 0 || !strstr(name, kinds[kind].part))
		kind++;
	enum source source = master ? SOURCE_COUNT : kinds[kind].source;
	enum recorded outcome = recorded_read(o, content, size, &error);

	ck_assert_msg(outcome == (source == SOURCE_COUNT ? RECORDED_UNKNOWN : RECORDED_TAKEN),
		"%s: %d, %s", name, (int)outcome, buf);
	for (enum source s = 0; s < SOURCE_COUNT; s++)
		ck_assert_msg(
			o->answers[s].outcome == (s == source ? kinds[kind].outcome : NOT_ASKED),
			"%s: source %d", name, (int)s);
	free(content);
	observation_free(o);
}

START_TEST(every_recording)
{
	ck_assert_uint_ge(for_each("", expect_kind), 97);
	ck_assert_uint_ge(for_each("mysql8/", expect_kind), 31);
}
END_TEST

/* ---- the same in another form ---- */

#define COLUMNS 80

struct table {
	char *fields[COLUMNS];
	size_t columns;
	/* Of the names, and of the widest field. */
	size_t widest_name;
	size_t widths[COLUMNS];
};

/* Splits LINE of --batch, as written. */
static void
split(struct table *t, char *line)
{
	char *rest = line, *field;

	for (t->columns = 0; (field = strsep(&rest, "\t")); t->columns++) {
		char *out = t->fields[t->columns] = field;

		for (; *field; field++) {
			bool escaped = *field == '\\';

			field += escaped;
			*out++ = *field == 'n' && escaped   ? '\n'
				 : *field == 't' && escaped ? '\t'
							    : *field;
		}
		*out = '\0';
	}
}

/* One line of COPY at a time, from *REST. */
static bool
next_row(struct table *t, char **rest)
{
	char *line = strsep(rest, "\n");

	if (!line || !*line)
		return false;
	split(t, line);
	return true;
}

static void
measure(struct table *t, const char *batch)
{
	char *copy = strdup(batch), *rest = copy;

	memset(t, 0, sizeof(*t));
	for (bool first = true; next_row(t, &rest); first = false)
		for (size_t i = 0; i < t->columns; i++) {
			size_t n = strlen(t->fields[i]);

			if (n > t->widths[i])
				t->widths[i] = n;
			if (first && n > t->widest_name)
				t->widest_name = n;
		}
	free(copy);
}

static void
to_vertical(const char *batch, struct text *out)
{
	char *copy = strdup(batch), *rest = copy;
	struct table sizes, names, row;

	measure(&sizes, batch);
	for (unsigned n = 0; next_row(n ? &row : &names, &rest); n++) {
		if (n == 0)
			continue;
		text_addf(out, "*************************** %u. row ***************************\n",
			n);
		for (size_t i = 0; i < row.columns; i++)
			text_addf(out, "%*s: %s\n", (int)sizes.widest_name, names.fields[i],
				row.fields[i]);
	}
	text_add(out, "1 row in set (0.001 sec)\n\n");
	free(copy);
}

static void
add_border(const struct table *sizes, struct text *out)
{
	for (size_t i = 0; i < sizes->columns; i++) {
		text_add(out, "+-");
		for (size_t n = 0; n <= sizes->widths[i]; n++)
			text_add(out, "-");
	}
	text_add(out, "+\n");
}

static void
to_boxed(const char *batch, struct text *out)
{
	char *copy = strdup(batch), *rest = copy;
	struct table sizes, row;

	measure(&sizes, batch);
	sizes.columns = 0;
	while (sizes.widths[sizes.columns])
		sizes.columns++;
	add_border(&sizes, out);
	for (unsigned n = 0; next_row(&row, &rest); n++) {
		for (size_t i = 0; i < row.columns; i++)
			text_addf(out, "| %-*s ", (int)sizes.widths[i], row.fields[i]);
		text_add(out, "|\n");
		if (n == 0)
			add_border(&sizes, out);
	}
	add_border(&sizes, out);
	text_add(out, "1 row in set (0.001 sec)\n\n");
	free(copy);
}

static void
to_batch(const char *batch, struct text *out)
{
	text_add(out, batch);
}

static void
to_windows(const char *batch, struct text *out)
{
	text_add(out, "\xef\xbb\xbfmysql: [Warning] Using a password is insecure.\r\n");
	for (; *batch; batch++)
		text_addf(out, "%s%c", *batch == '\n' ? "\r" : "", *batch);
}

static void (*const transformed[])(
	const char *batch, struct text *out) = { to_batch, to_vertical, to_boxed, to_windows };

/* All that a verdict tells. */
static void
describe(const dbv_observation *o, const char *mode, const char *role, struct text *out)
{
	dbv_policy *p = fixture_policy(mode, role);
	dbv_verdict *v = dbv_judge(o, NULL, p);

	text_addf(out, "%s %s: %s %u\n", mode, role, dbv_state_name(dbv_verdict_state(v)),
		dbv_verdict_weight(v));
	for (size_t i = 0; i < dbv_findings(v); i++)
		text_addf(out, "%s: %s\n", dbv_finding_id(v, i), dbv_finding_message(v, i));
	for (size_t i = 0; i < dbv_metrics(v); i++) {
		double value = 0;
		bool known = dbv_metric_value(v, i, &value);

		text_addf(out, "%s: %d %.6f\n", dbv_metric_name(v, i), known, value);
	}
	for (size_t i = 0; i < dbv_not_judged(v); i++)
		text_addf(out, "not judged: %s\n", dbv_not_judged_id(v, i));
	dbv_verdict_free(v);
	dbv_policy_free(p);
}

/* All verdicts on what the files hold, printed in the form and put into one file. */
static char *
verdicts(const char *const files[], size_t count, size_t form)
{
	static char text[262144], verdict[65536];
	struct text t = text_on(text, sizeof(text)), v = text_on(verdict, sizeof(verdict));
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	dbv_observation *o = observation_new();

	for (size_t i = 0; i < count; i++) {
		size_t size = 0;
		char *content = fixture_file(files[i], &size);

		if (content)
			transformed[form](content, &t);
		free(content);
	}
	ck_assert_uint_lt(t.len + 1, t.size);
	ck_assert_msg(recorded_read(o, text, t.len, &error) == RECORDED_TAKEN, "%s, form %zu: %s",
		files[0], form, buf);
	for (int mode = 0; mode < 2; mode++)
		for (enum role r = 0; r < ROLE_COUNT; r++)
			describe(o, mode ? "replication" : "galera", role_names[r], &v);
	ck_assert_uint_lt(v.len + 1, v.size);
	observation_free(o);
	return strdup(verdict);
}

static void
expect_same(const char *const files[], size_t count)
{
	char *as_recorded = verdicts(files, count, 0);

	for (size_t form = 1; form < sizeof(transformed) / sizeof(transformed[0]); form++) {
		char *other = verdicts(files, count, form);

		ck_assert_msg(strcmp(as_recorded, other) == 0, "%s, form %zu:\n%s\ninstead of\n%s",
			files[0], form, other, as_recorded);
		free(other);
	}
	free(as_recorded);
}

/* The node of a status, with all else that was recorded of it. */
static void
same_in_every_form(const char *folder, const char *name)
{
	const char *end = strstr(name, ".status.tsv");
	char status[256], names[256], channels[256];
	const char *const files[] = { status, names, channels };

	(void)folder;
	if (!end)
		return;
	int n = (int)(end - name);

	snprintf(status, sizeof(status), "%.*s.status.tsv", n, name);
	snprintf(names, sizeof(names), "%.*s.variables.tsv", n, name);
	snprintf(channels, sizeof(channels), "%.*s.all-slaves-status.tsv", n, name);
	expect_same(files, 3);
}

static void
mysql_in_every_form(const char *folder, const char *name)
{
	char channels[512];
	const char *const files[] = { channels, "mysql8/global_status.replica.tsv",
		"mysql8/global_variables.replica.tsv", "mysql8/processlist.replica.tsv" };

	snprintf(channels, sizeof(channels), "%s%s", folder, name);
	if (strstr(name, "replica_status."))
		expect_same(files, 4);
}

START_TEST(every_form)
{
	for_each("", same_in_every_form);
	for_each("mysql8/", mysql_in_every_form);
}
END_TEST

/* ---- what is missing ---- */

#define HEALTHY(kind) "healthy-db2." kind ".tsv"
#define DESYNC(kind) "desync-db2." kind ".tsv"
#define REJECTS(kind) "reject-all-db3." kind ".tsv"
#define CUT(kind) "cut-db1-seen-from-db1." kind ".tsv"
#define PAIR(kind) "pair-healthy-m1." kind ".tsv"
#define SQL_STOPPED(kind) "pair-sql-stopped-m1." kind ".tsv"

static const struct {
	const char *name;
	const char *files[3];
	const char *mode;
	/* Role write. */
	const char *want;
	const char *not_judged;
} missing[] = {
	{ "all there", { HEALTHY("status"), HEALTHY("variables") }, "galera", "up",
		"server.writes_blocked" },
	{ "no variables", { HEALTHY("status") }, "galera", "unknown", "server.read_only" },
	{ "no status", { HEALTHY("variables") }, "galera", "unknown", "galera.non_primary" },
	{ "degraded, no status", { DESYNC("variables") }, "galera", "unknown:galera.desynced",
		"galera.donor" },
	{ "degraded, all there", { DESYNC("status"), DESYNC("variables") }, "galera",
		"75:galera.desynced", "server.clock_skew" },
	{ "down, no variables", { CUT("status") }, "galera", "unknown", "galera.rejects_queries" },
	{ "down, no status", { REJECTS("variables") }, "galera", "down:galera.rejects_queries",
		"galera.non_primary" },
	{ "a pair, all there", { PAIR("status"), PAIR("variables"), PAIR("all-slaves-status") },
		"replication", "up", "server.response_time" },
	{ "a pair, in the older statement's words",
		{ PAIR("status"), PAIR("variables"), PAIR("slave-status") }, "replication", "up",
		"node.maintenance" },
	{ "a pair without replica status", { PAIR("status"), PAIR("variables") }, "replication",
		"unknown", "replication.io_stopped" },
	{ "a pair's replica status alone", { PAIR("all-slaves-status") }, "replication", "unknown",
		"server.read_only" },
	{ "degraded, without status",
		{ SQL_STOPPED("variables"), SQL_STOPPED("all-slaves-status") }, "replication",
		"unknown:replication.sql_stopped", "server.connections" },
};

START_TEST(left_open)
{
	dbv_observation *o = observation_new();
	dbv_policy *p = fixture_policy(missing[_i].mode, "write");
	size_t found = 0;

	for (size_t i = 0; i < 3 && missing[_i].files[i]; i++)
		ck_assert_msg(fixture_add(o, missing[_i].files[i]), "no %s", missing[_i].files[i]);
	fixture_expect(o, p, missing[_i].want, missing[_i].name);
	dbv_verdict *v = dbv_judge(o, NULL, p);

	for (size_t i = 0; i < dbv_not_judged(v); i++)
		found += strcmp(dbv_not_judged_id(v, i), missing[_i].not_judged) == 0;
	ck_assert_msg(found == 1, "%s: %s is judged", missing[_i].name, missing[_i].not_judged);
	dbv_verdict_free(v);
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

/* A recording of some rows leaves open what it does not have; a server that answers so is down. */
START_TEST(some_rows)
{
	static const char rows[] = "Variable_name\tValue\nwsrep_cluster_status\tPrimary\n"
				   "wsrep_reject_queries\tNONE\n";
	static const char *const wanted[] = { "unknown:server.protocol", "down:server.protocol" };

	for (int live = 0; live < 2; live++) {
		dbv_observation *o = observation_new();
		dbv_policy *p = fixture_policy("replication", "write");
		char buf[DBV_ERROR_SIZE];
		struct text error = text_on(buf, sizeof(buf));

		ck_assert(recorded_read(o, rows, sizeof(rows) - 1, &error) == RECORDED_TAKEN);
		ck_assert(fixture_add(o, PAIR("all-slaves-status")));
		if (live)
			observation_answer(o, SOURCE_CONNECT, ANSWERED, 0, NULL);
		fixture_expect(o, p, wanted[live], "some rows");
		dbv_policy_free(p);
		observation_free(o);
	}
}
END_TEST

TCase *
recorded_captures_case(void)
{
	TCase *c = tcase_create("recorded_captures");

	tcase_add_test(c, every_recording);
	tcase_add_test(c, every_form);
	tcase_add_loop_test(c, left_open, 0, sizeof(missing) / sizeof(missing[0]));
	tcase_add_test(c, some_rows);
	return c;
}
