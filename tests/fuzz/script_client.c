/* SPDX-License-Identifier: MIT */
#include "script_client.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void
client_settings(dbv_node *n, const char *letters, size_t size)
{
	if (memchr(letters, 's', size))
		dbv_node_set(n, "socket", "fuzz.sock", NULL, 0);
	if (memchr(letters, 'a', size))
		dbv_node_set(n, "admin-port", "3317", NULL, 0);
	n->ssl_mode = SSL_PREFERRED;
	for (char mode = '0'; mode <= '4'; mode++)
		if (memchr(letters, mode, size))
			n->ssl_mode = (enum ssl_mode)(mode - '0');
	dbv_node_set(n, "user", "check", NULL, 0);
	dbv_node_set(n, "password", CLIENT_PASSWORD, NULL, 0);
	/* Nothing that a server names is loaded. */
	dbv_node_set(n, "plugin-dir", "/nonexistent", NULL, 0);
}

int
next_descriptor(void)
{
	int fd = fcntl(0, F_DUPFD_CLOEXEC, 0);

	close(fd);
	return fd;
}
