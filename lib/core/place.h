/* SPDX-License-Identifier: MIT
 *
 * Places in binary logs, and the numbers in them, which are too large for a double.
 */
#ifndef DBV_PLACE_H
#define DBV_PLACE_H

#include <stdbool.h>
#include <stddef.h>

/* Below, equal to or above 0 as the whole number A, of NA digits, is to B. */
int digits_compare(const char *a, size_t na, const char *b, size_t nb);

/* S is nothing but digits, and not empty. */
bool is_digits(const char *s);

/* The same for two places in one server's binary logs: by the number behind the last dot of the file's name, then by
 * the position. False where they cannot be compared: another base name, or no such name or number at all. */
bool place_compare(const char *file, const char *position, const char *other_file,
	const char *other_position, int *order);

#endif
