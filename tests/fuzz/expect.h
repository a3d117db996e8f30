/* SPDX-License-Identifier: MIT
 *
 * What holds of all that is printed, whatever came in. What does not hold ends the program with its words, as the fuzzer
 * wants it.
 */
#ifndef DBV_EXPECT_H
#define DBV_EXPECT_H

#include <stdbool.h>
#include <stddef.h>

void expect(bool holds, const char *what);

/* S is UTF-8 that a terminal shows and does not obey. LINES: it may have several, each ended. */
void expect_clean(const char *s, bool lines);

/* The same, of a message: no '|' either. */
void expect_message(const char *s);

/* S is one JSON value and a line feed. */
void expect_json(const char *s);

#endif
