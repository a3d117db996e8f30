/* SPDX-License-Identifier: MIT
 *
 * client.h over the asynchronous interface of MariaDB Connector/C (mysql_*_start and mysql_*_cont).
 */
#include "client.h"

#include <mysql.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "dbvitals.h"
#include "greeting.h"

enum pending {
	IDLE,
	/* The three parts of client_open(); the first two are this file's, the third the library's.
	 */
	CONNECTING,
	GREETING,
	OPENING,
	ASKING,
	FETCHING,
};

struct client {
	MYSQL *mysql;
	MYSQL_RES *result;
	MYSQL_ROW row;
	enum pending pending;
	/* What the library's functions return through. */
	MYSQL *connected;
	int failed;
	unsigned error;
	/* Where the error is not the library's; static. */
	const char *error_text;
	enum ssl_mode ssl_mode;
	bool offers_tls;
	/* What the library waits for while this file looks at the greeting. */
	int suspended;
	int64_t deadline;
};

/* Of the connection that the library is handshaking TLS on: it hands its callback nothing to find
 * it by. */
static _Thread_local int64_t tls_deadline;

const int client_tick = -1;

bool
client_can(enum ssl_mode mode)
{
	(void)mode;
	return true;
}

struct client *
client_new(void)
{
	struct client *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->mysql = mysql_init(NULL);
	if (!c->mysql) {
		free(c);
		return NULL;
	}
	return c;
}

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
	int64_t left = tls_deadline - dbv_now();

	(void)timeout;
	return left > 0 ? poll(&p, 1, (int)left) : 0;
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

/* The library's wait bits and poll()'s have different values; a wait for time alone ends with the
 * deadline. */
static int
to_poll(int status)
{
	int events = (status & MYSQL_WAIT_READ ? POLLIN : 0) |
		     (status & MYSQL_WAIT_WRITE ? POLLOUT : 0) |
		     (status & MYSQL_WAIT_EXCEPT ? POLLPRI : 0);

	return events ? events : POLLIN;
}

static int
to_library(int events)
{
	int status = (events & POLLIN ? MYSQL_WAIT_READ : 0) |
		     (events & POLLOUT ? MYSQL_WAIT_WRITE : 0) |
		     (events & POLLPRI ? MYSQL_WAIT_EXCEPT : 0);

	return events & (POLLERR | POLLHUP) ? status | MYSQL_WAIT_READ | MYSQL_WAIT_WRITE : status;
}

static void
note_error(struct client *c)
{
	c->error = mysql_errno(c->mysql);
	if (!c->error)
		c->error = 2000;
}

static int
fail(struct client *c, unsigned error, const char *text)
{
	c->pending = IDLE;
	c->error = error;
	c->error_text = text;
	return 0;
}

/* A value with NUL in it must not be taken for what stands before the NUL. */
static void
mark_nul(struct client *c)
{
	const unsigned long *lengths = mysql_fetch_lengths(c->result);

	for (unsigned i = 0; lengths && i < mysql_num_fields(c->result); i++)
		for (char *nul; c->row[i] && (nul = memchr(c->row[i], '\0', lengths[i]));)
			*nul = '\1';
}

/* The library's call has returned for good, or waits. */
static int
settle(struct client *c, int status)
{
	if (status)
		return to_poll(status);
	switch (c->pending) {
	case IDLE:
	case CONNECTING:
	case GREETING:
		break;
	case OPENING:
		if (!c->connected)
			note_error(c);
		break;
	case ASKING:
		if (c->failed)
			note_error(c);
		else
			c->result = mysql_use_result(c->mysql);
		if (!c->failed && !c->result && mysql_field_count(c->mysql) > 0)
			note_error(c);
		break;
	case FETCHING:
		if (c->row)
			mark_nul(c);
		else if (mysql_errno(c->mysql))
			note_error(c);
		break;
	}
	c->pending = IDLE;
	return 0;
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
	int status = mysql_real_connect_start(&c->connected, c->mysql, t->host, t->user,
		t->password ? t->password : "", NULL, t->port, t->socket, 0);

	if (status)
		forbid_blocking(client_fd(c));
	/* Only TCP connections take time to come about. */
	if ((status & MYSQL_WAIT_WRITE) && !t->socket) {
		c->pending = CONNECTING;
		c->suspended = status;
	}
	return settle(c, status);
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
client_query(struct client *c, const char *sql, size_t length)
{
	c->pending = ASKING;
	return settle(c, mysql_real_query_start(&c->failed, c->mysql, sql, length));
}

int
client_row(struct client *c)
{
	c->pending = FETCHING;
	return settle(c, mysql_fetch_row_start(&c->row, c->result));
}

static int
resume_opening(struct client *c, int status)
{
	if (c->suspended) {
		status = status & MYSQL_WAIT_TIMEOUT ? status : c->suspended;
		c->suspended = 0;
	}
	tls_deadline = c->deadline;
	return settle(c, mysql_real_connect_cont(&c->connected, c->mysql, status));
}

static int
resume(struct client *c, int status)
{
	switch (c->pending) {
	case IDLE:
		return 0;
	case CONNECTING:
	case GREETING:
		c->pending = OPENING;
		return resume_opening(c, status);
	case OPENING:
		return resume_opening(c, status);
	case ASKING:
		return settle(c, mysql_real_query_cont(&c->failed, c->mysql, status));
	case FETCHING:
		break;
	}
	return settle(c, mysql_fetch_row_cont(&c->row, c->result, status));
}

int
client_resume(struct client *c, int events)
{
	if (c->pending == CONNECTING)
		return connected(c, events);
	if (c->pending == GREETING)
		return greeted(c);
	return resume(c, to_library(events));
}

int
client_fd(const struct client *c)
{
	return mysql_get_socket(c->mysql);
}

unsigned
client_error(const struct client *c)
{
	return c->error;
}

const char *
client_error_text(const struct client *c)
{
	const char *text = c->error_text ? c->error_text : mysql_error(c->mysql);

	return *text ? text : "the client library failed without a word";
}

void
client_forgive(struct client *c)
{
	c->error = 0;
	if (c->result)
		client_end_result(c);
}

size_t
client_columns(const struct client *c)
{
	return c->result ? mysql_num_fields(c->result) : 0;
}

const char *
client_column(const struct client *c, size_t index)
{
	return mysql_fetch_field_direct(c->result, (unsigned)index)->name;
}

const char *const *
client_values(const struct client *c)
{
	return (const char *const *)c->row;
}

void
client_end_result(struct client *c)
{
	mysql_free_result(c->result);
	c->result = NULL;
	c->row = NULL;
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

bool
client_is_encrypted(struct client *c)
{
	return mysql_get_ssl_cipher(c->mysql) != NULL;
}

/* A suspended call is unwound, so that what it holds is freed: the socket answers nothing any more,
 * and every wait has timed out. An unread result would be read to its end by the library otherwise.
 */
static void
hang_up(struct client *c)
{
	int fd = client_fd(c);

	if (fd >= 0)
		shutdown(fd, SHUT_RDWR);
	for (int i = 0; i < 16 && c->pending != IDLE; i++)
		resume(c, MYSQL_WAIT_TIMEOUT);
}

void
client_free(struct client *c)
{
	if (!c)
		return;
	if (c->pending != IDLE || c->result || c->error)
		hang_up(c);
	if (c->result)
		mysql_free_result(c->result);
	mysql_close(c->mysql);
	free(c);
}
