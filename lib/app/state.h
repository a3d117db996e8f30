/* SPDX-License-Identifier: MIT
 *
 * What is remembered from one run to the next, in a file of --state-dir. What is wrong with the file or its directory is
 * said and changes no verdict; but what may be there, and cannot be read for what this host lacks, is not nothing.
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

/* What was remembered, or nothing, with the reason in WARNING; NULL, with the reason there, where that cannot be told. */
dbv_history *state_read(const struct state_key *key, struct text *warning);

/* Lets CHANGE change what is remembered at this moment, alone, and replaces the file where it says true. False with the
 * reason in ERROR where that fails. */
bool state_change(const struct state_key *key, bool (*change)(dbv_history *h, void *argument),
	void *argument, struct text *error);

#endif
