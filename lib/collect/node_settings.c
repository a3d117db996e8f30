/* SPDX-License-Identifier: MIT */
#include "node.h"

#include <stdlib.h>
#include <string.h>

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

		node_make_label(n);
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
