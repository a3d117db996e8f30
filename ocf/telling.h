/* SPDX-License-Identifier: MIT
 *
 * Tells the cluster how fit an instance is.
 */
#ifndef DBV_TELLING_H
#define DBV_TELLING_H

#include "agent.h"
#include "publish.h"

/* Publishes what write-ip's score and dbvitals-why-RESOURCE come to, where they changed. True where the cluster has them, or
 * has something that is not too old yet; false, with the exit reason said, where it has not. */
bool tell_score(struct turn *t, bool holder, const struct fitness *f);

/* The same for COUNT attributes. */
bool tell(struct turn *t, const struct attribute attributes[], size_t count);

/* Publishes score_held(), whatever the database is worth, and waits until the cluster plans with it. */
void tell_held(struct turn *t);

/* "dbvitals-why-RESOURCE", "dbvitals-position-RESOURCE". */
void attribute_name(const struct turn *t, const char *kind, char *buf, size_t size);

/* Removes the score, and what belongs to it. */
void tell_nothing(struct turn *t);

/* Removes attributes NAMES (NULL: the score), as far as the cluster answers. */
void withdraw(struct turn *t, const char *const names[], size_t count);

#endif
