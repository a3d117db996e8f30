/* SPDX-License-Identifier: MIT
 *
 * check_dbvitals: the Nagios plugin. Exit status and output follow the Monitoring Plugins
 * Development Guidelines.
 */
#include "app.h"

#define TEXT_MAX 512

static const struct {
	int status;
	const char *word;
} states[] = {
	[DBV_UP] = { 0, "OK" },
	[DBV_DEGRADED] = { 1, "WARNING" },
	[DBV_DOWN] = { 2, "CRITICAL" },
	[DBV_UNKNOWN] = { 3, "UNKNOWN" },
};

static int
status(const struct report *r)
{
	return states[dbv_verdict_state(r->verdict)].status;
}

/* 'label'=value[UOM];warn;crit;min;max */
static void
add_perfdata(const dbv_verdict *v, struct text *out)
{
	for (size_t i = 0; i < dbv_metrics(v); i++) {
		const char *unit = dbv_metric_unit(v, i);
		double value = 0;

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

static void
print(const struct report *r, struct text *out)
{
	enum dbv_state state = dbv_verdict_state(r->verdict);

	text_addf(out, "DBVITALS %s - ", states[state].word);
	if (state == DBV_UP)
		report_fitness(r, out);
	else
		report_reasons(r, out, TEXT_MAX);
	text_add(out, " |");
	add_perfdata(r->verdict, out);
	text_add(out, "\n");
	if (r->settings->verbose)
		report_details(r, out);
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
		.late_status = 2,
		.failed_status = 3,
		.late_prefix = "DBVITALS CRITICAL - ",
		.failed_prefix = "DBVITALS UNKNOWN - ",
		.status = status,
		.print = print,
	};

	(void)argc;
	app_main(&app, argv);
}
