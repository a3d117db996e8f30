/* SPDX-License-Identifier: MIT
 *
 * Opening a connection through MariaDB Connector/C: options, TLS, and a look at the greeting before
 * the library sees it.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>

#include "client_mariadb.h"
#include "dbvitals.h"
#include "greeting.h"

/* Of the connection that the library is handshaking TLS on: it hands its callback nothing to find
 * it by. */
static _Thread_local int64_t tls_deadline;

/* Connector/C checks the chain when it knows a CA, and the name when told to verify the server;
 * that it let a connection without TLS pass is seen afterwards, by client_is_encrypted(). */
static void
set_tls(MYSQL *mysql, const struct client_target *t)
{
	my_bool yes = 1;
	my_bool verify = t->ssl_mode == SSL_VERIFY_IDENTITY;

	mysql_optionsv(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
	if (t->ssl_mode == SSL_DISABLED || (t->socket && t->ssl_mode == SSL_PREFERRED))
		return;
	mysql_optionsv(mysql, MYSQL_OPT_SSL_ENFORCE, &yes);
	if (t->ssl_mode >= SSL_VERIFY_CA && t->ssl_ca)
		mysql_optionsv(mysql, MYSQL_OPT_SSL_CA, t->ssl_ca);
	if (t->ssl_cert)
		mysql_optionsv(mysql, MYSQL_OPT_SSL_CERT, t->ssl_cert);
	if (t->ssl_key)
		mysql_optionsv(mysql, MYSQL_OPT_SSL_KEY, t->ssl_key);
}

/* During the TLS handshake the library waits by itself, here, and not in poll() of the caller's. */
static int
wait_for_tls(my_socket fd, my_bool is_read, int timeout)
{
	struct pollfd p = { .fd = fd, .events = is_read ? POLLIN : POLLOUT };
	int ready = -1;

	(void)timeout;
	errno = EINTR;
	while (ready < 0 && errno == EINTR) {
		int64_t left = tls_deadline - dbv_now();

		if (left <= 0)
			return 0;
		ready = poll(&p, 1, left < INT_MAX ? (int)left : INT_MAX);
	}
	return ready;
}

/* The library makes the descriptor a blocking one before TLS; with a time limit of next to nothing
 * it is none. */
static void
forbid_blocking(int fd)
{
	struct timeval soon = { .tv_usec = 1 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof(soon));
}

static void
set_options(MYSQL *mysql, const struct client_target *t)
{
	unsigned no_files = 0;
	unsigned protocol = t->socket ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
	unsigned long packet = 1024 * 1024;

	mysql_optionsv(mysql, MYSQL_OPT_NONBLOCK, NULL);
	mysql_optionsv(mysql, MARIADB_OPT_IO_WAIT, wait_for_tls);
	mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &no_files);
	mysql_optionsv(mysql, MYSQL_OPT_PROTOCOL, &protocol);
	mysql_optionsv(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
	mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	/* Every plugin but those that send the password as it is, or ask the user. */
	mysql_optionsv(mysql, MARIADB_OPT_RESTRICTED_AUTH,
		"mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,"
		"parsec,auth_gssapi_client");
	if (t->plugin_dir)
		mysql_optionsv(mysql, MYSQL_PLUGIN_DIR, t->plugin_dir);
	set_tls(mysql, t);
}

static int
fail(struct client *c, unsigned error, const char *text)
{
	c->pending = IDLE;
	c->error = error;
	c->error_text = text;
	return 0;
}

/* A connection attempt waits. Given a name, the library makes one for each of its addresses, on a descriptor of its
 * own; only TCP connections take time to come about. */
static int
attempt(struct client *c, int status)
{
	int fd = client_fd(c);

	if (status && fd != c->guarded_fd) {
		forbid_blocking(fd);
		c->guarded_fd = fd;
		if (status & MYSQL_WAIT_WRITE) {
			c->pending = CONNECTING;
			c->suspended = status;
			return POLLOUT;
		}
	}
	return mariadb_settle(c, status);
}

int
client_open(struct client *c, const struct client_target *t)
{
	/* Without a CA the library would verify nothing. */
	if (t->ssl_mode == SSL_VERIFY_CA && !t->ssl_ca)
		return fail(c, 2026, "ssl-mode=verify-ca wants ssl-ca");
	set_options(c->mysql, t);
	c->ssl_mode = t->ssl_mode;
	c->deadline = tls_deadline = t->deadline;
	c->pending = OPENING;
	c->guarded_fd = -1;
	return attempt(c, mysql_real_connect_start(&c->connected, c->mysql, t->host, t->user,
				  t->password ? t->password : "", NULL, t->port, t->socket, 0));
}

/* The connection stands, or is refused, which the library finds out. */
static int
connected(struct client *c, int events)
{
	c->pending = events & (POLLERR | POLLHUP) ? OPENING : GREETING;
	return c->pending == GREETING ? POLLIN : POLLOUT;
}

/* Hands the connection to the library with the right idea of TLS. */
static int
greeted(struct client *c)
{
	my_bool no = 0;

	switch (greeting_peek(client_fd(c))) {
	case GREETING_INCOMPLETE:
		return POLLIN;
	case GREETING_NONSENSE:
		return fail(c, 2027, "no MySQL server: it greets in another protocol");
	case GREETING_PLAIN:
		if (c->ssl_mode >= SSL_REQUIRED)
			return fail(c, 2026, "TLS is required, the server offers none");
		mysql_optionsv(c->mysql, MYSQL_OPT_SSL_ENFORCE, &no);
		break;
	case GREETING_CLOSED:
	case GREETING_REFUSAL:
		mysql_optionsv(c->mysql, MYSQL_OPT_SSL_ENFORCE, &no);
		break;
	case GREETING_TLS:
		c->offers_tls = c->ssl_mode != SSL_DISABLED;
		break;
	}
	c->pending = OPENING;
	/* At once, but not before the caller could ask what is waited for. */
	return POLLOUT;
}

int
mariadb_greet(struct client *c, int events)
{
	return c->pending == CONNECTING ? connected(c, events) : greeted(c);
}

int
mariadb_resume_opening(struct client *c, int status)
{
	if (c->suspended) {
		status = status & MYSQL_WAIT_TIMEOUT ? status : c->suspended;
		c->suspended = 0;
	}
	tls_deadline = c->deadline;
	return attempt(c, mysql_real_connect_cont(&c->connected, c->mysql, status));
}

const char *
client_waiting_for(const struct client *c)
{
	if (c->pending == CONNECTING)
		return "the TCP connection";
	if (c->pending == GREETING || !c->mysql->server_version)
		return c->offers_tls ? "the TLS handshake" : "the greeting";
	return "the login";
}
