/* SPDX-License-Identifier: MIT
 *
 * Where a server's binary log ends. Asked of a server that has just become read-only, and of no other: the
 * statement waits for the log, which a full disk can hold for ever.
 */
#ifndef DBV_POSITION_H
#define DBV_POSITION_H

#include "node.h"
#include "text.h"

/* "SERVER_ID:FILE:POSITION" in OUT. False, with the reason in WHY, where there is none, or none by DEADLINE. */
bool node_position(dbv_node *n, int64_t deadline, struct text *out, struct text *why);

#endif
