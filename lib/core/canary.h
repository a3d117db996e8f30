/* SPDX-License-Identifier: MIT
 *
 * The canary: a row of the checker's own, one a node, that is changed and committed to see whether writes work at all.
 */
#ifndef DBV_CANARY_H
#define DBV_CANARY_H

#include "judge.h"

/* The statement begins so, in the process list too. */
#define CANARY_MARK "/* dbvitals canary */"

/* Would the write say something here, and stay in its place? Not where the node is read-only or would keep the row for
 * itself, and not while an earlier one hangs. */
bool canary_is_due(const dbv_observation *o, const dbv_policy *policy);

/* TABLE, "schema.table", as SQL takes it whatever its words: `schema`.`table`. */
void canary_add_table(struct text *sql, const char *table);

void canary_statement(const dbv_observation *o, const dbv_policy *policy, struct text *sql);

/* Predicates: a canary hangs, within its grace or beyond it. */
bool canary_slow(const struct question *q, struct ruling *r);
bool canary_hangs(const struct question *q, struct ruling *r);

/* What its errors cost: a commit that was refused is none. */
void canary_refused(const struct question *q, struct ruling *r);

#endif
