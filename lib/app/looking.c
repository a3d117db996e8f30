/* SPDX-License-Identifier: MIT */
#include "looking.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cluster.h"
#include "guard.h"
#include "local.h"
#include "node.h"
#include "policy.h"
#include "remember.h"

/* Connections to --write-ip in one run: whom it leads to must not depend on which one is asked. */
#define HOLDERS 3

/* What is known before any server is asked. */
struct sight {
	struct local_address write_ip;
	bool in_maintenance;
	dbv_node *holders[HOLDERS];
	size_t holder_count;
};

static bool
settle_role(struct run *r, struct sight *sight)
{
	struct settings *s = &r->settings;

	if (s->auto_role && !s->write_ip) {
		text_add(&r->error, "--role=auto wants --write-ip");
		return false;
	}
	if (s->auto_role && s->node_count > 1) {
		text_add(&r->error, "--role=auto is for the node of this host, not for several");
		return false;
	}
	if (!s->write_ip || s->node_count > 1)
		return true;
	if (!local_address(s->write_ip, &sight->write_ip)) {
		text_add(&r->error, "--write-ip: no address, or the host's cannot be listed: ");
		text_add_foreign(&r->error, s->write_ip, 60);
		return false;
	}
	return !s->auto_role || dbv_policy_set(s->policy, "role",
					sight->write_ip.here ? "write" : "promote", NULL, 0);
}

/* Nothing is written but to the one node that was told to be a holder, and a maintenance file is one node's. */
static bool
check_lonely_options(struct run *r)
{
	const struct settings *s = &r->settings;
	const char *lonely = s->policy->canary	   ? "canary"
			     : s->maintenance_file ? "maintenance-file"
						   : NULL;

	if (s->node_count > 1 && lonely)
		text_addf(&r->error, "--%s is for one node, not for several", lonely);
	else if (s->policy->canary && !s->auto_role && s->policy->role != ROLE_WRITE)
		text_addf(&r->error, "--canary wants --role=write, or auto, not %s",
			role_names[s->policy->role]);
	return !*r->error.buf;
}

static bool
is_said(const struct run *r, const char *name)
{
	for (size_t i = 0; i < r->given.count; i++)
		if (strcmp(r->given.sayings[i].option->name, name) == 0)
			return true;
	return false;
}

static bool
check_needs(struct run *r)
{
	static const struct {
		const char *name;
		const char *needs;
	} needs[] = { { "syslog", "state-dir" }, { "recover-after", "state-dir" },
		{ "max-disconnect", "state-dir" }, { "canary-grace", "canary" } };

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		if (!is_said(r, needs[i].name) || is_said(r, needs[i].needs))
			continue;
		text_addf(&r->error, "--%s wants --%s", needs[i].name, needs[i].needs);
		return false;
	}
	return true;
}

/* Looks for the maintenance file before the server is asked: where it cannot be told whether it is
 * there, nothing can be said at all. */
static bool
find_maintenance(struct run *r, struct sight *sight)
{
	const char *path = r->settings.maintenance_file;
	struct stat st;

	if (!path)
		return true;
	sight->in_maintenance = stat(path, &st) == 0;
	/* A node that is down on purpose is not written to. */
	if (sight->in_maintenance)
		policy_drop_canary(r->settings.policy);
	if (sight->in_maintenance || errno == ENOENT || errno == ENOTDIR)
		return true;
	text_addf(&r->error, "--maintenance-file: %.120s: %s", path, strerror(errno));
	return false;
}

/* Connections to the address that writers use, when several nodes are asked about: whose are they? */
static bool
make_holders(struct run *r, struct sight *sight)
{
	const struct settings *s = &r->settings;

	if (s->node_count < 2 || !s->write_ip)
		return true;
	for (; sight->holder_count < HOLDERS; sight->holder_count++) {
		sight->holders[sight->holder_count] = node_copy_to(s->nodes[0], s->write_ip);
		if (!sight->holders[sight->holder_count])
			return false;
	}
	return true;
}

static bool
tell(const struct run *r, const struct sight *sight)
{
	const struct settings *s = &r->settings;

	for (size_t i = 0; i < s->node_count; i++) {
		dbv_node *n = s->nodes[i];

		if ((sight->in_maintenance &&
			    !dbv_node_tell(n, "maintenance-file", s->maintenance_file)) ||
			(s->write_ip && s->node_count == 1 &&
				!dbv_node_tell(n, "write-ip", s->write_ip)) ||
			(*sight->write_ip.without_link &&
				!dbv_node_tell(n, "link-down", sight->write_ip.without_link)))
			return false;
	}
	return true;
}

/* OpenSSL reads the system's list of authorities for every connection, ten times the work of all
 * the rest, also where nothing is verified with it. */
void
spare_authorities(const dbv_node *node)
{
	if (node->ssl_mode < SSL_VERIFY_CA)
		setenv("SSL_CERT_FILE", "/dev/null", 1);
}

/* Judging, state files and printing take their time of each node: the look at several leaves a millisecond for each, a
 * fifth of the budget at most. */
