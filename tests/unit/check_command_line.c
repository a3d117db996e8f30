/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "suites.h"

#define WORDS_MAX 10

/* Options of one word each, separated by blanks; what they come to, as "name=value" of the last, or
 * a complaint. */
static const struct {
	enum program program;
	const char *line;
	const char *last;
	const char *complaint;
} rows[] = {
	{ PROGRAM_ALL, "--host=db1", "host=db1", NULL },
	{ PROGRAM_ALL, "--host db1", "host=db1", NULL },
	{ PROGRAM_ALL, "-H db1", "host=db1", NULL },
	{ PROGRAM_ALL, "-Hdb1", "host=db1", NULL },
	{ PROGRAM_ALL, "--host=", "host=", NULL },
	{ PROGRAM_ALL, "-vvH db1", "host=db1", NULL },
	{ PROGRAM_ALL, "--json", "json=", NULL },
	{ PROGRAM_ALL, "-w -5:5", "warning=-5:5", NULL },
	{ PROGRAM_NAGIOS, "-psecret", "password=secret", NULL },
	{ PROGRAM_KEEPALIVED, "--dynamic=100", "dynamic=100", NULL },
	{ PROGRAM_ALL, "--hots=db1", NULL, "unknown option --hots, did you mean --host?" },
	{ PROGRAM_ALL, "--hos=db1", NULL, "unknown option --hos, did you mean --host?" },
	{ PROGRAM_ALL, "--xyzzy", NULL, "unknown option --xyzzy" },
	{ PROGRAM_ALL, "-x", NULL, "unknown option -x" },
	{ PROGRAM_ALL, "-vx", NULL, "unknown option -x" },
	{ PROGRAM_KEEPALIVED, "-psecret", NULL,
		"unknown option -p of this program; a password belongs into the option file" },
	{ PROGRAM_KEEPALIVED, "--password=secret", NULL, "unknown option --password" },
	{ PROGRAM_NAGIOS, "--dynamic=5", NULL, "unknown option --dynamic" },
	{ PROGRAM_ALL, "--json=yes", NULL, "--json takes no value" },
	{ PROGRAM_ALL, "--host", NULL, "--host wants a value" },
	{ PROGRAM_ALL, "-H", NULL, "--host wants a value" },
	{ PROGRAM_ALL, "db1", NULL, "no argument expected: \"db1\"" },
	{ PROGRAM_ALL, "-v db1", NULL, "no argument expected: \"db1\"" },
	{ PROGRAM_ALL, "-", NULL, "no argument expected: \"-\"" },
	{ PROGRAM_ALL, "--", NULL, "no argument expected: \"--\"" },
	{ PROGRAM_ALL, "-- -v", NULL, "no argument expected" },
};

static char *
parse(const char *line, char **argv, struct given *g, enum program program, struct text *error,
	bool *parsed)
{
	char *copy = strdup(line);
	char *rest = copy;
	int argc = 1;

	argv[0] = (char[]){ "test" };
	while (argc < WORDS_MAX - 1 && (argv[argc] = strsep(&rest, " ")))
		argc++;
	argv[argc] = NULL;
	*parsed = options_parse(g, program, argv, error);
	return copy;
}

START_TEST(parsed)
{
	struct given g = { .count = 0 };
	char *argv[WORDS_MAX] = { NULL };
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	bool ok = false;
	char *copy = parse(rows[_i].line, argv, &g, rows[_i].program, &error, &ok);

	ck_assert_msg(ok == (rows[_i].complaint == NULL), "%s: %s", rows[_i].line, buf);
	if (ok) {
		const struct saying *last = &g.sayings[g.count - 1];
		char got[128];
		struct text t = text_on(got, sizeof(got));

		text_addf(&t, "%s=%s", last->option->name, last->value);
		ck_assert_str_eq(got, rows[_i].last);
	} else {
		ck_assert_msg(
			strstr(buf, rows[_i].complaint) != NULL, "%s: %s", rows[_i].line, buf);
	}
	given_free(&g);
	free(copy);
}
END_TEST

/* The agents have no command line: what is only theirs is no option, and no near name of one. */
START_TEST(parameters_are_no_options)
{
	static const char *const lines[] = { "--attempts", "--atempts", "--end-connections",
		"--catch-up-timeot" };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct given g = { .count = 0 };
		char *argv[WORDS_MAX] = { NULL };
		char buf[DBV_ERROR_SIZE], want[64];
		struct text error = text_on(buf, sizeof(buf));
		struct text t = text_on(want, sizeof(want));
		bool ok = true;

		text_addf(&t, "unknown option %s", lines[i]);
		free(parse(lines[i], argv, &g, PROGRAM_KEEPALIVED, &error, &ok));
		ck_assert(!ok);
		ck_assert_str_eq(buf, want);
		given_free(&g);
	}
}
END_TEST

START_TEST(secret_leaves_the_process_list)
{
	struct given g = { .count = 0 };
	char first[] = "test", second[] = "-psecret", third[] = "--password=secret";
	char *argv[] = { first, second, third, NULL };
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));

	ck_assert(options_parse(&g, PROGRAM_NAGIOS, argv, &error));
	ck_assert_str_eq(second, "-pxxxxxx");
	ck_assert_str_eq(third, "--password=xxxxxx");
	ck_assert_str_eq(g.sayings[1].value, "secret");
	given_free(&g);
}
END_TEST

