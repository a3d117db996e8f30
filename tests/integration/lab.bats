#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The lab itself: it comes up, is fenced, heals, and leaves nothing behind.

setup_file() {
	export BATS_TEST_TIMEOUT=60
	DBVITALS_LAB=$(mktemp -u /tmp/dbvitals-lab.XXXXXX)
	export DBVITALS_LAB
}

setup() {
	source tests/lab/all.bash
	[ "$EUID" -eq 0 ] || skip 'a lab needs root'
}

teardown_file() {
	tests/lab/lab down
}

lab() { tests/lab/lab "$@" 3>&-; }

# traces: what a lab may have left: processes, mounts, interfaces, its folder
traces() {
	grep -lF -f <(echo "$LAB") /proc/[0-9]*/cmdline /proc/self/mounts 2>/dev/null || true
	ip -o link | grep -E 'db[123]-|m[12]-|app-|clients|cluster' || true
	ls -d "$LAB" 2>/dev/null || true
}

@test "all files of the lab can be sourced together: no function stands twice" {
	[ -z "$(sed -nE 's/^([a-z_]+)\(\).*/\1/p' tests/lab/*.bash | sort | uniq -d)" ]
}

@test "two hosts that acknowledge in the same interval are seen, in whatever order" {
	record() { echo "$BATS_TEST_TMPDIR/$1"; }
	told() { printf '%s\n' "${@:2}" >"$(record "$1")"; }
	told y 'open 1 2.0 2.1 db2' 'kept 1 2.2 2.3 db2'
	# It moved there, and back.
	told x 'open 1 1.0 1.1 db1' 'kept 1 1.2 1.3 db1' 'open 2 2.4 2.5 db1' 'kept 2 3.0 3.1 db1'
	[ "$(moves x y)" = 'db1 db2 db1' ]
	[ -z "$(sessions_overlap x y)" ]
	# A session that outlasts the move; one that begins before it and ends after.
	told x 'open 1 1.0 1.1 db1' 'kept 1 1.2 1.3 db1' 'kept 2 3.0 3.1 db1'
	[ "$(sessions_overlap x y)" = 'db1 acknowledged at 3.1 in a session of 1.1, db2 at 2.3' ]
	told x 'open 1 2.0 2.05 db1' 'kept 1 2.06 2.2 db1'
	[ "$(moves x y)" = 'db1 db2' ]
	[ "$(sessions_overlap x y)" = 'db2 acknowledged at 2.3 in a session of 2.1, db1 at 2.2' ]
}

@test "hosts come up, a second time at once, and leave nothing" {
	lab up hosts
	started=$(host_pid db2)
	lab up hosts
	[ "$(host_pid db2)" = "$started" ]
	lab on db1 ping -c 1 -W 2 "$GATEWAY"
	lab on db1 ping -c 1 -W 2 "$(cluster_address db3)"
	lab on app ping -c 1 -W 2 db2
	lab down
	[ -z "$(traces)" ]
}

@test "two labs side by side do not see each other" {
	lab up hosts
	DBVITALS_LAB=$LAB-other lab up hosts
	lab off db2
	lab down
	DBVITALS_LAB=$LAB-other lab on db1 ping -c 1 -W 2 db2
	DBVITALS_LAB=$LAB-other lab down
	[ -z "$(traces)" ]
}

@test "what a killed lab up has left goes, too" {
	setsid tests/lab/lab up galera >/dev/null 2>&1 3>&- &
	PAUSE=0.02 wait_for 20 'the second host' test -e "$LAB/db2/pid"
	kill -KILL -- "-$!"
	lab down
	[ -z "$(traces)" ]
}

@test "a Galera lab: a host that is cut off is fenced, comes back, and nothing is left" {
	lab up galera
	[ "$(online)" = 'db1 db2 db3' ]
	mysql_sql db1 "INSERT INTO app.rows (writer, number, server, filler) VALUES ('by hand', 1, 'db1', '')"
	cut_off db2
	wait_for 20 'db2 to be fenced' is_off db2
	wait_for 10 'the fencing to be known' test_fenced db2
	lab heal
	[ "$(mysql_sql db2 "SELECT COUNT(*) FROM app.rows WHERE writer = 'by hand'")" = 1 ]
	[ "$(online)" = 'db1 db2 db3' ]
	no_failures
	# What a failed transfer of state comes to: it lives, and is out for good.
	mysql_sql db3 "SET GLOBAL wsrep_cluster_address=''"
	gave_up db3
	mysqld_wait db3 && whole
	[ "$(mysql_sql db3 'SELECT @@wsrep_sst_donor')" = '' ]
	lab down
	[ -z "$(traces)" ]
}
test_fenced() { [ "$(fenced)" = "$1" ]; }

@test "a pair: each follows the other, and one that is off for a moment comes back once" {
	lab up pair
	mysql_sql m1 "INSERT INTO app.rows (writer, number, server, filler) VALUES ('by hand', 1, 'm1', '')"
	mysql_sql m2 "INSERT INTO app.rows (writer, number, server, filler) VALUES ('by hand', 2, 'm2', '')"
	for host in m1 m2; do wait_for 5 "both rows on $host" test_rows "$host"; done
	lab off m2
	lab start m2
	[ "$(online)" = 'm1 m2' ]
	[ "$(fenced)" = m2 ]
	lab down
	[ -z "$(traces)" ]
}
test_rows() { [ "$(mysql_sql "$1" 'SELECT COUNT(*) FROM app.rows')" = 2 ]; }
