/* SPDX-License-Identifier: MIT
 *
 * In place of the C library's: nothing is printed, logged, waited for or connected to.
 */
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "dbvitals.h"
#include "expect.h"
#include "stage_state.h"

DBV_PUBLIC int poll(struct pollfd *fds, nfds_t count, int timeout);
DBV_PUBLIC int connect(int fd, const struct sockaddr *address, socklen_t size);
DBV_PUBLIC int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
	struct addrinfo **list);

ssize_t
write(int fd, const void *bytes, size_t size)
{
	if (!stage.runs || fd < 1 || fd > 2)
		return syscall(SYS_write, fd, bytes, size);
	stage_keep(fd == 1 ? &stage.out : &stage.err, bytes, size);
	return (ssize_t)size;
}

int
dprintf(int fd, const char *format, ...)
{
	char line[4096];
	va_list args;

	va_start(args, format);
	int n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	return (int)write(fd, line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

void
openlog(const char *name, int option, int facility)
{
	(void)name;
	(void)option;
	(void)facility;
}

void
closelog(void)
{
}

void
syslog(int priority, const char *format, ...)
{
	char line[4096];
	va_list args;

	(void)priority;
	va_start(args, format);
	int n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	stage_keep(&stage.log, line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
	stage_keep(&stage.log, "\n", 1);
}

/* The environment is the next run's, too. */
int
setenv(const char *name, const char *value, int overwrite)
{
	(void)name;
	(void)value;
	(void)overwrite;
	return 0;
}

int
usleep(useconds_t us)
{
	host.now += us / 1000 + 1;
	return 0;
}

/* A moment for the thread that resolves a name; the rest of the time passes at once. */
int
poll(struct pollfd *fds, nfds_t count, int timeout)
{
	struct timespec moment = { .tv_nsec = stage.runs && timeout > 5 ? 5000000L
									: timeout % 1000 * 1000000L,
		.tv_sec = stage.runs ? 0 : timeout / 1000 };

	expect(!stage.runs || timeout >= 0, "nothing is waited for without an end");
	int ready = (int)syscall(SYS_ppoll, fds, count, timeout < 0 ? NULL : &moment, NULL, 0);

	if (ready == 0 && stage.runs)
		host.now += timeout;
	return ready;
}

int
connect(int fd, const struct sockaddr *address, socklen_t size)
{
	(void)fd;
	(void)address;
	(void)size;
	errno = ECONNREFUSED;
	return -1;
}

int
getaddrinfo(
	const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **list)
{
	static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

	if (!hints || !(hints->ai_flags & AI_NUMERICHOST))
		return EAI_NONAME;
	if (!real)
		real = (int (*)(const char *, const char *, const struct addrinfo *,
			struct addrinfo **))dlsym(RTLD_NEXT, "getaddrinfo");
	return real(node, service, hints, list);
}
