/* SPDX-License-Identifier: MIT
 *
 * Checks of the components that several Galera nodes say they are in. A node that was frozen, or
 * that has just seen another come or go, tells of an old view for some seconds: what may be one
 * component at two times is never taken for two.
 */
#include "cluster.h"
#include "galera.h"
#include "policy.h"
#include "view.h"

enum parting {
	TOGETHER,
	TWO_CLUSTERS,
	TWO_COMPONENTS,
};

static bool
in_two_clusters(const struct standing *a, const struct standing *b)
{
	return a->alike != b->alike && *a->view.uuid && *b->view.uuid &&
	       !text_equal_nocase(a->view.uuid, b->view.uuid);
}

static bool
tell_of_one_view(const struct standing *a, const struct standing *b)
{
	return a->alike == b->alike ? have_own_seats(&a->view, &b->view)
				    : views_are_one(&a->view, &b->view);
}

/* Two components of one cluster have no member in common, and so not more members than there are. What is cheap comes
 * first: this is asked of every two nodes. */
static enum parting
parting_of(const struct cluster *c, size_t i, size_t j)
{
	const struct standing *a = &c->standings[i], *b = &c->standings[j];

	if (!a->in_view || !b->in_view || tell_of_one_view(a, b))
		return TOGETHER;
	bool two_clusters = in_two_clusters(a, b);
	double size = a->view.size + b->view.size;

	if (!two_clusters && (a->view.size < 0 || b->view.size < 0 ||
				     (size > a->members_at_most && size > b->members_at_most)))
		return TOGETHER;
	if (same_server(c->members[i].now, c->members[j].now) == TRUTH_YES)
		return TOGETHER;
	if (two_clusters)
		return TWO_CLUSTERS;
	return views_share_member(&a->view, &b->view) ? TOGETHER : TWO_COMPONENTS;
}

static void
add_parting(struct ruling *r, const struct member *a, const struct member *b, enum parting how)
{
	enum variable v = how == TWO_CLUSTERS ? V_WSREP_CLUSTER_STATE_UUID : V_WSREP_CLUSTER_SIZE;

	add_label(r, a);
	text_add(&r->message, " and ");
	add_label(r, b);
	text_addf(&r->message, " are both primary, in different %s: %s ",
		how == TWO_CLUSTERS ? "clusters" : "components", variables[v].name);
	add_value(r, a, v);
	text_add(&r->message, " and ");
	add_value(r, b, v);
}

static bool
split_brain(const struct cluster *c, struct ruling *r)
{
	for (size_t i = 0; i < c->count; i++) {
		for (size_t j = i + 1; j < c->count; j++) {
			enum parting how = parting_of(c, i, j);

			if (how == TOGETHER)
				continue;
			add_parting(r, &c->members[i], &c->members[j], how);
			return true;
		}
	}
	return false;
}

static bool
disagree(const struct cluster *c, size_t i, size_t j)
{
	const struct standing *a = &c->standings[i], *b = &c->standings[j];

	return a->in_view && b->in_view && a->view.size != b->view.size &&
	       parting_of(c, i, j) == TOGETHER;
}

static bool
size_disagrees(const struct cluster *c, struct ruling *r)
{
	for (size_t i = 0; i < c->count; i++) {
		for (size_t j = i + 1; j < c->count; j++) {
			if (!disagree(c, i, j))
				continue;
			text_add(&r->message, "the component has ");
			add_value(r, &c->members[i], V_WSREP_CLUSTER_SIZE);
			text_add(&r->message, " members for ");
			add_label(r, &c->members[i]);
			text_add(&r->message, ", ");
			add_value(r, &c->members[j], V_WSREP_CLUSTER_SIZE);
			text_add(&r->message, " for ");
			add_label(r, &c->members[j]);
			return true;
		}
	}
	return false;
}

/* Marks the seats, in the view of node FIRST, that nodes asked about have; returns how many such nodes there are. */
static size_t
mark_taken(const struct cluster *c, size_t first, bool taken[SEATS_MAX])
{
	size_t nodes = 0;

	for (size_t i = first; i < c->count; i++) {
		const struct standing *s = &c->standings[i];

		if (!s->in_view || s->alike != first || s->view.index == SEATS_MAX)
			continue;
		taken[s->view.index] = true;
		nodes++;
	}
	return nodes;
}

static void
add_seats(struct ruling *r, const struct view *view, const bool taken[SEATS_MAX])
{
	struct seat s = { NULL, 0, 0 };

	for (size_t named = 0; named < NAMES_MAX && view_next_seat(view, &s);) {
		char address[80];
		struct text t = text_on(address, sizeof(address));

		if (s.len == 0 || taken[s.number])
			continue;
		text_addf(&t, "%.*s", (int)s.len, s.text);
		text_add(&r->message, named++ ? ", " : "");
		text_add_foreign(&r->message, address, sizeof(address));
	}
}

/* A node that was asked about and has no seat in this view, since it is silent or tells of another view, may have any
 * of those that are left. */
static bool
has_unlisted(const struct cluster *c, size_t first, struct ruling *r)
{
	const struct view *view = &c->standings[first].view;
	bool taken[SEATS_MAX] = { false };
	size_t placeless = c->count - mark_taken(c, first, taken);
	size_t left = 0;
	struct seat s = { NULL, 0, 0 };

	while (view_next_seat(view, &s))
		left += s.len > 0 && !taken[s.number];
	if (left <= placeless)
		return false;
	if (placeless)
		text_addf(&r->message, "%zu of these members ", left - placeless);
	text_addf(&r->message, "%s not asked about: ", left - placeless == 1 ? "was" : "were");
	add_seats(r, view, taken);
	if (left > NAMES_MAX)
		text_addf(&r->message, " and %zu more", left - NAMES_MAX);
	return true;
}

static bool
member_unlisted(const struct cluster *c, struct ruling *r)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->standings[i].in_view && c->standings[i].alike == i && has_unlisted(c, i, r))
			return true;
	return false;
}

#define COMPONENT(name) \
	.id = "cluster." name, .modes = MODE_GALERA, .scope = SCOPE_CLUSTER, .needs = STATUS

const struct check checks_components[] = {
	{
		COMPONENT("split_brain"),
		.cells = ALL_ROLES(CELL_DOWN),
		.among = split_brain,
		.meaning =
			"more than one primary component: the state UUIDs differ, or nodes tell of views that have no member in common and not more members together than there are nodes",
		.see = "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_status', 'wsrep_cluster_state_uuid', 'wsrep_cluster_conf_id', 'wsrep_cluster_size', 'wsrep_incoming_addresses') on every node",
		.remedy =
			"at once let nobody write to all but one component; then stop its nodes, find out what was written there, and let them join the one that stays",
	},
	{
		COMPONENT("size_disagrees"),
		.cells = ALL_ROLES(CELL_50),
		.among = size_disagrees,
		.meaning =
			"nodes of one component report different sizes: one of them has not heard yet who came or went, a node that was frozen for some seconds after it runs again",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_size' on every node",
		.remedy = "ask again; if it lasts, look at the log of the node that disagrees",
	},
	{
		COMPONENT("member_unlisted"),
		.cells = ALL_ROLES(CELL_50),
		.among = member_unlisted,
		.meaning =
			"the component has a member, not an arbitrator, that was not asked about",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_incoming_addresses'",
		.remedy = "ask about it, too; if nobody knows it, find out who lets it join",
	},
	{ .id = NULL },
};
