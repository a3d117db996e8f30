/* SPDX-License-Identifier: MIT
 *
 * In place of tool.c: no program runs, and each comes to what the scene says.
 */
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage_state.h"

/* What it does to the host, where it succeeds. */
static void
act(const char *const argv[])
{
	const char *ip = getenv("OCF_RESKEY_ip");
	const char *slash = strrchr(argv[0], '/');

	if (slash && strcmp(slash, "/IPaddr2") == 0 && strcmp(argv[1], "start") == 0 && ip)
		snprintf(host.address, sizeof(host.address), "%s", ip);
	else if ((slash && strcmp(argv[1], "stop") == 0) || strcmp(argv[0], "ip") == 0)
		host.address[0] = '\0';
	else if (strcmp(argv[0], "crm_attribute") == 0 && strncmp(argv[2], "--update=", 9) == 0) {
		snprintf(stage.score, sizeof(stage.score), "%s", argv[2] + 9);
		snprintf(host.score, sizeof(host.score), "%s", argv[2] + 9);
	}
}

int
tool_run(const char *const argv[], char *const environment[], const char *input,
	struct text *output, int64_t deadline)
{
	int status = 0;

	(void)environment;
	(void)input;
	(void)deadline;
	host.now += 3;
	if (stage.tools_run < stage.tool_count) {
		status = stage.tools[stage.tools_run].status;
		status = status < TOOL_FAILED ? TOOL_FAILED : status;
		if (output)
			text_add_foreign(output, stage.tools[stage.tools_run].words,
				strcspn(stage.tools[stage.tools_run].words, "\n"));
		stage.tools_run++;
	}
	if (status == 0)
		act(argv);
	if (status == 0 && output && strcmp(argv[0], "crm_attribute") == 0 &&
		strcmp(argv[2], "--query") == 0)
		text_addf(output, "%s ", host.score);
	return status;
}

size_t
tool_environment(const char *const names[], size_t count, char *out[], size_t size)
{
	(void)names;
	(void)count;
	(void)size;
	out[0] = NULL;
	return 0;
}

const char *
tool_says(int status)
{
	return status < 0 ? "was not there" : "failed";
}
