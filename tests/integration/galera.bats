#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Both executables against one real Galera node, fault by fault. The cells are those of the table of
# verdicts:
#       CHECK                        READ    WRITE   PROMOTE

# shellcheck source=tests/lib/own_node.bash
source "$BATS_TEST_DIRNAME/../lib/own_node.bash"

@test "healthy, asked in each way that reaches it" {
	verdict healthy up up up
	target --socket="$SERVERS/g1/socket" "${as_check[@]}"
	verdict healthy up up up
	target --port="$port" "${as_check[@]}"
	verdict healthy up up up
	target --host="127.0.0.1:$port" --port=1 "${as_check[@]}"
	verdict healthy up up up
	expect 0 "^UP: 127\\.0\\.0\\.1:$port may take reads\$" 3 keepalived "${TARGET[@]}"
	if has_ipv6; then
		target --host="[::1]:$port" "${as_check[@]}"
		verdict healthy up up up
		target --host=::1 --port="$port" "${as_check[@]}"
		verdict healthy up up up
	fi
}

@test "desynced by an operator" {
	sql g1 'SET GLOBAL wsrep_desync=ON'
	verdict galera.desynced        down    75      25
	verdict galera.donor           –       –       –  --severity=galera.desynced=ignore
}

@test "--severity changes what a finding costs" {
	sql g1 'SET GLOBAL wsrep_desync=ON'
	verdict galera.desynced        50      75      25   --severity=galera.desynced=degraded
	verdict galera.desynced        down    down    down --severity=galera.desynced=down
	verdict galera.desynced        note    note    note --severity=galera.desynced=note
	verdict galera.desynced        up      up      up   --severity=galera.desynced=ignore
}

@test "queries rejected while every status row stays green" {
	sql g1 'SET GLOBAL wsrep_reject_queries=ALL'
	verdict galera.rejects_queries down    down    down
}

@test "read_only" {
	sql g1 'SET GLOBAL read_only=ON'
	verdict server.read_only       –       down    down
}

@test "several faults are told together, the worst first" {
	sql g1 'SET GLOBAL read_only=ON, GLOBAL wsrep_desync=ON'
	verdict server.read_only       down    down    down --severity=server.read_only=down
	expect 1 '^DOWN: [^;]*\(server\.read_only\); [^;]*\(galera\.desynced\)$' 3 keepalived "${TARGET[@]}" --role=write
	expect 1 '^DOWN: [^;]*\(galera\.desynced\)$' 3 keepalived "${TARGET[@]}" --role=read
	expect 2 '^DBVITALS CRITICAL - .*server\.read_only.*galera\.desynced' 3 plugin "${TARGET[@]}" --role=write
}

@test "global read lock of another session, and writes stuck under it" {
	hold g1 'FLUSH TABLES WITH READ LOCK'
	verdict galera.donor           down    50      25
	behind g1 "INSERT INTO app.t (v) VALUES ('stuck')"
	wait_for 5 'a write to be stuck for a second' running_for g1 1 INSERT
	cell server.writes_blocked     25   --role=write   "${TARGET[@]}" -w write_stall=0 -c write_stall=90
	cell server.writes_blocked     down --role=write   "${TARGET[@]}" -c write_stall=0
	cell server.writes_blocked     down --role=promote "${TARGET[@]}" -c write_stall=0
	wait_for 5 'a write to be stuck beyond the default threshold' running_for g1 3 INSERT
	cell server.writes_blocked     25   --role=write   "${TARGET[@]}" -c write_stall=90
	cell server.writes_blocked     –    --role=promote "${TARGET[@]}" --severity=galera.donor=note
}

@test "connections used up" {
	sessions g1 20
	verdict server.too_many_connections down 50   down
	verdict server.too_many_connections down 50   25 --admin-port="$(of g1 extra_port)"
	sql g1 'SET GLOBAL wsrep_desync=ON'
	verdict galera.desynced             down 50   25 --admin-port="$(of g1 extra_port)"
}

