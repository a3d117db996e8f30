/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"
#include "mains.h"
#include "stage.h"

#define VARIABLES_MAX 64
#define ACTIONS_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* OCF resource agent API 1.1. */
static bool
is_status(int status)
{
	return (status >= 0 && status <= 3) || (status >= 5 && status <= 9);
}

static bool
is(const char *action, const char *name)
{
	return strcmp(action, name) == 0;
}

/* What the agent of the address promises, whatever it is told and whatever fails. */
static void
expect_address(const char *action, int status)
{
	const char *ip = getenv("OCF_RESKEY_ip");
	bool has = stage_has(ip), had = stage_had(ip);

	if (is(action, "promote") && status == 0)
		expect(has, "promoted is who has the address");
	if ((is(action, "demote") || is(action, "stop")) && status == 0)
		expect(!has, "who gave it up has it no more");
	/* It fails where the cluster has believed an old score for too long. */
	if (is(action, "monitor") &&
		!(status == 1 && strstr(stage_complained(), "the cluster takes no attributes")))
		expect((status == 8) == has, "promoted is who has the address");
	if (has && !had) {
		expect(is(action, "promote"), "nothing else brings the address up");
		expect(stage_looks() > 0 && stage_was_answered(),
			"it comes up where a server answered");
	}
	if (is(action, "reload-agent") && *stage_score())
		expect(has && atoi(stage_score()) >= 999999, "who has the address keeps it");
	if ((is(action, "monitor") || is(action, "start")) && !had && stage_looks() > 0 &&
		!stage_was_answered() && *stage_score())
		expect(is(stage_score(), "-INFINITY"), "a dead node is not to be promoted");
}

static void
act(int (*main)(int, char **), char *action, char *scene)
{
	char name[] = "agent";
	char *argv[] = { name, action, NULL };
	int status = stage_run(main, argv, scene);

	expect(is_status(status), "the statuses of the standard");
	expect_clean(stage_printed(), *stage_printed());
	expect_clean(stage_complained(), *stage_complained());
	expect_clean(stage_logged(), *stage_logged());
	if (main == main_write_ip)
		expect_address(action, status);
	if (*stage_score())
		expect(is(stage_score(), "-INFINITY") ||
				strspn(stage_score(), "0123456789") == strlen(stage_score()),
			"a score is a number");
}

/* NAME=VALUE of the first lines, up to an empty one, as parameters; none leads out of the folder. */
static void
take_parameters(char **rest, char *variables[])
{
	static char instance[] = "OCF_RESOURCE_INSTANCE=vip:0";
	size_t count = 0;
	char *line;

	variables[count++] = instance;
	while (count < VARIABLES_MAX && (line = strsep(rest, "\n")) && *line) {
		size_t room = strlen(line) + 16;

		variables[count] = malloc(room);
		snprintf(variables[count], room, "OCF_RESKEY_%s", line);
		for (char *c = variables[count++]; *c; c++)
			if (*c == '/')
				*c = '_';
	}
	/* Where no line names another one. */
	variables[count++] = strdup("OCF_RESKEY_state_dir=states");
	variables[count] = NULL;
}

/* A line that begins with w (write-ip) or n (node-health), its parameters each on a line, and behind an empty line actions:
 * a line with its name, what the server is like, an empty line. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *content = malloc(size + 1), *rest = content;
	char *variables[VARIABLES_MAX + 2];
	char **environment = environ;

	memcpy(content, data, size);
	content[size] = '\0';
	int (*main)(int, char **) = *strsep(&rest, "\n") == 'n' ? main_node_health : main_write_ip;

	take_parameters(&rest, variables);
	stage_enter();
	for (int i = 0; i < ACTIONS_MAX && rest; i++) {
		char *end = strstr(rest, "\n\n");
		char *part = rest;

		rest = end ? end + 2 : NULL;
		if (end)
			end[1] = '\0';
		char *action = strsep(&part, "\n");
		char nothing[] = "";

		environ = variables;
		act(main, action, part ? part : nothing);
		environ = environment;
	}
	stage_leave();
	for (size_t i = 1; variables[i]; i++)
		free(variables[i]);
	free(content);
	return 0;
}
