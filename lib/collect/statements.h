/* SPDX-License-Identifier: MIT
 *
 * What is asked of a server, in order, and how each answer is read.
 */
#ifndef DBV_STATEMENTS_H
#define DBV_STATEMENTS_H

#include "client.h"
#include "judge.h"
#include "sessions.h"

#define SESSION_COLUMNS 6

/* One answer's columns, by the names that came back. */
struct reading {
	dbv_observation *observation;
	struct sessions sessions;
	size_t columns;
	const char *const *values;
	const struct client *client;
	/* Of Variable_name and Value, where the answer has them. */
	size_t name_column;
	size_t value_column;
	/* Of Id, User, Command, Time, State and Info. */
	size_t session_columns[SESSION_COLUMNS];
};

struct statement {
	enum source source;
	enum mode modes;
	/* What is waited for. */
	const char *name;
	/* NULL: made of the names in the table of variables, or the canary. */
	const char *sql;
	/* Error that means: this server calls it otherwise, try the next row, which is the same
	 * source; or, on the last row of the source, that it has no such thing. */
	unsigned other_form;
	/* Are these the columns of the answer? NULL: the answer is no result set. */
	bool (*fits)(struct reading *r);
	/* Takes one row; false where it contradicts an earlier one or cannot be kept. */
	bool (*row)(struct reading *r);
	/* After the last row; NULL: nothing to do. */
	bool (*end)(struct reading *r);
};

extern const struct statement statements[];
extern const size_t statement_count;

/* Is S to be asked after what was read so far? Further forms of what is answered are not. */
bool statement_is_due(
	const struct statement *s, const dbv_observation *o, const dbv_policy *policy);

/* The SQL of S; made in BUF where it has none. */
const char *statement_sql(const struct statement *s, const dbv_observation *o,
	const dbv_policy *policy, char *buf, size_t size);

#endif
