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
add_node(const struct report *r, struct text *out)
{
	const dbv_node *n = r->settings->node;
	const struct value *version = &r->observation->values[V_VERSION];

	text_add(out, "\"node\":{\"host\":");
	add_foreign_string(out, n->socket ? NULL : n->host);
	text_add(out, ",\"port\":");
	if (n->socket)
		text_add(out, "null");
	else
		text_addf(out, "%u", node_port(n));
	text_add(out, ",\"socket\":");
	add_foreign_string(out, n->socket);
	text_add(out, ",\"server\":");
	add_foreign_string(out, version->text);
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

void
report_json(const struct report *r, struct text *out)
{
	const dbv_verdict *v = r->verdict;

	text_add(out, "{\"schema\":1,");
	add_node(r, out);
	text_addf(out, ",\"role\":\"%s\",\"state\":\"%s\",\"weight\":%u,", r->role,
		dbv_state_name(dbv_verdict_state(v)), dbv_verdict_weight(v));
	add_findings(v, out);
	text_add(out, ",");
	add_metrics(v, out);
	text_add(out, ",\"not_judged\":[");
	for (size_t i = 0; i < dbv_not_judged(v); i++)
		text_addf(out, "%s\"%s\"", i ? "," : "", dbv_not_judged_id(v, i));
	text_addf(out, "],\"elapsed_ms\":%lld}\n", (long long)r->elapsed_ms);
}
