/* SPDX-License-Identifier: MIT
 *
 * Running other programs within a deadline.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbvitals.h"
#include "suites.h"
#include "tool.h"

/* clang-format off */
static const struct {
	const char *script;
	const char *input;
	int status;
	const char *output;
} rows[] = {
	{ "exit 0", NULL, 0, "" },
	{ "exit 7", NULL, 7, "" },
	{ "echo one; echo two >&2", NULL, 0, "one two" },
	{ "cat", "given", 0, "given" },
	{ "cat", NULL, 0, "" },
	{ "printf 'a\\033[31m|b'", NULL, 0, "a?[31m?b" },
	{ "kill -9 $$", NULL, TOOL_FAILED, "" },
	{ "exit 127", NULL, TOOL_MISSING, "" },
	{ "exec sleep 20", NULL, TOOL_LATE, "" },
	/* Ignoring what one may ignore does not help it. */
	{ "trap '' TERM; while :; do sleep 1; done", NULL, TOOL_LATE, "" },
	/* What it leaves behind holds its outputs open, and is not waited for. */
	{ "echo done; sleep 20 & exit 3", NULL, 3, "done" },
	/* More than is kept. */
	{ "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; i=$((i + 1)); done; exit 4", NULL, 4, NULL },
	/* As its caller had it: a broken pipe ends it. */
	{ "trap | grep -c PIPE; yes | head -n 1 >/dev/null; exit 0", NULL, 0, "0" },
	{ "ulimit -d", NULL, 0, "unlimited" },
};
/* clang-format on */

START_TEST(runs)
{
	const char *argv[] = { "sh", "-c", rows[_i].script, NULL };
	char output[8192];
	struct text t = text_on(output, sizeof(output));
	int64_t began = dbv_now();
	int64_t limit = rows[_i].status == TOOL_LATE ? 300 : 10000;
	int status = tool_run(argv, environ, rows[_i].input, &t, began + limit);

	ck_assert_msg(status == rows[_i].status, "%s: %d, not %d", rows[_i].script, status,
		rows[_i].status);
	if (rows[_i].output) {
		while (t.len > 0 && output[t.len - 1] == ' ')
			output[--t.len] = '\0';
		ck_assert_str_eq(output, rows[_i].output);
	}
	if (status == TOOL_LATE)
		ck_assert_int_lt(dbv_now() - began, limit + 2000);
}
END_TEST

/* What a tool has started must not do later what the tool was to do in time. */
START_TEST(late_ones_end_with_all_that_they_started)
{
	const char *argv[] = { "sh", "-c",
		"(sleep 1; touch check-tool-late) & (setsid sh -c 'sleep 1; touch check-tool-late') & sleep 20",
		NULL };

	unlink("check-tool-late");
	ck_assert_int_eq(tool_run(argv, environ, NULL, NULL, dbv_now() + 300), TOOL_LATE);
	usleep(1500000);
	ck_assert_int_ne(access("check-tool-late", F_OK), 0);
}
END_TEST

START_TEST(environment)
{
	static const char *const names[] = { "CHECK_TOOL_A", "CHECK_TOOL_B=" };
	const char *argv[] = { "sh", "-c", "echo $CHECK_TOOL_A1 $CHECK_TOOL_B $CHECK_TOOL_B1",
		NULL };
	char *own[1024];
	char output[64];
	struct text t = text_on(output, sizeof(output));

	setenv("CHECK_TOOL_A1", "a1", 1);
	setenv("CHECK_TOOL_B", "b", 1);
	setenv("CHECK_TOOL_B1", "b1", 1);
	tool_environment(names, 2, own, 1024);
	ck_assert_int_eq(tool_run(argv, own, NULL, &t, dbv_now() + 5000), 0);
	ck_assert_str_eq(output, "b1 ");
}
END_TEST

START_TEST(missing)
{
	const char *argv[] = { "no-such-program-anywhere", NULL };

	ck_assert_int_eq(tool_run(argv, environ, NULL, NULL, dbv_now() + 5000), TOOL_MISSING);
}
END_TEST

TCase *
tool_case(void)
{
	TCase *c = tcase_create("tool");

	tcase_add_loop_test(c, runs, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(c, late_ones_end_with_all_that_they_started);
	tcase_add_test(c, environment);
	tcase_add_test(c, missing);
	return c;
}
