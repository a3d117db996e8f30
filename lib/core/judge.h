/* SPDX-License-Identifier: MIT
 *
 * How a verdict is made: the tables of metrics and checks, and what their rows are handed.
 */
#ifndef DBV_JUDGE_H
#define DBV_JUDGE_H

#include "observation.h"
#include "range.h"
#include "text.h"

enum role {
	ROLE_READ,
	ROLE_WRITE,
	ROLE_PROMOTE,
	ROLE_COUNT,
};

/* Bits, so that a row can name both. */
enum mode {
	MODE_GALERA = 1,
	MODE_REPLICATION = 2,
	MODE_BOTH = 3,
};

/* A cell of the table of verdicts, from best to worst. */
enum cell {
	CELL_NONE,
	CELL_NOTE,
	CELL_75,
	CELL_50,
	CELL_25,
	CELL_UNKNOWN,
	CELL_DOWN,
};

/* clang-format off */
#define ALL_ROLES(cell) { cell, cell, cell }
/* clang-format on */

enum scope {
	SCOPE_NODE,
	/* Asked of every replication channel by itself. */
	SCOPE_CHANNEL,
	/* Asked of all nodes together, and of every two of them (cluster.h). */
	SCOPE_CLUSTER,
	SCOPE_PAIR,
	/* Asked of all nodes once somebody has answered at the write address, where one was named. */
	SCOPE_HOLDERS,
};

/* What a row is asked about. CHANNEL is NULL in SCOPE_NODE. */
struct question {
	const dbv_observation *now;
	/* NULL: nothing is remembered. */
	const dbv_history *history;
	const dbv_policy *policy;
	const struct channel *channel;
};

/* The row's answer: a message, and the cell, which starts as the table's. */
struct ruling {
	struct text message;
	enum cell cell;
	/* Of several findings of one check that cost the same, the greater comes first. */
	double extent;
};

#define MESSAGE_MAX 640

struct cluster;

struct check {
	/* Stable, never reused. */
	const char *id;
	enum mode modes;
	enum scope scope;
	/* Says that nothing is known: no option may lower it. */
	bool fixed;
	enum cell cells[ROLE_COUNT];
	/* Bit per source that must have answered. */
	unsigned needs;
	/* NULL: raised by an error (faults.c) or by a metric, or asked of several nodes. */
	bool (*when)(const struct question *q, struct ruling *r);
	/* What else is known may change what the error costs; NULL: nothing does. */
	void (*temper)(const struct question *q, struct ruling *r);
	/* In SCOPE_CLUSTER, SCOPE_PAIR and SCOPE_HOLDERS. */
	bool (*among)(const struct cluster *c, struct ruling *r);
	/* The rest is for people: when it is told, the SQL or command that shows it, what to do. */
	const char *meaning;
	const char *see;
	const char *remedy;
};

struct metric {
	const char *name;
	const char *unit;
	enum mode modes;
	enum scope scope;
	unsigned needs;
	/* Default ranges, NULL for none. */
	const char *warning[ROLE_COUNT];
	const char *critical[ROLE_COUNT];
	/* Id of the check that it raises. */
	const char *check;
	/* False where the node does not report it. */
	bool (*measure)(const struct question *q, double *value);
	/* May add to the message and temper the cell; NULL: nothing to add. */
	void (*explain)(const struct question *q, double value, struct ruling *r);
	const char *doc;
};

/* Upper bounds for arrays of the policy; checked at compile time. */
#define CHECKS_MAX 128
#define METRICS_MAX 16

extern const struct metric metrics[];
extern const size_t metric_count;

/* Checks of all tables as one list, in the order of the documentation; NULL behind the last. */
size_t check_count(void);
const struct check *check_at(size_t index);
/* check_count() when there is none. */
size_t check_by_id(const char *id);

size_t metric_by_name(const char *name);

#define NEEDS(source) (1U << SOURCE_##source)

static inline const struct value *
value_of(const struct question *q, enum variable v)
{
	static const struct value absent = { .kind = VALUE_ABSENT };

	if (variables[v].source == SOURCE_CHANNEL)
		return q->channel ? &q->channel->values[v] : &absent;
	return &q->now->values[v];
}

/* The process list holds nobody but the asking account though there are others: the PROCESS privilege is missing, which
 * a server does not report. */
bool sees_only_itself(const dbv_observation *o);

/* Has every source in NEEDS answered, as far as it can be trusted? */
bool is_answered(const dbv_observation *o, unsigned needs);

/* The first of read_only, super_read_only and innodb_read_only that is not off; VARIABLE_COUNT when all are. */
enum variable read_only_flag(const dbv_observation *o);

/* "channel NAME: "; nothing of a channel without a name that is the only one. */
void ruling_add_channel(struct ruling *r, const struct question *q);

/* All, or the one that the policy names; those that Group Replication has for itself are nobody's. */
bool channel_is_judged(const dbv_policy *p, const struct channel *channel);

/* ERROR comes from the client library, not from the server. */
bool fault_is_clients(unsigned error);

/* ERROR at SOURCE says something about the node, by a row of its own. */
bool fault_is_known(unsigned error, enum source source);

static inline bool
cell_is_band(enum cell cell)
{
	return cell == CELL_75 || cell == CELL_50 || cell == CELL_25;
}

/* The check that stands for what went wrong at SOURCE, with its message in R; NULL where nothing
 * did. */
const char *fault_check(
	const dbv_observation *o, enum mode mode, enum source source, struct text *message);

#endif
