/* SPDX-License-Identifier: MIT
 *
 * Words that every presenter uses.
 */
#include <string.h>

#include "app.h"
#include "policy.h"

void
report_fitness(const struct report *r, struct text *out)
{
	static const char *const may[ROLE_COUNT] = { "may take reads", "may take writes",
		"may start taking writes" };

	text_add(out, dbv_node_label(r->settings->node));
	text_addf(out, " %s", may[r->settings->policy->role]);
}

void
report_reasons(const struct report *r, struct text *out, size_t max)
{
	size_t told = 0;

	for (size_t i = 0; i < dbv_findings(r->verdict); i++) {
		const char *message = dbv_finding_message(r->verdict, i);
		const char *id = dbv_finding_id(r->verdict, i);

		if (dbv_finding_severity(r->verdict, i) <= DBV_NOTE)
			break;
		size_t room = max - out->len - strlen(id) - strlen("; ...  ()");

		if (told > 0 && strlen(message) > room)
			break;
		text_addf(out, "%s%.*s%s (%s)", told++ ? "; " : "", (int)room, message,
			strlen(message) > room ? "..." : "", id);
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

void
report_details(const struct report *r, struct text *out)
{
	const dbv_verdict *v = r->verdict;

	for (size_t i = 0; i < dbv_findings(v); i++)
		text_addf(out, "%s %s: %s -> %s\n", dbv_severity_name(dbv_finding_severity(v, i)),
			dbv_finding_id(v, i), dbv_finding_message(v, i), dbv_finding_remedy(v, i));
	if (r->observation->answers[SOURCE_CONNECT].outcome == ANSWERED) {
		add_metrics(v, out);
		for (size_t i = 0; i < dbv_not_judged(v); i++)
			text_addf(out, "not judged: %s\n", dbv_not_judged_id(v, i));
	} else {
		text_add(out, "not judged: everything else, the server said nothing\n");
	}
	if (*r->warning)
		text_addf(out, "warning: %s\n", r->warning);
}
