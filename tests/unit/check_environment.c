/* SPDX-License-Identifier: MIT
 *
 * The parameters of the resource agents.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "node.h"
#include "option_file.h"
#include "options.h"
#include "policy.h"
#include "suites.h"

#define WORDS_MAX 12

/* "name=value;name=value": the environment, its prefix left out. */
static bool
read_environment(struct given *g, enum program program, const char *words, struct text *error)
{
	char line[512], entries[WORDS_MAX][256];
	char *environment[WORDS_MAX + 1] = { NULL };
	struct text t = text_on(line, sizeof(line));
	char *rest = line;

	text_add(&t, words);
	for (size_t i = 0; i < WORDS_MAX && rest && *rest; i++) {
		struct text e = text_on(entries[i], sizeof(entries[i]));

		text_addf(&e, "OCF_RESKEY_%s", strsep(&rest, ";"));
		environment[i] = entries[i];
	}
	return options_from_environment(g, program, environment, error);
}

/* What is said for a word in the environment, one behind the other, or none. */
static const struct {
	enum program program;
	const char *environment;
	const char *said;
} sayings[] = {
	{ PROGRAM_WRITE_IP, "", "" },
	{ PROGRAM_WRITE_IP, "host=db1", "host=db1" },
	{ PROGRAM_WRITE_IP, "ip=192.0.2.1", "ip=192.0.2.1" },
	{ PROGRAM_NODE_HEALTH, "ip=192.0.2.1", "ip=192.0.2.1" },
	{ PROGRAM_WRITE_IP, "port=3307;host=db1", "host=db1 port=3307" },
	{ PROGRAM_WRITE_IP, "ssl_mode=required", "ssl-mode=required" },
	{ PROGRAM_WRITE_IP, "defaults_group_suffix=_2", "defaults-group-suffix=_2" },
	{ PROGRAM_WRITE_IP, "defaults_file=/a=b", "defaults-file=/a=b" },
	{ PROGRAM_WRITE_IP, "host=", "" },
	{ PROGRAM_WRITE_IP, "warning=", "" },
	{ PROGRAM_WRITE_IP, "warning=  ", "" },
	{ PROGRAM_WRITE_IP, "warning=30", "warning=30" },
	{ PROGRAM_WRITE_IP, "warning=30 backlog=5", "warning=30 warning=backlog=5" },
	{ PROGRAM_WRITE_IP, "critical= 30 \t backlog=5 ", "critical=30 critical=backlog=5" },
	{ PROGRAM_WRITE_IP, "severity=galera.donor=degraded galera.desynced=down",
		"severity=galera.donor=degraded severity=galera.desynced=down" },
	{ PROGRAM_WRITE_IP, "host=db1 db2", "host=db1 db2" },
	{ PROGRAM_WRITE_IP, "manage_read_only=on", "manage-read-only=on" },
	{ PROGRAM_WRITE_IP, "manage-read-only=on", "" },
	/* Another agent's. */
	{ PROGRAM_NODE_HEALTH, "manage_read_only=on", "" },
	{ PROGRAM_NODE_HEALTH, "end_connections=on", "" },
	{ PROGRAM_NODE_HEALTH, "catch_up_timeout=5", "" },
	{ PROGRAM_NODE_HEALTH, "attempts=3", "attempts=3" },
	{ PROGRAM_WRITE_IP, "cidr_netmask=24;nic=eth0", "" },
	/* The cluster's. */
	{ PROGRAM_WRITE_IP, "CRM_meta_timeout=20000;crm_feature_set=3.16.2;CRM_meta_host=db1", "" },
	/* Options that are no parameters. */
	{ PROGRAM_WRITE_IP, "password=x", "" },
	{ PROGRAM_WRITE_IP, "role=read;json=1;verbose=1;syslog=1;dynamic=5;min_up=1", "" },
	{ PROGRAM_WRITE_IP, "write_ip=192.0.2.1;help=1;version=1;schema=s", "" },
	/* A checker that a cluster calls reads nothing from it. */
	{ PROGRAM_KEEPALIVED, "dynamic_x=1;ip=192.0.2.1;attempts=3", "" },
};

