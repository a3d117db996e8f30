/* SPDX-License-Identifier: MIT
 *
 * What completes in a shell, out of the tables.
 */
#ifndef DBV_COMPLETION_H
#define DBV_COMPLETION_H

#include <stdbool.h>

/* Prints the words of docs/dbvitals.bash; false: an option that it knows nothing about. */
bool completion_bash(void);

#endif
