/* SPDX-License-Identifier: MIT
 *
 * A recorded healthy server with something changed: every check, and what no server shows on
 * demand.
 */
#include <check.h>
#include <stdlib.h>

#include "fixture.h"
#include "suites.h"

struct row {
	const char *name;
	const char *changes;
	const char *want[ROLE_COUNT];
};

#define ALL(want) \
	{ \
		want, want, want \
	}

/* Of those that only concern who takes writes. */
#define WRITERS(want) \
	{ \
		"up", want, want \
	}

static const struct row galera_rows[] = {
	{ "nothing changed", "", ALL("up") },

	/* server, node */
	{ "super_read_only alone", "super_read_only=ON",
		{ "up", "down:server.read_only", "down:server.read_only" } },
	{ "innodb_read_only alone", "innodb_read_only=ON",
		{ "up", "down:server.read_only", "down:server.read_only" } },
	{ "MariaDB 12's other words", "read_only=NO_LOCK",
		{ "up", "down:server.read_only", "down:server.read_only" } },
	{ "read_only NULL is not off", "read_only=NULL",
		{ "up", "down:server.read_only", "down:server.read_only" } },
	{ "read_only as a number", "read_only=0", ALL("up") },
	{ "read_only missing", "-read_only", ALL("down:server.protocol") },
	{ "Threads_connected missing", "-Threads_connected", ALL("down:server.protocol") },
	{ "max_connections missing", "-max_connections", ALL("down:server.protocol") },
	{ "offline_mode", "offline_mode=ON", ALL("down:server.offline") },
	{ "offline_mode off", "offline_mode=OFF", ALL("up") },
	{ "skip_networking", "skip_networking=ON", ALL("down:server.no_network") },
	{ "port 0", "port=0", ALL("down:server.no_network") },
	{ "bound to another address", "write_ip=192.0.2.1 bind_address=127.0.0.1",
		WRITERS("down:server.no_network") },
	{ "bound to it, too", "write_ip=192.0.2.1 bind_address=127.0.0.1,~192.0.2.1", ALL("up") },
	{ "bound to every address of its family", "write_ip=192.0.2.1 bind_address=0.0.0.0",
		ALL("up") },
	{ "bound to every address of the other", "write_ip=2001:db8::1 bind_address=0.0.0.0",
		WRITERS("down:server.no_network") },
	{ "bound to localhost", "write_ip=192.0.2.1 bind_address=localhost",
		WRITERS("down:server.no_network") },
	{ "bound to localhost, which it is", "write_ip=127.0.0.2 bind_address=localhost",
		ALL("up") },
	{ "bound to localhost, which it is in the other family",
		"write_ip=::1 bind_address=localhost", ALL("up") },
	{ "bound to everything", "write_ip=192.0.2.1 bind_address=::", ALL("up") },
	{ "bound to an address of the other family", "write_ip=192.0.2.1 bind_address=2001:db8::2",
		WRITERS("down:server.no_network") },
	{ "bound to an address that may be it", "write_ip=2001:db8::1 bind_address=2001:DB8:0::1",
		ALL("up") },
	{ "bound to it in the other family's spelling",
		"write_ip=192.0.2.1 bind_address=::ffff:192.0.2.1", ALL("up") },
	{ "bound to a name", "write_ip=192.0.2.1 bind_address=db1", ALL("up") },
	{ "bound to nothing in particular", "write_ip=192.0.2.1 bind_address=", ALL("up") },
	{ "Group Replication", "group_replication_group_name=aaaa-bbbb",
		ALL("down:server.group_replication") },
	{ "Group Replication not set", "group_replication_group_name=", ALL("up") },
	{ "the last sessions", "Threads_connected=19 max_connections=20",
		{ "50:server.connections", "up server.connections", "50:server.connections" } },
	{ "sessions at the limit", "Threads_connected=18 max_connections=20",
		ALL("up !server.connections") },
	{ "slow answer", "response_time=1001",
		{ "75:server.response_time", "up server.response_time",
			"up server.response_time" } },
	{ "clock ahead", "UNIX_TIMESTAMP()=1005.5", ALL("up server.clock_skew") },
	{ "clock behind", "UNIX_TIMESTAMP()=994", ALL("up server.clock_skew") },
	{ "this host's clock in words", "local_clock=soon", ALL("up !server.clock_skew") },
	{ "a clock in words", "UNIX_TIMESTAMP()=soon", ALL("up !server.clock_skew") },
	{ "flow control of less than nothing", "wsrep_flow_control_paused=-0.5",
		ALL("up !galera.flow_control") },
	{ "flow control of more than all", "wsrep_flow_control_paused=1.5",
		ALL("up !galera.flow_control") },
	{ "clocks near", "UNIX_TIMESTAMP()=1005", ALL("up !server.clock_skew") },
	{ "maintenance file", "maintenance_file=/run/drain", ALL("down:node.maintenance") },
	{ "no carrier", "write_ip=192.0.2.1 link_down=eth0", WRITERS("down:node.no_link") },
	{ "in by the admin port", "admin_port=3308",
		{ "down:server.too_many_connections", "50:server.too_many_connections",
			"25:server.too_many_connections" } },
	{ "sees only itself", "sessions_own=1 sessions_foreign=0 Threads_connected=5",
		{ "up !server.processlist_partial", "up server.processlist_partial",
			"up server.processlist_partial" } },
	{ "sees only itself on a quiet Galera node",
		"sessions_own=1 sessions_foreign=0 Threads_connected=1 wsrep_thread_count=3",
		{ "up !server.processlist_partial", "up server.processlist_partial",
			"up server.processlist_partial" } },
	{ "is alone on a quiet server",
		"sessions_own=1 sessions_foreign=0 Threads_connected=1 wsrep_thread_count=0",
		ALL("up !server.processlist_partial") },

	/* writes that hang */
	{ "a short wait", "commit_wait=2", ALL("up !server.writes_blocked") },
	{ "a wait", "commit_wait=3",
		{ "up server.writes_blocked", "25:server.writes_blocked", "up" } },
	{ "a long wait", "commit_wait=11",
		{ "up server.writes_blocked", "down:server.writes_blocked",
			"down:server.writes_blocked" } },
	{ "a full disk", "server_wait=11 server_wait_state=Waiting~for~someone~to~free~space",
		{ "up server.writes_blocked", "down:server.writes_blocked",
			"down:server.writes_blocked" } },
	{ "a schema change holds up commits", "commit_wait=60 schema_change=ALTER",
		{ "up server.writes_blocked galera.schema_upgrade", "25:server.writes_blocked",
			"50:server.writes_blocked galera.schema_upgrade" } },
	{ "flow control asked for elsewhere", "commit_wait=60 wsrep_flow_control_active=true",
		{ "up galera.flow_control_active", "25:server.writes_blocked",
			"50:server.writes_blocked" } },
	{ "flow control asked for here",
		"commit_wait=60 wsrep_flow_control_active=true wsrep_flow_control_requested=true",
		{ "50:galera.flow_control_requested !galera.flow_control_active",
			"down:server.writes_blocked", "down:server.writes_blocked" } },
	{ "an eviction", "commit_wait=12 wsrep_evs_state=GATHER",
		{ "75:galera.evs_not_operational", "25:server.writes_blocked",
			"50:server.writes_blocked galera.evs_not_operational" } },
	{ "an eviction that nobody tells of", "commit_wait=12 -wsrep_evs_state",
		{ "up server.writes_blocked", "down:server.writes_blocked",
			"down:server.writes_blocked" } },
	{ "an eviction that does not end", "commit_wait=21 wsrep_evs_state=GATHER",
		{ "75:galera.evs_not_operational", "down:server.writes_blocked",
			"down:server.writes_blocked" } },
	{ "an eviction with a longer timeout of its own",
		"commit_wait=60 wsrep_evs_state=GATHER wsrep_provider_options=evs.inactive_timeout~=~PT1M;",
		{ "75:galera.evs_not_operational", "25:server.writes_blocked",
			"50:server.writes_blocked" } },
	{ "the same in hours",
		"commit_wait=60 wsrep_evs_state=GATHER wsrep_provider_options=evs.inactive_timeout~=~PT1H;",
		{ "75:galera.evs_not_operational", "25:server.writes_blocked",
			"50:server.writes_blocked" } },
	{ "a timeout in words",
		"commit_wait=21 wsrep_evs_state=GATHER wsrep_provider_options=evs.inactive_timeout~=~PTsoonS;",
		{ "75:galera.evs_not_operational", "down:server.writes_blocked",
			"down:server.writes_blocked" } },
	{ "a timeout that is not told",
		"commit_wait=20 wsrep_evs_state=GATHER wsrep_provider_options=",
		{ "75:galera.evs_not_operational", "25:server.writes_blocked",
			"50:server.writes_blocked" } },
	{ "a timeout of too many digits",
		"commit_wait=21 wsrep_evs_state=GATHER "
		"wsrep_provider_options=evs.inactive_timeout~=~PT000000000000000000000000060S;",
		{ "75:galera.evs_not_operational", "down:server.writes_blocked",
			"down:server.writes_blocked" } },
	{ "a full disk excuses nothing", "server_wait=60 commit_wait=60 schema_change=ALTER",
		{ "up server.writes_blocked", "down:server.writes_blocked",
			"down:server.writes_blocked" } },

	/* galera */
	{ "wsrep_on off", "wsrep_on=OFF", ALL("down:galera.off !galera.not_ready") },
	{ "wsrep_on missing", "-wsrep_on", ALL("down:galera.off") },
	{ "wsrep_on NULL", "wsrep_on=NULL", ALL("down:galera.off") },
	{ "wsrep_on as a number", "wsrep_on=1", ALL("up") },
	{ "no provider", "wsrep_provider=none", ALL("down:galera.off") },
	{ "an empty provider", "wsrep_provider=", ALL("down:galera.off") },
	{ "provider NULL", "wsrep_provider=NULL", ALL("down:galera.off") },
	{ "not connected", "wsrep_connected=OFF", ALL("down:galera.not_connected") },
	{ "wsrep_connected missing", "-wsrep_connected", ALL("down:galera.not_connected") },
	{ "status in small letters", "wsrep_cluster_status=primary", ALL("up") },
	{ "status in capitals", "wsrep_cluster_status=PRIMARY", ALL("up") },
	{ "non-Primary", "wsrep_cluster_status=non-Primary", ALL("down:galera.non_primary") },
	{ "Non-primary", "wsrep_cluster_status=Non-primary", ALL("down:galera.non_primary") },
	{ "Disconnected", "wsrep_cluster_status=Disconnected", ALL("down:galera.non_primary") },
	{ "an empty status", "wsrep_cluster_status=", ALL("down:galera.non_primary") },
	{ "status missing", "-wsrep_cluster_status", ALL("down:galera.non_primary") },
	{ "not ready", "wsrep_ready=OFF", ALL("down:galera.not_ready") },
	{ "ready missing", "-wsrep_ready", ALL("down:galera.not_ready") },
	{ "initialized", "wsrep_local_state=0 wsrep_ready=OFF",
		ALL("down:galera.not_ready galera.initialized") },
	{ "a failed transfer calls itself joining",
		"wsrep_local_state=0 wsrep_local_state_comment=Joining:~State~Transfer~failed",
		ALL("down:galera.initialized") },
	{ "state missing", "-wsrep_local_state", ALL("down:galera.initialized") },
	{ "a state of the future", "wsrep_local_state=6", ALL("down:galera.initialized") },
	{ "a negative state", "wsrep_local_state=-1", ALL("down:galera.initialized") },
	{ "half a state", "wsrep_local_state=4.5", ALL("down:galera.initialized") },
	{ "a state in words", "wsrep_local_state=Synced", ALL("down:galera.initialized") },
	{ "state NULL", "wsrep_local_state=NULL", ALL("down:galera.initialized") },
	{ "the comment does not decide", "wsrep_local_state_comment=Joining", ALL("up") },
	{ "an old provider's comment", "wsrep_local_state_comment=Synced~(6)", ALL("up") },
	{ "joining", "wsrep_local_state=1 wsrep_ready=OFF",
		ALL("down:galera.not_ready galera.joining") },
	{ "joined", "wsrep_local_state=3",
		{ "down:galera.joined", "50:galera.joined", "25:galera.joined" } },
	{ "not ready, and no comment",
		"wsrep_ready=OFF wsrep_local_state_comment=", ALL("down:galera.not_ready") },
	{ "joined, not ready", "wsrep_local_state=3 wsrep_ready=OFF",
		ALL("down:galera.not_ready !galera.joined") },
	{ "donor", "wsrep_local_state=2",
		{ "down:galera.donor !galera.donor_rejects", "50:galera.donor",
			"25:galera.donor" } },
	{ "donor, desync unknown", "wsrep_local_state=2 -wsrep_desync",
		{ "down:galera.donor", "50:galera.donor", "25:galera.donor" } },
	{ "donor that rejects", "wsrep_local_state=2 wsrep_sst_donor_rejects_queries=ON",
		{ "down:galera.donor galera.donor_rejects", "50:galera.donor galera.donor_rejects",
			"down:galera.donor_rejects" } },
	{ "desynced that would reject",
		"wsrep_local_state=2 wsrep_desync=ON wsrep_sst_donor_rejects_queries=ON",
		{ "down:galera.desynced !galera.donor_rejects", "75:galera.desynced",
			"25:galera.desynced" } },
	{ "would reject as a donor", "wsrep_sst_donor_rejects_queries=ON", ALL("up") },
	{ "voted out", "wsrep_local_state=5 wsrep_ready=OFF",
		ALL("down:galera.not_ready galera.inconsistent") },
	{ "not told whether it rejects", "-wsrep_reject_queries", ALL("up") },
	{ "rejects queries", "wsrep_reject_queries=ALL_KILL", ALL("down:galera.rejects_queries") },
	{ "an empty reject word", "wsrep_reject_queries=", ALL("down:galera.rejects_queries") },
	{ "PXC drains", "pxc_maint_mode=SHUTDOWN", ALL("down:galera.pxc_maintenance") },
	{ "PXC serves", "pxc_maint_mode=DISABLED", ALL("up") },
	{ "of another cluster", "wsrep_local_state_uuid=b82e374a-e63f-11f1-bff2-000000000000",
		ALL("down:galera.uuid_mismatch") },
	{ "UUID empty", "wsrep_local_state_uuid=", ALL("up") },
	{ "two of three", "wsrep_cluster_size=2", ALL("up galera.members_missing") },
	{ "one of three", "wsrep_cluster_size=1",
		{ "up galera.minority !galera.members_missing", "75:galera.minority",
			"25:galera.minority" } },
	{ "two of four are half", "wsrep_cluster_size=2 wsrep_cluster_address=gcomm://a,b,c,d",
		{ "up galera.minority", "75:galera.minority", "25:galera.minority" } },
	{ "one of two is half", "wsrep_cluster_size=1 wsrep_cluster_address=gcomm://a,b",
		{ "up galera.minority", "75:galera.minority", "25:galera.minority" } },
	{ "options behind the hosts",
		"wsrep_cluster_size=2 wsrep_cluster_address=gcomm://a,b?pc.wait_prim=no,x",
		ALL("up !galera.members_missing") },
	{ "a bootstrap address", "wsrep_cluster_size=1 wsrep_cluster_address=gcomm://",
		ALL("up !galera.minority") },
	{ "commas alone list nobody", "wsrep_cluster_size=2 wsrep_cluster_address=gcomm://,a,,b,",
		ALL("up !galera.members_missing") },
	{ "more than listed", "wsrep_cluster_size=4", ALL("up !galera.members_missing") },
	{ "group re-forming", "wsrep_evs_state=INSTALL",
		{ "75:galera.evs_not_operational", "75:galera.evs_not_operational",
			"50:galera.evs_not_operational" } },
	{ "no evs row", "-wsrep_evs_state", ALL("up") },
	{ "11 in the queue", "wsrep_local_recv_queue=11", { "up", "up", "25:galera.recv_queue" } },
	{ "101 in the queue", "wsrep_local_recv_queue=101",
		{ "50:galera.recv_queue", "up galera.recv_queue", "25:galera.recv_queue" } },
	{ "101 to send", "wsrep_local_send_queue=101",
		{ "up galera.send_queue", "75:galera.send_queue", "50:galera.send_queue" } },
	{ "paused", "wsrep_flow_control_paused=2.6e-1", ALL("75:galera.flow_control") },
	{ "hardly paused", "wsrep_flow_control_paused=1.42823e-05",
		ALL("up !galera.flow_control") },
	{ "the provider's error value", "wsrep_flow_control_paused=-1",
		ALL("up !galera.flow_control") },
	{ "asks for flow control", "wsrep_flow_control_requested=true",
		{ "50:galera.flow_control_requested", "up galera.flow_control_requested",
			"25:galera.flow_control_requested" } },
	{ "flow control elsewhere", "wsrep_flow_control_active=true",
		ALL("up galera.flow_control_active") },
	{ "a schema change", "schema_change=ALTER",
		{ "up galera.schema_upgrade", "75:galera.schema_upgrade",
			"50:galera.schema_upgrade" } },
	{ "size missing", "-wsrep_cluster_size",
		{ "up galera.minority", "75:galera.minority", "25:galera.minority" } },
	{ "size NULL", "wsrep_cluster_size=NULL",
		{ "up galera.minority", "75:galera.minority", "25:galera.minority" } },
	{ "desync in a word of the future", "wsrep_desync=MAYBE",
		{ "down:galera.desynced", "75:galera.desynced", "25:galera.desynced" } },
	{ "desync NULL", "wsrep_desync=NULL",
		{ "down:galera.desynced", "75:galera.desynced", "25:galera.desynced" } },
	{ "flow control in a word of the future", "wsrep_flow_control_requested=perhaps",
		{ "50:galera.flow_control_requested", "up galera.flow_control_requested",
			"25:galera.flow_control_requested" } },
	{ "causal reads", "wsrep_sync_wait=7", ALL("up !galera.sync_wait_off") },
	{ "a mask beyond its bits", "wsrep_sync_wait=16", ALL("up !galera.sync_wait_off") },
	{ "a mask below nothing", "wsrep_sync_wait=-2", ALL("up !galera.sync_wait_off") },
	{ "causal writes only", "wsrep_sync_wait=6",
		{ "up galera.sync_wait_off", "up !galera.sync_wait_off", "up" } },
	{ "the older word", "wsrep_causal_reads=ON", ALL("up !galera.sync_wait_off") },
	{ "dirty reads", "wsrep_dirty_reads=ON", ALL("up galera.dirty_reads") },
	{ "disconnected",
		"wsrep_cluster_status=Disconnected wsrep_connected=OFF wsrep_ready=OFF wsrep_local_state=0 "
		"wsrep_cluster_size=0 wsrep_local_state_comment=Initialized -wsrep_evs_state",
		ALL("down:galera.not_connected galera.non_primary galera.not_ready galera.initialized") },
};

