/* SPDX-License-Identifier: MIT
 *
 * Bounded text: building messages, comparing words, reading numbers. No locale, no allocation.
 * Everything that a server sent enters a message through text_add_foreign() and nowhere else.
 */
#ifndef DBV_TEXT_H
#define DBV_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* A buffer of the caller's that is always terminated; what does not fit is cut, between two
 * characters of UTF-8. */
struct text {
	char *buf;
	size_t size;
	size_t len;
	/* Something did not fit. */
	bool cut;
	/* It tells what this host lacks, memory for one, and nothing of what was to be read. */
	bool lacking;
};

struct text text_on(char *buf, size_t size);
void text_add(struct text *t, const char *s);

/* At most the first MAX bytes of S, whole characters of UTF-8. */
void text_add_start(struct text *t, const char *s, size_t max);

void text_addf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vaddf(struct text *t, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Says so, as the reason why something could not be done: false. */
bool text_out_of_memory(struct text *t);

/* Adds V with at most three decimals and no trailing zeros; never an exponent, never a comma. */
void text_add_number(struct text *t, double v);

/* Adds at most MAX bytes of foreign text S: control characters, '|', invalid UTF-8 and characters
 * that reorder or break lines become '?', blanks of any kind become one blank. */
void text_add_foreign(struct text *t, const char *s, size_t max);

/* ASCII only, whatever the locale. */
bool text_equal_nocase(const char *a, const char *b);
bool text_starts_nocase(const char *s, const char *prefix);
bool text_contains_nocase(const char *s, const char *part);

/* The whole of S is one decimal number: sign, digits, fraction, exponent; false for anything else,
 * blanks, hexadecimal, "nan", "inf" and what a double cannot hold included. */
bool text_to_number(const char *s, double *out);

/* Of the COUNT names that NAME_AT(i) gives, the one nearest to WORD, or NULL when none is near; one
 * that it gives as NULL is passed over. */
const char *text_nearest(const char *word, size_t count, const char *(*name_at)(size_t));

#endif
