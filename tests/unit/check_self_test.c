/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "self_test.h"
#include "suites.h"

#define WORDS_MAX 12
#define DIRECTORY (S_IFDIR | 0755)
#define FILE_ (S_IFREG | 0755)

/* Parts of a program's path: kind and mode, owner, group; is it root's alone? */
static const struct {
	mode_t mode;
	uid_t owner;
	gid_t group;
	bool safe;
} parts[] = {
	{ DIRECTORY, 0, 0, true },
	{ DIRECTORY, 0, 1000, true },
	{ DIRECTORY, 1000, 0, false },
	{ DIRECTORY | S_IWGRP, 0, 0, true },
	{ DIRECTORY | S_IWGRP, 0, 1000, false },
	{ DIRECTORY | S_IWOTH, 0, 0, false },
	/* As /tmp is. */
	{ DIRECTORY | S_IWOTH | S_IWGRP | S_ISVTX, 0, 1000, true },
	{ DIRECTORY | S_ISVTX, 1000, 0, false },
	{ FILE_, 0, 0, true },
	{ FILE_, 1000, 0, false },
	{ FILE_ | S_IWGRP, 0, 0, true },
	{ FILE_ | S_IWGRP, 0, 1000, false },
	{ FILE_ | S_IWOTH, 0, 0, false },
	/* The bit says nothing of a file. */
	{ FILE_ | S_IWOTH | S_ISVTX, 0, 0, false },
};

START_TEST(safe)
{
	struct stat st = {
		.st_mode = parts[_i].mode, .st_uid = parts[_i].owner, .st_gid = parts[_i].group
	};

	ck_assert_int_eq(self_is_safe(&st), parts[_i].safe);
}
END_TEST

/* A file of user 10 and group 20: who may run it? */
static const struct {
	mode_t mode;
	uid_t uid;
	gid_t gid;
	bool executable;
} runs[] = {
	{ 0700, 0, 0, true },
	{ 0001, 0, 0, true },
	{ 0644, 0, 0, false },
	{ 0100, 10, 20, true },
	{ 0011, 10, 20, false },
	{ 0010, 11, 20, true },
	{ 0101, 11, 20, false },
	{ 0001, 11, 21, true },
	{ 0110, 11, 21, false },
};

START_TEST(executable)
{
	struct stat st = { .st_mode = S_IFREG | runs[_i].mode, .st_uid = 10, .st_gid = 20 };

	ck_assert_int_eq(self_is_executable(&st, runs[_i].uid, runs[_i].gid), runs[_i].executable);
}
END_TEST

/* A command line, and facts of a run of it with which all is well. */
struct trial {
	char *line;
	struct given given;
	struct settings settings;
	struct self_server servers[3];
	struct self_facts facts;
};

static void
begin(struct trial *t, const char *line)
{
	char *argv[WORDS_MAX] = { (char[]){ "test" } };
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	size_t argc = 1;

	*t = (struct trial){ .line = strdup(line) };
	for (char *rest = t->line; rest && *rest && argc < WORDS_MAX - 1;)
		argv[argc++] = strsep(&rest, " ");
	for (size_t i = 1; i < argc; i++)
		for (char *c = argv[i]; *c; c++)
			*c = *c == '_' ? ' ' : *c;
	t->settings.program = PROGRAM_KEEPALIVED;
	t->settings.timeout = 3;
	t->settings.policy = dbv_policy_new();
	ck_assert_msg(options_parse(&t->given, PROGRAM_KEEPALIVED, argv, &error) &&
			      options_apply(&t->given, &t->settings, &error),
		"%s: %s", line, buf);
	t->facts = (struct self_facts){
		.program = "/usr/sbin/dbvitals-keepalived",
		.executable = true,
		.user = "checker",
		.file = "/etc/dbvitals/client.cnf",
		.file_mode = 0640,
		.refused = "",
		.servers = t->servers,
		.count = t->settings.node_count,
		.elapsed_ms = 20,
		.warning = "",
		.settings = &t->settings,
		.given = &t->given,
	};
	ck_assert_uint_le(t->facts.count, sizeof(t->servers) / sizeof(t->servers[0]));
	for (size_t i = 0; i < t->facts.count; i++)
		t->servers[i] = (struct self_server){
			.node = t->settings.nodes[i],
			.state = DBV_UP,
			.found = "db1:3306 may take reads",
			.answered = true,
		};
	struct text doubtful = text_on(t->facts.doubtful, sizeof(t->facts.doubtful));
	struct text relative = text_on(t->facts.relative, sizeof(t->facts.relative));

	self_find_doubtful(t->facts.program, &t->given, &doubtful);
	self_find_relative(&t->given, &relative);
}

