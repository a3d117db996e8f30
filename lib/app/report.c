/* SPDX-License-Identifier: MIT
 *
 * Words that every presenter uses.
 */
#include <string.h>

#include "app.h"
#include "history.h"

void
report_fitness(const struct report *r, const struct judged *j, struct text *out)
{
	static const char *const may[ROLE_COUNT] = { "may take reads", "may take writes",
		"may start taking writes" };

	text_add_foreign(out, j->label, 320);
	text_addf(out, " %s", may[r->settings->policy->role]);
}

void
report_reasons(const dbv_verdict *v, struct text *out, size_t max)
{
	size_t told = 0;

	for (size_t i = 0; i < dbv_findings(v); i++) {
		const char *message = dbv_finding_message(v, i);
		const char *id = dbv_finding_id(v, i);
		size_t rest = strlen(id) + strlen("; ...  ()");

		if (dbv_finding_severity(v, i) <= DBV_NOTE || out->len + rest >= max)
			break;
		size_t room = max - out->len - rest;

		if (told > 0 && strlen(message) > room)
			break;
		text_add(out, told++ ? "; " : "");
		text_add_start(out, message, room);
		text_addf(out, "%s (%s)", strlen(message) > room ? "..." : "", id);
	}
	if (told == 0)
		text_add(out, "not enough is known");
}

static void
add_metrics(const dbv_verdict *v, struct text *out)
{
	for (size_t i = 0; i < dbv_metrics(v); i++) {
		double value = 0;

		text_addf(out, "metric %s: ", dbv_metric_name(v, i));
		if (dbv_metric_value(v, i, &value)) {
			text_add_number(out, value);
			text_addf(out, "%s%s", *dbv_metric_unit(v, i) ? " " : "",
				dbv_metric_unit(v, i));
		} else {
			text_add(out, "not reported");
		}
		text_add(out, "\n");
	}
}

/* A recording tells of answers, not of the connection that they came by. */
static bool
has_answers(const dbv_observation *o)
{
	for (enum source s = SOURCE_CONNECT; s < SOURCE_COUNT; s++)
		if (o->answers[s].outcome == ANSWERED)
			return true;
	return false;
}

/* How long it has been so, as far as it was watched. */
static void
add_since(const struct judged *j, struct text *out)
{
	const char *state = dbv_state_name(dbv_verdict_state(j->verdict));

	if (!j->history || strcmp(j->history->state, state) != 0)
		return;
	text_addf(out, "%s for %lld s\n", state, (long long)report_seconds_in_state(j));
}

int64_t
report_seconds_in_state(const struct judged *j)
{
	const dbv_history *h = j->history;
	double now = value_number(&j->observation->values[V_TAKEN_AT], 0);

	if (!h || strcmp(h->state, dbv_state_name(dbv_verdict_state(j->verdict))) != 0)
		return 0;
	return (int64_t)((now - h->state_since) / 1000);
}

void
report_details(const struct judged *j, struct text *out)
{
	const dbv_verdict *v = j->verdict;

	for (size_t i = 0; i < dbv_findings(v); i++)
		text_addf(out, "%s %s: %s -> %s\n", dbv_severity_name(dbv_finding_severity(v, i)),
			dbv_finding_id(v, i), dbv_finding_message(v, i), dbv_finding_remedy(v, i));
	add_since(j, out);
	if (has_answers(j->observation)) {
		add_metrics(v, out);
		for (size_t i = 0; i < dbv_not_judged(v); i++)
			text_addf(out, "not judged: %s\n", dbv_not_judged_id(v, i));
	} else {
		text_add(out, "not judged: everything else, the server said nothing\n");
	}
}

void
report_warning(const struct report *r, struct text *out)
{
	if (*r->warning)
		text_addf(out, "warning: %s\n", r->warning);
}