START_TEST(said)
{
	struct given g = { .count = 0 };
	char buf[DBV_ERROR_SIZE], got[256];
	struct text error = text_on(buf, sizeof(buf));
	struct text t = text_on(got, sizeof(got));

	ck_assert(read_environment(&g, sayings[_i].program, sayings[_i].environment, &error));
	for (size_t i = 0; i < g.count; i++) {
		ck_assert_int_eq(g.sayings[i].origin, ORIGIN_ENVIRONMENT);
		text_addf(
			&t, "%s%s=%s", i ? " " : "", g.sayings[i].option->name, g.sayings[i].value);
	}
	ck_assert_str_eq(got, sayings[_i].said);
	given_free(&g);
}
END_TEST

/* Settings of PROGRAM with this environment, behind what an option file says; ERROR where they are
 * refused. */
static bool
settle(struct settings *s, struct given *g, enum program program, const char *environment,
	const char *file, struct text *error)
{
	char *content = strdup(file);

	*s = (struct settings){ .program = program, .policy = dbv_policy_new() };
	bool settled = read_environment(g, program, environment, error) &&
		       option_file_parse(g, "test", content, "_2", error) &&
		       options_apply(g, s, error);

	free(content);
	return settled;
}

/* NULL: taken; else what is said of it. */
static const struct {
	const char *environment;
	const char *complaint;
} values[] = {
	{ "manage_read_only=maybe", "manage_read_only: \"maybe\" is neither true nor false" },
	{ "end_connections=2", "end_connections: \"2\" is neither true nor false" },
	{ "end_connections=true ", "end_connections: \"true \" is neither" },
	{ "ip=db-write", "ip: no IP address: db-write" },
	{ "ip=192.0.2.1/24", "ip: no IP address: 192.0.2.1/24" },
	{ "ip=out of memory", "ip: no IP address: out of memory" },
	{ "ip=2001:db8::1", NULL },
	{ "attempts=1", NULL },
	{ "attempts=10", NULL },
	{ "attempts=0", "attempts: \"0\" is not a number from 1 to 10" },
	{ "attempts=11", "attempts: \"11\" is not a number from 1 to 10" },
	{ "attempts=1.5", "attempts: \"1.5\" is not a whole number from 1 to 10" },
	{ "catch_up_timeout=0", NULL },
	{ "catch_up_timeout=2.5", NULL },
	{ "catch_up_timeout=-1", "catch_up_timeout: \"-1\" is not a number from 0 to 3600" },
	{ "catch_up_timeout=1m", "catch_up_timeout: \"1m\" is not a number" },
	{ "timeout=0.05", "timeout: \"0.05\" is not a number from 0.1 to 3600" },
	{ "max_disconnect=x", "max_disconnect: not a number of seconds" },
	{ "canary_grace=x", "canary_grace: not a number of seconds" },
	{ "mode=galara", "mode: unknown mode \"galara\", did you mean \"galera\"?" },
	{ "ssl_mode=on", "ssl_mode: ssl-mode is not" },
	{ "warning=lag=5 lagg=6", "warning: unknown metric \"lagg\", did you mean \"lag\"?" },
	{ "severity=galera.donor", "severity: expected CHECK=SEVERITY" },
	{ "host=db1 db2", "host: host has a blank in it" },
	{ "host=/run/s", "host: host is a path or a URL, socket takes a path" },
	{ "host=db1;socket=/run/s", "a host and a socket from the same source exclude each other" },
	{ "port=0", "port: port is not 1..65535" },
	{ "admin_port=33x", "admin_port: port is not 1..65535" },
};

START_TEST(value)
{
	struct given g = { .count = 0 };
	struct settings s;
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	bool settled = settle(&s, &g, PROGRAM_WRITE_IP, values[_i].environment, "", &error);
	const char *complaint = values[_i].complaint;

	ck_assert_msg(settled == !complaint, "%s: %s", values[_i].environment, buf);
	ck_assert_msg(!error.lacking, "%s", values[_i].environment);
	if (complaint)
		ck_assert_msg(strncmp(buf, complaint, strlen(complaint)) == 0, "%s: %s",
			values[_i].environment, buf);
	settings_end(&s);
	given_free(&g);
}
END_TEST

/* What one that cannot be used leaves of the others: a demotion goes by them. */
static const struct {
	const char *wrong;
	bool nodes_are_set;
} left_rows[] = { { "warning=nonsense", true }, { "mode=galara", true }, { "attempts=none", true },
	{ "timeout=1m", true }, { "ssl_mode=on", false }, { "plugin_dir=/nowhere", false },
	{ "admin_port=33x", false }, { "port=0", false }, { "host=db1 db2", false } };

