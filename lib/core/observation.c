/* SPDX-License-Identifier: MIT */
#include "observation.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

struct arena {
	struct arena *next;
	size_t used;
	size_t size;
	char bytes[];
};

static const size_t arena_size = 4096;

dbv_observation *
observation_new(void)
{
	return calloc(1, sizeof(dbv_observation));
}

void
observation_free(dbv_observation *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->channel_count; i++)
		free(o->channels[i]);
	free(o->channels);
	while (o->arena) {
		struct arena *next = o->arena->next;

		free(o->arena);
		o->arena = next;
	}
	free(o);
}

bool
observation_add_channel(dbv_observation *o)
{
	if (o->channel_count == CHANNELS_MAX)
		return false;
	struct channel **grown =
		realloc(o->channels, (o->channel_count + 1) * sizeof(struct channel *));

	if (!grown)
		return false;
	o->channels = grown;
	grown[o->channel_count] = calloc(1, sizeof(struct channel));
	if (!grown[o->channel_count])
		return false;
	o->channel_count++;
	return true;
}

static const char *
keep(dbv_observation *o, const char *text)
{
	size_t n = strnlen(text, VALUE_TEXT_MAX);

	if (!o->arena || o->arena->size - o->arena->used <= n) {
		size_t size = n + 1 > arena_size ? n + 1 : arena_size;
		struct arena *a = malloc(sizeof(struct arena) + size);

		if (!a)
			return NULL;
		*a = (struct arena){ .next = o->arena, .size = size };
		o->arena = a;
	}
	char *copy = o->arena->bytes + o->arena->used;

	memcpy(copy, text, n);
	copy[n] = '\0';
	o->arena->used += n + 1;
	return copy;
}

static bool
set(dbv_observation *o, struct value *slot, const char *text)
{
	struct value value = { .kind = VALUE_NULL };

	if (text) {
		value.text = keep(o, text);
		if (!value.text)
			return false;
		value.kind = text_to_number(text, &value.number) ? VALUE_NUMBER : VALUE_TEXT;
	}
	*slot = value;
	return true;
}

bool
observation_set_channel(dbv_observation *o, size_t index, enum variable v, const char *text)
{
	return set(o, &o->channels[index]->values[v], text);
}

bool
observation_set(dbv_observation *o, enum variable v, const char *text)
{
	if (variables[v].source != SOURCE_CHANNEL)
		return set(o, &o->values[v], text);
	return o->channel_count > 0 && observation_set_channel(o, o->channel_count - 1, v, text);
}

bool
observation_set_number(dbv_observation *o, enum variable v, double number)
{
	char digits[40];
	struct text t = text_on(digits, sizeof(digits));

	text_add_number(&t, number);
	return observation_set(o, v, digits);
}

bool
observation_set_by_name(dbv_observation *o, enum source source, const char *name, const char *text)
{
	enum variable v = variable_by_name(source, name);

	return v == VARIABLE_COUNT || observation_set(o, v, text);
}

void
observation_answer(dbv_observation *o, enum source source, enum outcome outcome, unsigned error,
	const char *text)
{
	struct answer *a = &o->answers[source];
	struct text t = text_on(a->text, sizeof(a->text));

	a->outcome = outcome;
	a->error = error;
	text_add(&t, text ? text : "");
}

bool
value_contradicts(const struct value *v, const char *text)
{
	if (v->kind == VALUE_ABSENT)
		return false;
	return !v->text != !text || (text && strncmp(v->text, text, VALUE_TEXT_MAX) != 0);
}

enum truth
value_truth(const struct value *v)
{
	static const char *const yes[] = { "ON", "1", "YES", "TRUE" };
	static const char *const no[] = { "OFF", "0", "NO", "FALSE" };

	for (size_t i = 0; v->text && i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (text_equal_nocase(v->text, yes[i]))
			return TRUTH_YES;
		if (text_equal_nocase(v->text, no[i]))
			return TRUTH_NO;
	}
	return TRUTH_UNKNOWN;
}

bool
value_is(const struct value *v, const char *word)
{
	return v->text && text_equal_nocase(v->text, word);
}

double
value_number(const struct value *v, double otherwise)
{
	return v->kind == VALUE_NUMBER ? v->number : otherwise;
}

const char *
value_text(const struct value *v)
{
	return v->text ? v->text : "";
}
