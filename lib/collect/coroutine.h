/* SPDX-License-Identifier: MIT
 *
 * A function that can stop in the middle, and go on there later, because it has a stack of its own.
 */
#ifndef DBV_COROUTINE_H
#define DBV_COROUTINE_H

#include <stdbool.h>

struct coroutine;

/* NULL when out of memory. */
struct coroutine *coroutine_new(void (*run)(void *argument), void *argument);

/* Calls run(), or goes on where it stopped; returns when it stops or returns. After it has returned
 * it may be called again. */
void coroutine_resume(struct coroutine *c);

/* Stops; called in run(). */
void coroutine_stop(struct coroutine *c);

/* False for NULL. */
bool coroutine_is_stopped(const struct coroutine *c);

/* What run() holds while it is stopped is lost. NULL is fine. */
void coroutine_free(struct coroutine *c);

#endif
