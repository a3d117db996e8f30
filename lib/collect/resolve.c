/* SPDX-License-Identifier: MIT */
#include "resolve.h"

#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Held by the asker and by the thread; the last one frees it. */
struct resolution {
	atomic_int holders;
	int read_end;
	int write_end;
	int error;
	struct addresses found;
	char host[];
};

/* The default of 8 MiB counts as data under RLIMIT_DATA. */
static const size_t stack_size = 256 * 1024;

static int
look_up(const char *host, int flags, struct addresses *out)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = flags };
	struct addrinfo *list = NULL;
	int error = getaddrinfo(host, NULL, &hints, &list);

	out->count = 0;
	for (struct addrinfo *a = list; !error && a && out->count < ADDRESSES_MAX; a = a->ai_next)
		if (getnameinfo(a->ai_addr, a->ai_addrlen, out->text[out->count], ADDRESS_MAX, NULL,
			    0, NI_NUMERICHOST) == 0)
			out->count++;
	if (list)
		freeaddrinfo(list);
	return error || out->count ? error : EAI_NONAME;
}

bool
resolve_numeric(const char *host, struct addresses *out)
{
	return look_up(host, AI_NUMERICHOST, out) == 0;
}

static void *
ask(void *argument)
{
	struct resolution *r = argument;

	r->error = look_up(r->host, 0, &r->found);
	close(r->write_end);
	resolve_free(r);
	return NULL;
}

static bool
start_thread(struct resolution *r)
{
	static const int own[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP };
	pthread_attr_t attributes;
	pthread_t thread;
	sigset_t all, before;

	if (pthread_attr_init(&attributes) != 0)
		return false;
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, stack_size);
	/* Signals are the main thread's, but for those that a thread sends itself. */
	sigfillset(&all);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		sigdelset(&all, own[i]);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(&thread, &attributes, ask, r);

	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return error == 0;
}

struct resolution *
resolve_start(const char *host)
{
	struct resolution *r = calloc(1, sizeof(*r) + strlen(host) + 1);
	int ends[2];

	if (!r)
		return NULL;
	if (pipe2(ends, O_CLOEXEC) != 0) {
		free(r);
		return NULL;
	}
	memcpy(r->host, host, strlen(host) + 1);
	r->read_end = ends[0];
	r->write_end = ends[1];
	atomic_init(&r->holders, 2);
	if (start_thread(r))
		return r;
	close(ends[0]);
	close(ends[1]);
	free(r);
	return NULL;
}

int
resolve_fd(const struct resolution *r)
{
	return r->read_end;
}

const char *
resolve_result(const struct resolution *r, struct addresses *out)
{
	*out = r->found;
	return r->error ? gai_strerror(r->error) : NULL;
}

void
resolve_free(struct resolution *r)
{
	if (!r || atomic_fetch_sub(&r->holders, 1) > 1)
		return;
	close(r->read_end);
	free(r);
}
