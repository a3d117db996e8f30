/* SPDX-License-Identifier: MIT
 *
 * What completes in a shell, out of the tables: the words of dbvitals.bash.
 */
#include "completion.h"

#include <stdio.h>
#include <string.h>

#include "judge.h"
#include "node.h"
#include "options.h"
#include "policy.h"

static void
roles(void)
{
	for (enum role r = 0; r < ROLE_COUNT; r++)
		printf("%s ", role_names[r]);
	fputs("auto", stdout);
}

static void
names(const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%s%s", i ? " " : "", list[i]);
}

static void
modes(void)
{
	names(mode_names, MODE_NAMES);
}

static void
ssl_modes(void)
{
	names(ssl_mode_names, SSL_MODE_NAMES);
}

static void
metric_names(void)
{
	for (size_t i = 0; i < metric_count; i++)
		printf("%s%s", i ? " " : "", metrics[i].name);
}

static void
thresholds(void)
{
	for (size_t i = 0; i < metric_count; i++)
		printf("%s%s=", i ? " " : "", metrics[i].name);
}

static void
check_ids(void)
{
	for (size_t i = 0; i < check_count(); i++)
		printf("%s%s", i ? " " : "", check_at(i)->id);
}

/* Twice: the check, and what stands behind its "=". */
static void
severities(void)
{
	for (size_t i = 0; i < check_count(); i++)
		printf("%s%s=", i ? " " : "", check_at(i)->id);
	for (size_t i = 0; i < SEVERITY_CHOICES; i++)
		printf(" =%s", dbv_severity_name(severity_choices[i]));
}

/* By what the help calls a value: words, or what the shell itself knows. */
static const struct completion {
	const char *value;
	/* NULL: any. */
	const char *option;
	const char *shell;
	void (*words)(void);
} completions[] = {
	{ "ADDRESS", NULL, "", NULL },
	{ "CHECK=SEVERITY", NULL, NULL, severities },
	{ "DIR", NULL, "<directory>", NULL },
	{ "FILE", NULL, "<file>", NULL },
	{ "HOST[:PORT]", NULL, "<host>", NULL },
	{ "MAX", NULL, "", NULL },
	{ "MODE", "mode", NULL, modes },
	{ "MODE", "ssl-mode", NULL, ssl_modes },
	{ "N", NULL, "", NULL },
	{ "NAME", NULL, "", NULL },
	{ "NAME[@HOST]", NULL, "", NULL },
	{ "PATH", NULL, "<file>", NULL },
	{ "ROLE", NULL, NULL, roles },
	{ "S", NULL, "", NULL },
	{ "SCHEMA.TABLE", NULL, "", NULL },
	{ "SECONDS", NULL, "", NULL },
	{ "WORD", NULL, "", NULL },
	{ "[METRIC=]RANGE", NULL, NULL, thresholds },
};

static const struct program_line {
	const char *line;
	enum program program;
	/* What completes where no option stands. */
	const char *shell;
	void (*words)(void);
} lines[] = {
	{ "dbvitals-keepalived", PROGRAM_KEEPALIVED, "", NULL },
	{ "check_dbvitals", PROGRAM_NAGIOS, "", NULL },
	{ "dbvitals status", PROGRAM_STATUS, "<host>", NULL },
	{ "dbvitals explain", PROGRAM_EXPLAIN, "<file>", NULL },
	{ "dbvitals checks", PROGRAM_LIST, NULL, check_ids },
	{ "dbvitals metrics", PROGRAM_LIST, NULL, metric_names },
	{ "dbvitals roundtrip", PROGRAM_ROUNDTRIP, "<host>", NULL },
	{ "dbvitals grants", PROGRAM_GRANTS, "", NULL },
};

static const size_t line_count = sizeof(lines) / sizeof(lines[0]);

static const struct completion *
completion_of(const struct option *o)
{
	for (size_t i = 0; i < sizeof(completions) / sizeof(completions[0]); i++) {
		const struct completion *c = &completions[i];

		if (strcmp(c->value, o->value) == 0 &&
			(!c->option || strcmp(c->option, o->name) == 0))
			return c;
	}
	return NULL;
}

static void
print_entry(const char *key, const char *shell, void (*words)(void))
{
	printf("\t['%s']='", key);
	if (words)
		words();
	else
		fputs(shell, stdout);
	puts("'");
}

static void
print_options(enum program program)
{
	for (size_t i = 0; i < option_count; i++)
		if (options[i].programs & program)
			printf(" --%s%s", options[i].name, options[i].value ? "=" : "");
}

/* Some other row above has the same name: its value completes in the same way. */
static bool
is_repeated(size_t at)
{
	for (size_t i = 0; i < at; i++)
		if ((options[i].programs & PROGRAMS_WITH_COMMAND_LINE) &&
			strcmp(options[i].name, options[at].name) == 0)
			return true;
	return false;
}

static bool
print_value(const struct option *o)
{
	const struct completion *c = completion_of(o);
	char key[64];
	struct text t = text_on(key, sizeof(key));

	if (!c) {
		fprintf(stderr, "how does a %s complete? See completions[].\n", o->value);
		return false;
	}
	text_addf(&t, "--%s", o->name);
	print_entry(key, c->shell, c->words);
	if (o->letter) {
		t = text_on(key, sizeof(key));
		text_addf(&t, "-%c", o->letter);
		print_entry(key, c->shell, c->words);
	}
	return true;
}

bool
completion_bash(void)
{
	puts("declare -gA _dbvitals_options=(");
	for (size_t i = 0; i < line_count; i++) {
		printf("\t['%s']='", lines[i].line);
		print_options(lines[i].program);
		puts("'");
	}
	puts(")\n# Where no option stands.\ndeclare -gA _dbvitals_operands=(");
	fputs("\t['dbvitals']='", stdout);
	for (size_t i = 0; i < line_count; i++)
		if (strncmp(lines[i].line, "dbvitals ", 9) == 0)
			printf("%s ", lines[i].line + 9);
	puts("--help --version'");
	for (size_t i = 0; i < line_count; i++)
		print_entry(lines[i].line, lines[i].shell, lines[i].words);
	puts(")\n# Behind an option that takes a value.\ndeclare -gA _dbvitals_values=(");
	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &options[i];

		if ((o->programs & PROGRAMS_WITH_COMMAND_LINE) && o->value && !is_repeated(i) &&
			!print_value(o))
			return false;
	}
	puts(")");
	return true;
}
