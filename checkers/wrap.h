/* SPDX-License-Identifier: MIT */
#ifndef DBV_WRAP_H
#define DBV_WRAP_H

#include "text.h"

/* Adds LINE in lines of at most 80 columns where it has blanks to break at, the first indented by FIRST blanks, the
 * others by NEXT. */
void wrap(struct text *out, const char *line, size_t first, size_t next);

#endif
