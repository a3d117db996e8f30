/* SPDX-License-Identifier: MIT
 *
 * Checks of two servers that replicate from one another (Master/Master), asked of every two nodes.
 */
#include <string.h>

#include "pair.h"

static void
add_both(struct ruling *r, const struct cluster *c)
{
	add_label(r, c->a);
	text_add(&r->message, " and ");
	add_label(r, c->b);
}

static bool
one_direction(
	const struct cluster *c, const struct member *a, const struct member *b, struct ruling *r)
{
	enum following how = follows(c, a, b);

	if (how == CHANNEL_RUNS || !should_follow(c, a, b))
		return false;
	text_add(&r->message, r->message.len ? "; " : "");
	add_label(r, a);
	text_add(&r->message, " does not replicate from ");
	add_label(r, b);
	text_add(&r->message, how == NO_CHANNEL ? " (no channel)" : "");
	return true;
}

static bool
one_way(const struct cluster *c, struct ruling *r)
{
	if (!is_pair(c, c->a, c->b))
		return false;
	bool there = one_direction(c, c->a, c->b, r);
	bool back = one_direction(c, c->b, c->a, r);

	return there || back;
}

/* With a write address that somebody holds it is cluster.several_write_holders. */
static bool
both_writable(const struct cluster *c, struct ruling *r)
{
	if (!is_pair(c, c->a, c->b) || !is_writable(c, c->a) || !is_writable(c, c->b) ||
		is_write_address_held(c))
		return false;
	add_both(r, c);
	text_add(&r->message, " both take writes, and no write address says who should");
	return true;
}

static bool
have_equal(const struct cluster *c, enum variable v)
{
	const struct value *one = &c->a->now->values[v], *other = &c->b->now->values[v];

	return one->kind == other->kind && one->number == other->number && *value_text(one) &&
	       text_equal_nocase(value_text(one), value_text(other));
}

/* MariaDB's server_uid is no such id: two servers with one network card's address may share it and replicate well. */
static bool
same_server_id(const struct cluster *c, struct ruling *r)
{
	static const enum variable ids[] = { V_SERVER_ID, V_SERVER_UUID };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (!have_equal(c, ids[i]))
			continue;
		add_both(r, c);
		text_addf(&r->message, " have the same %s: ", variables[ids[i]].name);
		add_value(r, c->a, ids[i]);
		return true;
	}
	return false;
}

static bool
lacks_binlog(
	const struct cluster *c, const struct member *a, const struct member *b, struct ruling *r)
{
	if (value_truth(&a->now->values[V_LOG_BIN]) != TRUTH_NO || !should_follow(c, b, a))
		return false;
	text_add(&r->message, r->message.len ? "; " : "");
	text_add(&r->message, "log_bin is off on ");
	add_label(r, a);
	text_add(&r->message, ": nothing for ");
	add_label(r, b);
	text_add(&r->message, " to follow");
	return true;
}

static bool
no_binlog(const struct cluster *c, struct ruling *r)
{
	if (!is_pair(c, c->a, c->b))
		return false;
	bool first = lacks_binlog(c, c->a, c->b, r);
	bool second = lacks_binlog(c, c->b, c->a, r);

	return first || second;
}

struct numbering {
	unsigned step, offset;
};

static bool
numbering_of(const struct member *m, struct numbering *n)
{
	double step = value_number(&m->now->values[V_AUTO_INCREMENT_STEP], 0);
	double offset = value_number(&m->now->values[V_AUTO_INCREMENT_OFFSET], 0);

	*n = (struct numbering){ 0, 0 };
	if (step < 1 || step > 65535 || offset < 1 || offset > 65535)
		return false;
	*n = (struct numbering){ (unsigned)step, (unsigned)offset };
	return true;
}

/* offset, offset + step, ... of both never meet: the offsets differ modulo what the steps have in common. An offset
 * beyond the step is not kept to (measured on MariaDB 10.11: step 3 and offset 5 gave 1, 4, 5, 11). */
