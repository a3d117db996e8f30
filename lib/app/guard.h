/* SPDX-License-Identifier: MIT
 *
 * The last resort: whatever happens to this process, it ends in time, with the caller's own status
 * and a line that says why.
 */
#ifndef DBV_GUARD_H
#define DBV_GUARD_H

#include "app.h"

/* Descriptors 0 to 2 exist afterwards, so that no connection gets one of their numbers. */
void guard_descriptors(void);

/* From now on signals that end a process end it with APP's statuses. NODE may be NULL. */
void guard_signals(const struct app *app);
void guard_nodes(dbv_node *const nodes[], size_t count);

/* From now on SIGINT, SIGTERM and SIGHUP end nothing: the descriptor becomes readable by them. -1 where there is none to
 * be had: they end the process as before. */
int guard_hold_signals(void);

/* Writes S where APP tells its failures; nothing where nobody reads it. */
void guard_put(const char *s);

/* Is printed, as a line of its own, wherever the process ends before its time; must live on. NULL: nothing. */
void guard_last_words(const char *line);

/* From now on it is WHAT, a static text, that the process waits for, and no node; CHECK, too, is what a late end is told as. NULL:
 * the nodes again, and server.timeout. */
void guard_waits_for(const char *what, const char *check);

/* The process ends MILLISECONDS from now at the latest. */
void guard_alarm(int64_t milliseconds);

/* The answer is known: from now on the alarm only ends the process, with STATUS. */
void guard_answer(int status);

/* Ends the process without the exit handlers of the libraries: what they tidy up ends with the
 * process, and a thread that is still resolving a name may use it. */
void guard_exit(int status) __attribute__((noreturn));

/* In a child before it becomes another program: what was changed for this one is as its caller had it. */
void guard_release(void);

/* Limits memory to what looking at so many NODES takes, and leaves no core with a password in it. */
void guard_memory(size_t nodes);

#endif
