#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# As injected.bats, what writes at a server, and the self-test: a round trip, the canary, read_only by the agents.
# shellcheck disable=SC2030,SC2031  # each test has its own status and output

BESIDE=injected
# shellcheck source=tests/lib/own_node.bash
source "$BATS_TEST_DIRNAME/../lib/own_node.bash"

setup_file() {
	load_library
	SERVER_OPTIONS+=(--max-connect-errors=1000000)
	one_node_start
	pair_start
	export BATS_TEST_TIMEOUT=${INJECT_SECONDS:-120}
	inject_begin "$SERVERS"
}

# pair_start: m1 and m2, each the other's replica, with an account that may do all
pair_start() {
	local node
	plain_start m1 1 --bind-address=127.0.0.1,127.0.0.2
	plain_start m2 2
	client_file agent agent "$PASSWORD"
	for node in m1 m2; do
		node_wait "$node"
		sql "$node" "SET sql_log_bin=0; CREATE USER agent IDENTIFIED BY '$PASSWORD'; GRANT ALL ON *.* TO agent"
	done
	replicate m1 "$(of m2 port)"
	replicate m2 "$(of m1 port)"
}

setup() {
	load_library
	one_node
	as_check+=(--severity=server.response_time=note --ssl-mode=disabled ${SANITIZED:+--timeout=8})
	keepalived=("$DBV_BIN/dbvitals-keepalived" "${at[@]}" "${as_check[@]}")
	trip=("$DBV_BIN/dbvitals" roundtrip --schema=app --defaults-file="$SERVERS/agent.cnf" --ssl-mode=disabled)
	one=127.0.0.1:$(of m1 port)
	other=127.0.0.1:$(of m2 port)
	SOME='memory calls' FEW=calls
	[ -n "$SITES" ] || { SOME='memory calls interrupts' && FEW=$SOME; }
}

teardown() {
	sql m1 'SET GLOBAL read_only=0'
	sql m2 'SET GLOBAL read_only=0; START SLAVE'
	one_node_restore
}

# nothing_left: what the last trip made is gone, or it was told that it may not be; and its success was one
nothing_left() {
	[ "$status" != 0 ] || [[ $output =~ 'roundtrip '.*' in '[0-9]+' ms' ]] || return
	[[ $output != *'left behind'* && $output != *'ended by a signal'* ]] || return 0
	[ -z "$(tables m1)" ] || { echo 'a table is left' && return 1; }
}
tables() { sql "$1" "SHOW TABLES FROM app LIKE 'dbvitals%'"; }
forget_tables() {
	local table
	for table in $(tables m1); do sql m1 "DROP TABLE IF EXISTS app.$table"; done
	for table in $(tables m2); do sql m2 "SET sql_log_bin=0; DROP TABLE IF EXISTS app.$table"; done
}

@test "there and back" {
	BEFORE=forget_tables AFTER=nothing_left
	sweep '0|2|3' "$SOME" "${trip[@]}" --timeout=2 "$one" "$other"
}

@test "not there, or not back" {
	AFTER=nothing_left
	sql m2 'SET GLOBAL read_only=ON'
	client_file trip trip "$PASSWORD"
	sql m2 "SET sql_log_bin=0; CREATE USER trip IDENTIFIED BY '$PASSWORD'; GRANT SLAVE MONITOR ON *.* TO trip; GRANT ALL ON app.* TO trip"
	sql m1 "SET sql_log_bin=0; CREATE USER trip IDENTIFIED BY '$PASSWORD'; GRANT SLAVE MONITOR ON *.* TO trip; GRANT ALL ON app.* TO trip"
	sweep '3|2' "$SOME" "${trip[@]}" --defaults-file="$SERVERS/trip.cnf" --timeout=2 "$one" "$other"
	sql m2 'SET GLOBAL read_only=OFF; STOP SLAVE SQL_THREAD'
	BEFORE=forget_tables
	sweep '2|3' "$FEW" "${trip[@]}" --timeout=0.6 "$one" "$other"
}

@test "the canary" {
	sweep '102|1' "$SOME" "${keepalived[@]}" --dynamic=100 --role=write --canary=dbvitals.canary
	sql g1 'RENAME TABLE dbvitals.canary TO dbvitals.gone'
	sweep '52|1' "$SOME" "${keepalived[@]}" --dynamic=100 --role=write --canary=dbvitals.canary
	sql g1 'RENAME TABLE dbvitals.gone TO dbvitals.canary'
}

@test "a canary that does not come back" {
	hold g1 'FLUSH TABLES WITH READ LOCK'
	# shellcheck disable=SC2034  # of sweep()
	BEFORE=no_canaries
	sweep 1 "$FEW" "${keepalived[@]}" --role=write --canary=dbvitals.canary --canary-grace=0.1 --timeout=0.6 -w write_stall=0:1000 \
		-c write_stall=0:1000
}
# no_canaries: what hangs is ended
no_canaries() {
	local number
	for number in $(sql g1 'SHOW PROCESSLIST' | awk '/dbvitals canary/ && !/PROCESSLIST/ { print $1 }'); do sql g1 "KILL $number" 2>/dev/null || true; done
}

# no_wrong: what is ready has nothing wrong, and its lines, where they could be written
no_wrong() { [ "$status" != 0 ] || [[ -z $output || $output != *WRONG* && $output == *'For keepalived.conf'* ]]; }

@test "the self-test" {
	# shellcheck disable=SC2034  # of sweep()
	AFTER=no_wrong
	# 127: the loader, which finds no memory for a library that knows the users.
	sweep '0|1|127' "$SOME" "${keepalived[@]}" --self-test
	sql g1 'SET GLOBAL wsrep_desync=ON'
	sweep '1|127' "$SOME" "${keepalived[@]}" --self-test
}

@test "write-ip that manages read_only" {
	mkdir "$SERVERS/host"
	unshare --net --mount -- "$BATS_TEST_DIRNAME/../inject/agents" "$SERVERS/host" replica write-ip
	# Nothing is applied.
	sql m1 'STOP SLAVE SQL_THREAD'
	unshare --net --mount -- "$BATS_TEST_DIRNAME/../inject/agents" "$SERVERS/host" broken write-ip
	sql m1 'START SLAVE'
}
