/* SPDX-License-Identifier: MIT */
#include "recorded_remarks.h"

#include <string.h>

#include "text.h"

static const struct {
	const char *words;
	enum source source;
} questions[] = {
	{ "SHOW GLOBAL STATUS", SOURCE_GLOBAL_STATUS },
	{ "SHOW STATUS", SOURCE_GLOBAL_STATUS },
	{ "SHOW GLOBAL VARIABLES", SOURCE_GLOBAL_VARIABLES },
	{ "SHOW VARIABLES", SOURCE_GLOBAL_VARIABLES },
	{ "SHOW ALL SLAVES STATUS", SOURCE_CHANNEL },
	{ "SHOW ALL REPLICAS STATUS", SOURCE_CHANNEL },
	{ "SHOW SLAVE STATUS", SOURCE_CHANNEL },
	{ "SHOW REPLICA STATUS", SOURCE_CHANNEL },
	{ "SHOW PROCESSLIST", SOURCE_SESSIONS },
	{ "SHOW FULL PROCESSLIST", SOURCE_SESSIONS },
	{ "SELECT UNIX_TIMESTAMP()", SOURCE_CLOCK },
	{ "SHOW ", SOURCE_LOCAL },
	{ "SELECT ", SOURCE_LOCAL },
};

/* With the client's prompt in front any statement is one; without, those that begin like one. */
static bool
is_question(const char *line, enum source *asked)
{
	static const char *const prompts[] = { "mysql>", "MariaDB [", "MySQL [" };
	const char *prompt = strstr(line, "> ");
	const char *statement = prompt ? prompt + 2 : line;

	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		if (text_starts_nocase(statement, questions[i].words)) {
			*asked = questions[i].source;
			return true;
		}
	for (size_t i = 0; prompt && i < sizeof(prompts) / sizeof(prompts[0]); i++)
		if (text_starts_nocase(line, prompts[i])) {
			*asked = SOURCE_LOCAL;
			return true;
		}
	return false;
}

enum remark
remark_of(const char *line, enum source *asked)
{
	/* The line of --verbose around a statement; warnings of either client; ends. */
	static const char *const remarks[] = { "--------------", "mysql: ", "mariadb: ", "Warning",
		"Query OK", "Bye" };
	const char *count = line + strspn(line, "0123456789");

	if (text_starts_nocase(line, "Empty set"))
		return REMARK_EMPTY_SET;
	for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++)
		if (text_starts_nocase(line, remarks[i]))
			return REMARK_ANY;
	if (count > line && (text_starts_nocase(count, " row in set") ||
				    text_starts_nocase(count, " rows in set")))
		return REMARK_ANY;
	return is_question(line, asked) ? REMARK_QUESTION : REMARK_NONE;
}

bool
remark_is_error(const char *line, unsigned *error, const char **words)
{
	static const char mark[] = "ERROR ";

	if (strncmp(line, mark, strlen(mark)) != 0)
		return false;
	line += strlen(mark);
	size_t digits = strspn(line, "0123456789");
	const char *colon = strstr(line, ": ");

	if (digits == 0 || digits > 5 || !colon || (line[digits] != ' ' && line[digits] != ':'))
		return false;
	*error = 0;
	for (size_t i = 0; i < digits; i++)
		*error = *error * 10 + (unsigned)(line[i] - '0');
	*words = colon + 2;
	return true;
}
