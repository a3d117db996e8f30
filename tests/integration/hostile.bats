#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Servers that break the protocol, lie in it, or never finish; names that nobody resolves; addresses
# that cannot be: the real executables, over loopback. What is expected of each server is in
# tests/hostile/rows.
bats_require_minimum_version 1.8.0

export BATS_TEST_TIMEOUT=60
HOSTILE=$BATS_TEST_DIRNAME/../hostile
export SECRET=do-not-tell-anyone
BAIT='the content of a local file'

setup_file() {
	export FOLDER=$BATS_FILE_TMPDIR
	local name
	for name in server other; do
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$name.test" \
			-keyout "$FOLDER/$name.key" -out "$FOLDER/$name.crt" 2>"$FOLDER/openssl.log"
		cat "$FOLDER/$name.key" "$FOLDER/$name.crt" >"$FOLDER/$name.pem"
	done
	printf '[client]\nuser=monitor\npassword=%s\n' "$SECRET" >"$FOLDER/client.cnf"
	chmod 600 "$FOLDER"/*.key "$FOLDER"/*.pem "$FOLDER/client.cnf"
	"$HOSTILE/hostile.py" "$FOLDER" >"$FOLDER/log" 2>&1 3>&- &
	echo $! >"$FOLDER/pid"
	wait_for 20 "the hostile servers" test -e "$FOLDER/ports"
}

teardown_file() {
	kill "$(cat "$FOLDER/pid")"
}

# shellcheck source-path=SCRIPTDIR source=../lib/expect.bash
. "$BATS_TEST_DIRNAME/../lib/expect.bash"

port() {
	awk -v name="$1" '$1 == name { print $2 }' "$FOLDER/ports"
}

# rows SECTION: no row of the section disagrees.
rows() {
	"$HOSTILE/run-rows" "$FOLDER" "$1" 3>&-
}

# unusable TEXT OPTION...: what the caller asked for cannot be done, and the one line says what.
unusable() {
	local text=$1
	shift
	expect 1 "$text" 1 keepalived "$@"
	[ "$(wc -l <<<"$output")" = 1 ]
	expect 1 "$text" 1 keepalived --dynamic=100 "$@"
	expect 3 "$text" 1 plugin "$@"
}

@test "who answers without end takes nobody else's time" {
	local behaviour behaviours good
	behaviours=(endless-progress-at-{login,set,clock,variables,status,processlist} endless-rows-at-status tls-endless-rows)
	# Columns are ended by the limit of memory, which there is none of with sanitizers.
	[ -n "${SANITIZED:-}" ] || behaviours+=(endless-columns-at-variables)
	good=127.0.0.1:$(port good)
	for behaviour in "${behaviours[@]}"; do
		output=$(plugin --defaults-file="$FOLDER/client.cnf" -t 3 --json -H "$good" -H "127.0.0.1:$(port "$behaviour")") || true
		[ "$(grep -o '"port":[0-9]*,\|"role":"read","state":"[a-z]*"' <<<"$output" | paste -sd' ' | cut -d' ' -f2)" = \
			'"role":"read","state":"up"' ] || { echo "$behaviour: $output" && return 1; }
	done
}

# managed WHAT BEHAVIOUR TEXT: what an agent is told that changes something at such a server, or asks where its log ends; within
# its second
managed() {
	local answer took
	answer=$("$DBV_BIN/../tests/unit/manage" 1000 "$1" user=monitor "password=$SECRET" "127.0.0.1:$(port "$2")" 3>&-)
	took=${answer##*took }
	[[ $answer =~ ^no\ .*$3 && $answer != *"$SECRET"* && ($took -lt 1200 || -n ${SANITIZED:-}) ]] || { echo "$*: $answer" && return 1; }
}

@test "hostile: what the agents change" {
	local what name text failed=0
	while read -r what name text; do
		managed "$what" "$name" "$text" || failed=1
	done <<-'END'
		on       error-1040-at-set         read_only = 1: Too many connections
		off      error-1040-at-set         read_only = 0: Too many connections
		on       error-1047-at-set         WSREP has not yet prepared node
		position error-1047-at-set         WSREP has not yet prepared node
		on       error-zero-at-set         error 2000
		on       silence-at-set            no answer in time
		on       silence-at-clock          no answer in time
		on       silence-at-variables      no answer in time
		position silence-at-set            no answer in time
		on       close-at-set              error 2013
		on       garbage-at-set            error 2013
		on       close-at-clock            error 2013
		on       close-at-variables        error 2013
		on       garbage-at-variables      error 2013
		on       silence-at-greeting       no answer in time
		on       close-at-accept           error 20
		on       refused                   error 2002
	END
	[ "$failed" = 0 ]
}

# scripted WHAT SEED TEXT: what an agent makes of a server that says what is in a seed of tests/fuzz
scripted() {
	local node pid answer
	tail -n +2 "$FOLDER/seeds/talks/$2" >"$FOLDER/script"
	coproc node { exec "$DBV_BIN/../tests/long/script_node" 3>&-; }
	# shellcheck disable=SC2154  # by coproc
	pid=$node_PID
	echo "$FOLDER/script" >&"${node[1]}"
	read -r port <&"${node[0]}"
	answer=$("$DBV_BIN/../tests/unit/manage" 1000 "$1" user=monitor "password=$SECRET" "127.0.0.1:$port" 3>&-)
	echo end >&"${node[1]}" && wait "$pid"
	[[ $answer =~ ^$3 ]] || { echo "$*: $answer" && return 1; }
}

@test "hostile: what the agents are told, and what they are not" {
	local what seed text failed=0
	"$BATS_TEST_DIRNAME/../fuzz/seeds" "$FOLDER/seeds"
	while read -r what seed text; do
		scripted "$what" "$seed" "$text" || failed=1
	done <<-'END'
		on       pair-on                 yes
		off      pair-off                yes
		on       pair-more               yes
		off      pair-both               no .*rows that contradict each other
		position pair-position           yes 2:binlog.000001:325
		position pair-position-none      no .*writes no binary log
		position pair-position-of-nobody no .*is no position
		position pair-position-too-long  no .*is no position
	END
	[ "$failed" = 0 ]
}

@test "hostile: every behaviour has a row" {
	rows unasked
}

@test "hostile: good servers, and good servers that are slow or odd" {
	rows good
}

@test "hostile: before the greeting" {
	rows accept
}

@test "hostile: greetings" {
	rows greeting
}

@test "hostile: logins" {
	rows login
}

@test "hostile: TLS" {
	rows tls
}

@test "hostile: silence, drips and cuts at each statement" {
	rows statements
}

@test "hostile: statements refused" {
	rows refusals
}

@test "hostile: results of the wrong shape" {
	rows results
}

@test "hostile: the canary" {
	rows canary
}

@test "hostile: floods" {
	rows floods
}

@test "hostile: progress reports" {
	rows progress
}

@test "hostile: numbers that are none" {
	rows numbers
}

@test "hostile: words for on, off, Primary and Yes" {
	rows words
}

@test "hostile: text meant for terminals, logs and perfdata" {
	rows text
}

@test "hostile: names that resolve late, never, or to nothing" {
	mkdir "$BATS_TEST_TMPDIR/inside"
	cp "$FOLDER/client.cnf" "$BATS_TEST_TMPDIR/inside"
	"$HOSTILE/private-network" "$BATS_TEST_TMPDIR/inside" resolver \
		"$HOSTILE/run-rows" "$BATS_TEST_TMPDIR/inside" names 3>&-
}

@test "hostile: names without a name server" {
	mkdir "$BATS_TEST_TMPDIR/inside"
	cp "$FOLDER/client.cnf" "$BATS_TEST_TMPDIR/inside"
	"$HOSTILE/private-network" "$BATS_TEST_TMPDIR/inside" nobody \
		"$HOSTILE/run-rows" "$BATS_TEST_TMPDIR/inside" nameless 3>&-
}

@test "hostile: sockets that are not there, not sockets, or not listened to" {
	local path
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$BATS_TEST_TMPDIR/deaf"
	touch "$BATS_TEST_TMPDIR/file"
	for path in missing missing/under file deaf .; do
		path=$BATS_TEST_TMPDIR/$path
		expect 1 '^DOWN: .*\(server\.unreachable\)' 1 keepalived -S "$path" -t1
		expect 1 '^DOWN: .*\(server\.unreachable\)' 1 keepalived -S "$path" -t1 --dynamic=100
		expect 2 '^DBVITALS CRITICAL - .*' 1 plugin -S "$path" -t1
	done
}

@test "hostile: addresses that cannot be" {
	unusable 'host' -H ''
	unusable 'port' -H 127.0.0.1 -P 0
	unusable 'port' -H 127.0.0.1 -P 65536
	unusable 'port' -H 127.0.0.1 -P 3306x
	unusable 'port' -H 127.0.0.1 -P ''
	unusable 'port' -H 127.0.0.1 -P -1
	unusable 'port' -H 127.0.0.1:0
	unusable 'port' -H 127.0.0.1:65536
	unusable 'port' -H '[::1]:99999'
	unusable 'host' -H '[::1'
	unusable 'socket' -S ''
	unusable 'socket' -S "/$(printf 'x%.0s' {1..200})"
	unusable 'socket' -H 127.0.0.1 -S /run/mysqld/mysqld.sock
	unusable 'host' -H $'\e[31mred\n'
	unusable 'host' -H "$(printf 'x%.0s' {1..5000})"
}

@test "hostile: signals while waiting never read as healthy" {
	local signal code=0 pid pids=()
	for signal in TERM INT HUP QUIT ALRM USR1 USR2 PIPE XCPU SEGV ABRT; do
		"$DBV_BIN/dbvitals-keepalived" --dynamic=100 -H "127.0.0.1:$(port never-accepts)" -t1 >/dev/null 3>&- &
		pid=$!
		pids+=("$pid")
		(sleep 0.4 && kill -s "$signal" "$pid") 3>&- &
	done
	# Whether a signal ends it or is ignored: the server stays silent, and that is down.
	for pid in "${pids[@]}"; do
		code=0
		wait "$pid" || code=$?
		[ $code = 1 ]
	done
}

@test "hostile: no wait is so long that the kernel may end it noticeably late" {
	local trace=$BATS_TEST_TMPDIR/trace
	run -124 timeout 2.5 strace -qq -e trace=poll -o "$trace" "$DBV_BIN/check_dbvitals" --defaults-file="$FOLDER/client.cnf" \
		-t 3600 -H "127.0.0.1:$(port silence-at-greeting)"
	grep -q ', 1000) *= 0 (Timeout)' "$trace"
	run ! grep -E ', [0-9]{5,}\)' "$trace"
}

@test "hostile: closed or full descriptors neither change the answer nor reach the server" {
	local code name=good want=102
	for name in good silence-at-status; do
		code=0
		"$DBV_BIN/dbvitals-keepalived" --dynamic=100 -H "127.0.0.1:$(port $name)" -t1 \
			--defaults-file="$FOLDER/client.cnf" <&- >&- 2>&- || code=$?
		[ $code = $want ]
		code=0
		"$DBV_BIN/dbvitals-keepalived" --dynamic=100 -H "127.0.0.1:$(port $name)" -t1 \
			--defaults-file="$FOLDER/client.cnf" >/dev/full 2>&1 || code=$?
		[ $code = $want ]
		want=1
	done
}

@test "hostile: one descriptor is enough; without one, nothing of ours is loaded" {
	[ -z "${SANITIZED:-}" ] || skip "the sanitizers' runtime wants descriptors of its own"
	local limit code want
	while read -r limit want; do
		code=0
		sh -c "ulimit -n $limit"'; exec "$@"' sh \
			"$DBV_BIN/dbvitals-keepalived" --dynamic=100 -H "127.0.0.1:$(port good)" -t1 3>&- || code=$?
		[ $code = "$want" ]
	done <<-END
		4 102
		3 127
	END
}

@test "hostile: no server was sent a file, or the password in clear" {
	# Every row above has asked: the records are there.
	[ "$(find "$FOLDER/received" -type f | wc -l)" -gt 500 ]
	if grep -rlF -e "$SECRET" -e "$BAIT" "$FOLDER/received"; then
		return 1
	fi
}

@test "hostile: where TLS is required, a server without it is not even told the account" {
	[ -e "$FOLDER/received/without-tls" ] || return 0
	if grep -a -o monitor "$FOLDER/received/without-tls"; then
		return 1
	fi
}

@test "hostile: a careless client is caught by the same traps" {
	run mariadb --defaults-file="$FOLDER/client.cnf" --ssl=0 --local-infile=1 -h127.0.0.1 \
		-P"$(port switch-to-clear-password)" -e 'SHOW GLOBAL STATUS'
	grep -q "$SECRET" "$FOLDER/received/switch-to-clear-password"
	run mariadb --defaults-file="$FOLDER/client.cnf" --ssl=0 --local-infile=1 -h127.0.0.1 \
		-P"$(port file-at-status)" -e 'SHOW GLOBAL STATUS'
	grep -q "$BAIT" "$FOLDER/received/file-at-status"
}

@test "hostile: nothing was asked that the good servers do not know" {
	diff /dev/null "$FOLDER/unknown"
}

@test "hostile: the servers themselves never failed" {
	diff /dev/null "$FOLDER/log"
}
