/* SPDX-License-Identifier: MIT
 *
 * Why a file could not be read: for what it is, or for what this host lacks.
 */
#ifndef DBV_SYSTEM_ERROR_H
#define DBV_SYSTEM_ERROR_H

#include "text.h"

/* Adds what NUMBER, of errno(3), says to T, which is lacking where that says nothing of the file: it may be there and whole.
 * False. */
bool add_system_error(struct text *t, int number);

#endif
