/* SPDX-License-Identifier: MIT */
#include "talk.h"

#include <limits.h>
#include <poll.h>
#include <string.h>

#include "dbvitals.h"
#include "text.h"

enum {
	TOO_MANY_CONNECTIONS = 1040,
	UNKNOWN_VARIABLE = 1193,
};

/* What every conversation begins with, and the error that does not matter. */
static const struct {
	const char *sql;
	unsigned tolerated;
} settings[] = {
	{ "SET SESSION wsrep_sync_wait=0", UNKNOWN_VARIABLE },
	/* Measured: behind FLUSH TABLES WITH READ LOCK a CREATE TABLE or DROP TABLE ends after one second with 1205, on
	 * MariaDB 10.11 and MySQL 9.7; the default there is a day or a year. */
	{ "SET SESSION autocommit=1, lock_wait_timeout=1", 0 },
	{ "SELECT CONNECTION_ID()", 0 },
};

static enum reply
fail(struct talk *t, enum reply reply, unsigned error, const char *words)
{
	struct text text = text_on(t->error_text, sizeof(t->error_text));

	t->error = error;
	text_add_foreign(&text, words, sizeof(t->error_text) - 1);
	return reply;
}

static void
forget_client(struct talk *t)
{
	client_free(t->client);
	t->client = NULL;
}

static enum reply
hang_up(struct talk *t, enum reply reply, unsigned error, const char *words)
{
	fail(t, reply, error, words);
	forget_client(t);
	return reply;
}

/* Until FD is ready for EVENTS, at most until DEADLINE; TICK (-1: none) bounds a single wait. GIVEN also when only the
 * tick has passed. */
static enum reply
wait_for(const struct talk *t, int fd, int *events, int tick, int64_t deadline)
{
	int64_t left = deadline - dbv_now();
	struct pollfd fds[] = { { .fd = fd, .events = (short)*events },
		{ .fd = t->stop, .events = POLLIN } };

	if (left <= 0)
		return REPLY_LATE;
	if (tick >= 0 && left > tick)
		left = tick;
	if (poll(fds, 2, left < INT_MAX ? (int)left : INT_MAX) < 0)
		fds[0].revents = fds[1].revents = 0;
	if (fds[1].revents)
		return REPLY_STOPPED;
	*events = fds[0].revents;
	return REPLY_GIVEN;
}

/* Goes on with the client's call that waits for EVENTS, until it has finished. */
static enum reply
finish(struct talk *t, int events, int64_t deadline)
{
	while (events) {
		int came = events;
		enum reply reply = wait_for(t, client_fd(t->client), &came, client_tick, deadline);

		if (reply != REPLY_GIVEN)
			return hang_up(t, reply, 0, t->node->waiting_for);
		if (came || client_tick >= 0)
			events = client_resume(t->client, came);
	}
	unsigned error = client_error(t->client);
	bool from_server = error < 2000 || (error >= 3000 && error < 5000) || error >= 6000;

	if (!error)
		return REPLY_GIVEN;
	if (!from_server)
		return hang_up(t, REPLY_LOST, error, client_error_text(t->client));
	fail(t, REPLY_REFUSED, error, client_error_text(t->client));
	client_forgive(t->client);
	return REPLY_REFUSED;
}

static void
keep_value(struct talk *t)
{
	const char *value = client_values(t->client)[0];
	struct text text = text_on(t->value, sizeof(t->value));

	t->has_value = value != NULL;
	text_add(&text, value ? value : "");
}

enum reply
talk_rows(struct talk *t, const char *sql, int64_t deadline, talk_row *row, void *context)
{
	t->has_value = false;
	*t->value = '\0';
	t->error = 0;
	if (!t->client)
		return fail(t, REPLY_LOST, 0, "not connected");
	t->node->waiting_for = "a statement to end";
	enum reply reply = finish(t, client_query(t->client, sql, strlen(sql)), deadline);

	if (reply != REPLY_GIVEN || client_columns(t->client) == 0)
		return reply;
	reply = finish(t, client_row(t->client), deadline);
	for (bool first = true; reply == REPLY_GIVEN && client_values(t->client); first = false) {
		row(t, first, context);
		reply = dbv_now() < deadline ? finish(t, client_row(t->client), deadline)
					     : hang_up(t, REPLY_LATE, 0, "the end of an answer");
	}
	if (reply == REPLY_GIVEN)
		client_end_result(t->client);
	return reply;
}

static void
first_value(struct talk *t, bool first, void *context)
{
	(void)context;
	if (first)
		keep_value(t);
}

enum reply
talk_ask(struct talk *t, const char *sql, int64_t deadline)
{
	return talk_rows(t, sql, deadline, first_value, NULL);
}

static enum reply
resolve(struct talk *t, struct addresses *found, int64_t deadline)
{
	if (t->node->socket) {
		found->count = 1;
		return REPLY_GIVEN;
	}
	if (resolve_numeric(t->node->host, found))
		return REPLY_GIVEN;
	t->node->waiting_for = "the host name's resolution";
	struct resolution *r = resolve_start(t->node->host);
	enum reply reply = REPLY_GIVEN;
	int events = 0;

	if (!r)
		return fail(t, REPLY_LOST, 0,
			"no thread or descriptor left to resolve the host name with");
	while (reply == REPLY_GIVEN && !events) {
		events = POLLIN;
		reply = wait_for(t, resolve_fd(r), &events, -1, deadline);
	}
	const char *error = reply == REPLY_GIVEN ? resolve_result(r, found) : t->node->waiting_for;

	resolve_free(r);
	return error ? fail(t, reply == REPLY_GIVEN ? REPLY_LOST : reply, 0, error) : REPLY_GIVEN;
}

