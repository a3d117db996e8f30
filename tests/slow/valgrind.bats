#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The executables under valgrind, each way through them once: at a real Galera node, a real pair, and hostile servers. And the
# unit tests, in one process each.

BESIDE=valgrind
# shellcheck source=tests/lib/own_node.bash
source "$BATS_TEST_DIRNAME/../lib/own_node.bash"

setup_file() {
	load_library
	SERVER_OPTIONS+=(--max-connect-errors=1000000)
	one_node_start
	export BATS_TEST_TIMEOUT=300
	planted "$SERVERS/checkers"
	valgrind_begin "$SERVERS/under" "$SERVERS/checkers/planted" "$DBV_BIN"/../tests/unit/check_{core,app,ocf}
}

setup() {
	load_library
	one_node
	checked=("${as_check[@]}" --severity=server.response_time=note --timeout=30)
	plainly=("${at[@]}" "${checked[@]}" --ssl-mode=disabled)
}

# planted FOLDER: a program that does what must be found
planted() {
	mkdir "$1"
	cat >"$1/planted.c" <<-'END'
		#include <fcntl.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>
		static void *kept;
		int main(int argc, char **argv)
		{
			const char *what = argc > 1 ? argv[1] : "";
			if (strcmp(what, "lost") == 0)
				kept = malloc(3);
			if (strcmp(what, "kept") == 0 || strcmp(what, "lost") == 0)
				kept = strdup(what);
			if (strcmp(what, "open") == 0)
				open("/dev/null", O_RDONLY);
			if (strcmp(what, "wild") == 0)
				_exit(((volatile char *)malloc(1))[1] == 'x');
			_exit(0);
		}
	END
	cc -g -o "$1/planted" "$1/planted.c"
}

@test "what must be found, is" {
	local status what
	nothing_found 'nobody' | grep 'not under valgrind'
	under 0 - "$UNDER/planted"
	while read -r status what; do
		under "$status" - "$UNDER/planted" "$what" && { echo "$what is not found" && return 1; }
	done <<-END
		99 lost
		0 kept
		0 open
		99 wild
	END
	# What the caller left open is the caller's.
	under 0 - "$UNDER/planted" 9</dev/null
}

@test "the unit tests" {
	local program
	# They read tests/data from where make runs them.
	cd "$DBV_BIN/.."
	for program in core app ocf; do
		under 0 '100%: Checks: ' env CK_FORK=no "$UNDER/check_$program"
	done
}

@test "a node that is fit" {
	under 0 '^UP: ' keepalived "${plainly[@]}"
	under 102 '^UP: ' keepalived "${plainly[@]}" --role=promote --dynamic=100
	under 0 '^UP: ' keepalived "${at[@]}" "${checked[@]}" --ssl-mode=verify-ca --ssl-ca="$SERVERS/tls/ca.pem"
	under 0 '^UP: ' keepalived --host=localhost --port="$port" "${checked[@]}" --ssl-mode=disabled
	under 0 '^UP: ' keepalived --socket="$SERVERS/g1/socket" "${checked[@]}" --role=auto --write-ip=127.0.0.1
	under 0 '^UP: ' keepalived "${plainly[@]}" --role=write --canary=dbvitals.canary
	under 0 '^UP: ' keepalived "${plainly[@]}" --state-dir="$BATS_TEST_TMPDIR/states"
	under 0 '^DBVITALS OK' plugin "${plainly[@]}" -v --state-dir="$BATS_TEST_TMPDIR/states"
	under 0 '^DBVITALS OK' plugin "${plainly[@]}" -v --state-dir="$BATS_TEST_TMPDIR/states" -w recv_queue=:1 -c connections=95
	under 0 '"state":"up"' plugin "${plainly[@]}" --json
}

