/* SPDX-License-Identifier: MIT
 *
 * What only two observations can tell: what moved between them, and what should have.
 */
#ifndef DBV_MOVEMENT_H
#define DBV_MOVEMENT_H

#include "history.h"

/* What is remembered of Q's channel, where it can be compared with; NULL otherwise. */
const struct channel_history *movement_channel(const struct question *q);

/* The received, and the applied position is another one than it was. */
bool movement_received(const struct question *q, const struct channel_history *before);
bool movement_applied(const struct question *q, const struct channel_history *before);

/* Two samples of the pauses that are nearer than that say nothing. */
#define PAUSES_APART_MS 1000.0

/* Q's channel has something to apply, is to do so, and not late on purpose. */
bool movement_should_apply(const struct question *q);

/* The source is gone in the middle of a transaction, and all that was received before it is applied: what was
 * received of it stays until the source is back, and then all of it comes anew. */
bool movement_cut_off(const struct question *q);

/* Something was received that can be applied, and is not yet. */
bool movement_backlog(const struct question *q);

/* Seconds since Q's running channel last heard from its source, and since it last applied something though there is
 * something to apply; 0 where that is as it should be. */
double movement_silence(const struct question *q);
double movement_standstill(const struct question *q);

/* The sessions that wait now, each with when it was first seen waiting; returns how many. */
size_t movement_waiters(const struct question *q, struct waiter waiters[WAITERS_MAX]);

/* Seconds that the longest of them has waited for sure. */
double movement_longest_wait(const struct question *q, enum wait wait);

/* Percent of the time since the last answered look that replication was paused, and how many seconds that is. */
bool movement_paused(const struct question *q, double *percent, double *seconds);

/* A candidate that has lost its source for a short while only is degraded, not down. */
void movement_temper_disconnect(const struct question *q, struct ruling *r);

#endif
