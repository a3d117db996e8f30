/* SPDX-License-Identifier: MIT
 *
 * Preloaded into a program: the n-th of its calls that can fail does fail, without having done anything.
 *
 *	INJECT_INTO	the program's name; what it starts is left alone
 *	INJECT_KIND	memory: malloc() and the like; calls: system calls, and functions that make some; interrupts:
 *			system calls that wait, by EINTR
 *	INJECT_AT	the n; 0: none
 *	INJECT_LASTING	set: all of that kind from the n-th on
 *	INJECT_SITES	so many calls from one place in the code count; left out: all
 *	INJECT_TOLD	a file, of lines:
 *
 *	failed NAME FILE	for each that failed, with whose code wanted it
 *	made NUMBER		of the kind when the process ends
 *	crashed SIGNAL PLACE...	where a handler of the program's is called of a fault, or abort()
 *	left WHAT NUMBER	when the process ends other than out of a handler of the program's, which ends it where it is:
 *				"connections" (mysql_init()) or "results" that it has opened itself, and not closed
 *
 * A PLACE is "FILE FUNCTION FRAMES": whose code it was, the function that was called there from outside, by its offset where
 * it has no name, and how many calls deep the fault was in it. The first is where the fault was, each next one has called the
 * one before, the last is the program's or the fourth. The C library and its loader are "libc", and never the culprit where
 * it can be the caller's pointer: who reads this looks at the next. The FILE is "?" where no code is.
 *
 * Calls are counted from main() on, over all threads and over children until they become other programs. Functions are
 * defined under the names that the linker knows, since the headers' differ in macros and in what the compiler checks.
 */
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "inject.h"

enum kind {
	NONE,
	MEMORY,
	CALLS,
	INTERRUPTS,
};

static enum kind kind;
static long at;
static bool lasting;
static const char *told;
static pid_t process;
static long most_of_a_site;

/* Shared with children. */
static struct shared {
	atomic_long made;
	/* How often each place has called; one that finds no room does not count. */
	struct site {
		_Atomic(const void *) place;
		atomic_long calls;
	} sites[1024];
} * shared;

void
tell(const char *format, ...)
{
	char line[1024];
	int saved = errno;
	va_list arguments;

	va_start(arguments, format);
	int n = vsnprintf(line, sizeof(line), format, arguments);

	va_end(arguments);
	long fd = syscall(SYS_openat, -100, told, 02001 | 0100, 0600);

	syscall(SYS_write, fd, line, n);
	syscall(SYS_close, fd);
	errno = saved;
}

static bool
counts(const void *place)
{
	if (most_of_a_site == 0)
		return true;
	for (struct site *s = shared->sites; s < shared->sites + 1024; s++) {
		const void *none = NULL;

		if (atomic_load(&s->place) == place ||
			atomic_compare_exchange_strong(&s->place, &none, place) || none == place)
			return atomic_fetch_add(&s->calls, 1) < most_of_a_site;
	}
	return false;
}

const char *
file_of(const void *place)
{
	Dl_info info;

	return dladdr(place, &info) && info.dli_fname ? info.dli_fname : "?";
}

/* A sanitizer's own calls are none of the program. */
static bool
is_due(enum kind of, const char *name, const void *place)
{
	if (of != kind || !counts(place) || strstr(file_of(place), "san.so"))
		return false;
	long n = atomic_fetch_add(&shared->made, 1) + 1;

	if (at == 0 || n < at || (n > at && !lasting))
		return false;
	tell("failed %s %s\n", name, file_of(place));
	return true;
}

static void
tell_made(void)
{
	if (kind == NONE || getpid() != process)
		return;
	tell("made %ld\n", atomic_load(&shared->made));
	tell_left();
	kind = NONE;
}

