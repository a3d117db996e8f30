/* SPDX-License-Identifier: MIT
 *
 * From host name to addresses within a deadline: getaddrinfo() cannot be interrupted, so it runs in
 * a thread that is left behind when it takes too long.
 */
#ifndef DBV_RESOLVE_H
#define DBV_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#define ADDRESS_MAX 64
#define ADDRESSES_MAX 8

struct addresses {
	char text[ADDRESSES_MAX][ADDRESS_MAX];
	size_t count;
};

struct resolution;

/* Fills OUT without asking anybody; false where HOST is a name. */
bool resolve_numeric(const char *host, struct addresses *out);

/* Starts asking. NULL when out of memory, threads or descriptors. */
struct resolution *resolve_start(const char *host);

/* Becomes readable when the answer is there. */
int resolve_fd(const struct resolution *r);

/* Takes the answer once resolve_fd() is readable: OUT, or the resolver's error text (static). */
const char *resolve_result(const struct resolution *r, struct addresses *out);

/* Also before the answer is there. NULL is fine. */
void resolve_free(struct resolution *r);

#endif
