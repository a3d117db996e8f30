/* SPDX-License-Identifier: MIT
 *
 * What the process list tells: who waits in commit, who waits for the whole server, which schema
 * change runs. Rows go in one by one; only the sums are kept.
 */
#ifndef DBV_SESSIONS_H
#define DBV_SESSIONS_H

#include "observation.h"

struct session_row {
	const char *user;
	const char *command;
	const char *seconds;
	const char *state;
	const char *info;
};

/* Sums over the rows so far; zero before the first. */
struct sessions {
	double own;
	double foreign;
	double commit_wait;
	double server_wait;
	char commit_state[64];
	char server_state[64];
	struct waiting waiting[WAITERS_MAX];
	size_t waiting_count;
	/* Of canaries of the asking account, which are in none of the sums of waiting. */
	bool has_canary;
	double canary_wait;
	char canary_state[64];
	/* The verb of a schema change that runs, static, or NULL. */
	const char *schema_change;
};

/* Adds the row of session ID as SHOW PROCESSLIST gives it (NULL: SQL's NULL); LOGIN is USER() of who asked, NULL where
 * that is not known: then no session is his own. */
void sessions_add(
	struct sessions *s, const char *id, const struct session_row *row, const char *login);

/* What STATE says that a session waits for. */
enum wait sessions_wait_of(const char *state);

/* Keeps the sums in O; false when out of memory. */
bool sessions_keep(const struct sessions *s, dbv_observation *o);

#endif