__attribute__((constructor)) static void
begin(void)
{
	static const char *const kinds[] = { [MEMORY] = "memory", "calls", "interrupts" };
	const char *into = getenv("INJECT_INTO");
	const char *wanted = getenv("INJECT_KIND");
	const char *n = getenv("INJECT_AT");
	const char *sites = getenv("INJECT_SITES");

	told = getenv("INJECT_TOLD");
	if (!into || !wanted || !n || !told || strcmp(into, program_invocation_short_name) != 0)
		return;
	at = strtol(n, NULL, 10);
	lasting = getenv("INJECT_LASTING") != NULL;
	process = getpid();
	most_of_a_site = sites ? strtol(sites, NULL, 10) : 0;
	shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (enum kind k = MEMORY; k <= INTERRUPTS; k++)
		if (strcmp(kinds[k], wanted) == 0)
			kind = k;
}

__attribute__((destructor)) static void
end(void)
{
	tell_made();
}

__attribute__((noreturn)) void leave(int status) __asm__("_exit");

void
leave(int status)
{
	tell_made();
	syscall(SYS_exit_group, status);
	__builtin_unreachable();
}

/* What is done behind it is the sanitizers' and gcov's. */
__attribute__((noreturn)) void leave_tidily(int status) __asm__("exit");

void
leave_tidily(int status)
{
	static void (*next)(int status) __attribute__((noreturn));

	*(void **)&next = dlsym(RTLD_NEXT, "exit");
	tell_made();
	next(status);
}

