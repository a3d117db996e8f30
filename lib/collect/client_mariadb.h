/* SPDX-License-Identifier: MIT
 *
 * The inside of a connection through MariaDB Connector/C.
 */
#ifndef DBV_CLIENT_MARIADB_H
#define DBV_CLIENT_MARIADB_H

#include <mysql.h>

#include "client.h"
#include "coroutine.h"

enum pending {
	IDLE,
	/* The three parts of client_open(); the first two are this file's, the third the library's.
	 */
	CONNECTING,
	GREETING,
	OPENING,
	/* The three parts of client_query(); in the second no call of the library's is suspended. */
	SENDING,
	SENT,
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
	/* During client_open() only. */
	const struct client_target *target;
	my_bool refused;
	unsigned error;
	/* Where the error is not the library's; static. */
	const char *error_text;
	enum ssl_mode ssl_mode;
	bool offers_tls;
	/* Of ours: the server is shown one, if it comes to TLS. */
	bool has_certificate;
	/* What the library waits for while this file looks at the greeting. */
	int suspended;
	/* The server has reported progress, and the connection was ended for that. */
	bool got_progress;
	/* The greeting was looked at, or cannot be. */
	bool greeted;
	/* What the library's part of the opening runs in where it may come to TLS; and what came, or
	 * what it waits for, in the library's bits. */
	struct coroutine *coroutine;
	int status;
	/* NULL without TLS. */
	void (*forget_tls_errors)(void);
};

/* A call of the library's has returned STATUS: it waits, or has finished for good. */
int mariadb_settle(struct client *c, int status);

/* Goes on while the connection is not the library's yet. */
int mariadb_greet(struct client *c, int events);

/* Goes on with the library's part of the opening; STATUS in its own bits. */
int mariadb_resume_opening(struct client *c, int status);

/* From here on the opening may come to TLS. False when out of memory. */
bool mariadb_prepare_tls(struct client *c);

/* Before TLS on a TCP connection that stands. False when out of descriptors. */
bool mariadb_pass_connecting(struct client *c);

/* Begins or goes on with the library's part of the opening, also while TLS waits; STATUS, and what
 * is returned, in the library's bits. */
int mariadb_go_on_opening(struct client *c, int status);

/* For MARIADB_OPT_IO_WAIT. */
int mariadb_wait_for_tls(my_socket fd, my_bool is_read, int timeout);

#endif
