#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ocf:dbvitals:write-ip on a real cluster of three hosts, with a real Galera cluster and fencing: each fault from a healthy
# start, under load. tests/long/pacemaker.bats has the rest of them.

load ../lib/own_lab

setup_file() { lab_begin 120 galera galera && example_load pacemaker-galera.crm; }

@test "a killed server: the address moves" {
	prove_begin killed
	server_kill "$HOLDER"
	moved
	told "$HOLDER" down:server.unreachable
	prove_end
}

@test "a frozen server, then thawed: the address moves, and who waited in COMMIT is told" {
	prove_begin frozen
	server_freeze "$HOLDER"
	moved
	freed_within 1
	told "$HOLDER" down:server.timeout
	server_thaw "$HOLDER"
	told "$HOLDER" up
	prove_end
}

@test "a host that is cut off: fenced, and the address moves" {
	prove_begin cut
	cut_off "$HOLDER"
	moved
	fenced | grep -qx "$HOLDER"
	prove_end
}

@test "a server that rejects queries: the address moves" {
	prove_begin rejects
	reject_queries "$HOLDER" ALL
	moved
	told "$HOLDER" down:galera.rejects_queries
	prove_end
}

@test "all connections taken: the address does not move" {
	prove_begin crowded
	crowd "$HOLDER" 60
	told "$HOLDER" degraded:server.too_many_connections
	sleep 12
	held_by "$HOLDER"
	stays crowd_end
	prove_end
}

@test "a reader killed while the canary is on: the address does not move" {
	with_quorum crm_resource --resource write-ip --set-parameter canary --parameter-value dbvitals.canary
	prove_begin canary
	third=$(third)
	beats_before=$(beats)
	server_kill "$third"
	told "$third" down:server.unreachable
	stays wait_for 20 'the survivors to go on' wrote_since "$NAME-b" "$(now)"
	wait_for 10 'the canary to go on' beats_since "$beats_before"
	prove_end
	with_quorum crm_resource --resource write-ip --delete-parameter canary
}

beats() { mysql_sql "$HOLDER" 'SELECT SUM(beats) FROM dbvitals.canary'; }
beats_since() { [ "$(beats)" -gt "$1" ]; }

@test "corosync killed: fenced, and the address moves" {
	prove_begin corosync
	corosync_kill "$HOLDER"
	moved
	fenced | grep -qx "$HOLDER"
	prove_end
}