static void
end(struct trial *t)
{
	given_free(&t->given);
	settings_end(&t->settings);
	free(t->line);
}

#define DIRECTOR "-H 192.0.2.21 --self-test"
#define TWO DIRECTOR " -H db2:3307"
#define WRITER "--role=auto --write-ip=192.0.2.10 -t 2 --self-test"

static struct self_server *
last(struct self_facts *f)
{
	return &f->servers[f->count - 1];
}

/* What is otherwise than well, with the last server where it is a server. */
static void
well(struct self_facts *f)
{
	(void)f;
}
static void
nowhere(struct self_facts *f)
{
	*f->program = '\0';
}
static void
unsafe(struct self_facts *f)
{
	strcpy(f->unsafe, "/usr");
}
static void
in_a_blank(struct self_facts *f)
{
	struct text doubtful = text_on(f->doubtful, sizeof(f->doubtful));

	strcpy(f->program, "/opt/my tools/dbvitals-keepalived");
	self_find_doubtful(f->program, f->given, &doubtful);
}
static void
not_executable(struct self_facts *f)
{
	f->executable = false;
}
static void
by_root(struct self_facts *f)
{
	f->is_root = true;
	strcpy(f->user, "root");
}
static void
by_root_in_place(struct self_facts *f)
{
	by_root(f);
	f->has_script_user = true;
}
static void
more_groups(struct self_facts *f)
{
	f->other_groups = true;
}
static void
no_file(struct self_facts *f)
{
	f->file_error = ENOENT;
}
static void
no_named_file(struct self_facts *f)
{
	no_file(f);
	f->file_named = true;
	f->refused = "no file";
}
static void
unreadable_file(struct self_facts *f)
{
	f->file_error = EACCES;
	f->refused = "Permission denied";
}
static void
group_writes_file(struct self_facts *f)
{
	f->file_mode = 0660;
}
static void
others_write_file(struct self_facts *f)
{
	f->file_mode = 0646;
	f->refused = "everybody can write to it";
}
static void
refused(struct self_facts *f)
{
	f->refused = "--mode: unknown mode";
}
static void
down(struct self_facts *f)
{
	last(f)->state = DBV_DOWN;
	last(f)->answered = false;
}
static void
unknown(struct self_facts *f)
{
	last(f)->state = DBV_UNKNOWN;
}
static void
degraded(struct self_facts *f)
{
	last(f)->state = DBV_DEGRADED;
}
static void
missing(struct self_facts *f)
{
	strcpy(last(f)->missing, "GRANT PROCESS ON *.* TO 'checker'@'%'");
}
static void
half(struct self_facts *f)
{
	f->elapsed_ms = 1500;
}
static void
slow(struct self_facts *f)
{
	f->elapsed_ms = 1501;
}
static void
warned(struct self_facts *f)
{
	f->warning = "everybody can read it";
}

