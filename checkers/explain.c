/* SPDX-License-Identifier: MIT
 *
 * dbvitals explain: the verdict on a status that somebody recorded.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "nagios.h"
#include "observation.h"
#include "recorded.h"

/* The whole status of a server is some 100 KiB. */
#define FILE_MAX ((size_t)8 * 1024 * 1024)

/* All of FILE ("-": standard input), terminated; NULL with errno. */
static char *
read_file(const char *file, size_t *size)
{
	FILE *opened = strcmp(file, "-") == 0 ? NULL : fopen(file, "re");
	FILE *f = strcmp(file, "-") == 0 ? stdin : opened;
	char *text = f ? malloc(FILE_MAX + 1) : NULL;
	int error = errno;

	if (text) {
		*size = fread(text, 1, FILE_MAX, f);
		text[*size] = '\0';
		error = ferror(f) ? errno : !feof(f) ? EFBIG : 0;
	}
	if (opened)
		fclose(opened);
	if (text && error) {
		free(text);
		text = NULL;
	}
	errno = error;
	return text;
}

static bool
add_file(struct run *r, dbv_observation *o, const char *file)
{
	size_t size = 0;
	char *text = read_file(file, &size);
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));
	enum recorded result = RECORDED_UNKNOWN;

	if (text)
		result = recorded_read(o, text, size, &why);
	else
		text_add(&why, strerror(errno));
	free(text);
	if (result == RECORDED_TAKEN || result == RECORDED_NOTHING)
		return true;
	text_add_foreign(&r->error, file, 120);
	text_addf(&r->error, ": %s", reason);
	return false;
}

static void
print(const struct report *r, struct text *out)
{
	const struct judged *j = &r->nodes[0];
	enum dbv_state state = dbv_verdict_state(j->verdict);

	text_addf(out, "%s: ", dbv_state_name(state));
	if (state == DBV_UP)
		report_fitness(r, j, out);
	else
		report_reasons(j->verdict, out, 2048);
	text_add(out, "\n");
	report_details(j, out);
	report_warning(r, out);
}

static int
answer(struct run *r, const dbv_observation *o)
{
	struct judged j = {
		.label = r->given.operand_count == 1 ? r->given.operands[0] : "this node",
		.observation = o,
		.verdict = dbv_judge(o, NULL, r->settings.policy),
	};
	int status = j.verdict ? app_answer(r, &j, 1, NULL) : app_fail(r, "out of memory");

	dbv_verdict_free(j.verdict);
	return status;
}

static int
explain(struct run *r)
{
	dbv_observation *o = observation_new();
	bool taken = o != NULL;
	int status = 0;

	if (r->given.operand_count == 0) {
		text_add(&r->error,
			"which files? What the mysql client prints for SHOW GLOBAL STATUS, SHOW GLOBAL "
			"VARIABLES and the replica status; - is standard input");
		taken = false;
	}
	if (r->settings.auto_role) {
		text_add(&r->error, "--role=auto is for a node that can be asked");
		taken = false;
	}
	for (size_t i = 0; taken && i < r->given.operand_count; i++)
		taken = add_file(r, o, r->given.operands[i]);
	status = taken ? answer(r, o) : app_refuse(r);
	observation_free(o);
	return status;
}

const struct app command_explain = {
	COMMAND("explain", PROGRAM_EXPLAIN),
	.purpose = "The verdict on a recorded status",
	.operands = "FILE...",
	.status = nagios_status,
	.print = print,
	.own = explain,
};
