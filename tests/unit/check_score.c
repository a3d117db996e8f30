/* SPDX-License-Identifier: MIT
 *
 * From a verdict to a promotion score: section 5 of the design, cell by cell.
 */
#include <check.h>
#include <string.h>

#include "fixture.h"
#include "score.h"
#include "suites.h"

#define NOW 1000000
#define KNOWN(score, age) \
	{ \
		score, NOW - (age) \
	}
#define NOTHING \
	{ \
		0, 0 \
	}

/* clang-format off */
static const struct {
	const char *name;
	enum dbv_state state;
	unsigned weight;
	struct known_score known;
	const char *holder;
	const char *observer;
} rows[] = {
	{ "up", DBV_UP, 100, NOTHING, "3000", "1000" },
	{ "degraded 75", DBV_DEGRADED, 75, NOTHING, "2000", "750" },
	{ "degraded 50", DBV_DEGRADED, 50, NOTHING, "2000", "500" },
	{ "degraded 25", DBV_DEGRADED, 25, NOTHING, "2000", "250" },
	{ "down", DBV_DOWN, 0, NOTHING, "-INFINITY", "-INFINITY" },
	{ "down, was up a moment ago", DBV_DOWN, 0, KNOWN(3000, 1), "-INFINITY", "-INFINITY" },
	{ "unknown, never known", DBV_UNKNOWN, 0, NOTHING, "1", "-INFINITY" },
	{ "unknown, was up", DBV_UNKNOWN, 0, KNOWN(3000, 1000), "3000", "-INFINITY" },
	{ "unknown, was degraded", DBV_UNKNOWN, 0, KNOWN(2000, 9999), "2000", "-INFINITY" },
	{ "unknown, was up 10 s ago", DBV_UNKNOWN, 0, KNOWN(3000, 10000), "1", "-INFINITY" },
	{ "unknown, was down", DBV_UNKNOWN, 0, KNOWN(SCORE_NEVER, 1000), "-INFINITY", "-INFINITY" },
};

static const struct {
	int score;
	int after;
} demoted[] = {
	{ 3000, 1 }, { 2000, 1 }, { 1000, 1 }, { 1, 1 }, { -1, SCORE_NEVER },
	{ SCORE_NEVER, SCORE_NEVER }, { SCORE_HELD, SCORE_NEVER }, { SCORE_HELD_AGAIN, SCORE_NEVER },
};

static const struct {
	const char *word;
	int score;
} words[] = {
	{ "3000", 3000 }, { "1", 1 }, { "0", 0 }, { "1000000", SCORE_HELD },
	{ "-INFINITY", SCORE_NEVER }, { "", SCORE_NEVER }, { "-5", SCORE_NEVER },
	{ "nan", SCORE_NEVER }, { "99999999999999999999", SCORE_NEVER },
};

/* What people read of a recorded server. */
static const struct {
	const char *recording;
	const char *changes;
	const char *role;
	const char *why;
	const char *reason;
} reasons[] = {
	{ "healthy-db1", "", "write", "up", "" },
	{ "healthy-db1", "wsrep_reject_queries=ALL", "write", "down:galera.rejects_queries", "(galera.rejects_queries)" },
	{ "healthy-db1", "wsrep_desync=ON", "write", "degraded:galera.desynced", "(galera.desynced)" },
	{ "healthy-db1", "connect!1045=Access~denied", "write", "unknown:server.access_denied", "(server.access_denied)" },
	{ "healthy-db1", "connect!late=the~greeting", "promote", "down:server.timeout", "(server.timeout)" },
	/* However long the words are, the id is whole. */
	{ "pair-sql-stopped-m1", "Last_SQL_Errno=1062 Last_SQL_Error=" "Duplicate~entry~Duplicate~entry~Duplicate~entry~Duplicate~entry~Duplicate~entry~Duplicate~entry~Duplicate~entry", "promote", "down:replication.sql_stopped", "(replication.sql_stopped)" },
};
/* clang-format on */

START_TEST(scores)
{
	struct fitness f = { .state = rows[_i].state, .weight = rows[_i].weight };
	char holder[16];
	char observer[16];

	score_word(score_of(true, &f, &rows[_i].known, NOW), holder, sizeof(holder));
	score_word(score_of(false, &f, &rows[_i].known, NOW), observer, sizeof(observer));
	ck_assert_msg(strcmp(holder, rows[_i].holder) == 0, "%s: holder %s, not %s", rows[_i].name,
		holder, rows[_i].holder);
	ck_assert_msg(strcmp(observer, rows[_i].observer) == 0, "%s: observer %s, not %s",
		rows[_i].name, observer, rows[_i].observer);
}
END_TEST

START_TEST(after_demote)
{
	ck_assert_int_eq(score_after_demote(demoted[_i].score), demoted[_i].after);
}
END_TEST

START_TEST(held)
{
	static const int before[] = { SCORE_NEVER, 1, 3000, SCORE_HELD, SCORE_HELD_AGAIN };

	ck_assert_int_ne(score_held(before[_i]), before[_i]);
	ck_assert_int_gt(score_held(before[_i]), 100 * SCORE_MAX);
}
END_TEST

START_TEST(read_back)
{
	ck_assert_int_eq(score_of_word(words[_i].word), words[_i].score);
}
END_TEST

START_TEST(said)
{
	const char *mode =
		strncmp(reasons[_i].recording, "pair", 4) == 0 ? "replication" : "galera";
	dbv_observation *o = fixture_live(reasons[_i].recording);
	dbv_policy *p = fixture_policy(mode, reasons[_i].role);

	fixture_change(o, reasons[_i].changes);
	dbv_verdict *v = dbv_judge(o, NULL, p);
	struct fitness f = fitness_of(v, NOW);
	size_t end = strlen(reasons[_i].reason);

	ck_assert_str_eq(f.why, reasons[_i].why);
	ck_assert_msg(strlen(f.reason) >= end &&
			      strcmp(f.reason + strlen(f.reason) - end, reasons[_i].reason) == 0,
		"%s: %s", reasons[_i].changes, f.reason);
	ck_assert(strlen(f.reason) < 128);
	dbv_verdict_free(v);
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

START_TEST(unknown)
{
	struct fitness f = fitness_unknown("parameters", "attempts: \"x\" is not a number", NOW);

	ck_assert_int_eq(f.state, DBV_UNKNOWN);
	ck_assert_str_eq(f.why, "unknown:parameters");
	ck_assert_str_eq(f.reason, "attempts: \"x\" is not a number (parameters)");
}
END_TEST

TCase *
score_case(void)
{
	TCase *c = tcase_create("score");

	tcase_add_loop_test(c, scores, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(c, held, 0, 5);
	tcase_add_loop_test(c, read_back, 0, sizeof(words) / sizeof(words[0]));
	tcase_add_loop_test(c, after_demote, 0, sizeof(demoted) / sizeof(demoted[0]));
	tcase_add_loop_test(c, said, 0, sizeof(reasons) / sizeof(reasons[0]));
	tcase_add_test(c, unknown);
	return c;
}
