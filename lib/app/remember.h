/* SPDX-License-Identifier: MIT
 *
 * From one run to the next: what --state-dir knows of a node, and what --syslog says of a change.
 */
#ifndef DBV_REMEMBER_H
#define DBV_REMEMBER_H

#include "app.h"

/* What earlier runs knew of J's node, into J; false, with the reason in R's error, where that cannot be told. */
bool recall(struct run *r, struct judged *j);

/* The answer is out: what goes wrong from here on is told on standard error, and changes nothing. */
void remember(struct run *r, const struct judged *nodes, size_t count);

#endif
