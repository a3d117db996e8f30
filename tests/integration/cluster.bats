#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Both executables against three real Galera nodes: what only others can do to a node. In this
# order, each test goes on where the one before it ended.
#       CHECK                        READ    WRITE   PROMOTE
bats_require_minimum_version 1.8.0

setup_file() {
	export BATS_TEST_TIMEOUT=120
	load_library
	servers_begin
	galera_cluster_start
}

teardown_file() {
	load_library
	servers_end
}

load_library() {
	# shellcheck source=tests/lib/all.bash
	source "$BATS_TEST_DIRNAME/../lib/all.bash"
}

setup() { load_library; }

# on NODE: the rows that follow ask this node
on() { target --host="$(of "$1" address)" --port="$(of "$1" port)" --defaults-file="$SERVERS/check.cnf"; }
# together: what names all three
together() {
	TARGET=(--defaults-file="$SERVERS/check.cnf")
	local node
	for node in db1 db2 db3; do TARGET+=(-H "$(of "$node" address):$(of "$node" port)"); done
}
members() { [ "$(status "$1" wsrep_cluster_size)" = "$2" ]; }

@test "three healthy nodes" {
	local node
	for node in db1 db2 db3; do
		on "$node"
		verdict healthy                up      up      up
		verdict galera.members_missing –       –       –
	done
}

@test "all three at once, by the plugin and by the tool" {
	local table port
	port=$(of db1 port)
	together
	expect 0 "^DBVITALS OK - 3 of 3 nodes up \\| .*'127\\.0\\.0\\.12:$port::cluster_size'=3;;;0; " 3 plugin "${TARGET[@]}"
	[ "$(plugin "${TARGET[@]}" | grep -c ': up$')" = 3 ]
	table=$(tool status "${TARGET[@]:0:1}" 127.0.0.1{1,2,3}":$port")
	[ "$(wc -l <<<"$table")" = 5 ]
	[ "$(awk '{ print $2, $3, $5 }' <<<"$table")" = $'READ WRITE SIZE\nup up 3\nup up 3\nup up 3\nup  ' ]
	[ "$(grep -c '.\{81\}' <<<"$table")" = 0 ]
	[ "$(grep -c $'\033' <<<"$table")" = 0 ]
	tool status "${TARGET[@]}" --json | python3 -c 'import json, sys
answer = json.load(sys.stdin)
assert answer["state"] == "up" and len(answer["nodes"]) == 3 and answer["findings"] == [], answer
assert [n["state"] + n["write"]["state"] for n in answer["nodes"]] == ["upup"] * 3'
}

@test "README: the table of a cluster is what comes" {
	local wanted got
	together
	sql db2 'SET GLOBAL wsrep_desync=ON'
	# shellcheck disable=SC2016
	wanted=$(sed -n '/^```text$/,/^```$/p' "$BATS_TEST_DIRNAME/../../README.md" | grep -v '^```' | tr -s ' ')
	got=$(tool status "${TARGET[@]}" | sed -E 's/127\.0\.0\.1([123]):[0-9]+/db\1:3306/' | sed 's/ *$//' | tr -s ' ') || true
	[ -n "$wanted" ]
	diff -u <(echo "$wanted") <(echo "$got")
	sql db2 'SET GLOBAL wsrep_desync=OFF'
	node_wait db2
}

@test "64 at once take the time of the slowest" {
	local hosts=() number
	together
	for number in 1 2 3; do sql "db$number" 'SET GLOBAL max_connections=100'; done
	for number in {1..21}; do hosts+=("${TARGET[@]:1}"); done
	MEMORY_LIMIT_KIB=65536 expect 1 '64 nodes up|63 of 64 nodes up' 3 plugin "${TARGET[0]}" "${hosts[@]}" -H 127.0.0.11:1 --min-up=63
	helper silence python3 -c 'import socket, time; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], flush=True); time.sleep(60)'
	wait_for 5 'the silent port' test -s "$SERVERS/silence.out"
	MEMORY_LIMIT_KIB=65536 expect 1 '63 of 64 nodes up.*waited for the greeting \(server\.timeout\)' 1.4 plugin "${TARGET[0]}" "${hosts[@]}" \
		-H "127.0.0.1:$(<"$SERVERS/silence.out")" --timeout=1
	helper_end silence
	for number in 1 2 3; do sql "db$number" 'SET GLOBAL max_connections=20'; done
}

@test "a node nobody asked about; a majority by another measure" {
	together
	expect 1 '\(cluster\.member_unlisted\)' 3 plugin "${TARGET[@]:0:5}"
	expect 2 '\(cluster\.too_few\)' 3 plugin "${TARGET[@]}" -H 127.0.0.11:1 --min-up=4
}

