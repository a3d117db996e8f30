/* SPDX-License-Identifier: MIT
 *
 * Waits that the whole cluster shares: where writes hang on every node, moving them cures nothing.
 */
#ifndef DBV_SHARED_WAITS_H
#define DBV_SHARED_WAITS_H

#include "judge.h"

/* Lowers what a stall of VALUE seconds costs a holder or a candidate while a schema change runs,
 * flow control is asked for elsewhere, or the group is re-forming; never where a session waits for
 * disk space or for a lock of the whole server. */
void temper_shared_wait(const struct question *q, double value, struct ruling *r);

#endif
