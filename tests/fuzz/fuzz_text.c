/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catch_up.h"
#include "expect.h"
#include "gtid.h"
#include "place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The C library reads the same number. */
static void
read_number(const char *s)
{
	double ours = 0;
	char *end = NULL;
	double theirs = strtod(s, &end);
	bool is_number = text_to_number(s, &ours);

	expect(is_number || !*s || strspn(s, "0123456789") != strlen(s) || strlen(s) > 300,
		"digits are a number");
	if (!is_number)
		return;
	expect(end > s && !*end && !strpbrk(s, " \t\nxXnN"), "a number is one to the C library");
	expect(isfinite(ours), "a number is finite");
	expect(fabs(ours - theirs) <= fabs(theirs) * 1e-12 + 1e-300, "it is the same number");
}

/* A number that was written is a number, near the one that it was. */
static void
write_number(double v)
{
	char buf[64];
	struct text t = text_on(buf, sizeof(buf));
	double again = 0;

	if (isnan(v))
		return;
	text_add_number(&t, v);
	expect(text_to_number(buf, &again), "what is written is a number");
	expect(fabs(v) >= 1e15 || fabs(again - v) <= 0.0006 + fabs(v) * 1e-12, "to three decimals");
	expect(strspn(buf, "-.0123456789") == t.len, "without an exponent");
}

/* Into every size: never more than fits, nothing that is obeyed, and clean text stays as it is. */
static void
clean(const char *s, size_t size, size_t max)
{
	char buf[256], again[256];

	size = size % (sizeof(buf) - 1) + 1;
	struct text t = text_on(buf, size);
	struct text u = text_on(again, sizeof(again));

	text_add_foreign(&t, s, max);
	expect(t.len < size && strlen(buf) == t.len, "it fits");
	expect_message(buf);
	text_add_foreign(&u, buf, sizeof(again));
	if (t.len + 1 < sizeof(again))
		expect(strcmp(buf, again) == 0, "clean text is left alone");
	t = text_on(buf, size);
	text_addf(&t, "%s", again);
	expect_message(buf);
	t = text_on(buf, size);
	text_add_start(&t, again, max);
	expect_message(buf);
}

static const char *
name_at(size_t i)
{
	return variables[i].name;
}

/* What says of itself that it is all there is, contains itself, and an order turns round. */
static void
compare(const char *a, const char *b)
{
	int order = 0, reverse = 0;

	for (int exact = 0; exact < 2; exact++) {
		expect(gtid_applied(a, a, exact) != TRUTH_NO, "all of a set is in itself");
		if (gtid_applied(a, b, exact) == TRUTH_YES)
			expect(gtid_applied(b, b, exact) == TRUTH_YES,
				"what was compared can be read");
	}
	if (gtid_applied(a, b, true) == TRUTH_YES)
		expect(gtid_applied(a, b, false) == TRUTH_YES, "the very same is enough");
	bool one = place_compare(a, b, b, a, &order);
	bool other = place_compare(b, a, a, b, &reverse);

	expect(one == other, "both ways or none");
	expect(!one || (order < 0) == (reverse > 0), "the order turns round");
}

/* Texts with a NUL between: the first two are compared, each is read and cleaned. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *content = malloc(size + 1);
	double number = 0;

	memcpy(content, data, size);
	content[size] = '\0';
	const char *second = content + strlen(content);

	second += second < content + size;
	for (const char *s = content; s < content + size; s += strlen(s) + 1) {
		read_number(s);
		clean(s, data[0], size > 1 ? data[1] : 80);
	}
	const char *nearest = text_nearest(content, VARIABLE_COUNT, name_at);

	expect(!nearest || *nearest, "the nearest is one of them");
	compare(content, second);
	if (size >= sizeof(number)) {
		memcpy(&number, data, sizeof(number));
		write_number(number);
	}
	free(content);
	return 0;
}
