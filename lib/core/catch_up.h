/* SPDX-License-Identifier: MIT
 *
 * In replication mode: may a candidate start to take writes, or is there something that it has not applied yet?
 */
#ifndef DBV_CATCH_UP_H
#define DBV_CATCH_UP_H

#include "judge.h"

/* From best to worst: of several channels the worst counts. */
enum catch_up {
	/* All that was received is applied, and the demoted peer's last position is reached. */
	CATCH_UP_DONE,
	/* All that was received is applied; the rest up to that position cannot arrive now. */
	CATCH_UP_SOURCE_GONE,
	/* The same, and it is on its way. */
	CATCH_UP_RECEIVING,
	/* Not all that was received is applied; where the SQL thread is stopped, it never will be. */
	CATCH_UP_APPLYING,
	/* Not told, or not to be compared. */
	CATCH_UP_UNKNOWN,
};

/* POSITION, "SERVER_ID:FILE:POSITION", is where the binary log of the demoted peer ended; NULL: nobody was demoted in
 * order. Whoever goes on with SOURCE_GONE has applied everything that there is. WHAT: how far it is, in words. */
enum catch_up catch_up(const dbv_observation *now, const dbv_policy *policy, const char *position,
	struct text *what);

#endif
