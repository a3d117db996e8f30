/* SPDX-License-Identifier: MIT */
#include "greeting.h"

#include <string.h>
#include <sys/socket.h>

/* Three bytes of length, one of sequence. MySQL Internals, "MySQL Packets". */
#define HEADER 4
/* Longer than any greeting, and what poll() can be told to wait for. */
#define PACKET_MAX 8192

/* MySQL Internals, "Protocol::HandshakeV10": version 10, server version up to NUL, thread id, eight
 * bytes of scramble, a filler, the lower capabilities. */
static enum greeting
parse_handshake(const unsigned char *packet, size_t n)
{
	static const unsigned client_protocol_41 = 0x0200, client_ssl = 0x0800;
	const unsigned char *end = memchr(packet + 1, '\0', n - 1);
	size_t at = end ? (size_t)(end - packet) + 1 + 4 + 8 + 1 : n;

	if (at + 2 > n)
		return GREETING_NONSENSE;
	unsigned capabilities = (unsigned)packet[at] | (unsigned)packet[at + 1] << 8;

	if (!(capabilities & client_protocol_41))
		return GREETING_NONSENSE;
	return capabilities & client_ssl ? GREETING_TLS : GREETING_PLAIN;
}

enum greeting
greeting_parse(const unsigned char *bytes, size_t n, size_t *wanted)
{
	*wanted = HEADER + 1;
	if (n < HEADER)
		return GREETING_INCOMPLETE;
	size_t length = (size_t)bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16;

	if (length < 3 || length > PACKET_MAX - HEADER || bytes[3] != 0)
		return GREETING_NONSENSE;
	*wanted = HEADER + length;
	if (n > HEADER && bytes[HEADER] != 10 && bytes[HEADER] != 0xff)
		return GREETING_NONSENSE;
	if (n < *wanted)
		return GREETING_INCOMPLETE;
	if (bytes[HEADER] == 10)
		return parse_handshake(bytes + HEADER, length);
	/* 0xffff is no error number but MariaDB's progress report, which has no place here. */
	return bytes[HEADER + 1] == 0xff && bytes[HEADER + 2] == 0xff ? GREETING_NONSENSE
								      : GREETING_REFUSAL;
}

enum greeting
greeting_peek(int fd)
{
	unsigned char bytes[PACKET_MAX];
	size_t wanted = 0;
	int waited_for = 1, wait_for = 1;
	socklen_t size = sizeof(waited_for);
	ssize_t n = recv(fd, bytes, sizeof(bytes), MSG_PEEK | MSG_DONTWAIT);

	getsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &waited_for, &size);
	enum greeting greeting =
		n > 0 ? greeting_parse(bytes, (size_t)n, &wanted) : GREETING_CLOSED;

	if (greeting == GREETING_INCOMPLETE && n < waited_for)
		greeting = GREETING_CLOSED;
	if (greeting == GREETING_INCOMPLETE)
		wait_for = (int)wanted;
	setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &wait_for, sizeof(wait_for));
	return greeting;
}
