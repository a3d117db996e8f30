/* SPDX-License-Identifier: MIT */
#include "node.h"

#include <stdlib.h>
#include <string.h>

#include "look.h"
#include "text.h"

/* sun_path of Linux, the terminating byte included. */
#define SOCKET_PATH_MAX 108
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

static void
make_label(dbv_node *n)
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
	make_label(n);
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
	make_label(copy);
	return copy;
}

static bool
complain(struct text *error, const char *what, const char *value)
{
	text_addf(error, "%s \"", what);
	text_add_foreign(error, value, 80);
	text_add(error, "\"");
	return false;
}

static bool
replace(char **field, const char *value, struct text *error)
{
	char *copy = strdup(value);

	if (!copy)
		return text_out_of_memory(error);
	free(*field);
	*field = copy;
	return true;
}

static bool
parse_port(const char *value, unsigned *port, struct text *error)
{
	double number = 0;

	if (strspn(value, "0123456789") != strlen(value) || !text_to_number(value, &number) ||
		number < 1 || number > 65535)
		return complain(error, "port is not 1..65535:", value);
	*port = (unsigned)number;
	return true;
}

/* HOST, HOST:PORT, [V6], [V6]:PORT or a bare V6. */
static bool
set_host(dbv_node *n, const char *value, struct text *error)
{
	char host[256];
	struct text t = text_on(host, sizeof(host));
	const char *colon = strchr(value, ':');
	const char *port = NULL;
	size_t length = strlen(value);
	unsigned number = 0;

	if (*value == '[') {
		const char *close = strchr(value, ']');

		if (!close || (close[1] && close[1] != ':'))
			return complain(error, "host is not [ADDRESS]:PORT:", value);
		port = close[1] ? close + 2 : NULL;
		length = (size_t)(close - value) - 1;
		value++;
	} else if (colon && !strchr(colon + 1, ':')) {
		port = colon + 1;
		length = (size_t)(colon - value);
	}
	if (strchr(value, '/'))
		return complain(error, "host is a path or a URL, --socket takes a path:", value);
	if (length == 0 || length >= sizeof(host))
		return complain(error, "host is empty or too long:", value);
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)value[i] <= ' ')
			return complain(error, "host has a blank in it:", value);
	if (port && !parse_port(port, &number, error))
		return false;
	text_addf(&t, "%.*s", (int)length, value);
	if (!replace(&n->host, host, error))
		return false;
	n->host_port = number;
	free(n->socket);
	n->socket = NULL;
	return true;
}

static bool
set_port(dbv_node *n, const char *value, struct text *error)
{
	return parse_port(value, &n->port, error);
}

static bool
set_admin_port(dbv_node *n, const char *value, struct text *error)
{
	return parse_port(value, &n->admin_port, error);
}

static bool
set_socket(dbv_node *n, const char *value, struct text *error)
{
	if (!*value || strlen(value) >= SOCKET_PATH_MAX)
		return complain(error, "socket path is empty or longer than 107 bytes:", value);
	return replace(&n->socket, value, error);
}

static bool
set_user(dbv_node *n, const char *value, struct text *error)
{
	return replace(&n->user, value, error);
}

static bool
set_password(dbv_node *n, const char *value, struct text *error)
{
	return replace(&n->password, value, error);
}

const char *const ssl_mode_names[SSL_MODE_NAMES] = { "disabled", "preferred", "required",
	"verify-ca", "verify-identity" };

/* Also VERIFY_CA, as the clients' own option spells it. */
static bool
is_mode(const char *name, const char *value)
{
	for (; *name && *value; name++, value++)
		if (*name != (*value == '_'			      ? '-'
				     : *value >= 'A' && *value <= 'Z' ? *value | 32
								      : *value))
			return false;
	return *name == *value;
}

static bool
set_ssl_mode(dbv_node *n, const char *value, struct text *error)
{
	for (enum ssl_mode m = SSL_DISABLED; m <= SSL_VERIFY_IDENTITY; m++) {
		if (!is_mode(ssl_mode_names[m], value))
			continue;
		if (!client_can(m))
			return complain(error, "this client library cannot do ssl-mode", value);
		n->ssl_mode = m;
		return true;
	}
	return complain(error,
		"ssl-mode is not disabled, preferred, required, verify-ca or verify-identity:",
		value);
}

static bool
set_ssl_ca(dbv_node *n, const char *value, struct text *error)
{
	return replace(&n->ssl_ca, value, error);
}

static bool
set_ssl_cert(dbv_node *n, const char *value, struct text *error)
{
	return replace(&n->ssl_cert, value, error);
}

static bool
set_ssl_key(dbv_node *n, const char *value, struct text *error)
{
	return replace(&n->ssl_key, value, error);
}

static bool
set_plugin_dir(dbv_node *n, const char *value, struct text *error)
{
	return replace(&n->plugin_dir, value, error);
}

static const struct setting {
	const char *name;
	bool (*set)(dbv_node *n, const char *value, struct text *error);
} settings[] = {
	{ "host", set_host },
	{ "port", set_port },
	{ "socket", set_socket },
	{ "user", set_user },
	{ "password", set_password },
	{ "ssl-mode", set_ssl_mode },
	{ "ssl-ca", set_ssl_ca },
	{ "ssl-cert", set_ssl_cert },
	{ "ssl-key", set_ssl_key },
	{ "plugin-dir", set_plugin_dir },
	{ "admin-port", set_admin_port },
};

bool
node_set(dbv_node *n, const char *name, const char *value, struct text *error)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (strcmp(settings[i].name, name) != 0)
			continue;
		bool set = settings[i].set(n, value, error);

		make_label(n);
		return set;
	}
	return complain(error, "unknown setting", name);
}

bool
dbv_node_set(dbv_node *n, const char *name, const char *value, char *error, size_t error_size)
{
	char unwanted[DBV_ERROR_SIZE];
	struct text t = error && error_size ? text_on(error, error_size)
					    : text_on(unwanted, sizeof(unwanted));

	return node_set(n, name, value, &t);
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
