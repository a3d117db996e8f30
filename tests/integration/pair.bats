#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Both executables against m1 of a real master/master pair, fault by fault. m1 follows m2 through a
# relay that can be
# frozen or killed. The cells are those of the table of verdicts:
#       CHECK                              READ    WRITE   PROMOTE

setup_file() {
	load_library
	pair_start
}

teardown_file() {
	load_library
	servers_end
}

load_library() {
	# shellcheck source=tests/lib/pair.bash
	source "$BATS_TEST_DIRNAME/../lib/pair.bash"
}

setup() {
	load_library
	pair
}

teardown() { pair_restore; }

@test "healthy" {
	verdict healthy                    up      up      up
	expect 0 "^UP: 127\\.0\\.0\\.1:$(of m1 port) may take reads\$" 3 keepalived "${TARGET[@]}"
	expect 0 '^DBVITALS OK - .*lag=0s;30;300;0;' 3 plugin "${TARGET[@]}"
}

@test "asked in Galera mode, a pair is no cluster" {
	verdict galera.off                 down    down    down    --mode=galera
}

@test "no replication from the other side" {
	sql m1 'STOP SLAVE IO_THREAD'
	verdict replication.io_stopped     down    75      down
	verdict replication.sql_stopped    –       –       –       --severity=replication.io_stopped=ignore
}

@test "nothing is applied" {
	sql m1 'STOP SLAVE SQL_THREAD'
	verdict replication.sql_stopped    down    75      down
}

@test "both threads stopped" {
	sql m1 'STOP SLAVE'
	verdict replication.io_stopped     down    75      down
	verdict replication.sql_stopped    down    75      down
}

@test "duplicate key" {
	sql m1 "SET sql_log_bin=0; INSERT INTO app.t VALUES (999, 'here before')"
	sql m2 "INSERT INTO app.t VALUES (999, 'from the other side')"
	wait_for 5 'the error' replica Last_SQL_Errno 1062
	verdict replication.sql_stopped    down    75      down
	expect 1 '1062.*\(replication\.sql_stopped\)' 3 keepalived "${TARGET[@]}"
	sql m1 'SET sql_log_bin=0; DELETE FROM app.t WHERE id = 999'
	sql m1 'START SLAVE'
	wait_for 5 'the row' replica Slave_SQL_Running Yes
}

@test "read_only, as the passive side often is" {
	sql m1 'SET GLOBAL read_only=ON'
	verdict server.read_only           –       down    down
	sql m1 'SET GLOBAL read_only=OFF'
}

@test "late: a local lock holds the applier up" {
	hold m1 'LOCK TABLES app.t WRITE'
	sql m2 "INSERT INTO app.t (v) VALUES ('late')"
	wait_for 10 'a lag of two seconds' replica Seconds_Behind_Master '[2-9]'
	verdict replication.not_caught_up  –       –       75
	verdict replication.lag            –       –       –       --severity=replication.not_caught_up=ignore
	verdict replication.lag            50      50      25      --warning=1
	verdict replication.lag            down    down    down    --critical=lag=1
	verdict replication.lag            note    note    note    --critical=1 --severity=replication.lag=note --severity=replication.not_caught_up=ignore
}

@test "late on purpose" {
	sql m1 'STOP SLAVE; CHANGE MASTER TO MASTER_DELAY=3; START SLAVE'
	wait_for 5 'the threads' replica Slave_IO_Running Yes
	verdict replication.delayed        25      note    down
	sql m2 "INSERT INTO app.t (v) VALUES ('delayed')"
	wait_for 5 'the row to be due' replica SQL_Remaining_Delay '[0-9]'
	verdict replication.lag            –       –       –       --critical=2 --severity=replication.delayed=note \
		--severity=replication.not_caught_up=ignore
	sql m1 'STOP SLAVE; CHANGE MASTER TO MASTER_DELAY=0'
}

