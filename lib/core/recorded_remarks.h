/* SPDX-License-Identifier: MIT
 *
 * What the clients print besides answers.
 */
#ifndef DBV_RECORDED_REMARKS_H
#define DBV_RECORDED_REMARKS_H

#include <stdbool.h>

#include "variables.h"

enum remark {
	REMARK_NONE,
	REMARK_ANY,
	/* The answer has no rows. */
	REMARK_EMPTY_SET,
	/* A statement, before it is asked. */
	REMARK_QUESTION,
};

/* LINE has no blanks in front. *ASKED becomes what a question asks for, SOURCE_LOCAL where it is of
 * no interest. */
enum remark remark_of(const char *line, enum source *asked);

/* "ERROR 2002 (HY000): words" and "ERROR 1064 (42000) at line 1: words". */
bool remark_is_error(const char *line, unsigned *error, const char **words);

#endif
