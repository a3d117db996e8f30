/* SPDX-License-Identifier: MIT */
#include "range.h"

#include <math.h>
#include <string.h>

#include "text.h"

static bool
parse_end(const char *s, size_t n, double when_empty, double *out)
{
	char number[48];

	if (n == 0) {
		*out = when_empty;
		return true;
	}
	if (n >= sizeof(number))
		return false;
	memcpy(number, s, n);
	number[n] = '\0';
	return text_to_number(number, out);
}

bool
range_parse(const char *text, struct range *out)
{
	struct range r = { .set = true };
	const char *s = text;

	/* An exponent is no part of the range syntax, and perfdata repeats the range. */
	if (strlen(text) >= sizeof(r.text) || strpbrk(text, "eE"))
		return false;
	memcpy(r.text, text, strlen(text) + 1);
	if (*s == '@') {
		r.inverted = true;
		s++;
	}
	const char *colon = strchr(s, ':');
	const char *end = colon ? colon + 1 : s;

	if (colon && colon == s + 1 && *s == '~')
		r.start = -HUGE_VAL;
	else if (colon && !parse_end(s, (size_t)(colon - s), 0, &r.start))
		return false;
	if (!colon && *end == '\0')
		return false;
	if (!parse_end(end, strlen(end), HUGE_VAL, &r.end) || r.start > r.end)
		return false;
	*out = r;
	return true;
}

bool
range_alerts(const struct range *r, double value)
{
	bool inside = value >= r->start && value <= r->end;

	return r->set && inside == r->inverted;
}
