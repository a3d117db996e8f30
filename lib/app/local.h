/* SPDX-License-Identifier: MIT
 *
 * What this host knows about an address of its own.
 */
#ifndef DBV_LOCAL_H
#define DBV_LOCAL_H

#include <stdbool.h>
#include <stddef.h>

#include "observation.h"

struct local_address {
	/* This host has it. */
	bool here;
	/* The interface that has it, or whose network it belongs to, has no carrier; "" otherwise. */
	char without_link[32];
	/* Where it is here: on this interface, with so many bits of network. */
	char interface[32];
	int prefix;
};

/* False where that cannot be told. */
bool local_address(const char *address, struct local_address *out);

/* This host has ADDRESS; what is no address, or NULL, it has not. */
enum truth local_has(const char *address);

/* Which start of this host it is; "" where that cannot be told. */
void local_boot(char *buf, size_t size);

#endif
