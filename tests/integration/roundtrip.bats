#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# dbvitals roundtrip between m1 and m2, a real master/master pair, and back. m1 follows m2 through a
# relay. No test leaves a table behind, whatever happened in it.
# shellcheck disable=SC2030,SC2031  # each test has its own as_trip, set up afresh

setup_file() {
	load_library
	pair_start
	client_file trip trip "$PASSWORD"
	sql m1 "CREATE USER trip@'%' IDENTIFIED BY '$PASSWORD';
		GRANT SLAVE MONITOR ON *.* TO trip@'%'; GRANT CREATE, DROP, INSERT, SELECT ON app.* TO trip@'%'"
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
	one=127.0.0.1:$(of m1 port)
	other=127.0.0.1:$(of m2 port)
	as_trip=(--defaults-file="$SERVERS/trip.cnf")
	both_ways
}

teardown() {
	local node
	for node in m1 m2; do
		node_thaw "$node"
		sql "$node" 'SET GLOBAL read_only=OFF; SET GLOBAL gtid_strict_mode=OFF'
	done
	sql m2 'START SLAVE'
	pair_restore
	nothing_left
}

# both_ways: what m1 and m2 have said has reached the other
both_ways() { wait_for 5 'the pair to be in step' in_step m1 m2 && wait_for 5 'the pair to be in step' in_step m2 m1; }
in_step() {
	local said
	said=$(sql "$1" 'SELECT @@gtid_binlog_state')
	sql "$2" "SELECT MASTER_GTID_WAIT('$said', 1)" | grep -qx 0
}

# roundtrip EXIT TEXT SECONDS ARGUMENT...: TEXT knows no ends of lines
roundtrip() {
	expect "$1" - "$3" tool roundtrip --schema=app "${as_trip[@]}" "${@:4}" && says "$2" "$output"
}
says() {
	output=$(tr -s '\n ' ' ' <<<"$2")
	output=${output% }
	[[ $output =~ $1 ]] || { echo "no match for '$1': $2" && return 1; }
}

# tables NODE: what is there by the name that the tool gives
tables() { sql "$1" "SHOW TABLES FROM app LIKE 'dbvitals%'"; }
nothing_left() {
	both_ways
	[ -z "$(tables m1)$(tables m2)" ]
}

# unwritten COMMAND...: it writes nothing on either side
unwritten() {
	local before
	before=$(written)
	"$@" && [ "$(written)" = "$before" ]
}
written() { sql m1 'SELECT @@gtid_binlog_pos' && sql m2 'SELECT @@gtid_binlog_pos'; }

# refused TEXT SECONDS ARGUMENT...
refused() { unwritten roundtrip 3 "$@"; }

MS=' +[0-9]+ ms'

@test "there and back, from either side, with the time of each step" {
	roundtrip 0 "^made on $one$MS" 2 "$one" "$other"
	[[ $output =~ seen\ on\ $other$MS.*dropped\ on\ $other$MS.*gone\ on\ $one$MS ]]
	[[ $output =~ roundtrip\ $one\ -\>\ $other\ -\>\ $one\ in\ [0-9]+\ ms$ ]]
	nothing_left
	roundtrip 0 "roundtrip $other -> $one -> $other in" 2 --host="$other" --host="$one"
}

@test "what B does not apply: A -> B, and B -> A from the other side" {
	sql m2 'STOP SLAVE SQL_THREAD'
	roundtrip 2 "not seen on $other$MS.*$one -> $other does not replicate" 2 "$one" "$other" --timeout=2
	[[ $output == *replication.sql_stopped* && $output == *"dropped again on $one"* ]]
	[ -z "$(tables m1)" ]
	roundtrip 2 "dropped on $one$MS.*still on $other$MS.*$one -> $other does not replicate" 2 "$other" "$one" --timeout=2
	[[ $output == *replication.sql_stopped* && $output == *"dropped again on $other"* ]]
	[ -z "$(tables m2)$(tables m1)" ]
}

@test "what A does not hear of: B -> A" {
	sql m1 'STOP SLAVE IO_THREAD'
	roundtrip 2 "seen on $other$MS.*still on $one$MS.*$other -> $one does not replicate" 2 "$one" "$other" --timeout=2
	[[ $output == *replication.io_stopped* && $output == *"dropped again on $one"* ]]
}

@test "no replication at all" {
	sql m1 'STOP SLAVE; RESET SLAVE ALL'
	roundtrip 2 "$other -> $one does not replicate.*replication\\.not_configured" 2 "$one" "$other" --timeout=2
	follow
}

@test "a filter that no status shows as wrong" {
	sql m2 "STOP SLAVE; SET GLOBAL replicate_ignore_db='app'; START SLAVE"
	roundtrip 2 "$one -> $other does not replicate.*Replicate_Do_DB" 2 "$one" "$other" --timeout=2
	sql m2 "STOP SLAVE; SET GLOBAL replicate_ignore_db=''; START SLAVE"
}

@test "a node that is not writable" {
	sql m2 'SET GLOBAL read_only=ON'
	refused "^Refused: $other .*read_only is ON \\(server\\.read_only\\)" 2 "$one" "$other"
	refused "^Refused: $other .*read_only is ON \\(server\\.read_only\\)" 2 "$other" "$one"
}

