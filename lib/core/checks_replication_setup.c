/* SPDX-License-Identifier: MIT
 *
 * Checks of how a node that others follow, or that follows others, is set up.
 */
#include "judge.h"

static bool
no_binlog(const struct question *q, struct ruling *r)
{
	if (value_truth(value_of(q, V_LOG_BIN)) != TRUTH_NO)
		return false;
	text_add(&r->message, "log_bin is off: nobody can follow this node");
	return true;
}

static bool
no_log_slave_updates(const struct question *q, struct ruling *r)
{
	if (value_truth(value_of(q, V_LOG_SLAVE_UPDATES)) != TRUTH_NO)
		return false;
	text_add(&r->message, "log_slave_updates is off: what it replicates is not passed on");
	return true;
}

/* What one node of a pair can know: it follows somebody, can be followed, and takes writes. */
static bool
autoincrement_collision(const struct question *q, struct ruling *r)
{
	bool follows = false;

	for (size_t i = 0; i < q->now->channel_count; i++)
		follows = follows || channel_is_judged(q->policy, q->now->channels[i]);
	if (!follows || value_number(value_of(q, V_AUTO_INCREMENT_STEP), 0) != 1 ||
		value_truth(value_of(q, V_LOG_BIN)) == TRUTH_NO ||
		read_only_flag(q->now) != VARIABLE_COUNT)
		return false;
	text_add(&r->message,
		"auto_increment_increment is 1 on a node that takes writes and replicates from another: in a pair both give "
		"out the same values");
	return true;
}

static bool
semisync_off(const struct question *q, struct ruling *r)
{
	const struct value *status = value_of(q, V_SEMISYNC_STATUS);

	if (value_truth(value_of(q, V_SEMISYNC_ENABLED)) != TRUTH_YES ||
		status->kind == VALUE_ABSENT || value_truth(status) == TRUTH_YES)
		return false;
	text_add(&r->message,
		"semi-synchronous replication is enabled, but commits wait for no replica");
	return true;
}

#define REPLICATION(name) .id = "replication." name, .modes = MODE_REPLICATION

const struct check checks_replication_setup[] = {
	{
		REPLICATION("no_binlog"),
		.cells = { CELL_NONE, CELL_NOTE, CELL_25 },
		.needs = NEEDS(GLOBAL_VARIABLES),
		.when = no_binlog,
		.meaning = "log_bin is off on a node that others must follow",
		.see = "SHOW GLOBAL VARIABLES LIKE 'log_bin'",
		.remedy = "switch the binary log on and restart",
	},
	{
		REPLICATION("no_log_slave_updates"),
		.cells = { CELL_NOTE, CELL_NOTE, CELL_NOTE },
		.needs = NEEDS(GLOBAL_VARIABLES),
		.when = no_log_slave_updates,
		.meaning =
			"log_slave_updates is off: replicas of this replica miss what it replicates",
		.see = "SHOW GLOBAL VARIABLES LIKE 'log_%_updates'",
		.remedy = "switch it on where the node has replicas of its own",
	},
	{
		REPLICATION("autoincrement_collision"),
		.cells = ALL_ROLES(CELL_NOTE),
		.needs = NEEDS(GLOBAL_VARIABLES) | NEEDS(CHANNEL),
		.when = autoincrement_collision,
		.meaning =
			"auto_increment_increment is 1 on a node that takes writes and replicates from another; asked about both, pair.autoincrement_collision knows more",
		.see = "SHOW GLOBAL VARIABLES LIKE 'auto_increment_%'",
		.remedy =
			"in a pair: auto_increment_increment = 2 on both, auto_increment_offset = 1 on one and 2 on the other; on a read replica: read_only = ON",
	},
	{
		REPLICATION("semisync_off"),
		.cells = ALL_ROLES(CELL_NOTE),
		.needs = NEEDS(GLOBAL_VARIABLES) | NEEDS(GLOBAL_STATUS),
		.when = semisync_off,
		.meaning =
			"semi-synchronous replication is enabled on the source's side and its status is off: after a time-out commits wait for no replica",
		.see = "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_%'",
		.remedy = "bring a semi-synchronous replica back; it switches itself on again then",
	},
	{ .id = NULL },
};
