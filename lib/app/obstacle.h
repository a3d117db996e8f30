/* SPDX-License-Identifier: MIT
 *
 * May a table be made on one node, to be dropped on another? Pure.
 */
#ifndef DBV_OBSTACLE_H
#define DBV_OBSTACLE_H

#include "app.h"

/* Nodes that were judged in mode replication under role write. WHY it must not be: adds it and
 * returns true. */
bool roundtrip_obstacle(const struct judged nodes[2], struct text *why);

/* Does O keep what it replicates out of its own binary log, so that its other replicas would never
 * hear of the drop? */
bool roundtrip_drop_is_kept(const dbv_observation *o);

#endif