@test "connections used up on a holder that was down before" {
	local states=$BATS_TEST_TMPDIR/states
	sql g1 'SET GLOBAL wsrep_reject_queries=ALL'
	expect 1 '\(galera\.rejects_queries\)' 3 keepalived "${TARGET[@]}" --role=write --state-dir="$states"
	sessions g1 20
	expect 1 "^DOWN: .*galera\\.rejects_queries.*\\(server\\.too_many_connections\\)" 3 keepalived "${TARGET[@]}" --role=write --state-dir="$states"
	cell server.too_many_connections 50   --role=write "${TARGET[@]}"
}

@test "a write that hangs counts from the look that first saw it" {
	local states=$BATS_TEST_TMPDIR/states
	hold g1 'FLUSH TABLES WITH READ LOCK'
	expect 52 '\(galera\.donor\)' 3 keepalived "${TARGET[@]}" --role=write --state-dir="$states" --dynamic=100
	behind g1 "INSERT INTO app.t (v) VALUES ('stuck')"
	wait_for 5 'a write to be stuck for two seconds' running_for g1 2 INSERT
	expect 52 '\(galera\.donor\)' 3 keepalived "${TARGET[@]}" --role=write --state-dir="$states" --dynamic=100 -c write_stall=1
	wait_for 5 'it to be seen for more than a second' expect 1 '\(server\.writes_blocked\)' 3 \
		keepalived "${TARGET[@]}" --role=write --state-dir="$states" -c write_stall=1
}

@test "many connections, not all" {
	sessions g1 18
	verdict server.connections     50      note    50
	verdict server.connections     –       –       –   -w connections=99
	verdict server.connections     down    down    down -c connections=50
}

@test "wsrep_on off: writes are taken and go nowhere" {
	sql g1 'SET GLOBAL wsrep_on=OFF'
	verdict galera.off             down    down    down
}

@test "a global wsrep_sync_wait does not hold the check up" {
	sql g1 'SET GLOBAL wsrep_sync_wait=15'
	verdict healthy                up      up      up
	verdict galera.sync_wait_off   –       –       –
}

@test "reads that are not causal are told to readers only" {
	verdict galera.sync_wait_off   note    –       –
}

@test "a long schema change, and wsrep_sync_wait=15" {
	sql g1 'CREATE TABLE app.slow (id INT PRIMARY KEY); INSERT INTO app.slow SELECT seq FROM app.seq_100001_to_120000'
	sql g1 'SET GLOBAL wsrep_sync_wait=15'
	behind g1 'ALTER TABLE app.slow ADD h CHAR(128) AS (SHA2(REPEAT(id, 1000000), 512)) STORED'
	wait_for 5 'a schema change of a second' running_for g1 1 ALTER
	verdict galera.schema_upgrade  note    75      50
	behind g1 "INSERT INTO app.t (v) VALUES ('behind the change')"
	wait_for 5 'a write to be stuck for a second' running_for g1 1 INSERT
	cell server.writes_blocked     25 --role=write   "${TARGET[@]}" -c write_stall=0
	cell server.writes_blocked     50 --role=promote "${TARGET[@]}" -c write_stall=0
	running g1 'ALTER TABLE'
}

@test "cut off from the group" {
	sql g1 "SET GLOBAL wsrep_cluster_address=''"
	verdict galera.not_connected   down    down    down
	verdict galera.non_primary     down    down    down
	sql g1 'SET GLOBAL wsrep_sync_wait=15'
	verdict galera.not_connected   down    down    down
	sql g1 "SET GLOBAL wsrep_cluster_address='gcomm://'"
}

@test "frozen" {
	node_freeze g1
	LIMIT=1.2
	verdict server.timeout         down    down    down -t 0.3
	target --socket="$SERVERS/g1/socket" "${as_check[@]}"
	cell server.timeout            down "${TARGET[@]}" -t 0.3
	target_g1
	expect 1 '^DOWN: .*\(server\.timeout\)' 2 keepalived "${TARGET[@]}" -t 1 --dynamic=253
}

@test "killed, and back" {
	node_kill g1
	verdict server.unreachable     down    down    down
	target --socket="$SERVERS/g1/socket" "${as_check[@]}"
	verdict server.unreachable     down    down    down
	target --socket="$SERVERS/no-such-socket" "${as_check[@]}"
	verdict server.unreachable     down    down    down
	galera_bootstrap g1
	target_g1
	verdict healthy                up      up      up
}
