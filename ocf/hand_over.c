/* SPDX-License-Identifier: MIT */
#include "hand_over.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "address.h"
#include "catch_up.h"
#include "health.h"
#include "local.h"
#include "policy.h"
#include "position.h"
#include "read_only.h"
#include "telling.h"

/* How long a statement of ours may take. */
#define STATEMENT_MS 1000
/* Blocking and ending connections must leave time for the address itself. */
#define CONNECTIONS_MS 3000
/* Promotion keeps so much of its time for bringing the address up. */
#define ADDRESS_MS 10000
#define PAUSE_US 100000

static struct address_call
call_of(const struct turn *t, int64_t milliseconds)
{
	return (struct address_call){ .address = t->run.settings.write_ip,
		.resource = t->resource,
		.deadline = turn_within(t, milliseconds) };
}

enum truth
has_address(const struct turn *t)
{
	return local_has(t->run.settings.write_ip);
}

void
refuse_writes(struct turn *t)
{
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));
	struct settings *s = &t->run.settings;

	if (s->nodes_are_set && s->manage_read_only &&
		!node_set_read_only(s->nodes[0], true, turn_within(t, STATEMENT_MS), &why))
		turn_log(t, LOG_WARNING, "the database may still take writes: %s", reason);
}

bool
allow_writes(struct turn *t, struct text *why)
{
	struct settings *s = &t->run.settings;

	if (!s->manage_read_only)
		return true;
	if (!s->nodes_are_set)
		text_add(why, t->run.error.buf);
	return s->nodes_are_set &&
	       node_set_read_only(s->nodes[0], false, turn_within(t, STATEMENT_MS), why);
}

static void
warn_once(struct turn *t, const char *why)
{
	if (!t->record.warned)
		turn_log(t, LOG_WARNING, "connections to the address may outlive it: %s", why);
	t->record.warned = true;
}

static void
end_connections(struct turn *t)
{
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));
	struct address_call call = call_of(t, CONNECTIONS_MS);

	if (!t->run.settings.end_connections)
		return;
	bool blocked = address_block(&call, &why);

	if (!address_end_connections(&call, &why) || !blocked)
		warn_once(t, reason);
}

/* Of an earlier demotion. Where that fails, what is refused ends by itself. */
static void
let_connections_in(struct turn *t)
{
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));
	struct address_call call = call_of(t, CONNECTIONS_MS);

	if (t->run.settings.end_connections)
		address_unblock(&call, &why);
}

static bool
is_replicating(const struct turn *t)
{
	const struct settings *s = &t->run.settings;

	return s->nodes_are_set && s->policy->mode == MODE_REPLICATION;
}

/* Nobody writes through the address any more: whoever is promoted next waits for this position. */
static void
leave_position(struct turn *t)
{
	char position[256];
	char reason[DBV_ERROR_SIZE];
	char name[192];
	struct text where = text_on(position, sizeof(position));
	struct text why = text_on(reason, sizeof(reason));

	if (!is_replicating(t))
		return;
	attribute_name(t, "position", name, sizeof(name));
	const struct attribute a = { .name = name, .value = position };

	if (!node_position(t->run.settings.nodes[0], turn_within(t, STATEMENT_MS), &where, &why) ||
		!publish_plain(&a, turn_within(t, STATEMENT_MS), &why))
		turn_log(t, LOG_WARNING,
			"whoever is promoted next does not know what to wait for: %s", reason);
}

int
give_up_address(struct turn *t)
{
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));

	if (has_address(t) != TRUTH_NO) {
		end_connections(t);
		struct address_call call = call_of(t, t->patience);

		if (!address_down(&call, &why))
			return turn_fail(t, OCF_ERR_GENERIC, "%s (address)", reason);
	}
	refuse_writes(t);
	if (t->record.promoted)
		leave_position(t);
	t->record.promoted = false;
	return OCF_SUCCESS;
}

/* What the other side had written when it gave the address up; nothing where nobody left word. False where the cluster does
 * not tell. */
static bool
find_position(struct turn *t, struct other *o)
{
	char name[192];

	attribute_name(t, "position", name, sizeof(name));
	return publish_ask_others(name, o, turn_within(t, STATEMENT_MS));
}

