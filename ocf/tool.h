/* SPDX-License-Identifier: MIT
 *
 * Runs another program (IPaddr2, nft, ss, attrd_updater), never longer than until a deadline.
 */
#ifndef DBV_TOOL_H
#define DBV_TOOL_H

#include "text.h"

#include <stdint.h>

enum {
	/* There is no such program. */
	TOOL_MISSING = -1,
	/* It was not done at the deadline, and was ended. */
	TOOL_LATE = -2,
	/* It was ended by a signal, or could not be started. */
	TOOL_FAILED = -3,
};

/* Runs ARGV[0], looked for in /usr/sbin:/usr/bin:/sbin:/bin where it has no '/', with ENVIRONMENT, and with INPUT (NULL:
 * none) to read. What it printed on both its outputs is added to OUTPUT (NULL: not wanted) as clean text on one line. Its
 * exit status, or one of the above. Processes that it leaves behind live on, unless it was late. */
int tool_run(const char *const argv[], char *const environment[], const char *input,
	struct text *output, int64_t deadline);

/* ENVIRON without the variables that begin with one of COUNT NAMES, into OUT of SIZE; the rest of OUT, at the end, is
 * NULL. What does not fit is left out. Returns how many there are. */
size_t tool_environment(const char *const names[], size_t count, char *out[], size_t size);

/* "ended with status 1", "is missing", "took too long". */
const char *tool_says(int status);

#endif
