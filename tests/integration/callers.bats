#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What callers rely on, on one real Galera node: accounts, options, exit codes, formats, signals.
#       CHECK                        READ    WRITE   PROMOTE

# shellcheck source=tests/lib/own_node.bash
source "$BATS_TEST_DIRNAME/../lib/own_node.bash"

@test "what the account may not" {
	target "${at[@]}" --defaults-file="$SERVERS/noprivs.cnf"
	verdict server.processlist_partial –   note    note
	expect 0 'GRANT PROCESS ON \*\.\*' 3 keepalived "${TARGET[@]}" --role=write -v
}

@test "an account that is not let in" {
	target "${at[@]}" --defaults-file="$SERVERS/wrong.cnf"
	verdict server.access_denied   unknown unknown unknown
	target "${at[@]}" --defaults-file="$SERVERS/locked.cnf"
	verdict server.access_denied   unknown unknown unknown
	target "${at[@]}" --user=nobody-of-this-name
	verdict server.access_denied   unknown unknown unknown
	target "${at[@]}" --defaults-file="$SERVERS/wrong.cnf"
	expect 1 'UNKNOWN: .*1045' 3 keepalived "${TARGET[@]}"
	[[ $output != *not-the-password* ]]
}

@test "an account that is used up" {
	mariadb --no-defaults "${at[@]}" --user=single --password="$PASSWORD" -e 'SELECT SLEEP(30)' >/dev/null 2>&1 3>&- &
	wait_for 5 'a session' running g1 SLEEP
	target "${at[@]}" --defaults-file="$SERVERS/single.cnf"
	verdict server.account_limit   unknown unknown unknown
	sql g1 'KILL USER single'
}

@test "thresholds of one's own" {
	verdict galera.cluster_size    50      50      50   -w cluster_size=2:
	verdict galera.cluster_size    down    down    down -c cluster_size=2:
	verdict galera.cluster_size    up      up      up   -w cluster_size=1: -c cluster_size=1:
	verdict server.response_time   75      50      50   -w response_time=0
	verdict server.response_time   down    down    down -c response_time=0
	verdict server.response_time   note    note    note -c response_time=0 --severity=server.response_time=note
	expect 0 '^DEGRADED: .*not reported' 3 keepalived "${TARGET[@]}" -w 30
	expect 1 '^DBVITALS WARNING - .*not reported' 3 plugin "${TARGET[@]}" -c lag=30
}

@test "maintenance file" {
	local file=$SERVERS/maintenance
	verdict node.maintenance       –       –       –    --maintenance-file="$file"
	touch "$file"
	verdict node.maintenance       down    down    down --maintenance-file="$file"
	rm "$file"
	verdict healthy                up      up      up   --maintenance-file="$file"
}

@test "--dynamic: the weight of each state" {
	expect 3   '^UP: '       3 keepalived "${TARGET[@]}" --dynamic=1
	expect 255 '^UP: '       3 keepalived "${TARGET[@]}" --dynamic=253
	sql g1 'SET GLOBAL wsrep_desync=ON'
	expect 3   '^DEGRADED: ' 3 keepalived "${TARGET[@]}" --dynamic=1 --role=promote
	expect 191 '^DEGRADED: ' 3 keepalived "${TARGET[@]}" --dynamic=253 --role=write
	expect 1   '^DOWN: '     3 keepalived "${TARGET[@]}" --dynamic=253 --role=read
}

@test "JSON" {
	sql g1 'SET GLOBAL wsrep_desync=ON'
	expect 2 . 3 plugin "${TARGET[@]}" --json
	jq -e --argjson port "$port" '.schema == 1 and .state == "down" and .weight == 0 and .role == "read"
		and .node.host == "127.0.0.1" and .node.port == $port and .node.mode == "galera"
		and (.findings | map(select(.id == "galera.desynced" and .severity == "down")) | length == 1)
		and (.findings | all(.message and .remedy))
		and .metrics.cluster_size.value == 1 and (.metrics.response_time | .value > 0 and .unit == "ms")
		and (.not_judged | type == "array") and .elapsed_ms > 0' <<<"$output"
	expect 0 . 3 keepalived "${TARGET[@]}" --json --role=write
	jq -e '.state == "degraded" and .weight == 75' <<<"$output"
	expect 1 . 3 keepalived "${at[@]}" --defaults-file="$SERVERS/wrong.cnf" --json
	jq -e '.state == "unknown" and .weight == 0 and .findings[0].id == "server.access_denied"' <<<"$output"
}

@test "what Nagios parses" {
	local number='-?[0-9]+(\.[0-9]{1,3})?' range='(@?(~:|-?[0-9.]+:)?(-?[0-9.]+)?)'
	local item="[a-z_]+=(U|$number(s|ms|us|%|B|c)?);$range;$range;($number)?;($number)?"
	expect 0 "^DBVITALS OK - [^|]+ \\| $item( $item)*"$'($|\n)' 3 plugin "${TARGET[@]}" -w response_time=5000
	[[ $output == *response_time=*'ms;5000;;0;'* ]]
	[[ $output == *connections=*'%;90;;0;100'* ]]
	sql g1 'SET GLOBAL wsrep_desync=ON'
	expect 1 "^DBVITALS WARNING - [^|]+ \\| $item( $item)*"$'($|\n)' 3 plugin "${TARGET[@]}" --role=write
	expect 2 "^DBVITALS CRITICAL - [^|]+ \\| $item( $item)*"$'($|\n)' 3 plugin "${TARGET[@]}"
	expect 3 '^DBVITALS UNKNOWN - [^|]+' 3 plugin "${at[@]}" --defaults-file="$SERVERS/wrong.cnf"
}
@test "no descriptors to begin with" {
	local closed=(bash -c 'exec "$@" <&- >&- 2>&-' closed)
	expect 0   '^$' 3 "${closed[@]}" "$DBV_BIN/dbvitals-keepalived" "${TARGET[@]}"
	expect 102 '^$' 3 "${closed[@]}" "$DBV_BIN/dbvitals-keepalived" "${TARGET[@]}" --dynamic=100
	expect 0   '^$' 3 "${closed[@]}" "$DBV_BIN/check_dbvitals" "${TARGET[@]}"
	sql g1 'SET GLOBAL wsrep_desync=ON'
	expect 1   '^$' 3 "${closed[@]}" "$DBV_BIN/dbvitals-keepalived" "${TARGET[@]}"
	expect 2   '^$' 3 "${closed[@]}" "$DBV_BIN/check_dbvitals" "${TARGET[@]}"
}

@test "a signal while it waits never reads as healthy" {
	node_freeze g1
	local signal
	for signal in TERM INT HUP QUIT; do
		signalled "$signal" 1 dbvitals-keepalived
		signalled "$signal" 1 dbvitals-keepalived --dynamic=253
		signalled "$signal" '[23]' check_dbvitals
	done
}

# signalled SIGNAL EXIT PROGRAM ARGUMENT...: the program gets SIGNAL while the frozen node keeps it waiting
signalled() {
	local signal=$1 exit_code=$2 got=0 program
	env -i --default-signal "$DBV_BIN/$3" "${TARGET[@]}" "${@:4}" -t 20 </dev/null >/dev/null 2>&1 &
	program=$!
	wait_for 5 'a connection' connected "$program"
	kill "-$signal" "$program"
	wait "$program" || got=$?
	[[ $got =~ ^$exit_code$ ]] || { echo "SIG$signal: exit $got instead of $exit_code: ${*:3}" && return 1; }
}
connected() { ss -Htnp "dport = :$port" | grep -q "pid=$1,"; }
