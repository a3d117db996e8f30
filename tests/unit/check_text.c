/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <string.h>

#include "range.h"
#include "suites.h"
#include "text.h"

static const struct {
	const char *text;
	bool valid;
	double number;
} numbers[] = {
	{ "0", true, 0 },
	{ "42", true, 42 },
	{ "-1", true, -1 },
	{ "+7", true, 7 },
	{ "0.25", true, 0.25 },
	{ ".5", true, 0.5 },
	{ "5.", true, 5 },
	{ "1.42823e-05", true, 1.42823e-05 },
	{ "2E3", true, 2000 },
	{ "18446744073709551615", true, 18446744073709551615.0 },
	{ "99999999999999999999999", true, 1e23 },
	{ "0e400", true, 0 },
	{ "1e-400", true, 0 },
	{ "1e400", false, 0 },
	{ "1e999999999999", false, 0 },
	{ "", false, 0 },
	{ ".", false, 0 },
	{ "-", false, 0 },
	{ "e5", false, 0 },
	{ "1e", false, 0 },
	{ "1e+", false, 0 },
	{ " 4", false, 0 },
	{ "4 ", false, 0 },
	{ "4abc", false, 0 },
	{ "0x4", false, 0 },
	{ "nan", false, 0 },
	{ "inf", false, 0 },
	{ "1,5", false, 0 },
	{ "--1", false, 0 },
};

START_TEST(number)
{
	double got = 0;
	bool valid = text_to_number(numbers[_i].text, &got);

	ck_assert_msg(valid == numbers[_i].valid, "\"%s\"", numbers[_i].text);
	if (valid)
		ck_assert_double_eq_tol(got, numbers[_i].number,
			1e-12 * (numbers[_i].number < 0 ? -1 : 1) * numbers[_i].number + 1e-300);
}
END_TEST

static const struct {
	double number;
	const char *text;
} printed[] = {
	{ 0, "0" },
	{ 3, "3" },
	{ -2.5, "-2.5" },
	{ 0.1, "0.1" },
	{ 0.0004, "0" },
	{ 0.0005, "0.001" },
	{ 12.3456, "12.346" },
	{ 99.9999, "100" },
	{ 123456789012.0, "123456789012" },
	{ 1e30, "1000000000000000" },
};

START_TEST(number_printed)
{
	char buf[64];
	struct text t = text_on(buf, sizeof(buf));

	text_add_number(&t, printed[_i].number);
	ck_assert_str_eq(buf, printed[_i].text);
}
END_TEST

/* MAX bytes at most into a buffer of SIZE; either may end in the midst of a character. */
static const struct {
	const char *text;
	size_t max;
	size_t size;
	const char *kept;
} starts[] = {
	{ "abc", 2, 16, "ab" },
	{ "abc", 9, 16, "abc" },
	{ "abc", 9, 3, "ab" },
	{ "abc", 0, 16, "" },
	{ "a\303\244b", 2, 16, "a" },
	{ "a\303\244b", 3, 16, "a\303\244" },
	{ "a\303\244b", 9, 3, "a" },
	{ "a\303\244b", 9, 4, "a\303\244" },
	{ "\342\202\254", 2, 16, "" },
	{ "\342\202\254x", 3, 16, "\342\202\254" },
	{ "\360\237\230\200", 3, 16, "" },
	{ "\360\237\230\200", 9, 4, "" },
	{ "\360\237\230\200", 9, 5, "\360\237\230\200" },
	{ "\244\244\244\244\244", 9, 3, "\244\244" },
	{ "\244\244\244\244\244\244", 5, 16, "\244\244\244\244\244" },
	{ "ab", 9, 3, "ab" },
};

START_TEST(cut_at_a_character)
{
	char buf[16];
	struct text t = text_on(buf, starts[_i].size);

	text_add_start(&t, starts[_i].text, starts[_i].max);
	ck_assert_str_eq(buf, starts[_i].kept);
	ck_assert_uint_eq(t.len, strlen(buf));
	if (starts[_i].max < starts[_i].size)
		return;
	ck_assert(t.cut == (strlen(starts[_i].kept) < strlen(starts[_i].text)));
	t = text_on(buf, starts[_i].size);
	text_add(&t, starts[_i].text);
	ck_assert_str_eq(buf, starts[_i].kept);
	t = text_on(buf, starts[_i].size);
	text_addf(&t, "%s", starts[_i].text);
	ck_assert_str_eq(buf, starts[_i].kept);
	ck_assert_uint_eq(t.len, strlen(buf));
}
END_TEST

static const struct {
	const char *foreign;
	const char *clean;
} cleanings[] = {
	{ "plain", "plain" },
	{ "tab\tand\nnewline\r\n", "tab and newline " },
	{ "  leading", "leading" },
	{ "a | b", "a ? b" },
	{ "esc\033[31mred", "esc?[31mred" },
	{ "del\177", "del?" },
	{ "\302\233 c1", "? c1" },
	{ "umlaut \303\274", "umlaut \303\274" },
	{ "euro \342\202\254", "euro \342\202\254" },
	{ "face \360\237\230\200", "face \360\237\230\200" },
	{ "over\342\200\256ride", "over?ride" },
	{ "line\342\200\250sep", "line?sep" },
	{ "bom\357\273\277", "bom?" },
	{ "zero\342\200\213width", "zero?width" },
	{ "mark\342\200\217", "mark?" },
	{ "dash\342\200\220", "dash\342\200\220" },
	{ "join\342\201\240er", "join?er" },
	{ "power\342\201\260", "power\342\201\260" },
	{ "bad\377byte", "bad?byte" },
	{ "short\303", "short?" },
	{ "overlong\300\257", "overlong??" },
	{ "surrogate\355\240\200", "surrogate???" },
	{ "beyond\364\220\200\200", "beyond????" },
};

