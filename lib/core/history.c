/* SPDX-License-Identifier: MIT */
#include "history.h"

#include <stdlib.h>
#include <string.h>

#include "movement.h"

/* Uptime is told in whole seconds, and the server's clock may be corrected meanwhile. */
static const double start_tolerance_ms = 5000;

dbv_history *
dbv_history_new(void)
{
	return calloc(1, sizeof(dbv_history));
}

void
dbv_history_free(dbv_history *h)
{
	if (!h)
		return;
	free(h->channels);
	free(h);
}

int64_t
dbv_history_since(const dbv_history *h)
{
	return (int64_t)h->state_since;
}

static void
copy(char *to, size_t size, const char *from)
{
	struct text t = text_on(to, size);

	text_add(&t, from);
}

static double
taken_at(const dbv_observation *o)
{
	return value_number(&o->values[V_TAKEN_AT], 0);
}

/* Each alone may be that of two servers. */
static void
identify(const dbv_observation *o, char *server, size_t size)
{
	static const enum variable names[] = { V_SERVER_UUID, V_SERVER_UID, V_HOSTNAME, V_PORT,
		V_SERVER_ID };
	struct text t = text_on(server, size);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		text_addf(&t, "%.60s/", value_text(&o->values[names[i]]));
}

static double
started_at(const dbv_observation *o)
{
	const struct value *uptime = &o->values[V_UPTIME];

	return uptime->kind == VALUE_NUMBER ? taken_at(o) - uptime->number * 1000 : 0;
}

bool
history_compares(const dbv_history *h, const dbv_observation *now)
{
	char server[sizeof(h->server)];
	double age = h ? taken_at(now) - h->answered_at : 0;
	double moved = h ? started_at(now) - h->started_at : 0;

	if (!h || h->answered_at <= 0 || age <= 0 || age > HISTORY_AGE_MAX_MS)
		return false;
	identify(now, server, sizeof(server));
	return strcmp(server, h->server) == 0 && moved < start_tolerance_ms &&
	       moved > -start_tolerance_ms;
}

const struct channel_history *
history_channel(const dbv_history *h, const char *name)
{
	for (size_t i = 0; h && i < h->channel_count; i++)
		if (strncmp(h->channels[i].name, name, sizeof(h->channels[i].name) - 1) == 0)
			return &h->channels[i];
	return NULL;
}

/* What Q's channel is now, on from what it was. */
static void
follow_channel(struct channel_history *c, const struct question *q)
{
	const struct channel_history *before = movement_channel(q);
	double now = taken_at(q->now);
	bool receives = value_is(value_of(q, V_IO_RUNNING), "Yes");
	bool moved = before && movement_received(q, before);
	double beats = value_number(value_of(q, V_RECEIVED_HEARTBEATS), 0);
	double lag = 0;

	copy(c->name, sizeof(c->name), value_text(value_of(q, V_CHANNEL_NAME)));
	copy(c->read_file, sizeof(c->read_file), value_text(value_of(q, V_READ_LOG_FILE)));
	c->read_position = value_number(value_of(q, V_READ_LOG_POS), 0);
	copy(c->applied_file, sizeof(c->applied_file), value_text(value_of(q, V_EXEC_LOG_FILE)));
	c->applied_position = value_number(value_of(q, V_EXEC_LOG_POS), 0);
	c->heartbeats = beats;
	c->alive_at = !before || !receives || moved || beats != before->heartbeats
			      ? now
			      : before->alive_at;
	c->applied_at = !before || !movement_should_apply(q) || movement_applied(q, before)
				? now
				: before->applied_at;
	c->contact_at = before ? before->contact_at : 0;
	c->contact_lag = before ? before->contact_lag : -1;
	if (!receives || movement_silence(q) > 0)
		return;
	c->contact_at = now;
	c->contact_lag = metrics[metric_by_name("lag")].measure(q, &lag) ? lag : -1;
}

