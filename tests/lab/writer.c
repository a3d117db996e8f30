/* SPDX-License-Identifier: MIT
 *
 * A client that writes or reads without pause, and records what was acknowledged, when and by whom. It tells one line for each
 * attempt, times in seconds of CLOCK_MONOTONIC, which all hosts of a lab share:
 *
 *	WHAT NUMBER BEFORE AFTER SERVER ERROR TEXT
 *
 * with WHAT one of: open (a session; NUMBER is the one to be written next), shut (no session), kept (the row is
 * acknowledged), lost (it is not, and nobody knows whether it was written). A number is tried once. A reader opens a session
 * for each, and tells read (TEXT is what the node says of itself), lost (no answer) or shut.
 *
 *	writer rows ADDRESS PORT PASSWORD NAME PAUSE_MS LIMIT_MS SIZE	until SIGTERM
 *	writer reads ADDRESS PORT PASSWORD NAME PAUSE_MS LIMIT_MS	until SIGTERM
 *	writer crowd ADDRESS PORT PASSWORD COUNT			hold so many sessions until SIGTERM
 *	writer now							the time
 */
#include <errno.h>
#include <mysql.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define MS 1000000LL
#define S (1000 * MS)

struct session {
	MYSQL *mysql;
	long long deadline;
	char server[64];
	char state[64];
};

static const char *address, *password;
static unsigned port;
static long long limit = 2 * S;
static unsigned long size;
static volatile sig_atomic_t over;

static void
stop(int signal)
{
	(void)signal;
	over = 1;
}

static long long
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * S + t.tv_nsec;
}

static void
pause_for(long long ns)
{
	struct timespec t = { .tv_sec = ns / S, .tv_nsec = ns % S };

	nanosleep(&t, NULL);
}

static void
tell(const char *what, long long number, long long before, const struct session *s)
{
	long long after = now();
	const char *text = s->mysql ? mysql_error(s->mysql) : "out of memory";

	printf("%s %lld %lld.%06lld %lld.%06lld %s %u %s\n", what, number, before / S,
		before % S / 1000, after / S, after % S / 1000, s->server[0] ? s->server : "-",
		s->mysql ? mysql_errno(s->mysql) : 0, s->state[0] ? s->state : text);
}

/* Waits for what the library waits for. When the time is up, what it does is made to fail. */
static int
await(struct session *s, int wanted)
{
	struct pollfd p = { .fd = mysql_get_socket(s->mysql) };
	long long left = s->deadline - now();
	int ready;

	if (wanted & MYSQL_WAIT_READ)
		p.events |= POLLIN;
	if (wanted & MYSQL_WAIT_WRITE)
		p.events |= POLLOUT;
	do {
		ready = left > 0 ? poll(&p, 1, (int)(left / MS) + 1) : 0;
		left = s->deadline - now();
	} while (ready < 0 && errno == EINTR && left > 0);
	if (ready <= 0) {
		shutdown(p.fd, SHUT_RDWR);
		return MYSQL_WAIT_TIMEOUT;
	}
	return (p.revents & (POLLIN | POLLHUP | POLLERR) ? wanted & MYSQL_WAIT_READ : 0) |
	       (p.revents & (POLLOUT | POLLHUP | POLLERR) ? wanted & MYSQL_WAIT_WRITE : 0);
}

static int
query(struct session *s, const char *text)
{
	int failed = 0, wanted;

	s->deadline = now() + limit;
	wanted = mysql_real_query_start(&failed, s->mysql, text, strlen(text));
	while (wanted)
		wanted = mysql_real_query_cont(&failed, s->mysql, await(s, wanted));
	return failed;
}

/* The last column of each row, with commas between. */
static int
ask(struct session *s, const char *question, char *answer, size_t room)
{
	MYSQL_RES *result = NULL;
	MYSQL_ROW row;
	size_t used = 0;
	int wanted;

	if (query(s, question) != 0)
		return -1;
	wanted = mysql_store_result_start(&result, s->mysql);
	while (wanted)
		wanted = mysql_store_result_cont(&result, s->mysql, await(s, wanted));
	if (!result)
		return -1;
	while ((row = mysql_fetch_row(result)) && used < room) {
		const char *value = row[mysql_num_fields(result) - 1];

		used += (size_t)snprintf(
			answer + used, room - used, "%s%s", used ? "," : "", value ? value : "-");
	}
	mysql_free_result(result);
	return used ? 0 : -1;
}

