/* SPDX-License-Identifier: MIT
 *
 * View: what a Galera node says of the primary component that it is in. Two views are compared here;
 * what that means for the cluster is in checks_components.c.
 */
#ifndef DBV_VIEW_H
#define DBV_VIEW_H

#include "observation.h"

/* Members looked at in one view; no cluster has so many. */
#define SEATS_MAX 128

/* Texts are "" where the node does not tell. */
struct view {
	const char *uuid;
	/* 64 bit: as text, since a double cannot tell two large ones apart. */
	const char *conf_id;
	/* wsrep_incoming_addresses: a seat for each member, parted by commas. */
	const char *seats;
	/* -1: not told. */
	double size;
	/* The node's own seat, SEATS_MAX: not told. */
	size_t index;
};

struct seat {
	const char *text;
	size_t len;
	size_t number;
};

/* False where O is of no node in a primary component. */
bool view_of(const dbv_observation *o, struct view *v);

/* The next seat after S, the first one after a seat of zeros; false behind the last. */
bool view_next_seat(const struct view *v, struct seat *s);

/* Seats of arbitrators: empty (garbd of Galera 26.4, measured). */
size_t view_empty_seats(const struct view *v);

/* Do both say the same of their component? */
bool views_equal(const struct view *a, const struct view *b);

/* Of two that are equal: each teller has a seat of its own, and so both are in it. */
bool have_own_seats(const struct view *a, const struct view *b);

/* One view, told by two of its members. */
bool views_are_one(const struct view *a, const struct view *b);

/* Is somebody in both? AUTO, which stands for an address that was not found out, and empty seats tell nothing, and
 * neither do addresses that the two nodes have in common. */
bool views_share_member(const struct view *a, const struct view *b);

#endif
