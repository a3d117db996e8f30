/* SPDX-License-Identifier: MIT
 *
 * What is asked of a server, in order, and how each answer is read.
 */
#ifndef DBV_STATEMENTS_H
#define DBV_STATEMENTS_H

#include "client.h"
#include "judge.h"
#include "sessions.h"

/* One answer's columns, by the names that came back. */
struct reading {
	dbv_observation *observation;
	struct sessions sessions;
	size_t columns;
	const char *const *values;
	const struct client *client;
};

struct statement {
	enum source source;
	enum mode modes;
	/* What is waited for. */
	const char *name;
	/* NULL: made of the names in the table of variables. */
	const char *sql;
	/* Error that means: this server calls it otherwise, try the next row, which is the same
	 * source; or, on the last row of the source, that it has no such thing. */
	unsigned other_form;
	/* Least number of columns; 0: the answer is no result set. */
	size_t columns;
	/* Takes one row; false when out of memory. NULL: no rows. */
	bool (*row)(struct reading *r);
	/* After the last row; NULL: nothing to do. */
	bool (*end)(struct reading *r);
};

extern const struct statement statements[];
extern const size_t statement_count;

/* The SQL of S; of the table's names into BUF where it has none. */
const char *statement_sql(const struct statement *s, char *buf, size_t size);

#endif
