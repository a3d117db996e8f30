#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The write address by keepalived alone: VRRP on three hosts with a real Galera cluster, docs/examples/keepalived-vrrp-script.conf
# as it stands, each fault from a healthy start, under load. tests/long/vrrp.bats shows what VRRP cannot promise.

load ../lib/own_lab

setup_file() { lab_begin 90 vrrp galera manager=keepalived && vrrp_load keepalived-vrrp-script.conf; }

@test "a degraded holder keeps it; killed, it goes to who is fit, and stays there when the others are well again" {
	prove_begin killed
	# The one with the highest priority, and the next: either would take it if it could.
	[ "$HOLDER $OTHER" = 'db1 db2' ]
	desync db1 ON
	reject_queries db2 ALL
	becomes db2 FAULT
	stays sleep 2
	server_kill db1
	moved
	becomes db1 FAULT
	reject_queries db2 NONE
	mysqld_start db1
	becomes db1 BACKUP
	becomes db2 BACKUP
	# Longer than a host with a higher priority would wait.
	sleep 4
	held_by db3
	# shellcheck disable=SC2046  # words
	[ "$(moves $(through_address))" = 'db1 db3' ]
	prove_end
}

@test "a frozen server: the address moves, and who waited in COMMIT is not told" {
	prove_begin frozen 7000
	server_freeze "$HOLDER"
	moved
	becomes "$HOLDER" FAULT
	unfreed 7
	server_thaw "$HOLDER"
	becomes "$HOLDER" BACKUP
	held_by_other "$HOLDER"
	prove_end
}

@test "a host that is cut off: the address moves, and is not on two hosts when the cables are back" {
	prove_begin cut
	cut_off "$HOLDER"
	moved
	mend "$HOLDER"
	becomes "$HOLDER" BACKUP
	held_by_other "$HOLDER"
	prove_end
}

@test "nobody is fit: the address is nowhere, and comes back with the first who is" {
	prove_begin nobody 2000
	for node in $(nodes); do reject_queries "$node" ALL; done
	nowhere
	for node in $(nodes); do becomes "$node" FAULT; done
	reject_queries "$(third)" NONE
	returns
	held_by "$(third)"
	prove_end
}
