/* SPDX-License-Identifier: MIT
 *
 * The tables themselves: complete, consistent, and small enough for the arrays that depend on them.
 */
#include <check.h>
#include <string.h>

#include "policy.h"
#include "privileges.h"
#include "suites.h"

START_TEST(checks_are_complete)
{
	ck_assert_uint_le(check_count(), CHECKS_MAX);
	for (size_t i = 0; i < check_count(); i++) {
		const struct check *c = check_at(i);

		ck_assert_msg(check_by_id(c->id) == i, "%s stands twice", c->id);
		ck_assert_msg(c->meaning && c->see && c->remedy, "%s says too little", c->id);
		ck_assert_msg(c->modes == MODE_GALERA || c->modes == MODE_REPLICATION ||
				      c->modes == MODE_BOTH,
			"%s has no mode", c->id);
		ck_assert_msg(!c->when || c->needs, "%s needs nothing that is read", c->id);
		ck_assert_msg(!c->when || !c->among, "%s is asked twice", c->id);
		ck_assert_msg(
			(c->among != NULL) ==
				(c->scope == SCOPE_CLUSTER || c->scope == SCOPE_PAIR ||
					c->scope == SCOPE_HOLDERS),
			"%s is asked of nobody", c->id);
		ck_assert_msg(strchr(c->meaning, '\n') == NULL, "%s breaks lines", c->id);
	}
	ck_assert_ptr_null(check_at(check_count()));
}
END_TEST

START_TEST(metrics_raise_checks)
{
	for (size_t i = 0; i < metric_count; i++) {
		const struct metric *m = &metrics[i];
		struct range range = { .set = false };

		ck_assert_msg(metric_by_name(m->name) == i, "%s stands twice", m->name);
		ck_assert_msg(check_by_id(m->check) < check_count(), "%s raises no check", m->name);
		ck_assert_msg(check_at(check_by_id(m->check))->modes == m->modes, "%s", m->name);
		ck_assert_msg(m->needs && m->doc && m->measure, "%s is not complete", m->name);
		for (enum role r = 0; r < ROLE_COUNT; r++) {
			ck_assert(!m->warning[r] || range_parse(m->warning[r], &range));
			ck_assert(!m->critical[r] || range_parse(m->critical[r], &range));
		}
	}
}
END_TEST

/* Every check is raised by something: a predicate, a metric, or an error number. */
START_TEST(no_check_is_dead)
{
	for (size_t i = 0; i < check_count(); i++) {
		const struct check *c = check_at(i);
		bool alive = c->when != NULL || c->among != NULL;

		for (size_t m = 0; m < metric_count; m++)
			alive = alive || strcmp(metrics[m].check, c->id) == 0;
		for (unsigned error = 0; error < 5000 && !alive; error++) {
			dbv_observation *o = observation_new();
			char buf[MESSAGE_MAX];
			struct text t = text_on(buf, sizeof(buf));

			observation_answer(o, SOURCE_CONNECT, error ? FAILED : LATE, error, "");
			const char *id = fault_check(o, MODE_GALERA, SOURCE_CONNECT, &t);

			alive = id && strcmp(id, c->id) == 0;
			for (enum source s = SOURCE_GLOBAL_STATUS; s < SOURCE_COUNT && error; s++) {
				observation_answer(o, s, FAILED, error, "");
				id = fault_check(o, MODE_GALERA, s, &t);
				alive = alive || (id && strcmp(id, c->id) == 0);
			}
			observation_free(o);
		}
		ck_assert_msg(alive, "nothing raises %s", c->id);
	}
}
END_TEST

/* What an error number stands for is in the table of checks. */
START_TEST(faults_name_checks)
{
	for (unsigned error = 1; error < 5000; error++)
		for (enum source s = SOURCE_CONNECT; s < SOURCE_COUNT; s++) {
			dbv_observation *o = observation_new();
			char buf[MESSAGE_MAX];
			struct text t = text_on(buf, sizeof(buf));

			observation_answer(o, s, FAILED, error, "");
			const char *id = fault_check(o, MODE_BOTH, s, &t);

			ck_assert_msg(!id || check_by_id(id) < check_count(), "%s", id);
			observation_free(o);
		}
}
END_TEST

START_TEST(variables_are_unique)
{
	for (enum variable v = 0; v < VARIABLE_COUNT; v++) {
		ck_assert_msg(variable_by_name(variables[v].source, variables[v].name) == v, "%s",
			variables[v].name);
		if (variables[v].alias)
			ck_assert(variable_by_name(variables[v].source, variables[v].alias) == v);
		ck_assert(variables[v].doc != NULL);
	}
	ck_assert(variable_by_name(SOURCE_GLOBAL_STATUS, "nothing") == VARIABLE_COUNT);
}
END_TEST

/* Absent, NULL, number and text are four things; a long text is cut, never overrun. */
START_TEST(values_are_kept_apart)
{
	static char longest[VALUE_TEXT_MAX + 100];
	dbv_observation *o = observation_new();

	memset(longest, 'x', sizeof(longest) - 1);
	ck_assert(o->values[V_VERSION].kind == VALUE_ABSENT);
	ck_assert(observation_set(o, V_VERSION, NULL));
	ck_assert(o->values[V_VERSION].kind == VALUE_NULL);
	ck_assert(observation_set(o, V_VERSION, "10.11"));
	ck_assert(o->values[V_VERSION].kind == VALUE_NUMBER);
	ck_assert_str_eq(o->values[V_VERSION].text, "10.11");
	ck_assert(observation_set(o, V_VERSION, longest));
	ck_assert(o->values[V_VERSION].kind == VALUE_TEXT);
	ck_assert_uint_eq(strlen(o->values[V_VERSION].text), VALUE_TEXT_MAX);
	ck_assert(observation_set_by_name(o, SOURCE_GLOBAL_VARIABLES, "VERSION", "11"));
	ck_assert_str_eq(o->values[V_VERSION].text, "11");
	ck_assert(!observation_set(o, V_IO_RUNNING, "Yes"));
	for (size_t i = 0; i < CHANNELS_MAX; i++)
		ck_assert(observation_add_channel(o));
	ck_assert(!observation_add_channel(o));
	observation_free(o);
}
END_TEST

START_TEST(privileges_are_none)
{
	ck_assert_str_eq(privilege_names(FOR_CHANNELS, FAMILY_MARIADB), "SLAVE MONITOR");
	ck_assert_ptr_null(privilege_names(FOR_ADMIN_PORT, FAMILY_MARIADB));
}
END_TEST

TCase *
tables_case(void)
{
	TCase *c = tcase_create("tables");

	tcase_add_test(c, checks_are_complete);
	tcase_add_test(c, metrics_raise_checks);
	tcase_add_test(c, no_check_is_dead);
	tcase_add_test(c, faults_name_checks);
	tcase_add_test(c, variables_are_unique);
	tcase_add_test(c, values_are_kept_apart);
	tcase_add_test(c, privileges_are_none);
	return c;
}
