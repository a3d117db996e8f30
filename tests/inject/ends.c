/* SPDX-License-Identifier: MIT
 *
 * How the process ends: in whose code it crashed, and what of the client library it left open (fail_nth.c has the lines).
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <ucontext.h>
#include <unwind.h>

#include "inject.h"

#if defined(__x86_64__)
#define FAULT_IN(context) ((context)->uc_mcontext.gregs[REG_RIP])
#elif defined(__aarch64__)
#define FAULT_IN(context) ((context)->uc_mcontext.pc)
#endif

/* The program's own. */
static struct sigaction handlers[NSIG];
static volatile sig_atomic_t in_handler;

bool
is_own(const void *place)
{
	static const void *base;
	Dl_info info;

	if (!base && dladdr((const void *)getauxval(AT_ENTRY), &info))
		base = info.dli_fbase;
	return dladdr(place, &info) && info.dli_fbase == base;
}

/* Frames from where the fault was, those of one object together, until one is the program's. */
struct walk {
	_Unwind_Ptr fault;
	bool begun;
	char text[400];
	size_t length;
	char object[100];
	char entered[100];
	int frames;
	int runs;
};

static void
end_run(struct walk *w)
{
	if (w->frames > 0 && w->length < sizeof(w->text))
		w->length += (size_t)snprintf(w->text + w->length, sizeof(w->text) - w->length,
			" %s %s %d", w->object, w->entered, w->frames);
	w->runs += w->frames > 0;
	w->frames = 0;
}

/* The loader and the C library are one; what is preloaded is nobody. */
static const char *
object_of(const void *place)
{
	const char *file = file_of(place);
	const char *slash = strrchr(file, '/');

	file = slash ? slash + 1 : file;
	if (strstr(file, "san.so") || strcmp(file, "fail_nth.so") == 0)
		return NULL;
	return strncmp(file, "libc.so", 7) == 0 || strncmp(file, "ld-linux", 8) == 0 ? "libc"
										     : file;
}

static _Unwind_Reason_Code
step(struct _Unwind_Context *context, void *argument)
{
	struct walk *w = argument;
	int before = 0;
	_Unwind_Ptr ip = _Unwind_GetIPInfo(context, &before);

	w->begun = w->begun || ip == w->fault;
	if (!w->begun)
		return _URC_NO_REASON;
	/* Behind a call that does not return may be another function. */
	const void *place = (const void *)(ip - (before ? 0 : 1));
	const char *object = object_of(place);
	Dl_info info = { .dli_sname = NULL };

	if (!object)
		return _URC_NO_REASON;
	if (w->frames > 0 && strcmp(object, w->object) != 0) {
		bool enough = strcmp(w->object, "?") == 0 || w->runs == 3;

		end_run(w);
		if (enough)
			return _URC_END_OF_STACK;
	}
	snprintf(w->object, sizeof(w->object), "%s", object);
	if (!dladdr(place, &info) || info.dli_sname)
		snprintf(w->entered, sizeof(w->entered), "%s",
			info.dli_sname ? info.dli_sname : "?");
	else
		snprintf(w->entered, sizeof(w->entered), "+0x%tx",
			(const char *)place - (const char *)info.dli_fbase);
	w->frames++;
	return is_own(place) ? _URC_END_OF_STACK : _URC_NO_REASON;
}

static void
tell_crash(int number, const ucontext_t *context)
{
	struct walk w = { .fault = (_Unwind_Ptr)FAULT_IN(context) };

	_Unwind_Backtrace(step, &w);
	end_run(&w);
	tell("crashed %d%s\n", number, w.runs > 0 ? w.text : " ? ? 0");
}

static void
relay(int number, siginfo_t *info, void *context)
{
	const struct sigaction *h = &handlers[number];

	in_handler = 1;
	switch (number) {
	case SIGSEGV:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGABRT:
	case SIGTRAP:
	case SIGSYS:
		tell_crash(number, context);
	}
	if (h->sa_flags & SA_SIGINFO)
		h->sa_sigaction(number, info, context);
	else
		h->sa_handler(number);
	in_handler = 0;
}

int handle(int number, const struct sigaction *new, struct sigaction *old) __asm__("sigaction");

int
handle(int number, const struct sigaction *new, struct sigaction *old)
{
	static int (*next)(int number, const struct sigaction *new, struct sigaction *old);
	struct sigaction ours;

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "sigaction");
	if (!is_own(CALLER) || !new || number <= 0 || number >= NSIG ||
		new->sa_handler == SIG_DFL || new->sa_handler == SIG_IGN)
		return next(number, new, old);
	handlers[number] = ours = *new;
	ours.sa_flags |= SA_SIGINFO;
	ours.sa_sigaction = relay;
	return next(number, &ours, old);
}

/* What the program has of the library; what the library opens and closes itself is none. */
static atomic_long connections;
static atomic_long results;

#define OPENS(name, count) \
	void *open_##name(void *of) __asm__(#name); \
	void *open_##name(void *of) \
	{ \
		static void *(*next)(void *of); \
\
		if (!next) \
			*(void **)&next = dlsym(RTLD_NEXT, #name); \
		void *opened = next(of); \
\
		if (opened && is_own(CALLER)) \
			atomic_fetch_add(&count, 1); \
		return opened; \
	}

#define CLOSES(name, count) \
	void close_##name(void *opened) __asm__(#name); \
	void close_##name(void *opened) \
	{ \
		static void (*next)(void *opened); \
\
		if (!next) \
			*(void **)&next = dlsym(RTLD_NEXT, #name); \
		if (opened && is_own(CALLER)) \
			atomic_fetch_sub(&count, 1); \
		next(opened); \
	}

OPENS(mysql_init, connections)
OPENS(mysql_use_result, results)
OPENS(mysql_store_result, results)
CLOSES(mysql_close, connections)
CLOSES(mysql_free_result, results)

void
tell_left(void)
{
	long c = atomic_load(&connections);
	long r = atomic_load(&results);

	if (in_handler)
		return;
	if (c != 0)
		tell("left connections %ld\n", c);
	if (r != 0)
		tell("left results %ld\n", r);
}
