/* SPDX-License-Identifier: MIT
 *
 * The tables of checks as one list.
 */
#include <string.h>

#include "judge.h"

extern const struct check checks_reach[];
extern const struct check checks_server[];
extern const struct check checks_node[];
extern const struct check checks_galera[];
extern const struct check checks_galera_cluster[];
extern const struct check checks_replication[];
extern const struct check checks_replication_setup[];
extern const struct check checks_components[];
extern const struct check checks_cluster[];
extern const struct check checks_pair[];

static const struct check *const tables[] = { checks_reach, checks_server, checks_node,
	checks_galera, checks_galera_cluster, checks_replication, checks_replication_setup,
	checks_components, checks_cluster, checks_pair };

const struct check *
check_at(size_t index)
{
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct check *c = tables[t]; c->id; c++)
			if (index-- == 0)
				return c;
	return NULL;
}

size_t
check_count(void)
{
	return check_by_id("");
}

size_t
check_by_id(const char *id)
{
	size_t i = 0;

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct check *c = tables[t]; c->id; c++, i++)
			if (strcmp(c->id, id) == 0)
				return i;
	return i;
}
