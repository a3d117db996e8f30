#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Many nodes looked at at once by one thread of the library: a real server with TLS under many
# names, beside hostile ones that freeze or fail before TLS, in it and behind it.

setup_file() {
	load_library
	export BATS_TEST_TIMEOUT=40
	servers_begin
	certificates "$SERVERS/tls"
	# With room in the backlog, or the kernel drops what comes at once and tries again after a second.
	plain_start m1 1 --max-connections=300 --back-log=300 --ssl-ca="$SERVERS/tls/ca.pem" --ssl-cert="$SERVERS/tls/server.pem" \
		--ssl-key="$SERVERS/tls/server.key"
	mkdir "$SERVERS/hostile"
	cat "$SERVERS/tls/server.key" "$SERVERS/tls/server.pem" >"$SERVERS/hostile/server.pem"
	helper hostile "$BATS_TEST_DIRNAME/../hostile/hostile.py" "$SERVERS/hostile"
	wait_for 20 'the hostile servers' test -e "$SERVERS/hostile/ports"
	node_wait m1
}

teardown_file() {
	load_library
	servers_end
}

load_library() {
	# shellcheck source=tests/lib/all.bash
	source "$BATS_TEST_DIRNAME/../lib/all.bash"
}

setup() {
	load_library
	real=127.0.0.1:$(of m1 port)
	report=$BATS_TEST_TMPDIR/report
	LATER=()
	# The machine's list of authorities costs more than all the rest.
	export SSL_CERT_FILE=/dev/null
}

# hostile NAME: where it listens
hostile() { awk -v name="$1" '$1 == name { print "127.0.0.1:" $2 }' "$SERVERS/hostile/ports"; }

# times COUNT NODE: COUNT names for it
times() { yes "$2" | head -n "$1"; }

# look MILLISECONDS ARGUMENT...: at these nodes at once, in so much time; what came of it is in
# $report
look() {
	"${LATER[@]}" "$DBV_BIN/../tests/unit/look_at_many" "$1" user=check "password=$PASSWORD" "${@:2}" >"$report"
	cat "$report"
}

# each COUNT NODE EXPRESSION: so many lines are on NODE, and all of them match
each() {
	[ "$(grep -c "^$2 " "$report")" = "$1" ]
	[ "$(grep -Ec "^$2 $3" "$report")" = "$1" ]
}

# within MILLISECONDS: all were done by then; answered NODE MILLISECONDS: each of its answers was
# there by then
within() { awk -v most="$1" '$1 == "took" && $2 < most { good = 1 } END { exit !good }' "$report"; }
answered() { awk -v node="$1" -v most="$2" '$1 == node && !($3 < most) { exit 1 }' "$report"; }

@test "many: 64 nodes take about the time of the slowest, with TLS and without" {
	local tls
	for tls in disabled required verify-ca; do
		mapfile -t nodes < <(times 64 "$real")
		look 5000 mode=replication role=write ssl-mode=$tls ssl-ca="$SERVERS/tls/ca.pem" "${nodes[@]}"
		each 64 "$real" 'up [0-9]+ '
		within 2000
	done
}

