/* SPDX-License-Identifier: MIT
 *
 * The address comes and goes, and with it what belongs to it: connections, read_only, the last position.
 */
#ifndef DBV_HAND_OVER_H
#define DBV_HAND_OVER_H

#include "agent.h"

/* Does this host have the address? */
enum truth has_address(const struct turn *t);

/* Ends the connections to the address and takes it away, whatever the database does; then, with manage_read_only, makes the
 * database read-only, and tells the cluster up to where its binary log goes. OCF_SUCCESS, or the address is still here. */
int give_up_address(struct turn *t);

/* Waits until everything that was received is applied, lets the database take writes and brings the address up. */
int take_address(struct turn *t);

/* With manage_read_only: the database refuses writes, as far as it answers within a second. */
void refuse_writes(struct turn *t);

/* With manage_read_only: the database takes writes. False with the reason in WHY. */
bool allow_writes(struct turn *t, struct text *why);

#endif
