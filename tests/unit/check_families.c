/* SPDX-License-Identifier: MIT
 *
 * Every family of servers, well and ill, in both modes. MySQL 9 and MariaDB 10.11 are recorded; the others are written by
 * hand after their vendors' documentation: tests/data/documented/README.md.
 */
#include <check.h>

#include "reference.h"
#include "suites.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define IN_GALERA_MODE ON(NULL, "galera")
#define IN_REPLICATION_MODE ON(NULL, "replication")
#define HANGS(state) "session=app|Query|12|" state "|COMMIT"
#define HELD_UP_12_S \
	{ \
		"up server.writes_blocked", "down:server.writes_blocked", \
			"down:server.writes_blocked" \
	}

static const char *const galera_families[] = { "healthy-db1", "../documented/mariadb-11.8-galera",
	"../documented/pxc-5.7", "../documented/pxc-8.0.18", "../documented/pxc-8.4" };

static const char *const replica_families[] = { "pair-healthy-m1", "mysql8",
	"../documented/mariadb-10.4-replica", "../documented/mariadb-11.8-replica",
	"../documented/mysql-5.7", "../documented/mysql-8.0.21", "../documented/mysql-8.0.42",
	"../documented/mysql-8.4" };

/* Of every family of Galera nodes. */
static const struct reference galera_rows[] = {
	ROW(1, "well", IN_GALERA_MODE, "", ALL("up !galera.off")),
	ROW(1, "no channel", IN_REPLICATION_MODE, "-channels",
		{ "down:replication.not_configured", "up replication.not_configured",
			"down:replication.not_configured" }),
	ROW(1, "Non-Primary", IN_GALERA_MODE, "wsrep_cluster_status=Non-Primary wsrep_ready=OFF",
		ALL("down:galera.non_primary galera.not_ready")),
	ROW(1, "disconnected", IN_GALERA_MODE,
		"wsrep_cluster_status=Disconnected wsrep_connected=OFF wsrep_ready=OFF wsrep_local_state=0",
		ALL("down:galera.not_connected galera.non_primary")),
	ROW(1, "not ready", IN_GALERA_MODE, "wsrep_ready=OFF", ALL("down:galera.not_ready")),
	ROW(1, "initialized", IN_GALERA_MODE, "wsrep_local_state=0",
		ALL("down:galera.initialized")),
	ROW(1, "the provider's rows are gone", IN_GALERA_MODE, "-wsrep_local_state",
		ALL("down:galera.initialized")),
	ROW(1, "joining", IN_GALERA_MODE, "wsrep_local_state=1 wsrep_ready=OFF",
		ALL("down:galera.not_ready galera.joining")),
	ROW(1, "joined", IN_GALERA_MODE, "wsrep_local_state=3",
		{ "down:galera.joined", "50:galera.joined", "25:galera.joined" }),
	ROW(1, "donor", IN_GALERA_MODE, "wsrep_local_state=2",
		{ "down:galera.donor", "50:galera.donor", "25:galera.donor" }),
	ROW(1, "desynced", IN_GALERA_MODE, "wsrep_local_state=2 wsrep_desync=ON",
		{ "down:galera.desynced", "75:galera.desynced", "25:galera.desynced" }),
	ROW(1, "rejects queries", IN_GALERA_MODE, "wsrep_reject_queries=ALL",
		ALL("down:galera.rejects_queries")),
	ROW(1, "no provider", IN_GALERA_MODE, "wsrep_provider=none wsrep_ready=OFF",
		ALL("down:galera.off !galera.not_ready")),
	ROW(1, "wsrep_on off", IN_GALERA_MODE, "wsrep_on=OFF", ALL("down:galera.off")),
	ROW(1, "read_only", IN_GALERA_MODE, "read_only=ON",
		{ "up", "down:server.read_only", "down:server.read_only" }),
	ROW(1, "one of three", IN_GALERA_MODE, "wsrep_cluster_size=1",
		{ "up galera.minority", "75:galera.minority", "25:galera.minority" }),
	ROW(1, "group re-forming", IN_GALERA_MODE, "wsrep_evs_state=GATHER",
		{ "75:galera.evs_not_operational", "75:galera.evs_not_operational",
			"50:galera.evs_not_operational" }),
	ROW(1, "the slow node", IN_GALERA_MODE, "wsrep_flow_control_requested=true",
		{ "50:galera.flow_control_requested", "up galera.flow_control_requested",
			"25:galera.flow_control_requested" }),
};

