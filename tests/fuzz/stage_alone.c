/* SPDX-License-Identifier: MIT
 *
 * In place of the C library's: nothing is waited for, resolved or connected to.
 */
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "dbvitals.h"
#include "expect.h"
#include "stage_state.h"

DBV_PUBLIC int poll(struct pollfd *fds, nfds_t count, int timeout);
DBV_PUBLIC int connect(int fd, const struct sockaddr *address, socklen_t size);
DBV_PUBLIC int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
	struct addrinfo **list);

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
