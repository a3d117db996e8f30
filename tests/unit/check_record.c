/* SPDX-License-Identifier: MIT
 *
 * What an instance keeps between two actions, and what it makes of a file that is not its own.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record.h"
#include "suites.h"

#define PATH RUN_FOLDER "/vip.record"

static void
clear(void)
{
	unlink(PATH);
	unlink(PATH ".new");
	rmdir(PATH ".new");
	rmdir(RUN_FOLDER);
}

/* Changes the bytes of the file that FROM says to TO, of the same length. */
static void
damage(const char *from, const char *to)
{
	char text[4096];
	FILE *file = fopen(PATH, "r+");
	size_t got = fread(text, 1, sizeof(text) - 1, file);

	text[got] = '\0';
	char *at = strstr(text, from);

	ck_assert_ptr_nonnull(at);
	memcpy(at, to, strlen(to));
	rewind(file);
	ck_assert_uint_eq(fwrite(text, 1, got, file), got);
	fclose(file);
}

static struct record
sample(void)
{
	struct record rec = { .started = true,
		.promoted = true,
		.warned = true,
		.known = { 3000, 12 },
		.demoted_at = 13 };

	rec.published[0] = (struct published){ "-INFINITY", 34, 9118478 };
	rec.published[1] =
		(struct published){ "down:galera.rejects_queries", 5, 18446744073709551615U };
	return rec;
}

START_TEST(comes_back)
{
	struct record rec = sample();
	struct record read;

	ck_assert(record_write("vip", &rec));
	record_read("vip", &read);
	ck_assert(read.started && read.promoted && read.warned);
	ck_assert_int_eq(read.known.score, 3000);
	ck_assert_int_eq(read.known.at, 12);
	ck_assert_int_eq(read.demoted_at, 13);
	for (int i = 0; i < ATTRIBUTES_MAX; i++) {
		ck_assert_str_eq(read.published[i].value, rec.published[i].value);
		ck_assert_int_eq(read.published[i].judged_at, rec.published[i].judged_at);
		ck_assert_uint_eq(read.published[i].daemon, rec.published[i].daemon);
	}
	record_remove("vip");
	record_read("vip", &read);
	ck_assert(!read.started && !read.promoted);
}
END_TEST

/* Over a longer one, of which nothing stays. */
START_TEST(where_nothing_new_can_be_made)
{
	struct record rec = sample();
	struct record shorter = { .started = true };
	struct record read;

	ck_assert(record_write("vip", &rec));
	ck_assert_int_eq(mkdir(PATH ".new", 0700), 0);
	ck_assert(record_write("vip", &shorter));
	record_read("vip", &read);
	ck_assert(read.started && !read.promoted && !read.warned);
	ck_assert_int_eq(read.demoted_at, 0);
	for (int i = 0; i < ATTRIBUTES_MAX; i++)
		ck_assert_str_eq(read.published[i].value, "");
	ck_assert(record_write("vip", &rec));
	record_read("vip", &read);
	ck_assert(read.promoted);
	record_remove("vip");
	ck_assert(!record_write("vip", &rec));
}
END_TEST

START_TEST(another_start_of_the_host)
{
	struct record rec = sample();
	struct record read;

	ck_assert(record_write("vip", &rec));
	damage("boot ", "boot ?");
	record_read("vip", &read);
	ck_assert(!read.started && !read.promoted && read.published[0].daemon == 0);
}
END_TEST

START_TEST(another_format)
{
	struct record rec = sample();
	struct record read;

	ck_assert(record_write("vip", &rec));
	damage("record 1", "record 2");
	record_read("vip", &read);
	ck_assert(!read.started && !read.promoted);
}
END_TEST

/* Of another version, which publishes more. */
START_TEST(more_attributes)
{
	struct record rec = sample();
	struct record read;

	ck_assert(record_write("vip", &rec));
	damage("attribute1", "attribute9");
	record_read("vip", &read);
	ck_assert(read.started && read.promoted);
	ck_assert_str_eq(read.published[0].value, "-INFINITY");
	ck_assert_str_eq(read.published[1].value, "");
}
END_TEST

/* What cannot be has never been. */
static const struct {
	const char *from;
	const char *to;
	int score;
	int64_t known_at, demoted_at, judged_at;
} damages[] = {
	{ "known_score 3000", "known_score 3001", SCORE_NEVER, 12, 13, 34 },
	{ "known_score 3000", "known_score -555", SCORE_NEVER, 12, 13, 34 },
	{ "known_score 3000", "known_score up  ", SCORE_NEVER, 12, 13, 34 },
	{ "known_at 12", "known_at -2", 3000, 0, 13, 34 },
	{ "demoted_at 13", "demoted_at -3", 3000, 12, 0, 34 },
	{ "9118478 34", "9118478 -4", 3000, 12, 13, 0 },
	{ "known_at 12\ndemoted_at 13", "known_at 9999999999999999", 3000, 0, 0, 34 },
	{ "demoted_at 13\nattribute0", "demoted_at 9999999999999", 3000, 12, 0, 0 },
	{ "9118478 34 -INFINITY", "1 9999999999999999 x", 3000, 12, 13, 0 },
};

START_TEST(damaged)
{
	struct record rec = sample();
	struct record read;

	ck_assert(record_write("vip", &rec));
	damage(damages[_i].from, damages[_i].to);
	record_read("vip", &read);
	ck_assert_int_eq(read.known.score, damages[_i].score);
	ck_assert_int_eq(read.known.at, damages[_i].known_at);
	ck_assert_int_eq(read.demoted_at, damages[_i].demoted_at);
	ck_assert_int_eq(read.published[0].judged_at, damages[_i].judged_at);
}
END_TEST

START_TEST(only_ours)
{
	struct record rec = sample();
	struct stat st;

	ck_assert(record_write("vip", &rec));
	ck_assert_int_eq(stat(RUN_FOLDER, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0700);
	ck_assert_int_eq(stat(PATH, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
}
END_TEST

TCase *
record_case(void)
{
	TCase *c = tcase_create("record");

	tcase_add_checked_fixture(c, clear, clear);
	tcase_add_test(c, comes_back);
	tcase_add_test(c, where_nothing_new_can_be_made);
	tcase_add_test(c, another_start_of_the_host);
	tcase_add_test(c, another_format);
	tcase_add_test(c, more_attributes);
	tcase_add_loop_test(c, damaged, 0, sizeof(damages) / sizeof(damages[0]));
	tcase_add_test(c, only_ours);
	return c;
}
