/* SPDX-License-Identifier: MIT
 *
 * What the parts of fail_nth.so share.
 */
#ifndef INJECT_H
#define INJECT_H

#include <stdbool.h>

#define CALLER __builtin_return_address(0)

/* A line for INJECT_TOLD, made as printf() does. */
__attribute__((format(printf, 1, 2))) void tell(const char *format, ...);

/* Whose code that is, "?" where it is nobody's. */
const char *file_of(const void *place);

/* The program's. */
bool is_own(const void *place);

/* The process that calls are counted in is at its end. */
void tell_left(void);

#endif
