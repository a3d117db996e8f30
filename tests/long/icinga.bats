#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
bats_require_minimum_version 1.5.0
# A real Icinga 2, by docs/examples/icinga2.conf, on a real node and a real replica.

load ../lib/monitoring

setup_file() {
	monitoring_begin
	plain_start m1 1
	plain_start m2 2
	node_wait m1
	node_wait m2
	replicate m2 "$(of m1 port)"
	icinga_start
}

@test "Icinga takes the example without a warning" {
	wait_for 10 'Icinga to check' grep -q "'checker' started" "$MONITOR/data/log"
	run ! grep -E 'warning/|critical/' "$SERVERS/icinga.out"
}

@test "Icinga: OK, CRITICAL, WARNING and UNKNOWN, with performance data" {
	story database-reads database-writes database-cluster
}

@test "Icinga: a replica's lag, and a socket in place of the host" {
	wait_for 10 'the replica' said database-lag OK ''
	[[ ${MEASURED[*]} == *'lag=0s;60;600'* ]]
	wait_for 10 'the socket' said 'by socket' OK ".*g1/socket may take reads"
	sql m2 'STOP SLAVE'
	wait_for 8 'the replica to be down' said database-lag CRITICAL '.*\(replication\.'
	sql m2 'START SLAVE'
	wait_for 8 'the replica to be up' said database-lag OK ''
}

# recorded SERVICE: its command line is that of standard input, in which PORT, OTHER and REPLICA are ports
recorded() {
	wait_for 10 "a run of $1" test -e "$MONITOR/recorded/$1"
	diff -u --label wanted <(sed "s,PORT,$(of g1 port),; s,OTHER,$(of g1 extra_port),; s,REPLICA,$(of m2 port),; s,MONITOR,$MONITOR,; s,SERVERS,$SERVERS," |
		LC_ALL=C sort -s -k1,1) "$MONITOR/recorded/$1"
}

@test "Icinga: lists, and a flag, become options; an address that is not there becomes none" {
	recorded lists <<-END
		--critical connections=95
		--critical flow_control=90
		--defaults-file MONITOR/client.cnf
		--host 127.0.0.1
		--host 127.0.0.2
		--min-up 1
		--port PORT
		--severity galera.sync_wait_off=ignore
		--severity galera.desynced=degraded
		--verbose
		--warning connections=80
		--warning cluster_size=3:
		--write-ip 127.0.0.2
	END
	wait_for 5 'lists' said lists WARNING '.*\(galera\.cluster_size\)'
	# No other server is judged in its place.
	wait_for 10 'a run of it' test -e "$MONITOR/recorded/no address"
	grep -qE '^no address.UNKNOWN..check_dbvitals: --host: host is empty' "$MONITOR"/perfdata/*
}

@test "Icinga: values, of a host that has an IPv6 address alone" {
	recorded values <<-END
		--admin-port OTHER
		--canary dbvitals.canary
		--canary-grace 5
		--defaults-file MONITOR/client.cnf
		--defaults-group-suffix _tests
		--host ::1
		--maintenance-file MONITOR/maintenance
		--max-disconnect 30
		--mode galera
		--port PORT
		--recover-after 0.500000
		--role write
		--severity galera.donor=degraded
		--ssl-mode disabled
		--state-dir MONITOR/states
		--timeout 20
		--user check
	END
	! has_ipv6 || wait_for 5 'values' said values OK '\[::1\]:[0-9]+ may take writes'
	# Its --timeout is beyond the command's, which its check_timeout has moved.
	node_freeze g1
	wait_for 50 'the end of --timeout' said values CRITICAL '.*\(server\.timeout\)'
	node_thaw g1
	wait_for 30 'values again' said values OK ''
	touch "$MONITOR/maintenance"
	wait_for 5 'the maintenance' said values CRITICAL '.*\(node\.maintenance\)'
}

@test "Icinga: files, and a socket" {
	recorded files <<-END
		--channel second
		--defaults-file MONITOR/client.cnf
		--mode replication
		--plugin-dir MONITOR
		--port REPLICA
		--socket SERVERS/m2/socket
		--ssl-ca MONITOR/ca
		--ssl-cert MONITOR/cert
		--ssl-key MONITOR/key
		--state-dir MONITOR/states
		--syslog
	END
	# Together they use all there is.
	diff <(grep -ohE '"--[a-z-]+' docs/examples/icinga2.conf | tr -d '"' | sort) \
		<(cat "$MONITOR"/recorded/* | cut -d' ' -f1 | sort -u)
}

@test "Icinga: each run ended as a plugin should" {
	run ! grep -hE 'Terminated|Timeout exceeded|Invalid' "$MONITOR"/perfdata/* "$MONITOR/data/log" "$SERVERS/icinga.out"
}
