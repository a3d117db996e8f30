#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The canary against real servers: a commit of the checker's own that works, hangs or is refused.
# Holders alone send it.

# shellcheck source=tests/lib/own_node.bash
source "$BATS_TEST_DIRNAME/../lib/own_node.bash"

setup() {
	load_library
	one_node
	node=g1
	held=(--role=write --canary=dbvitals.canary)
}

teardown() {
	one_node_restore
	wait_for 5 'canaries to come home' flying 0
}

# holder CHECK CELL ARGUMENT...: what the holder is when it commits a canary
holder() { cell "$1" "$2" "${TARGET[@]}" --role=write --canary=dbvitals.canary "${@:3}"; }
# hangs ARGUMENT...: leaves a canary behind that is so old that no other is sent
hangs() {
	expect 0 '^DEGRADED: .*a commit has been hanging for [01].*\(server\.canary_slow\)' 2 keepalived "${TARGET[@]}" "${held[@]}" \
		--timeout=1.2 "$@" && flying 1 && wait_for 5 'two seconds' flying_for 2
}
# flying COUNT: so many canaries are under way
flying() { [ "$(sql "$node" 'SHOW PROCESSLIST' | grep -c '/\* dbvitals canary \*/')" = "$1" ]; }
flying_for() { [ "$(sql "$node" 'SHOW PROCESSLIST' | awk -F '\t' '/dbvitals canary/ { print $6 }')" -ge "$1" ]; }
# beats: how often this node has committed
beats() { sql "$node" "SELECT beats FROM dbvitals.canary WHERE node = '$(hostname):$(of "$node" port)'"; }

@test "healthy: one row a node, one beat a look" {
	expect 0 '^UP: ' 3 keepalived "${TARGET[@]}" "${held[@]}"
	[ "$(beats)" = 1 ]
	holder server.canary_slow –
	[ "$(beats)" = 5 ]
	expect 0 '^UP: ' 3 keepalived "${TARGET[@]}" "${held[@]}" --ssl-mode=required
	expect 0 '^UP: ' 3 keepalived "${TARGET[@]}" --canary=dbvitals.canary --role=auto --write-ip=127.0.0.1
	[ "$(beats)" = 7 ]
	[ "$(sql g1 'SELECT COUNT(*) FROM dbvitals.canary')" = 1 ]
}

@test "only holders, and only where the row would be everybody's" {
	local before
	before=$(beats)
	verdict healthy                   up      up      up
	expect 0 '^UP: ' 3 keepalived "${TARGET[@]}" --canary=dbvitals.canary --role=auto --write-ip=127.0.0.2
	sql g1 'SET GLOBAL wsrep_on=OFF'
	holder galera.off                 down
	sql g1 'SET GLOBAL wsrep_on=ON; SET GLOBAL read_only=ON'
	holder server.read_only           down
	sql g1 'SET GLOBAL read_only=OFF'
	touch "$BATS_TEST_TMPDIR/drain"
	holder node.maintenance           down --maintenance-file="$BATS_TEST_TMPDIR/drain"
	[ "$(beats)" = "$before" ]
}

@test "sessions that do not commit, or give up early, by the server's defaults" {
	local before
	before=$(beats)
	sql g1 'SET GLOBAL autocommit=OFF'
	expect 0 '^UP: ' 3 keepalived "${TARGET[@]}" "${held[@]}"
	sql g1 'SET GLOBAL autocommit=ON'
	[ "$(beats)" = $((before + 1)) ]
	sql g1 'SET GLOBAL lock_wait_timeout=1; SET GLOBAL max_statement_time=1'
	hold g1 'FLUSH TABLES WITH READ LOCK'
	hangs
	release g1
	sql g1 'SET GLOBAL lock_wait_timeout=86400; SET GLOBAL max_statement_time=0'
	wait_for 5 'the canary' flying 0
	[ "$(beats)" = $((before + 2)) ]
}

