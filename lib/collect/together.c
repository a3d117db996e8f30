/* SPDX-License-Identifier: MIT
 *
 * Nodes that were looked at, judged together.
 */
#include <stdlib.h>

#include "cluster.h"
#include "node.h"

/* What stands for a look that was never taken. */
static dbv_observation *
never_observed(void)
{
	dbv_observation *o = observation_new();

	if (o)
		observation_answer(o, SOURCE_CONNECT, ILL, 0, "the node was never observed");
	return o;
}

static struct member *
members_of(dbv_node *const nodes[], const dbv_history *const histories[], size_t count,
	const dbv_observation *never)
{
	struct member *members = calloc(count + 1, sizeof(*members));

	for (size_t i = 0; members && i < count; i++)
		members[i] = (struct member){
			.label = dbv_node_label(nodes[i]),
			.now = nodes[i]->observation ? nodes[i]->observation : never,
			.history = histories ? histories[i] : NULL,
		};
	return members;
}

dbv_verdict *
dbv_judge_together(dbv_node *const nodes[], const dbv_history *const histories[], size_t count,
	dbv_node *const holders[], size_t holder_count, const dbv_policy *policy)
{
	dbv_observation *never = never_observed();
	struct member *members = members_of(nodes, histories, count, never);
	struct member *held = members_of(holders, NULL, holder_count, never);
	dbv_verdict *verdict = NULL;

	if (never && members && held)
		verdict = judge_cluster(members, count, held, holder_count, policy);
	free(members);
	free(held);
	observation_free(never);
	return verdict;
}
