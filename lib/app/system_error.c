/* SPDX-License-Identifier: MIT */
#include "system_error.h"

#include <errno.h>
#include <string.h>

bool
add_system_error(struct text *t, int number)
{
	/* Nothing is there, or not for us; what is not among these may be anything. */
	static const int of_files[] = { ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, ENXIO, EACCES,
		EPERM };
	bool found = false;

	for (size_t i = 0; i < sizeof(of_files) / sizeof(of_files[0]); i++)
		found = found || of_files[i] == number;
	text_add(t, strerror(number));
	t->lacking = !found;
	return false;
}
