/* SPDX-License-Identifier: MIT
 *
 * Checks of several nodes together, in either mode. What Galera nodes say of their components is
 * compared in checks_components.c.
 */
#include <string.h>

#include "galera.h"
#include "pair.h"
#include "policy.h"

/* PREFIX and the members that are so; returns how many. */
static size_t
add_members(struct ruling *r, const struct cluster *c, const char *prefix,
	bool (*is)(const struct cluster *c, size_t i))
{
	size_t named = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (!is(c, i))
			continue;
		if (named == 0)
			text_addf(&r->message, "%s%s", r->message.len ? "; " : "", prefix);
		if (named < NAMES_MAX) {
			text_add(&r->message, named ? ", " : "");
			add_label(r, &c->members[i]);
		}
		named++;
	}
	if (named > NAMES_MAX)
		text_addf(&r->message, " and %zu more", named - NAMES_MAX);
	return named;
}

static bool
no_writer(const struct cluster *c, struct ruling *r)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->standings[i].fit_for_writes)
			return false;
	text_addf(&r->message, "of %zu nodes none is fit for writes", c->count);
	return true;
}

static bool
too_few(const struct cluster *c, struct ruling *r)
{
	size_t needed = c->policy->min_up ? c->policy->min_up : c->count / 2 + 1;
	size_t usable = 0;

	for (size_t i = 0; i < c->count; i++)
		usable += c->standings[i].state == DBV_UP || c->standings[i].state == DBV_DEGRADED;
	if (usable >= needed)
		return false;
	text_addf(&r->message, "up or degraded: %zu of %zu nodes, at least %zu must be", usable,
		c->count, needed);
	return true;
}

/* Nobody there, or nobody who talks like a server. What a server refuses is an answer. */
static bool
says_nothing(const struct cluster *c, const dbv_observation *o)
{
	static const char *const silence[] = { "server.unreachable", "server.timeout",
		"server.protocol", "server.shutting_down" };
	char unwanted[MESSAGE_MAX];

	if (is_answered(o, STATUS | VARIABLES))
		return false;
	for (enum source s = 0; s < SOURCE_COUNT; s++) {
		struct text t = text_on(unwanted, sizeof(unwanted));
		const char *id = fault_check(o, c->policy->mode, s, &t);

		for (size_t k = 0; id && k < sizeof(silence) / sizeof(silence[0]); k++)
			if (strcmp(id, silence[k]) == 0)
				return true;
	}
	return false;
}

static bool
is_silent(const struct cluster *c, size_t i)
{
	return says_nothing(c, c->members[i].now);
}

/* A joiner (state 1) is a member, and says non-Primary (MariaDB 10.4 and later). */
static bool
is_outside(const struct cluster *c, size_t i)
{
	const dbv_observation *o = c->members[i].now;
	bool others = false;

	if (!is_answered(o, STATUS) || c->standings[i].in_view ||
		value_number(&o->values[V_WSREP_LOCAL_STATE], 0) == 1)
		return false;
	for (size_t j = 0; j < c->count; j++)
		others = others || c->standings[j].in_view;
	return others;
}

static bool
member_missing(const struct cluster *c, struct ruling *r)
{
	size_t silent = add_members(r, c, "no answer from ", is_silent);
	size_t outside = c->policy->mode == MODE_GALERA
				 ? add_members(r, c, "in no component: ", is_outside)
				 : 0;

	return silent + outside > 0;
}

/* The node asked about that HOLDER is, c->count when none is known to be. */
static size_t
member_of(const struct cluster *c, const struct member *holder)
{
	size_t i = 0;

	while (i < c->count && same_server(holder->now, c->members[i].now) != TRUTH_YES)
		i++;
	return i;
}

static void
add_server(struct ruling *r, const struct cluster *c, const struct member *holder)
{
	size_t i = member_of(c, holder);

	if (i < c->count) {
		add_label(r, &c->members[i]);
		return;
	}
	text_add(&r->message, "server_id ");
	add_value(r, holder, V_SERVER_ID);
	text_add(&r->message, " on ");
	add_value(r, holder, V_HOSTNAME);
}

static bool
lead_apart(const struct cluster *c, struct ruling *r)
{
	for (size_t i = 0; i < c->holder_count; i++) {
		for (size_t j = i + 1; j < c->holder_count; j++) {
			if (same_server(c->holders[i].now, c->holders[j].now) != TRUTH_NO)
				continue;
			add_label(r, &c->holders[i]);
			text_add(&r->message, " leads to different servers: ");
			add_server(r, c, &c->holders[i]);
			text_add(&r->message, " and ");
			add_server(r, c, &c->holders[j]);
			return true;
		}
	}
	return false;
}

/* None of the nodes asked about, each of which told who it is. */
static bool
leads_away(const struct cluster *c, struct ruling *r)
{
	for (size_t h = 0; h < c->holder_count; h++) {
		size_t others = 0;

		for (size_t i = 0; i < c->count; i++)
			others += same_server(c->holders[h].now, c->members[i].now) == TRUTH_NO;
		if (others < c->count)
			continue;
		add_label(r, &c->holders[h]);
		text_add(&r->message, " leads to a server that was not asked about: ");
		add_server(r, c, &c->holders[h]);
		return true;
	}
	return false;
}

