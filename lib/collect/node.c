/* SPDX-License-Identifier: MIT */
#include "node.h"

#include <stdlib.h>
#include <string.h>

#include "look.h"
#include "text.h"

#define DEFAULT_PORT 3306

const char node_is_done[] = "what comes behind the look";

unsigned
node_port(const dbv_node *n)
{
	return n->host_port ? n->host_port : n->port;
}

struct client_target
node_target(const dbv_node *n, const char *address, unsigned port, int64_t deadline)
{
	bool by_name = n->ssl_mode == SSL_VERIFY_IDENTITY;

	return (struct client_target){
		.host = n->socket ? NULL
			: by_name ? n->host
				  : address,
		.port = port,
		.socket = n->socket,
		.user = n->user,
		.password = n->password,
		.ssl_mode = n->ssl_mode,
		.ssl_ca = n->ssl_ca,
		.ssl_cert = n->ssl_cert,
		.ssl_key = n->ssl_key,
		.plugin_dir = n->plugin_dir,
		.deadline = deadline,
	};
}

void
node_make_label(dbv_node *n)
{
	struct text t = text_on(n->label, sizeof(n->label));

	if (n->socket) {
		text_add_foreign(&t, n->socket, SOCKET_PATH_MAX);
		return;
	}
	bool v6 = strchr(n->host, ':') != NULL;

	text_add(&t, v6 ? "[" : "");
	text_add_foreign(&t, n->host, 256);
	text_addf(&t, "%s:%u", v6 ? "]" : "", node_port(n));
}

dbv_node *
dbv_node_new(void)
{
	dbv_node *n = calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	n->ssl_mode = SSL_PREFERRED;
	n->port = DEFAULT_PORT;
	n->waiting_for = "the start";
	n->host = strdup("127.0.0.1");
	if (!n->host) {
		free(n);
		return NULL;
	}
	node_make_label(n);
	return n;
}

void
dbv_node_free(dbv_node *n)
{
	if (!n)
		return;
	look_free(n->look);
	observation_free(n->observation);
	free(n->host);
	free(n->socket);
	free(n->user);
	if (n->password)
		explicit_bzero(n->password, strlen(n->password));
	free(n->password);
	free(n->ssl_ca);
	free(n->ssl_cert);
	free(n->ssl_key);
	free(n->plugin_dir);
	free(n);
}

static bool
copy_text(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return *to || !from;
}

dbv_node *
node_copy_to(const dbv_node *n, const char *address)
{
	dbv_node *copy = dbv_node_new();

	if (!copy)
		return NULL;
	free(copy->host);
	copy->port = node_port(n);
	copy->ssl_mode = n->ssl_mode;
	if (!copy_text(&copy->host, address) || !copy_text(&copy->user, n->user) ||
		!copy_text(&copy->password, n->password) || !copy_text(&copy->ssl_ca, n->ssl_ca) ||
		!copy_text(&copy->ssl_cert, n->ssl_cert) ||
		!copy_text(&copy->ssl_key, n->ssl_key) ||
		!copy_text(&copy->plugin_dir, n->plugin_dir)) {
		dbv_node_free(copy);
		return NULL;
	}
	node_make_label(copy);
	return copy;
}

const char *
dbv_node_label(const dbv_node *n)
{
	return n->label;
}

const char *
dbv_node_waiting_for(const dbv_node *n)
{
	return n->waiting_for;
}

const dbv_observation *
dbv_node_observation(const dbv_node *n)
{
	return n->observation;
}

bool
dbv_node_tell(dbv_node *n, const char *name, const char *value)
{
	static const struct {
		const char *name;
		enum variable v;
	} told[] = { { "maintenance-file", V_MAINTENANCE_FILE }, { "write-ip", V_WRITE_IP },
		{ "link-down", V_LINK_DOWN } };

	for (size_t i = 0; n->observation && i < sizeof(told) / sizeof(told[0]); i++)
		if (strcmp(told[i].name, name) == 0)
			return observation_set(n->observation, told[i].v, value);
	return false;
}
