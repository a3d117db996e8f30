/* SPDX-License-Identifier: MIT
 *
 * Who speaks with the server of a script (script_server.h).
 */
#ifndef DBV_SCRIPT_CLIENT_H
#define DBV_SCRIPT_CLIENT_H

#include <stddef.h>

#include "node.h"

#define CLIENT_PASSWORD "unguessable"
#define CLIENT_BUDGET_MS 3000

/* By LETTERS: s by a socket; 0 to 4 the ssl-mode; a with an admin port. */
void client_settings(dbv_node *n, const char *letters, size_t size);

/* Which descriptor the next one would be. */
int next_descriptor(void);

#endif
