/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "mains.h"
#include "stage.h"

#define WORDS_MAX 64
#define RUNS_MAX 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum contract {
	/* 0 or 1. With --dynamic, 2 to 255 mean healthy. */
	KEEPALIVED,
	/* 0 to 3, and a first line for it. */
	NAGIOS,
	/* 0 to 3. */
	TOOL,
	/* The same; what it says is no verdict of a look. */
	TEXT,
};

static const struct {
	char letter;
	int (*main)(int argc, char **argv);
	const char *command;
	enum contract contract;
} executables[] = {
	{ 'k', main_keepalived, NULL, KEEPALIVED },
	{ 'n', main_nagios, NULL, NAGIOS },
	{ 's', main_tool, "status", TOOL },
	{ 'e', main_tool, "explain", TEXT },
	{ 'g', main_tool, "grants", TEXT },
	{ 'c', main_tool, "checks", TEXT },
	{ 'm', main_tool, "metrics", TEXT },
	{ 'r', main_tool, "roundtrip", TEXT },
};

static bool
has_word(char *const argv[], const char *word)
{
	for (size_t i = 0; argv[i]; i++)
		if (strcmp(argv[i], word) == 0)
			return true;
	return false;
}

static void
expect_status(enum contract contract, int status, bool dynamic)
{
	if (contract == KEEPALIVED)
		expect(status == 0 || status == 1 || (dynamic && status >= 3 && status <= 255),
			"keepalived's statuses");
	else
		expect(status >= 0 && status <= 3, "the statuses of Nagios");
	/* Nobody answered: whatever was asked for, nothing is sent there. */
	if (contract != TEXT && stage_looks() > 0 && !stage_was_answered())
		expect(contract == KEEPALIVED ? status == 1 : status >= 2, "a dead node is not up");
	if (contract == KEEPALIVED && stage_looks() == 0)
		expect(status == 1, "what was not looked at is not up");
}

/* "DBVITALS WORD - text |perfdata", where it looked. */
static void
expect_status_line(const char *printed, int status)
{
	static const char *const begin[] = { "DBVITALS OK - ", "DBVITALS WARNING - ",
		"DBVITALS CRITICAL - ", "DBVITALS UNKNOWN - " };
	const char *end = strchr(printed, '\n');
	const char *bar = strchr(printed, '|');

	expect(strncmp(printed, begin[status], strlen(begin[status])) == 0,
		"the first word is the status");
	expect(bar && bar < end, "perfdata follow");
	expect(!strchr(bar + 1, '|'), "one bar");
}

static void
expect_output(enum contract contract, int status, char *const argv[])
{
	const char *printed = stage_printed();
	bool json = strncmp(printed, "{\"schema\"", 9) == 0;
	bool verbose = has_word(argv, "-v") || strlen(printed) > 2000;

	expect_clean(printed, *printed);
	expect_clean(stage_complained(), *stage_complained());
	expect_clean(stage_logged(), *stage_logged());
	if (json)
		expect_json(printed);
	else if (contract == KEEPALIVED && stage_looks() > 0 && !verbose)
		expect(strcspn(printed, "\n") <= 512 || strstr(printed, "keepalived"),
			"a line of 512 bytes");
	else if (contract == NAGIOS && stage_looks() > 0)
		expect_status_line(printed, status);
	expect(*printed || *stage_complained(), "it says something");
}

/* The words of the first lines, up to an empty one; none leads out of the folder. */
static size_t
take_words(char **rest, char *argv[])
{
	size_t count = 0;
	char *line;

	while (count < WORDS_MAX && (line = strsep(rest, "\n")) && *line) {
		for (char *c = line; *c; c++)
			if (*c == '/')
				*c = '_';
		argv[count++] = line;
	}
	argv[count] = NULL;
	return count;
}

/* A run changes its words. */
static int
run(size_t e, char *const words[], char *scene)
{
	char *argv[WORDS_MAX + 3], *copies[WORDS_MAX + 3];
	size_t count = 0;

	argv[count++] = strdup("fuzz");
	if (executables[e].command)
		argv[count++] = strdup(executables[e].command);
	for (size_t i = 0; words[i]; i++)
		argv[count++] = strdup(words[i]);
	argv[count] = NULL;
	memcpy(copies, argv, sizeof(copies[0]) * count);
	int status = stage_run(executables[e].main, argv, scene);

	for (size_t i = 0; i < count; i++)
		free(copies[i]);
	return status;
}

/* A line with an executable's letter, its words each on a line, and behind an empty line what the servers are like: a run
 * for each part that ends with an empty line. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *content = malloc(size + 1), *rest = content;
	char *words[WORDS_MAX + 1];
	size_t e = 0;

	memcpy(content, data, size);
	content[size] = '\0';
	const char *letter = strsep(&rest, "\n");
	size_t count = sizeof(executables) / sizeof(executables[0]);

	while (e < count && executables[e].letter != *letter)
		e++;
	if (e < count) {
		take_words(&rest, words);
		stage_enter();
		for (int i = 0; i < RUNS_MAX && (rest || i == 0); i++) {
			char nothing[] = "";
			char *scene = rest ? rest : nothing;
			char *end = strstr(scene, "\n\n");

			rest = end ? end + 2 : NULL;
			if (end)
				end[1] = '\0';
			int status = run(e, words, scene);
			bool dynamic = false;

			for (size_t w = 0; words[w]; w++)
				dynamic = dynamic || strncmp(words[w], "--dynamic", 9) == 0;
			expect_status(executables[e].contract, status, dynamic);
			expect_output(executables[e].contract, status, words);
		}
		stage_leave();
	}
	free(content);
	return 0;
}