@test "a node that is not" {
	local down=$BATS_TEST_TMPDIR/down
	sql g1 'SET GLOBAL wsrep_desync=ON'
	under 1 'galera\.desynced' keepalived "${plainly[@]}"
	under 2 'galera\.desynced' plugin "${plainly[@]}" -v
	sql g1 'SET GLOBAL wsrep_desync=OFF; SET GLOBAL read_only=ON'
	under 1 'server\.read_only' keepalived "${plainly[@]}" --role=write --canary=dbvitals.canary
	sql g1 'SET GLOBAL read_only=OFF'
	under 1 'replication\.not_configured' keepalived "${plainly[@]}" --mode=replication
	touch "$down"
	under 1 'node\.maintenance' keepalived "${plainly[@]}" --maintenance-file="$down" --state-dir="$BATS_TEST_TMPDIR/states"
	under 1 'recover' keepalived "${plainly[@]}" --recover-after=3600 --state-dir="$BATS_TEST_TMPDIR/states"
	hold g1 'FLUSH TABLES WITH READ LOCK'
	behind g1 "INSERT INTO app.t (v) VALUES ('stuck')"
	wait_for 5 'a write that waits' expect 1 'server\.writes_blocked' 3 keepalived "${plainly[@]}" --role=write -c write_stall=0
	under 1 'server\.writes_blocked' keepalived "${plainly[@]}" --role=write -c write_stall=0
	under 1 'server\.writes_blocked' keepalived "${plainly[@]}" --role=write --canary=dbvitals.canary --canary-grace=0.2 --timeout=4 \
		-w write_stall=0:1000 -c write_stall=0:1000
}

@test "who is not let in, or not in time" {
	local account
	for account in wrong locked; do
		under 1 '^UNKNOWN: ' keepalived "${at[@]}" --defaults-file="$SERVERS/$account.cnf" --timeout=30 --ssl-mode=disabled
	done
	under 1 'server\.tls' keepalived "${at[@]}" "${checked[@]}" --ssl-mode=verify-ca --ssl-ca="$SERVERS/tls/other.pem"
	under 1 'server\.unreachable' keepalived --host="127.0.0.1:$(free_port)" "${checked[@]}"
	under 1 'server\.' keepalived --host=no-such-name.invalid "${checked[@]}" --timeout=4
	sessions g1 20
	under 1 '; judged through port ' keepalived "${plainly[@]}" --admin-port="$(of g1 extra_port)"
	under 1 'connections' keepalived "${plainly[@]}"
	end_sessions g1
	node_freeze g1
	under 1 'server\.timeout' keepalived "${plainly[@]}" --timeout=4
	under 2 'server\.timeout' plugin --host="127.0.0.1:$port" --host="127.0.0.2:$port" "${checked[@]}" --timeout=4
}

@test "several nodes" {
	local nodes=("127.0.0.1:$port" "127.0.0.2:$port" "127.0.0.1:$(free_port)")
	under 2 'up' plugin "${nodes[@]/#/--host=}" "${checked[@]}" --ssl-mode=disabled --min-up=3
	under 0 'up' tool status "${nodes[@]:0:2}" "${checked[@]}"
	under 1 'cluster\.' tool status "${nodes[@]}" "${checked[@]}" --ssl-mode=disabled --write-ip=127.0.0.1 -v
	under 1 '"nodes"' tool status "${nodes[@]}" "${checked[@]}" --ssl-mode=disabled --json
}

