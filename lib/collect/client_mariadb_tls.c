/* SPDX-License-Identifier: MIT
 *
 * TLS within Connector/C. The library waits for the handshake by itself, in the middle of a call:
 * the call is made in a coroutine, which gives the thread back while it waits.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client_mariadb.h"

/* Whose coroutine runs: the library hands its callback nothing to find it by. */
static _Thread_local struct client *running;

static void
go_on(void *client)
{
	struct client *c = client;
	const struct client_target *t = c->target;

	c->status = t ? mysql_real_connect_start(&c->connected, c->mysql, t->host, t->user,
				t->password ? t->password : "", NULL, t->port, t->socket, 0)
		      : mysql_real_connect_cont(&c->connected, c->mysql, c->status);
}

int
mariadb_go_on_opening(struct client *c, int status)
{
	c->status = status;
	if (c->coroutine) {
		running = c;
		coroutine_resume(c->coroutine);
		running = NULL;
		/* Behind a Unix socket the library has made it block. */
		fcntl(client_fd(c), F_SETFL, O_NONBLOCK);
	} else {
		go_on(c);
	}
	return c->status;
}

int
mariadb_wait_for_tls(my_socket fd, my_bool is_read, int timeout)
{
	struct client *c = running;

	(void)fd;
	(void)timeout;
	/* Behind the opening only a good-bye waits here, and is not worth it. */
	if (!c)
		return 0;
	c->status = is_read ? MYSQL_WAIT_READ : MYSQL_WAIT_WRITE;
	coroutine_stop(c->coroutine);
	return c->status & MYSQL_WAIT_TIMEOUT ? 0 : 1;
}

bool
mariadb_prepare_tls(struct client *c)
{
	/* OpenSSL keeps its errors by thread, and the library takes but the first one: what is left
	 * of a connection's end it takes for the end of another that has nothing to read yet. Built
	 * with another TLS library it has no such function. */
	c->forget_tls_errors = (void (*)(void))dlsym(RTLD_DEFAULT, "ERR_clear_error");
	c->coroutine = coroutine_new(go_on, c);
	return c->coroutine != NULL;
}

/* Before it reads the greeting the library makes the descriptor a blocking one, and TLS would read
 * from that. So it goes on with another one in its place, and comes back because there is nothing
 * to read. */
bool
mariadb_pass_connecting(struct client *c)
{
	const int one = 1;
	int fd = client_fd(c);
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	int silent = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool done = own >= 0 && silent >= 0;

	if (done) {
		dup3(silent, fd, O_CLOEXEC);
		c->suspended = mysql_real_connect_cont(&c->connected, c->mysql, c->suspended);
		/* As the library meant to: two small packets follow each other. */
		setsockopt(own, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		/* Else it has failed, and closed what it took for its own. */
		if (c->suspended)
			dup3(own, fd, O_CLOEXEC);
	}
	if (own >= 0)
		close(own);
	if (silent >= 0)
		close(silent);
	return done;
}
