/* SPDX-License-Identifier: MIT
 *
 * dbvitals: the tool for people. The first word is the command.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

static const struct {
	const char *word;
	const struct app *app;
} commands[] = {
	{ "status", &command_status },
	{ "explain", &command_explain },
	{ "checks", &command_checks },
	{ "metrics", &command_metrics },
	{ "roundtrip", &command_roundtrip },
	{ "grants", &command_grants },
};

static const size_t command_count = sizeof(commands) / sizeof(commands[0]);

static const char *
word_at(size_t i)
{
	return commands[i].word;
}

static int
help(void)
{
	puts("Usage: dbvitals COMMAND [OPTION]... [ARGUMENT]...\n");
	for (size_t i = 0; i < command_count; i++)
		printf("  %-10s %s\n", commands[i].word, commands[i].app->purpose);
	puts("\ndbvitals COMMAND --help tells a command's options; dbvitals --version the version.");
	return fflush(stdout) == 0 ? 0 : 3;
}

static int
unknown(const char *word)
{
	char line[256];
	struct text t = text_on(line, sizeof(line));
	const char *nearest = text_nearest(word, command_count, word_at);

	text_add(&t, "dbvitals: unknown command \"");
	text_add_foreign(&t, word, 60);
	text_add(&t, "\"");
	if (nearest)
		text_addf(&t, ", did you mean \"%s\"?", nearest);
	fprintf(stderr, "%s\n", line);
	return 3;
}

int
main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].word, word) == 0)
			app_main(commands[i].app, argv + 1);
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return help();
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
		printf("dbvitals %s\n", dbv_version());
		return fflush(stdout) == 0 ? 0 : 3;
	}
	if (*word)
		return unknown(word);
	fputs("dbvitals: which command? dbvitals --help lists them\n", stderr);
	return 3;
}