@test "a node that cannot be reached, or does not answer" {
	refused 'server\.unreachable' 2 "$one" "127.0.0.1:$(free_port)"
	node_freeze m2
	roundtrip 3 '^Refused: .*server\.timeout' 2 "$one" "$other" --timeout=3
	node_thaw m2
	nothing_left
}

@test "one server, by two names" {
	refused '^Refused: .* one server' 2 "$one" "$one"
	refused '^Refused: .* one server' 2 "$one" "localhost:$(of m1 port)"
}

@test "sequence numbers that would clash" {
	sql m1 'SET GLOBAL gtid_domain_id=2; SET GLOBAL gtid_strict_mode=ON'
	refused '1950' 2 "$one" "$other"
	sql m1 'SET GLOBAL gtid_domain_id=1'
	roundtrip 0 'roundtrip .* in' 2 "$one" "$other"
}

@test "a schema that one side lacks" {
	sql m1 "CREATE DATABASE here; GRANT CREATE, DROP, INSERT, SELECT ON here.* TO trip@'%'"
	both_ways
	sql m2 'SET sql_log_bin=0; DROP DATABASE here'
	refused "^$other: Unknown database 'here' \\(error 1049\\)" 2 "$one" "$other" --schema=here
	refused "^$other: Unknown database 'here' \\(error 1049\\)" 2 "$other" "$one" --schema=here
	sql m1 'SET sql_log_bin=0; DROP DATABASE here'
}

@test "an account that may not" {
	as_trip=(--defaults-file="$SERVERS/check.cnf")
	refused "Access denied .*1044.*grants --schema=app" 2 "$one" "$other"
	as_trip=(--defaults-file="$SERVERS/trip.cnf")
	sql m1 "REVOKE CREATE ON app.* FROM trip@'%'"
	both_ways
	refused "not made on $one.*CREATE command denied.*1142.*grants --schema=app" 2 "$one" "$other"
	sql m1 "GRANT CREATE ON app.* TO trip@'%'"
}

@test "an account that may not drop on the other side" {
	sql m2 "SET sql_log_bin=0; REVOKE DROP ON app.* FROM trip@'%'"
	roundtrip 3 "not dropped on $other.*DROP command denied.*1142.*dropped again on $one" 2 "$one" "$other"
	sql m2 "SET sql_log_bin=0; GRANT DROP ON app.* TO trip@'%'"
}

@test "an account made by what dbvitals grants prints, and by nothing else" {
	local made=$SERVERS/grants.sql
	# Of the families this server's, and what belongs to all.
	tool grants --mode=replication --user=fresh --schema=app --canary=app.canary |
		awk '/^-- The checker/ { on = /MariaDB 10\.5/ } /^-- (The table|What)/ { on = 1 } on' >"$made"
	sql m1 "$(sed "s/change me/$PASSWORD/" "$made")"
	[ "$(sql m1 'SHOW GRANTS FOR fresh' | wc -l)" = 3 ]
	client_file fresh fresh "$PASSWORD"
	both_ways
	as_trip=(--defaults-file="$SERVERS/fresh.cnf")
	expect 0 '^DBVITALS OK' 2 plugin --host="$one" "${as_trip[@]}" --mode=replication --role=write --canary=app.canary -v
	[[ $output != *GRANT* && $output != *'not judged'* ]]
	[ "$(sql m1 'SELECT COUNT(*) FROM app.canary')" = 1 ]
	expect 0 "$one +up +up" 2 tool status "$one" "${as_trip[@]}" --mode=replication -v
	[[ $output != *GRANT* ]]
	roundtrip 0 'roundtrip .* in' 2 "$one" "$other"
	sql m1 'DROP USER fresh; DROP TABLE app.canary'
}

@test "the usage" {
	refused 'two servers' 2 "$one"
	refused 'two servers' 2 "$one" "$other" "$one"
	unwritten expect 3 'schema is wanted' 2 tool roundtrip "${as_trip[@]}" "$one" "$other"
	refused 'schema: letters' 2 "$one" "$other" --schema='app`; DROP'
	expect 0 'default: 10' 2 tool roundtrip --help
}

# started ARGUMENT...: in the background, as the process $!
started() { env -i "$DBV_BIN/dbvitals" roundtrip --schema=app "${as_trip[@]}" "$@" >"$SERVERS/said" 2>&1 </dev/null 3>&- & }

made() { grep -q "^made on $one" "$SERVERS/said"; }

# ended EXIT TEXT: it did, and said so
ended() {
	local got=0
	wait "$!" || got=$?
	[ "$got" = "$1" ] || echo "exit $got"
	says "$2" "$(<"$SERVERS/said")" && [ "$got" = "$1" ]
}

# remedy: the statement to run, from $output
# shellcheck disable=SC2016  # the backticks are SQL's
remedy() { grep -oE 'DROP TABLE IF EXISTS `app`\.`dbvitals_roundtrip_[0-9a-f_]+`;' <<<"$output"; }

