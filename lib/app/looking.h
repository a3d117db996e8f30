/* SPDX-License-Identifier: MIT
 *
 * The work of the executables that look at servers: what this host knows, the look, the verdicts, the answer, and what is
 * remembered of it.
 */
#ifndef DBV_LOOKING_H
#define DBV_LOOKING_H

#include "app.h"

/* The exit status. */
int look_and_answer(struct run *r);

/* Before the first connection to NODE, or to others like it: spares TLS what it does not need. */
void spare_authorities(const dbv_node *node);

#endif
