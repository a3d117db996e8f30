/* SPDX-License-Identifier: MIT
 *
 * dbvitals-keepalived: exit status 0 or 1 for MISC_CHECK and vrrp_script, or a weight for
 * misc_dynamic. There, 2 to 255 mean healthy, so nothing but a deliberate weight may ever end in
 * one of them.
 */
#include "self_test.h"

#define LINE_MAX_BYTES 512

/* Filled before anything is printed: an answer that comes late is the one that was found. */
static struct self_facts facts;

static int
self_status(const struct report *r)
{
	char unwanted[8192];
	struct text t = text_on(unwanted, sizeof(unwanted));

	self_take(&facts, r);
	return self_judge(&facts, &t) > 0;
}

static void
self_print(struct text *out)
{
	size_t wrong = self_judge(&facts, out);

	text_add(out, "\n");
	if (wrong)
		text_addf(out, "Not ready for keepalived: %zu wrong.\n", wrong);
	else
		self_add_stanza(&facts, out);
}

static void
begin(const struct run *r)
{
	if (r->settings.self_test)
		self_look_around(&facts, &r->settings, &r->given);
}

static bool
refuse(struct run *r)
{
	if (!r->settings.self_test)
		return false;
	begin(r);
	facts.refused = r->error.buf;
	self_print(&r->out);
	app_print(r);
	return true;
}

static int
status(const struct report *r)
{
	if (r->settings->self_test)
		return self_status(r);
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
	if (r->settings->self_test) {
		self_print(out);
		return;
	}
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
		.begin = begin,
		.status = status,
		.print = print,
		.refuse = refuse,
		.end = self_end,
	};

	(void)argc;
	app_main(&app, argv);
}
