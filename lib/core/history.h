/* SPDX-License-Identifier: MIT
 *
 * What is remembered of a node from one observation to the next. Times are dbv_now() milliseconds, 0 is never.
 */
#ifndef DBV_HISTORY_H
#define DBV_HISTORY_H

#include "verdict.h"

/* Beyond it a double is not exact. */
#define HISTORY_NUMBER_MAX 9007199254740992.0

struct waiter {
	double session;
	bool for_server;
	/* When its statement began, as the process list tells, and when it was first seen waiting. */
	double began_at;
	double seen_at;
};

struct channel_history {
	char name[72];
	char read_file[136];
	double read_position;
	char applied_file[136];
	double applied_position;
	double heartbeats;
	/* A byte or a heartbeat came; something was applied or nothing was left to apply. */
	double alive_at;
	double applied_at;
	/* The source was there: the last look with IO Yes; the lag then, -1 where it was not known. */
	double contact_at;
	double contact_lag;
};

/* What was said of the node in one role. */
struct role_history {
	/* The last verdict "down", node.recovering apart. */
	double down_at;
	/* That of the last observation which knew enough. */
	bool complete_down;
	char complete_reason[48];
};

struct dbv_history {
	/* The last look, and the last one that was answered: by which server, started when. */
	double taken_at;
	double answered_at;
	char server[216];
	double started_at;
	/* A sample that is a second old or more by the next look; -1: the server did not say. */
	double paused_ns;
	double paused_at;
	/* Did the last look list the sessions? */
	bool listed;
	char state[12];
	char reason[48];
	double state_since;
	struct role_history roles[ROLE_COUNT];
	struct waiter waiters[WAITERS_MAX];
	size_t waiter_count;
	struct channel_history *channels;
	size_t channel_count;
};

/* From THEN to the look that Q is about. */
static inline double
seconds_since(const struct question *q, double then)
{
	return (value_number(value_of(q, V_TAKEN_AT), 0) - then) / 1000;
}

/* The last answered look was at the same server since its same start, and is not too old. */
bool history_compares(const dbv_history *h, const dbv_observation *now);

/* Remembers what V, a verdict in one more role, says of that role. */
void history_follow_role(dbv_history *h, const dbv_observation *now, const dbv_verdict *v);

/* dbv_history_read(); *NO_MEMORY tells whether it was that. */
dbv_history *history_read(const char *text, bool *no_memory);

/* What is remembered of the channel of this name, NULL for nothing. */
const struct channel_history *history_channel(const dbv_history *h, const char *name);

#endif