START_TEST(cleaned)
{
	char buf[64];
	struct text t = text_on(buf, sizeof(buf));

	text_add_foreign(&t, cleanings[_i].foreign, sizeof(buf));
	ck_assert_str_eq(buf, cleanings[_i].clean);
}
END_TEST

START_TEST(cut_between_characters)
{
	char buf[8];
	struct text t = text_on(buf, sizeof(buf));

	text_add_foreign(&t, "abcdef\303\274", 64);
	ck_assert_str_eq(buf, "abcdef");
	t = text_on(buf, sizeof(buf));
	text_add_foreign(&t, "ab\303\274", 3);
	ck_assert_str_eq(buf, "ab...");
	t = text_on(buf, sizeof(buf));
	text_add_foreign(&t, "abcd", 4);
	ck_assert_str_eq(buf, "abcd");
}
END_TEST

START_TEST(bounded)
{
	char buf[8];
	struct text t = text_on(buf, sizeof(buf));

	text_add(&t, "12345");
	text_addf(&t, "%s", "67890");
	text_add(&t, "more");
	ck_assert_str_eq(buf, "1234567");
	ck_assert_uint_eq(t.len, 7);
	t = text_on(buf, sizeof(buf));
	text_add(&t, "123456\303\274");
	text_addf(&t, "%s", "7");
	ck_assert_msg(t.cut, "what is added later undoes no cut");
}
END_TEST

static const char *const words[] = { "galera.donor", "galera.joined", "server.timeout" };

static const char *
word_at(size_t i)
{
	return words[i];
}

static const char *
other_word_at(size_t i)
{
	return i == 0 ? NULL : words[i];
}

START_TEST(nearest)
{
	ck_assert_str_eq(text_nearest("galera.doner", 3, word_at), "galera.donor");
	ck_assert_str_eq(text_nearest("GALERA.JOIN", 3, word_at), "galera.joined");
	ck_assert_str_eq(text_nearest("galera.donor", 3, other_word_at), "galera.joined");
	ck_assert_ptr_null(text_nearest("xyz", 3, word_at));
	ck_assert_ptr_null(text_nearest("", 3, word_at));
	ck_assert_ptr_null(text_nearest(
		"galera.donor.and.then.some.more.of.it.that.no.name.of.any.table.is.as.long.as", 3,
		word_at));
}
END_TEST

START_TEST(compared)
{
	ck_assert(text_equal_nocase("Primary", "PRIMARY"));
	ck_assert(!text_equal_nocase("non-Primary", "Primary"));
	ck_assert(!text_equal_nocase("Primary", "Primary "));
	ck_assert(text_starts_nocase("gcomm://a", "GCOMM://"));
	ck_assert(!text_starts_nocase("gcomm", "gcomm://"));
	ck_assert(text_contains_nocase("need the SUPER, SLAVE MONITOR", "slave monitor"));
	ck_assert(!text_contains_nocase("", "x"));
}
END_TEST

static const struct {
	const char *range;
	bool valid;
	double value;
	bool alerts;
} ranges[] = {
	{ "10", true, 10, false },
	{ "10", true, 11, true },
	{ "10", true, -1, true },
	{ "10:", true, 9, true },
	{ "10:", true, 1e12, false },
	{ "~:10", true, -1e12, false },
	{ "~:10", true, 11, true },
	{ ":10", true, -1, true },
	{ "10:20", true, 15, false },
	{ "10:20", true, 21, true },
	{ "@10:20", true, 10, true },
	{ "@10:20", true, 21, false },
	{ "@5", true, 3, true },
	{ "0.5", true, 0.75, true },
	{ "-5:5", true, -5, false },
	{ "", false, 0, false },
	{ "~:", true, -1e12, false },
	{ "1e3", false, 0, false },
	{ "@", false, 0, false },
	{ "20:10", false, 0, false },
	{ "a", false, 0, false },
	{ "1:2:3", false, 0, false },
	{ "x:5", false, 0, false },
	{ "@~~:5", false, 0, false },
	{ "~", false, 0, false },
	{ "10 ", false, 0, false },
	{ "1|2", false, 0, false },
	{ "10:~", false, 0, false },
	{ "00000000000000000000000000000000000000000000000001", false, 0, false },
};

START_TEST(range)
{
	struct range r = { .set = false };
	bool valid = range_parse(ranges[_i].range, &r);

	ck_assert_msg(valid == ranges[_i].valid, "\"%s\"", ranges[_i].range);
	ck_assert_msg(!valid || range_alerts(&r, ranges[_i].value) == ranges[_i].alerts,
		"\"%s\" on %g", ranges[_i].range, ranges[_i].value);
	if (valid)
		ck_assert_str_eq(r.text, ranges[_i].range);
}
END_TEST

TCase *
text_case(void)
{
	TCase *c = tcase_create("text");

	tcase_add_loop_test(c, number, 0, sizeof(numbers) / sizeof(numbers[0]));
	tcase_add_loop_test(c, cut_at_a_character, 0, sizeof(starts) / sizeof(starts[0]));
	tcase_add_loop_test(c, number_printed, 0, sizeof(printed) / sizeof(printed[0]));
	tcase_add_loop_test(c, cleaned, 0, sizeof(cleanings) / sizeof(cleanings[0]));
	tcase_add_test(c, cut_between_characters);
	tcase_add_test(c, bounded);
	tcase_add_test(c, nearest);
	tcase_add_test(c, compared);
	tcase_add_loop_test(c, range, 0, sizeof(ranges) / sizeof(ranges[0]));
	return c;
}
