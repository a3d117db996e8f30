/* SPDX-License-Identifier: MIT
 *
 * What two servers that replicate have to do with one another.
 */
#ifndef DBV_PAIR_H
#define DBV_PAIR_H

#include "cluster.h"

/* How one node replicates from the other, from worst to best. */
enum following {
	NO_CHANNEL,
	CHANNEL_STOPPED,
	CHANNEL_RUNS,
};

/* Of every two nodes, once. Which of A's channels leads to B is told by the source's server_id. Where that is not known yet (0: the source was
 * not reached since the server started, measured on MariaDB 10.11), the only other node that was asked about is meant. */
void find_following(const struct cluster *c, unsigned char following[]);

enum following follows(const struct cluster *c, const struct member *a, const struct member *b);

/* Does either replicate from the other, or try to? */
bool is_pair(const struct cluster *c, const struct member *a, const struct member *b);

/* Should A replicate from B? It has a channel for it; or it has none at all while both take writes, so that it must
 * miss what is written on B. A source that its read-only replica follows need not follow back. */
bool should_follow(const struct cluster *c, const struct member *a, const struct member *b);

bool is_writable(const struct cluster *c, const struct member *m);

#endif
