/* SPDX-License-Identifier: MIT
 *
 * client.h over the asynchronous interface of Oracle's libmysqlclient (mysql_*_nonblocking), 8.0.16
 * and later. A call that would block says so, but not what it waits for; it is made again, in the
 * same words, until it has finished.
 */
#include "client.h"

#include <errmsg.h>
#include <mysql.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "dbvitals.h"

#if defined(MARIADB_BASE_VERSION) || MYSQL_VERSION_ID < 80016
#error "this is not Oracle's libmysqlclient 8.0.16 or later"
#endif

enum pending { IDLE, OPENING, ASKING, FETCHING };

struct client {
	MYSQL *mysql;
	MYSQL_RES *result;
	MYSQL_ROW row;
	enum pending pending;
	/* The words of the call that is pending. */
	struct client_target target;
	const char *sql;
	size_t sql_length;
	unsigned error;
	/* Where the library's is wrong. */
	const char *error_text;
	bool left;
};

/* There is no descriptor to wait on before the TCP connection stands. */
const int client_tick = 5;

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

	if (c && (c->mysql = mysql_init(NULL)))
		return c;
	free(c);
	return NULL;
}

/* When the server asks for another authentication plugin than it announced, the library goes on
 * with blocking calls (seen in 9.7): the timeouts end its silence, and bound nothing else. The
 * plugin that sends the password as it is stays disabled, as it is by default. */
static void
set_options(MYSQL *mysql, const struct client_target *t)
{
	const unsigned no_files = 0;
	const unsigned protocol = t->socket ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
	const unsigned long packet = 1024 * 1024;
	const int64_t left = (t->deadline - dbv_now()) / 1000;
	const unsigned seconds = left > 1 ? (unsigned)left : 1;
	/* The same modes in the same order. */
	const unsigned ssl_mode = SSL_MODE_DISABLED + (unsigned)t->ssl_mode;
	const bool yes = true;

	mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &no_files);
	mysql_options(mysql, MYSQL_OPT_PROTOCOL, &protocol);
	mysql_options(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
	mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &seconds);
	mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &seconds);
	mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	/* caching_sha2_password without TLS: the password travels under the server's RSA key. */
	mysql_options(mysql, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &yes);
	mysql_options(mysql, MYSQL_PLUGIN_DIR, t->plugin_dir);
	mysql_options(mysql, MYSQL_OPT_SSL_MODE, &ssl_mode);
	/* Knowing a CA, the library would verify the chain in every mode. */
	mysql_options(mysql, MYSQL_OPT_SSL_CA, t->ssl_mode >= SSL_VERIFY_CA ? t->ssl_ca : NULL);
	mysql_options(mysql, MYSQL_OPT_SSL_CERT, t->ssl_cert);
	mysql_options(mysql, MYSQL_OPT_SSL_KEY, t->ssl_key);
}

/* To the server's refusal of a certificate of ours the library is deaf: in TLS 1.3 it comes when the handshake is over for us.
 * What is read then, behind the "initial communication packet", is that the connection is lost, or an error that the library
 * has no name for (seen in 9.7). */
static void
note_refused_certificate(struct client *c)
{
	const bool lost = c->error == CR_SERVER_LOST || c->error == CR_SERVER_LOST_EXTENDED;
	const bool unnamed = c->error == 0 || c->error == CR_UNKNOWN_ERROR;

	if (!c->target.ssl_cert || c->target.ssl_mode == SSL_DISABLED ||
		!(unnamed || (lost && !strstr(mysql_error(c->mysql), "initial"))))
		return;
	c->error = CR_SSL_CONNECTION_ERROR;
	c->error_text = "the server left when it was shown the certificate of ssl-cert";
}

/* Whatever cuts a result short, the library calls it "Commands out of sync" (seen in 9.7). A lost
 * connection is known by its closed socket; the server's own words still lie in the packet: 255,
 * number, '#' and SQLSTATE (not always), text. */
