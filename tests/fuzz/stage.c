/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <syslog.h>
#include <unistd.h>

#include "expect.h"
#include "guard.h"
#include "local.h"
#include "node.h"
#include "observation.h"
#include "tool.h"

#define PRINTED_MAX ((size_t)4 << 20)
#define TOOLS_MAX 16

struct paper {
	char *text;
	size_t size;
};

static struct {
	bool runs;
	jmp_buf end;
	int status;
	/* Of the next look, node by node; the last one stands for the rest. */
	char *nodes[8];
	size_t node_count;
	struct {
		int status;
		const char *words;
	} tools[TOOLS_MAX];
	size_t tool_count, tools_run;
	size_t looks;
	bool answered;
	char score[32];
	struct paper out, err, log;
} stage;

/* From run to run. */
static struct {
	int64_t now;
	char address[64];
	char address_before[64];
	int home;
	char folder[64];
} host = { .now = 1000000, .home = -1 };

static void
keep(struct paper *p, const char *bytes, size_t size)
{
	expect(p->size + size < PRINTED_MAX, "what is printed has an end");
	p->text = realloc(p->text, p->size + size + 1);
	memcpy(p->text + p->size, bytes, size);
	p->size += size;
	p->text[p->size] = '\0';
}

static void
empty(struct paper *p)
{
	p->size = 0;
	keep(p, "", 0);
}

static bool
is_address(const char *address)
{
	unsigned char bytes[16];

	return address && (inet_pton(AF_INET, address, bytes) == 1 ||
				  inet_pton(AF_INET6, address, bytes) == 1);
}

/* ---- the folder ---- */

static void
remove_all(int folder)
{
	DIR *list = fdopendir(folder);

	for (const struct dirent *e = readdir(list); e; e = readdir(list)) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd(list), e->d_name, 0) == 0)
			continue;
		int below = openat(dirfd(list), e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (below >= 0)
			remove_all(below);
		unlinkat(dirfd(list), e->d_name, AT_REMOVEDIR);
	}
	closedir(list);
}

static void
remove_folder(void)
{
	rmdir(host.folder);
}

/* Two levels deep, so that ".." is ours, too. */
static void
make_folder(void)
{
	strcpy(host.folder, "/tmp/fuzz-XXXXXX");
	expect(mkdtemp(host.folder) != NULL, "there is a folder");
	host.home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	atexit(remove_folder);
}

void
stage_enter(void)
{
	if (host.home < 0)
		make_folder();
	expect(chdir(host.folder) == 0 && mkdir("in", 0700) == 0 && chdir("in") == 0,
		"there is a folder");
	host.now = 1000000;
	host.address[0] = '\0';
}