/* A command line, what is otherwise than well, how many rows are wrong, and what must be said. */
static const struct {
	const char *line;
	void (*change)(struct self_facts *f);
	size_t wrong;
	const char *text;
} rows[] = {
	{ DIRECTOR, well, 0, "ok    program     /usr/sbin/dbvitals-keepalived" },
	{ DIRECTOR, nowhere, 1, "WRONG program     where it is cannot be told" },
	{ DIRECTOR, unsafe, 1, "WRONG program     /usr can be changed by others than root" },
	{ DIRECTOR, not_executable, 1, "is not executable for checker" },
	{ DIRECTOR, well, 0, "ok    user        checker\n" },
	{ DIRECTOR, by_root, 0, "-> better a script_user of its own" },
	{ DIRECTOR, by_root_in_place, 0,
		"-> setpriv --reuid=keepalived_script --regid=keepalived_script --clear-groups "
		"/usr/sbin/dbvitals-keepalived --host=192.0.2.21 --self-test\n" },
	{ DIRECTOR, more_groups, 1, "WRONG user        checker with other groups" },
	{ DIRECTOR, well, 0, "ok    option file /etc/dbvitals/client.cnf\n" },
	{ DIRECTOR, no_file, 0, "note  option file /etc/dbvitals/client.cnf: No such file" },
	{ DIRECTOR, no_named_file, 1, "WRONG option file /etc/dbvitals/client.cnf: No such file" },
	{ DIRECTOR, unreadable_file, 1,
		"WRONG option file /etc/dbvitals/client.cnf: Permission denied" },
	{ DIRECTOR, unreadable_file, 1, "-     options     not tried\n" },
	{ DIRECTOR, group_writes_file, 1, "can be changed by others than its owner" },
	{ DIRECTOR, others_write_file, 1, "can be changed by others than its owner" },
	{ DIRECTOR, well, 0, "ok    options     understood\n" },
	{ DIRECTOR, refused, 1, "WRONG options     --mode: unknown mode\n" },
	{ DIRECTOR, refused, 1, "-     server      not tried\n" },
	{ DIRECTOR " --channel=it's", well, 1, "WRONG quoting     --channel=it's: " },
	{ DIRECTOR, in_a_blank, 1, "WRONG quoting     /opt/my tools/dbvitals-keepalived: " },
	{ DIRECTOR " --channel=a_b", well, 0, "ok    server      up: db1:3306 may take reads\n" },
	{ DIRECTOR " --ssl-ca=ca.pem", well, 1, "WRONG paths       ssl-ca=ca.pem depends" },
	{ DIRECTOR " --defaults-file=./c", well, 1, "WRONG paths       defaults-file=./c " },
	{ DIRECTOR " --state-dir=d", well, 1, "WRONG paths       state-dir=d " },
	{ DIRECTOR " --state-dir=/d --mode=galera", well, 0, "ok    options " },
	{ DIRECTOR, degraded, 0, "note  server      degraded: " },
	{ DIRECTOR, unknown, 1, "WRONG server      unknown: " },
	{ DIRECTOR, down, 1, "WRONG server      down: " },
	{ DIRECTOR, down, 1, "-     privileges  not tried\n" },
	{ DIRECTOR, well, 0, "ok    privileges  all that role read needs\n" },
	{ DIRECTOR, missing, 1, "WRONG privileges  GRANT PROCESS" },
	{ WRITER " --canary=dbvitals.canary", well, 0,
		"note  privileges  the canary is not tried" },
	{ "--role=write --self-test --canary=dbvitals.canary", well, 0,
		"ok    privileges  all that role write" },
	{ DIRECTOR, well, 0,
		"ok    time        20 ms of the 3 s of -t; misc_timeout at least 4\n" },
	{ DIRECTOR " -t 2.5", well, 0, "20 ms of the 2.5 s of -t; misc_timeout at least 4\n" },
	{ DIRECTOR " -t 0.5", well, 0, "20 ms of the 0.5 s of -t; misc_timeout at least 2\n" },
	{ WRITER, well, 0,
		"ok    time        20 ms of the 2 s of -t; timeout and interval at least 3\n" },
	{ DIRECTOR, half, 0, "ok    time        1500 ms" },
	{ DIRECTOR, slow, 1, "WRONG time        1501 ms of the 3 s of -t: more than half\n" },
	{ DIRECTOR, warned, 1, "WRONG warning     everybody can read it\n" },
	{ DIRECTOR, well, 0, "ok    weight      none, exit status 0 or 1: without misc_dynamic\n" },
	{ DIRECTOR " --dynamic=50", well, 0,
		"ok    weight      50 at most: only with misc_dynamic" },
	{ WRITER, well, 0, "ok    weight      none, exit status 0 or 1: for a vrrp_script\n" },
	{ WRITER " --dynamic=50", well, 1, "WRONG weight      --dynamic with --role=auto" },
	{ "--role=write --self-test", well, 0,
		"note  role        write, whoever has the address\n" },
	{ "--role=promote --self-test", well, 0,
		"note  role        promote, whoever has the address\n" },
	{ "--self-test", well, 0, "timeout and interval at least 4\n" },
	{ "--self-test --dynamic=50", well, 1, "WRONG real_server not named\n" },
	{ "--self-test --dynamic=50 -S /run/s", well, 1, "WRONG real_server not named\n" },
	{ "--self-test -H db1", well, 0, "note  real_server db1 is a name" },
	{ TWO, well, 0,
		"ok    server      up: db1:3306 may take reads\n"
		"ok    server      up: db1:3306 may take reads\n"
		"ok    privileges  192.0.2.21:3306: all that role read needs\n"
		"ok    privileges  db2:3307: all that role read needs\n" },
	{ TWO, well, 0, "note  real_server db2 is a name" },
	{ TWO, down, 1,
		"ok    server      up: db1:3306 may take reads\n"
		"WRONG server      down: " },
	{ TWO, missing, 1, "WRONG privileges  db2:3307: GRANT PROCESS" },
	{ TWO, by_root_in_place, 0,
		"dbvitals-keepalived --host=192.0.2.21 --host=db2:3307 --self-test\n" },
};

