/* SPDX-License-Identifier: MIT
 *
 * What the checks of a Galera node have in common.
 */
#ifndef DBV_GALERA_H
#define DBV_GALERA_H

#include "judge.h"

#define STATUS NEEDS(GLOBAL_STATUS)
#define VARIABLES NEEDS(GLOBAL_VARIABLES)

#define GALERA(name) .id = "galera." name, .modes = MODE_GALERA

bool galera_is_on(const struct question *q, enum variable v);

/* Is there and not off: a word that nobody knows counts as the bad one. */
bool galera_is_not_off(const struct question *q, enum variable v);

/* "wsrep_ready is OFF", "... is missing", "... is NULL". */
void galera_add_value(struct ruling *r, const struct question *q, enum variable v);

/* A provider that is not named in the answer is no evidence; one that is named none is. */
bool galera_has_no_provider(const struct question *q);

/* Percona XtraDB Cluster has wsrep_on for sessions alone, and no such row among its global variables. */
bool galera_wsrep_is_on(const struct question *q);

/* Has a provider and wsrep_on: all checks but galera.off are about such nodes. */
bool galera_takes_part(const struct question *q);

/* "non-Primary" contains "Primary": equality, not search. */
bool galera_is_primary(const struct question *q);

/* Hosts that gcomm://a,b,c?options lists; 0 for a bootstrap address. */
unsigned galera_listed_hosts(const struct question *q);

#endif
