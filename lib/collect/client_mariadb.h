/* SPDX-License-Identifier: MIT
 *
 * The inside of a connection through MariaDB Connector/C.
 */
#ifndef DBV_CLIENT_MARIADB_H
#define DBV_CLIENT_MARIADB_H

#include <mysql.h>

#include "client.h"

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
	/* The descriptor whose greeting was, or will be, looked at. */
	int guarded_fd;
	int64_t deadline;
};

/* A call of the library's has returned STATUS: it waits, or has finished for good. */
int mariadb_settle(struct client *c, int status);

/* Goes on while the connection is not the library's yet. */
int mariadb_greet(struct client *c, int events);

/* Goes on with the library's part of the opening; STATUS in its own bits. */
int mariadb_resume_opening(struct client *c, int status);

#endif