/* What was said where, and the server that comes of it. */
static const struct {
	struct {
		enum origin origin;
		const char *name;
		const char *value;
	} said[6];
	/* NULL: refused. */
	const char *label;
} addresses[] = {
	{ { { 0, NULL, NULL } }, "127.0.0.1:3306" },
	{ { { ORIGIN_COMMAND_LINE, "host", "db1" } }, "db1:3306" },
	{ { { ORIGIN_COMMAND_LINE, "host", "db1:3307" }, { ORIGIN_COMMAND_LINE, "port", "3308" } },
		"db1:3307" },
	{ { { ORIGIN_COMMAND_LINE, "host", "::1" }, { ORIGIN_COMMAND_LINE, "port", "3308" } },
		"[::1]:3308" },
	{ { { ORIGIN_COMMAND_LINE, "host", "[::1]:3309" } }, "[::1]:3309" },
	{ { { ORIGIN_COMMAND_LINE, "socket", "/run/s" } }, "/run/s" },
	{ { { ORIGIN_COMMAND_LINE, "socket", "/run/s" }, { ORIGIN_COMMAND_LINE, "host", "db1" } },
		NULL },
	{ { { ORIGIN_GROUP, "socket", "/run/s" }, { ORIGIN_GROUP, "host", "db1" } }, NULL },
	{ { { ORIGIN_CLIENT_GROUP, "socket", "/run/s" }, { ORIGIN_CLIENT_GROUP, "host", "db1" } },
		"db1:3306" },
	{ { { ORIGIN_CLIENT_GROUP, "socket", "/run/s" }, { ORIGIN_COMMAND_LINE, "host", "db1" } },
		"db1:3306" },
	{ { { ORIGIN_CLIENT_GROUP, "host", "db2" }, { ORIGIN_COMMAND_LINE, "socket", "/run/s" } },
		"/run/s" },
	{ { { ORIGIN_CLIENT_GROUP, "host", "db2" }, { ORIGIN_GROUP, "host", "db3" } }, "db3:3306" },
	{ { { ORIGIN_GROUP_WITH_SUFFIX, "host", "db4" }, { ORIGIN_GROUP, "host", "db3" } },
		"db4:3306" },
	/* A port belongs to the server of its own source, or a stronger one's. */
	{ { { ORIGIN_CLIENT_GROUP, "port", "3307" }, { ORIGIN_COMMAND_LINE, "host", "db1" } },
		"db1:3306" },
	{ { { ORIGIN_CLIENT_GROUP, "port", "3307" }, { ORIGIN_CLIENT_GROUP, "host", "db1" } },
		"db1:3307" },
	{ { { ORIGIN_COMMAND_LINE, "port", "3307" }, { ORIGIN_CLIENT_GROUP, "host", "db1" } },
		"db1:3307" },
	{ { { ORIGIN_CLIENT_GROUP, "port", "3307" } }, "127.0.0.1:3307" },
	{ { { ORIGIN_COMMAND_LINE, "host", "db1" }, { ORIGIN_COMMAND_LINE, "host", "db2" } },
		NULL },
};

START_TEST(address)
{
	struct given g = { .count = 0 };
	struct settings s = { .program = PROGRAM_KEEPALIVED, .policy = dbv_policy_new() };
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));

	for (size_t i = 0; i < 6 && addresses[_i].said[i].name; i++)
		ck_assert(given_add(&g, option_by_name(addresses[_i].said[i].name, PROGRAM_ALL),
			addresses[_i].said[i].origin, addresses[_i].said[i].value));
	bool applied = options_apply(&g, &s, &error);

	ck_assert_msg(applied == (addresses[_i].label != NULL), "row %d: %s", _i, buf);
	if (applied)
		ck_assert_str_eq(dbv_node_label(s.nodes[0]), addresses[_i].label);
	settings_end(&s);
	given_free(&g);
}
END_TEST

