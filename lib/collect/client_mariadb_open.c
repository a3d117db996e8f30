/* SPDX-License-Identifier: MIT
 *
 * Opening a connection through MariaDB Connector/C: options, TLS, and a look at the greeting before
 * the library sees it.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client_mariadb.h"
#include "greeting.h"

static const char no_means[] = "no memory or descriptor left for a TLS handshake";

/* Connector/C checks the chain when it knows a CA, and the name when told to verify the server;
 * that it let a connection without TLS pass is seen afterwards, by client_is_encrypted(). */
static void
set_tls(MYSQL *mysql, const struct client_target *t)
{
	my_bool yes = 1;
	my_bool verify = t->ssl_mode == SSL_VERIFY_IDENTITY;
	unsigned second = 1;

	mysql_optionsv(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
	if (t->ssl_mode == SSL_DISABLED || (t->socket && t->ssl_mode == SSL_PREFERRED))
		return;
	mysql_optionsv(mysql, MYSQL_OPT_SSL_ENFORCE, &yes);
	/* A server behind a socket may have greeted before the library comes back for the first
	 * time: no read of TLS lasts longer then. */
	if (t->socket)
		mysql_optionsv(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &second);
	if (t->ssl_mode >= SSL_VERIFY_CA && t->ssl_ca)
		mysql_optionsv(mysql, MYSQL_OPT_SSL_CA, t->ssl_ca);
	if (t->ssl_cert)
		mysql_optionsv(mysql, MYSQL_OPT_SSL_CERT, t->ssl_cert);
	if (t->ssl_key)
		mysql_optionsv(mysql, MYSQL_OPT_SSL_KEY, t->ssl_key);
}

/* Of what belongs to a connection; as the library wants its type. */
static char owner[] = "dbvitals";

/* A report of progress, which no statement of ours has. The library reads one behind the other and does not come back meanwhile, so a
 * server that sends them for ever would have the thread. From here on it reads from a socket that nobody is connected to; where
 * there is no descriptor for one, until the end of what has been received. */
static void
end_progress(const MYSQL *mysql, unsigned stage, unsigned stages, double percent, const char *what,
	unsigned length)
{
	MYSQL *same = (MYSQL *)(uintptr_t)mysql;
	int silent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct client *c = NULL;

	(void)stage, (void)stages, (void)percent, (void)what, (void)length;
	if (mysql_get_optionv(same, MARIADB_OPT_USERDATA, owner, (void *)&c) == 0 && c)
		c->got_progress = true;
	shutdown((int)mysql_get_socket(same), SHUT_RDWR);
	if (silent < 0)
		return;
	dup3(silent, (int)mysql_get_socket(same), O_CLOEXEC);
	close(silent);
}

static void
set_options(struct client *c, const struct client_target *t)
{
	MYSQL *mysql = c->mysql;
	unsigned no_files = 0;
	unsigned protocol = t->socket ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
	unsigned long packet = 1024 * 1024;

	mysql_optionsv(mysql, MARIADB_OPT_IO_WAIT, mariadb_wait_for_tls);
	mysql_optionsv(mysql, MARIADB_OPT_USERDATA, owner, c);
	mysql_optionsv(mysql, MYSQL_PROGRESS_CALLBACK, end_progress);
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

/* A connection attempt waits: given a name, the library makes one for each of its addresses. Only
 * TCP connections take time to come about. */
static int
attempt(struct client *c, int status)
{
	if (c->greeted || !(status & MYSQL_WAIT_WRITE))
		return mariadb_settle(c, status);
	c->pending = CONNECTING;
	c->suspended = status;
	return POLLOUT;
}

int
client_open(struct client *c, const struct client_target *t)
{
	int status;

	/* Without a CA the library would verify nothing. */
	if (t->ssl_mode == SSL_VERIFY_CA && !t->ssl_ca)
		return fail(c, 2026, "ssl-mode=verify-ca wants ssl-ca");
	/* Connector/C 3.3 does not look whether this worked. */
	if (mysql_optionsv(c->mysql, MYSQL_OPT_NONBLOCK, NULL))
		return fail(c, 2001, "out of memory");
	set_options(c, t);
	c->ssl_mode = t->ssl_mode;
	c->greeted = t->socket != NULL;
	c->has_certificate = t->ssl_cert && t->ssl_mode != SSL_DISABLED &&
			     !(t->socket && t->ssl_mode == SSL_PREFERRED);
	if (c->greeted && c->ssl_mode >= SSL_REQUIRED && !mariadb_prepare_tls(c))
		return fail(c, 2001, no_means);
	c->pending = OPENING;
	c->target = t;
	status = mariadb_go_on_opening(c, 0);
	c->target = NULL;
	return attempt(c, status);
}

/* The connection stands, or is refused, which the library finds out. */
static int
connected(struct client *c, int events)
{
	c->pending = events & (POLLERR | POLLHUP) ? OPENING : GREETING;
	return c->pending == GREETING ? POLLIN : POLLOUT;
}

static void
go_without_tls(struct client *c)
{
	my_bool no = 0;

	mysql_optionsv(c->mysql, MYSQL_OPT_SSL_ENFORCE, &no);
	c->has_certificate = false;
}

/* Hands the connection to the library with the right idea of TLS. */
static int
greeted(struct client *c)
{
	switch (greeting_peek(client_fd(c))) {
	case GREETING_INCOMPLETE:
		return POLLIN;
	case GREETING_NONSENSE:
		return fail(c, 2027, "no MySQL server: it greets in another protocol");
	case GREETING_PLAIN:
		if (c->ssl_mode >= SSL_REQUIRED)
			return fail(c, 2026, "TLS is required, the server offers none");
		go_without_tls(c);
		break;
	case GREETING_CLOSED:
	case GREETING_REFUSAL:
		go_without_tls(c);
		break;
	case GREETING_TLS:
		c->offers_tls = c->ssl_mode != SSL_DISABLED;
		if (c->offers_tls && !(mariadb_prepare_tls(c) && mariadb_pass_connecting(c)))
			return fail(c, 2001, no_means);
		break;
	}
	c->greeted = true;
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
	return attempt(c, mariadb_go_on_opening(c, status));
}

const char *
client_waiting_for(const struct client *c)
{
	if (c->pending == CONNECTING)
		return "the TCP connection";
	if (coroutine_is_stopped(c->coroutine))
		return "the TLS handshake";
	if (c->pending == GREETING || !c->mysql->server_version)
		return c->offers_tls ? "the TLS handshake" : "the greeting";
	return "the login";
}
