/* SPDX-License-Identifier: MIT
 *
 * What attrd_updater --query --all says of the other nodes.
 */
#include <check.h>
#include <string.h>

#include "publish.h"
#include "suites.h"
#include "tool.h"

#define POSITION "22:bin.000002:343"
#define ABSENT "attrd_updater: Could not query value of x: attribute does not exist"

/* clang-format off */
/* As Pacemaker 2.1.5 prints it, asked on m1; 3.0 prints the same, and escapes what is special in a value. */
static const struct {
	const char *name;
	int status;
	const char *printed;
	bool told;
	const char *value;
} rows[] = {
	{ "nobody ever had it", 78, ABSENT, true, "" },
	{ "nobody ever had it, release 1.1", 6, "Could not query value of x: No such device or address (-6)", true, "" },
	{ "the other one", 0, "name=\"x\" host=\"m2\" value=\"" POSITION "\"", true, POSITION },
	{ "only this one", 0, "name=\"x\" host=\"m1\" value=\"" POSITION "\"", true, "" },
	{ "both", 0, "name=\"x\" host=\"m1\" value=\"1:a.1:4\" name=\"x\" host=\"m2\" value=\"" POSITION "\"", true, POSITION },
	{ "both, the other way round", 0, "name=\"x\" host=\"m2\" value=\"" POSITION "\" name=\"x\" host=\"m1\" value=\"1:a.1:4\"", true, POSITION },
	{ "deleted", 0, "name=\"x\" host=\"m2\" value=\"\"", true, "" },
	{ "deleted there, not here", 0, "name=\"x\" host=\"m2\" value=\"\" name=\"x\" host=\"m1\" value=\"1:a.1:4\"", true, "" },
	{ "deleted on one of two others", 0, "name=\"x\" host=\"m3\" value=\"\" name=\"x\" host=\"m2\" value=\"" POSITION "\"", true, POSITION },
	{ "a name that begins like this one's", 0, "name=\"x\" host=\"m11\" value=\"" POSITION "\"", true, POSITION },
	{ "escaped", 0, "name=\"x\" host=\"m2\" value=\"a&quot;b\"", true, "a&quot;b" },
	{ "nothing printed", 0, "", true, "" },
	{ "cut", 0, "name=\"x\" host=\"m2\" val", true, "" },
	{ "no cluster", 102, "attrd_updater: Could not query value of x: Transport endpoint is not connected (107)", false, "" },
	{ "not installed", TOOL_MISSING, ABSENT, false, "" },
	{ "too late", TOOL_LATE, "name=\"x\" host=\"m2\" value=\"" POSITION "\"", false, "" },
};
/* clang-format on */

START_TEST(answers)
{
	struct other o = { .value = "?" };
	bool told = publish_read_answer(rows[_i].status, rows[_i].printed, "m1", &o);

	ck_assert_msg(told == rows[_i].told, "%s: %stold", rows[_i].name, told ? "" : "not ");
	ck_assert_msg(strcmp(o.value, rows[_i].value) == 0, "%s: \"%s\"", rows[_i].name, o.value);
	ck_assert_msg(!*o.value || *o.node == 'm', "%s: of %s", rows[_i].name, o.node);
}
END_TEST

TCase *
publish_case(void)
{
	TCase *c = tcase_create("publish");

	tcase_add_loop_test(c, answers, 0, sizeof(rows) / sizeof(rows[0]));
	return c;
}
