/* SPDX-License-Identifier: MIT
 *
 * dbvitals-keepalived: exit status 0 or 1 for MISC_CHECK and vrrp_script, or a weight for
 * misc_dynamic. There, 2 to 255 mean healthy, so nothing but a deliberate weight may ever end in
 * one of them.
 */
#include "app.h"

#define LINE_MAX_BYTES 512

static int
status(const struct report *r)
{
	unsigned weight = dbv_verdict_weight(r->nodes[0].verdict);
	unsigned most = r->settings->dynamic;

	if (weight == 0)
		return 1;
	if (most == 0)
		return 0;
	unsigned share = 2 + most * weight / 100;

	return share < 3 ? 3 : (int)share;
}

static void
print(const struct report *r, struct text *out)
{
	static const char *const words[] = { [DBV_UP] = "UP: ",
		[DBV_DEGRADED] = "DEGRADED: ",
		[DBV_UNKNOWN] = "UNKNOWN: ",
		[DBV_DOWN] = "DOWN: " };
	const struct judged *j = &r->nodes[0];
	enum dbv_state state = dbv_verdict_state(j->verdict);

	text_add(out, words[state]);
	if (state == DBV_UP)
		report_fitness(r, j, out);
	else
		report_reasons(j->verdict, out, LINE_MAX_BYTES - 1);
	text_add(out, "\n");
	if (!r->settings->verbose)
		return;
	report_details(j, out);
	report_warning(r, out);
}

int
main(int argc, char **argv)
{
	static const struct app app = {
		.name = "dbvitals-keepalived",
		.purpose =
			"Tells keepalived whether a database node may be used: exit status 0 or 1, or a weight.",
		.program = PROGRAM_KEEPALIVED,
		.usage_status = 1,
		.help_status = 1,
		.late_status = 1,
		.failed_status = 1,
		.late_prefix = "DOWN: ",
		.failed_prefix = "UNKNOWN: ",
		.status = status,
		.print = print,
	};

	(void)argc;
	app_main(&app, argv);
}
