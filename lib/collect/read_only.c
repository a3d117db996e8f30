/* SPDX-License-Identifier: MIT */
#include "read_only.h"

#include "dbvitals.h"
#include "judge.h"
#include "talk.h"

/* By it the statement is known in the process list. */
#define MARK "/* dbvitals read_only */"

struct change {
	struct talk talk;
	bool on;
	/* What became of it so far. */
	char words[512];
};

struct flags {
	dbv_observation *o;
	/* Rows contradict each other, or cannot be kept: nobody knows which flag holds. */
	bool unclear;
};

static void
keep_flag(struct talk *t, bool first, void *context)
{
	struct flags *f = context;
	enum variable v = variable_by_name(SOURCE_GLOBAL_VARIABLES, talk_cell(t, "Variable_name"));
	const char *value = talk_cell(t, "Value");

	(void)first;
	if (v != V_READ_ONLY && v != V_SUPER_READ_ONLY && v != V_INNODB_READ_ONLY)
		return;
	if (value_contradicts(&f->o->values[v], value) || !observation_set(f->o, v, value))
		f->unclear = true;
}

/* MariaDB 12 has more than on and off: NO_LOCK and NO_LOCK_NO_ADMIN forbid all that ON does, and more. */
static bool
is_on(const dbv_observation *o)
{
	const struct value *v = &o->values[V_READ_ONLY];

	return value_truth(v) == TRUTH_YES || text_starts_nocase(value_text(v), "NO_LOCK");
}

/* The flag that is not as wanted; VARIABLE_COUNT where all are. */
static enum variable
wrong_flag(const dbv_observation *o, bool on)
{
	if (on)
		return is_on(o) ? VARIABLE_COUNT : V_READ_ONLY;
	return o->values[V_READ_ONLY].kind == VALUE_ABSENT ? V_READ_ONLY : read_only_flag(o);
}

static void
say(struct change *c, const char *words)
{
	struct text t = text_on(c->words, sizeof(c->words));

	text_add(&t, words);
}

static void
say_flag(struct change *c, const dbv_observation *o, enum variable flag)
{
	struct text t = text_on(c->words, sizeof(c->words));

	text_addf(&t, "%s is ", variables[flag].name);
	text_add_foreign(
		&t, *value_text(&o->values[flag]) ? value_text(&o->values[flag]) : "not known", 32);
	text_addf(&t, "%s",
		flag == V_INNODB_READ_ONLY
			? ", which only a restart of the server without it changes"
			: "");
}

static void
say_reply(struct change *c, enum reply reply)
{
	const struct talk *t = &c->talk;
	struct text words = text_on(c->words, sizeof(c->words));

	if (reply == REPLY_LATE)
		text_addf(&words, "no answer in time: waited for %s", t->error_text);
	else if (t->error == TALK_WRONG_VALUE)
		text_add(&words, "the server came to it too late");
	else
		text_add(&words, t->error_text);
	if (t->error)
		text_addf(&words, " (error %u)", t->error);
	if (t->error == TALK_PRIVILEGE_MISSING)
		text_add(&words, "; dbvitals grants --manage-read-only prints what it needs");
}

/* Is the server as wanted? Where it is not, and nothing else is told yet, the flag is. */
static bool
is_as_wanted(struct change *c, enum reply *reply, int64_t deadline)
{
	dbv_observation *o = observation_new();
	struct flags flags = { .o = o };
	enum variable flag = V_READ_ONLY;

	if (!o) {
		say(c, "out of memory");
		return false;
	}
	*reply = talk_rows(&c->talk,
		"SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only','super_read_only','innodb_read_only')",
		deadline, keep_flag, &flags);
	if (*reply == REPLY_GIVEN && !flags.unclear)
		flag = wrong_flag(o, c->on);
	if (*c->words == '\0' && *reply != REPLY_GIVEN)
		say_reply(c, *reply);
	else if (*c->words == '\0' && flags.unclear)
		say(c, "rows that contradict each other, or more than can be kept");
	else if (*c->words == '\0' && flag != VARIABLE_COUNT)
		say_flag(c, o, flag);
	observation_free(o);
	return *reply == REPLY_GIVEN && flag == VARIABLE_COUNT;
}

/* By the server's own clock the statement is void (error 1231) once LIMIT has passed: a server that was frozen
 * and thaws finds it in its socket. */
static enum reply
set(struct change *c, int64_t limit)
{
	struct talk *t = &c->talk;
	enum reply reply = talk_ask(t, "SELECT UNIX_TIMESTAMP(SYSDATE(6))", limit);
	char sql[160];
	struct text s = text_on(sql, sizeof(sql));
	double clock = 0;

	if (reply != REPLY_GIVEN)
		return reply;
	text_to_number(t->value, &clock);
	text_add(&s, MARK " SET GLOBAL read_only = IF(UNIX_TIMESTAMP(SYSDATE(6)) < ");
	text_add_number(&s, clock + (double)(limit - dbv_now()) / 1000);
	text_addf(&s, ", %d, -1)", c->on);
	return talk_ask(t, sql, limit);
}

/* Of what is left the last quarter is for ending a statement that was given up. */
static bool
change(struct change *c, int64_t deadline)
{
	enum reply reply = talk_open(&c->talk, deadline);
	int64_t now = dbv_now();

	if (reply != REPLY_GIVEN) {
		say_reply(c, reply);
		return false;
	}
	if (is_as_wanted(c, &reply, deadline))
		return true;
	if (reply != REPLY_GIVEN)
		return false;
	*c->words = '\0';
	reply = set(c, now + (deadline - now) / 4 * 3);
	if (reply != REPLY_GIVEN)
		say_reply(c, reply);
	if (!talk_is_open(&c->talk)) {
		reply = talk_open(&c->talk, deadline);
		if (*c->talk.ended_in) {
			struct text t = text_on(c->words, sizeof(c->words));

			text_addf(&t, "no answer in time: the server was at \"%s\"",
				c->talk.ended_in);
		}
	} else {
		reply = REPLY_GIVEN;
	}
	return reply == REPLY_GIVEN && is_as_wanted(c, &reply, deadline);
}

bool
node_set_read_only(dbv_node *n, bool on, int64_t deadline, struct text *why)
{
	struct change c = { .talk = { .node = n, .stop = -1, .mark = MARK }, .on = on };
	bool done = change(&c, deadline);

	talk_close(&c.talk);
	if (!done)
		text_addf(why, "SET GLOBAL read_only = %d: %s", on, c.words);
	return done;
}