START_TEST(judged)
{
	struct trial t;
	char got[8192];
	struct text out = text_on(got, sizeof(got));

	begin(&t, rows[_i].line);
	rows[_i].change(&t.facts);
	size_t wrong = self_judge(&t.facts, &out);

	ck_assert_msg(wrong == rows[_i].wrong && strstr(got, rows[_i].text),
		"%zu wrong instead of %zu, or no '%s' in:\n%s", wrong, rows[_i].wrong,
		rows[_i].text, got);
	end(&t);
}
END_TEST

/* A command line, and the lines that keepalived is given for it, of user checker. */
static const struct {
	const char *line;
	const char *stanza;
} stanzas[] = {
	{ DIRECTOR " -v -t 2.5",
		"real_server 192.0.2.21 3306 {\n"
		"    weight 100\n"
		"    MISC_CHECK {\n"
		"        misc_path \"/usr/sbin/dbvitals-keepalived --host=192.0.2.21 --timeout=2.5\"\n"
		"        misc_timeout 4\n"
		"        warmup 0\n"
		"        user checker\n"
		"    }\n"
		"}\n" },
	{ "-H [2001:db8::1]:3307 --json --self-test --dynamic=50 --channel=a_b",
		"real_server 2001:db8::1 3307 {\n"
		"    weight 50\n"
		"    MISC_CHECK {\n"
		"        misc_path \"/usr/sbin/dbvitals-keepalived --host=[2001:db8::1]:3307 --dynamic=50 '--channel=a b'\"\n"
		"        misc_timeout 4\n"
		"        misc_dynamic\n"
		"        warmup 0\n"
		"        user checker\n"
		"    }\n"
		"}\n" },
	{ "-H db1 --self-test", "real_server ADDRESS 3306 {\n" },
	{ "-H 192.0.2.21 -t 2 -H 192.0.2.22 --self-test",
		"real_server 192.0.2.21 3306 {\n"
		"    weight 100\n"
		"    MISC_CHECK {\n"
		"        misc_path \"/usr/sbin/dbvitals-keepalived --host=192.0.2.21 --timeout=2\"\n"
		"        misc_timeout 3\n"
		"        warmup 0\n"
		"        user checker\n"
		"    }\n"
		"}\n"
		"\n"
		"real_server 192.0.2.22 3306 {\n"
		"    weight 100\n"
		"    MISC_CHECK {\n"
		"        misc_path \"/usr/sbin/dbvitals-keepalived --timeout=2 --host=192.0.2.22\"\n" },
	{ DIRECTOR " --role=write", "real_server 192.0.2.21 3306 {\n" },
	{ WRITER,
		"vrrp_script dbvitals {\n"
		"    script \"/usr/sbin/dbvitals-keepalived --role=auto --write-ip=192.0.2.10 --timeout=2\"\n"
		"    interval 3\n"
		"    timeout 3\n"
		"    fall 2\n"
		"    rise 2\n"
		"    init_fail\n"
		"    user checker\n"
		"}\n" },
};

START_TEST(stanza)
{
	struct trial t;
	char got[4096];
	struct text out = text_on(got, sizeof(got));

	begin(&t, stanzas[_i].line);
	self_add_stanza(&t.facts, &out);
	ck_assert_msg(strstr(got, stanzas[_i].stanza) != NULL, "%s", got);
	end(&t);
}
END_TEST

TCase *
self_test_case(void)
{
	TCase *tc = tcase_create("self_test");

	tcase_add_loop_test(tc, safe, 0, sizeof(parts) / sizeof(parts[0]));
	tcase_add_loop_test(tc, executable, 0, sizeof(runs) / sizeof(runs[0]));
	tcase_add_loop_test(tc, judged, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(tc, stanza, 0, sizeof(stanzas) / sizeof(stanzas[0]));
	return tc;
}
