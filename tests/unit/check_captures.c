/* SPDX-License-Identifier: MIT
 *
 * What recorded servers are judged to be. tests/data/captures/README.md says how each state was
 * made.
 */
#include <check.h>

#include "fixture.h"
#include "suites.h"

static const struct row {
	const char *capture;
	const char *mode;
	const char *want[ROLE_COUNT];
} rows[] = {
	{ "healthy-db1", "galera",
		{ "up galera.sync_wait_off", "up !galera.sync_wait_off", "up" } },
	{ "healthy-db2", "galera", { "up", "up", "up" } },
	{ "healthy-db3", "galera", { "up", "up", "up" } },
	{ "killed-db1-seen-from-db2", "galera",
		{ "up galera.members_missing", "up galera.members_missing", "up" } },
	{ "stopped-db1-seen-from-db2", "galera", { "up galera.members_missing", "up", "up" } },
	{ "stopped-db1-seen-from-db3", "galera", { "up galera.members_missing", "up", "up" } },
	{ "cut-db1-seen-from-db1", "galera",
		{ "down:galera.non_primary galera.not_ready galera.initialized !galera.not_connected",
			"down:galera.non_primary", "down:galera.non_primary" } },
	{ "cut-db1-seen-from-db2", "galera", { "up galera.members_missing", "up", "up" } },
	{ "desync-db2", "galera",
		{ "down:galera.desynced !galera.donor", "75:galera.desynced",
			"25:galera.desynced" } },
	{ "reject-all-db3", "galera",
		{ "down:galera.rejects_queries", "down:galera.rejects_queries",
			"down:galera.rejects_queries" } },
	{ "read-only-db3", "galera",
		{ "up !server.read_only", "down:server.read_only", "down:server.read_only" } },
	{ "ftwrl-db3", "galera", { "down:galera.donor", "50:galera.donor", "25:galera.donor" } },
	{ "ftwrl-db3-backlog-seen-from-db3", "galera",
		{ "down:galera.donor", "50:galera.donor !galera.recv_queue",
			"25:galera.donor galera.recv_queue" } },
	{ "ftwrl-db3-backlog-seen-from-db2", "galera", { "up", "up", "up" } },
	{ "max-connections-db3", "galera",
		{ "50:server.connections", "up server.connections", "50:server.connections" } },
	{ "sst-rsync-donor-db1-joiner-db3-seen-from-db1", "galera",
		{ "down:galera.donor", "50:galera.donor", "25:galera.donor" } },
	{ "sst-rsync-donor-db1-joiner-db3-seen-from-db2", "galera", { "up", "up", "up" } },
	{ "shutdown-db3-seen-from-db1", "galera", { "up galera.members_missing", "up", "up" } },
	{ "alone-after-two-shutdowns-db2", "galera",
		{ "up galera.minority", "75:galera.minority", "25:galera.minority" } },
	{ "two-killed-db2", "galera",
		{ "down:galera.non_primary", "down:galera.non_primary",
			"down:galera.non_primary" } },

	{ "gave-up-db3", "galera",
		{ "down:galera.not_connected galera.non_primary galera.not_ready galera.initialized",
			"down:galera.not_connected", "down:galera.not_connected" } },

	/* A plain server is no Galera node, and says so. */
	{ "pair-healthy-m1", "galera",
		{ "down:galera.off", "down:galera.off", "down:galera.off" } },

	{ "pair-healthy-m1", "replication", { "up", "up", "up" } },
	{ "pair-healthy-m2", "replication", { "up", "up", "up" } },
	{ "pair-io-stopped-m1", "replication",
		{ "down:replication.io_stopped !replication.lag_unknown",
			"75:replication.io_stopped", "down:replication.io_stopped" } },
	{ "pair-sql-stopped-m1", "replication",
		{ "down:replication.sql_stopped", "75:replication.sql_stopped",
			"down:replication.sql_stopped" } },
	{ "pair-both-stopped-m1", "replication",
		{ "down:replication.io_stopped replication.sql_stopped",
			"75:replication.io_stopped replication.sql_stopped",
			"down:replication.io_stopped" } },
	{ "pair-error-1062-m1", "replication",
		{ "down:replication.sql_stopped", "75:replication.sql_stopped",
			"down:replication.sql_stopped" } },
	{ "pair-error-1032-m1", "replication",
		{ "down:replication.sql_stopped", "75:replication.sql_stopped",
			"down:replication.sql_stopped" } },
	{ "pair-lag-lock-tables-m1", "replication", { "up", "up", "75:replication.not_caught_up" } },
	{ "pair-blocked-connecting-m1", "replication",
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "pair-master-down-seen-from-m1", "replication",
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "pair-access-denied-m1", "replication",
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
};

/* MySQL 9: the replica status changes, the other answers are those of the healthy replica. */
static const struct row mysql_rows[] = {
	{ "running_caught_up", NULL, { "up", "up", "up" } },
	{ "running_caught_up_no_tls_public_key", NULL, { "up", "up", "up" } },
	{ "stopped_both", NULL,
		{ "down:replication.io_stopped replication.sql_stopped",
			"75:replication.io_stopped", "down:replication.io_stopped" } },
	{ "sql_only_running", NULL,
		{ "down:replication.io_stopped", "75:replication.io_stopped",
			"down:replication.io_stopped" } },
	{ "io_only_running", NULL,
		{ "down:replication.sql_stopped", "75:replication.sql_stopped",
			"down:replication.sql_stopped" } },
	{ "io_connecting_caching_sha2_needs_secure_connection", NULL,
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "io_connecting_access_denied", NULL,
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	/* Lag 0 while connecting is no lag. */
	{ "io_connecting_refused", NULL,
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "io_connecting_refused_after_4s", NULL,
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "source_killed_4s", NULL,
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	/* Nothing in one observation shows it. */
	{ "source_frozen_8s", NULL, { "up", "up", "up" } },
	{ "lagging_applier_waits_for_lock", NULL, { "up", "up", "75:replication.not_caught_up" } },
	{ "delayed_6s", NULL,
		{ "25:replication.delayed !replication.lag", "up replication.delayed",
			"down:replication.delayed" } },
	{ "sql_error_duplicate_key", NULL,
		{ "down:replication.sql_stopped", "75:replication.sql_stopped",
			"down:replication.sql_stopped" } },
	{ "io_error_source_purged", NULL,
		{ "down:replication.io_stopped", "75:replication.io_stopped",
			"down:replication.io_stopped" } },
	{ "io_error_same_server_id", NULL,
		{ "down:replication.same_server_id replication.io_stopped",
			"75:replication.same_server_id", "down:replication.same_server_id" } },
	{ "io_error_same_server_uuid", NULL,
		{ "down:replication.same_server_id replication.io_stopped",
			"75:replication.same_server_id", "down:replication.same_server_id" } },
	/* The second connection with the same server_uuid pushed the first one out. */
	{ "two_channels", NULL,
		{ "down:replication.io_stopped", "75:replication.io_stopped",
			"down:replication.io_stopped" } },
	{ "two_channels_one_stopped", NULL,
		{ "down:replication.io_stopped replication.sql_stopped",
			"75:replication.io_stopped", "down:replication.io_stopped" } },
	{ "after_reset_replica", NULL,
		{ "down:replication.io_stopped replication.sql_stopped",
			"75:replication.io_stopped", "down:replication.io_stopped" } },
};

START_TEST(recorded_servers)
{
	const struct row *row = &rows[_i];

	for (enum role r = 0; r < ROLE_COUNT; r++) {
		dbv_observation *o = fixture_recorded(row->capture);
		dbv_policy *p = fixture_policy(row->mode, role_names[r]);

		fixture_expect(o, p, row->want[r], row->capture);
		dbv_policy_free(p);
		observation_free(o);
	}
}
END_TEST

START_TEST(recorded_mysql)
{
	const struct row *row = &mysql_rows[_i];
	char name[128];
	struct text t = text_on(name, sizeof(name));

	text_addf(&t, "mysql8/replica_status.%s.tsv", row->capture);
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		dbv_observation *o = observation_new();
		dbv_policy *p = fixture_policy("replication", role_names[r]);

		ck_assert(fixture_add(o, "mysql8/global_status.replica.tsv"));
		ck_assert(fixture_add(o, "mysql8/global_variables.replica.tsv"));
		ck_assert_msg(fixture_add(o, name), "no recording %s", name);
		fixture_expect(o, p, row->want[r], row->capture);
		dbv_policy_free(p);
		observation_free(o);
	}
}
END_TEST

TCase *
captures_case(void)
{
	TCase *c = tcase_create("captures");

	tcase_add_loop_test(c, recorded_servers, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(c, recorded_mysql, 0, sizeof(mysql_rows) / sizeof(mysql_rows[0]));
	return c;
}