/* Two that take writes and of which one replicates from the other, while the address leads to one. */
static bool
leads_to_one_of_two(const struct cluster *c, struct ruling *r)
{
	if (c->policy->mode != MODE_REPLICATION)
		return false;
	for (size_t i = 0; i < c->count; i++) {
		for (size_t j = i + 1; j < c->count; j++) {
			const struct member *a = &c->members[i], *b = &c->members[j];

			if (!is_pair(c, a, b) || !is_writable(c, a) || !is_writable(c, b) ||
				!is_answered(a->now, VARIABLES) || !is_answered(b->now, VARIABLES))
				continue;
			add_label(r, a);
			text_add(&r->message, " and ");
			add_label(r, b);
			text_add(&r->message,
				" both take writes, while the write address leads to one server");
			return true;
		}
	}
	return false;
}

static bool
several_write_holders(const struct cluster *c, struct ruling *r)
{
	return lead_apart(c, r) || leads_away(c, r) || leads_to_one_of_two(c, r);
}

static bool
write_ip_silent(const struct cluster *c, struct ruling *r)
{
	for (size_t i = 0; i < c->holder_count; i++)
		if (!says_nothing(c, c->holders[i].now))
			return false;
	if (c->holder_count == 0)
		return false;
	text_add(&r->message, "nobody answers at the write address ");
	add_label(r, &c->holders[0]);
	return true;
}

static void
add_fault(struct ruling *r, const struct cluster *c, const dbv_observation *o)
{
	for (enum source s = 0; s < SOURCE_COUNT; s++)
		if (fault_check(o, c->policy->mode, s, &r->message))
			return;
}

static bool
write_holder_unfit(const struct cluster *c, struct ruling *r)
{
	for (size_t h = 0; h < c->holder_count; h++) {
		size_t i = member_of(c, &c->holders[h]);

		if (i == c->count || c->standings[i].write != DBV_DOWN)
			continue;
		add_label(r, &c->holders[h]);
		text_add(&r->message, " leads to ");
		add_label(r, &c->members[i]);
		text_add(&r->message, ", which must not take writes");
		return true;
	}
	return false;
}

/* Somebody is there, and nobody can be asked who it is. */
static bool
write_ip_unknown(const struct cluster *c, struct ruling *r)
{
	size_t first = 0;

	while (first < c->holder_count && says_nothing(c, c->holders[first].now))
		first++;
	if (first == c->holder_count || is_write_address_held(c))
		return false;
	text_add(&r->message, "whom the write address ");
	add_label(r, &c->holders[first]);
	text_add(&r->message, " leads to is not known: ");
	add_fault(r, c, c->holders[first].now);
	return true;
}

#define CLUSTER(name) .id = "cluster." name, .scope = SCOPE_CLUSTER

const struct check checks_cluster[] = {
	{
		CLUSTER("no_writer"),
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_DOWN),
		.among = no_writer,
		.meaning = "no node is up or degraded in role write or promote",
		.see = "ask each node with --role=write and --role=promote",
		.remedy =
			"mend the node that is nearest to well; its findings say what is wrong with it",
	},
	{
		.id = "cluster.several_write_holders",
		.scope = SCOPE_HOLDERS,
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_DOWN),
		.among = several_write_holders,
		.meaning =
			"connections to the write address reach different servers, or one that was not asked about; or both nodes of a pair take writes although the address leads to one",
		.see = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid', 'hostname', 'server_id'), through the address again and again; ip address, on every host",
		.remedy =
			"a server that was not asked about: ask about it, too; otherwise take the address away from all hosts but one; of a pair, set read_only on the other node",
	},
	{
		CLUSTER("write_ip_silent"),
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_DOWN),
		.among = write_ip_silent,
		.meaning = "no connection to the write address is answered",
		.see = "mariadb -h ADDRESS -e 'SELECT @@hostname'; ip address, on every host",
		.remedy =
			"look at what moves the address (crm_mon, keepalived); from a host that cannot reach it, ask without --write-ip",
	},
	{
		CLUSTER("write_holder_unfit"),
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_DOWN),
		.among = write_holder_unfit,
		.meaning =
			"the write address leads to a node that is down in role write: it is read-only, out of the cluster, or writes hang there",
		.see = "ask that node with --role=write",
		.remedy =
			"mend what its findings name, or let what moves the address move it to a node that is fit",
	},
	{
		CLUSTER("write_ip_unknown"),
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_50),
		.among = write_ip_unknown,
		.meaning =
			"the write address answers, and no connection to it can be asked whom it leads to: the account, the certificate or a limit keeps the checker out",
		.see = "mariadb -h ADDRESS -u ACCOUNT -p -e 'SELECT @@hostname'",
		.remedy =
			"mend what the message names; with --ssl-mode=verify-identity every server's certificate must name the address",
	},
	{
		CLUSTER("too_few"),
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_DOWN),
		.among = too_few,
		.meaning = "fewer nodes are up or degraded than --min-up, a majority by default",
		.see = "ask each node",
		.remedy = "bring the others back",
	},
	{
		CLUSTER("member_missing"),
		.modes = MODE_BOTH,
		.cells = ALL_ROLES(CELL_50),
		.among = member_missing,
		.meaning =
			"a node that was asked about does not answer; or it answers and is in no component while others are",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_status' on every node",
		.remedy = "bring it back, wait while it joins, or ask about it no more",
	},
	{ .id = NULL },
};