static int64_t
end_of_look(const struct run *r, size_t count)
{
	int64_t reserve = count > 1 ? (int64_t)count : 0;
	int64_t most = (r->deadline - r->began) / 5;

	return r->deadline - (reserve < most ? reserve : most);
}

static bool
look(struct run *r, struct sight *sight)
{
	struct settings *s = &r->settings;
	size_t count = s->node_count + sight->holder_count;
	dbv_node **all = calloc(count, sizeof(dbv_node *));

	if (!all)
		return false;
	memcpy(all, s->nodes, s->node_count * sizeof(dbv_node *));
	memcpy(all + s->node_count, sight->holders, sight->holder_count * sizeof(dbv_node *));
	spare_authorities(s->nodes[0]);
	guard_nodes(s->nodes, s->node_count);
	bool looked =
		dbv_observe(all, count, s->policy, end_of_look(r, s->node_count)) && tell(r, sight);

	free(all);
	return looked;
}

dbv_verdict *
judge_as(const struct run *r, const struct judged *j, enum role role)
{
	dbv_policy policy = *r->settings.policy;

	policy.role = role;
	return dbv_judge(j->observation, j->history, &policy);
}

/* May it take writes, is asked too where a whole cluster is shown. */
static bool
judge_node(struct run *r, struct judged *j, dbv_node *node)
{
	bool shown = r->settings.node_count > 1 || r->app->program == PROGRAM_STATUS;

	j->node = node;
	j->label = dbv_node_label(node);
	j->observation = dbv_node_observation(node);
	if (!recall(r, j))
		return false;
	j->verdict = dbv_judge(j->observation, j->history, r->settings.policy);
	j->write = shown ? judge_as(r, j, ROLE_WRITE) : NULL;
	return j->verdict && (j->write || !shown);
}

static dbv_verdict *
judge_together(const struct run *r, const struct judged *nodes, const struct sight *sight)
{
	const struct settings *s = &r->settings;
	const dbv_history **histories = calloc(s->node_count, sizeof(*histories));
	dbv_verdict *verdict = NULL;

	for (size_t i = 0; histories && i < s->node_count; i++)
		histories[i] = nodes[i].history;
	if (histories)
		verdict = dbv_judge_together(s->nodes, histories, s->node_count, sight->holders,
			sight->holder_count, s->policy);
	free(histories);
	return verdict;
}

/* Whom does the write address lead to? */
static void
find_holder(struct run *r, const struct judged *nodes, const struct sight *sight)
{
	for (size_t h = 0; h < sight->holder_count && !r->holder; h++)
		for (size_t i = 0; i < r->settings.node_count; i++)
			if (same_server(dbv_node_observation(sight->holders[h]),
				    nodes[i].observation) == TRUTH_YES)
				r->holder = nodes[i].label;
}

static int
judge_and_answer(struct run *r, struct judged *nodes, const struct sight *sight)
{
	dbv_verdict *cluster = NULL;
	struct settings *s = &r->settings;
	size_t count = s->node_count;

	for (size_t i = 0; i < count; i++)
		if (!judge_node(r, &nodes[i], s->nodes[i]))
			return app_fail(r, *r->error.buf ? r->error.buf : "out of memory");
	if (count > 1) {
		cluster = judge_together(r, nodes, sight);
		if (!cluster)
			return app_fail(r, "out of memory");
	}
	find_holder(r, nodes, sight);
	int status = app_answer(r, nodes, count, cluster);

	dbv_verdict_free(cluster);
	remember(r, nodes, count);
	return status;
}

void
judged_end(struct judged *j)
{
	dbv_verdict_free(j->verdict);
	dbv_verdict_free(j->write);
	dbv_history_free(j->history);
	*j = (struct judged){ .node = NULL };
}

static void
end_nodes(struct judged *nodes, size_t count)
{
	for (size_t i = 0; nodes && i < count; i++)
		judged_end(&nodes[i]);
	free(nodes);
}

bool
look_at_one(struct run *r, struct judged *j)
{
	struct sight sight = { .in_maintenance = false };

	return settle_role(r, &sight) && find_maintenance(r, &sight) && look(r, &sight) &&
	       judge_node(r, j, r->settings.nodes[0]);
}

int
look_and_answer(struct run *r)
{
	struct sight sight = { .in_maintenance = false };
	size_t count = r->settings.node_count;
	struct judged *nodes = NULL;
	int status = 0;

	if (!check_lonely_options(r) || !settle_role(r, &sight) || !check_needs(r) ||
		!find_maintenance(r, &sight))
		return app_refuse(r);
	nodes = calloc(count, sizeof(*nodes));
	if (!nodes || !make_holders(r, &sight) || !look(r, &sight))
		status = app_fail(r, "out of memory");
	else
		status = judge_and_answer(r, nodes, &sight);
	guard_nodes(NULL, 0);
	end_nodes(nodes, count);
	for (size_t i = 0; i < sight.holder_count; i++)
		dbv_node_free(sight.holders[i]);
	return status;
}
