/* SPDX-License-Identifier: MIT */
#include "script_server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "dbvitals.h"
#include "expect.h"
#include "script.h"

static struct {
	bool runs;
	/* Our end of the connection; -1: there is none. */
	int fd;
	struct script script;
	struct bytes heard;
	size_t sent;
	int64_t now_ms;
	/* It says nothing until then. */
	int64_t rests_until;
} server = { .fd = -1 };

static void
listen_to_client(void)
{
	unsigned char bytes[65536];
	ssize_t got = recv(server.fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (got <= 0)
		return;
	bytes_add(&server.heard, bytes, (size_t)got);
	script_hear(&server.script, bytes, (size_t)got);
}

/* One turn of the conversation, as far as the socket takes it. */
static void
speak(void)
{
	const struct bytes *said = &server.script.said;

	if (server.fd < 0)
		return;
	listen_to_client();
	if (server.script.state == SCRIPT_SPEAKS && server.rests_until <= server.now_ms) {
		script_speak(&server.script);
		server.rests_until = server.now_ms + server.script.rest_ms;
	}
	if (server.sent < said->size) {
		ssize_t put = send(server.fd, said->at + server.sent, said->size - server.sent,
			MSG_DONTWAIT | MSG_NOSIGNAL);

		server.sent += put > 0 ? (size_t)put : 0;
	}
	if (server.script.state == SCRIPT_IS_OVER && server.sent == said->size)
		shutdown(server.fd, SHUT_WR);
}

/* In place of the C library's, for the client library, too. */
DBV_PUBLIC int clock_gettime(clockid_t clock, struct timespec *t);
DBV_PUBLIC int poll(struct pollfd *fds, nfds_t count, int timeout);
DBV_PUBLIC int connect(int fd, const struct sockaddr *address, socklen_t size);

int
clock_gettime(clockid_t clock, struct timespec *t)
{
	if (!server.runs || clock != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, clock, t);
	t->tv_sec = server.now_ms / 1000;
	t->tv_nsec = server.now_ms % 1000 * 1000000;
	return 0;
}

int
poll(struct pollfd *fds, nfds_t count, int timeout)
{
	struct timespec none = { .tv_sec = 0 };

	if (!server.runs) {
		struct timespec t = { .tv_sec = timeout / 1000,
			.tv_nsec = timeout % 1000 * 1000000L };

		return (int)syscall(SYS_ppoll, fds, count, timeout < 0 ? NULL : &t, NULL, 0);
	}
	speak();
	int ready = (int)syscall(SYS_ppoll, fds, count, &none, NULL, 0);

	if (ready != 0)
		return ready;
	expect(timeout >= 0, "nothing is waited for without an end");
	int64_t rest = server.rests_until - server.now_ms;

	server.now_ms += rest > 0 && rest < timeout ? rest : timeout;
	return 0;
}

/* A socket of TCP comes about later, one of this host at once. */
int
connect(int fd, const struct sockaddr *address, socklen_t size)
{
	int ends[2];
	int flags = fcntl(fd, F_GETFL);

	(void)size;
	if (!server.runs || server.fd >= 0 ||
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		errno = ECONNREFUSED;
		return -1;
	}
	dup3(ends[0], fd, O_CLOEXEC);
	close(ends[0]);
	fcntl(fd, F_SETFL, flags);
	server.fd = ends[1];
	if (address->sa_family == AF_UNIX)
		return 0;
	errno = EINPROGRESS;
	return -1;
}

void
server_begin(const char *script, size_t size)
{
	script_begin(&server.script, script, size);
	server.heard.size = server.sent = 0;
	server.fd = -1;
	server.now_ms = 1000000;
	server.rests_until = 0;
	server.runs = true;
}

void
server_end(void)
{
	if (server.fd >= 0) {
		listen_to_client();
		close(server.fd);
	}
	server.fd = -1;
	server.runs = false;
}

static bool
holds(const struct bytes *b, const void *bytes, size_t size)
{
	return b->size >= size && memmem(b->at, b->size, bytes, size);
}

bool
server_said(const void *bytes, size_t size)
{
	return holds(&server.script.said, bytes, size);
}

bool
server_heard(const void *bytes, size_t size)
{
	return holds(&server.heard, bytes, size);
}

bool
server_said_value(const char *name, const char *value)
{
	char row[256];
	int n = snprintf(
		row, sizeof(row), "%c%s%c%s", (int)strlen(name), name, (int)strlen(value), value);

	for (size_t i = 0; i + (size_t)n <= server.script.said.size; i++)
		if (strncasecmp((const char *)server.script.said.at + i, row, (size_t)n) == 0)
			return true;
	return false;
}
