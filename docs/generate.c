/* SPDX-License-Identifier: MIT
 *
 * Documentation out of the tables: docs/update puts it where it belongs, a test compares.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "completion.h"
#include "options.h"
#include "parameters.h"
#include "policy.h"

static const char *
mode_words(enum mode modes)
{
	switch (modes) {
	case MODE_GALERA:
		return "galera";
	case MODE_REPLICATION:
		return "replication";
	case MODE_BOTH:
		break;
	}
	return "both";
}

static bool
is_among_nodes(const struct check *c)
{
	return c->among != NULL;
}

static void
print_range(const char *range)
{
	printf("%s", range ? range : "");
}

static void
checks_md(void)
{
	puts("<!-- Made by docs/update from the tables in lib/core; edit those. -->\n"
	     "# Checks\n\n"
	     "What dbvitals can find, worst first within each group of the code. `75`, `50`, `25`: degraded with that\n"
	     "weight; `note`: shown, changes no state; `–`: not told. A severity marked *fixed* says that nothing is\n"
	     "known and cannot be lowered by `--severity`. What is marked *several nodes* is asked of all nodes together.\n\n"
	     "| check | mode | read | write | promote | |\n|---|---|---|---|---|---|");
	for (size_t i = 0; i < check_count(); i++) {
		const struct check *c = check_at(i);

		printf("| [%s](#", c->id);
		for (const char *s = c->id; *s; s++)
			if (*s != '.')
				putchar(*s);
		printf(") | %s |", mode_words(c->modes));
		for (enum role r = 0; r < ROLE_COUNT; r++) {
			char cell[32];
			struct text t = text_on(cell, sizeof(cell));

			catalogue_cell(c, r, &t);
			printf(" %s |", cell);
		}
		printf(" %s |\n", c->fixed ? "fixed" : is_among_nodes(c) ? "several nodes" : "");
	}
	for (size_t i = 0; i < check_count(); i++) {
		const struct check *c = check_at(i);

		printf("\n## %s\n\nWhen: %s.\n\nSee it: `%s`\n\nDo: %s.\n", c->id, c->meaning,
			c->see, c->remedy);
	}
	puts("\n# Metrics\n\n| metric | unit | warning read / write / promote | critical read / write / promote | raises | |\n"
	     "|---|---|---|---|---|---|");
	for (size_t i = 0; i < metric_count; i++) {
		const struct metric *m = &metrics[i];

		printf("| %s | %s | ", m->name, m->unit);
		for (enum role r = 0; r < ROLE_COUNT; r++) {
			fputs(r ? " / " : "", stdout);
			print_range(m->warning[r]);
		}
		fputs(" | ", stdout);
		for (enum role r = 0; r < ROLE_COUNT; r++) {
			fputs(r ? " / " : "", stdout);
			print_range(m->critical[r]);
		}
		printf(" | %s | %s |\n", m->check, m->doc);
	}
}

/* TEXT as mdoc: backslashes, and dots and quotes that begin a line, would be obeyed. */
static void
mdoc(const char *text)
{
	static const size_t width = 56;
	bool fresh = true;

	for (size_t column = 0; *text; text++, column++) {
		if (fresh && (*text == '.' || *text == '\''))
			fputs("\\&", stdout);
		fresh = *text == ' ' && (column >= width || (column > 0 && text[-1] == '.'));
		if (fresh) {
			putchar('\n');
			column = 0;
		} else if (*text == '\\') {
			fputs("\\e", stdout);
		} else {
			/* "NAME()" would be taken for a function that wants markup. */
			fputs(*text == '(' && text[1] == ')' ? "\\&" : "", stdout);
			putchar(*text);
		}
	}
}

/* As the argument of a macro. */
static void
mdoc_quoted(const char *text)
{
	putchar('"');
	for (; *text; text++)
		if (*text == '"')
			fputs("\\(dq", stdout);
		else if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
	putchar('"');
}

static void
mdoc_head(const char *title, const char *name, const char *purpose)
{
	printf(".\\\" Made by docs/update from the tables in lib/core; edit those.\n"
	       ".Dd November 22, 2026\n.Dt %s 7\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n.Sh DESCRIPTION\n",
		title, name, purpose);
}

static void
checks_7(void)
{
	mdoc_head("DBVITALS-CHECKS", "dbvitals-checks", "what dbvitals can find, and what to do");
	puts("Each check is listed with what it costs in the roles read, write and promote.\n"
	     "75, 50 and 25 are degraded with that weight; a note changes no state;\n"
	     "\\(en is not told.\n"
	     "A fixed severity cannot be lowered.\n"
	     "What is marked as of several nodes is asked of all nodes together.\n.Bl -tag -width Ds");
	for (size_t i = 0; i < check_count(); i++) {
		const struct check *c = check_at(i);

		char cells[160];
		struct text t = text_on(cells, sizeof(cells));

		catalogue_cells(c, &t);
		printf(".It Sy %s\n", c->id);
		mdoc(cells);
		puts(".\n.br");
		mdoc(c->meaning);
		fputs(".\n.br\nSee it:\n", stdout);
		mdoc(c->see);
		fputs("\n.br\nDo:\n", stdout);
		mdoc(c->remedy);
		puts(".");
	}
	puts(".El\n.Sh METRICS\n.Bl -tag -width Ds");
	for (size_t i = 0; i < metric_count; i++) {
		const struct metric *m = &metrics[i];

		printf(".It Sy %s%s%s\n", m->name, *m->unit ? " " : "", m->unit);
		mdoc(m->doc);
		printf(".\nIt raises %s.\nDefault thresholds, warning / critical:\n", m->check);
		char limits[256];
		struct text t = text_on(limits, sizeof(limits));

		catalogue_limits(m, &t);
		mdoc(limits);
		puts(".");
	}
	puts(".El\n.Sh SEE ALSO\n.Xr dbvitals-variables 7 ,\n.Xr check_dbvitals 8 ,\n.Xr dbvitals-keepalived 8");
}