static int
session_open(struct session *s)
{
	MYSQL *connected = NULL;
	int wanted;

	s->server[0] = 0;
	s->mysql = mysql_init(NULL);
	if (!s->mysql)
		return -1;
	mysql_options(s->mysql, MYSQL_OPT_NONBLOCK, 0);
	s->deadline = now() + limit;
	wanted = mysql_real_connect_start(
		&connected, s->mysql, address, "app", password, "app", port, NULL, 0);
	while (wanted)
		wanted = mysql_real_connect_cont(&connected, s->mysql, await(s, wanted));
	return connected ? ask(s, "SELECT @@hostname", s->server, sizeof s->server) : -1;
}

static void
session_close(struct session *s)
{
	if (s->mysql)
		mysql_close(s->mysql);
	s->mysql = NULL;
}

/* One row, and the session with it if that fails. */
static void
write_row(struct session *s, const char *name, long long number)
{
	long long before = now();
	char text[256];

	snprintf(text, sizeof text,
		"INSERT INTO app.rows (writer, number, server, filler) VALUES ('%s', %lld, '%s', REPEAT('x', %lu))",
		name, number, s->server, size);
	if (query(s, text) == 0) {
		tell("kept", number, before, s);
		return;
	}
	tell("lost", number, before, s);
	session_close(s);
}

static void
write_rows(const char *name, long long pause)
{
	struct session s = { 0 };
	long long number = 1, before;

	for (; !over; pause_for(pause)) {
		if (s.mysql) {
			write_row(&s, name, number++);
			continue;
		}
		before = now();
		if (session_open(&s) == 0) {
			tell("open", number, before, &s);
		} else {
			tell("shut", number, before, &s);
			session_close(&s);
		}
	}
	session_close(&s);
}

static void
read_once(long long number)
{
	static const char state[] =
		"SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_status', 'wsrep_local_state_comment')";
	struct session s = { 0 };
	long long before = now();
	const char *what = "read";

	if (session_open(&s) != 0)
		what = "shut";
	else if (ask(&s, state, s.state, sizeof s.state) != 0)
		what = "lost";
	/* Broken off by the signal it says nothing of the server. */
	if (!over)
		tell(what, number, before, &s);
	session_close(&s);
}

static void
hold_sessions(size_t count)
{
	struct session *all = calloc(count, sizeof *all);

	while (all && !over) {
		for (size_t i = 0; i < count && !over; i++) {
			if (all[i].mysql && query(&all[i], "DO 1") == 0)
				continue;
			session_close(&all[i]);
			if (session_open(&all[i]) != 0)
				session_close(&all[i]);
		}
		pause_for(100 * MS);
	}
	for (size_t i = 0; all && i < count; i++)
		session_close(&all[i]);
	free(all);
}

int
main(int argc, char **argv)
{
	struct sigaction end = { .sa_handler = stop };

	sigaction(SIGTERM, &end, NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && strcmp(argv[1], "now") == 0) {
		long long t = now();

		printf("%lld.%06lld\n", t / S, t % S / 1000);
		return 0;
	}
	if (argc < 6)
		return 2;
	address = argv[2];
	port = (unsigned)strtoul(argv[3], NULL, 10);
	password = argv[4];
	if (strcmp(argv[1], "crowd") == 0) {
		hold_sessions(strtoul(argv[5], NULL, 10));
		return 0;
	}
	if (argc < 8)
		return 2;
	limit = strtoll(argv[7], NULL, 10) * MS;
	if (strcmp(argv[1], "reads") == 0) {
		for (long long number = 1; !over; pause_for(strtoll(argv[6], NULL, 10) * MS))
			read_once(number++);
		return 0;
	}
	if (strcmp(argv[1], "rows") != 0 || argc != 9)
		return 2;
	size = strtoul(argv[8], NULL, 10);
	write_rows(argv[5], strtoll(argv[6], NULL, 10) * MS);
	return 0;
}
