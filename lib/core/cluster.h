/* SPDX-License-Identifier: MIT
 *
 * Several nodes judged together: what is wrong with the cluster, or with a pair, that no node knows
 * by itself.
 */
#ifndef DBV_CLUSTER_H
#define DBV_CLUSTER_H

#include "judge.h"
#include "view.h"

/* Names in one message; what is more is counted. */
#define NAMES_MAX 5

/* Findings of one row of pairs; what is more is counted in the last. */
#define PAIRS_TOLD_MAX 8

struct member {
	/* "db1:3306", for messages. */
	const char *label;
	const dbv_observation *now;
	const dbv_history *history;
};

/* How a node fares by itself; what every two nodes are compared by, read once. */
struct standing {
	/* Under the policy's own role. */
	enum dbv_state state;
	/* Under role write: what a holder of the write address must be. */
	enum dbv_state write;
	/* Up or degraded under role write or promote. */
	bool fit_for_writes;
	/* No flag says read-only. */
	bool writable;
	/* It tells of a component; VIEW is only set then, and ALIKE is the first node that tells the same. */
	bool in_view;
	struct view view;
	size_t alike;
	/* How many servers and arbitrators may be members of some component, as far as it tells. */
	double members_at_most;
};

/* What a row of several nodes is asked about. A and B are set in SCOPE_PAIR. */
struct cluster {
	const struct member *members;
	const struct standing *standings;
	size_t count;
	/* Looks through the write address, none where nobody named one. */
	const struct member *holders;
	size_t holder_count;
	const dbv_policy *policy;
	/* How each node replicates from each, an enum following (pair.h) by COUNT * the one + the other; only in
	 * replication mode. */
	const unsigned char *following;
	const struct member *a, *b;
};

/* The verdict on all MEMBERS together; its findings are those of SCOPE_CLUSTER and SCOPE_PAIR. UNKNOWN when every node
 * is unknown. Otherwise a finding that costs the node is critical for the cluster (DOWN), and any other finding, or a
 * node that is not up, leaves it degraded. HOLDERS are looks through several connections to the write address. NULL
 * when out of memory. */
dbv_verdict *judge_cluster(const struct member members[], size_t count,
	const struct member holders[], size_t holder_count, const dbv_policy *policy);

/* Is it one server that was asked twice? Known by everything that both tell of themselves. */
enum truth same_server(const dbv_observation *a, const dbv_observation *b);

/* Did anybody answer through the write address? */
bool is_write_address_held(const struct cluster *c);

void add_label(struct ruling *r, const struct member *m);

/* What M says of itself, as it is. */
void add_value(struct ruling *r, const struct member *m, enum variable v);

#endif
