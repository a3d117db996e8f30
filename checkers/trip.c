/* SPDX-License-Identifier: MIT */
#include "trip.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "dbvitals.h"
#include "text.h"

enum {
	/* Between two looks for the table. */
	PAUSE_MS = 20,
	SQL_MAX = 512,
};

static enum reply say(struct talk *talk, int64_t deadline, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static enum reply
say(struct talk *talk, int64_t deadline, const char *format, ...)
{
	char sql[SQL_MAX];
	struct text t = text_on(sql, sizeof(sql));
	va_list args;

	va_start(args, format);
	text_vaddf(&t, format, args);
	va_end(args);
	return talk_ask(talk, sql, deadline);
}

/* A primary key, since Galera and sql_require_primary_key want one. */
static enum reply
make(struct trip *t, struct talk *talk, int64_t deadline)
{
	t->is_on[0] = true;
	enum reply reply = say(talk, deadline,
		"CREATE TABLE %s (token VARCHAR(64) CHARACTER SET ascii PRIMARY KEY) ENGINE=InnoDB",
		t->table);

	if (reply == REPLY_REFUSED)
		t->is_on[0] = false;
	return reply == REPLY_GIVEN
		       ? say(talk, deadline, "INSERT INTO %s VALUES ('%s')", t->table, t->token)
		       : reply;
}

/* Until the table is there with its row, or, where it is NOT WANTED, until there is no such table. */
static enum reply
watch(struct trip *t, struct talk *talk, bool wanted, int64_t deadline)
{
	bool *is_on = &t->is_on[talk - t->talks];

	for (;;) {
		enum reply reply =
			say(talk, deadline + t->grace_ms, "SELECT token FROM %s", t->table);
		bool gone = reply == REPLY_REFUSED && talk->error == TALK_NO_SUCH_TABLE;

		if (reply != REPLY_GIVEN && !gone)
			return reply;
		*is_on = !gone;
		if (wanted ? talk->has_value && strcmp(talk->value, t->token) == 0 : gone)
			return REPLY_GIVEN;
		if (dbv_now() >= deadline)
			return REPLY_LATE;
		if (!talk_pause(talk, PAUSE_MS))
			return REPLY_STOPPED;
	}
}

static enum reply
see(struct trip *t, struct talk *talk, int64_t deadline)
{
	return watch(t, talk, true, deadline);
}

static enum reply
miss(struct trip *t, struct talk *talk, int64_t deadline)
{
	return watch(t, talk, false, deadline);
}

/* IF EXISTS, so that it can be replicated to where the table never was, or is gone already. */
static enum reply
drop(struct trip *t, struct talk *talk, int64_t deadline)
{
	enum reply reply = say(talk, deadline, "DROP TABLE IF EXISTS %s", t->table);

	if (reply == REPLY_GIVEN)
		t->is_on[talk - t->talks] = false;
	return reply;
}

const struct trip_step trip_steps[TRIP_STEPS] = {
	{ "made on", "not made on", 0, 3, make },
	{ "seen on", "not seen on", 1, 2, see },
	{ "dropped on", "not dropped on", 1, 2, drop },
	{ "gone on", "still on", 0, 1, miss },
};

struct trip
trip_plan(dbv_node *const nodes[2], const char *schema, int stop, int64_t grace_ms)
{
	struct trip t = { .schema = schema, .grace_ms = grace_ms };
	struct text token = text_on(t.token, sizeof(t.token));
	struct text table = text_on(t.table, sizeof(t.table));
	unsigned long long chance = 0;

	/* Without it, process and time must do. */
	if (getrandom(&chance, sizeof(chance), GRND_NONBLOCK) < 0)
		chance = 0;
	text_addf(&token, "dbvitals_roundtrip_%lx_%lx_%llx", (unsigned long)getpid(),
		(unsigned long)time(NULL), chance);
	text_addf(&table, "`%s`.`%s`", schema, t.token);
	for (size_t i = 0; i < 2; i++) {
		t.talks[i] = (struct talk){ .node = nodes[i], .stop = stop };
		memcpy(t.talks[i].mark, t.token, sizeof(t.token));
	}
	return t;
}

enum reply
trip_enter(struct talk *talk, const char *schema, int64_t deadline)
{
	enum reply reply = talk_open(talk, deadline);

	/* As those who use the schema do: filters of the binary log go by it. */
	return reply == REPLY_GIVEN ? say(talk, deadline, "USE `%s`", schema) : reply;
}

enum reply
trip_take(struct trip *t, const struct trip_step *step, int64_t deadline)
{
	return step->take(t, &t->talks[step->node], deadline);
}

enum reply
trip_clean(struct trip *t, size_t node, int64_t deadline)
{
	struct talk *talk = &t->talks[node];
	enum reply reply = REPLY_GIVEN;

	talk->stop = -1;
	if (!talk_is_open(talk))
		reply = trip_enter(talk, t->schema, deadline);
	if (reply != REPLY_GIVEN)
		return reply;
	do
		reply = drop(t, talk, deadline);
	while (reply == REPLY_REFUSED && talk->error == TALK_LOCK_WAIT);
	return reply;
}
