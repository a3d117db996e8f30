/* SPDX-License-Identifier: MIT
 *
 * Node attributes and the promotion score, by the cluster's own programs, and only when they change.
 */
#ifndef DBV_PUBLISH_H
#define DBV_PUBLISH_H

#include "record.h"
#include "text.h"

struct attribute {
	/* NULL: the promotion score of this instance. */
	const char *name;
	/* NULL: delete it. */
	const char *value;
	int64_t judged_at;
	/* Whose it is; NULL: this node's. */
	const char *node;
};

/* An attribute of another node. */
struct other {
	char node[256];
	char value[256];
};

/* Publishes COUNT attributes, each where it differs from what REC says was published, or the attribute daemon was restarted
 * since. False, with the reason in WHY, where one was not taken; what was taken is in REC. */
bool publish(struct record *rec, const struct attribute attributes[], size_t count,
	int64_t deadline, struct text *why);

/* One attribute that no record is kept of. */
bool publish_plain(const struct attribute *a, int64_t deadline, struct text *why);

/* The cluster information base, by which the cluster plans, has promotion score A: later than the attribute daemon. False, with the
 * reason in WHY, where it has not. */
bool publish_is_planned(const struct attribute *a, int64_t deadline, struct text *why);

/* Which start of the attribute daemon answers now; 0: none does. */
uint64_t publish_daemon(void);

/* Node attribute NAME of another node, its value "" where no other node has one. False where the cluster does not tell. */
bool publish_ask_others(const char *name, struct other *o, int64_t deadline);

/* The same, of what attrd_updater --query --all PRINTED on one line before it ended with STATUS, at NODE. Pure. */
bool publish_read_answer(int status, const char *printed, const char *node, struct other *o);

#endif