void
stage_leave(void)
{
	remove_all(open(host.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	expect(fchdir(host.home) == 0, "there was a folder");
}

/* ---- a run ---- */

static const char good[] =
	"version=10.11.6-MariaDB-log\nserver_id=1\nread_only=OFF\nport=3306\nUptime=500000\n"
	"max_connections=500\nThreads_connected=3\nwsrep_on=ON\nbind_address=*\nlog_bin=ON\n"
	"wsrep_provider=/usr/lib/galera/libgalera_smm.so\nwsrep_ready=ON\nwsrep_connected=ON\n"
	"wsrep_cluster_status=Primary\nwsrep_cluster_size=3\nwsrep_local_state=4\n"
	"wsrep_local_state_comment=Synced\nwsrep_evs_state=OPERATIONAL\n"
	"wsrep_local_recv_queue=0\nwsrep_local_send_queue=0\nwsrep_flow_control_paused_ns=0\n"
	"wsrep_cluster_conf_id=3\nwsrep_sync_wait=0\nlog_slave_updates=ON\n"
	"UNIX_TIMESTAMP()=1700000000\nUSER()=check@localhost\nCURRENT_USER()=check@%\n"
	"local_clock=1700000000\nresponse_time=4\nsessions_own=1\nsessions_foreign=3\n"
	"commit_wait=0\ncommit_wait_state=\nserver_wait=0\nserver_wait_state=\nschema_change=\n";
static const char pair[] =
	"channel\nSlave_IO_Running=Yes\nSlave_SQL_Running=Yes\nSeconds_Behind_Master=0\n"
	"Master_Host=db2\nMaster_Server_Id=2\nMaster_Log_File=b.000001\n"
	"Read_Master_Log_Pos=4\nRelay_Master_Log_File=b.000001\nExec_Master_Log_Pos=4\n";

static void
take_tool(char *line)
{
	char *words = strchr(line, ' ');

	if (stage.tool_count == TOOLS_MAX)
		return;
	stage.tools[stage.tool_count].status = (int)strtol(line, NULL, 10) % 256;
	stage.tools[stage.tool_count++].words = words ? words + 1 : "";
}

/* What is the host's, and where each node begins. */
static void
take_scene(char *scene)
{
	char *line;

	stage.nodes[0] = scene;
	stage.node_count = 1;
	for (char *rest = scene; (line = strsep(&rest, "\n"));) {
		if (strcmp(line, "node") == 0 && rest && stage.node_count < 8)
			stage.nodes[stage.node_count++] = rest;
		else if (strncmp(line, "tool=", 5) == 0)
			take_tool(line + 5);
		else if (strcmp(line, "here") == 0 && getenv("OCF_RESKEY_ip"))
			snprintf(host.address, sizeof(host.address), "%s", getenv("OCF_RESKEY_ip"));
		else if (strcmp(line, "gone") == 0)
			host.address[0] = '\0';
		/* Taken apart, it is read again. */
		if (rest)
			rest[-1] = '\n';
	}
}

int
stage_run(int (*main)(int argc, char **argv), char **argv, char *scene)
{
	stage.tool_count = stage.tools_run = stage.looks = 0;
	stage.answered = false;
	stage.score[0] = '\0';
	empty(&stage.out);
	empty(&stage.err);
	empty(&stage.log);
	take_scene(scene);
	memcpy(host.address_before, host.address, sizeof(host.address));
	host.now += 1000;
	stage.runs = true;
	if (setjmp(stage.end) == 0) {
		int argc = 0;

		while (argv[argc])
			argc++;
		stage.status = main(argc, argv);
	}
	stage.runs = false;
	return stage.status;
}

const char *
stage_printed(void)
{
	return stage.out.text;
}

const char *
stage_complained(void)
{
	return stage.err.text;
}

const char *
stage_logged(void)
{
	return stage.log.text;
}

size_t
stage_looks(void)
{
	return stage.looks;
}

bool
stage_was_answered(void)
{
	return stage.answered;
}

const char *
stage_score(void)
{
	return stage.score;
}

bool
stage_has(const char *address)
{
	return local_has(address) == TRUTH_YES;
}

bool
stage_had(const char *address)
{
	return is_address(address) && strcmp(address, host.address_before) == 0;
}

/* ---- in place of observe.c ---- */

int64_t
dbv_now(void)
{
	return host.now;
}

static void
set_line(dbv_observation *o, const char *line, size_t size)
{
	char name[80], value[512];
	const char *equals = memchr(line, '=', size);
	size_t n = equals ? (size_t)(equals - line) : 0;

	if (size == 7 && memcmp(line, "channel", 7) == 0)
		observation_add_channel(o);
	if (!equals || n >= sizeof(name) || size - n - 1 >= sizeof(value))
		return;
	memcpy(name, line, n);
	name[n] = '\0';
	memcpy(value, equals + 1, size - n - 1);
	value[size - n - 1] = '\0';
	for (enum source s = 0; s < SOURCE_COUNT; s++)
		if (s != SOURCE_CHANNEL || o->channel_count > 0)
			observation_set_by_name(o, s, name, value);
}

static void
set_lines(dbv_observation *o, const char *lines, const char *end)
{
	while (lines < end) {
		size_t size = strcspn(lines, "\n");

		set_line(o, lines, size);
		lines += size + (lines[size] == '\n');
	}
}

static void
answer_all(dbv_observation *o)
{
	for (enum source s = 0; s < SOURCE_CANARY_SETTINGS; s++)
		observation_answer(o, s, ANSWERED, 0, NULL);
	stage.answered = true;
}

static void
look_at(dbv_observation *o, const char *scene)
{
	const char *end = strstr(scene, "node\n");
	bool is_pair = strncmp(scene, "pair", 4) == 0;

	end = end ? end : scene + strlen(scene);
	observation_set_number(o, V_TAKEN_AT, (double)host.now);
	observation_answer(o, SOURCE_LOCAL, ANSWERED, 0, NULL);
	if (!is_pair && strncmp(scene, "good", 4) != 0) {
		unsigned error = strncmp(scene, "dead ", 5) == 0
					 ? (unsigned)strtoul(scene + 5, NULL, 10)
					 : 2003;

		observation_answer(
			o, SOURCE_CONNECT, error ? FAILED : LATE, error % 65536, "no answer");
		/* That it is full it has answered. */
		stage.answered = stage.answered || error % 65536 == 1040;
		return;
	}
	answer_all(o);
	set_lines(o, good, good + sizeof(good) - 1);
	if (is_pair)
		set_lines(o, pair, pair + sizeof(pair) - 1);
	set_lines(o, scene, end);
}

bool
dbv_observe(dbv_node *const nodes[], size_t count, const dbv_policy *policy, int64_t deadline)
{
	(void)policy;
	expect(deadline >= host.now, "a look has some time");
	stage.looks++;
	stage.answered = false;
	for (size_t i = 0; i < count; i++) {
		observation_free(nodes[i]->observation);
		nodes[i]->observation = observation_new();
		look_at(nodes[i]->observation,
			stage.nodes[i < stage.node_count ? i : stage.node_count - 1]);
	}
	host.now += 5;
	return true;
}

/* ---- in place of guard.c ---- */

void
guard_descriptors(void)
{
}

void
guard_signals(const struct app *app)
{
	(void)app;
}

void
guard_nodes(dbv_node *const nodes[], size_t count)
{
	(void)nodes;
	(void)count;
}

int
guard_hold_signals(void)
{
	return -1;
}

void
guard_put(const char *s)
{
	keep(&stage.err, s, strlen(s));
}

void
guard_last_words(const char *line)
{
	(void)line;
}

void
guard_waits_for(const char *what)
{
	(void)what;
}

void
guard_alarm(int64_t milliseconds)
{
	(void)milliseconds;
}

void
guard_answer(int status)
{
	(void)status;
}

void
guard_exit(int status)
{
	stage.status = status;
	longjmp(stage.end, 1);
}

void
guard_release(void)
{
}

void
guard_memory(size_t nodes)
{
	(void)nodes;
}

/* ---- in place of local.c ---- */

bool
local_address(const char *address, struct local_address *out)
{
	*out = (struct local_address){ .prefix = 24, .interface = "eth0" };
	out->here = is_address(address) && strcmp(address, host.address) == 0;
	return is_address(address);
}

enum truth
local_has(const char *address)
{
	return is_address(address) && strcmp(address, host.address) == 0 ? TRUTH_YES : TRUTH_NO;
}

void
local_boot(char *buf, size_t size)
{
	snprintf(buf, size, "a-boot");
}

/* ---- in place of tool.c ---- */

/* What it does to the host, where it succeeds. */
static void
act(const char *const argv[])
{
	const char *ip = getenv("OCF_RESKEY_ip");
	const char *slash = strrchr(argv[0], '/');

	if (slash && strcmp(slash, "/IPaddr2") == 0 && strcmp(argv[1], "start") == 0 && ip)
		snprintf(host.address, sizeof(host.address), "%s", ip);
	else if ((slash && strcmp(argv[1], "stop") == 0) || strcmp(argv[0], "ip") == 0)
		host.address[0] = '\0';
	else if (strcmp(argv[0], "crm_attribute") == 0 && strncmp(argv[2], "--update=", 9) == 0)
		snprintf(stage.score, sizeof(stage.score), "%s", argv[2] + 9);
}

int
tool_run(const char *const argv[], char *const environment[], const char *input,
	struct text *output, int64_t deadline)
{
	int status = 0;

	(void)environment;
	(void)input;
	(void)deadline;
	host.now += 3;
	if (stage.tools_run < stage.tool_count) {
		status = stage.tools[stage.tools_run].status;
		status = status < TOOL_FAILED ? TOOL_FAILED : status;
		if (output)
			text_add_foreign(output, stage.tools[stage.tools_run].words,
				strcspn(stage.tools[stage.tools_run].words, "\n"));
		stage.tools_run++;
	}
	if (status == 0)
		act(argv);
	return status;
}

size_t
tool_environment(const char *const names[], size_t count, char *out[], size_t size)
{
	(void)names;
	(void)count;
	(void)size;
	out[0] = NULL;
	return 0;
}

const char *
tool_says(int status)
{
	return status < 0 ? "was not there" : "failed";
}

/* ---- in place of the C library's ---- */

DBV_PUBLIC int poll(struct pollfd *fds, nfds_t count, int timeout);
DBV_PUBLIC int connect(int fd, const struct sockaddr *address, socklen_t size);
DBV_PUBLIC int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
	struct addrinfo **list);

ssize_t
write(int fd, const void *bytes, size_t size)
{
	if (!stage.runs || fd < 1 || fd > 2)
		return syscall(SYS_write, fd, bytes, size);
	keep(fd == 1 ? &stage.out : &stage.err, bytes, size);
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
	keep(&stage.log, line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
	keep(&stage.log, "\n", 1);
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