static bool
is_caught_up(
	struct turn *t, const struct judged *j, const struct other *o, bool last, struct text *what)
{
	const dbv_policy *policy = t->run.settings.policy;

	*what = text_on(what->buf, what->size);
	switch (catch_up(j->observation, policy, *o->value ? o->value : NULL, what)) {
	case CATCH_UP_DONE:
		return true;
	case CATCH_UP_SOURCE_GONE:
		/* It has been waited for. What cannot arrive is no reason to have no writer at all, as after a crash. */
		if (last)
			turn_log(t, LOG_WARNING,
				"the last writes of the other side did not arrive: %s", what->buf);
		return last;
	case CATCH_UP_APPLYING:
	case CATCH_UP_RECEIVING:
	case CATCH_UP_UNKNOWN:
		break;
	}
	return false;
}

/* Fit, and everything applied that is to be applied; judged anew each time. */
static int
wait_until_ready(struct turn *t, struct fitness *f, struct other *o)
{
	char words[512] = "";
	struct text what = text_on(words, sizeof(words));
	int64_t until = dbv_now() + (int64_t)(t->run.settings.catch_up_timeout * 1000);
	bool told = !is_replicating(t);

	if (until > t->deadline - ADDRESS_MS)
		until = t->deadline - ADDRESS_MS;
	for (;;) {
		struct judged j;
		bool last = dbv_now() >= until;

		told = told || find_position(t, o);
		*f = health(t, &j);
		bool ready = f->weight > 0 && told &&
			     (!is_replicating(t) || is_caught_up(t, &j, o, last, &what));

		judged_end(&j);
		if (f->weight == 0)
			return turn_fail(t, OCF_ERR_GENERIC, "%s", f->reason);
		if (ready)
			return OCF_SUCCESS;
		if (last && !told)
			return turn_fail(t, OCF_ERR_GENERIC,
				"the cluster does not tell what the other side wrote last (attributes)");
		if (last)
			return turn_fail(
				t, OCF_ERR_GENERIC, "%.200s (replication.not_caught_up)", words);
		usleep(PAUSE_US);
	}
}

/* The address did not come up, or must not: nobody is to write here. */
static int
fall_back(struct turn *t, const char *reason, const char *check)
{
	char ignored[DBV_ERROR_SIZE];
	struct text why = text_on(ignored, sizeof(ignored));
	struct address_call call = call_of(t, t->patience);

	if (address_down(&call, &why)) {
		refuse_writes(t);
		t->record.promoted = false;
		turn_keep(t);
	}
	return turn_fail(t, OCF_ERR_GENERIC, "%s (%s)", reason, check);
}

static int
bring_up(struct turn *t)
{
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));
	struct address_call call = call_of(t, t->patience);

	if (!allow_writes(t, &why)) {
		refuse_writes(t);
		return turn_fail(t, OCF_ERR_GENERIC, "%s (server.read_only)", reason);
	}
	let_connections_in(t);
	/* If this is the end of us, the record tells whose address it is. */
	t->record.promoted = true;
	if (!turn_keep(t))
		return fall_back(t, "cannot write into " RUN_FOLDER, "node.checker_failed");
	call.deadline -= (call.deadline - dbv_now()) / 2;
	return address_up(&call, &why) ? OCF_SUCCESS : fall_back(t, reason, "address");
}

/* Positions are for those who have not reached them. */
static void
forget_positions(struct turn *t, const struct other *o)
{
	char name[192];
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));
	int64_t end = turn_within(t, STATEMENT_MS);

	attribute_name(t, "position", name, sizeof(name));
	const struct attribute mine = { .name = name };
	const struct attribute theirs = { .name = name, .node = o->node };

	if (!publish_plain(&mine, end, &why) || (*o->value && !publish_plain(&theirs, end, &why)))
		turn_log(t, LOG_WARNING, "an old position may be left: %s", reason);
}

int
take_address(struct turn *t)
{
	struct fitness f;
	struct other o = { .value = "" };
	int status = wait_until_ready(t, &f, &o);

	if (status == OCF_SUCCESS)
		status = bring_up(t);
	if (status != OCF_SUCCESS)
		return status;
	if (is_replicating(t))
		forget_positions(t, &o);
	return tell_score(t, true, &f) ? OCF_SUCCESS : OCF_ERR_GENERIC;
}
