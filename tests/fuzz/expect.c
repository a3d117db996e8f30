/* SPDX-License-Identifier: MIT */
#include "expect.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
expect(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

/* The character at *S, which goes on to the next one; -1 where there is none. By the table of RFC 3629, section 4. */
static int32_t
next_character(const unsigned char **s)
{
	static const struct {
		unsigned char lead_from, lead_to, second_from, second_to, length;
	} rows[] = { { 0x00, 0x7f, 0, 0, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 } };
	const unsigned char *c = *s;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t length = rows[i].length;

		if (*c < rows[i].lead_from || *c > rows[i].lead_to)
			continue;
		if (length > 1 && (c[1] < rows[i].second_from || c[1] > rows[i].second_to))
			return -1;
		int32_t code = *c & (length == 1 ? 0x7f : 0x7f >> length);

		for (size_t n = 1; n < length; n++) {
			if ((c[n] & 0xc0) != 0x80)
				return -1;
			code = code << 6 | (c[n] & 0x3f);
		}
		*s += length;
		return code;
	}
	return -1;
}

/* Control characters, and what reorders or breaks a line. */
static bool
is_obeyed(int32_t code)
{
	return code < 0x20 || (code >= 0x7f && code <= 0x9f) ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

void
expect_clean(const char *s, bool lines)
{
	const unsigned char *c = (const unsigned char *)s;
	size_t length = strlen(s);

	while (*c) {
		bool end = *c == '\n';
		int32_t code = next_character(&c);

		if (code < 0 || (!(lines && end) && is_obeyed(code)))
			fprintf(stderr, "at byte %zu of: %s\n",
				(size_t)(c - (const unsigned char *)s), s);
		expect(code >= 0, "what is printed is UTF-8");
		expect((lines && end) || !is_obeyed(code), "nothing printed is obeyed");
	}
	expect(!lines || length == 0 || s[length - 1] == '\n', "the last line has an end");
}

void
expect_message(const char *s)
{
	expect_clean(s, false);
	expect(!strchr(s, '|'), "no message has a bar");
}

static const char *value(const char *s, int depth);

static const char *
word(const char *s, const char *text)
{
	expect(strncmp(s, text, strlen(text)) == 0, text);
	return s + strlen(text);
}

/* RFC 8259, section 7. */
static const char *
string(const char *s)
{
	s = word(s, "\"");
	for (; *s && *s != '"'; s++) {
		expect((unsigned char)*s >= 0x20, "no control character in a JSON string");
		if (*s != '\\')
			continue;
		s++;
		expect(*s && strchr("\"\\/bfnrtu", *s), "a JSON escape");
		for (int i = 0; *s == 'u' && i < 4; i++)
			expect(s[1 + i] && strchr("0123456789abcdefABCDEF", s[1 + i]),
				"\\u has four digits");
	}
	return word(s, "\"");
}

static const char *
digits(const char *s)
{
	size_t n = strspn(s, "0123456789");

	expect(n > 0, "a JSON number has digits");
	return s + n;
}

static const char *
number(const char *s)
{
	if (*s == '-')
		s++;
	expect(*s != '0' || s[1] < '0' || s[1] > '9',
		"no JSON number begins with two digits, the first 0");
	s = digits(s);
	return *s == '.' ? digits(s + 1) : s;
}

/* Members between BRACKETS, an object's each with a name. */
static const char *
members(const char *s, const char brackets[2], int depth)
{
	s++;
	while (*s != brackets[1]) {
		if (brackets[0] == '{')
			s = word(string(s), ":");
		s = value(s, depth + 1);
		if (*s == brackets[1])
			break;
		s = word(s, ",");
		expect(*s != brackets[1], "no JSON list ends with a comma");
	}
	return s + 1;
}

static const char *
value(const char *s, int depth)
{
	expect(depth < 16, "JSON is not nested without end");
	switch (*s) {
	case '{':
		return members(s, "{}", depth);
	case '[':
		return members(s, "[]", depth);
	case '"':
		return string(s);
	case 'n':
		return word(s, "null");
	case 't':
		return word(s, "true");
	case 'f':
		return word(s, "false");
	default:
		return number(s);
	}
}

void
expect_json(const char *s)
{
	const char *rest = value(s, 0);

	expect(strcmp(rest, "\n") == 0, "one JSON value a line");
}