@test "who answers at the write address" {
	local port
	port=$(of db1 port)
	together
	expect 2 '\(cluster\.write_ip_silent\)' 3 plugin "${TARGET[@]}" --write-ip=127.0.0.20
	proxy holder "127.0.0.20:$port" "127.0.0.11:$port"
	expect 0 '3 of 3 nodes up' 3 plugin "${TARGET[@]}" --write-ip=127.0.0.20
	tool status "${TARGET[@]}" --write-ip=127.0.0.20 | grep -Eqx "WRITE-IP +127\.0\.0\.20 -> 127\.0\.0\.11:$port"
	tool status "${TARGET[@]}" --write-ip=127.0.0.20 --json | grep -q "\"leads_to\":\"127.0.0.11:$port\""
	sql db1 'SET GLOBAL read_only=ON'
	expect 2 'leads to 127\.0\.0\.11:[0-9]+, which must not take writes \(cluster\.write_holder_unfit\)' 3 plugin "${TARGET[@]}" --write-ip=127.0.0.20
	sql db1 'SET GLOBAL read_only=OFF'
	helper_end holder
	proxy holder "127.0.0.20:$port" "127.0.0.11:$port" "127.0.0.12:$port"
	expect 2 '\(cluster\.several_write_holders\)' 3 plugin "${TARGET[@]}" --write-ip=127.0.0.20
	helper_end holder
	proxy holder "127.0.0.20:$port" "127.0.0.13:$port"
	expect 2 '\(cluster\.several_write_holders\)' 3 plugin "${TARGET[@]:0:5}" --write-ip=127.0.0.20
	helper_end holder
}

@test "there and back between two of them" {
	client_file trip trip "$PASSWORD"
	sql db1 "CREATE USER trip@'%' IDENTIFIED BY '$PASSWORD'; GRANT CREATE, DROP, INSERT, SELECT ON app.* TO trip@'%'"
	expect 0 'roundtrip .* in [0-9]+ ms' 3 tool roundtrip --schema=app --defaults-file="$SERVERS/trip.cnf" \
		"$(of db1 address):$(of db1 port)" "$(of db2 address):$(of db2 port)"
	wait_for 5 'the table to be gone everywhere' no_trip db3
}
no_trip() { [ -z "$(sql "$1" "SHOW TABLES FROM app LIKE 'dbvitals\\_roundtrip%'")" ]; }

@test "a frozen node, seen from the others: the group re-forms, then goes on with two" {
	node_freeze db3
	canaries db2 3>&- &
	local looks=$!
	on db3
	expect 1 '\(server\.timeout\)' 2 keepalived "${TARGET[@]}" --timeout=1
	together
	expect 1 '\(cluster\.member_missing\).*127\.0\.0\.13:[0-9]+ down: ' 3 plugin "${TARGET[@]}" --timeout=2
	# That lasts for about a second, which SHOW STATUS itself can sleep through: then db3 is
	# thrown out once more.
	on db1
	local seen='' try
	for try in 1 2 3; do
		if [ "$try" -gt 1 ]; then
			node_thaw db3
			wait_for 40 'db3 to be back' members db1 3
			node_wait db3 40
			node_freeze db3
		fi
		eviction
		[ -z "$seen" ] || break
	done
	[ "$seen" = ' read write promote' ]
	# Nothing tells of the eviction for the first five seconds of it, in which every commit
	# hangs.
	wait "$looks"
	cat "$SERVERS/canaries"
	run -1 grep -v -e '^UP: ' -e '^DEGRADED: ' "$SERVERS/canaries"
	grep -q '(server\.canary_slow)' "$SERVERS/canaries"
	grep -q 'DEGRADED: .*(limit 1 s).* (server\.writes_blocked)' "$SERVERS/canaries"
	verdict galera.members_missing note    note    note
	verdict galera.minority        –       –       –
	on db2
	verdict galera.members_missing note    note    note
}

# re_forming ROLE: the row galera.evs_not_operational
re_forming() {
	local -A weight=([read]=77 [write]=77 [promote]=52)
	expect "${weight[$1]}" '^DEGRADED: .*\(galera\.evs_not_operational\)' 3 keepalived "${TARGET[@]}" --role="$1" --dynamic=100
}

# canaries NODE: what its holder is until db3 is thrown out, with a commit of its own in every look
canaries() {
	local until=$((SECONDS + 20))
	on "$1"
	until members "$1" 2 || [ "$SECONDS" -ge "$until" ]; do
		keepalived "${TARGET[@]}" --role=write --canary=dbvitals.canary --canary-grace=1 --timeout=1.5 || :
	done >"$SERVERS/canaries"
}

# eviction: until db3 is thrown out, every role at every look says that all is well or that the
# group re-forms, with the weight of its row; a round in which all three said the latter is noted in
# $seen.
eviction() {
	local until=$((SECONDS + 20)) role round
	until members db1 2; do
		[ "$SECONDS" -lt "$until" ]
		round=
		for role in read write promote; do
			if re_forming "$role" >/dev/null; then
				round+=" $role"
			else
				# Another look, before or after that second.
				expect 102 '^UP: ' 3 keepalived "${TARGET[@]}" --role="$role" --dynamic=100 || re_forming "$role"
			fi
		done
		[ "$round" != ' read write promote' ] || seen=$round
	done
}

