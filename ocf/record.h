/* SPDX-License-Identifier: MIT
 *
 * What an instance knows of itself from one action to the next: a file that the host's restart ends.
 */
#ifndef DBV_RECORD_H
#define DBV_RECORD_H

#include "score.h"

#define ATTRIBUTES_MAX 2

/* A node attribute as it was last published. */
struct published {
	char value[128];
	/* When the judgement that it rests on was made, dbv_now() milliseconds. */
	int64_t judged_at;
	/* Which start of the attribute daemon took it; 0: none. */
	uint64_t daemon;
};

struct record {
	bool started;
	bool promoted;
	/* What this host cannot do was said in the log. */
	bool warned;
	struct published published[ATTRIBUTES_MAX];
	struct known_score known;
	/* When the address was given up, dbv_now() milliseconds; 0: never. */
	int64_t demoted_at;
};

/* The record of RESOURCE; empty where there is none, or none of this start of the host. */
void record_read(const char *resource, struct record *rec);

/* False with errno where it could not be kept. */
bool record_write(const char *resource, const struct record *rec);

void record_remove(const char *resource);

#endif