@test "a lock of the whole server: slow, then down; one canary hangs, however often one asks" {
	local before mode
	before=$(beats)
	for mode in preferred required; do
		hold g1 'FLUSH TABLES WITH READ LOCK'
		hangs --ssl-mode="$mode"
		holder server.canary_slow 50   --ssl-mode="$mode"
		holder server.writes_blocked down --ssl-mode="$mode" --canary-grace=1
		flying 1
		release g1
		wait_for 5 'the canary' flying 0
		wait_for 5 'the end of it' expect 0 '^UP: ' 3 keepalived "${TARGET[@]}" "${held[@]}"
	done
	# Each that was left behind was committed in the end.
	[ "$(beats)" -ge $((before + 4)) ]
}

@test "a grace that is shorter than one look" {
	hold g1 'FLUSH TABLES WITH READ LOCK'
	expect 1 '^DOWN: a commit has been hanging for 0\.[2-4].* \(limit 0\.2 s\) \(server\.writes_blocked\)' 1.2 keepalived \
		"${TARGET[@]}" "${held[@]}" --canary-grace=0.2 --timeout=0.5
}

@test "the account sees its own canary without the privilege PROCESS" {
	sql g1 'GRANT INSERT, UPDATE, SELECT ON dbvitals.canary TO noprivs'
	target "${at[@]}" --defaults-file="$SERVERS/noprivs.cnf"
	hold g1 'FLUSH TABLES WITH READ LOCK'
	hangs
	holder server.writes_blocked      down --canary-grace=1
	flying 1
}

@test "a long schema change holds up every node: degraded, never down" {
	sql g1 'CREATE TABLE app.slow (id INT PRIMARY KEY); INSERT INTO app.slow SELECT seq FROM app.seq_100001_to_120000'
	behind g1 'ALTER TABLE app.slow ADD h CHAR(128) AS (SHA2(REPEAT(id, 1000000), 512)) STORED'
	wait_for 5 'a schema change of a second' running_for g1 1 ALTER
	hangs
	holder server.writes_blocked      25 --canary-grace=1
	flying 1
	running g1 'ALTER TABLE'
}

@test "refused: transactions that only read, no table, another table's columns, a privilege short" {
	sql g1 'SET GLOBAL tx_read_only=ON'
	holder server.read_only           down
	sql g1 'SET GLOBAL tx_read_only=OFF'
	sql g1 'RENAME TABLE dbvitals.canary TO dbvitals.gone'
	holder server.canary_unusable     50
	expect 0 '^DEGRADED: .*dbvitals grants --canary=dbvitals\.canary' 3 keepalived "${TARGET[@]}" "${held[@]}"
	sql g1 'CREATE TABLE dbvitals.canary (node INT PRIMARY KEY)'
	holder server.canary_unusable     50
	sql g1 'DROP TABLE dbvitals.canary; RENAME TABLE dbvitals.gone TO dbvitals.canary'
	sql g1 "REVOKE SELECT ON dbvitals.canary FROM 'check'@'%'"
	holder server.canary_unusable     50
	sql g1 "REVOKE ALL ON dbvitals.canary FROM 'check'@'%'"
	holder server.canary_unusable     50
	expect 0 "^DEGRADED: (GRANT INSERT.* TO 'check'@'%'); dbvitals grants" 3 keepalived "${TARGET[@]}" "${held[@]}"
	[[ $output =~ GRANT[^\;]* ]]
	sql g1 "${BASH_REMATCH[0]}"
	holder server.canary_slow         –
}

@test "a full disk under the binary log" {
	small_start d1 1
	node_wait d1
	node=d1
	target --mode=replication --host=127.0.0.1 --port="$(of d1 port)" "${as_check[@]}"
	holder server.canary_slow         –
	[ "$(beats)" = 4 ]
	fill d1
	behind d1 "INSERT INTO app.t (v) SELECT REPEAT('x', 200) FROM app.seq_1_to_100"
	wait_for 5 'a commit to wait for space' running d1 'Waiting for someone to free space'
	wait_for 5 'three seconds of that' running_for d1 3 INSERT
	cell server.writes_blocked        25   --role=write "${TARGET[@]}"
	cell server.writes_blocked        down --role=write "${TARGET[@]}" -c write_stall=2
	local unjudged=(-w write_stall=~: -c write_stall=~:)
	hangs "${unjudged[@]}"
	holder server.canary_slow         50   "${unjudged[@]}"
	holder server.writes_blocked      down "${unjudged[@]}" --canary-grace=1
	flying 1
	node_kill d1
	node=g1
}
