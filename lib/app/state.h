/* SPDX-License-Identifier: MIT
 *
 * What is remembered from one run to the next, in a file of --state-dir. Whatever is wrong with the file or its directory
 * is said and changes no verdict.
 */
#ifndef DBV_STATE_H
#define DBV_STATE_H

#include "app.h"

/* Which one: a file a program, node, role and channel. */
struct state_key {
	const char *directory;
	const char *program;
	const char *label;
	const char *role;
	/* NULL: all. */
	const char *channel;
};

/* What was remembered, or nothing, with the reason in WARNING; NULL when out of memory. */
dbv_history *state_read(const struct state_key *key, struct text *warning);

/* Replaces it; false with the reason in ERROR. */
bool state_write(const struct state_key *key, const dbv_history *history, struct text *error);

#endif
