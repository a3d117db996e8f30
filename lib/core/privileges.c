/* SPDX-License-Identifier: MIT */
#include "privileges.h"

#include <string.h>

/* In the order of a GRANT. Measured on MariaDB 10.5 and 10.11, MySQL 5.7 and 9.7, the others from their manuals: MariaDB
 * 10.5 divided REPLICATION CLIENT, still takes the word, and gives something else for it. MariaDB's extra_port needs no privilege.
 */
const struct privilege privileges[] = {
	{ FOR_CHANNELS, FAMILY_MARIADB, "SLAVE MONITOR", NULL, NULL },
	{ FOR_CHANNELS, FAMILY_MARIADB_OLD | FAMILY_MYSQL, "REPLICATION CLIENT", NULL, NULL },
	{ FOR_HEARTBEATS, FAMILY_MYSQL, "SELECT", NULL,
		"performance_schema.replication_connection_status" },
	{ FOR_HEARTBEATS, FAMILY_MYSQL, "SELECT", NULL,
		"performance_schema.replication_connection_configuration" },
	{ FOR_SESSIONS, FAMILY_ALL, "PROCESS", NULL, NULL },
	{ FOR_ADMIN_PORT, FAMILY_MYSQL, "SERVICE_CONNECTION_ADMIN", NULL, NULL },
	{ FOR_ADMIN_PORT, FAMILY_GALERA, "SERVICE_CONNECTION_ADMIN", "Percona XtraDB Cluster 8",
		NULL },
	/* The new value of a column is made of its old one: 1143 without SELECT. */
	{ FOR_CANARY, FAMILY_ALL, "INSERT, UPDATE, SELECT", NULL, NULL },
	{ FOR_ROUNDTRIP, FAMILY_ALL, "CREATE, DROP, INSERT, SELECT", NULL, NULL },
	/* And to tell where the binary log ends: the older ones' REPLICATION CLIENT lets do that, which the account has
	 * already. Measured on MySQL 9.7: SYSTEM_VARIABLES_ADMIN alone is enough. */
	{ FOR_READ_ONLY, FAMILY_MARIADB, "READ_ONLY ADMIN, BINLOG MONITOR",
		"MariaDB 10.5 and later", NULL },
	{ FOR_READ_ONLY, FAMILY_MARIADB_OLD, "SUPER", "MariaDB before 10.5", NULL },
	{ FOR_READ_ONLY, FAMILY_MYSQL, "SYSTEM_VARIABLES_ADMIN",
		"MySQL and Percona Server 8 and later", NULL },
	{ FOR_READ_ONLY, FAMILY_MYSQL, "SUPER", "MySQL and Percona Server 5.7", NULL },
};

const size_t privilege_count = sizeof(privileges) / sizeof(privileges[0]);

const char *
privilege_names(enum purpose purpose, enum family family)
{
	for (size_t i = 0; i < privilege_count; i++)
		if (privileges[i].purpose == purpose && (privileges[i].families & family))
			return privileges[i].names;
	return NULL;
}

void
privilege_add_account(struct text *t, const char *account)
{
	const char *at = strrchr(account, '@');
	char name[200];
	struct text n = text_on(name, sizeof(name));

	if (!at) {
		text_add(t, "the checker's account");
		return;
	}
	text_add_start(&n, account, (size_t)(at - account));
	text_add(t, "'");
	text_add_foreign(t, name, sizeof(name));
	text_add(t, "'@'");
	text_add_foreign(t, at + 1, 64);
	text_add(t, "'");
}
