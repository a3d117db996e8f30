/* SPDX-License-Identifier: MIT
 *
 * Rows of recorded answers, whatever form they were printed in: told apart by their names, and kept.
 */
#ifndef DBV_RECORDED_ROWS_H
#define DBV_RECORDED_ROWS_H

#include "recorded.h"
#include "sessions.h"

struct recording {
	dbv_observation *observation;
	struct sessions sessions;
	bool has_sessions;
	/* What the last statement that was printed asks for: SOURCE_COUNT where none was,
	 * SOURCE_LOCAL for one of no interest. */
	enum source asked;
	/* NOTHING until something is taken. */
	enum recorded outcome;
	/* Where reading has got to, for messages. */
	size_t line;
	struct text *error;
};

struct row {
	const char *const *names;
	/* As printed; NULL where the row is too short to have it. */
	const char *const *values;
	size_t columns;
};

/* How many rows an answer has: any, also where its header is printed; one or more; one. */
enum rows {
	ROWS_ANY,
	ROWS_SOME,
	ROWS_ONE,
};

/* A kind of answer. */
struct shape {
	const char *name;
	bool (*fits)(const char *const names[], size_t count);
	bool (*take)(struct recording *r, const struct row *row);
	enum rows rows;
};

/* The kind of answer that has these columns, NULL for any other. */
const struct shape *shape_of(const char *const names[], size_t count);

/* Some columns of a replica status, not all that are needed. */
bool is_part_of_channel(const char *const names[], size_t count);

/* The functions below return false when reading has to end: the outcome says why. */

/* A row of a list of names and values; kept where the name is in the table of variables. */
bool recording_pair(struct recording *r, const char *name, const char *value);

/* ERROR as the client reports it, with its words. */
bool recording_failure(struct recording *r, unsigned error, const char *words);

/* "Empty set". */
void recording_empty(struct recording *r);

/* Behind the last row. */
bool recording_end(struct recording *r);

bool recording_refuse(struct recording *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