static const struct row replication_rows[] = {
	{ "nothing changed", "", ALL("up") },
	{ "a delay of less than nothing", "SQL_Delay=-1",
		{ "25:replication.delayed", "up", "down:replication.delayed" } },
	{ "a delay in words", "SQL_Delay=soon",
		{ "25:replication.delayed", "up", "down:replication.delayed" } },
	{ "a position in words", "Read_Master_Log_Pos=soon", ALL("up !replication.relay_backlog") },
	{ "the other position in words", "Exec_Master_Log_Pos=soon",
		{ "up !replication.relay_backlog", "up", "75:replication.not_caught_up" } },
	{ "an IO thread that prepares", "Slave_IO_Running=Preparing",
		{ "down:replication.io_connecting", "75:replication.io_connecting",
			"down:replication.io_connecting" } },
	{ "a word of the future", "Slave_IO_Running=Resting",
		{ "down:replication.io_stopped", "75:replication.io_stopped",
			"down:replication.io_stopped" } },
	{ "IO missing", "-Slave_IO_Running",
		{ "down:replication.io_stopped", "75:replication.io_stopped",
			"down:replication.io_stopped" } },
	{ "IO NULL", "Slave_IO_Running=NULL",
		{ "down:replication.io_stopped", "75:replication.io_stopped",
			"down:replication.io_stopped" } },
	{ "SQL missing", "-Slave_SQL_Running",
		{ "down:replication.sql_stopped", "75:replication.sql_stopped",
			"down:replication.sql_stopped" } },
	{ "lag NULL", "Seconds_Behind_Master=NULL",
		{ "down:replication.lag_unknown", "75:replication.lag_unknown",
			"down:replication.lag_unknown" } },
	{ "lag missing", "-Seconds_Behind_Master",
		{ "down:replication.lag_unknown", "75:replication.lag_unknown",
			"down:replication.lag_unknown" } },
	{ "lag empty", "Seconds_Behind_Master=",
		{ "down:replication.lag_unknown", "75:replication.lag_unknown",
			"down:replication.lag_unknown" } },
	{ "lag negative", "Seconds_Behind_Master=-5",
		{ "down:replication.lag_unknown", "75:replication.lag_unknown",
			"down:replication.lag_unknown" } },
	{ "lag at the limit", "Seconds_Behind_Master=30", ALL("up !replication.lag") },
	{ "lag", "Seconds_Behind_Master=31",
		{ "50:replication.lag", "up replication.lag", "25:replication.lag" } },
	{ "much lag", "Seconds_Behind_Master=301",
		{ "down:replication.lag", "up replication.lag", "25:replication.lag" } },
	{ "late on purpose", "SQL_Delay=3600 Seconds_Behind_Master=3610",
		{ "25:replication.delayed !replication.lag", "up replication.delayed",
			"down:replication.delayed" } },
	{ "later than on purpose", "SQL_Delay=60 Seconds_Behind_Master=400",
		{ "down:replication.lag replication.delayed",
			"up replication.lag replication.delayed",
			"down:replication.delayed replication.lag" } },
	{ "equal ids", "Slave_IO_Running=No Last_IO_Errno=1593",
		{ "down:replication.same_server_id replication.io_stopped",
			"75:replication.same_server_id", "down:replication.same_server_id" } },
	{ "the second channel is broken",
		"channel Connection_name=archive Slave_IO_Running=No Slave_SQL_Running=Yes "
		"Seconds_Behind_Master=NULL",
		{ "down:replication.io_stopped", "75:replication.io_stopped",
			"down:replication.io_stopped" } },
	{ "the second channel lags",
		"channel Connection_name=archive Slave_IO_Running=Yes Slave_SQL_Running=Yes "
		"Seconds_Behind_Master=99",
		{ "50:replication.lag", "up replication.lag", "25:replication.lag" } },
	{ "no binary log", "log_bin=OFF",
		{ "up !replication.no_binlog", "up replication.no_binlog",
			"25:replication.no_binlog" } },
	{ "no log_slave_updates", "log_slave_updates=OFF",
		ALL("up replication.no_log_slave_updates") },
	{ "MySQL's word for it", "log_slave_updates=ON",
		ALL("up !replication.no_log_slave_updates") },
	{ "steps of one where writes come from elsewhere, too", "auto_increment_increment=1",
		ALL("up replication.autoincrement_collision") },
	{ "steps of one on a read replica", "auto_increment_increment=1 read_only=ON",
		{ "up !replication.autoincrement_collision", "down:server.read_only",
			"down:server.read_only !replication.autoincrement_collision" } },
	{ "steps of one, and nobody can follow", "auto_increment_increment=1 log_bin=OFF",
		{ "up !replication.autoincrement_collision", "up", "25:replication.no_binlog" } },
	{ "steps of two", "auto_increment_increment=2",
		ALL("up !replication.autoincrement_collision") },
	{ "steps not told", "-auto_increment_increment",
		ALL("up !replication.autoincrement_collision") },
	{ "semi-sync fell back", "rpl_semi_sync_master_enabled=ON Rpl_semi_sync_master_status=OFF",
		ALL("up replication.semisync_off") },
	{ "semi-sync in the newer words",
		"rpl_semi_sync_source_enabled=ON Rpl_semi_sync_source_status=OFF",
		ALL("up replication.semisync_off") },
	{ "semi-sync whose status is not told",
		"rpl_semi_sync_master_enabled=ON -Rpl_semi_sync_master_status",
		ALL("up !replication.semisync_off") },
	{ "semi-sync whose status is NULL",
		"rpl_semi_sync_master_enabled=ON Rpl_semi_sync_master_status=NULL",
		ALL("up replication.semisync_off") },
	{ "semi-sync in a word of the future",
		"rpl_semi_sync_master_enabled=ON Rpl_semi_sync_master_status=HALF",
		ALL("up replication.semisync_off") },
	{ "semi-sync works", "rpl_semi_sync_master_enabled=ON Rpl_semi_sync_master_status=ON",
		ALL("up !replication.semisync_off") },
	{ "semi-sync not enabled",
		"rpl_semi_sync_master_enabled=OFF Rpl_semi_sync_master_status=OFF",
		ALL("up !replication.semisync_off") },
	{ "semi-sync not installed", "-Rpl_semi_sync_master_status",
		ALL("up !replication.semisync_off") },
	{ "galera's rows do not matter", "wsrep_on=OFF wsrep_ready=OFF", ALL("up") },
	{ "a commit that hangs is not excused", "commit_wait=12 schema_change=ALTER",
		{ "up server.writes_blocked", "down:server.writes_blocked",
			"down:server.writes_blocked" } },
};

