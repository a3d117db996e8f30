/* SPDX-License-Identifier: MIT
 *
 * Truth tables over a numbered text: each of its numbers is proven by a row, or a row says where it is.
 */
#ifndef DBV_REFERENCE_H
#define DBV_REFERENCE_H

#include "fixture.h"

#define ALL(want) \
	{ \
		want, want, want \
	}

/* A row of a reference text. */
struct reference {
	/* Its number there. */
	unsigned number;
	const char *name;
	const char *base;
	const char *mode;
	const char *changes;
	const char *want[ROLE_COUNT];
	/* Of the policy, "name=value name=value"; NULL: none. */
	const char *settings;
	/* Instead of all that: where it is proven, or why no single node's observation can show it. */
	const char *elsewhere;
};

#define ON(recording, in_mode) .base = recording, .mode = in_mode
#define GALERA_NODE ON("healthy-db1", "galera")
#define PAIR_NODE ON("pair-healthy-m1", "replication")

/* The rest: what is wanted of each role, and .settings where there are any. */
#define ROW(its_number, its_name, node, changed, ...) \
	{ \
		.number = its_number, .name = its_name, node, .changes = changed, \
		.want = __VA_ARGS__ \
	}
#define ELSEWHERE(its_number, its_name, where) \
	{ \
		.number = its_number, .name = its_name, .elsewhere = where \
	}

/* Fails the test where the row does not hold in all three roles. */
void reference_prove(const struct reference *row);

/* Fails the test where one of the numbers 1 to LAST has no row. */
void reference_complete(const struct reference *rows, size_t count, unsigned last);

#endif
