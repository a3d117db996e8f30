/* SPDX-License-Identifier: MIT
 *
 * What the agents for the floating address change at a server, and nothing else does: whether it is read-only.
 */
#ifndef DBV_READ_ONLY_H
#define DBV_READ_ONLY_H

#include "node.h"
#include "text.h"

/* Sees to it that N is read-only, or (not ON) that nothing makes it so any more, super_read_only included. A server
 * that is as wanted is not touched. Returns at DEADLINE at the latest, but for a few milliseconds. False, with the
 * reason in WHY, unless the server was seen to be as wanted at the end. What was given up takes effect after DEADLINE
 * only where the server could not be told any more and goes on within a second (docs/decisions.md). */
bool node_set_read_only(dbv_node *n, bool on, int64_t deadline, struct text *why);

#endif
