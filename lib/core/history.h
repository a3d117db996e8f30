/* SPDX-License-Identifier: MIT
 *
 * What is remembered of a node from one observation to the next. Times are dbv_now() milliseconds, 0 is never.
 */
#ifndef DBV_HISTORY_H
#define DBV_HISTORY_H

#include "verdict.h"

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

struct dbv_history {
	/* The last look, and the last one that was answered: by which server, started when, paused for how long by
	 * then (-1: it did not say). */
	double taken_at;
	double answered_at;
	char server[216];
	double started_at;
	double paused_ns;
	/* Did the last look list the sessions? */
	bool listed;
	char state[12];
	char reason[48];
	double state_since;
	/* The last verdict "down", node.recovering apart. */
	double down_at;
	/* That of the last observation which knew enough. */
	bool complete_down;
	char complete_reason[48];
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

/* What is remembered of the channel of this name, NULL for nothing. */
const struct channel_history *history_channel(const dbv_history *h, const char *name);

#endif