START_TEST(left)
{
	char buf[DBV_ERROR_SIZE], line[128];
	struct text error = text_on(buf, sizeof(buf));
	struct text t = text_on(line, sizeof(line));
	struct given g = { .count = 0 };
	struct settings s;

	text_addf(&t, "%s;manage_read_only=true;end_connections=false", left_rows[_i].wrong);
	ck_assert_msg(
		!settle(&s, &g, PROGRAM_WRITE_IP, line, "[client]\nuser=u\n", &error), "%s", line);
	ck_assert_msg(s.nodes_are_set == left_rows[_i].nodes_are_set, "%s", line);
	ck_assert_msg(s.manage_read_only && !s.end_connections, "%s", line);
	settings_end(&s);
	given_free(&g);
}
END_TEST

static const struct {
	const char *word;
	bool means;
} booleans[] = { { "true", true }, { "TRUE", true }, { "True", true }, { "yes", true },
	{ "YES", true }, { "on", true }, { "On", true }, { "1", true }, { "y", true },
	{ "ja", true }, { "false", false }, { "False", false }, { "no", false }, { "NO", false },
	{ "off", false }, { "0", false }, { "n", false } };

START_TEST(boolean)
{
	static const char *const names[] = { "manage_read_only", "end_connections" };
	char buf[DBV_ERROR_SIZE], line[64];
	struct text error = text_on(buf, sizeof(buf));

	for (size_t n = 0; n < 2; n++) {
		struct given g = { .count = 0 };
		struct settings s;
		struct text t = text_on(line, sizeof(line));

		text_addf(&t, "%s=%s", names[n], booleans[_i].word);
		ck_assert_msg(settle(&s, &g, PROGRAM_WRITE_IP, line, "", &error), "%s", buf);
		ck_assert_msg(
			(n == 0 ? s.manage_read_only : s.end_connections) == booleans[_i].means,
			"%s", line);
		settings_end(&s);
		given_free(&g);
	}
}
END_TEST

/* Empty is as not set at all. */
START_TEST(defaults)
{
	static const char *const environments[] = {
		"",
		"manage_read_only=;end_connections=;catch_up_timeout=;attempts=;state_dir=;timeout=;ip="
	};
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	struct given g = { .count = 0 };
	struct settings s;

	ck_assert_msg(settle(&s, &g, PROGRAM_WRITE_IP, environments[_i], "", &error), "%s", buf);
	ck_assert_ptr_null(s.write_ip);
	ck_assert(!s.manage_read_only);
	ck_assert(s.end_connections);
	ck_assert_double_eq(s.catch_up_timeout, 60);
	ck_assert_uint_eq(s.attempts, 2);
	ck_assert_double_eq(s.timeout, 2);
	ck_assert_double_eq(options_timeout(PROGRAM_WRITE_IP), 2);
	ck_assert_str_eq(s.state_dir, "/run/dbvitals");
	ck_assert_double_eq(s.policy->max_disconnect, 60);
	ck_assert_double_eq(s.policy->canary_grace, 20);
	ck_assert_str_eq(dbv_node_label(s.nodes[0]), "127.0.0.1:3306");
	settings_end(&s);
	given_free(&g);
}
END_TEST

START_TEST(defaults_of_node_health)
{
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	struct given g = { .count = 0 };
	struct settings s;

	ck_assert_msg(settle(&s, &g, PROGRAM_NODE_HEALTH, "", "", &error), "%s", buf);
	ck_assert(!s.manage_read_only && !s.end_connections);
	ck_assert_double_eq(s.catch_up_timeout, 0);
	ck_assert_uint_eq(s.attempts, 2);
	ck_assert_double_eq(s.timeout, 2);
	ck_assert_str_eq(s.state_dir, "/run/dbvitals");
	settings_end(&s);
	given_free(&g);
}
END_TEST