static void
run(const struct row *row, const char *mode, const char *capture)
{
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		dbv_observation *o = fixture_live(capture);
		dbv_policy *p = fixture_policy(mode, role_names[r]);

		fixture_change(o, row->changes);
		fixture_expect(o, p, row->want[r], row->name);
		dbv_policy_free(p);
		observation_free(o);
	}
}

START_TEST(galera_node)
{
	run(&galera_rows[_i], "galera", "healthy-db1");
}
END_TEST

START_TEST(replica)
{
	run(&replication_rows[_i], "replication", "pair-healthy-m1");
}
END_TEST

START_TEST(nobody_to_replicate_from)
{
	static const char *const want[] = { "down:replication.not_configured",
		"up replication.not_configured", "down:replication.not_configured" };

	for (enum role r = 0; r < ROLE_COUNT; r++) {
		dbv_observation *o = fixture_live("pair-healthy-m1");
		dbv_policy *p = fixture_policy("replication", role_names[r]);

		for (size_t i = o->channel_count; i > 0; i--)
			free(o->channels[i - 1]);
		o->channel_count = 0;
		fixture_expect(o, p, want[r], "no channel");
		ck_assert(
			dbv_policy_set(p, "severity", "replication.not_configured=note", NULL, 0));
		fixture_expect(o, p, "up replication.not_configured", "no channel, noted");
		dbv_policy_free(p);
		observation_free(o);
	}
}
END_TEST