@test "many: nodes frozen before TLS, in it or behind it cost the others no time" {
	local name frozen=()
	for name in silence-at-greeting tls-silence tls-drip tls-silence-at-login tls-silence-at-set; do
		mapfile -t -O ${#frozen[@]} frozen < <(times 8 "$(hostile "$name")")
	done
	mapfile -t nodes < <(times 24 "$real")
	look 3000 mode=replication role=write "${frozen[@]}" "${nodes[@]}"
	each 24 "$real" 'up [0-9]+ '
	answered "$real" 1500
	each 8 "$(hostile silence-at-greeting)"  'down - server\.timeout .*the greeting$'
	each 8 "$(hostile tls-silence)"          'down - server\.timeout .*the TLS handshake$'
	each 8 "$(hostile tls-drip)"             'down - server\.timeout .*the TLS handshake$'
	each 8 "$(hostile tls-silence-at-login)" 'down - server\.timeout .*the login$'
	each 8 "$(hostile tls-silence-at-set)"   'down - server\.timeout .*SET SESSION'
	within 4000
}

@test "many: what goes wrong in one node's TLS is not taken for another's" {
	local slow broken
	slow=$(hostile tls-slow-enough)
	broken=$(hostile tls-late-close)
	mapfile -t nodes < <(times 4 "$slow" && times 4 "$broken" && times 4 "$slow")
	look 5000 mode=galera "${nodes[@]}"
	each 8 "$slow" 'up [0-9]+ '
	each 4 "$broken" 'down - server\.unreachable '
}

@test "many: TLS through a socket" {
	look 3000 mode=replication role=write socket="$SERVERS/m1/socket" ssl-mode=required "$real"
	each 1 "$SERVERS/m1/socket" 'up [0-9]+ '
}

@test "many: a node frozen in TLS behind a socket, also where the greeting comes before it is asked for" {
	local socket=$SERVERS/frozen.socket
	helper frozen python3 "$BATS_TEST_DIRNAME/../lib/proxy.py" "$socket" "$(hostile tls-silence | cut -d: -f2)"
	wait_for 5 'the relay' test -S "$socket"
	look 1000 socket="$socket" ssl-mode=required x
	each 1 "$socket" 'down - server\.timeout .*the TLS handshake$'
	within 1600
	LATER=(env ASAN_OPTIONS=detect_leaks=0 strace -qq -o "$BATS_TEST_TMPDIR/trace" -e inject=recvfrom:delay_enter=100000)
	look 1000 socket="$socket" ssl-mode=required x
	each 1 "$socket" 'down - server\.timeout .*the TLS handshake$'
	within 2600
}

@test "many: more nodes than descriptors" {
	mapfile -t nodes < <(times 64 "$real")
	ulimit -S -n 40
	look 3000 mode=replication role=write ssl-mode=disabled "${nodes[@]}"
	each 64 "$real" '(up|unknown - node\.checker_failed) '
	within 2000
}

@test "many: at the write address a certificate must name it, or nobody knows whom it leads to" {
	local port
	port=$(of m1 port)
	target --defaults-file="$SERVERS/check.cnf" --mode=replication --severity=replication.not_configured=note -H "$real" -H "localhost:$port" \
		--ssl-ca="$SERVERS/tls/ca.pem"
	proxy holder "127.0.0.20:$port" "$real"
	expect 1 '127\.0\.0\.20:[0-9]+ leads to is not known: .*[Cc]ertificate.*\(cluster\.write_ip_unknown\)' 3 \
		plugin "${TARGET[@]}" --write-ip=127.0.0.20 --ssl-mode=verify-identity
	expect 1 'WARNING - 127.*pair\.same_server_id' 3 plugin "${TARGET[@]}" --write-ip=127.0.0.20 --ssl-mode=verify-ca
	[[ $output != *write_ip_unknown* ]]
	expect 1 'WARNING - 127.*pair\.same_server_id' 3 plugin "${TARGET[@]}" --write-ip=127.0.0.1 --ssl-mode=verify-identity
	[[ $output != *write_ip_unknown* ]]
	helper_end holder
}

@test "many: 200 nodes of which one is frozen: the answer is whole, and in time" {
	local silent hosts
	silent=$(hostile silence-at-greeting)
	mapfile -t hosts < <(times 199 "$real")
	MEMORY_LIMIT_KIB=98304 expect 2 - 2.15 tool status --defaults-file="$SERVERS/check.cnf" --mode=replication --ssl-mode=disabled \
		--severity=replication.not_configured=note --min-up=200 --timeout=2 --state-dir="$BATS_TEST_TMPDIR/states" --json \
		"$silent" "${hosts[@]}"
	python3 -c 'import json, sys
answer = json.load(sys.stdin)
states = [node["state"] for node in answer["nodes"]]
assert states == ["down"] + ["up"] * 199, [n["findings"] for n in answer["nodes"][1:] if n["state"] != "up"]
assert answer["elapsed_ms"] < 2000, answer["elapsed_ms"]
assert "waited for the greeting" in answer["nodes"][0]["findings"][0]["message"], answer["nodes"][0]' <<<"$output"
	[ -n "$(find "$BATS_TEST_TMPDIR/states" -type f)" ]
}
