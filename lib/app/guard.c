/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "guard.h"
#include "node.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <unistd.h>

/* What a run against an honest server needs is about 4 MiB, its name resolution's thread included.
 */
#define DATA_MAX (20 * 1024 * 1024)
#define DATA_OF_A_FURTHER_NODE (2 * 1024 * 1024)

static const struct app *volatile guarded_app;
static volatile sig_atomic_t answered;
static volatile sig_atomic_t answer_status;
static dbv_node *const *volatile guarded_nodes;
static volatile size_t guarded_count;
/* Static text; beats the node's. */
static const char *volatile waits_for;
static const char *volatile late_check = "server.timeout";
static const char *volatile last_words;

void
guard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
}

/* In a signal handler, too: nothing but write(2), and that only where it cannot block. */
void
guard_put(const char *s)
{
	struct pollfd out = { .fd = guarded_app->fails_on_stderr ? 2 : 1, .events = POLLOUT };

	if (poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) && write(out.fd, s, strlen(s)) < 0)
		return;
}

/* The first node that is not done, with its name where it is one of several. */
static void
put_waiting(void)
{
	for (size_t i = 0; !waits_for && i < guarded_count; i++) {
		const char *what = dbv_node_waiting_for(guarded_nodes[i]);

		if (what == node_is_done)
			continue;
		if (guarded_count > 1) {
			guard_put(dbv_node_label(guarded_nodes[i]));
			guard_put(": ");
		}
		guard_put(what);
		return;
	}
	guard_put(waits_for ? waits_for : guarded_count ? node_is_done : "the start");
}

static void
end_process(int signal_number)
{
	const struct app *app = guarded_app;
	bool late = signal_number == SIGALRM;

	if (late && answered)
		_exit(answer_status);
	guard_put(late ? app->late_prefix : app->failed_prefix);
	guard_put(late ? "no answer in time: waited for " : "ended by a signal, waiting for ");
	put_waiting();
	guard_put(" (");
	guard_put(late ? late_check : "node.checker_failed");
	guard_put(")\n");
	if (last_words) {
		guard_put(last_words);
		guard_put("\n");
	}
	_exit(late ? app->late_status : app->failed_status);
}

void
guard_signals(const struct app *app)
{
	static const int deadly[] = { SIGALRM, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2,
		SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL,
		SIGSYS, SIGTRAP };
	static char stack[16384];
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction end = { .sa_handler = end_process, .sa_flags = SA_ONSTACK };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t none;

	guarded_app = app;
	sigaltstack(&alternate, NULL);
	sigfillset(&end.sa_mask);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		sigaction(deadly[i], &end, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

int
guard_hold_signals(void)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	int fd = signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);

	if (fd >= 0)
		sigprocmask(SIG_BLOCK, &held, NULL);
	return fd;
}

void
guard_last_words(const char *line)
{
	last_words = line;
}

void
guard_nodes(dbv_node *const nodes[], size_t count)
{
	guarded_count = 0;
	guarded_nodes = nodes;
	guarded_count = count;
}

void
guard_waits_for(const char *what, const char *check)
{
	waits_for = what;
	late_check = check ? check : "server.timeout";
}

void
guard_answer(int status)
{
	answer_status = status;
	answered = 1;
}

void
guard_exit(int status)
{
#ifdef INSTRUMENTED
	exit(status);
#else
	_exit(status);
#endif
}

void
guard_alarm(int64_t milliseconds)
{
	if (milliseconds < 1)
		milliseconds = 1;
	struct itimerval timer = { .it_value = {
					   .tv_sec = (time_t)(milliseconds / 1000),
					   .tv_usec = (suseconds_t)(milliseconds % 1000) * 1000,
				   } };

	setitimer(ITIMER_REAL, &timer, NULL);
}

#ifdef SANITIZED
/* In place of the limit on memory: what a server announces in terabytes is not there. */
DBV_PUBLIC const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1:max_allocation_size_mb=20";
}
#endif

static struct rlimit callers_data;
static struct rlimit callers_core;

void
guard_release(void)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t none;

	sigaction(SIGPIPE, &usual, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (callers_data.rlim_max != 0)
		setrlimit(RLIMIT_DATA, &callers_data);
	if (callers_core.rlim_max != 0)
		setrlimit(RLIMIT_CORE, &callers_core);
}

void
guard_memory(size_t nodes)
{
	struct rlimit core;

	if (callers_core.rlim_max == 0)
		getrlimit(RLIMIT_CORE, &callers_core);
	core = callers_core;
	core.rlim_cur = 0;
	setrlimit(RLIMIT_CORE, &core);
#ifdef SANITIZED
	(void)nodes;
#else
	struct rlimit data;

	/* Not known: none is set, since 0 would leave no memory at all. */
	if (callers_data.rlim_max == 0 && getrlimit(RLIMIT_DATA, &callers_data) != 0)
		return;
	data = callers_data;
	data.rlim_cur = DATA_MAX + (nodes > 1 ? nodes - 1 : 0) * DATA_OF_A_FURTHER_NODE;
	if (data.rlim_cur > callers_data.rlim_cur)
		data.rlim_cur = callers_data.rlim_cur;
	setrlimit(RLIMIT_DATA, &data);
#endif
}