@test "ended by a signal while it waits: cleaned up first" {
	local signal
	sql m2 'STOP SLAVE SQL_THREAD'
	for signal in TERM INT HUP; do
		started "$one" "$other"
		wait_for 5 'the table' made
		kill "-$signal" "$!"
		ended 3 "not seen on $other$MS.*Ended by a signal.*dropped again on $one"
		[ -z "$(tables m1)" ]
	done
}

@test "ended by a signal while a lock keeps it from making anything" {
	hold m1 'FLUSH TABLES WITH READ LOCK'
	started "$one" "$other" --timeout=20
	wait_for 5 'the statement to wait' running m1 'CREATE TABLE'
	kill -TERM "$!"
	wait_for 5 'it to clean up' running m1 'DROP TABLE'
	# What waited is gone, and cannot come after the drop.
	not_running m1 'CREATE TABLE'
	release m1
	ended 3 "not made on $one$MS.*Ended by a signal.*dropped again on $one"
}

not_running() { ! running "$@"; }

next_id() { echo "$(($(sql "$1" 'SELECT CONNECTION_ID()') + 1))"; }
# skip_to NODE NUMBER: its next session has this number, or a higher one
skip_to() { until [ "$(next_id "$1")" -ge "$2" ]; do :; done; }
sleepers() { [ "$(sql m2 'SHOW FULL PROCESSLIST' | grep -c 'DO SLEEP')" = "$1" ]; }
# came_in COUNT: so many have a session; asked by none, which would take one of their numbers
came_in() { [ "$(cat "$BATS_TEST_TMPDIR"/in.* | wc -l)" = "$1" ]; }

@test "where A moves to another server meanwhile: nobody else's session there is ended" {
	local number first pids=() moving
	moving=$(free_port)
	hold m1 'FLUSH TABLES WITH READ LOCK'
	proxy moving "127.0.0.1:$moving" "$one" "$one" "$other"
	skip_to m1 "$(($(next_id m2) + 10))"
	first=$(next_id m1)
	skip_to m2 "$first"
	for number in {1..8}; do
		mariadb --defaults-file="$SERVERS/trip.cnf" -h 127.0.0.1 -P "$(of m2 port)" -nN -e 'SELECT 1; DO SLEEP(30)' \
			>"$BATS_TEST_TMPDIR/in.$number" 3>&- &
		pids+=("$!")
	done
	wait_for 5 'the strangers' came_in 8
	started "127.0.0.1:$moving" "$other" --timeout=20
	wait_for 5 'the statement to wait' running m1 'CREATE TABLE'
	number=$(sql m1 'SHOW FULL PROCESSLIST' | awk '/CREATE TABLE/ && !/PROCESSLIST/ { print $1 }')
	sql m2 'SHOW FULL PROCESSLIST' | grep -q "^$number.*DO SLEEP"
	kill -TERM "$!"
	ended 3 "Ended by a signal"
	sleepers 8
	kill "${pids[@]}"
	wait_for 5 'what A was left with to end' not_running m1 'CREATE TABLE'
	release m1
	helper_end moving
}

@test "ended by a signal that leaves no time: what to do is said" {
	sql m2 'STOP SLAVE SQL_THREAD'
	started "$one" "$other"
	wait_for 5 'the table' made
	kill -QUIT "$!"
	ended 3 "ended by a signal.*May be left behind on $one or $other\\. Run there: DROP TABLE IF EXISTS"
	sql m1 "$(remedy)"
	[ -z "$(tables m1)" ]
}

@test "a lock of the whole server is not waited for" {
	hold m1 'FLUSH TABLES WITH READ LOCK'
	roundtrip 2 "not made on $one$MS.*error 1205.*PROCESSLIST" 2 "$one" "$other"
	release m1
}

@test "B freezes on the way" {
	sql m2 'STOP SLAVE SQL_THREAD'
	started "$one" "$other" --timeout=3
	wait_for 5 'the table' made
	node_freeze m2
	ended 2 "not seen on $other$MS.*$other: no answer in time.*dropped again on $one"
}

@test "A freezes on the way: what to do there is said" {
	sql m2 'STOP SLAVE SQL_THREAD'
	started "$one" "$other" --timeout=3
	wait_for 5 'the table' made
	node_freeze m1
	ended 2 "$one -> $other does not replicate.*May be left behind on $one "
	node_thaw m1
	sql m1 "$(remedy)"
	[ -z "$(tables m1)" ]
}

@test "no more than its time, even where that is little" {
	sql m2 'STOP SLAVE SQL_THREAD'
	roundtrip 2 'does not replicate' 1.2 "$one" "$other" --timeout=1
}

@test "A keeps the drop to itself: its other replicas hear of it all the same" {
	node_stop m1
	node_start m1 --log-slave-updates=OFF
	node_wait m1
	both_ways
	roundtrip 0 "roundtrip .* in .*dropped again on $one" 3 "$one" "$other"
	sql m1 'SHOW BINLOG EVENTS IN "bin.000002"' | grep -q 'DROP TABLE IF EXISTS .*dbvitals_roundtrip'
	node_stop m1
	node_start m1
	node_wait m1
}
