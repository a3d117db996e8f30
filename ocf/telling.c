/* SPDX-License-Identifier: MIT */
#include "telling.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

/* The cluster's own programs take some milliseconds. */
#define PUBLISH_MS 4000

/* What the attribute daemon takes to come back. */
#define RESTART_MS 1000
#define PAUSE_US 50000

void
attribute_name(const struct turn *t, const char *kind, char *buf, size_t size)
{
	snprintf(buf, size, "dbvitals-%s-%s", kind, t->resource);
}

/* What the cluster goes on believing is a judgement of that time. */
static bool
is_too_old(const struct turn *t, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (dbv_now() - t->record.published[i].judged_at >= SCORE_AGE_MAX_MS)
			return true;
	return false;
}

/* The cluster ends a monitor at any moment, also between telling and keeping: what is about to change is not known until it
 * has been told. */
static void
forget_changes(struct turn *t, const struct attribute attributes[], size_t count)
{
	bool changes = false;

	for (size_t i = 0; i < count; i++) {
		struct published *p = &t->record.published[i];

		if (attributes[i].value && strcmp(attributes[i].value, p->value) == 0)
			continue;
		p->value[0] = '\0';
		changes = true;
	}
	if (changes)
		turn_keep(t);
}

bool
tell(struct turn *t, const struct attribute attributes[], size_t count)
{
	char reason[512];
	struct text why = text_on(reason, sizeof(reason));

	forget_changes(t, attributes, count);
	bool taken = publish(&t->record, attributes, count, turn_within(t, PUBLISH_MS), &why);

	turn_keep(t);
	if (taken)
		return true;
	if (is_too_old(t, count)) {
		turn_fail(t, 0, "the cluster takes no attributes: %.200s (attributes)", reason);
		return false;
	}
	turn_log(t, LOG_WARNING, "the cluster takes no attributes: %s", reason);
	return true;
}

bool
tell_score(struct turn *t, bool holder, const struct fitness *f)
{
	struct record *rec = &t->record;
	int score = score_of(holder, f, &rec->known, dbv_now());
	char word[16];
	char name[192];

	if (holder && f->state != DBV_UNKNOWN)
		rec->known = (struct known_score){ .score = score, .at = f->judged_at };
	score_word(score, word, sizeof(word));
	attribute_name(t, "why", name, sizeof(name));
	const struct attribute both[] = { { .value = word, .judged_at = f->judged_at },
		{ .name = name, .value = f->why, .judged_at = f->judged_at } };

	return tell(t, both, 2);
}

void
tell_held(struct turn *t)
{
	int64_t end = turn_within(t, PUBLISH_MS);
	/* What begins then has as long again. */
	int64_t last = dbv_now() + (end - dbv_now()) / 2;
	struct published *p = &t->record.published[0];
	char reason[512];
	char word[16];

	score_word(score_held(score_of_word(p->value)), word, sizeof(word));
	/* It rests on no judgement, and is no younger than the last. */
	const struct attribute score = { .value = word, .judged_at = p->judged_at };

	forget_changes(t, &score, 1);
	for (;;) {
		struct text why = text_on(reason, sizeof(reason));

		/* Told again, too: an attribute daemon that was restarted meanwhile has lost it. */
		p->value[0] = '\0';
		if (publish(&t->record, &score, 1, end, &why) &&
			publish_is_planned(&score, end, &why)) {
			turn_keep(t);
			return;
		}
		if (dbv_now() >= last)
			break;
		usleep(PAUSE_US);
	}
	p->value[0] = '\0';
	turn_log(t, LOG_WARNING, "Pacemaker may forget that this host is promoted: %s (attributes)",
		reason);
}

void
withdraw(struct turn *t, const char *const names[], size_t count)
{
	struct attribute gone[ATTRIBUTES_MAX];
	char reason[512];
	struct text why = text_on(reason, sizeof(reason));

	for (size_t i = 0; i < count; i++)
		gone[i] = (struct attribute){ .name = names[i] };
	/* Where no cluster answers there is nothing left of them, unless it is about to answer again. */
	int64_t end = turn_within(t, t->record.published[0].daemon ? RESTART_MS : 0);

	while (publish_daemon() == 0 && dbv_now() < end)
		usleep(PAUSE_US);
	if (publish_daemon() == 0 ||
		publish(&t->record, gone, count, turn_within(t, PUBLISH_MS), &why))
		return;
	turn_log(t, LOG_WARNING, "attributes may be left: %s", reason);
}

void
tell_nothing(struct turn *t)
{
	char why[192];

	attribute_name(t, "why", why, sizeof(why));
	withdraw(t, (const char *const[]){ NULL, why }, 2);
}