static bool
stay_apart(const struct numbering *a, const struct numbering *b)
{
	unsigned common = a->step, rest = b->step;

	if (a->offset > a->step || b->offset > b->step)
		return false;
	while (rest) {
		unsigned next = common % rest;

		common = rest;
		rest = next;
	}
	return a->offset % common != b->offset % common;
}

static bool
autoincrement_collision(const struct cluster *c, struct ruling *r)
{
	struct numbering a, b;

	if (!is_pair(c, c->a, c->b))
		return false;
	bool two_ways = should_follow(c, c->a, c->b) && should_follow(c, c->b, c->a);

	if (!(two_ways || (is_writable(c, c->a) && is_writable(c, c->b))) ||
		!numbering_of(c->a, &a) || !numbering_of(c->b, &b) || stay_apart(&a, &b))
		return false;
	add_both(r, c);
	text_addf(&r->message,
		" give out the same AUTO_INCREMENT values: auto_increment_increment %u and %u, auto_increment_offset %u and %u; "
		"set the increment to 2 on both, the offset to 1 on one and 2 on the other",
		a.step, b.step, a.offset, b.offset);
	return true;
}

#define PAIR(name) .id = "pair." name, .modes = MODE_REPLICATION, .scope = SCOPE_PAIR
#define VARIABLES NEEDS(GLOBAL_VARIABLES)
#define CHANNEL NEEDS(CHANNEL)

const struct check checks_pair[] = {
	{
		PAIR("one_way"),
		.cells = ALL_ROLES(CELL_50),
		.needs = VARIABLES | CHANNEL,
		.among = one_way,
		.meaning =
			"of two nodes that are to replicate from each other one does not: a channel between them does not run, or one node has none while both take writes",
		.see = "MariaDB: SHOW ALL SLAVES STATUS\\G  MySQL: SHOW REPLICA STATUS\\G, on both",
		.remedy =
			"mend the channel that the message names; for a source with a read replica set read_only on the replica",
	},
	{
		PAIR("both_writable"),
		.cells = ALL_ROLES(CELL_50),
		.needs = VARIABLES | CHANNEL,
		.among = both_writable,
		.meaning =
			"two nodes of which one replicates from the other both accept writes, and no write address says who should",
		.see = "SHOW GLOBAL VARIABLES LIKE '%read_only' on both",
		.remedy =
			"SET GLOBAL read_only = ON on the one that should not be written to; it is no candidate for the write address then, unless what moves the address switches read_only off",
	},
	{
		PAIR("same_server_id"),
		.cells = ALL_ROLES(CELL_50),
		.needs = VARIABLES,
		.among = same_server_id,
		.meaning =
			"two of the nodes asked about have the same server_id or server_uuid, or are one server",
		.see = "SHOW GLOBAL VARIABLES LIKE 'server_%id' on both",
		.remedy =
			"give each server its own server_id; a cloned MySQL data directory: remove auto.cnf and restart",
	},
	{
		PAIR("no_binlog"),
		.cells = ALL_ROLES(CELL_50),
		.needs = VARIABLES | CHANNEL,
		.among = no_binlog,
		.meaning = "log_bin is off on a node that the other replicates from, or should",
		.see = "SHOW GLOBAL VARIABLES LIKE 'log_bin' on both",
		.remedy = "switch the binary log on and restart",
	},
	{
		PAIR("autoincrement_collision"),
		.cells = ALL_ROLES(CELL_50),
		.needs = VARIABLES | CHANNEL,
		.among = autoincrement_collision,
		.meaning =
			"two nodes that replicate from each other, or of which one replicates from the other and both accept writes, give out the same AUTO_INCREMENT values",
		.see = "SHOW GLOBAL VARIABLES LIKE 'auto_increment_%' on both",
		.remedy =
			"auto_increment_increment = 2 on both, auto_increment_offset = 1 on one and 2 on the other",
	},
	{ .id = NULL },
};