START_TEST(one_channel_of_two)
{
	static const struct {
		const char *channel;
		const char *want;
	} rows[] = { { NULL, "down:replication.io_stopped" }, { "", "up" },
		{ "archive", "down:replication.io_stopped" },
		{ "ARCHIVE", "down:replication.io_stopped" },
		{ "other", "down:replication.not_configured" } };
	dbv_observation *o = fixture_live("pair-healthy-m1");
	dbv_policy *p = fixture_policy("replication", "read");

	fixture_change(
		o, "channel Connection_name=archive Slave_IO_Running=No Slave_SQL_Running=Yes");
	if (rows[_i].channel)
		ck_assert(dbv_policy_set(p, "channel", rows[_i].channel, NULL, 0));
	fixture_expect(o, p, rows[_i].want, "--channel");
	dbv_policy_free(p);
	observation_free(o);
}
END_TEST

TCase *
conditions_case(void)
{
	TCase *c = tcase_create("conditions");

	tcase_add_loop_test(c, galera_node, 0, sizeof(galera_rows) / sizeof(galera_rows[0]));
	tcase_add_loop_test(c, replica, 0, sizeof(replication_rows) / sizeof(replication_rows[0]));
	tcase_add_test(c, nobody_to_replicate_from);
	tcase_add_loop_test(c, one_channel_of_two, 0, 5);
	return c;
}
