/* SPDX-License-Identifier: MIT */
#include "script_server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "dbvitals.h"
#include "expect.h"
#include "script.h"

#define CONVERSATIONS_MAX 8
/* Of the calendar, at which it stands still. */
#define SECOND 1700000000

struct conversation {
	/* Our end of the connection; -1: there is none. */
	int fd;
	struct script script;
	struct bytes heard;
	size_t sent;
	/* It says nothing until then. */
	int64_t rests_until;
};

static struct {
	bool runs;
	/* What nobody has connected for yet; NULL: nothing. */
	const char *rest;
	const char *end;
	struct conversation all[CONVERSATIONS_MAX];
	size_t count;
	int64_t now_ms;
} server;

static void
listen_to_client(struct conversation *c)
{
	unsigned char bytes[65536];
	ssize_t got = recv(c->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (got <= 0)
		return;
	bytes_add(&c->heard, bytes, (size_t)got);
	script_hear(&c->script, bytes, (size_t)got);
}

/* One turn of the conversation, as far as the socket takes it. */
static void
speak(struct conversation *c)
{
	const struct bytes *said = &c->script.said;

	listen_to_client(c);
	if (c->script.state == SCRIPT_SPEAKS && c->rests_until <= server.now_ms) {
		script_speak(&c->script);
		c->rests_until = server.now_ms + c->script.rest_ms;
	}
	if (c->sent < said->size) {
		ssize_t put = send(c->fd, said->at + c->sent, said->size - c->sent,
			MSG_DONTWAIT | MSG_NOSIGNAL);

		c->sent += put > 0 ? (size_t)put : 0;
	}
	if (c->script.state == SCRIPT_IS_OVER && c->sent == said->size)
		shutdown(c->fd, SHUT_WR);
}

/* In place of the C library's, for the client library, too. */
DBV_PUBLIC int clock_gettime(clockid_t clock, struct timespec *t);
DBV_PUBLIC time_t time(time_t *t);
DBV_PUBLIC pid_t getpid(void);
DBV_PUBLIC ssize_t getrandom(void *bytes, size_t size, unsigned flags);
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

time_t
time(time_t *t)
{
	struct timespec now = { .tv_sec = SECOND };

	if (!server.runs)
		syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
	if (t)
		*t = now.tv_sec;
	return now.tv_sec;
}

pid_t
getpid(void)
{
	return server.runs ? 1 : (pid_t)syscall(SYS_getpid);
}

ssize_t
getrandom(void *bytes, size_t size, unsigned flags)
{
	if (!server.runs)
		return syscall(SYS_getrandom, bytes, size, flags);
	memset(bytes, 0x11, size);
	return (ssize_t)size;
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
	for (size_t i = 0; i < server.count; i++)
		speak(&server.all[i]);
	int ready = (int)syscall(SYS_ppoll, fds, count, &none, NULL, 0);

	if (ready != 0)
		return ready;
	expect(timeout >= 0, "nothing is waited for without an end");
	int64_t wait = timeout;

	for (size_t i = 0; i < server.count; i++) {
		int64_t rest = server.all[i].rests_until - server.now_ms;

		if (rest > 0 && rest < wait)
			wait = rest;
	}
	server.now_ms += wait;
	return 0;
}

/* The end of the part of the script that begins at FROM. */
static const char *
part_end(const char *from)
{
	for (const char *line = from; line < server.end;) {
		const char *end = memchr(line, '\n', (size_t)(server.end - line));

		if (!end)
			break;
		if (end == line + 1 && *line == 'N')
			return line;
		line = end + 1;
	}
	return server.end;
}

/* False where it refuses. */
static bool
begin_conversation(struct conversation *c)
{
	const char *part = server.rest;

	if (!part)
		return false;
	const char *end = part_end(part);

	server.rest = end < server.end ? end + 2 : NULL;
	while (part < end && *part == '\n')
		part++;
	c->heard.size = c->sent = 0;
	c->rests_until = 0;
	script_begin(&c->script, part, (size_t)(end - part));
	return part < end;
}

/* A socket of TCP comes about later, one of this host at once. */
int
connect(int fd, const struct sockaddr *address, socklen_t size)
{
	struct conversation *c = &server.all[server.count];
	int ends[2];
	int flags = fcntl(fd, F_GETFL);

	(void)size;
	if (!server.runs || server.count == CONVERSATIONS_MAX || !begin_conversation(c) ||
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		errno = ECONNREFUSED;
		return -1;
	}
	dup3(ends[0], fd, O_CLOEXEC);
	close(ends[0]);
	fcntl(fd, F_SETFL, flags);
	c->fd = ends[1];
	server.count++;
	if (address->sa_family == AF_UNIX)
		return 0;
	errno = EINPROGRESS;
	return -1;
}

void
server_begin(const char *script, size_t size)
{
	server.rest = script;
	server.end = script + size;
	server.count = 0;
	server.now_ms = 1000000;
	server.runs = true;
}

void
server_end(void)
{
	for (size_t i = 0; i < server.count; i++) {
		listen_to_client(&server.all[i]);
		close(server.all[i].fd);
	}
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
	for (size_t i = 0; i < server.count; i++)
		if (holds(&server.all[i].script.said, bytes, size))
			return true;
	return false;
}

bool
server_heard(const void *bytes, size_t size)
{
	for (size_t i = 0; i < server.count; i++)
		if (holds(&server.all[i].heard, bytes, size))
			return true;
	return false;
}

bool
server_said_value(const char *name, const char *value)
{
	char row[256];
	int n = snprintf(
		row, sizeof(row), "%c%s%c%s", (int)strlen(name), name, (int)strlen(value), value);

	for (size_t c = 0; c < server.count; c++) {
		const struct bytes *said = &server.all[c].script.said;

		for (size_t i = 0; i + (size_t)n <= said->size; i++)
			if (strncasecmp((const char *)said->at + i, row, (size_t)n) == 0)
				return true;
	}
	return false;
}
