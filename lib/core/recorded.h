/* SPDX-License-Identifier: MIT
 *
 * A recorded status: what the mysql and mariadb clients print, as an observation.
 */
#ifndef DBV_RECORDED_H
#define DBV_RECORDED_H

#include "observation.h"
#include "text.h"

enum recorded {
	/* Blank, or remarks of the client alone: an empty result of nothing. */
	RECORDED_NOTHING,
	RECORDED_TAKEN,
	/* Not what a client prints for any statement that is read here. */
	RECORDED_UNKNOWN,
	/* Cut off, or two values of one name. */
	RECORDED_REFUSED,
	RECORDED_NO_MEMORY,
};

/* Adds to O what TEXT, one file of SIZE bytes, holds: the answers to SHOW GLOBAL STATUS, SHOW GLOBAL
 * VARIABLES, the replica status statements, SHOW PROCESSLIST and SELECT UNIX_TIMESTAMP(), one after
 * another and in any of the client's forms but HTML and XML, and the client's errors. Each is told
 * by its names, and its source has then answered. After anything but TAKEN and NOTHING, ERROR says
 * what is wrong, and O may hold a part and is not to be judged. */
enum recorded recorded_read(dbv_observation *o, const char *text, size_t size, struct text *error);

#endif