@test "thawed, it joins again" {
	node_thaw db3
	# For some seconds it tells of the old view.
	together
	wait_for 40 'one view again' one_view
	node_wait db3 40
	on db3
	verdict healthy                up      up      up
}
one_view() {
	plugin "${TARGET[@]}" >"$BATS_TEST_TMPDIR/said" || true
	if grep '^DBVITALS CRITICAL' "$BATS_TEST_TMPDIR/said"; then exit 1; fi
	members db1 3
}

@test "one node pauses the others: flow control as the share of the time since the last look" {
	local states=$BATS_TEST_TMPDIR/states rows
	sql db3 "SET GLOBAL wsrep_provider_options='gcs.fc_limit=1'"
	on db1
	expect 0 '^UP: ' 3 keepalived "${TARGET[@]}" --state-dir="$states"
	hold db3 'LOCK TABLES app.t READ'
	rows=$(printf "INSERT INTO app.t (v) VALUES ('paused %s');" {1..200})
	behind db1 "$rows"
	wait_for 10 'db3 to ask for a pause' pausing db3
	verdict galera.flow_control_active    note    note    note   -w 'flow_control=~:'
	wait_for 5 'half of the time paused' expect 77 'flow_control is [0-9.]+ % \(limit 25 %\) over the last [0-9.]+ s \(galera\.flow_control\)' 3 \
		keepalived "${TARGET[@]}" --state-dir="$states" --dynamic=100
	on db3
	verdict galera.flow_control_requested 50      note    25     -w 'flow_control=~:' -w 'recv_queue=~:'
	release db3
	wait_for 10 'the pause to end' pause_over db3
	on db1
	wait_for 5 'a time without pauses' expect 0 '^UP: ' 3 keepalived "${TARGET[@]}" --state-dir="$states" -w flow_control=0
	expect 0 '^DEGRADED: .*since FLUSH STATUS.*galera\.flow_control' 3 keepalived "${TARGET[@]}" -w flow_control=0
	sql db3 "SET GLOBAL wsrep_provider_options='gcs.fc_limit=16'"
}
pausing() { [ "$(status "$1" wsrep_flow_control_requested)" = true ]; }
pause_over() { [ "$(status "$1" wsrep_flow_control_requested)" = false ] && [ "$(status "$1" wsrep_local_recv_queue)" = 0 ]; }

@test "a node joins: its donor, while the copy is held up, and the joiner" {
	node_stop db3
	on db3
	verdict server.unreachable     down    down    down
	on db1
	verdict galera.members_missing note    note    note
	rm -rf "$SERVERS/db3/data"
	server_folder "$SERVERS/db3/data"
	node_start db3 --wsrep-sst-donor=db1
	sst_stop db1
	wait_for 5 'db1 to be the donor' donor db1
	verdict galera.donor           down    50      25
	on db2
	verdict galera.members_missing –       –       –
	verdict healthy                up      up      up
	on db3
	verdict server.unreachable     down    down    down
	on db1
	behind db1 "INSERT INTO app.t (v) VALUES ('during the copy')"
	wait_for 5 'a write to be stuck for a second' running_for db1 1 INSERT
	cell server.writes_blocked     25 --role=write "${TARGET[@]}" -w write_stall=0
	sst_go db1
	node_wait db3 40
	node_wait db1
	on db1
	verdict healthy                up      up      up
}
donor() { [ "$(status "$1" wsrep_local_state)" = 2 ]; }

@test "two of three killed: the last one cannot know who was cut off" {
	node_kill db2
	node_kill db3
	on db1
	wait_for 30 'db1 to be alone' cut_off db1
	verdict galera.non_primary     down    down    down
	verdict galera.not_ready       down    down    down
	verdict galera.initialized     down    down    down
	together
	expect 2 '\(cluster\.no_writer\).*\(cluster\.too_few\)' 3 plugin "${TARGET[@]}" --min-up=1
}
cut_off() { [ "$(status "$1" wsrep_cluster_status)" = non-Primary ]; }

@test "told to go on alone: it works, and is the last one" {
	sql db1 "SET GLOBAL wsrep_provider_options='pc.bootstrap=1'"
	node_wait db1
	on db1
	verdict galera.minority        note    75      25
	together
	expect 2 '\(cluster\.too_few\)' 3 plugin "${TARGET[@]}"
	expect 1 '\(cluster\.member_missing\)' 3 plugin "${TARGET[@]}" --min-up=1
}

@test "another one is told the same: two clusters" {
	galera_bootstrap db2
	together
	expect 2 '\(cluster\.split_brain\)' 3 plugin "${TARGET[@]}"
	tool status "${TARGET[@]}" | grep -q '^CLUSTER  *down'
}
