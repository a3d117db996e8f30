/* SPDX-License-Identifier: MIT
 *
 * The meta-data hold every row of the tables, once. That they are well-formed and valid, and what crm
 * and pcs make of them, is tests/integration/metadata.bats.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "described.h"
#include "metadata.h"
#include "suites.h"

static char buf[128 * 1024];

static const char *
metadata(const struct agent *agent)
{
	struct text out = text_on(buf, sizeof(buf));

	metadata_print(agent, &out);
	ck_assert(!out.cut);
	return buf;
}

static size_t
times(const char *in, const char *what)
{
	size_t n = 0;

	for (; (in = strstr(in, what)); in++)
		n++;
	return n;
}

START_TEST(each_row_is_there_once)
{
	const struct agent *agent = &described[_i];
	const char *xml = metadata(agent);
	char want[256];
	size_t parameters = 0, actions = 0;

	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &options[i];
		struct text t = text_on(want, sizeof(want));

		text_add(&t, "<parameter name=\"");
		option_add_parameter(&t, o);
		text_add(&t, "\" ");
		if (o->programs & agent->app.program) {
			ck_assert_msg(times(xml, want) == 1, "%s", want);
			parameters++;
		} else if (!option_by_name(o->name, agent->app.program)) {
			ck_assert_msg(times(xml, want) == 0, "%s", want);
		}
	}
	for (const struct parameter *p = agent->passed; p && p->name; p++, parameters++) {
		struct text t = text_on(want, sizeof(want));

		text_addf(&t, "<parameter name=\"%s\">\n", p->name);
		ck_assert_msg(times(xml, want) == 1, "%s", want);
	}
	for (const struct action *a = agent->actions; a->name; a++)
		actions++;
	ck_assert_uint_eq(times(xml, "<parameter "), parameters);
	ck_assert_uint_eq(times(xml, "<content "), parameters);
	ck_assert_uint_eq(times(xml, "<action "), actions);
}
END_TEST

/* Whole sentences: what did not fit would end otherwise. */
START_TEST(descriptions_end)
{
	const char *xml = metadata(&described[_i]);

	ck_assert_uint_eq(times(xml, ".</longdesc>"), times(xml, "<longdesc "));
	ck_assert_uint_eq(times(xml, ".</shortdesc>"), 0);
	ck_assert_uint_eq(times(xml, "></shortdesc>"), 0);
}
END_TEST

START_TEST(only_the_address_starts_it_anew)
{
	const struct agent *agent = &described[_i];
	bool floats = agent->app.program == PROGRAM_WRITE_IP;
	const char *xml = metadata(agent);
	size_t passed = 0;

	for (const struct parameter *p = agent->passed; p && p->name; p++)
		passed++;
	ck_assert_uint_eq(
		times(xml,
			"<parameter name=\"ip\" required=\"1\" unique=\"1\" unique-group=\"address\">"),
		floats);
	ck_assert_uint_eq(times(xml, " required="), floats);
	ck_assert_uint_eq(
		times(xml, " reloadable=\"1\">"), times(xml, "<parameter ") - passed - floats);
}
END_TEST

/* What is told besides is told of each, and of nothing else. */
START_TEST(each_option_has_a_title)
{
	for (size_t i = 0; i < option_count; i++)
		for (size_t a = 0; a < 2; a++)
			if (options[i].programs & described[a].app.program)
				ck_assert_msg(parameter_text(&options[i],
						      described[a].app.program) != NULL,
					"%s", options[i].name);
	for (size_t i = 0; i < parameter_text_count; i++) {
		const struct parameter_text *t = &parameter_texts[i];
		const struct option *o = option_by_name(t->name, t->programs);

		ck_assert_msg(o && (t->programs & PROGRAMS_OCF) == t->programs &&
				      (t->programs & o->programs) == t->programs,
			"%s", t->name);
	}
}
END_TEST

/* What is published as default is a value that is taken, and of its type. */
START_TEST(defaults_are_values)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &options[i];
		struct settings s = { .policy = dbv_policy_new() };
		dbv_node *node = dbv_node_new();
		char reason[DBV_ERROR_SIZE];
		struct text error = text_on(reason, sizeof(reason));
		double number = 0;

		s.nodes = &node;
		s.node_count = 1;
		if ((o->programs & PROGRAMS_OCF) && o->fallback && !o->fallback_in_words) {
			ck_assert_msg(
				o->apply(o, &s, o->fallback, &error), "%s: %s", o->name, reason);
			ck_assert_msg(strcmp(metadata_type(o), "integer") != 0 ||
					      text_to_number(o->fallback, &number),
				"%s", o->name);
		}
		dbv_node_free(node);
		dbv_policy_free(s.policy);
	}
}
END_TEST

static const struct {
	const char *name;
	enum program program;
	const char *type;
} types[] = {
	{ "host", PROGRAM_WRITE_IP, "string" },
	{ "port", PROGRAM_WRITE_IP, "integer" },
	{ "admin-port", PROGRAM_NODE_HEALTH, "integer" },
	{ "attempts", PROGRAM_NODE_HEALTH, "integer" },
	/* Seconds may have decimals. */
	{ "timeout", PROGRAM_WRITE_IP, "string" },
	{ "manage-read-only", PROGRAM_WRITE_IP, "boolean" },
	{ "end-connections", PROGRAM_WRITE_IP, "boolean" },
};

START_TEST(type)
{
	ck_assert_str_eq(
		metadata_type(option_by_name(types[_i].name, types[_i].program)), types[_i].type);
}
END_TEST

/* Pacemaker tells them apart by these two alone. */
START_TEST(recurring_actions_differ)
{
	for (const struct action *a = described[_i].actions; a->name; a++)
		for (const struct action *b = a + 1; b->name; b++)
			ck_assert(strcmp(a->name, b->name) != 0 ||
				  (a->interval && b->interval &&
					  strcmp(a->interval, b->interval) != 0));
}
END_TEST

START_TEST(escaped)
{
	static const struct parameter odd[] = { { "p&p", "string", "\"<>\"", "a < b", "a && b." },
		{ .name = NULL } };
	static const struct action none[] = { { .name = NULL } };
	const struct agent agent = { .app = { .name = "x" },
		.shortdesc = "s",
		.longdesc = "l",
		.passed = odd,
		.actions = none };
	const char *xml = metadata(&agent);

	ck_assert_ptr_nonnull(strstr(xml,
		"<parameter name=\"p&amp;p\">\n"
		"<longdesc lang=\"en\">a &amp;&amp; b. Default: &quot;&lt;&gt;&quot;.</longdesc>\n"
		"<shortdesc lang=\"en\">a &lt; b</shortdesc>\n"
		"<content type=\"string\" default=\"&quot;&lt;&gt;&quot;\"/>\n"
		"</parameter>\n"));
}
END_TEST

TCase *
metadata_case(void)
{
	TCase *c = tcase_create("metadata");

	tcase_add_loop_test(c, each_row_is_there_once, 0, 2);
	tcase_add_loop_test(c, descriptions_end, 0, 2);
	tcase_add_loop_test(c, only_the_address_starts_it_anew, 0, 2);
	tcase_add_test(c, each_option_has_a_title);
	tcase_add_test(c, defaults_are_values);
	tcase_add_loop_test(c, type, 0, sizeof(types) / sizeof(types[0]));
	tcase_add_loop_test(c, recurring_actions_differ, 0, 2);
	tcase_add_test(c, escaped);
	return c;
}
