#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# docs/migrating.md: what it says of other checks and of ours, side by side on the same servers; and the options of ours that it
# names.

setup_file() {
	load_library
	pair_start
	galera_start g1
	script >"$SERVERS/script"
	chmod +x "$SERVERS/script"
}

teardown_file() {
	load_library
	servers_end
}

load_library() {
	# shellcheck source=tests/lib/pair.bash
	source "$BATS_TEST_DIRNAME/../lib/pair.bash"
	PAGE=$BATS_TEST_DIRNAME/../../docs/migrating.md
}

setup() {
	load_library
	on_g1=(--host=127.0.0.1 --port="$(of g1 port)")
	on_m1=(--host=127.0.0.1 --port="$(of m1 port)")
}

teardown() {
	node_thaw g1
	node_thaw m1
	if node_runs g1; then sql g1 'SET GLOBAL wsrep_desync=OFF; SET GLOBAL read_only=OFF; SET GLOBAL wsrep_reject_queries=NONE'; fi
}

# script: the page's, for g1
script() {
	echo '#!/bin/sh'
	awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$PAGE" |
		sed "s,/usr/sbin/dbvitals-keepalived,$DBV_BIN/dbvitals-keepalived --defaults-file=$SERVERS/check.cnf -P $(of g1 port),"
}


# clustercheck EXPECTED_HTTP EXPECTED_EXIT [OPTION...]: what each says of g1; "hangs" for an answer that does not come in 4 s
clustercheck() {
	local theirs ours=0 script
	theirs=$(timeout 4 "$BATS_TEST_DIRNAME/../bench/clustercheck" --defaults-file="$SERVERS/${AS:-check}.cnf" "${on_g1[@]}" 2>/dev/null) ||
		[ "$?" != 124 ] || theirs='x hangs'
	[ "$(cut -d' ' -f2 <<<"$theirs")" = "$1" ]
	keepalived "${on_g1[@]}" --defaults-file="$SERVERS/${AS:-check}.cnf" "${@:3}" >/dev/null || ours=$?
	[ "$ours" = "$2" ]
	[ $# = 2 ] || return 0
	script=$("$SERVERS/script" | tr -d '\r')
	[ "$(head -n 1 <<<"$script")" = "$([ "$2" = 0 ] && echo 'HTTP/1.1 200 OK' || echo 'HTTP/1.1 503 Service Unavailable')" ]
	[ "$(sed '1,/^$/d' <<<"$script" | wc -c)" = "$(sed -n 's/^Content-Length: //p' <<<"$script")" ]
}

@test "clustercheck" {
	clustercheck 200 0
	sql g1 'SET GLOBAL wsrep_desync=ON'
	clustercheck 503 1
	clustercheck 503 0 --severity=galera.donor=degraded --severity=galera.desynced=degraded
	sql g1 'SET GLOBAL wsrep_desync=OFF'
	node_wait g1
	sql g1 'SET GLOBAL read_only=ON'
	clustercheck 200 0
	clustercheck 200 1 --role=write
	clustercheck 200 1 --severity=server.read_only=down
	sql g1 'SET GLOBAL read_only=OFF; SET GLOBAL wsrep_reject_queries=ALL'
	clustercheck 200 1
	sql g1 'SET GLOBAL wsrep_reject_queries=NONE'
	AS=wrong clustercheck 503 1 --role=read
	node_freeze g1
	clustercheck hangs 1
	node_thaw g1
	node_kill g1
	clustercheck 503 1
	touch "$SERVERS/clustercheck.disabled"
	galera_bootstrap g1
	clustercheck 200 1 --maintenance-file="$SERVERS/clustercheck.disabled"
}

# replica_checks EXPECTED_THEIRS EXPECTED_OURS [OPTION...]: of m1
replica_checks() {
	local theirs=0 ours=0 plugins=/usr/lib/nagios/plugins
	timeout 4 "$plugins/check_mysql" -H 127.0.0.1 -P "$(of m1 port)" -u "${ACCOUNT:-check}" -p "$PASSWORD" -S >/dev/null 2>&1 || theirs=$?
	plugin "${on_m1[@]}" --defaults-file="$SERVERS/${ACCOUNT:-check}.cnf" --mode=replication "${@:3}" >/dev/null || ours=$?
	[ "$theirs $ours" = "$1 $2" ] || { echo "$theirs $ours instead of $1 $2" && return 1; }
}
# with_tls EXPECTED_THEIRS EXPECTED_OURS: of m1, which has none
with_tls() {
	local theirs=0 ours=0
	/usr/lib/nagios/plugins/check_mysql -H 127.0.0.1 -P "$(of m1 port)" -u check -p "$PASSWORD" -l >/dev/null || theirs=$?
	plugin "${on_m1[@]}" --defaults-file="$SERVERS/check.cnf" --mode=replication --ssl-mode=required >/dev/null || ours=$?
	[ "$theirs $ours" = "$1 $2" ] || { echo "$theirs $ours instead of $1 $2" && return 1; }
}
runs_again() { wait_for 10 'replication' replica_checks 0 0; }

@test "check_mysql -S" {
	[ -x /usr/lib/nagios/plugins/check_mysql ] || skip 'monitoring-plugins-standard is not installed'
	runs_again
	sql m1 'STOP SLAVE IO_THREAD'
	replica_checks 2 2
	replica_checks 2 1 --role=write
	sql m1 'START SLAVE; STOP SLAVE SQL_THREAD'
	replica_checks 2 2
	sql m1 'START SLAVE'
	runs_again
	ACCOUNT=noprivs replica_checks 2 3
	ACCOUNT=locked replica_checks 2 3
	with_tls 0 3
	replicate m1 "$(of m2 port)" second
	wait_for 10 'the channel' replica_checks 0 0
	sql m1 "STOP SLAVE 'second'"
	# Both channels have one server id: the first comes back when the second is gone.
	wait_for 10 'the first channel' replica_checks 0 2
	sql m1 "RESET SLAVE 'second' ALL; STOP SLAVE; RESET SLAVE ALL"
	replica_checks 1 2
	replica_checks 1 0 --severity=replication.not_configured=note
	node_freeze m1
	replica_checks 124 2
}

@test "every option and check of ours that the page names is there" {
	local option check seen=0
	# The last column, and the words above and between the tables.
	while read -r option; do
		if [[ $(plugin --help) != *"$option="* && $(keepalived --help) != *"$option="* && $(plugin --help) != *"$option"$'\n'* &&
			$(keepalived --help) != *"$option"$'\n'* ]]; then
			echo "no option $option"
			return 1
		fi
		seen=$((seen + 1))
	done < <(sed -E 's/^\|.*\|([^|]*)\|$/\1/' "$PAGE" | grep -oE '`--[a-z-]+' | tr -d '`' | sort -u)
	[ "$seen" -ge 15 ]
	while read -r check; do
		tool checks "$check" >/dev/null || { echo "no check $check" && return 1; }
	done < <(grep -oE '(galera|server|replication|cluster)\.[a-z_]+' "$PAGE" | grep -v '\.md$' | sort -u)
	tool metrics cluster_size >/dev/null
	tool metrics flow_control >/dev/null
}
