/* SPDX-License-Identifier: MIT
 *
 * Checks of what the checking host knows by itself.
 */
#include "history.h"

static bool
maintenance(const struct question *q, struct ruling *r)
{
	const char *path = value_text(value_of(q, V_MAINTENANCE_FILE));

	if (!*path)
		return false;
	text_add(&r->message, "down on purpose: ");
	text_add_foreign(&r->message, path, 128);
	text_add(&r->message, " exists");
	return true;
}

static bool
recovering(const struct question *q, struct ruling *r)
{
	double down_at = q->history ? q->history->roles[q->policy->role].down_at : 0;
	double seconds = down_at > 0 ? seconds_since(q, down_at) : -1;

	if (seconds < 0 || seconds >= q->policy->recover_after)
		return false;
	text_add(&r->message, "was down ");
	text_add_number(&r->message, seconds);
	text_add(&r->message, " s ago, stays so for ");
	text_add_number(&r->message, q->policy->recover_after);
	text_add(&r->message, " s");
	return true;
}

static bool
no_link(const struct question *q, struct ruling *r)
{
	const char *name = value_text(value_of(q, V_LINK_DOWN));

	if (!*name)
		return false;
	text_add_foreign(&r->message, name, 32);
	text_addf(&r->message, ", the interface of %s, has no carrier",
		value_text(value_of(q, V_WRITE_IP)));
	return true;
}

const struct check checks_node[] = {
	{
		.id = "node.checker_failed",
		.modes = MODE_BOTH,
		.fixed = true,
		.cells = ALL_ROLES(CELL_UNKNOWN),
		.meaning =
			"the checking host lacks memory, threads or descriptors for the check itself",
		.see = "ulimit -a as the user that runs the check; free -m",
		.remedy = "raise the limits of the caller, or find what uses the host up",
	},
	{
		.id = "node.maintenance",
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = NEEDS(LOCAL),
		.when = maintenance,
		.meaning = "the maintenance file exists: the node is down on purpose",
		.see = "ls -l the file of --maintenance-file",
		.remedy = "remove the file when the work is done",
	},
	{
		.id = "node.recovering",
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = NEEDS(LOCAL),
		.when = recovering,
		.meaning =
			"within --recover-after of a look that found the node down (takes --state-dir)",
		.see = "the message says what is left",
		.remedy = "wait, or look for what makes the node come and go",
	},
	{
		.id = "node.no_link",
		.modes = MODE_BOTH,
		.cells = { CELL_NONE, CELL_DOWN, CELL_DOWN },
		.needs = NEEDS(LOCAL),
		.when = no_link,
		.meaning = "the interface of --write-ip has no carrier",
		.see = "ip link",
		.remedy = "cable, switch port, bond; the address cannot be reached here",
	},
	{ .id = NULL },
};