/* The environment and an option file, and the server that comes of both; NULL: refused. */
static const struct {
	const char *environment;
	const char *file;
	const char *label;
} addresses[] = {
	{ "host=db1", "", "db1:3306" },
	{ "host=db1:3307;port=3308", "", "db1:3307" },
	{ "host=::1;port=3308", "", "[::1]:3308" },
	{ "socket=/run/s", "", "/run/s" },
	{ "host=db1", "[dbvitals_2]\nhost=db2\n", "db1:3306" },
	{ "host=db1", "[dbvitals]\nhost=db2\n", "db1:3306" },
	{ "host=db1", "[client]\nhost=db2\n", "db1:3306" },
	{ "host=db1", "[dbvitals_2]\nsocket=/run/s\n", "db1:3306" },
	{ "socket=/run/s", "[dbvitals_2]\nhost=db2\n", "/run/s" },
	{ "socket=/run/s", "[client]\nhost=db2\n", "/run/s" },
	{ "host=;socket=", "[client]\nhost=db2\n", "db2:3306" },
	/* A port belongs to the server of its own source, or a stronger one's. */
	{ "host=db1", "[dbvitals_2]\nport=3307\n", "db1:3306" },
	{ "host=db1", "[client]\nport=3307\n", "db1:3306" },
	{ "port=3307", "[dbvitals_2]\nhost=db2\nport=3308\n", "db2:3307" },
	{ "port=3307", "[client]\nhost=db2\n", "db2:3307" },
	{ "port=3307", "", "127.0.0.1:3307" },
	{ "", "[client]\nport=3307\n", "127.0.0.1:3307" },
	{ "port=3307", "[dbvitals]\nsocket=/run/s\n", "/run/s" },
	{ "host=db1;socket=/run/s", "", NULL },
	{ "", "[dbvitals]\nhost=db1\nsocket=/run/s\n", NULL },
};

START_TEST(address)
{
	struct given g = { .count = 0 };
	struct settings s;
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	bool settled = settle(
		&s, &g, PROGRAM_NODE_HEALTH, addresses[_i].environment, addresses[_i].file, &error);

	ck_assert_msg(settled == (addresses[_i].label != NULL), "row %d: %s", _i, buf);
	if (settled)
		ck_assert_str_eq(dbv_node_label(s.nodes[0]), addresses[_i].label);
	settings_end(&s);
	given_free(&g);
}
END_TEST

/* Which saying of the user holds, and that a file still gives the password, which no parameter does. */
START_TEST(file_is_weaker)
{
	static const struct {
		const char *environment;
		const char *file;
		const char *user;
	} rows[] = {
		{ "user=env", "[dbvitals_2]\nuser=suffix\n[dbvitals]\nuser=group\n", "env" },
		{ "user=", "[dbvitals_2]\nuser=suffix\n[dbvitals]\nuser=group\n", "suffix" },
		{ "", "[client]\nuser=client\npassword=x\n[dbvitals]\nuser=group\n", "group" },
		{ "user=env", "[client]\nuser=client\npassword=x\n", "env" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct given g = { .count = 0 };
		struct settings s;
		char buf[DBV_ERROR_SIZE];
		struct text error = text_on(buf, sizeof(buf));
		bool has_password = strstr(rows[i].file, "password") != NULL;

		ck_assert(settle(
			&s, &g, PROGRAM_WRITE_IP, rows[i].environment, rows[i].file, &error));
		ck_assert_str_eq(s.nodes[0]->user, rows[i].user);
		ck_assert(!s.nodes[0]->password == !has_password);
		settings_end(&s);
		given_free(&g);
	}
}
END_TEST

START_TEST(names_as_parameters)
{
	static const struct {
		const char *option;
		const char *parameter;
	} rows[] = {
		{ "", "" },
		{ "not together with --host", "not together with host" },
		{ "needs --state-dir", "needs state_dir" },
		{ "The table of --canary-grace, too", "The table of canary_grace, too" },
		{ "(--ssl-mode=verify-ca)", "(ssl_mode=verify-ca)" },
		{ "a-b --c-d", "a-b c_d" },
		{ "-- -x --", "-- -x --" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char buf[64];
		struct text t = text_on(buf, sizeof(buf));

		options_add_as_parameters(&t, rows[i].option);
		ck_assert_str_eq(buf, rows[i].parameter);
	}
}
END_TEST

TCase *
environment_case(void)
{
	TCase *c = tcase_create("environment");

	tcase_add_loop_test(c, said, 0, sizeof(sayings) / sizeof(sayings[0]));
	tcase_add_loop_test(c, value, 0, sizeof(values) / sizeof(values[0]));
	tcase_add_loop_test(c, left, 0, sizeof(left_rows) / sizeof(left_rows[0]));
	tcase_add_loop_test(c, boolean, 0, sizeof(booleans) / sizeof(booleans[0]));
	tcase_add_loop_test(c, defaults, 0, 2);
	tcase_add_test(c, defaults_of_node_health);
	tcase_add_loop_test(c, address, 0, sizeof(addresses) / sizeof(addresses[0]));
	tcase_add_test(c, file_is_weaker);
	tcase_add_test(c, names_as_parameters);
	return c;
}