/* Of every family of servers that can be replicas. */
static const struct reference replica_rows[] = {
	ROW(1, "well", IN_REPLICATION_MODE, "", ALL("up")),
	ROW(1, "no Galera", IN_GALERA_MODE, "", ALL("down:galera.off")),
	ROW(1, "IO thread stopped", IN_REPLICATION_MODE, "Replica_IO_Running=No",
		{ "down:replication.io_stopped", "75:replication.io_stopped",
			"down:replication.io_stopped" }),
	ROW(1, "IO thread connecting, lag 0", IN_REPLICATION_MODE, "Replica_IO_Running=Connecting",
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" }),
	ROW(1, "SQL thread stopped", IN_REPLICATION_MODE,
		"Replica_SQL_Running=No Last_SQL_Errno=1062 Seconds_Behind_Source=NULL",
		{ "down:replication.sql_stopped", "75:replication.sql_stopped",
			"down:replication.sql_stopped" }),
	ROW(1, "lag not known", IN_REPLICATION_MODE, "Seconds_Behind_Source=NULL",
		{ "down:replication.lag_unknown", "75:replication.lag_unknown",
			"down:replication.lag_unknown" }),
	ROW(1, "lag", IN_REPLICATION_MODE, "Seconds_Behind_Source=31",
		{ "50:replication.lag", "up replication.lag", "25:replication.lag" }),
	ROW(1, "late on purpose", IN_REPLICATION_MODE, "SQL_Delay=60 Seconds_Behind_Source=61",
		{ "25:replication.delayed !replication.lag", "up", "down:replication.delayed" }),
	ROW(1, "no channel", IN_REPLICATION_MODE, "-channels",
		{ "down:replication.not_configured", "up replication.not_configured",
			"down:replication.not_configured" }),
	ROW(1, "read_only", IN_REPLICATION_MODE, "read_only=ON",
		{ "up", "down:server.read_only", "down:server.read_only" }),
	ROW(1, "what it replicates is not passed on", IN_REPLICATION_MODE,
		"log_replica_updates=OFF", ALL("up replication.no_log_slave_updates")),
};

/* What only one family has. */
static const struct reference own_rows[] = {
	ROW(1, "PXC drains", ON("../documented/pxc-8.4", "galera"), "pxc_maint_mode=MAINTENANCE",
		ALL("down:galera.pxc_maintenance")),
	ROW(1, "PXC shuts down", ON("../documented/pxc-5.7", "galera"), "pxc_maint_mode=SHUTDOWN",
		ALL("down:galera.pxc_maintenance")),
	ROW(1, "PXC in a word of the future", ON("../documented/pxc-8.4", "galera"),
		"pxc_maint_mode=DRAINING", ALL("down:galera.pxc_maintenance")),
	ROW(1, "PXC drains, asked as a replica", ON("../documented/pxc-8.4", "replication"),
		"pxc_maint_mode=MAINTENANCE -channels "
		"channel Replica_IO_Running=Yes Replica_SQL_Running=Yes Seconds_Behind_Source=0",
		ALL("up")),
	ROW(1, "PXC is the slow one, before it had wsrep_flow_control_requested",
		ON("../documented/pxc-8.0.18", "galera"), "wsrep_flow_control_status=ON",
		{ "50:galera.flow_control_requested", "up galera.flow_control_requested",
			"25:galera.flow_control_requested" }),
	ROW(1, "PXC, super_read_only", ON("../documented/pxc-8.4", "galera"),
		"read_only=ON super_read_only=ON",
		{ "up", "down:server.read_only", "down:server.read_only" }),
	ROW(1, "PXC, offline_mode", ON("../documented/pxc-8.4", "galera"), "offline_mode=ON",
		ALL("down:server.offline")),
	ROW(1, "a server that lacks wsrep_on, and is no PXC",
		ON("../documented/mariadb-11.8-galera", "galera"), "-wsrep_on",
		ALL("down:galera.off")),
	ROW(1, "PXC, nothing but its variables known", ON("../documented/pxc-8.4", "galera"),
		"status!1105 wsrep_reject_queries=ALL",
		ALL("down:server.protocol galera.rejects_queries !galera.off")),

	ROW(1, "PXC 5.7, a write set is not taken", ON("../documented/pxc-5.7", "galera"),
		HANGS("wsrep:~initiating~replication~for~write~set~(-1)"), HELD_UP_12_S),
	ROW(1, "PXC 5.7, a write set is not certified", ON("../documented/pxc-5.7", "galera"),
		HANGS("wsrep:~initiating~pre-commit~for~write~set~(4711)"), HELD_UP_12_S),
	ROW(1, "PXC 5.7, a write set waits for its turn", ON("../documented/pxc-5.7", "galera"),
		HANGS("wsrep:~pre-commit/certification~passed~(4711)"), HELD_UP_12_S),
	ROW(1, "PXC 8, a write set is not taken", ON("../documented/pxc-8.4", "galera"),
		HANGS("wsrep:~replicating~and~certifying~write~set"), HELD_UP_12_S),
	ROW(1, "PXC 8, a write set waits for its turn", ON("../documented/pxc-8.4", "galera"),
		HANGS("wsrep:~write~set~replicated~and~certified~(4711)"), HELD_UP_12_S),
	ROW(1, "PXC, an applier's work is no wait", ON("../documented/pxc-8.4", "galera"),
		"session=system~user|Query|99|wsrep:~preparing~to~commit~write~set(4711)|NULL",
		ALL("up !server.writes_blocked")),
	ROW(1, "PXC, a schema change runs", ON("../documented/pxc-8.4", "galera"),
		"session=dba|Query|9|wsrep:~TO~isolation~initiated~for~write~set~(4711)|alter~table~t",
		{ "up galera.schema_upgrade", "75:galera.schema_upgrade",
			"50:galera.schema_upgrade" }),
	ROW(1, "PXC, a schema change waits for its turn", ON("../documented/pxc-8.4", "galera"),
		"session=dba|Query|9|wsrep:~preparing~for~TO~isolation|alter~table~t",
		ALL("up !galera.schema_upgrade")),
	ROW(1, "MariaDB 11, a schema change elsewhere holds up a commit",
		ON("../documented/mariadb-11.8-galera", "galera"),
		HANGS("waiting~for~TOI~DDL") " session=system~user|Query|12|altering~table|ALTER~TABLE~t",
		{ "up galera.schema_upgrade", "25:server.writes_blocked",
			"50:server.writes_blocked" }),

	ROW(1, "MariaDB 12, nobody can write",
		ON("../documented/mariadb-11.8-replica", "replication"),
		"read_only=NO_LOCK_NO_ADMIN",
		{ "up", "down:server.read_only", "down:server.read_only" }),
	ROW(1, "MySQL, super_read_only", ON("../documented/mysql-8.4", "replication"),
		"read_only=ON super_read_only=ON",
		{ "up", "down:server.read_only", "down:server.read_only" }),
	ROW(1, "MySQL, offline_mode", ON("../documented/mysql-5.7", "replication"),
		"offline_mode=ON", ALL("down:server.offline")),
	ROW(1, "MySQL, offline_mode at login", ON("../documented/mysql-8.4", "replication"),
		"connect!3032", ALL("down:server.offline")),
	ROW(1, "MySQL 5.7, equal ids", ON("../documented/mysql-5.7", "replication"),
		"Slave_IO_Running=No Last_IO_Errno=1593",
		{ "down:replication.same_server_id", "75:replication.same_server_id",
			"down:replication.same_server_id" }),
	ROW(1, "MySQL 8, equal ids", ON("../documented/mysql-8.0.42", "replication"),
		"Replica_IO_Running=No Last_IO_Errno=13117",
		{ "down:replication.same_server_id", "75:replication.same_server_id",
			"down:replication.same_server_id" }),
	ROW(1, "MySQL, Group Replication", ON("../documented/mysql-8.4", "replication"),
		"group_replication_group_name=aaaa", ALL("down:server.group_replication")),
	ROW(1, "MySQL, Group Replication's plugin without a group",
		ON("../documented/mysql-8.4", "replication"),
		"group_replication_group_name=", ALL("up")),
	ROW(1, "MySQL, nobody lets commits go", ON("mysql8", "replication"),
		HANGS("Waiting~for~commit~lock"), HELD_UP_12_S),
	ROW(1, "MySQL, commits wait for one that waits for a replica", ON("mysql8", "replication"),
		"session=app|Query|12|Waiting~for~semi-sync~ACK~from~replica|COMMIT "
		"session=app|Query|11|waiting~for~handler~commit|COMMIT",
		HELD_UP_12_S),
	ROW(1, "MySQL, disk full", ON("mysql8", "replication"), HANGS("Waiting~for~disk~space"),
		HELD_UP_12_S),
	ROW(1, "MySQL, a backup keeps out schema changes alone", ON("mysql8", "replication"),
		"session=dba|Query|300|Waiting~for~backup~lock|alter~table~t~add~y~int",
		ALL("up !server.writes_blocked")),
	ROW(1, "MariaDB, a backup keeps out schema changes alone", PAIR_NODE,
		"session=dba|Query|300|Waiting~for~backup~lock|/*~7~*/~create~table~n~(id~int)",
		ALL("up !server.writes_blocked")),
	ROW(1, "MariaDB, a backup keeps out writes", PAIR_NODE,
		"session=dba|Query|300|Waiting~for~backup~lock|alter~table~t~add~y~int "
		"session=app|Query|12|Waiting~for~backup~lock|insert~into~t~values~(1)",
		HELD_UP_12_S),
	ROW(1, "MySQL, what a replica's own threads wait for", ON("mysql8", "replication"),
		"session=system~user|Query|99|Waiting~for~preceding~transaction~to~commit|NULL "
		"session=system~user|Query|99|Waiting~for~dependent~transaction~to~commit|NULL "
		"session=copy|Binlog~Dump~GTID|99999|Source~has~sent~all~binlog~to~replica;~waiting~for~more~updates|NULL",
		ALL("up !server.writes_blocked")),
};

static void
prove_of(const struct reference *row, const char *family)
{
	char name[128];
	struct text t = text_on(name, sizeof(name));
	struct reference own = *row;

	text_addf(&t, "%s: %s", family, row->name);
	own.base = family;
	own.name = name;
	reference_prove(&own);
}

START_TEST(galera_family)
{
	prove_of(&galera_rows[(size_t)_i % COUNT(galera_rows)],
		galera_families[(size_t)_i / COUNT(galera_rows)]);
}
END_TEST

START_TEST(replica_family)
{
	prove_of(&replica_rows[(size_t)_i % COUNT(replica_rows)],
		replica_families[(size_t)_i / COUNT(replica_rows)]);
}
END_TEST

START_TEST(of_its_own)
{
	reference_prove(&own_rows[_i]);
}
END_TEST

TCase *
families_case(void)
{
	TCase *c = tcase_create("families");

	tcase_add_loop_test(
		c, galera_family, 0, (int)(COUNT(galera_rows) * COUNT(galera_families)));
	tcase_add_loop_test(
		c, replica_family, 0, (int)(COUNT(replica_rows) * COUNT(replica_families)));
	tcase_add_loop_test(c, of_its_own, 0, (int)COUNT(own_rows));
	return c;
}