@test "the other side's network is gone: nothing arrives, nothing is refused" {
	helper_signal relay STOP
	wait_for 15 'the connection to be given up' replica Slave_IO_Running Connecting
	verdict replication.io_connecting  down    75      down
	verdict replication.io_stopped     –       –       –       --severity=replication.io_connecting=ignore
	helper_signal relay CONT
}

@test "not the writer's fault: the other side is dead" {
	node_kill m2
	wait_for 10 'the connection to be lost' replica Slave_IO_Running Connecting
	verdict replication.io_connecting  down    75      down
	node_start m2
	node_wait m2
}

@test "the other side's address refuses" {
	helper_end relay
	wait_for 10 'the refusal' replica Last_IO_Errno 2003
	verdict replication.io_connecting  down    75      down
	expect 1 '2003.*\(replication\.io_connecting\)' 3 keepalived "${TARGET[@]}"
	relay
}

@test "the account may not see replication" {
	target "${at[@]}" --defaults-file="$SERVERS/noprivs.cnf"
	verdict server.privilege_missing   unknown unknown unknown
	expect 1 'GRANT .*SLAVE MONITOR' 3 keepalived "${TARGET[@]}"
}

@test "two named channels, the worse one counts" {
	plain_start m3 3
	node_wait m3
	sql m1 'STOP SLAVE; RESET SLAVE ALL'
	verdict replication.not_configured down    note    down
	follow_as east
	replicate m1 "$(of m3 port)" west
	healthy
	verdict healthy                    up      up      up
	verdict healthy                    up      up      up      --channel=east
	verdict replication.not_configured down    note    down    --channel=north
	sql m1 "STOP SLAVE 'west'"
	verdict replication.io_stopped     down    75      down
	verdict replication.io_stopped     down    75      down    --channel=west
	verdict healthy                    up      up      up      --channel=east
	expect 1 '^DOWN: .*west.*\(replication\.io_stopped\)' 3 keepalived "${TARGET[@]}"
	[[ $output != *east* ]]
	node_kill m3
	sql m1 "STOP ALL SLAVES; RESET SLAVE 'east' ALL; RESET SLAVE 'west' ALL"
	follow
}

@test "no replication at all, and a node that is meant to be a master only" {
	sql m1 'STOP SLAVE; RESET SLAVE ALL'
	verdict replication.not_configured down    note    down
	verdict replication.not_configured note    note    note    --severity=replication.not_configured=note
	follow
}

@test "both directions of the pair" {
	together
	expect 1 '\(pair\.both_writable\).*2 of 2 nodes up' 3 plugin "${TARGET[@]}"
	sql m2 'SET GLOBAL read_only=ON'
	expect 0 '2 of 2 nodes up' 3 plugin "${TARGET[@]}"
	expect 0 '2 of 2 nodes up' 3 plugin "${TARGET[@]}" --write-ip=127.0.0.1
	sql m2 'STOP SLAVE'
	expect 2 '\(pair\.one_way\)' 3 plugin "${TARGET[@]}"
	expect 1 '\(pair\.one_way\)' 3 plugin "${TARGET[@]}" --min-up=1
	sql m2 'START SLAVE; SET GLOBAL read_only=OFF'
	wait_for 5 'm2 to replicate' expect 1 '\(pair\.both_writable\).*2 of 2 nodes up' 3 plugin "${TARGET[@]}"
	expect 2 '\(cluster\.several_write_holders\)' 3 plugin "${TARGET[@]}" --write-ip=127.0.0.1
	sql m1 'SET GLOBAL auto_increment_offset=1'
	expect 1 '\(pair\.autoincrement_collision\)' 3 plugin "${TARGET[@]}"
	sql m1 'SET GLOBAL auto_increment_offset=2'
}
together() {
	TARGET=(--mode=replication --defaults-file="$SERVERS/check.cnf" -H "127.0.0.1:$(of m1 port)" -H "127.0.0.1:$(of m2 port)")
}

@test "frozen" {
	LIMIT=1.2
	node_freeze m1
	verdict server.timeout             down    down    down    --timeout=0.3
	node_thaw m1
}
