/* SPDX-License-Identifier: MIT
 *
 * One connection to a server, never blocking: the few functions in which the two client libraries
 * differ. Every function that talks returns the poll() events to wait for on client_fd(), or 0 when
 * it has finished, well or not; client_resume() goes on with whatever was waiting.
 */
#ifndef DBV_CLIENT_H
#define DBV_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ssl_mode {
	SSL_DISABLED,
	SSL_PREFERRED,
	SSL_REQUIRED,
	SSL_VERIFY_CA,
	SSL_VERIFY_IDENTITY,
};

/* Where and how; what it points to must live until client_open() has finished. NULL: not set. */
struct client_target {
	/* Numeric, but for SSL_VERIFY_IDENTITY, which needs the name. NULL with a socket. */
	const char *host;
	unsigned port;
	const char *socket;
	const char *user;
	const char *password;
	enum ssl_mode ssl_mode;
	const char *ssl_ca;
	const char *ssl_cert;
	const char *ssl_key;
	const char *plugin_dir;
	/* dbv_now() milliseconds, for what a library does without asking in between. */
	int64_t deadline;
};

struct client;

/* Milliseconds after which client_resume() must be called though nothing happened; -1: never. */
extern const int client_tick;

/* Modes that this library can do; the others are refused by name. */
bool client_can(enum ssl_mode mode);

/* NULL when out of memory. */
struct client *client_new(void);

/* Connects and logs in. LOCAL INFILE is off, the password never goes as it is but inside of TLS, no option file
 * is read. */
int client_open(struct client *c, const struct client_target *target);

/* Sends SQL, which must live until the answer is there, and reads up to the column names. */
int client_query(struct client *c, const char *sql, size_t length);

/* Reads one row. */
int client_row(struct client *c);

int client_resume(struct client *c, int events);
int client_fd(const struct client *c);

/* 0 when all is well, else the server's or the library's number. */
unsigned client_error(const struct client *c);
const char *client_error_text(const struct client *c);

/* After a refusal by the server the conversation goes on. */
void client_forgive(struct client *c);

/* After client_query(): 0 where the answer is no result set. */
size_t client_columns(const struct client *c);
const char *client_column(const struct client *c, size_t index);

/* After client_row(): client_columns() texts, NULL for SQL's NULL; NULL behind the last row. */
const char *const *client_values(const struct client *c);

/* Ends the result, of which all rows must have been read. */
void client_end_result(struct client *c);

/* During client_open(): "the TCP connection", "the greeting", "the TLS handshake and the login",
 * "the login". */
const char *client_waiting_for(const struct client *c);

bool client_is_encrypted(struct client *c);

/* During client_query(): leaves the statement to itself. A server looks after a session that waits for a lock, and
 * ends it when its client is gone; the good-bye that waits behind the statement keeps it. */
void client_leave(struct client *c);

/* Says good-bye where the conversation allows it, else hangs up, and frees C. NULL is fine. */
void client_free(struct client *c);

#endif
