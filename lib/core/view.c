/* SPDX-License-Identifier: MIT */
#include "view.h"

#include <string.h>

#include "judge.h"
#include "text.h"

bool
view_of(const dbv_observation *o, struct view *v)
{
	const struct value *index = &o->values[V_WSREP_LOCAL_INDEX];

	if (!is_answered(o, NEEDS(GLOBAL_STATUS)) ||
		!value_is(&o->values[V_WSREP_CLUSTER_STATUS], "Primary"))
		return false;
	*v = (struct view){
		.uuid = value_text(&o->values[V_WSREP_CLUSTER_STATE_UUID]),
		.conf_id = value_text(&o->values[V_WSREP_CLUSTER_CONF_ID]),
		.seats = value_text(&o->values[V_WSREP_INCOMING_ADDRESSES]),
		.size = value_number(&o->values[V_WSREP_CLUSTER_SIZE], -1),
		.index = SEATS_MAX,
	};
	if (index->kind == VALUE_NUMBER && index->number >= 0 && index->number < SEATS_MAX)
		v->index = (size_t)index->number;
	return true;
}

bool
view_next_seat(const struct view *v, struct seat *s)
{
	const char *p = s->text ? s->text + s->len : v->seats;
	size_t number = s->text ? s->number + 1 : 0;

	if (number == SEATS_MAX || (s->text ? *p != ',' : !*p))
		return false;
	p += s->text != NULL;
	*s = (struct seat){ p, strcspn(p, ","), number };
	return true;
}

size_t
view_empty_seats(const struct view *v)
{
	size_t empty = 0;
	struct seat s = { NULL, 0, 0 };

	while (view_next_seat(v, &s))
		empty += s.len == 0;
	return empty;
}

bool
views_equal(const struct view *a, const struct view *b)
{
	return a->size == b->size && strcmp(a->uuid, b->uuid) == 0 &&
	       strcmp(a->conf_id, b->conf_id) == 0 && strcmp(a->seats, b->seats) == 0;
}

static bool
is_numbered(const struct view *v)
{
	static const char none[] = "18446744073709551615";

	return *v->conf_id && strcmp(v->conf_id, none) != 0;
}

bool
have_own_seats(const struct view *a, const struct view *b)
{
	return is_numbered(a) && a->index != b->index && (double)a->index < a->size &&
	       (double)b->index < b->size;
}

bool
views_are_one(const struct view *a, const struct view *b)
{
	struct view c = *b;

	/* A node with wsrep_on off does not tell of the others. */
	if (!*a->seats || !*b->seats)
		c.seats = a->seats;
	return have_own_seats(a, b) && views_equal(a, &c);
}

static bool
is_address(const struct seat *s)
{
	static const char unknown[] = "AUTO";

	return s->len > 0 && !(s->len == strlen(unknown) && text_starts_nocase(s->text, unknown));
}

static bool
same_address(const struct seat *a, const struct seat *b)
{
	return is_address(a) && a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static bool
has_address(const struct view *v, const struct seat *wanted)
{
	struct seat s = { NULL, 0, 0 };

	while (view_next_seat(v, &s))
		if (same_address(&s, wanted))
			return true;
	return false;
}

static struct seat
own_seat(const struct view *v)
{
	struct seat s = { NULL, 0, 0 };

	while (view_next_seat(v, &s))
		if (s.number == v->index)
			return s;
	return (struct seat){ "", 0, SEATS_MAX };
}

bool
views_share_member(const struct view *a, const struct view *b)
{
	struct seat s = own_seat(a), other = own_seat(b);

	if (same_address(&s, &other))
		return false;
	s = (struct seat){ NULL, 0, 0 };
	while (view_next_seat(a, &s))
		if (has_address(b, &s))
			return true;
	return false;
}
