#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Least privilege on MariaDB 10.5 and later: an account with what dbvitals grants prints does all that is asked of it, and with
# any privilege less it is lost what is said here. tests/long/oracle does the same on MySQL.
#       CHECK                        READ    WRITE   PROMOTE

setup_file() {
	load_library
	pair_start
	galera_start g1
}

teardown_file() {
	load_library
	servers_end
}

load_library() {
	# shellcheck source=tests/lib/pair.bash
	source "$BATS_TEST_DIRNAME/../lib/pair.bash"
	# shellcheck source=tests/lib/grants.bash
	source "$BATS_TEST_DIRNAME/../lib/grants.bash"
}
as_root() { sql "$@"; }

setup() {
	load_library
	mine=(--defaults-file="$SERVERS/least.cnf")
	on_g1=(--host=127.0.0.1 --port="$(of g1 port)" "${mine[@]}")
	on_m1=(--mode=replication --host=127.0.0.1 --port="$(of m1 port)" "${mine[@]}")
}
maria() { least "$1" 'MariaDB 10.5' "${@:2}"; }

# complete: nothing is left out, and no GRANT is asked for
complete() {
	verdict healthy                    up      up      up
	expect 0 '^DBVITALS OK' 3 plugin "${TARGET[@]}" --role=write -v
	[[ $output != *GRANT* && $output != *'not judged'* ]]
}

# shellcheck disable=SC2016  # the backticks are SQL's
has_process_alone() { [ "$(sql g1 'SHOW GRANTS FOR least' | sed 's/ IDENTIFIED.*//')" = 'GRANT PROCESS ON *.* TO `least`@`%`' ]; }

@test "a Galera node" {
	maria g1 --mode=galera
	has_process_alone
	target "${on_g1[@]}"
	complete
	without g1 'PROCESS ON *.*' verdict server.processlist_partial – note note
}

@test "a replica" {
	maria m1 --mode=replication
	target "${on_m1[@]}"
	complete
	without m1 'SLAVE MONITOR ON *.*' verdict server.privilege_missing unknown unknown unknown
	without m1 'PROCESS ON *.*' verdict server.processlist_partial – note note
}

@test "an account of a method that the client has in a plugin" {
	sql g1 "INSTALL SONAME 'auth_ed25519'; CREATE USER edward@'%' IDENTIFIED VIA ed25519 USING PASSWORD('$PASSWORD');
		GRANT PROCESS ON *.* TO edward@'%'"
	client_file edward edward "$PASSWORD"
	target --host=127.0.0.1 --port="$(of g1 port)" --defaults-file="$SERVERS/edward.cnf"
	expect 0 '^UP: '                      3 keepalived "${TARGET[@]}"
	mkdir "$BATS_TEST_TMPDIR/empty"
	expect 1 'server\.access_denied'      3 keepalived "${TARGET[@]}" --plugin-dir="$BATS_TEST_TMPDIR/empty"
	# Who needs no plugin needs no folder of them.
	target --host=127.0.0.1 --port="$(of g1 port)" --defaults-file="$SERVERS/check.cnf"
	expect 0 '^UP: '                      3 keepalived "${TARGET[@]}" --plugin-dir="$BATS_TEST_TMPDIR/empty"
}

@test "the extra port wants no privilege" {
	maria g1 --mode=galera --admin-port=1
	has_process_alone
	target --host=127.0.0.1 --port="$(of g1 extra_port)" "${mine[@]}"
	complete
}

@test "the canary" {
	local privilege canary=(--role=write --canary=dbvitals.canary)
	maria m1 --mode=replication --canary=dbvitals.canary
	expect 0 '^UP: ' 3 keepalived "${on_m1[@]}" "${canary[@]}"
	for privilege in INSERT UPDATE SELECT; do
		without m1 "$privilege ON dbvitals.canary" cell server.canary_unusable 50 "${on_m1[@]}" "${canary[@]}"
	done
	sql m1 'DROP TABLE dbvitals.canary'
}

# round TEXT: what roundtrip says, with ends of lines for blanks
round() {
	local said
	said=$(tool roundtrip --schema=trips "${mine[@]}" "127.0.0.1:$(of m1 port)" "127.0.0.1:$(of m2 port)" 2>&1 | tr -s '\n ' ' ')
	[[ $said =~ $1 ]] || { echo "no match for $1: $said" && return 1; }
}

@test "the round trip" {
	maria m1 --mode=replication --schema=trips
	wait_for 5 'the account on m2' tool status "127.0.0.1:$(of m2 port)" --mode=replication "${mine[@]}"
	round 'roundtrip .* in '
	without m1 'CREATE ON trips.*' round 'CREATE command denied.*1142.*grants --schema=trips'
	without m1 'INSERT ON trips.*' round 'INSERT.* command denied.*1142'
	without m1 'SELECT ON trips.*' round 'SELECT command denied.*1142'
	without m1 'DROP ON trips.*' round 'DROP command denied.*1142'
	[ "$(sql m1 'SHOW TABLES FROM trips')" != '' ]
	sql m1 'DROP DATABASE trips'
}

# manages WHAT TEXT: what an agent does to m1's server
manages() {
	local said
	said=$("$DBV_BIN/../tests/unit/manage" 1000 "$1" user=least "password=$PASSWORD" "127.0.0.1:$(of m1 port)")
	[[ $said =~ $2 ]] || { echo "$1: $said" && return 1; }
}

@test "switching read_only, and the end of the binary log" {
	maria m1 --mode=replication --manage-read-only
	manages on '^yes'
	manages off '^yes'
	manages position '^yes'
	without m1 'READ_ONLY ADMIN ON *.*' manages on '^no.*READ_ONLY ADMIN.*1227.*dbvitals grants --manage-read-only'
	without m1 'BINLOG MONITOR ON *.*' manages position '^no.*BINLOG MONITOR.*1227'
	target "${on_m1[@]}"
	complete
}

@test "and nothing else: no data, no settings but read_only, no sessions of others" {
	maria m1 --canary=dbvitals.canary --schema=dbvitals --manage-read-only
	may_not m1 'SELECT * FROM app.t' "INSERT INTO app.t (v) VALUES ('x')" 'CREATE TABLE app.u (i INT)' 'DROP TABLE app.t' \
		'SELECT * FROM mysql.user' 'SET GLOBAL max_connections=1' 'STOP SLAVE' "KILL $(sql m1 'SELECT MAX(id) FROM
		information_schema.processlist WHERE user = "copy"')" 'SHUTDOWN' 'FLUSH TABLES WITH READ LOCK' 'CREATE USER u' \
		'GRANT PROCESS ON *.* TO copy' "SELECT 1 INTO OUTFILE '/tmp/x'" "LOAD DATA INFILE '/etc/passwd' INTO TABLE dbvitals.canary" \
		'RESET MASTER' 'CREATE FUNCTION f RETURNS INT SONAME "f.so"'
	sql m1 'DROP DATABASE dbvitals'
}
