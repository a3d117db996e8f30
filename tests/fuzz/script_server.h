/* SPDX-License-Identifier: MIT
 *
 * A server that says what a script tells it, in this process: connect() leads to it, poll() lets it speak, and the clock
 * goes on when both sides wait: nothing takes time, nothing depends on it, nor on chance.
 */
#ifndef DBV_SCRIPT_SERVER_H
#define DBV_SCRIPT_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* From now on until server_end() this process reaches a server of SCRIPT (script.h), whose parts, with a line N between
 * them, are for one connection each; an empty part refuses it, and so does the end. The script must live as long. */
void server_begin(const char *script, size_t size);
void server_end(void);

/* All that it said, and all that was said to it. */
bool server_said(const void *bytes, size_t size);
bool server_heard(const void *bytes, size_t size);

/* It said a row that begins with NAME and VALUE, whatever their case. */
bool server_said_value(const char *name, const char *value);

#endif
