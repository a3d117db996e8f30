/* SPDX-License-Identifier: MIT
 *
 * A server: how to reach it, and the state of the look that is being taken at it.
 */
#ifndef DBV_NODE_H
#define DBV_NODE_H

#include "client.h"
#include "observation.h"
#include "resolve.h"
#include "sessions.h"
#include "text.h"

/* sun_path of Linux, the terminating byte included. */
#define SOCKET_PATH_MAX 108

/* What --host and --port may say, as texts; NULL: not said. */
struct dbv_node {
	char *host;
	char *socket;
	char *user;
	char *password;
	char *ssl_ca;
	char *ssl_cert;
	char *ssl_key;
	char *plugin_dir;
	enum ssl_mode ssl_mode;
	unsigned port;
	/* From HOST:PORT, which beats port; 0: not said. */
	unsigned host_port;
	unsigned admin_port;
	char label[320];

	dbv_observation *observation;
	struct look *look;
	/* Static text, read by signal handlers. */
	const char *volatile waiting_for;
};

/* Another node like N, reached by TCP at ADDRESS and N's port. NULL when out of memory. */
dbv_node *node_copy_to(const dbv_node *n, const char *address);

/* dbv_node_set(), with the reason in ERROR. */
bool node_set(dbv_node *n, const char *name, const char *value, struct text *error);

/* After a change of what it is made of. */
void node_make_label(dbv_node *n);

/* What a node waits for that was looked at. */
extern const char node_is_done[];

/* By enum ssl_mode. */
#define SSL_MODE_NAMES (SSL_VERIFY_IDENTITY + 1)
extern const char *const ssl_mode_names[SSL_MODE_NAMES];

/* The port in force. */
unsigned node_port(const dbv_node *node);

/* How N is reached: at its socket, or by TCP at the numeric ADDRESS and PORT. It points into both. */
struct client_target node_target(
	const dbv_node *n, const char *address, unsigned port, int64_t deadline);

#endif
