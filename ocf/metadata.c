/* SPDX-License-Identifier: MIT */
#include "metadata.h"

#include <string.h>

/* Longer than any description. */
#define TEXT_MAX 2048

/* Of a parameter, however it is known. */
struct description {
	const char *name;
	/* Of the element. */
	const char *attributes;
	const char *longdesc;
	const char *shortdesc;
	const char *type;
	/* NULL: none. */
	const char *fallback;
};

static void
add_escaped(struct text *out, const char *s)
{
	static const char special[] = "&<>\"";
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;" };

	for (; *s; s++) {
		const char *found = strchr(special, *s);

		text_add(out, found ? entities[found - special] : (char[]){ *s, '\0' });
	}
}

static void
add_element(struct text *out, const char *name, const char *content)
{
	text_addf(out, "<%s lang=\"en\">", name);
	add_escaped(out, content);
	text_addf(out, "</%s>\n", name);
}

static void
add_attribute(struct text *out, const char *name, const char *value)
{
	if (!value)
		return;
	text_addf(out, " %s=\"", name);
	add_escaped(out, value);
	text_add(out, "\"");
}

static void
add_parameter(struct text *out, const struct description *d)
{
	text_add(out, "<parameter");
	add_attribute(out, "name", d->name);
	text_addf(out, "%s>\n", d->attributes);
	add_element(out, "longdesc", d->longdesc);
	add_element(out, "shortdesc", d->shortdesc);
	text_add(out, "<content");
	add_attribute(out, "type", d->type);
	add_attribute(out, "default", d->fallback);
	text_add(out, "/>\n</parameter>\n");
}

const char *
metadata_type(const struct option *o)
{
	return !o->value ? "boolean" : strcmp(o->value, "N") == 0 ? "integer" : "string";
}

/* pcs shows no other. */
static void
add_fallback(struct text *longdesc, const char *fallback)
{
	if (fallback)
		text_addf(longdesc, " Default: %s.", fallback);
}

static void
add_option(struct text *out, const struct option *o, enum program program)
{
	const struct parameter_text *extra = parameter_text(o, program);
	char name[64], longdesc[TEXT_MAX];
	struct text n = text_on(name, sizeof(name));
	struct text l = text_on(longdesc, sizeof(longdesc));

	option_add_parameter(&n, o);
	options_add_as_parameters(&l, o->help);
	text_add(&l, ".");
	if (extra && extra->more)
		text_addf(&l, " %s", extra->more);
	add_fallback(&l, option_fallback(o));
	add_parameter(out,
		&(struct description){
			.name = name,
			.attributes =
				o->identity
					? " required=\"1\" unique=\"1\" unique-group=\"address\""
					: " reloadable=\"1\"",
			.longdesc = longdesc,
			.shortdesc = extra ? extra->title : o->name,
			.type = metadata_type(o),
			.fallback = o->fallback_in_words ? NULL : o->fallback,
		});
}

static void
add_passed(struct text *out, const struct parameter *p)
{
	char longdesc[TEXT_MAX];
	struct text l = text_on(longdesc, sizeof(longdesc));

	text_add(&l, p->help);
	add_fallback(&l, p->fallback);
	add_parameter(out, &(struct description){ .name = p->name,
				   .attributes = "",
				   .longdesc = longdesc,
				   .shortdesc = p->shortdesc,
				   .type = p->type,
				   .fallback = p->fallback });
}

static void
add_parameters(struct text *out, const struct agent *agent)
{
	text_add(out, "<parameters>\n");
	for (size_t i = 0; i < option_count; i++)
		if (options[i].programs & agent->app.program)
			add_option(out, &options[i], agent->app.program);
	for (const struct parameter *p = agent->passed; p && p->name; p++)
		add_passed(out, p);
	text_add(out, "</parameters>\n");
}

static void
add_actions(struct text *out, const struct agent *agent)
{
	text_add(out, "<actions>\n");
	for (const struct action *a = agent->actions; a->name; a++) {
		text_add(out, "<action");
		add_attribute(out, "name", a->name);
		add_attribute(out, "timeout", a->timeout);
		add_attribute(out, "interval", a->interval);
		add_attribute(out, "role", a->role);
		text_add(out, "/>\n");
	}
	text_add(out, "</actions>\n");
}

void
metadata_print(const struct agent *agent, struct text *out)
{
	text_add(out, "<?xml version=\"1.0\"?>\n"
		      "<!DOCTYPE resource-agent SYSTEM \"ra-api-1.dtd\">\n<resource-agent");
	add_attribute(out, "name", agent->app.name);
	add_attribute(out, "version", dbv_version());
	text_add(out, ">\n<version>1.1</version>\n");
	add_element(out, "longdesc", agent->longdesc);
	add_element(out, "shortdesc", agent->shortdesc);
	add_parameters(out, agent);
	add_actions(out, agent);
	text_add(out, "</resource-agent>\n");
}
