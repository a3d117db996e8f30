/* SPDX-License-Identifier: MIT
 *
 * The server's first packet, looked at before the client library sees it. Connector/C decides on
 * TLS by its options alone: where the server offers none it still takes the connection for a safe
 * one, sends passwords over it, and reports every refusal in the greeting as a broken TLS
 * handshake; some packets crash it.
 */
#ifndef DBV_GREETING_H
#define DBV_GREETING_H

#include <stddef.h>

enum greeting {
	/* More bytes are needed. */
	GREETING_INCOMPLETE,
	/* The peer hung up first; the library finds that out by itself. */
	GREETING_CLOSED,
	/* No MySQL server says that. */
	GREETING_NONSENSE,
	/* An error packet instead of a greeting, such as "too many connections". */
	GREETING_REFUSAL,
	/* A greeting, with or without the offer of TLS. */
	GREETING_PLAIN,
	GREETING_TLS,
};

/* Judges the first N BYTES; *WANTED is how many the packet has, as far as is known. */
enum greeting greeting_parse(const unsigned char *bytes, size_t n, size_t *wanted);

/* The same of what FD has received, which stays there. Where the packet is incomplete, poll()
 * reports FD readable only when it is whole or the peer hangs up. */
enum greeting greeting_peek(int fd);

#endif
