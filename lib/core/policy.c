/* SPDX-License-Identifier: MIT */
#include "policy.h"

#include <stdlib.h>
#include <string.h>

dbv_policy *
dbv_policy_new(void)
{
	dbv_policy *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->mode = MODE_GALERA;
	p->max_disconnect = 60;
	p->canary_grace = 20;
	return p;
}

void
dbv_policy_free(dbv_policy *p)
{
	if (!p)
		return;
	free(p->channel);
	free(p->canary);
	free(p);
}

void
policy_drop_canary(dbv_policy *p)
{
	free(p->canary);
	p->canary = NULL;
}

enum dbv_severity
cell_severity(enum cell cell)
{
	static const enum dbv_severity of[] = { [CELL_NONE] = DBV_IGNORE,
		[CELL_NOTE] = DBV_NOTE,
		[CELL_75] = DBV_COSTS_WEIGHT,
		[CELL_50] = DBV_COSTS_WEIGHT,
		[CELL_25] = DBV_COSTS_WEIGHT,
		[CELL_UNKNOWN] = DBV_COSTS_KNOWLEDGE,
		[CELL_DOWN] = DBV_COSTS_NODE };

	return of[cell];
}

enum cell
policy_cell(const dbv_policy *p, size_t check, enum cell cell)
{
	enum cell own = check_at(check)->cells[p->role];

	if (!p->severity[check].given)
		return cell;
	switch (p->severity[check].severity) {
	case DBV_IGNORE:
		return CELL_NONE;
	case DBV_NOTE:
		return CELL_NOTE;
	case DBV_COSTS_WEIGHT:
		return cell_is_band(cell) ? cell : cell_is_band(own) ? own : CELL_50;
	case DBV_COSTS_KNOWLEDGE:
	case DBV_COSTS_NODE:
		break;
	}
	return CELL_DOWN;
}

static struct threshold
in_force(const struct threshold *given, const char *by_default)
{
	struct threshold t = *given;

	if (!t.given && by_default)
		range_parse(by_default, &t.range);
	return t;
}

struct threshold
policy_warning(const dbv_policy *p, size_t metric)
{
	return in_force(&p->warning[metric], metrics[metric].warning[p->role]);
}

struct threshold
policy_critical(const dbv_policy *p, size_t metric)
{
	return in_force(&p->critical[metric], metrics[metric].critical[p->role]);
}
