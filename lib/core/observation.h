/* SPDX-License-Identifier: MIT
 *
 * Observation: what one look at a node read, and what went wrong with reading it. Filled by collect
 * (or from a recorded status), judged by the rest of the core. Absent, NULL, number and text are
 * four things.
 */
#ifndef DBV_OBSERVATION_H
#define DBV_OBSERVATION_H

#include "dbvitals.h"
#include "variables.h"

enum value_kind {
	VALUE_ABSENT,
	VALUE_NULL,
	VALUE_NUMBER,
	VALUE_TEXT,
};

/* Text is there for numbers too: as the server wrote it, for what a double cannot tell apart. */
struct value {
	enum value_kind kind;
	double number;
	const char *text;
};

enum truth {
	TRUTH_UNKNOWN,
	TRUTH_NO,
	TRUTH_YES,
};

enum outcome {
	NOT_ASKED,
	ANSWERED,
	/* The server, or the client library, gave an error number. */
	FAILED,
	/* An answer that is not the one asked for. */
	NONSENSE,
	/* The deadline passed. */
	LATE,
	/* This host lacks what it takes to ask. */
	ILL,
};

struct answer {
	enum outcome outcome;
	unsigned error;
	/* The error in words, or what was waited for. Foreign. */
	char text[256];
};

/* Bytes of one value; a longer one is cut. */
#define VALUE_TEXT_MAX 8192
/* More channels than that are left out; no server has them. */
#define CHANNELS_MAX 256

struct channel {
	struct value values[VARIABLE_COUNT];
};

/* What a session waits for: its own commit, or the whole server (a lock, disk space). */
enum wait {
	WAIT_NONE,
	WAIT_COMMIT,
	WAIT_SERVER,
};

/* As many sessions that wait are kept, the longest ones. */
#define WAITERS_MAX 32

/* A session that waits; SECONDS counts from the start of its statement. */
struct waiting {
	double session;
	double seconds;
	enum wait wait;
};

struct dbv_observation {
	struct answer answers[SOURCE_COUNT];
	struct value values[VARIABLE_COUNT];
	struct channel **channels;
	size_t channel_count;
	struct waiting waiting[WAITERS_MAX];
	size_t waiting_count;
	struct arena *arena;
};

dbv_observation *observation_new(void);
void observation_free(dbv_observation *o);

/* Starts the next channel; false when out of memory or beyond CHANNELS_MAX. */
bool observation_add_channel(dbv_observation *o);

/* Keeps TEXT (copied; NULL is the server's NULL) as V, in the last channel when V is a channel's.
 * False when out of memory. */
bool observation_set(dbv_observation *o, enum variable v, const char *text);
bool observation_set_number(dbv_observation *o, enum variable v, double number);

/* As V of channel INDEX. */
bool observation_set_channel(
	dbv_observation *o, size_t index, enum variable v, const char *text);

/* The same by the name that came back; a name that is in no row is not kept. */
bool observation_set_by_name(
	dbv_observation *o, enum source source, const char *name, const char *text);

void observation_answer(dbv_observation *o, enum source source, enum outcome outcome,
	unsigned error, const char *text);

/* TEXT (NULL is the server's NULL) is another value than V, which is not absent: nobody knows which
 * one holds. */
bool value_contradicts(const struct value *v, const char *text);

/* ON, 1, YES, TRUE; OFF, 0, NO, FALSE; anything else, NULL and absence included, is not known. */
enum truth value_truth(const struct value *v);
bool value_is(const struct value *v, const char *word);

/* The number, or OTHERWISE where there is none. */
double value_number(const struct value *v, double otherwise);

/* The text, or "" where there is none. */
const char *value_text(const struct value *v);

#endif
