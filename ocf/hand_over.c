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
/* A source that was there a moment ago may come back. */
#define SOURCE_GONE_MS 2000
#define PAUSE_US 100000

static struct address_call
call_of(const struct turn *t, int64_t milliseconds)
{
	return (struct address_call){ .address = t->run.settings.write_ip,
		.resource = t->resource,
		.deadline = turn_within(t, milliseconds) };
}

bool
has_address(const struct turn *t)
{
	struct local_address found;

	return t->run.settings.write_ip && local_address(t->run.settings.write_ip, &found) &&
	       found.here;
}

void
refuse_writes(struct turn *t)
{
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));
	struct settings *s = &t->run.settings;

	if (t->configured == OCF_SUCCESS && s->manage_read_only &&
		!node_set_read_only(s->nodes[0], true, turn_within(t, STATEMENT_MS), &why))
		turn_log(t, LOG_WARNING, "the database may still take writes: %s", reason);
}

bool
allow_writes(struct turn *t, struct text *why)
{
	struct settings *s = &t->run.settings;

	return !s->manage_read_only ||
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
	return t->configured == OCF_SUCCESS && t->run.settings.policy->mode == MODE_REPLICATION;
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
	const struct attribute a = { name, position, dbv_now() };

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

	if (has_address(t)) {
		end_connections(t);
		struct address_call call = call_of(t, t->patience);

		if (!address_down(&call, &why))
			return turn_fail(t, OCF_ERR_GENERIC, "%s", reason);
	}
	refuse_writes(t);
	if (t->record.promoted)
		leave_position(t);
	t->record.promoted = false;
	return OCF_SUCCESS;
}

/* What the other side had written when it gave the address up, "" where nobody left word. */
static bool
find_position(struct turn *t, char *position, size_t size)
{
	char name[192];
	char host[256] = "";

	attribute_name(t, "position", name, sizeof(name));
	gethostname(host, sizeof(host) - 1);
	return publish_ask_others(name, host, position, size, turn_within(t, STATEMENT_MS));
}

/* True when nothing is left to wait for. */
static bool
is_caught_up(struct turn *t, const struct judged *j, const char *position, int64_t began,
	struct text *what)
{
	const dbv_policy *policy = t->run.settings.policy;

	*what = text_on(what->buf, what->size);
	switch (catch_up(j->observation, policy, *position ? position : NULL, what)) {
	case CATCH_UP_DONE:
		return true;
	case CATCH_UP_SOURCE_GONE:
		if (dbv_now() - began < SOURCE_GONE_MS)
			return false;
		turn_log(t, LOG_WARNING, "the last writes of the other side did not arrive: %s",
			what->buf);
		return true;
	case CATCH_UP_APPLYING:
	case CATCH_UP_RECEIVING:
	case CATCH_UP_UNKNOWN:
		break;
	}
	return false;
}

/* Fit, and everything applied that is to be applied; judged anew each time. */
static int
wait_until_ready(struct turn *t, struct fitness *f)
{
	char position[256] = "";
	char words[512] = "";
	struct text what = text_on(words, sizeof(words));
	int64_t began = dbv_now();
	int64_t until = began + (int64_t)(t->run.settings.catch_up_timeout * 1000);

	if (is_replicating(t) && !find_position(t, position, sizeof(position)))
		turn_log(
			t, LOG_WARNING, "the cluster does not tell what the other side wrote last");
	for (;;) {
		struct judged j;

		*f = health(t, &j);
		if (f->weight == 0) {
			judged_end(&j);
			return turn_fail(t, OCF_ERR_GENERIC, "%s", f->reason);
		}
		bool ready = !is_replicating(t) || is_caught_up(t, &j, position, began, &what);

		judged_end(&j);
		if (ready)
			return OCF_SUCCESS;
		if (dbv_now() >= until || dbv_now() >= t->deadline - ADDRESS_MS)
			return turn_fail(
				t, OCF_ERR_GENERIC, "%.90s (replication.not_caught_up)", words);
		usleep(PAUSE_US);
	}
}

static int
bring_up(struct turn *t)
{
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));

	if (!allow_writes(t, &why)) {
		refuse_writes(t);
		return turn_fail(t, OCF_ERR_GENERIC, "%.100s (server.read_only)", reason);
	}
	let_connections_in(t);
	/* If this is the end of us, the record tells whose address it is. */
	t->record.promoted = true;
	if (!turn_keep(t))
		return OCF_ERR_GENERIC;
	struct address_call call = call_of(t, t->patience);

	if (address_up(&call, &why))
		return OCF_SUCCESS;
	address_down(&call, &why);
	refuse_writes(t);
	t->record.promoted = false;
	turn_keep(t);
	return turn_fail(t, OCF_ERR_GENERIC, "%s", reason);
}

int
take_address(struct turn *t)
{
	struct fitness f;
	char name[192];
	int status = wait_until_ready(t, &f);

	if (status == OCF_SUCCESS)
		status = bring_up(t);
	if (status != OCF_SUCCESS)
		return status;
	attribute_name(t, "position", name, sizeof(name));
	const struct attribute mine = { name, NULL, 0 };
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));

	if (is_replicating(t) && !publish_plain(&mine, turn_within(t, STATEMENT_MS), &why))
		turn_log(t, LOG_WARNING, "an old position may be left: %s", reason);
	return tell_score(t, true, &f) ? OCF_SUCCESS : OCF_ERR_GENERIC;
}
