/* SPDX-License-Identifier: MIT
 *
 * What a server says, as a script: lines, whose first letter tells what goes out. Cells are separated by tabs; \n, \t, \\
 * and \0 stand for the characters, a cell \N for NULL. Packets get their header here, so that a changed script is still
 * heard. A line N, the next connection, is script_server.h's.
 *
 *	GVERSION  a greeting of MariaDB; g: of MySQL; L: of a MariaDB with TLS
 *	K         OK
 *	ENUMBER TEXT  an error
 *	CNAMES    how many columns, each of them, their end
 *	RCELLS    a row
 *	Z         the end of the rows
 *	PBYTES    a packet
 *	XBYTES    bytes, as they are
 *	DNUMBER   the last packet again, so many times
 *	T         nothing more until the client has spoken
 *	WNUMBER   milliseconds pass
 *	S         silence; H: hangs up, as at the end of the script
 */
#ifndef DBV_SCRIPT_H
#define DBV_SCRIPT_H

#include <stddef.h>

struct bytes {
	unsigned char *at;
	size_t size;
	size_t room;
};

void bytes_add(struct bytes *b, const void *bytes, size_t size);

/* Zero before script_begin() for the first time; LAST and SAID are kept from one to the next, and the caller's to free. */
struct script {
	const char *at;
	const char *end;
	enum {
		SCRIPT_SPEAKS,
		SCRIPT_LISTENS,
		SCRIPT_IS_SILENT,
		SCRIPT_IS_OVER,
	} state;
	unsigned char sequence;
	/* Before it speaks on. */
	unsigned rest_ms;
	struct bytes last;
	/* Everything that it said. */
	struct bytes said;
};

/* TEXT must live on. */
void script_begin(struct script *s, const char *text, size_t size);

/* Adds to SAID what comes before the client is to speak, or time is to pass. */
void script_speak(struct script *s);

/* The client has said BYTES. */
void script_hear(struct script *s, const unsigned char *bytes, size_t size);

#endif