static void
variables_7(void)
{
	static const char *const from[SOURCE_COUNT] = {
		[SOURCE_LOCAL] = "known on the checking host",
		[SOURCE_GLOBAL_VARIABLES] = "SHOW GLOBAL VARIABLES",
		[SOURCE_GLOBAL_STATUS] = "SHOW GLOBAL STATUS",
		[SOURCE_CLOCK] = "SELECT UNIX_TIMESTAMP(), USER(), CURRENT_USER()",
		[SOURCE_SESSIONS] = "made from SHOW PROCESSLIST",
		[SOURCE_CHANNEL] = "the replica status, once for each channel",
	};

	mdoc_head("DBVITALS-VARIABLES", "dbvitals-variables", "what dbvitals reads from a server");
	puts("Names compare without regard to case; a second name is the newer or the\n"
	     "vendor's own word.");
	for (enum source s = 0; s < SOURCE_COUNT; s++) {
		if (!from[s])
			continue;
		fputs(".Ss ", stdout);
		mdoc_quoted(from[s]);
		puts("\n.Bl -tag -width Ds");
		for (enum variable v = 0; v < VARIABLE_COUNT; v++) {
			const struct variable_row *row = &variables[v];

			if (row->source != s)
				continue;
			fputs(".It Sy ", stdout);
			mdoc_quoted(row->name);
			if (row->alias)
				printf(" , %s", row->alias);
			putchar('\n');
			mdoc(row->doc);
			puts(".");
		}
		puts(".El");
	}
	puts(".Sh SEE ALSO\n.Xr dbvitals-checks 7");
}

static void
mdoc_default(const char *fallback)
{
	fputs("Default: ", stdout);
	mdoc(fallback);
	puts(".");
}

static void
options_of(enum program program)
{
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &options[i];

		if (!(o->programs & program))
			continue;
		fputs(".It", stdout);
		if (o->letter)
			printf(" Fl %c ,", o->letter);
		printf(" Fl -%s", o->name);
		if (o->value) {
			fputs(" Ns = Ns Ar ", stdout);
			mdoc_quoted(o->value);
		}
		putchar('\n');
		mdoc(o->help);
		puts(".");
		if (o->fallback)
			mdoc_default(o->fallback);
		if (o->repeatable && o->value)
			puts("May be given again and again.");
	}
	puts(".El");
}

static void
parameter_begins(const char *name, const char *value)
{
	printf(".It Cm %s Ns = Ns Ar ", name);
	mdoc_quoted(value);
	putchar('\n');
}

/* An option as the parameter of an agent. */
static void
parameter_of(const struct option *o, enum program program)
{
	const struct parameter_text *extra = parameter_text(o, program);
	char name[64], help[512];
	struct text n = text_on(name, sizeof(name));
	struct text h = text_on(help, sizeof(help));

	option_add_parameter(&n, o);
	options_add_as_parameters(&h, o->help);
	parameter_begins(name, o->value ? o->value : "BOOLEAN");
	mdoc(help);
	puts(".");
	if (extra && extra->more) {
		mdoc(extra->more);
		putchar('\n');
	}
	if (o->fallback)
		mdoc_default(o->fallback);
	if (o->identity)
		puts("It must be set.");
}

static void
parameters_of(enum program program, const struct parameter *passed)
{
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < option_count; i++)
		if (options[i].programs & program)
			parameter_of(&options[i], program);
	puts(".El");
	if (!passed)
		return;
	puts(".Ss Passed on to ocf:heartbeat:IPaddr2\n.Bl -tag -width Ds");
	for (const struct parameter *p = passed; p->name; p++) {
		parameter_begins(p->name, p->type);
		mdoc(p->help);
		putchar('\n');
		if (p->fallback)
			mdoc_default(p->fallback);
	}
	puts(".El");
}

int
main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	if (strcmp(what, "checks.md") == 0)
		checks_md();
	else if (strcmp(what, "dbvitals-checks.7") == 0)
		checks_7();
	else if (strcmp(what, "dbvitals-variables.7") == 0)
		variables_7();
	else if (strcmp(what, "dbvitals-keepalived.8") == 0)
		options_of(PROGRAM_KEEPALIVED);
	else if (strcmp(what, "check_dbvitals.8") == 0)
		options_of(PROGRAM_NAGIOS);
	else if (strcmp(what, "ocf_dbvitals_write-ip.7") == 0)
		parameters_of(PROGRAM_WRITE_IP, address_parameters);
	else if (strcmp(what, "ocf_dbvitals_node-health.7") == 0)
		parameters_of(PROGRAM_NODE_HEALTH, NULL);
	else if (strcmp(what, "dbvitals.bash") != 0 || !completion_bash())
		return EXIT_FAILURE;
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
