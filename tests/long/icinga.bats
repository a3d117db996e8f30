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

@test "Icinga: each run ended as a plugin should" {
	run ! grep -hE 'Terminated|Timeout exceeded|Invalid' "$MONITOR"/perfdata/* "$MONITOR/data/log" "$SERVERS/icinga.out"
}
