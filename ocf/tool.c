/* SPDX-License-Identifier: MIT */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dbvitals.h"
#include "guard.h"

#define OUTPUT_MAX 4096
#define END_PAUSE_US 1000
#define STATUS_NO_PROGRAM 127
#define STATUS_NOT_STARTED 126

struct child {
	pid_t pid;
	/* Its outputs; becomes readable when it prints. */
	int output;
	/* Becomes readable when a child ends. */
	int ended;
	char printed[OUTPUT_MAX];
	size_t length;
};

/* Not there, or nothing that can be run. */
static bool
is_missing(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES;
}

static void
become(const char *const argv[], char *const environment[], int in, int out)
{
	static const char *const folders[] = { "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/" };
	char path[256];

	/* It must not do later what we were to see done. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
	guard_release();
	/* execve() takes what it does not change as changeable. */
	union {
		const char *const *in;
		char *const *out;
	} words = { .in = argv };

	if (strchr(argv[0], '/'))
		execve(argv[0], words.out, environment);
	else
		for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
			snprintf(path, sizeof(path), "%s%s", folders[i], argv[0]);
			execve(path, words.out, environment);
			if (!is_missing(errno))
				break;
		}
	_exit(is_missing(errno) ? STATUS_NO_PROGRAM : STATUS_NOT_STARTED);
}

/* What the child is to read: all of it is in the pipe before the child is there. */
static int
open_input(const char *input)
{
	int ends[2];

	if (!input)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	ssize_t put = write(ends[1], input, strlen(input));

	close(ends[1]);
	if (put == (ssize_t)strlen(input) && fcntl(ends[0], F_SETFL, 0) == 0)
		return ends[0];
	close(ends[0]);
	return -1;
}

static int
watch_children(void)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool
start(struct child *c, const char *const argv[], char *const environment[], const char *input)
{
	int ends[2] = { -1, -1 };
	int in = open_input(input);

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	c->ended = watch_children();
	if (in >= 0 && c->ended >= 0 && pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
		c->output = ends[0];
		fcntl(ends[1], F_SETFL, 0);
		c->pid = fork();
		if (c->pid == 0)
			become(argv, environment, in, ends[1]);
		close(ends[1]);
	}
	if (in >= 0)
		close(in);
	return c->pid > 0;
}

static void
take_output(struct child *c)
{
	char rest[512];
	ssize_t got;

	do {
		bool full = c->length >= sizeof(c->printed) - 1;

		got = full ? read(c->output, rest, sizeof(rest))
			   : read(c->output, c->printed + c->length,
				     sizeof(c->printed) - 1 - c->length);
		if (got > 0 && !full)
			c->length += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
}

/* True when it has ended, with its wait status; false at the deadline. */
static bool
wait_for_end(struct child *c, int64_t deadline, int *status)
{
	for (;;) {
		struct pollfd both[] = { { .fd = c->ended, .events = POLLIN },
			{ .fd = c->output, .events = POLLIN } };
		int64_t left = deadline - dbv_now();
		struct signalfd_siginfo drained;

		if (waitpid(c->pid, status, WNOHANG) == c->pid)
			return true;
		if (left <= 0)
			return false;
		if (poll(both, 2, (int)left) <= 0)
			continue;
		if (both[1].revents & POLLIN)
			take_output(c);
		else if (both[1].revents) {
			close(c->output);
			c->output = -1;
		}
		while (read(c->ended, &drained, sizeof(drained)) > 0)
			continue;
	}
}

/* The child, and what it had started: whose parent ends becomes a child of this process (prctl(2), PR_SET_CHILD_SUBREAPER).
 * They stay in its process group, so that who kills that kills them, too. */
static void
end_descendants(void)
{
	char path[64];
	char line[1024];

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	for (int rounds = 0; rounds < 100; rounds++) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t got = fd >= 0 ? read(fd, line, sizeof(line) - 1) : 0;
		char *rest = line;

		if (fd >= 0)
			close(fd);
		line[got > 0 ? got : 0] = '\0';
		for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " "))
			if (*word)
				kill((pid_t)strtol(word, NULL, 10), SIGKILL);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			continue;
		if (got <= 0)
			return;
		usleep(END_PAUSE_US);
	}
}

static int
end(struct child *c, int64_t deadline)
{
	int status = 0;

	if (!wait_for_end(c, deadline, &status)) {
		/* Also where /proc does not tell who else there is. */
		kill(c->pid, SIGKILL);
		end_descendants();
		return TOOL_LATE;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) == STATUS_NOT_STARTED)
		return TOOL_FAILED;
	return WEXITSTATUS(status) == STATUS_NO_PROGRAM ? TOOL_MISSING : WEXITSTATUS(status);
}

/* All others have to do with the address. */
static bool
is_of_attributes(const char *program)
{
	return strcmp(program, "crm_attribute") == 0 || strcmp(program, "attrd_updater") == 0;
}

int
tool_run(const char *const argv[], char *const environment[], const char *input,
	struct text *output, int64_t deadline)
{
	struct child c = { .pid = -1, .output = -1, .ended = -1 };
	int status = TOOL_FAILED;

	guard_waits_for(argv[0], is_of_attributes(argv[0]) ? "attributes" : "address");
	if (start(&c, argv, environment, input)) {
		status = end(&c, deadline);
		if (c.output >= 0)
			take_output(&c);
		if (output)
			text_add_foreign(output, c.printed, sizeof(c.printed));
	}
	if (c.output >= 0)
		close(c.output);
	if (c.ended >= 0)
		close(c.ended);
	guard_waits_for(NULL, NULL);
	return status;
}

size_t
tool_environment(const char *const names[], size_t count, char *out[], size_t size)
{
	size_t n = 0;

	for (char **e = environ; *e && n < size - 1; e++) {
		bool passed = true;

		for (size_t i = 0; i < count; i++)
			passed = passed && strncmp(*e, names[i], strlen(names[i])) != 0;
		if (passed)
			out[n++] = *e;
	}
	out[n] = NULL;
	return n;
}

const char *
tool_says(int status)
{
	switch (status) {
	case TOOL_MISSING:
		return "is missing";
	case TOOL_LATE:
		return "took too long";
	case TOOL_FAILED:
		return "was ended";
	default:
		return "failed";
	}
}
