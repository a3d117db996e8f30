/* SPDX-License-Identifier: MIT */
#include "catch_up.h"

#include <string.h>

#include "movement.h"
#include "place.h"
#include "policy.h"

struct position {
	char server_id[24];
	char file[256];
	char at[24];
};

static bool
copy(char *to, size_t size, const char *from, size_t length)
{
	if (length == 0 || length >= size)
		return false;
	memcpy(to, from, length);
	to[length] = '\0';
	return true;
}

static bool
parse(const char *text, struct position *p)
{
	const char *first = strchr(text, ':'), *last = strrchr(text, ':');

	return first && last > first &&
	       copy(p->server_id, sizeof(p->server_id), text, (size_t)(first - text)) &&
	       copy(p->file, sizeof(p->file), first + 1, (size_t)(last - first - 1)) &&
	       copy(p->at, sizeof(p->at), last + 1, strlen(last + 1)) && is_digits(p->server_id) &&
	       is_digits(p->at);
}

static const char *
text_of(const struct question *q, enum variable v)
{
	return value_text(value_of(q, v));
}

static void
add_place(struct text *what, const char *file, const char *at)
{
	text_add_foreign(what, *file ? file : "nothing", 128);
	text_add(what, ":");
	text_add_foreign(what, at, 24);
}

static void
add_channel(struct text *what, const struct question *q)
{
	struct ruling r = { .message = *what };

	ruling_add_channel(&r, q);
	*what = r.message;
}

static void
add_applied(struct text *what, const struct question *q)
{
	const char *file = text_of(q, V_EXEC_LOG_FILE), *at = text_of(q, V_EXEC_LOG_POS);

	text_add(what, "applied ");
	add_place(what, file, at);
	if (strcmp(file, text_of(q, V_READ_LOG_FILE)) == 0 &&
		strcmp(at, text_of(q, V_READ_LOG_POS)) == 0)
		return;
	text_add(what, " of ");
	add_place(what, text_of(q, V_READ_LOG_FILE), text_of(q, V_READ_LOG_POS));
}

static bool
is_told(const struct question *q)
{
	return value_of(q, V_READ_LOG_POS)->kind == VALUE_NUMBER &&
	       value_of(q, V_EXEC_LOG_POS)->kind == VALUE_NUMBER &&
	       value_of(q, V_READ_LOG_FILE)->kind != VALUE_ABSENT &&
	       value_of(q, V_EXEC_LOG_FILE)->kind != VALUE_ABSENT;
}

/* How far a channel that has applied all that it received is from the peer's POSITION. */
static enum catch_up
distance(const struct question *q, const struct position *p, struct text *what)
{
	bool connected = value_is(value_of(q, V_IO_RUNNING), "Yes");
	int order = 0;
	bool comparable = place_compare(
		text_of(q, V_EXEC_LOG_FILE), text_of(q, V_EXEC_LOG_POS), p->file, p->at, &order);

	if (comparable && order >= 0)
		return CATCH_UP_DONE;
	text_add(what, comparable ? ", not yet " : ", which cannot be compared with ");
	add_place(what, p->file, p->at);
	if (!connected)
		text_add(what, ", and the source cannot be reached");
	return !connected   ? CATCH_UP_SOURCE_GONE
	       : comparable ? CATCH_UP_RECEIVING
			    : CATCH_UP_UNKNOWN;
}

/* P: the peer's position where the channel leads to that peer, else NULL. */
static enum catch_up
channel_catch_up(const struct question *q, const struct position *p, struct text *what)
{
	add_channel(what, q);
	if (!is_told(q)) {
		text_add(what, "the replica status does not tell how far it is");
		return CATCH_UP_UNKNOWN;
	}
	add_applied(what, q);
	if (!value_is(value_of(q, V_SQL_RUNNING), "Yes")) {
		text_add(what, ", and the SQL thread is stopped");
		if (*text_of(q, V_LAST_SQL_ERROR)) {
			text_add(what, ": ");
			text_add_foreign(what, text_of(q, V_LAST_SQL_ERROR), 200);
		}
		return CATCH_UP_APPLYING;
	}
	if (movement_backlog(q))
		return CATCH_UP_APPLYING;
	if (movement_cut_off(q))
		text_add(what,
			", the rest being a transaction that its source did not finish sending");
	return p ? distance(q, p, what) : CATCH_UP_DONE;
}

/* Without a channel that leads to the peer its last changes cannot come. */
static enum catch_up
no_channel(const struct question *q, const struct position *p, struct text *what)
{
	if (q->policy->channel) {
		text_add(what, "no replication channel ");
		text_add_foreign(what, q->policy->channel, 64);
		return CATCH_UP_UNKNOWN;
	}
	text_add(what, "no replication channel");
	if (!p)
		return CATCH_UP_DONE;
	text_addf(what, " from server %s, which ended at ", p->server_id);
	add_place(what, p->file, p->at);
	return CATCH_UP_SOURCE_GONE;
}

enum catch_up
catch_up(const dbv_observation *now, const dbv_policy *policy, const char *position,
	struct text *what)
{
	struct question q = { .now = now, .policy = policy };
	struct position peer = { .at = "" }, *wanted = position ? &peer : NULL;
	enum catch_up worst = CATCH_UP_DONE;
	bool any = false, found = false;
	size_t start = what->len;

	if (!is_answered(now, NEEDS(CHANNEL))) {
		text_add(what, "the replica status is not known");
		return CATCH_UP_UNKNOWN;
	}
	if (wanted && !parse(position, wanted)) {
		text_add(what, "the demoted peer's last position is malformed: ");
		text_add_foreign(what, position, 100);
		return CATCH_UP_UNKNOWN;
	}
	for (size_t i = 0; i < now->channel_count; i++) {
		char words[640];
		struct text t = text_on(words, sizeof(words));

		q.channel = now->channels[i];
		if (!channel_is_judged(policy, q.channel))
			continue;
		bool leads =
			wanted && value_is(value_of(&q, V_SOURCE_SERVER_ID), wanted->server_id);
		enum catch_up state = channel_catch_up(&q, leads ? wanted : NULL, &t);

		if (!any || state > worst) {
			what->len = start;
			text_add(what, words);
			worst = state;
		}
		any = true;
		found |= leads;
	}
	q.channel = NULL;
	if (any && (!wanted || found || worst > CATCH_UP_SOURCE_GONE))
		return worst;
	what->len = start;
	return no_channel(&q, wanted, what);
}
