/* SPDX-License-Identifier: MIT
 *
 * What the checker's account needs, and what for: the one place that names a privilege.
 */
#ifndef DBV_PRIVILEGES_H
#define DBV_PRIVILEGES_H

#include "text.h"

/* Bits: families of servers by what their privileges are called. */
enum family {
	/* Of any vendor. */
	FAMILY_GALERA = 1,
	/* 10.5 and later. */
	FAMILY_MARIADB = 2,
	FAMILY_MARIADB_OLD = 4,
	/* And Percona Server. */
	FAMILY_MYSQL = 8,
	FAMILY_ALL = 15,
};

enum purpose {
	FOR_CHANNELS,
	FOR_HEARTBEATS,
	FOR_SESSIONS,
	FOR_ADMIN_PORT,
	FOR_CANARY,
	FOR_ROUNDTRIP,
	FOR_READ_ONLY,
};

struct privilege {
	enum purpose purpose;
	unsigned families;
	/* As they stand in a GRANT. */
	const char *names;
	/* The only ones of the family that have it, since others do not know the word; NULL: all. */
	const char *only;
	/* The table that it is for; NULL: none is named. */
	const char *on;
};

extern const struct privilege privileges[];
extern const size_t privilege_count;

/* The names; NULL where nothing is needed. */
const char *privilege_names(enum purpose purpose, enum family family);

/* ACCOUNT as a GRANT wants it: name@host, as CURRENT_USER() gives it, becomes 'name'@'host'. */
void privilege_add_account(struct text *t, const char *account);

#endif
