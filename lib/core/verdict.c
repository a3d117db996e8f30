/* SPDX-License-Identifier: MIT
 *
 * Reading a verdict.
 */
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

const char *
dbv_state_name(enum dbv_state state)
{
	static const char *const names[] = { [DBV_UP] = "up",
		[DBV_DEGRADED] = "degraded",
		[DBV_UNKNOWN] = "unknown",
		[DBV_DOWN] = "down" };

	return names[state];
}

const char *
dbv_severity_name(enum dbv_severity severity)
{
	static const char *const names[] = { [DBV_IGNORE] = "ignore",
		[DBV_NOTE] = "note",
		[DBV_COSTS_WEIGHT] = "degraded",
		[DBV_COSTS_KNOWLEDGE] = "unknown",
		[DBV_COSTS_NODE] = "down" };

	return names[severity];
}

void
dbv_verdict_free(dbv_verdict *v)
{
	if (!v)
		return;
	free(v->findings);
	free(v);
}

enum dbv_state
dbv_verdict_state(const dbv_verdict *v)
{
	static const enum dbv_state of[] = { [CELL_NONE] = DBV_UP,
		[CELL_NOTE] = DBV_UP,
		[CELL_75] = DBV_DEGRADED,
		[CELL_50] = DBV_DEGRADED,
		[CELL_25] = DBV_DEGRADED,
		[CELL_UNKNOWN] = DBV_UNKNOWN,
		[CELL_DOWN] = DBV_DOWN };

	return of[v->worst];
}

unsigned
dbv_verdict_weight(const dbv_verdict *v)
{
	static const unsigned of[] = { [CELL_NONE] = 100,
		[CELL_NOTE] = 100,
		[CELL_75] = 75,
		[CELL_50] = 50,
		[CELL_25] = 25,
		[CELL_UNKNOWN] = 0,
		[CELL_DOWN] = 0 };

	return of[v->worst];
}

size_t
dbv_findings(const dbv_verdict *v)
{
	return v->finding_count;
}

const char *
dbv_finding_id(const dbv_verdict *v, size_t index)
{
	return check_at(v->findings[index].check)->id;
}

const char *
dbv_finding_message(const dbv_verdict *v, size_t index)
{
	return v->findings[index].message;
}

const char *
dbv_finding_remedy(const dbv_verdict *v, size_t index)
{
	return check_at(v->findings[index].check)->remedy;
}

enum dbv_severity
dbv_finding_severity(const dbv_verdict *v, size_t index)
{
	return cell_severity(v->findings[index].cell);
}

const char *
dbv_finding_by_id(const dbv_verdict *v, const char *id)
{
	for (size_t i = 0; i < v->finding_count; i++)
		if (strcmp(dbv_finding_id(v, i), id) == 0)
			return v->findings[i].message;
	return NULL;
}

size_t
dbv_metrics(const dbv_verdict *v)
{
	return v->measured_count;
}

const char *
dbv_metric_name(const dbv_verdict *v, size_t index)
{
	return metrics[v->measured[index].metric].name;
}

const char *
dbv_metric_unit(const dbv_verdict *v, size_t index)
{
	return metrics[v->measured[index].metric].unit;
}

bool
dbv_metric_value(const dbv_verdict *v, size_t index, double *value)
{
	*value = v->measured[index].value;
	return v->measured[index].known;
}

const char *
dbv_metric_warning(const dbv_verdict *v, size_t index)
{
	return v->measured[index].warning.range.text;
}

const char *
dbv_metric_critical(const dbv_verdict *v, size_t index)
{
	return v->measured[index].critical.range.text;
}

size_t
dbv_metric_by_name(const dbv_verdict *v, const char *name)
{
	size_t i = 0;

	while (i < v->measured_count && strcmp(dbv_metric_name(v, i), name) != 0)
		i++;
	return i;
}

size_t
dbv_not_judged(const dbv_verdict *v)
{
	return v->not_judged_count;
}

const char *
dbv_not_judged_id(const dbv_verdict *v, size_t index)
{
	return check_at(v->not_judged[index])->id;
}
