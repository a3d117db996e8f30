/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <stdlib.h>

#include "look_state.h"
#include "text.h"

static void
wait_for(struct look *l, const char *what)
{
	l->node->waiting_for = what;
}

static void
hang_up(struct look *l)
{
	client_free(l->client);
	l->client = NULL;
	l->events = 0;
}

void
look_finish(struct look *l)
{
	if (l->observation->values[V_TAKEN_AT].kind == VALUE_ABSENT)
		observation_set_number(l->observation, V_TAKEN_AT, (double)dbv_now());
	observation_answer(l->observation, SOURCE_LOCAL, ANSWERED, 0, NULL);
	hang_up(l);
	resolve_free(l->resolution);
	l->resolution = NULL;
	l->node->waiting_for = node_is_done;
	l->stage = OVER;
}

void
look_give_up(
	struct look *l, enum source source, enum outcome outcome, unsigned error, const char *text)
{
	observation_answer(l->observation, source, outcome, error, text);
	look_finish(l);
}

/* Each address but the last gets its share of the time, so that one that swallows packets leaves
 * some. */
int64_t
look_share_of_time(const struct look *l, size_t parts)
{
	int64_t now = dbv_now();

	return now + (l->deadline - now) / (int64_t)parts;
}

static void
open_connection(struct look *l)
{
	const dbv_node *n = l->node;
	bool by_name = n->ssl_mode == SSL_VERIFY_IDENTITY;
	l->step_deadline = n->socket || by_name
				   ? l->deadline
				   : look_share_of_time(l, l->addresses.count - l->address);
	struct client_target target = node_target(n, l->addresses.text[l->address],
		l->by_admin_port ? n->admin_port : node_port(n), l->step_deadline);

	l->stage = CONNECTING;
	l->began = dbv_now();
	wait_for(l, "the client library");
	l->client = client_new();
	if (!l->client) {
		look_give_up(l, SOURCE_CONNECT, ILL, 0, "out of memory");
		return;
	}
	wait_for(l, "the TCP connection");
	l->events = client_open(l->client, &target);
}

/* What is wrong with reaching the server, told with the server's name. */
static void
refuse(struct look *l, enum outcome outcome, unsigned error, const char *text)
{
	char named[256];
	struct text t = text_on(named, sizeof(named));

	text_addf(&t, "%.100s: %s", dbv_node_label(l->node), text);
	observation_answer(
		l->observation, SOURCE_CONNECT, outcome, error, outcome == FAILED ? named : text);
}

/* The server is full, and its other door is closed too: being full is what is wrong with it. */
static void
admin_port_failed(struct look *l, const char *text)
{
	char both[256];
	struct text t = text_on(both, sizeof(both));

	text_addf(&t, "Too many connections; admin port %u: %s", l->node->admin_port, text);
	refuse(l, FAILED, 1040, both);
}

/* What went wrong with this attempt may not hold for the next address, or for the admin port. */
static void
connection_failed(struct look *l, enum outcome outcome, unsigned error, const char *text)
{
	bool elsewhere = outcome == LATE || error == 2002 || error == 2003;

	if (l->by_admin_port)
		admin_port_failed(l, outcome == LATE ? "it does not answer in time" : text);
	else
		refuse(l, outcome, error, text);
	hang_up(l);
	if (error == 1040 && l->node->admin_port && !l->node->socket && !l->by_admin_port) {
		l->by_admin_port = true;
		open_connection(l);
	} else if (elsewhere && !l->by_admin_port && !l->node->socket &&
		   l->node->ssl_mode != SSL_VERIFY_IDENTITY && ++l->address < l->addresses.count &&
		   dbv_now() < l->deadline) {
		open_connection(l);
	} else {
		look_finish(l);
	}
}

static void
take_addresses(struct look *l)
{
	const char *error = resolve_result(l->resolution, &l->addresses);

	if (error) {
		refuse(l, FAILED, 2005, error);
		look_finish(l);
		return;
	}
	open_connection(l);
}

static void
begin(struct look *l)
{
	if (l->node->socket || resolve_numeric(l->node->host, &l->addresses)) {
		open_connection(l);
		return;
	}
	l->stage = RESOLVING;
	l->step_deadline = l->deadline;
	wait_for(l, "the host name's resolution");
	l->resolution = resolve_start(l->node->host);
	if (!l->resolution)
		look_give_up(l, SOURCE_CONNECT, ILL, 0,
			"no thread or descriptor left to resolve the host name with");
}

static void
connected(struct look *l)
{
	if (l->node->ssl_mode >= SSL_REQUIRED && !client_is_encrypted(l->client)) {
		look_give_up(
			l, SOURCE_CONNECT, FAILED, 2026, "TLS is required, the server offers none");
		return;
	}
	observation_answer(l->observation, SOURCE_CONNECT, ANSWERED, 0, NULL);
	if (l->by_admin_port)
		observation_set_number(l->observation, V_ADMIN_PORT, l->node->admin_port);
	look_ask_from(l, 0);
}

/* A call to the client has finished: what came of it? */
static void
advance(struct look *l)
{
	unsigned error = client_error(l->client);

	if (l->stage != CONNECTING)
		look_asked(l);
	else if (error)
		connection_failed(l, FAILED, error, client_error_text(l->client));
	else
		connected(l);
}

static void
too_late(struct look *l)
{
	if (l->stage == RESOLVING)
		look_give_up(l, SOURCE_CONNECT, LATE, 0, l->node->waiting_for);
	else if (l->stage == CONNECTING)
		connection_failed(l, LATE, 0, l->node->waiting_for);
	else
		look_statement_late(l);
}

/* Everything that can be done without waiting, but never past the deadline: a flood of rows is no
 * excuse. */
static void
run(struct look *l)
{
	while (l->stage != OVER && l->stage != RESOLVING && l->events == 0) {
		if (dbv_now() >= l->step_deadline)
			too_late(l);
		else
			advance(l);
	}
	if (l->stage == CONNECTING)
		wait_for(l, client_waiting_for(l->client));
}

bool
look_start(dbv_node *node, const dbv_policy *policy, int64_t deadline)
{
	struct look *l = calloc(1, sizeof(*l));

	if (!l)
		return false;
	*l = (struct look){
		.node = node,
		.observation = node->observation,
		.policy = policy,
		.began = dbv_now(),
		.deadline = deadline,
	};
	node->look = l;
	begin(l);
	run(l);
	return true;
}

bool
look_is_over(const struct look *l)
{
	return l->stage == OVER;
}

int
look_fd(const struct look *l)
{
	return l->stage == RESOLVING ? resolve_fd(l->resolution) : client_fd(l->client);
}

short
look_events(const struct look *l)
{
	return l->stage == RESOLVING ? POLLIN : (short)l->events;
}

int64_t
look_deadline(const struct look *l)
{
	return l->step_deadline;
}

void
look_step(struct look *l, int events)
{
	if (dbv_now() >= l->step_deadline)
		too_late(l);
	else if (l->stage == RESOLVING && events)
		take_addresses(l);
	else if (l->stage != RESOLVING && (events || client_tick >= 0)) {
		if (l->stage == CONNECTING)
			wait_for(l, client_waiting_for(l->client));
		l->events = client_resume(l->client, events);
	}
	run(l);
}

void
look_free(struct look *l)
{
	if (!l)
		return;
	client_free(l->client);
	resolve_free(l->resolution);
	free(l);
}
