/* SPDX-License-Identifier: MIT
 *
 * The tables of the core in words: the same in the manual and in the tool.
 */
#ifndef DBV_CATALOGUE_H
#define DBV_CATALOGUE_H

#include "judge.h"

/* "down", "75, then down": what the check costs in a role. */
void catalogue_cell(const struct check *c, enum role role, struct text *out);

/* "read down; write 75; promote 25; fixed" */
void catalogue_cells(const struct check *c, struct text *out);

/* "read 30 / 300; write 30 / none; promote 30 / none" */
void catalogue_limits(const struct metric *m, struct text *out);

#endif