static const struct {
	const char *name;
	const char *value;
	const char *complaint;
} values[] = {
	{ "timeout", "0.1", NULL },
	{ "timeout", "3600", NULL },
	{ "timeout", "0.05", "--timeout: \"0.05\" is not a number from 0.1 to 3600" },
	{ "timeout", "3601", "is not a number" },
	{ "timeout", "3s", "is not a number" },
	{ "timeout", "", "is not a number" },
	{ "timeout", "nan", "is not a number" },
	{ "dynamic", "1", NULL },
	{ "dynamic", "253", NULL },
	{ "dynamic", "0", "is not a number from 1 to 253" },
	{ "dynamic", "254", "is not a number from 1 to 253" },
	{ "dynamic", "1.5", "is not a whole number" },
	{ "dynamic", "-1", "is not a whole number" },
	{ "role", "auto", NULL },
	{ "role", "reed", "did you mean \"read\"?" },
	{ "mode", "group", "--mode: unknown mode \"group\"" },
	{ "warning", "lag=x", "--warning: malformed range" },
	{ "ssl-mode", "REQUIRED", NULL },
	{ "ssl-mode", "verify_ca", NULL },
	{ "ssl-mode", "on", "--ssl-mode: ssl-mode is not" },
	{ "port", "0", "port is not 1..65535" },
	{ "port", "65536", "port is not 1..65535" },
	{ "port", "33x", "port is not 1..65535" },
	{ "host", "", "host is empty" },
	{ "host", "db1:", "port is not 1..65535" },
	{ "host", "db1:0", "port is not 1..65535" },
	{ "host", "[::1", "host is not [ADDRESS]:PORT" },
	{ "host", "[::1]x", "host is not [ADDRESS]:PORT" },
	{ "host", "a b", "host has a blank" },
	{ "socket", "", "socket path is empty" },
	{ "maintenance-file", "", "--maintenance-file: the path is empty" },
	{ "host", "/run/s", "host is a path or a URL" },
	{ "write-ip", "192.0.2.1", NULL },
	{ "write-ip", "2001:db8::1", NULL },
	{ "write-ip", "db-write", "--write-ip: no IP address: db-write" },
};

START_TEST(value)
{
	struct given g = { .count = 0 };
	struct settings s = { .program = PROGRAM_KEEPALIVED, .policy = dbv_policy_new() };
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));

	ck_assert(given_add(&g, option_by_name(values[_i].name, PROGRAM_ALL), ORIGIN_COMMAND_LINE,
		values[_i].value));
	bool applied = options_apply(&g, &s, &error);

	ck_assert_msg(applied == (values[_i].complaint == NULL), "%s=%s: %s", values[_i].name,
		values[_i].value, buf);
	if (!applied)
		ck_assert_msg(strstr(buf, values[_i].complaint) != NULL, "%s", buf);
	settings_end(&s);
	given_free(&g);
}
END_TEST

/* To each program; what another one means by it may be another row, but for what is looked up by name. */
START_TEST(options_are_unique)
{
	static const char *const one_row[] = { "host", "port", "socket", "defaults-file",
		"defaults-group-suffix", "help", "version" };

	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &options[i];

		for (unsigned bit = 1; bit < PROGRAM_ALL; bit <<= 1) {
			if (!(o->programs & bit))
				continue;
			ck_assert_ptr_eq(option_by_name(o->name, bit), o);
			if (o->letter)
				ck_assert_ptr_eq(option_by_letter(o->letter, bit), o);
		}
		for (size_t n = 0; n < sizeof(one_row) / sizeof(one_row[0]); n++)
			if (strcmp(o->name, one_row[n]) == 0)
				ck_assert_ptr_eq(option_by_name(o->name, PROGRAM_ALL), o);
		ck_assert(o->help && o->apply && o->programs);
	}
}
END_TEST

/* The manuals put a full stop behind it. */
START_TEST(help_is_no_sentence_that_ends)
{
	for (size_t i = 0; i < option_count; i++)
		ck_assert_msg(!strchr(".?!", options[i].help[strlen(options[i].help) - 1]),
			"--%s: %s", options[i].name, options[i].help);
}
END_TEST

static const struct {
	const char *account;
	bool taken;
} accounts[] = {
	{ "chk", true },
	{ "chk@db1", true },
	{ "chk@10.0.0.%", true },
	{ "a@b@db1", true },
	{ "", false },
	{ "@db1", false },
	{ "chk@", false },
	{ "c'k", false },
	{ "c\\", false },
	{ "c`k", false },
	{ "c\"k", false },
	{ "c k", false },
	{ "c\nk", false },
	{ "c\303\251", true },
	{ "c\377", false },
	{ "c\302\233m", false },
};

START_TEST(account)
{
	const struct option *o = option_by_name("user", PROGRAM_GRANTS);
	struct settings s = { .program = PROGRAM_GRANTS };
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));

	ck_assert_msg(o->apply(o, &s, accounts[_i].account, &error) == accounts[_i].taken, "%s",
		accounts[_i].account);
}
END_TEST

START_TEST(timeouts)
{
	ck_assert_double_eq(options_timeout(PROGRAM_KEEPALIVED), 3);
	ck_assert_double_eq(options_timeout(PROGRAM_STATUS), 3);
	ck_assert_double_eq(options_timeout(PROGRAM_ROUNDTRIP), 10);
	ck_assert_double_eq(options_timeout(PROGRAM_LIST), 3);
}
END_TEST

TCase *
command_line_case(void)
{
	TCase *c = tcase_create("command line");

	tcase_add_loop_test(c, parsed, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(c, parameters_are_no_options);
	tcase_add_test(c, secret_leaves_the_process_list);
	tcase_add_loop_test(c, address, 0, sizeof(addresses) / sizeof(addresses[0]));
	tcase_add_loop_test(c, value, 0, sizeof(values) / sizeof(values[0]));
	tcase_add_test(c, options_are_unique);
	tcase_add_loop_test(c, account, 0, sizeof(accounts) / sizeof(accounts[0]));
	tcase_add_test(c, help_is_no_sentence_that_ends);
	tcase_add_test(c, timeouts);
	return c;
}