@test "there and back, and a replica" {
	local one other
	plain_start m1 1
	plain_start m2 2
	node_wait m1
	node_wait m2
	replicate m1 "$(of m2 port)"
	replicate m2 "$(of m1 port)"
	one=127.0.0.1:$(of m1 port) other=127.0.0.1:$(of m2 port)
	sql m1 "SET sql_log_bin=0; CREATE USER trip@'%' IDENTIFIED BY '$PASSWORD'; GRANT ALL ON *.* TO trip@'%'"
	sql m2 "SET sql_log_bin=0; CREATE USER trip@'%' IDENTIFIED BY '$PASSWORD'; GRANT ALL ON *.* TO trip@'%'"
	client_file trip trip "$PASSWORD"
	local trip=(tool roundtrip --schema=app --defaults-file="$SERVERS/trip.cnf" --ssl-mode=disabled)
	under 0 '^UP: ' keepalived --mode=replication --host="$one" "${checked[@]}" --ssl-mode=disabled --role=promote
	under 1 'pair\.both_writable' tool status --mode=replication "$one" "$other" "${checked[@]}" --ssl-mode=disabled
	under 0 - "${trip[@]}" --timeout=30 "$one" "$other"
	sql m2 'STOP SLAVE SQL_THREAD'
	under 1 'replication\.sql_stopped' keepalived --mode=replication --host="$other" "${checked[@]}" --ssl-mode=disabled
	under 2 - "${trip[@]}" --timeout=4 "$one" "$other"
	under 3 - "${trip[@]}" --timeout=4 "$one" "$one"
}

@test "without a server" {
	local captures=$BATS_TEST_DIRNAME/../data/captures
	under 0 - tool explain "$captures"/healthy-db1.{status,variables}.tsv
	under 2 - tool explain "$captures"/cut-db1-seen-from-db1.{status,variables}.tsv --json
	under 3 - tool explain "$captures/README.md"
	under 0 - tool checks galera.desynced
	under 0 - tool metrics
	under 0 - tool grants --canary=dbvitals.canary
	under 1 - keepalived --help
	under 1 'no-such' keepalived --no-such-option
	under 3 'METRIC|metric' plugin -w no_such_metric=3
	printf '[dbvitals]\nno-such-key=1\n' >"$BATS_TEST_TMPDIR/wrong.cnf"
	under 1 'no-such-key' keepalived --defaults-file="$BATS_TEST_TMPDIR/wrong.cnf"
}

@test "the self-test" {
	under 0 '^ok ' keepalived "${at[@]}" "${as_check[@]}" --self-test --timeout=60
	under 1 'WRONG server' keepalived --host="127.0.0.1:$(free_port)" "${as_check[@]}" --self-test --timeout=30
}

@test "hostile servers" {
	local name seconds options folder=$SERVERS/hostile
	mkdir "$folder"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=server.test \
		-keyout "$folder/server.key" -out "$folder/server.crt" 2>/dev/null
	cat "$folder"/server.{key,crt} >"$folder/server.pem"
	helper hostile "$BATS_TEST_DIRNAME/../hostile/hostile.py" "$folder"
	wait_for 20 'the hostile servers' test -e "$folder/ports"
	while read -r name seconds options; do
		# shellcheck disable=SC2086  # words
		under 1 '^(DOWN|UNKNOWN): ' keepalived --host="127.0.0.1:$(awk -v n="$name" '$1 == n { print $2 }' "$folder/ports")" \
			--user=check --timeout="$seconds" $options
	done <<-END
		never-accepts                 3
		drip-at-greeting              3
		garbage-at-greeting           9
		greeting-endless-version      9
		error-1040-at-greeting        9
		error-terrible-at-login       9
		switch-to-clear-password      9
		switch-for-ever               9
		sha2-hostile-key              9 --mode=replication
		tls-then-plain                9
		tls-alert                     9
		tls-silence-at-status         5 --ssl-mode=required
		reset-at-set                  9
		huge-header-at-variables      9
		endless-packet-at-processlist 9 --role=write
		error-in-rows-at-status       9
		terrible-everything           9 -v
		endless-rows-at-status        9
		endless-wide-rows-at-status   9
		columns-60000-at-status       9
		cells-2-63-at-status          9
		more-results-at-status        9
		file-at-status                9
		lying-session-state-at-status 9
		silence-at-status             3
		garbage-at-canary             9 --role=write --canary=dbvitals.canary
		last-of-many-channels         9 --mode=replication
		long-io-error                 9 --mode=replication
		columns-2-32-and-2-at-replica 9 --mode=replication
		silence-at-replica            3 --mode=replication
	END
	helper_end hostile
}
