/* SPDX-License-Identifier: MIT
 *
 * What this host knows about an address of its own.
 */
#ifndef DBV_LOCAL_H
#define DBV_LOCAL_H

#include <stdbool.h>
#include <stddef.h>

struct local_address {
	/* This host has it. */
	bool here;
	/* The interface that has it, or whose network it belongs to, has no carrier; "" otherwise. */
	char without_link[32];
};

/* False where that cannot be told. */
bool local_address(const char *address, struct local_address *out);

#endif