/* The channels of NOW, on from what they were in H; NULL when out of memory. */
static struct channel_history *
follow_channels(const dbv_history *h, const dbv_observation *now)
{
	struct question q = { .now = now, .history = h };
	struct channel_history *channels = calloc(now->channel_count + 1, sizeof(*channels));

	for (size_t i = 0; channels && i < now->channel_count; i++) {
		q.channel = now->channels[i];
		follow_channel(&channels[i], &q);
	}
	return channels;
}

static void
follow_waiters(dbv_history *h, const dbv_observation *now)
{
	struct question q = { .now = now, .history = h };
	struct waiter waiters[WAITERS_MAX];
	bool listed = is_answered(now, NEEDS(SESSIONS));

	if (listed) {
		h->waiter_count = movement_waiters(&q, waiters);
		memcpy(h->waiters, waiters, h->waiter_count * sizeof(waiters[0]));
	}
	h->listed = listed;
}

/* For whose sake the node is down, but for having been down; NULL where nothing else is. */
static const char *
down_reason(const dbv_verdict *v)
{
	for (size_t i = 0; i < v->finding_count; i++)
		if (v->findings[i].cell == CELL_DOWN &&
			strcmp(dbv_finding_id(v, i), "node.recovering") != 0)
			return dbv_finding_id(v, i);
	return NULL;
}

void
history_follow_role(dbv_history *h, const dbv_observation *now, const dbv_verdict *v)
{
	struct role_history *role = &h->roles[v->role];
	const char *down = down_reason(v);

	if (down)
		role->down_at = taken_at(now);
	if (!is_answered(now, NEEDS(GLOBAL_VARIABLES) | NEEDS(GLOBAL_STATUS)))
		return;
	role->complete_down = down != NULL;
	copy(role->complete_reason, sizeof(role->complete_reason), down ? down : "");
}

static void
follow_verdict(dbv_history *h, const dbv_observation *now, const dbv_verdict *v)
{
	const char *state = dbv_state_name(dbv_verdict_state(v));

	if (strcmp(h->state, state) != 0 || h->state_since <= 0)
		h->state_since = taken_at(now);
	copy(h->state, sizeof(h->state), state);
	copy(h->reason, sizeof(h->reason),
		v->worst > CELL_NOTE && v->finding_count ? dbv_finding_id(v, 0) : "");
	history_follow_role(h, now, v);
}

static void
follow_pauses(dbv_history *h, const dbv_observation *now, bool same_server)
{
	double age = taken_at(now) - h->paused_at;

	if (same_server && age < PAUSES_APART_MS)
		return;
	h->paused_ns = value_number(&now->values[V_WSREP_FC_PAUSED_NS], -1);
	h->paused_at = taken_at(now);
}

bool
dbv_history_add(dbv_history *h, const dbv_observation *now, const dbv_verdict *v)
{
	bool answered = is_answered(now, NEEDS(GLOBAL_VARIABLES) | NEEDS(GLOBAL_STATUS));
	bool same_server = history_compares(h, now);
	/* A status that was not read leaves what is known of the channels as it was. */
	bool listed = is_answered(now, NEEDS(CHANNEL));
	struct channel_history *channels = listed ? follow_channels(h, now) : NULL;

	if (listed && !channels)
		return false;
	if (taken_at(now) - h->taken_at > HISTORY_AGE_MAX_MS) {
		h->state_since = 0;
		memset(h->roles, 0, sizeof(h->roles));
	}
	follow_waiters(h, now);
	if (answered && !same_server && !h->listed)
		h->waiter_count = 0;
	if (listed || (answered && !same_server)) {
		free(h->channels);
		h->channels = channels;
		h->channel_count = listed ? now->channel_count : 0;
	}
	follow_verdict(h, now, v);
	h->taken_at = taken_at(now);
	if (!answered)
		return true;
	follow_pauses(h, now, same_server);
	identify(now, h->server, sizeof(h->server));
	h->answered_at = taken_at(now);
	h->started_at = started_at(now);
	return true;
}