/* NAME fails with ERROR by returning RESULT. */
#define CALL(one, other, type, name, result, error, parameters, arguments) \
	type fail_##name parameters __asm__(#name); \
	type fail_##name parameters \
	{ \
		static type(*next) parameters; \
\
		if (!next) \
			*(void **)&next = dlsym(RTLD_NEXT, #name); \
		if (is_due(one, #name, CALLER)) { \
			errno = error; \
			return result; \
		} \
		if (other != NONE && is_due(other, #name, CALLER)) { \
			errno = EINTR; \
			return result; \
		} \
		return next arguments; \
	}

#define ALLOCATIONS(CALL) \
	CALL(MEMORY, NONE, void *, malloc, NULL, ENOMEM, (size_t n), (n)) \
	CALL(MEMORY, NONE, void *, calloc, NULL, ENOMEM, (size_t n, size_t s), (n, s)) \
	CALL(MEMORY, NONE, void *, realloc, NULL, ENOMEM, (void *p, size_t n), (p, n))

#define FILES(CALL) \
	CALL(CALLS, INTERRUPTS, int, open, -1, EMFILE, (const char *p, int f, int m), (p, f, m)) \
	CALL(CALLS, INTERRUPTS, int, open64, -1, EMFILE, (const char *p, int f, int m), (p, f, m)) \
	CALL(CALLS, INTERRUPTS, int, openat, -1, EMFILE, (int d, const char *p, int f, int m), \
		(d, p, f, m)) \
	CALL(CALLS, NONE, void *, fopen, NULL, EMFILE, (const char *p, const char *m), (p, m)) \
	CALL(CALLS, NONE, void *, fopen64, NULL, EMFILE, (const char *p, const char *m), (p, m)) \
	CALL(CALLS, NONE, char *, fgets, NULL, EIO, (char *s, int n, void *f), (s, n, f)) \
	CALL(CALLS, NONE, size_t, fread, 0, EIO, (void *b, size_t s, size_t n, void *f), \
		(b, s, n, f)) \
	CALL(CALLS, INTERRUPTS, ssize_t, read, -1, EIO, (int d, void *b, size_t n), (d, b, n)) \
	CALL(CALLS, INTERRUPTS, ssize_t, __read_chk, -1, EIO, \
		(int d, void *b, size_t n, size_t s), (d, b, n, s)) \
	CALL(CALLS, INTERRUPTS, ssize_t, write, -1, ENOSPC, (int d, const void *b, size_t n), \
		(d, b, n)) \
	CALL(CALLS, NONE, int, fstat, -1, EIO, (int d, void *s), (d, s)) \
	CALL(CALLS, NONE, int, stat, -1, EIO, (const char *p, void *s), (p, s)) \
	CALL(CALLS, NONE, int, lstat, -1, EIO, (const char *p, void *s), (p, s)) \
	CALL(CALLS, NONE, int, faccessat, -1, EIO, (int d, const char *p, int m, int f), \
		(d, p, m, f)) \
	CALL(CALLS, NONE, int, access, -1, EIO, (const char *p, int m), (p, m)) \
	CALL(CALLS, NONE, ssize_t, readlink, -1, EIO, (const char *p, char *b, size_t n), \
		(p, b, n)) \
	CALL(CALLS, NONE, char *, realpath, NULL, EIO, (const char *p, char *r), (p, r)) \
	CALL(CALLS, NONE, int, mkdir, -1, ENOSPC, (const char *p, unsigned m), (p, m)) \
	CALL(CALLS, NONE, int, rename, -1, EIO, (const char *p, const char *q), (p, q)) \
	CALL(CALLS, NONE, int, renameat, -1, EIO, (int d, const char *p, int e, const char *q), \
		(d, p, e, q)) \
	CALL(CALLS, NONE, int, unlink, -1, EIO, (const char *p), (p)) \
	CALL(CALLS, NONE, int, unlinkat, -1, EIO, (int d, const char *p, int f), (d, p, f)) \
	CALL(CALLS, INTERRUPTS, int, flock, -1, ENOLCK, (int d, int o), (d, o)) \
	CALL(CALLS, NONE, int, dup2, -1, EMFILE, (int d, int e), (d, e)) \
	CALL(CALLS, NONE, int, dup3, -1, EMFILE, (int d, int e, int f), (d, e, f)) \
	CALL(CALLS, NONE, int, fcntl, -1, EMFILE, (int d, int c, long a), (d, c, a)) \
	CALL(CALLS, NONE, int, fcntl64, -1, EMFILE, (int d, int c, long a), (d, c, a)) \
	CALL(CALLS, NONE, int, pipe2, -1, EMFILE, (int *d, int f), (d, f))

static void *
allocate(size_t n)
{
	static void *(*next)(size_t n);

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "malloc");
	return next(n);
}

/* Whose it is would else be the C library's. */
char *
strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = NULL;

	if (is_due(MEMORY, "strdup", CALLER))
		errno = ENOMEM;
	else
		copy = allocate(n);
	return copy ? memcpy(copy, s, n) : NULL;
}

/* What was written may not have arrived; the descriptor is closed. */
int
close(int fd)
{
	bool failed = is_due(CALLS, "close", CALLER);
	long result = syscall(SYS_close, fd);

	if (failed)
		errno = EIO;
	return failed ? -1 : (int)result;
}

/* Where a crash is told there is need of more room than the program's. */
int
sigaltstack(const stack_t *new, stack_t *old)
{
	static char room[65536];
	static int (*next)(const stack_t *new, stack_t *old);
	stack_t ours = { .ss_sp = room, .ss_size = sizeof(room) };

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "sigaltstack");
	if (is_due(CALLS, "sigaltstack", CALLER)) {
		errno = ENOMEM;
		return -1;
	}
	return next(new && is_own(CALLER) ? &ours : new, old);
}