static void
note_error(struct client *c)
{
	const NET *net = &c->mysql->net;
	const unsigned char *packet = net->read_pos;

	c->error = mysql_errno(c->mysql);
	if (c->pending == FETCHING && c->error == CR_COMMANDS_OUT_OF_SYNC) {
		if (!net->vio && net->error == NET_ERROR_SOCKET_UNUSABLE) {
			c->error = CR_SERVER_LOST;
			c->error_text = "Lost connection to the server between rows";
		} else if (net->vio && packet[0] == 255) {
			c->error = (unsigned)(packet[1] | packet[2] << 8);
			c->error_text = (const char *)packet + (packet[3] == '#' ? 9 : 3);
		}
	}
	if (c->pending == OPENING)
		note_refused_certificate(c);
	/* The latter is MariaDB's progress report, which nobody asked for. */
	if (c->error == 0 || c->error == 0xffff)
		c->error = CR_UNKNOWN_ERROR;
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

/* Makes the pending call: it waits, or has finished for good. */
static int
go_on(struct client *c)
{
	const struct client_target *t = &c->target;
	enum net_async_status status = NET_ASYNC_COMPLETE;

	switch (c->pending) {
	case IDLE:
		break;
	case OPENING:
		status = mysql_real_connect_nonblocking(c->mysql, t->host, t->user,
			t->password ? t->password : "", NULL, t->port, t->socket, 0);
		break;
	case ASKING:
		status = mysql_real_query_nonblocking(c->mysql, c->sql, c->sql_length);
		if (status == NET_ASYNC_COMPLETE)
			c->result = mysql_use_result(c->mysql);
		if (status == NET_ASYNC_COMPLETE && !c->result && mysql_field_count(c->mysql) > 0)
			status = NET_ASYNC_ERROR;
		break;
	case FETCHING:
		status = mysql_fetch_row_nonblocking(c->result, &c->row);
		if (c->row)
			mark_nul(c);
		else if (status == NET_ASYNC_COMPLETE && mysql_errno(c->mysql))
			status = NET_ASYNC_ERROR;
		break;
	}
	if (status == NET_ASYNC_NOT_READY)
		return POLLIN;
	if (status == NET_ASYNC_ERROR)
		note_error(c);
	c->pending = IDLE;
	return 0;
}

int
client_open(struct client *c, const struct client_target *t)
{
	c->target = *t;
	if (t->socket && t->ssl_mode == SSL_PREFERRED)
		c->target.ssl_mode = SSL_DISABLED;
	set_options(c->mysql, &c->target);
	c->pending = OPENING;
	return go_on(c);
}

int
client_query(struct client *c, const char *sql, size_t length)
{
	c->sql = sql;
	c->sql_length = length;
	c->pending = ASKING;
	return go_on(c);
}

int
client_row(struct client *c)
{
	c->pending = FETCHING;
	return go_on(c);
}

int
client_resume(struct client *c, int events)
{
	(void)events;
	return go_on(c);
}

/* Before there is a buffer, net.fd says nothing. */
int
client_fd(const struct client *c)
{
	const NET *net = &c->mysql->net;

	return net->vio && net->buff ? net->fd : -1;
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
	c->error_text = NULL;
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

/* What the greeting said is there when it has been read. */
const char *
client_waiting_for(const struct client *c)
{
	bool tls = c->target.ssl_mode != SSL_DISABLED && c->mysql->server_capabilities & CLIENT_SSL;

	if (client_fd(c) < 0)
		return "the TCP connection";
	if (!c->mysql->server_version)
		return "the greeting";
	return tls && !mysql_get_ssl_cipher(c->mysql) ? "the TLS handshake" : "the login";
}

bool
client_is_encrypted(struct client *c)
{
	return mysql_get_ssl_cipher(c->mysql) != NULL;
}

void
client_leave(struct client *c)
{
	c->left = c->pending == ASKING;
}

/* A login is unwound on the dead socket: the library forgets to free what it holds. A query is not:
 * it would write to what it has just freed. The rest of a result is left unread. */
static void
hang_up(struct client *c)
{
	int fd = client_fd(c);

	if (fd >= 0)
		shutdown(fd, SHUT_RDWR);
	for (int i = 0; i < 16 && fd >= 0 && c->pending == OPENING; i++)
		go_on(c);
	if (c->result)
		c->result->handle = NULL;
}

void
client_free(struct client *c)
{
	if (!c)
		return;
	if (!c->left && (c->pending != IDLE || c->result || c->error))
		hang_up(c);
	mysql_free_result(c->result);
	mysql_close(c->mysql);
	free(c);
}
