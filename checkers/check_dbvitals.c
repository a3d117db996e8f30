/* SPDX-License-Identifier: MIT
 *
 * check_dbvitals: the Nagios plugin. Exit status and output follow the Monitoring Plugins
 * Development Guidelines.
 */
#include <string.h>

#include "app.h"
#include "nagios.h"

#define TEXT_MAX 512

/* The node's part of a label between single quotes, where a quote is written twice and = may not be. Of a node that is
 * named again the number tells which: two things must not have one label. */
static void
add_label(const struct report *r, size_t node, struct text *out)
{
	char clean[320];
	struct text t = text_on(clean, sizeof(clean));
	size_t times = 1;

	text_add_foreign(&t, r->nodes[node].label, sizeof(clean) - 1);
	for (const char *c = clean; *c; c++)
		text_addf(out, "%s%c", *c == '\'' ? "'" : "", *c == '=' ? '_' : *c);
	for (size_t i = 0; i < node; i++)
		times += strcmp(r->nodes[i].label, r->nodes[node].label) == 0;
	if (times > 1)
		text_addf(out, "#%zu", times);
}

/* 'label'=value[UOM];warn;crit;min;max, the label with its node where there are several. */
static void
add_perfdata(const dbv_verdict *v, const char *node, struct text *out)
{
	for (size_t i = 0; i < dbv_metrics(v); i++) {
		const char *unit = dbv_metric_unit(v, i);
		double value = 0;

		if (node)
			text_addf(out, " '%s::%s'=", node, dbv_metric_name(v, i));
		else
			text_addf(out, " %s=", dbv_metric_name(v, i));
		if (dbv_metric_value(v, i, &value)) {
			text_add_number(out, value);
			text_add(out, unit);
		} else {
			text_add(out, "U");
		}
		text_addf(out, ";%s;%s;0;%s", dbv_metric_warning(v, i), dbv_metric_critical(v, i),
			*unit == '%' ? "100" : "");
	}
}

/* What is wrong with the cluster, then how many nodes may be used. */
static void
add_cluster(const struct report *r, struct text *out)
{
	size_t usable = 0;
	size_t well = 0;

	for (size_t i = 0; i < r->count; i++) {
		usable += dbv_verdict_weight(r->nodes[i].verdict) > 0;
		well += dbv_verdict_state(r->nodes[i].verdict) == DBV_UP;
	}
	if (dbv_findings(r->cluster) && dbv_finding_severity(r->cluster, 0) > DBV_NOTE) {
		report_reasons(r->cluster, out, TEXT_MAX - 100);
		text_add(out, "; ");
	}
	text_addf(out, "%zu of %zu nodes up", well, r->count);
	if (usable > well)
		text_addf(out, ", %zu degraded", usable - well);
	for (size_t i = 0; i < r->count; i++) {
		const dbv_verdict *v = r->nodes[i].verdict;

		if (dbv_verdict_state(v) == DBV_UP || out->len > TEXT_MAX)
			continue;
		text_addf(
			out, "; %s %s: ", r->nodes[i].label, dbv_state_name(dbv_verdict_state(v)));
		report_reasons(v, out, out->len + 160);
	}
}

static void
print_node(const struct report *r, struct text *out)
{
	const struct judged *j = &r->nodes[0];

	if (dbv_verdict_state(j->verdict) == DBV_UP)
		report_fitness(r, j, out);
	else
		report_reasons(j->verdict, out, TEXT_MAX);
	text_add(out, " |");
	add_perfdata(j->verdict, NULL, out);
	text_add(out, "\n");
	if (r->settings->verbose)
		report_details(j, out);
}

/* Behind the first line, one for each node. */
static void
print_cluster(const struct report *r, struct text *out)
{
	add_cluster(r, out);
	text_add(out, " |");
	for (size_t i = 0; i < r->count; i++) {
		char label[720];
		struct text t = text_on(label, sizeof(label));

		add_label(r, i, &t);
		add_perfdata(r->nodes[i].verdict, label, out);
	}
	text_add(out, "\n");
	for (size_t i = 0; i < dbv_findings(r->cluster); i++)
		text_addf(out, "%s %s: %s -> %s\n",
			dbv_severity_name(dbv_finding_severity(r->cluster, i)),
			dbv_finding_id(r->cluster, i), dbv_finding_message(r->cluster, i),
			dbv_finding_remedy(r->cluster, i));
	for (size_t i = 0; i < r->count; i++) {
		const struct judged *j = &r->nodes[i];
		enum dbv_state state = dbv_verdict_state(j->verdict);

		text_addf(out, "%s: %s", j->label, dbv_state_name(state));
		if (state != DBV_UP) {
			text_add(out, ", ");
			report_reasons(j->verdict, out, out->len + TEXT_MAX);
		}
		text_add(out, "\n");
		if (r->settings->verbose)
			report_details(j, out);
	}
}

static void
print(const struct report *r, struct text *out)
{
	text_addf(out, "DBVITALS %s - ", nagios_word(r));
	if (r->cluster)
		print_cluster(r, out);
	else
		print_node(r, out);
	if (r->settings->verbose)
		report_warning(r, out);
}

int
main(int argc, char **argv)
{
	static const struct app app = {
		.name = "check_dbvitals",
		.purpose =
			"Nagios plugin: may a MySQL, MariaDB or Percona node take reads, may it take writes, and why not?",
		.program = PROGRAM_NAGIOS,
		.usage_status = 3,
		.help_status = 3,
		.late_status = 2,
		.failed_status = 3,
		.late_prefix = "DBVITALS CRITICAL - ",
		.failed_prefix = "DBVITALS UNKNOWN - ",
		.status = nagios_status,
		.print = print,
	};

	(void)argc;
	app_main(&app, argv);
}
