/* SPDX-License-Identifier: MIT
 *
 * The inside of a look, shared by look.c (reaching the server) and asking.c (talking to it).
 */
#ifndef DBV_LOOK_STATE_H
#define DBV_LOOK_STATE_H

#include "look.h"
#include "statements.h"

enum stage {
	RESOLVING,
	CONNECTING,
	QUERYING,
	READING,
	OVER,
};

struct look {
	dbv_node *node;
	dbv_observation *observation;
	const dbv_policy *policy;
	enum stage stage;
	struct client *client;
	struct resolution *resolution;
	struct addresses addresses;
	size_t address;
	bool by_admin_port;
	size_t statement;
	struct reading reading;
	size_t rows;
	size_t bytes;
	/* poll() events of the call that waits; 0: none waits. */
	int events;
	int64_t began;
	int64_t deadline;
	/* Of this address or this statement; at most the deadline. */
	int64_t step_deadline;
	char sql[2048];
};

/* Milliseconds from now until the look's deadline, split into PARTS, as a point in time. */
int64_t look_share_of_time(const struct look *l, size_t parts);

/* SOURCE came to this, and the look is over. */
void look_give_up(
	struct look *l, enum source source, enum outcome outcome, unsigned error, const char *text);

/* All is asked. */
void look_finish(struct look *l);

/* Asks the first statement from INDEX on that the mode needs. */
void look_ask_from(struct look *l, size_t index);

/* The statement or the row that was waited for has come, or failed. */
void look_asked(struct look *l);

/* The time of the statement that is waited for is over. */
void look_statement_late(struct look *l);

#endif
