/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <string.h>

int
digits_compare(const char *a, size_t na, const char *b, size_t nb)
{
	for (; na > 0 && *a == '0'; na--)
		a++;
	for (; nb > 0 && *b == '0'; nb--)
		b++;
	if (na != nb)
		return na < nb ? -1 : 1;
	return memcmp(a, b, na);
}

bool
is_digits(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

bool
place_compare(const char *file, const char *position, const char *other_file,
	const char *other_position, int *order)
{
	const char *dot = strrchr(file, '.'), *other_dot = strrchr(other_file, '.');

	if (!dot || !other_dot || dot - file != other_dot - other_file ||
		memcmp(file, other_file, (size_t)(dot - file)) != 0 || !is_digits(dot + 1) ||
		!is_digits(other_dot + 1) || !is_digits(position) || !is_digits(other_position))
		return false;
	*order = digits_compare(dot + 1, strlen(dot + 1), other_dot + 1, strlen(other_dot + 1));
	if (*order == 0)
		*order = digits_compare(
			position, strlen(position), other_position, strlen(other_position));
	return true;
}
