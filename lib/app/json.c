/* SPDX-License-Identifier: MIT
 *
 * The verdict as JSON, schema 1. The schema is only ever extended.
 */
#include <string.h>

#include "app.h"
#include "node.h"
#include "policy.h"

static void
add_string(struct text *out, const char *s)
{
	if (!s) {
		text_add(out, "null");
		return;
	}
	text_add(out, "\"");
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			text_addf(out, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			text_addf(out, "\\u%04x", (unsigned)(unsigned char)*s);
		else
			text_addf(out, "%c", *s);
	}
	text_add(out, "\"");
}

/* Foreign text is cleaned first, so that what is left is valid UTF-8. */
static void
add_foreign_string(struct text *out, const char *s)
{
	char clean[512];
	struct text t = text_on(clean, sizeof(clean));

	text_add_foreign(&t, s ? s : "", sizeof(clean) - 1);
	add_string(out, s ? clean : NULL);
}

static void
add_node(const struct report *r, const struct judged *j, struct text *out)
{
	const dbv_node *n = j->node;
	bool by_port = n && !n->socket;

	text_add(out, "\"node\":{\"host\":");
	add_foreign_string(out, by_port ? n->host : NULL);
	text_add(out, ",\"port\":");
	if (by_port)
		text_addf(out, "%u", node_port(n));
	else
		text_add(out, "null");
	text_add(out, ",\"socket\":");
	add_foreign_string(out, n ? n->socket : NULL);
	text_add(out, ",\"server\":");
	add_foreign_string(out, j->observation->values[V_VERSION].text);
	text_add(out, ",\"mode\":");
	add_string(out, r->mode);
	text_add(out, "}");
}

static void
add_findings(const dbv_verdict *v, struct text *out)
{
	text_add(out, "\"findings\":[");
	for (size_t i = 0; i < dbv_findings(v); i++) {
		text_addf(out, "%s{\"id\":\"%s\",\"severity\":\"%s\",\"message\":", i ? "," : "",
			dbv_finding_id(v, i), dbv_severity_name(dbv_finding_severity(v, i)));
		add_string(out, dbv_finding_message(v, i));
		text_add(out, ",\"remedy\":");
		add_string(out, dbv_finding_remedy(v, i));
		text_add(out, "}");
	}
	text_add(out, "]");
}

static void
add_metrics(const dbv_verdict *v, struct text *out)
{
	text_add(out, "\"metrics\":{");
	for (size_t i = 0; i < dbv_metrics(v); i++) {
		double value = 0;

		text_addf(out, "%s\"%s\":{\"value\":", i ? "," : "", dbv_metric_name(v, i));
		if (dbv_metric_value(v, i, &value))
			text_add_number(out, value);
		else
			text_add(out, "null");
		text_addf(out, ",\"unit\":\"%s\"}", dbv_metric_unit(v, i));
	}
	text_add(out, "}");
}

/* What stands between the braces of one node. */
static void
add_judged(const struct report *r, const struct judged *j, struct text *out)
{
	const dbv_verdict *v = j->verdict;

	add_node(r, j, out);
	text_addf(out, ",\"role\":\"%s\",\"state\":\"%s\",\"weight\":%u,", r->role,
		dbv_state_name(dbv_verdict_state(v)), dbv_verdict_weight(v));
	if (j->history)
		text_addf(out, "\"state_s\":%lld,", (long long)report_seconds_in_state(j));
	if (j->write) {
		text_addf(out, "\"write\":{\"state\":\"%s\",\"weight\":%u,",
			dbv_state_name(dbv_verdict_state(j->write)), dbv_verdict_weight(j->write));
		add_findings(j->write, out);
		text_add(out, "},");
	}
	add_findings(v, out);
	text_add(out, ",");
	add_metrics(v, out);
	text_add(out, ",\"not_judged\":[");
	for (size_t i = 0; i < dbv_not_judged(v); i++)
		text_addf(out, "%s\"%s\"", i ? "," : "", dbv_not_judged_id(v, i));
	text_add(out, "]");
}

static void
add_end(const struct report *r, struct text *out)
{
	text_add(out, ",\"warning\":");
	add_foreign_string(out, *r->warning ? r->warning : NULL);
	text_addf(out, ",\"elapsed_ms\":%lld}\n", (long long)r->elapsed_ms);
}

void
report_json(const struct report *r, struct text *out)
{
	text_add(out, "{\"schema\":1,");
	if (!r->cluster) {
		add_judged(r, &r->nodes[0], out);
		add_end(r, out);
		return;
	}
	text_addf(out, "\"state\":\"%s\",", dbv_state_name(dbv_verdict_state(r->cluster)));
	if (r->settings->write_ip) {
		text_addf(out, "\"write_ip\":{\"address\":\"%s\",\"leads_to\":",
			r->settings->write_ip);
		add_string(out, r->holder);
		text_add(out, "},");
	}
	text_add(out, "\"nodes\":[");
	for (size_t i = 0; i < r->count; i++) {
		text_add(out, i ? ",{" : "{");
		add_judged(r, &r->nodes[i], out);
		text_add(out, "}");
	}
	text_add(out, "],");
	add_findings(r->cluster, out);
	add_end(r, out);
}
