/* SPDX-License-Identifier: MIT */
#include "cluster.h"

#include <stdlib.h>

#include "galera.h"
#include "pair.h"
#include "verdict.h"

static bool
is_usable(enum dbv_state state)
{
	return state == DBV_UP || state == DBV_DEGRADED;
}

/* False when out of memory. */
static bool
judge_as(const struct member *m, const dbv_policy *policy, enum role role, enum dbv_state *state)
{
	dbv_policy as = *policy;

	as.role = role;
	dbv_verdict *v = dbv_judge(m->now, m->history, &as);

	if (!v)
		return false;
	*state = dbv_verdict_state(v);
	dbv_verdict_free(v);
	return true;
}

/* No role is judged twice, and none that changes nothing. */
static bool
judge_member(const struct member *m, const dbv_policy *policy, struct standing *s)
{
	enum dbv_state promote = DBV_DOWN;

	if (!judge_as(m, policy, policy->role, &s->state) ||
		!judge_as(m, policy, ROLE_WRITE, &s->write))
		return false;
	if (!is_usable(s->write) && !judge_as(m, policy, ROLE_PROMOTE, &promote))
		return false;
	s->fit_for_writes = is_usable(s->write) || is_usable(promote);
	s->writable = read_only_flag(m->now) == VARIABLE_COUNT;
	s->in_view = view_of(m->now, &s->view);
	return true;
}

static double
members_at_most(const struct cluster *c, size_t i)
{
	struct question q = { .now = c->members[i].now, .policy = c->policy };
	double asked = (double)(c->count + view_empty_seats(&c->standings[i].view));
	double listed = galera_listed_hosts(&q);

	return asked > listed ? asked : listed;
}

static void
read_views(const struct cluster *c, struct standing standings[])
{
	for (size_t i = 0; i < c->count; i++) {
		size_t j = 0;

		if (!standings[i].in_view)
			continue;
		standings[i].members_at_most = members_at_most(c, i);
		while (j < i && !(standings[j].in_view && standings[j].alike == j &&
					views_equal(&standings[j].view, &standings[i].view)))
			j++;
		standings[i].alike = j;
	}
}

static void
ask_row(dbv_verdict *v, const struct cluster *c, size_t index)
{
	const struct check *check = check_at(index);
	char buf[MESSAGE_MAX];
	struct ruling r = {
		.message = text_on(buf, sizeof(buf)),
		.cell = check->cells[c->policy->role],
	};

	if (check->among(c, &r))
		add_finding(v, c->policy, index, &r);
}

/* The first findings of a row of pairs; the last of them waits for how many more there are. */
struct told {
	const struct check *check;
	struct ruling last;
	char buf[MESSAGE_MAX];
	size_t count;
};

static void
ask_pair(dbv_verdict *v, const struct cluster *c, size_t index, struct told *told)
{
	char unheard[1];
	bool full = told->count >= PAIRS_TOLD_MAX;
	struct ruling r = {
		.message = text_on(
			full ? unheard : told->buf, full ? sizeof(unheard) : sizeof(told->buf)),
		.cell = told->check->cells[c->policy->role],
	};

	if (!told->check->among(c, &r) || ++told->count > PAIRS_TOLD_MAX)
		return;
	if (told->count == PAIRS_TOLD_MAX)
		told->last = r;
	else
		add_finding(v, c->policy, index, &r);
}

static void
end_pairs(dbv_verdict *v, const struct cluster *c, size_t index, struct told *told)
{
	if (told->count < PAIRS_TOLD_MAX)
		return;
	if (told->count > PAIRS_TOLD_MAX)
		text_addf(
			&told->last.message, "; and %zu more pairs", told->count - PAIRS_TOLD_MAX);
	add_finding(v, c->policy, index, &told->last);
}

/* Every two nodes that told enough; false where there are none. */
static bool
ask_pairs(dbv_verdict *v, const struct cluster *all, size_t index)
{
	const struct member **able = calloc(all->count + 1, sizeof(struct member *));
	size_t count = 0;
	struct cluster c = *all;
	struct told told = { .check = check_at(index) };

	v->out_of_memory |= !able;
	for (size_t i = 0; able && i < c.count; i++)
		if (is_answered(c.members[i].now, told.check->needs))
			able[count++] = &c.members[i];
	for (size_t i = 0; i < count; i++) {
		c.a = able[i];
		for (size_t j = i + 1; j < count; j++) {
			c.b = able[j];
			ask_pair(v, &c, index, &told);
		}
	}
	end_pairs(v, &c, index, &told);
	free(able);
	return count > 1;
}

