/* SPDX-License-Identifier: MIT
 *
 * The work of the executables that look at servers: what this host knows, the look, the verdicts, the answer, and what is
 * remembered of it.
 */
#ifndef DBV_LOOKING_H
#define DBV_LOOKING_H

#include "app.h"
#include "policy.h"

/* The exit status. */
int look_and_answer(struct run *r);

/* The same of the only node of R, without an answer: J is judged for the role that auto comes to, or that was said. The
 * caller ends J with judged_end(). False with R's error, or without words when out of memory. */
bool look_at_one(struct run *r, struct judged *j);
void judged_end(struct judged *j);

/* J judged for another role; NULL when out of memory. */
dbv_verdict *judge_as(const struct run *r, const struct judged *j, enum role role);

/* Before the first connection to NODE, or to others like it: spares TLS what it does not need. */
void spare_authorities(const dbv_node *node);

#endif
