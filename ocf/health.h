/* SPDX-License-Identifier: MIT
 *
 * How fit the database is: looks that are repeated where the server could not be asked, and what came of them.
 */
#ifndef DBV_HEALTH_H
#define DBV_HEALTH_H

#include "agent.h"
#include "looking.h"

/* Looks at T's node until it could be asked, or the attempts are used up, and judges it: for role write while this host has
 * the address, else promote. J is what presenters see, its verdict NULL where nothing could be judged; the caller ends it. */
struct fitness health(struct turn *t, struct judged *j);

#endif