#define NETWORK(CALL) \
	CALL(CALLS, NONE, int, socket, -1, EMFILE, (int d, int t, int p), (d, t, p)) \
	CALL(CALLS, INTERRUPTS, int, connect, -1, ENETUNREACH, (int d, const void *a, unsigned n), \
		(d, a, n)) \
	CALL(CALLS, NONE, int, bind, -1, EADDRINUSE, (int d, const void *a, unsigned n), \
		(d, a, n)) \
	CALL(CALLS, INTERRUPTS, ssize_t, recv, -1, ECONNRESET, (int d, void *b, size_t n, int f), \
		(d, b, n, f)) \
	CALL(CALLS, INTERRUPTS, ssize_t, send, -1, EPIPE, (int d, const void *b, size_t n, int f), \
		(d, b, n, f)) \
	CALL(CALLS, NONE, int, shutdown, -1, ENOTCONN, (int d, int h), (d, h)) \
	CALL(CALLS, NONE, int, getsockopt, -1, ENOBUFS, (int d, int l, int o, void *v, void *n), \
		(d, l, o, v, n)) \
	CALL(CALLS, NONE, int, setsockopt, -1, ENOBUFS, \
		(int d, int l, int o, const void *v, unsigned n), (d, l, o, v, n)) \
	CALL(CALLS, INTERRUPTS, int, poll, -1, ENOMEM, (void *f, unsigned long n, int t), \
		(f, n, t)) \
	CALL(CALLS, INTERRUPTS, int, __poll_chk, -1, ENOMEM, \
		(void *f, unsigned long n, int t, size_t s), (f, n, t, s)) \
	CALL(CALLS, NONE, int, getaddrinfo, EAI_MEMORY, ENOMEM, \
		(const char *n, const char *s, const void *h, void **r), (n, s, h, r)) \
	CALL(CALLS, NONE, int, getnameinfo, EAI_MEMORY, ENOMEM, \
		(const void *a, unsigned n, char *h, unsigned l, char *s, unsigned m, int f), \
		(a, n, h, l, s, m, f)) \
	CALL(CALLS, NONE, int, getifaddrs, -1, ENOBUFS, (void **l), (l)) \
	CALL(CALLS, NONE, int, gethostname, -1, EFAULT, (char *b, size_t n), (b, n))

#define PROCESSES(CALL) \
	CALL(CALLS, NONE, int, fork, -1, EAGAIN, (void), ()) \
	CALL(CALLS, NONE, int, execve, -1, ENOMEM, \
		(const char *p, char *const *a, char *const *e), (p, a, e)) \
	CALL(CALLS, INTERRUPTS, int, waitpid, -1, ECHILD, (int p, int *s, int o), (p, s, o)) \
	CALL(CALLS, NONE, int, kill, -1, EPERM, (int p, int s), (p, s)) \
	CALL(CALLS, NONE, int, prctl, -1, EINVAL, (int o, long a, long b, long c, long d), \
		(o, a, b, c, d)) \
	CALL(CALLS, NONE, int, pthread_create, EAGAIN, EAGAIN, \
		(void *t, const void *a, void *r, void *g), (t, a, r, g)) \
	CALL(CALLS, INTERRUPTS, int, usleep, -1, EINVAL, (unsigned u), (u)) \
	CALL(CALLS, NONE, int, signalfd, -1, EMFILE, (int d, const void *m, int f), (d, m, f)) \
	CALL(CALLS, NONE, int, setitimer, -1, EFAULT, (int w, const void *n, void *o), (w, n, o)) \
	CALL(CALLS, NONE, int, getrlimit, -1, EFAULT, (int r, void *l), (r, l)) \
	CALL(CALLS, NONE, int, setrlimit, -1, EPERM, (int r, const void *l), (r, l)) \
	CALL(CALLS, NONE, void *, mmap, MAP_FAILED, ENOMEM, \
		(void *a, size_t n, int p, int f, int d, long o), (a, n, p, f, d, o)) \
	CALL(CALLS, NONE, int, mprotect, -1, ENOMEM, (void *a, size_t n, int p), (a, n, p)) \
	CALL(CALLS, NONE, int, getgroups, -1, EFAULT, (int n, unsigned *g), (n, g)) \
	CALL(CALLS, NONE, void *, getpwnam, NULL, EIO, (const char *n), (n)) \
	CALL(CALLS, NONE, void *, getpwuid, NULL, EIO, (unsigned u), (u)) \
	CALL(CALLS, INTERRUPTS, ssize_t, getrandom, -1, ENOSYS, (void *b, size_t n, unsigned f), \
		(b, n, f)) \
	CALL(CALLS, NONE, void *, dlopen, NULL, ENOMEM, (const char *p, int f), (p, f))

ALLOCATIONS(CALL)
FILES(CALL)
NETWORK(CALL)
PROCESSES(CALL)
