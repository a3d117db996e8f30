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

enum pending {
	IDLE,
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
};

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

static void
set_options(MYSQL *mysql, const struct client_target *t)
{
	unsigned no_files = 0;
	unsigned protocol = t->socket ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
	unsigned long packet = 1024 * 1024;

	mysql_optionsv(mysql, MYSQL_OPT_NONBLOCK, NULL);
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

/* The library's call has returned for good, or waits. */
static int
settle(struct client *c, int status)
{
	if (status)
		return to_poll(status);
	switch (c->pending) {
	case IDLE:
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
		if (!c->row && mysql_errno(c->mysql))
			note_error(c);
		break;
	}
	c->pending = IDLE;
	return 0;
}

int
client_open(struct client *c, const struct client_target *t)
{
	set_options(c->mysql, t);
	c->pending = OPENING;
	return settle(c, mysql_real_connect_start(&c->connected, c->mysql, t->host, t->user,
				 t->password ? t->password : "", NULL, t->port, t->socket, 0));
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
resume(struct client *c, int status)
{
	switch (c->pending) {
	case IDLE:
		return 0;
	case OPENING:
		return settle(c, mysql_real_connect_cont(&c->connected, c->mysql, status));
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
	const char *text = mysql_error(c->mysql);

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
	struct sockaddr_storage peer;
	socklen_t size = sizeof(peer);
	int fd = client_fd(c);

	if (fd < 0 || getpeername(fd, (struct sockaddr *)&peer, &size) != 0)
		return "the TCP connection";
	/* Set from the greeting. */
	return c->mysql->server_version ? "the login" : "the greeting";
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
