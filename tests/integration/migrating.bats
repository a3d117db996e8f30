#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# docs/migrating.md: what it says of other checks and of ours, side by side on the same servers; and the options of ours that it
# names.

setup_file() {
	load_library
	pair_start
	galera_start g1
	# Where every user may pass.
	install -m 0755 "$DBV_BIN/dbvitals-keepalived" "$SERVERS/dbvitals-keepalived"
	script >"$SERVERS/script"
	chmod 0755 "$SERVERS/script"
	free_port >"$SERVERS/http_port"
	helper http socat "TCP-LISTEN:$(<"$SERVERS/http_port"),bind=127.0.0.1,reuseaddr,fork" "EXEC:$SERVERS/script,nofork,stderr"
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

# block NUMBER: of what the page gives to a shell
block() { awk -v wanted="$1" '/^```sh$/ { number++; on = 1; next } /^```$/ { on = 0 } on && number == wanted' "$PAGE"; }
# script: the page's, for g1
script() {
	echo '#!/bin/sh'
	block 1 | sed "s,/usr/sbin/dbvitals-keepalived,$SERVERS/dbvitals-keepalived --defaults-file=\${FILE:-$SERVERS/check.cnf} -P $(of g1 port),"
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
	script=$("$SERVERS/script" </dev/null | tr -d '\r')
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

# asked REQUEST...: what the script says on a socket, and whether the connection ended as it should
asked() {
	local reply
	exec {connection}<>"/dev/tcp/127.0.0.1/$(<"$SERVERS/http_port")"
	# Each in a packet of its own.
	printf '%s' "$1" >&"$connection"
	[ $# = 1 ] || { sleep 0.1 && printf '%s' "$2" >&"$connection"; }
	reply=$(cat <&"$connection" 2>&1) || { echo "$reply" && return 1; }
	exec {connection}>&-
	[[ $reply == 'HTTP/1.1 200 OK'$'\r\n'*$'\r\n\r\n''UP: '* ]] || { echo "$reply" && return 1; }
}
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$(<"$SERVERS/http_port")"); }

@test "clustercheck's script takes the request, whole, in two or none, and ends the connection in peace" {
	local headers
	wait_for 5 'the socket' listens
	headers=$(printf 'X-Filler: %0900d\r\n' {1..9} && echo .)
	asked $'OPTIONS / HTTP/1.0\r\n\r\n'
	asked $'GET / HTTP/1.1\r\nHost: db1\r\n'"${headers%.}"$'\r\n'
	asked $'GET / HTTP/1.0\n\n'
	asked $'OPTIONS / HTT' $'P/1.0\r\nConnection: close\r\n\r\n'
	asked ''
}

# haproxy_says STATE: what HAProxy makes of g1
haproxy_says() {
	[ "$(echo 'show stat' | socat - "$SERVERS/haproxy.socket" | awk -F, '$1 == "db" && $2 == "g1" { print $18, $37, $38 }')" = "$1" ]
}

@test "clustercheck's script and HAProxy's httpchk" {
	local program
	program=$(PATH=$PATH:/usr/sbin type -P haproxy) || skip 'haproxy is not installed'
	cat >"$SERVERS/haproxy.cfg" <<-END
		global
		    stats socket $SERVERS/haproxy.socket
		defaults
		    mode tcp
		    timeout connect 5s
		    timeout client 5s
		    timeout server 5s
		    timeout check 5s
		listen db
		    bind 127.0.0.1:$(free_port)
		    option httpchk
		    server g1 127.0.0.1:$(of g1 port) check port $(<"$SERVERS/http_port") inter 100 rise 2 fall 2
	END
	helper haproxy "$program" -db -f "$SERVERS/haproxy.cfg"
	wait_for 10 'HAProxy to see it up' haproxy_says 'UP L7OK 200'
	sql g1 'SET GLOBAL wsrep_desync=ON'
	wait_for 10 'HAProxy to see it down' haproxy_says 'DOWN L7STS 503'
	sql g1 'SET GLOBAL wsrep_desync=OFF'
	wait_for 10 'HAProxy to see it up again' haproxy_says 'UP L7OK 200'
	helper_end haproxy
}

@test "clustercheck's user: the file that it may not read, and what the page tells to type" {
	[ "$EUID" -eq 0 ] || skip 'another user needs root'
	local said
	install -m 0600 "$SERVERS/check.cnf" "$SERVERS/client.cnf"
	# The page's user is not here, nor its folders.
	block 2 | sed "/^useradd/d; s/=clustercheck/=nogroup/g; s/--reuid=nogroup/--reuid=nobody/; s/-g clustercheck/-g nogroup/
		s, client.cnf, $SERVERS/client.cnf,; s,/etc/dbvitals,$SERVERS/etc,g; s,/usr/bin/clustercheck,$SERVERS/script," >"$SERVERS/typed"
	[ "$(grep -c . "$SERVERS/typed")" = 3 ]
	said=$(FILE=$SERVERS/etc/client.cnf bash -e "$SERVERS/typed" | tr -d '\r')
	[[ $said == 'HTTP/1.1 200 OK'*'UP: '* ]]
	chmod 0600 "$SERVERS/etc/client.cnf"
	said=$(FILE=$SERVERS/etc/client.cnf bash -e <(tail -n 1 "$SERVERS/typed") | tr -d '\r')
	[[ $said == 'HTTP/1.1 503 Service Unavailable'*$'\n\n'*"$SERVERS/etc/client.cnf: Permission denied" ]]
}

@test "clustercheck of Percona, and its maintenance mode" {
	local recorded=$BATS_TEST_DIRNAME/../data/documented/pxc-8.4 variables=$BATS_TEST_TMPDIR/variables mode role
	for mode in MAINTENANCE SHUTDOWN; do
		sed -E "s/^(pxc_maint_mode\t).*/\1$mode/" "$recorded.variables.tsv" >"$variables"
		for role in read write promote; do
			expect 0 '^up: ' 1 tool explain --role="$role" "$recorded.status.tsv" "$recorded.variables.tsv"
			expect 2 "^down: pxc_maint_mode is $mode \(galera\.pxc_maintenance\)" 1 tool explain --role="$role" "$recorded.status.tsv" "$variables"
		done
	done
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

# named HEADING: what the page's table of options names for it
named() {
	awk -v heading="## From $1" '/^## / { on = $0 == heading } on && /^\| state/ { exit } on && /^\| /' "$PAGE" | cut -d'|' -f2 |
		awk -F'`' '{ for (i = 2; i <= NF; i += 2) { sub(/[ =].*/, "", $i); print $i } }' | sort -u
}
same_names() { diff -u --label "the page's of $1" <(named "$1") --label "$1's" -; }

@test "every option of theirs is in the page, and none besides" {
	local check
	for check in clustercheck check_galera_cluster; do
		awk -F'\t' -v check="$check" '$1 == check { print $3 }' "$BATS_TEST_DIRNAME/../data/migrating.tsv" | sort -u | same_names "$check"
	done
	[ -x /usr/lib/nagios/plugins/check_mysql ] || skip 'monitoring-plugins-standard is not installed'
	/usr/lib/nagios/plugins/check_mysql --help | grep -oE '^ (-[a-zA-Z]|--extra-opts)' | tr -d ' ' | grep -vxE -e '-[hV]' | sort -u |
		same_names check_mysql
}
