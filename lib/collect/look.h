/* SPDX-License-Identifier: MIT
 *
 * One look at one node: resolve, connect, ask, good-bye; a state machine that poll() drives.
 */
#ifndef DBV_LOOK_H
#define DBV_LOOK_H

#include "judge.h"
#include "node.h"

/* Begins; the node's observation must be fresh. False when out of memory. */
bool look_start(dbv_node *node, const dbv_policy *policy, int64_t deadline);

bool look_is_over(const struct look *look);

/* What to wait for, and until when. */
int look_fd(const struct look *look);
short look_events(const struct look *look);
int64_t look_deadline(const struct look *look);

/* Goes on after poll(): EVENTS came, or none by the deadline. */
void look_step(struct look *look, int events);

void look_free(struct look *look);

#endif
