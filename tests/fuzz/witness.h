/* SPDX-License-Identifier: MIT
 *
 * What was asked of servers, and what the client library made of the answers: the functions of client.h, wrapped by the
 * linker. Who claims something of a server must find it here.
 */
#ifndef DBV_WITNESS_H
#define DBV_WITNESS_H

#include <stdbool.h>
#include <stddef.h>

struct asked {
	const void *client;
	unsigned port;
	/* "" for the connection itself. */
	char *sql;
	/* The last error; 0: none. */
	unsigned error;
	/* All of the answer came. */
	bool ended;
	size_t columns;
	size_t rows;
	char **names;
	/* Row after row. */
	char **cells;
	/* The client has read on, and the row has not been seen. */
	bool row_is_new;
};

/* From the first on, COUNT of them, until witness_forget(). */
const struct asked *witness_all(size_t *count);
void witness_forget(void);

/* The last, or the first, at PORT that begins with SQL; NULL: none. */
const struct asked *witness_last(unsigned port, const char *sql);
const struct asked *witness_first(unsigned port, const char *sql);

/* In the first column NAME, whatever its case; "" where there is none, or NULL. */
const char *witness_cell(const struct asked *a, size_t row, const char *name);

#endif
