/* SPDX-License-Identifier: MIT
 *
 * What was said on the command line, in the environment and in the option file, and which
 * of it holds.
 */
#include <stdlib.h>
#include <string.h>

#include "node.h"
#include "options.h"
#include "policy.h"
#include "setters.h"

bool
given_add(struct given *g, const struct option *o, enum origin origin, const char *value)
{
	struct saying *grown = realloc(g->sayings, (g->count + 1) * sizeof(*grown));

	if (!grown)
		return false;
	g->sayings = grown;
	grown[g->count] = (struct saying){ .option = o, .origin = origin };
	grown[g->count].value = strdup(value);
	if (!grown[g->count].value)
		return false;
	g->count++;
	return true;
}

void
given_free(struct given *g)
{
	for (size_t i = 0; i < g->count; i++) {
		explicit_bzero(g->sayings[i].value, strlen(g->sayings[i].value));
		free(g->sayings[i].value);
	}
	free(g->sayings);
	*g = (struct given){ .count = 0 };
}

static const struct option *
named(const char *name)
{
	return option_by_name(name, PROGRAM_ALL);
}

/* The last one said at the strongest origin, NULL when it was not said. */
static const struct saying *
strongest(const struct given *g, const struct option *o)
{
	const struct saying *best = NULL;

	for (size_t i = 0; i < g->count; i++)
		if (g->sayings[i].option == o && (!best || g->sayings[i].origin >= best->origin))
			best = &g->sayings[i];
	return best;
}

static bool
apply_saying(const struct saying *said, struct settings *s, struct text *error)
{
	char reason[DBV_ERROR_SIZE];
	struct text t = text_on(reason, sizeof(reason));

	if (said->option->apply(said->option, s, said->value, &t))
		return true;
	error->lacking = t.lacking;
	if (said->origin == ORIGIN_ENVIRONMENT) {
		option_add_parameter(error, said->option);
		text_add(error, ": ");
		options_add_as_parameters(error, reason);
	} else {
		text_addf(error, "--%s: %s", said->option->name, reason);
	}
	return false;
}

static bool
apply_fallback(const struct option *o, struct settings *s, struct text *error)
{
	return !(o->programs & s->program) || !o->fallback || o->fallback_in_words ||
	       o->apply(o, s, o->fallback, error);
}

static size_t
times_said(const struct given *g, const char *name)
{
	size_t times = 0;

	for (size_t i = 0; i < g->count; i++)
		times += g->sayings[i].option == named(name) &&
			 g->sayings[i].origin == ORIGIN_COMMAND_LINE;
	return times;
}

/* To a program that takes one node, several are no list, and the last one is not the one that was meant. */
static bool
is_said_once(const struct given *g, const char *name, struct text *error)
{
	if (times_said(g, name) <= 1)
		return true;
	text_addf(error, "--%s is given twice: one node at a time", name);
	return false;
}

/* The hosts of the command line, one a node; from elsewhere there is only one. */
static bool
apply_hosts(
	const struct given *g, struct settings *s, const struct saying *host, struct text *error)
{
	size_t node = 0;

	if (host->origin != ORIGIN_COMMAND_LINE)
		return apply_saying(host, s, error);
	for (size_t i = 0; i < g->count; i++) {
		const struct saying *said = &g->sayings[i];

		if (said->option != host->option || said->origin != host->origin)
			continue;
		char reason[DBV_ERROR_SIZE];
		struct text t = text_on(reason, sizeof(reason));

		if (node_set(s->nodes[node++], "host", said->value, &t))
			continue;
		error->lacking = t.lacking;
		text_addf(error, "--host: %s", reason);
		return false;
	}
	return true;
}

/* The strongest origin that names a host or a socket decides both, and the port: a port from a
 * weaker one belongs to another server. */
static bool
apply_address(const struct given *g, struct settings *s, struct text *error)
{
	const struct saying *host = strongest(g, named("host"));
	const struct saying *socket = strongest(g, named("socket"));
	const struct saying *port = strongest(g, named("port"));

	if ((s->program == PROGRAM_KEEPALIVED && !s->self_test &&
		    !is_said_once(g, "host", error)) ||
		!is_said_once(g, "socket", error))
		return false;
	if (host && socket && host->origin == socket->origin) {
		if (host->origin != ORIGIN_CLIENT_GROUP) {
			text_add(error,
				"a host and a socket from the same source exclude each other");
			return false;
		}
		socket = NULL;
	}
	if (host && socket && host->origin > socket->origin)
		socket = NULL;
	else if (socket)
		host = NULL;
	if (port && host && port->origin < host->origin)
		port = NULL;
	return (!host || apply_hosts(g, s, host, error)) &&
	       (!socket || apply_saying(socket, s, error)) &&
	       (!port || apply_saying(port, s, error));
}

static bool
is_address(const struct option *o)
{
	return o == named("host") || o == named("socket") || o == named("port");
}

/* Repeatable ones all count, the stronger after the weaker. */
static bool
apply_repeated(
	const struct given *g, const struct option *o, struct settings *s, struct text *error)
{
	for (enum origin origin = ORIGIN_CLIENT_GROUP; origin <= ORIGIN_COMMAND_LINE; origin++)
		for (size_t i = 0; i < g->count; i++)
			if (g->sayings[i].option == o && g->sayings[i].origin == origin &&
				!apply_saying(&g->sayings[i], s, error))
				return false;
	return true;
}

static bool
make_nodes(struct settings *s, size_t count, struct text *error)
{
	s->nodes = calloc(count, sizeof(dbv_node *));
	while (s->nodes && s->node_count < count) {
		s->nodes[s->node_count] = dbv_node_new();
		if (!s->nodes[s->node_count])
			break;
		s->node_count++;
	}
	return s->node_count == count || text_out_of_memory(error);
}

void
settings_end(struct settings *s)
{
	for (size_t i = 0; i < s->node_count; i++)
		dbv_node_free(s->nodes[i]);
	free(s->nodes);
	dbv_policy_free(s->policy);
}

static bool
check_min_up(const struct settings *s, struct text *error)
{
	unsigned least = s->policy->min_up;

	if (least == 0 || (s->node_count > 1 && least <= s->node_count))
		return true;
	text_addf(error, "--min-up=%u, but %zu node%s named", least, s->node_count,
		s->node_count == 1 ? " is" : "s are");
	return false;
}

static bool
apply_option(const struct given *g, const struct option *o, struct settings *s, struct text *error)
{
	const struct saying *said = strongest(g, o);

	return !said	       ? apply_fallback(o, s, error)
	       : o->repeatable ? apply_repeated(g, o, s, error)
			       : apply_saying(said, s, error);
}

bool
options_apply(const struct given *g, struct settings *s, struct text *error)
{
	size_t hosts = times_said(g, "host");
	char unread[DBV_ERROR_SIZE];
	struct text others = text_on(unread, sizeof(unread));
	bool good = true;

	if (!make_nodes(s, hosts ? hosts : 1, error))
		return false;
	s->nodes_are_set = true;
	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &options[i];
		bool is_nodes = o->apply == to_node || o->apply == set_plugin_dir;

		if (is_address(o) || apply_option(g, o, s, good ? error : &others))
			continue;
		good = false;
		s->nodes_are_set = s->nodes_are_set && !is_nodes;
	}
	s->nodes_are_set = apply_address(g, s, good ? error : &others) && s->nodes_are_set;
	return good && s->nodes_are_set && check_min_up(s, error);
}
