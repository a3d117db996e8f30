/* SPDX-License-Identifier: MIT
 *
 * The command line: --name=value, --name value, -X value, -Xvalue, -vv. Nothing is abbreviated,
 * nothing is guessed.
 */
#include <string.h>

#include "options.h"

struct line {
	struct given *given;
	enum program program;
	char **argv;
	size_t next;
	struct text *error;
};

static const char *
option_name_at(size_t i)
{
	return options[i].programs & PROGRAMS_WITH_COMMAND_LINE ? options[i].name : NULL;
}

static bool
unknown(struct line *l, const char *prefix, const char *name)
{
	const char *nearest = text_nearest(name, option_count, option_name_at);

	text_addf(l->error, "unknown option %s", prefix);
	text_add_foreign(l->error, name, 60);
	if (nearest && option_by_name(nearest, l->program))
		text_addf(l->error, ", did you mean --%s?", nearest);
	else if (strcmp(name, "password") == 0 || strcmp(name, "p") == 0)
		text_add(l->error, " of this program; a password belongs into the option file");
	else if (option_by_name(name, PROGRAMS_WITH_COMMAND_LINE))
		text_add(l->error, " of this program");
	return false;
}

/* Says O with the VALUE that stands in the word itself, or with the next word. */
static bool
say(struct line *l, const struct option *o, char *value)
{
	if (!o->value && value) {
		text_addf(l->error, "--%s takes no value", o->name);
		return false;
	}
	if (o->value && !value) {
		value = l->argv[l->next];
		if (!value) {
			text_addf(l->error, "--%s wants a value: %s", o->name, o->value);
			return false;
		}
		l->next++;
	}
	bool added = given_add(l->given, o, ORIGIN_COMMAND_LINE, value ? value : "");

	if (!added)
		text_out_of_memory(l->error);
	if (o->secret && value)
		memset(value, 'x', strlen(value));
	return added;
}

static bool
parse_long(struct line *l, char *word)
{
	char *equals = strchr(word, '=');
	char name[64];
	struct text t = text_on(name, sizeof(name));

	text_addf(&t, "%.*s", (int)(equals ? equals - word : (int)strlen(word)), word);
	const struct option *o = option_by_name(name, l->program);

	return o ? say(l, o, equals ? equals + 1 : NULL) : unknown(l, "--", name);
}

static bool
parse_letters(struct line *l, char *word)
{
	for (; *word; word++) {
		const struct option *o = option_by_letter(*word, l->program);
		char name[2] = { *word, '\0' };

		if (!o)
			return unknown(l, "-", name);
		if (o->value)
			return say(l, o, word[1] ? word + 1 : NULL);
		if (!say(l, o, NULL))
			return false;
	}
	return true;
}

/* Moved to the front of what argv is done with. */
static bool
add_operand(struct given *g, char *word)
{
	g->operands[g->operand_count++] = word;
	return true;
}

bool
options_parse(struct given *g, enum program program, char **argv, struct text *error)
{
	struct line l = { .given = g, .program = program, .argv = argv, .next = 1, .error = error };

	g->operands = argv;
	while (argv[0] && argv[l.next]) {
		char *word = argv[l.next++];
		bool parsed = false;

		if (strncmp(word, "--", 2) == 0 && word[2])
			parsed = parse_long(&l, word + 2);
		else if (word[0] == '-' && word[1] && word[1] != '-')
			parsed = parse_letters(&l, word + 1);
		else if (g->takes_operands && word[0] && (word[0] != '-' || !word[1]))
			parsed = add_operand(g, word);
		else {
			text_add(error, "no argument expected: \"");
			text_add_foreign(error, word, 60);
			text_add(error, "\"; the host is --host or -H, help is -h");
		}
		if (!parsed)
			return false;
	}
	return true;
}