/* All nodes at once; false where none told enough. */
static bool
ask_all(dbv_verdict *v, const struct cluster *c, size_t index)
{
	unsigned needs = check_at(index)->needs;
	size_t i = 0;

	while (i < c->count && !is_answered(c->members[i].now, needs))
		i++;
	if (i == c->count)
		return false;
	ask_row(v, c, index);
	return true;
}

/* All nodes and those who answer at the write address; false where it was named and nobody did. */
static bool
ask_holders(dbv_verdict *v, const struct cluster *c, size_t index)
{
	if (c->holder_count == 0)
		return true;
	if (!is_write_address_held(c))
		return false;
	ask_row(v, c, index);
	return true;
}

static bool
ask_among(dbv_verdict *v, const struct cluster *c, size_t index)
{
	enum scope scope = check_at(index)->scope;

	return scope == SCOPE_PAIR	? ask_pairs(v, c, index)
	       : scope == SCOPE_HOLDERS ? ask_holders(v, c, index)
					: ask_all(v, c, index);
}

static void
judge_rows(dbv_verdict *v, const struct cluster *c, bool nothing_known)
{
	const struct check *check;

	for (size_t i = 0; (check = check_at(i)); i++) {
		if (!check->among || !(check->modes & c->policy->mode))
			continue;
		if (nothing_known || !ask_among(v, c, i))
			v->not_judged[v->not_judged_count++] = i;
	}
}

static size_t
count_in_state(const struct cluster *c, enum dbv_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < c->count; i++)
		n += c->standings[i].state == state;
	return n;
}

static void
judge_together(dbv_verdict *v, const struct cluster *c)
{
	bool nothing_known = count_in_state(c, DBV_UNKNOWN) == c->count;

	judge_rows(v, c, nothing_known);
	if (nothing_known)
		v->worst = CELL_UNKNOWN;
	else if (v->worst < CELL_50 && count_in_state(c, DBV_UP) < c->count)
		v->worst = CELL_50;
}

dbv_verdict *
judge_cluster(const struct member members[], size_t count, const struct member holders[],
	size_t holder_count, const dbv_policy *policy)
{
	bool replicating = policy->mode == MODE_REPLICATION;
	struct standing *standings = calloc(count + 1, sizeof(*standings));
	unsigned char *following = calloc(replicating ? count * count + 1 : 1, 1);
	dbv_verdict *v = calloc(1, sizeof(*v));
	struct cluster c = {
		.members = members,
		.standings = standings,
		.count = count,
		.holders = holders,
		.holder_count = holder_count,
		.policy = policy,
		.following = following,
	};
	bool done = standings && following && v;

	for (size_t i = 0; done && i < count; i++)
		done = judge_member(&members[i], policy, &standings[i]);
	if (done) {
		read_views(&c, standings);
		if (replicating)
			find_following(&c, following);
		judge_together(v, &c);
	}
	free(standings);
	free(following);
	if (done && !v->out_of_memory)
		return v;
	dbv_verdict_free(v);
	return NULL;
}

enum truth
same_server(const dbv_observation *a, const dbv_observation *b)
{
	/* A cloned server_uuid, a host name that several containers share, the server_id that Galera nodes never
	 * set: each may be equal on two servers, and none may differ on one. */
	static const enum variable identity[] = { V_SERVER_UUID, V_SERVER_UID, V_HOSTNAME,
		V_SERVER_ID, V_PORT, V_WSREP_NODE_NAME };
	enum truth same = TRUTH_UNKNOWN;

	for (size_t i = 0; i < sizeof(identity) / sizeof(identity[0]); i++) {
		const char *one = value_text(&a->values[identity[i]]);
		const char *other = value_text(&b->values[identity[i]]);

		if (!*one || !*other)
			continue;
		if (!text_equal_nocase(one, other))
			return TRUTH_NO;
		if (identity[i] == V_SERVER_UUID || identity[i] == V_HOSTNAME)
			same = TRUTH_YES;
	}
	return same;
}

void
add_label(struct ruling *r, const struct member *m)
{
	text_add_foreign(&r->message, m->label, 64);
}

void
add_value(struct ruling *r, const struct member *m, enum variable v)
{
	text_add_foreign(&r->message, value_text(&m->now->values[v]), 40);
}

bool
is_write_address_held(const struct cluster *c)
{
	for (size_t i = 0; i < c->holder_count; i++)
		if (is_answered(c->holders[i].now, NEEDS(GLOBAL_VARIABLES)))
			return true;
	return false;
}
