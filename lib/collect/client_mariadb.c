/* SPDX-License-Identifier: MIT
 *
 * client.h over the asynchronous interface of MariaDB Connector/C (mysql_*_start and mysql_*_cont);
 * client_mariadb_open.c has the opening of a connection.
 */
#include "client_mariadb.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

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
	if (!c->got_progress)
		return;
	c->error = 2027;
	c->error_text = "it reports progress, which nobody has asked for";
}

/* To the server's refusal of a certificate of ours the library is deaf: in TLS 1.3 it comes when the handshake is over for us,
 * and what is read then is that the connection is lost. */
static void
note_refused_certificate(struct client *c)
{
	if (!c->has_certificate || (c->error != 2006 && c->error != 2013 && c->error != 2055))
		return;
	c->error = 2026;
	c->error_text = "the server left when it was shown the certificate of ssl-cert";
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
int
mariadb_settle(struct client *c, int status)
{
	if (status)
		return to_poll(status);
	switch (c->pending) {
	case IDLE:
	case CONNECTING:
	case GREETING:
	case SENT:
		break;
	case OPENING:
		if (!c->connected) {
			note_error(c);
			note_refused_certificate(c);
		}
		coroutine_free(c->coroutine);
		c->coroutine = NULL;
		break;
	case SENDING:
		if (!c->failed) {
			c->pending = SENT;
			return POLLIN;
		}
		note_error(c);
		break;
	case ASKING:
		if (c->refused)
			note_error(c);
		else
			c->result = mysql_use_result(c->mysql);
		if (!c->refused && !c->result && mysql_field_count(c->mysql) > 0)
			note_error(c);
		break;
	case FETCHING:
		if (c->row)
			mark_nul(c);
		else if (mysql_errno(c->mysql))
			note_error(c);
		break;
	}
	/* The library may have had the answer behind the report already. */
	if (c->got_progress)
		note_error(c);
	c->pending = IDLE;
	return 0;
}

int
client_query(struct client *c, const char *sql, size_t length)
{
	c->pending = SENDING;
	return mariadb_settle(c, mysql_send_query_start(&c->failed, c->mysql, sql, length));
}

static int
read_answer(struct client *c)
{
	c->pending = ASKING;
	return mariadb_settle(c, mysql_read_query_result_start(&c->refused, c->mysql));
}

int
client_row(struct client *c)
{
	c->pending = FETCHING;
	return mariadb_settle(c, mysql_fetch_row_start(&c->row, c->result));
}

static int
resume(struct client *c, int status)
{
	if (c->forget_tls_errors)
		c->forget_tls_errors();
	switch (c->pending) {
	case IDLE:
		return 0;
	case CONNECTING:
	case GREETING:
		c->pending = OPENING;
		return mariadb_resume_opening(c, status);
	case OPENING:
		return mariadb_resume_opening(c, status);
	case SENDING:
		return mariadb_settle(c, mysql_send_query_cont(&c->failed, c->mysql, status));
	case SENT:
		return read_answer(c);
	case ASKING:
		return mariadb_settle(
			c, mysql_read_query_result_cont(&c->refused, c->mysql, status));
	case FETCHING:
		break;
	}
	return mariadb_settle(c, mysql_fetch_row_cont(&c->row, c->result, status));
}

int
client_resume(struct client *c, int events)
{
	if (c->pending == CONNECTING || c->pending == GREETING)
		return mariadb_greet(c, events);
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

bool
client_is_encrypted(struct client *c)
{
	return mysql_get_ssl_cipher(c->mysql) != NULL;
}

void
client_leave(struct client *c)
{
	if (c->pending == SENT)
		c->pending = IDLE;
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
	coroutine_free(c->coroutine);
	free(c);
}