/* The words of the refusal stay. */
static enum reply
not_let_in(struct talk *t)
{
	forget_client(t);
	return REPLY_LOST;
}

static enum reply
connect_to(struct talk *t, const char *address, unsigned port, int64_t deadline)
{
	struct client_target target = node_target(t->node, address, port, deadline);

	t->client = client_new();
	if (!t->client)
		return fail(t, REPLY_LOST, 0, "out of memory");
	t->node->waiting_for = "the connection";
	enum reply reply = finish(t, client_open(t->client, &target), deadline);

	if (reply == REPLY_REFUSED)
		return not_let_in(t);
	if (reply == REPLY_GIVEN && t->node->ssl_mode >= SSL_REQUIRED &&
		!client_is_encrypted(t->client))
		return hang_up(t, REPLY_LOST, 2026, "TLS is required, the server offers none");
	return reply;
}

/* A full server may have another door; where that does not help it is still a full server. */
static enum reply
connect_by_any_port(struct talk *t, const char *address, int64_t deadline)
{
	enum reply reply = connect_to(t, address, node_port(t->node), deadline);

	if (reply != REPLY_LOST || t->error != TOO_MANY_CONNECTIONS || !t->node->admin_port ||
		t->node->socket)
		return reply;
	reply = connect_to(t, address, t->node->admin_port, deadline);
	if (reply == REPLY_LOST || reply == REPLY_LATE)
		fail(t, reply, TOO_MANY_CONNECTIONS, "Too many connections, by the admin port too");
	return reply;
}

/* Each address but the last gets its share of the time. */
static enum reply
connect_anywhere(struct talk *t, int64_t deadline)
{
	struct addresses found = { .count = 0 };
	enum reply reply = resolve(t, &found, deadline);

	for (size_t i = 0; reply == REPLY_GIVEN && i < found.count; i++) {
		int64_t now = dbv_now();

		reply = connect_by_any_port(
			t, found.text[i], now + (deadline - now) / (int64_t)(found.count - i));
		if (reply == REPLY_GIVEN || reply == REPLY_STOPPED)
			return reply;
		if (i + 1 < found.count)
			reply = REPLY_GIVEN;
	}
	return reply;
}

/* Numbers of sessions grow: a lower one than before is another life of the server's. */
static bool
is_later(const char *session, const char *earlier)
{
	double now = 0, before = 0;

	return text_to_number(session, &now) && text_to_number(earlier, &before) && now > before;
}

const char *
talk_cell(const struct talk *t, const char *name)
{
	for (size_t i = 0; i < client_columns(t->client); i++)
		if (text_equal_nocase(client_column(t->client, i), name)) {
			const char *value = client_values(t->client)[i];

			return value ? value : "";
		}
	return "";
}

struct earlier {
	const char *session;
	bool is_at_work;
};

static void
find_session(struct talk *t, bool first, void *context)
{
	struct earlier *e = context;

	(void)first;
	if (!*t->mark || strcmp(talk_cell(t, "Id"), e->session) != 0 ||
		!strstr(talk_cell(t, "Info"), t->mark))
		return;
	struct text state = text_on(t->ended_in, sizeof(t->ended_in));

	text_add_foreign(&state, talk_cell(t, "State"), sizeof(t->ended_in) - 1);
	e->is_at_work = true;
}

/* The session that was given up may still be at its last statement; where it is gone, so is that. Its number may be a
 * stranger's by now, after a restart or at another server behind the same address: one's own is known by its statement.
 * One's own sessions are listed without any privilege. */
static enum reply
end_session(struct talk *t, const char *session, int64_t deadline)
{
	struct earlier e = { .session = session };
	char sql[64];
	struct text text = text_on(sql, sizeof(sql));
	enum reply reply = talk_rows(t, "SHOW FULL PROCESSLIST", deadline, find_session, &e);

	if (reply == REPLY_GIVEN && e.is_at_work) {
		text_addf(&text, "KILL %s", session);
		reply = talk_ask(t, sql, deadline);
	}
	return reply == REPLY_REFUSED ? REPLY_GIVEN : reply;
}

static enum reply
begin(struct talk *t, int64_t deadline)
{
	char earlier[sizeof(t->session)];
	enum reply reply = REPLY_GIVEN;

	memcpy(earlier, t->session, sizeof(earlier));
	for (size_t i = 0; reply == REPLY_GIVEN && i < sizeof(settings) / sizeof(settings[0]);
		i++) {
		reply = talk_ask(t, settings[i].sql, deadline);
		if (reply == REPLY_REFUSED && t->error == settings[i].tolerated)
			reply = REPLY_GIVEN;
	}
	if (reply != REPLY_GIVEN)
		return reply;
	if (strspn(t->value, "0123456789") == strlen(t->value) &&
		strlen(t->value) < sizeof(t->session))
		memcpy(t->session, t->value, strlen(t->value) + 1);
	return is_later(t->session, earlier) ? end_session(t, earlier, deadline) : REPLY_GIVEN;
}

enum reply
talk_open(struct talk *t, int64_t deadline)
{
	enum reply reply = connect_anywhere(t, deadline);

	if (reply == REPLY_GIVEN)
		reply = begin(t, deadline);
	return reply == REPLY_REFUSED ? not_let_in(t) : reply;
}

bool
talk_is_open(const struct talk *t)
{
	return t->client != NULL;
}

bool
talk_pause(const struct talk *t, int milliseconds)
{
	struct pollfd stop = { .fd = t->stop, .events = POLLIN };

	return poll(&stop, 1, milliseconds) <= 0;
}

void
talk_close(struct talk *t)
{
	forget_client(t);
	*t->session = '\0';
}
