/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct text
text_on(char *buf, size_t size)
{
	buf[0] = '\0';
	return (struct text){ .buf = buf, .size = size };
}

bool
text_out_of_memory(struct text *t)
{
	text_add(t, "out of memory");
	t->lacking = true;
	return false;
}

/* How many of the N bytes at S are whole characters: a last one that is not all there goes. */
static size_t
whole_characters(const char *s, size_t n)
{
	for (size_t i = 1; i <= n && i <= 4; i++) {
		unsigned char c = (unsigned char)s[n - i];
		size_t wanted = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

		if ((c & 0xc0) != 0x80)
			return wanted > i ? n - i : n;
	}
	return n;
}

void
text_add_start(struct text *t, const char *s, size_t max)
{
	size_t room = t->size - t->len - 1;
	size_t n = strnlen(s, max < room ? max : room);

	t->cut = t->cut || (n == room && n < max && s[n]);
	if (s[n])
		n = whole_characters(s, n);
	memcpy(t->buf + t->len, s, n);
	t->len += n;
	t->buf[t->len] = '\0';
}

void
text_add(struct text *t, const char *s)
{
	text_add_start(t, s, SIZE_MAX);
}

void
text_vaddf(struct text *t, const char *format, va_list args)
{
	size_t room = t->size - t->len;

	if (room <= 1)
		return;
	int n = vsnprintf(t->buf + t->len, room, format, args);

	if (n <= 0)
		return;
	t->cut = t->cut || (size_t)n >= room;
	t->len = (size_t)n < room ? t->len + (size_t)n : whole_characters(t->buf, t->size - 1);
	t->buf[t->len] = '\0';
}

void
text_addf(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vaddf(t, format, args);
	va_end(args);
}

void
text_add_number(struct text *t, double v)
{
	if (v < 0) {
		text_add(t, "-");
		v = -v;
	}
	if (!(v < 1e15)) {
		text_add(t, "1000000000000000");
		return;
	}
	uint64_t thousandths = (uint64_t)(v * 1000 + 0.5);
	unsigned fraction = (unsigned)(thousandths % 1000);

	text_addf(t, "%llu", (unsigned long long)(thousandths / 1000));
	if (!fraction)
		return;
	char digits[8];
	int n = snprintf(digits, sizeof(digits), "%03u", fraction);

	while (n > 1 && digits[n - 1] == '0')
		digits[--n] = '\0';
	text_addf(t, ".%s", digits);
}

/* Length of the UTF-8 sequence at S, 0 where it is invalid; the code point in *CODE. */
static size_t
utf8_sequence(const unsigned char *s, uint32_t *code)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t least;
	} forms[] = { { 0x80, 0x00, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 } };

	for (size_t n = 1; n <= 4; n++) {
		if ((s[0] & forms[n - 1].mask) != forms[n - 1].lead)
			continue;
		*code = s[0] & (unsigned char)~forms[n - 1].mask;
		for (size_t i = 1; i < n; i++) {
			if ((s[i] & 0xc0) != 0x80)
				return 0;
			*code = *code << 6 | (s[i] & 0x3f);
		}
		bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
		return *code < forms[n - 1].least || *code > 0x10ffff || surrogate ? 0 : n;
	}
	return 0;
}

/* Characters that a terminal, a log or a monitoring system may obey instead of showing. */
static bool
is_obeyed(uint32_t code)
{
	return code < 0x20 || code == '|' || (code >= 0x7f && code < 0xa0) ||
	       (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

void
text_add_foreign(struct text *t, const char *s, size_t max)
{
	if (t->len + 1 >= t->size)
		return;
	const unsigned char *p = (const unsigned char *)s;
	const unsigned char *end = p + strnlen(s, max);
	bool blank = true;
	bool cut = *end != '\0';

	while (p < end) {
		uint32_t code = 0;
		size_t n = utf8_sequence(p, &code);

		if (n > (size_t)(end - p))
			break;
		if (*p == ' ' || (*p >= '\t' && *p <= '\r')) {
			if (!blank)
				text_add(t, " ");
			blank = true;
			p++;
			continue;
		}
		if (t->len + (n ? n : 1) >= t->size) {
			t->cut = true;
			break;
		}
		blank = false;
		if (n == 0 || is_obeyed(code)) {
			t->buf[t->len++] = '?';
			p += n ? n : 1;
		} else {
			memcpy(t->buf + t->len, p, n);
			t->len += n;
			p += n;
		}
		t->buf[t->len] = '\0';
	}
	if (cut)
		text_add(t, "...");
}

static unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool
text_starts_nocase(const char *s, const char *prefix)
{
	for (; *prefix; s++, prefix++)
		if (lower(*s) != lower(*prefix))
			return false;
	return true;
}

bool
text_equal_nocase(const char *a, const char *b)
{
	return strlen(a) == strlen(b) && text_starts_nocase(a, b);
}

bool
text_contains_nocase(const char *s, const char *part)
{
	for (; *s; s++)
		if (text_starts_nocase(s, part))
			return true;
	return false;
}

static const char *
read_digits(const char *s, double *mantissa, int *scale, int step)
{
	for (; *s >= '0' && *s <= '9'; s++) {
		if (*mantissa < 1e17)
			*mantissa = *mantissa * 10 + (*s - '0'), *scale -= step;
		else
			*scale += 1 - step;
	}
	return s;
}

static const char *
read_exponent(const char *s, int *scale)
{
	double exponent = 0;
	int unused = 0;
	bool negative = *s == '-';

	if (*s == '-' || *s == '+')
		s++;
	const char *digits = s;

	s = read_digits(s, &exponent, &unused, 0);
	if (s == digits || exponent > 400)
		return NULL;
	*scale += negative ? -(int)exponent : (int)exponent;
	return s;
}

bool
text_to_number(const char *s, double *out)
{
	double mantissa = 0;
	int scale = 0;
	bool negative = *s == '-';

	if (*s == '-' || *s == '+')
		s++;
	const char *start = s;

	s = read_digits(s, &mantissa, &scale, 0);
	bool digits = s > start;

	if (*s == '.') {
		start = ++s;
		s = read_digits(s, &mantissa, &scale, 1);
		digits = digits || s > start;
	}
	if (digits && (*s == 'e' || *s == 'E'))
		s = read_exponent(s + 1, &scale);
	if (!digits || !s || *s)
		return false;
	for (; scale > 0 && mantissa > 0 && mantissa < 1e300; scale--)
		mantissa *= 10;
	for (; scale < 0 && mantissa > 0; scale++)
		mantissa /= 10;
	if (scale > 0 && mantissa > 0)
		return false;
	*out = negative ? -mantissa : mantissa;
	return true;
}

/* Edit distance (Levenshtein), for words below 48 characters; longer ones are far from everything.
 */
static size_t
distance(const char *a, const char *b)
{
	size_t row[48];
	size_t n = strlen(b);

	if (n >= sizeof(row) / sizeof(row[0]) || strlen(a) >= sizeof(row) / sizeof(row[0]))
		return sizeof(row);
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; *a; i++, a++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t best = diagonal + (lower(*a) != lower(b[j - 1]));

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[n];
}

const char *
text_nearest(const char *word, size_t count, const char *(*name_at)(size_t))
{
	const char *nearest = NULL;
	size_t best = strlen(word) / 3 + 2;

	for (size_t i = 0; i < count; i++) {
		const char *name = name_at(i);
		size_t d = name ? distance(word, name) : best;

		if (d < best) {
			best = d;
			nearest = name;
		}
	}
	return nearest;
}
