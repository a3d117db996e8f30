/* SPDX-License-Identifier: MIT
 *
 * The lines for keepalived.conf: the command line as it was given, and the times that it needs.
 */
#include <string.h>

#include "node.h"
#include "policy.h"
#include "self_test.h"

bool
self_names_host(const struct self_facts *f)
{
	for (size_t i = 0; i < f->given->count; i++)
		if (strcmp(f->given->sayings[i].option->name, "host") == 0)
			return !f->settings->nodes[0]->socket;
	return false;
}

/* Asked for weights, or of a server that was named: a director asks. Else a host asks for itself. */
bool
self_is_vrrp(const struct self_facts *f)
{
	const struct settings *s = f->settings;

	return s->auto_role || !(s->dynamic || self_names_host(f));
}

/* What is for people alone. */
static bool
is_passed_on(const struct saying *said)
{
	static const char *const ours[] = { "self-test", "verbose", "json" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(said->option->name, ours[i]) == 0)
			return false;
	return said->origin == ORIGIN_COMMAND_LINE;
}

/* What every version takes as it stands, blanks between single quotes. */
static bool
is_plain(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "/._-:=,@%+~[] ";

	return strspn(word, plain) == strlen(word);
}

void
self_find_doubtful(const char *program, const struct given *g, struct text *out)
{
	if (!is_plain(program) || strchr(program, ' '))
		text_add_foreign(out, program, 60);
	for (size_t i = 0; i < g->count && !out->len; i++) {
		const struct saying *said = &g->sayings[i];

		if (!is_passed_on(said) || is_plain(said->value))
			continue;
		text_addf(out, "--%s=", said->option->name);
		text_add_foreign(out, said->value, 60);
	}
}

static bool
is_path(const struct option *o)
{
	return o->value && (strcmp(o->value, "FILE") == 0 || strcmp(o->value, "PATH") == 0 ||
				   strcmp(o->value, "DIR") == 0);
}

void
self_find_relative(const struct given *g, struct text *out)
{
	for (size_t i = 0; i < g->count && !out->len; i++) {
		const struct saying *said = &g->sayings[i];

		if (!is_path(said->option) || *said->value == '/')
			continue;
		text_addf(out, "%s=", said->option->name);
		text_add_foreign(out, said->value, 60);
	}
}

static void
add_word(struct text *out, const struct saying *said)
{
	const char *quote = strchr(said->value, ' ') ? "'" : "";

	text_addf(out, " %s--%s", quote, said->option->name);
	if (said->option->value)
		text_addf(out, "=%s", said->value);
	text_add(out, quote);
}

void
self_add_command(const struct self_facts *f, const struct self_server *server, struct text *out)
{
	size_t hosts = 0;

	text_add(out, f->program);
	for (size_t i = 0; i < f->given->count; i++) {
		const struct saying *said = &f->given->sayings[i];

		if (!is_passed_on(said))
			continue;
		bool others = strcmp(said->option->name, "host") == 0 && server &&
			      server != &f->servers[hosts++];

		if (!others)
			add_word(out, said);
	}
}

static void
add_user(const struct self_facts *f, const char *indent, struct text *out)
{
	if (!f->is_root)
		text_addf(out, "%suser %s\n", indent, f->user);
}

static void
add_vrrp_script(const struct self_facts *f, struct text *out)
{
	unsigned seconds = self_seconds_to_allow(f->settings);

	text_add(out,
		"For keepalived.conf; the vrrp_instance names it in track_script, and has nopreempt:\n\n"
		"vrrp_script dbvitals {\n"
		"    script \"");
	self_add_command(f, NULL, out);
	text_addf(out,
		"\"\n    interval %u\n    timeout %u\n    fall 2\n    rise 2\n    init_fail\n",
		seconds, seconds);
	add_user(f, "    ", out);
	text_add(out, "}\n");
}

static void
add_real_server(const struct self_facts *f, const struct self_server *server, struct text *out)
{
	const struct settings *s = f->settings;
	const dbv_node *n = server->node;
	struct addresses unwanted;

	text_addf(out,
		"\nreal_server %s %u {\n"
		"    weight %u\n"
		"    MISC_CHECK {\n"
		"        misc_path \"",
		resolve_numeric(n->host, &unwanted) ? n->host : "ADDRESS", node_port(n),
		s->dynamic ? s->dynamic : 100);
	self_add_command(f, server, out);
	text_addf(out, "\"\n        misc_timeout %u\n", self_seconds_to_allow(s));
	if (s->dynamic)
		text_add(out, "        misc_dynamic\n");
	text_add(out, "        warmup 0\n");
	add_user(f, "        ", out);
	text_add(out, "    }\n}\n");
}

void
self_add_stanza(const struct self_facts *f, struct text *out)
{
	if (self_is_vrrp(f)) {
		add_vrrp_script(f, out);
		return;
	}
	text_add(out, "For keepalived.conf, into a virtual_server that has alpha:\n");
	for (size_t i = 0; i < f->count; i++)
		add_real_server(f, &f->servers[i], out);
}
