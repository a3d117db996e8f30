/* SPDX-License-Identifier: MIT
 *
 * The parameters of a resource agent: OCF_RESKEY_name=value for each option, with underscores for
 * dashes. What belongs to the cluster (OCF_RESKEY_CRM_meta_*) or to another agent is not read.
 */
#include <stdlib.h>
#include <string.h>

#include "options.h"

#define BLANKS " \t\n"

void
option_add_parameter(struct text *t, const struct option *o)
{
	for (const char *c = o->name; *c; c++)
		text_add(t, (char[]){ *c == '-' ? '_' : *c, '\0' });
}

static bool
begins_option(const char *s)
{
	return s[0] == '-' && s[1] == '-' && s[2] >= 'a' && s[2] <= 'z';
}

void
options_add_as_parameters(struct text *t, const char *s)
{
	bool naming = false;

	while (*s) {
		if (begins_option(s)) {
			naming = true;
			s += 2;
		}
		naming = naming && (*s == '-' || (*s >= 'a' && *s <= 'z'));
		text_add(t, (char[]){ naming && *s == '-' ? '_' : *s, '\0' });
		s++;
	}
}

/* NULL where it is not set, or set to nothing, as configuration tools leave it behind. */
static const char *
value_in(char *const *environment, const struct option *o)
{
	char name[80];
	struct text t = text_on(name, sizeof(name));

	text_add(&t, "OCF_RESKEY_");
	option_add_parameter(&t, o);
	text_add(&t, "=");
	for (; *environment; environment++)
		if (strncmp(*environment, name, t.len) == 0)
			return (*environment)[t.len] ? *environment + t.len : NULL;
	return NULL;
}

/* Each word of VALUE is said by itself. */
static bool
say_words(struct given *g, const struct option *o, const char *value)
{
	char *words = strdup(value);
	char *rest = words;
	bool added = words != NULL;

	for (char *word; added && (word = strsep(&rest, BLANKS));)
		added = !*word || given_add(g, o, ORIGIN_ENVIRONMENT, word);
	free(words);
	return added;
}

bool
options_from_environment(
	struct given *g, enum program program, char *const *environment, struct text *error)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &options[i];
		const char *value = o->programs & program ? value_in(environment, o) : NULL;

		if (!value || (o->repeatable ? say_words(g, o, value)
					     : given_add(g, o, ORIGIN_ENVIRONMENT, value)))
			continue;
		return text_out_of_memory(error);
	}
	return true;
}
