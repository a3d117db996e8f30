/* SPDX-License-Identifier: MIT
 *
 * A table made on one node and dropped on another, step by step. Nothing but that one table, whose
 * name nobody else uses, is touched.
 */
#ifndef DBV_TRIP_H
#define DBV_TRIP_H

#include "talk.h"

struct trip {
	const char *schema;
	/* SCHEMA.NAME in backticks. */
	char table[160];
	/* What stands in its row. */
	char token[64];
	/* From where it starts, and where it goes. */
	struct talk talks[2];
	/* The table may be there. */
	bool is_on[2];
	/* How long the last question of a wait may go without an answer beyond its end. */
	int64_t grace_ms;
};

struct trip_step {
	const char *done;
	const char *failed;
	size_t node;
	/* Into so many parts the time that is left is split; the step gets one. */
	int parts;
	enum reply (*take)(struct trip *t, struct talk *talk, int64_t deadline);
};

#define TRIP_STEPS 4

extern const struct trip_step trip_steps[TRIP_STEPS];

/* STOP as in struct talk, GRACE_MS as in struct trip. */
struct trip trip_plan(dbv_node *const nodes[2], const char *schema, int stop, int64_t grace_ms);

/* Connects to a node and enters the schema there. */
enum reply trip_enter(struct talk *talk, const char *schema, int64_t deadline);

/* LATE, and the conversation still open: the server does answer, but what the step waits for has not come. */
enum reply trip_take(struct trip *t, const struct trip_step *step, int64_t deadline);

/* Drops the table on a node that it may be on, also when told to stop. */
enum reply trip_clean(struct trip *t, size_t node, int64_t deadline);

#endif
