/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "option_file.h"
#include "suites.h"

static const struct {
	const char *content;
	const char *suffix;
	/* "name=value" of the strongest saying of each, or a complaint that begins with "!". */
	const char *want;
} rows[] = {
	{ "[client]\nuser=check\n", NULL, "user=check" },
	{ "[client]\nuser = check  \r\n", NULL, "user=check" },
	{ "[client]\nuser='ch eck'\n", NULL, "user=ch eck" },
	{ "[client]\npassword=\"a#b\"\n", NULL, "password=a#b" },
	{ "[client]\npassword=a#b\n", NULL, "password=a" },
	{ "[client]\npassword='it\\'s'\n", NULL, "password=it's" },
	{ "[client]\npassword=a\\sb\\tc\\\\d\\x\n", NULL, "password=a b\tc\\d\\x" },
	{ "[client]\npassword=\n", NULL, "password=" },
	{ "[client]\nssl_ca=/ca.pem\n", NULL, "ssl-ca=/ca.pem" },
	{ "# comment\n; too\n\n[client]\nuser=check # and this\n", NULL, "user=check" },
	{ "[mysqld]\nuser=mysql\nbroken [line\n[client]\nuser=check\n", NULL, "user=check" },
	{ "[client]\nprompt=x\nssl\ndefault-character-set=utf8mb4\nuser=check\n", NULL,
		"user=check" },
	{ "[client]\nuser=a\n[dbvitals]\nuser=b\n", NULL, "user=b" },
	{ "[dbvitals]\nuser=b\n[client]\nuser=a\n", NULL, "user=b" },
	{ "[dbvitals_2]\nuser=c\n[dbvitals]\nuser=b\n", "_2", "user=c" },
	{ "[dbvitals_2]\nuser=c\n[dbvitals]\nuser=b\n", NULL, "user=b" },
	{ "[ client ]\nuser=check\n", NULL, "user=check" },
	{ "user=check\n", NULL, "!test:1: an option without a group" },
	{ "[client]\nuser=check", NULL, "user=check" },
	{ "", NULL, "" },
	{ "[dbvitals]\nprompt=x\n", NULL, "!test:2: no option for a file: prompt" },
	{ "[dbvitals]\nwarning=30\n", NULL, "!test:2: no option for a file: warning" },
	{ "[dbvitals]\nuser\n", NULL, "!test:2: a value is missing: user" },
	{ "[client]\nuser='check\n", NULL, "!test:2: quote without its end" },
	{ "[client\nuser=check\n", NULL, "!test:1: malformed group" },
	{ "[client]x\n", NULL, "!test:1: malformed group" },
	{ "\n!include /etc/my.cnf\n", NULL, "!test:2: !include and !includedir are not followed" },
	{ "!includedir /etc/mysql\n", NULL, "!test:1: !include" },
};

START_TEST(parsed)
{
	struct given g = { .count = 0 };
	char *content = strdup(rows[_i].content);
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	bool ok = option_file_parse(&g, "test", content, rows[_i].suffix, &error);
	const char *want = rows[_i].want;

	ck_assert_msg(ok == (*want != '!'), "row %d: %s", _i, buf);
	if (!ok) {
		ck_assert_msg(strncmp(buf, want + 1, strlen(want + 1)) == 0, "row %d: %s", _i, buf);
	} else {
		char got[128] = "";
		struct text t = text_on(got, sizeof(got));
		const struct saying *best = NULL;

		for (size_t i = 0; i < g.count; i++)
			if (!best || g.sayings[i].origin >= best->origin)
				best = &g.sayings[i];
		if (best)
			text_addf(&t, "%s=%s", best->option->name, best->value);
		ck_assert_str_eq(got, want);
	}
	given_free(&g);
	free(content);
}
END_TEST

static const struct {
	const char *name;
	mode_t mode;
	bool required;
	const char *error;
	const char *warning;
} files[] = {
	{ "file", 0600, true, "", "" },
	{ "file", 0640, true, "", "" },
	{ "file", 0644, true, "", "everybody can read it" },
	{ "file", 0646, true, "refused, everybody can write to it", "" },
	{ "missing", 0, true, "No such file", "" },
	{ "missing", 0, false, "", "" },
	{ ".", 0700, true, "not a regular file", "" },
};

START_TEST(file)
{
	char folder[] = "/tmp/dbvitals-unit-XXXXXX";
	char path[128], error_buf[DBV_ERROR_SIZE], warning_buf[DBV_ERROR_SIZE];
	struct text error = text_on(error_buf, sizeof(error_buf));
	struct text warning = text_on(warning_buf, sizeof(warning_buf));
	struct given g = { .count = 0 };

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/%s", folder, files[_i].name);
	if (strcmp(files[_i].name, "file") == 0) {
		int fd = open(path, O_WRONLY | O_CREAT, 0600);

		ck_assert_int_ge(fd, 0);
		ck_assert_int_eq(write(fd, "[client]\nuser=x\n", 16), 16);
		close(fd);
		chmod(path, files[_i].mode);
	}
	bool read = option_file_read(&g, path, files[_i].required, NULL, &error, &warning);

	ck_assert_msg(read == (*files[_i].error == '\0'), "row %d: %s", _i, error_buf);
	ck_assert_msg(strstr(error_buf, files[_i].error) != NULL, "%s", error_buf);
	ck_assert(!error.lacking);
	ck_assert_msg(strstr(warning_buf, files[_i].warning) != NULL, "%s", warning_buf);
	ck_assert_msg(*files[_i].warning || !*warning_buf, "%s", warning_buf);
	given_free(&g);
	unlink(path);
	rmdir(folder);
}
END_TEST

/* Without a descriptor nothing is known of the file. */
START_TEST(lacking)
{
	char error_buf[DBV_ERROR_SIZE];
	struct text error = text_on(error_buf, sizeof(error_buf));
	struct given g = { .count = 0 };
	struct rlimit release;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &release), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 0, release.rlim_max }), 0);
	bool read = option_file_read(&g, "/dev/null", true, NULL, &error, &error);

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &release), 0);
	ck_assert(!read);
	ck_assert(error.lacking);
	ck_assert_str_eq(error_buf, "/dev/null: Too many open files");
}
END_TEST

TCase *
option_file_case(void)
{
	TCase *c = tcase_create("option file");

	tcase_add_loop_test(c, parsed, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(c, lacking);
	tcase_add_loop_test(c, file, 0, sizeof(files) / sizeof(files[0]));
	return c;
}
