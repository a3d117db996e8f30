#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ocf:dbvitals:write-ip on a real Galera cluster of three hosts: what can happen to the database servers, beside what
# tests/integration/pacemaker.bats proves.

load ../lib/own_lab

setup_file() {
	lab_begin 180 galera-long galera
	example_load pacemaker-galera.crm
}

@test "disk of the writer full: the others vote it out, and the address moves" {
	prove_begin full
	disk_fill "$HOLDER"
	moved
	told "$HOLDER" down:galera.not_connected
	prove_end
}

@test "a lock of the whole writer: the address stays for ten seconds, then moves" {
	prove_begin locked
	hold "$HOLDER" lock 'FLUSH TABLES WITH READ LOCK'
	told "$HOLDER" degraded:server.writes_blocked
	held_by "$HOLDER"
	moved
	[ "$(gap "$NAME-b" "$FAULT_AT" | awk '{ print ($1 > 10 && $1 < 15) }')" = 1 ]
	freed_within 1
	prove_end
}

@test "the writer is the donor of an rsync: writes wait for the copy, and the address moves when it takes ten seconds" {
	prove_begin rsync
	donate "$HOLDER" "$(third)" rsync
	donate_hold "$HOLDER"
	told "$HOLDER" degraded:server.writes_blocked
	held_by "$HOLDER"
	moved
	freed_within 1
	donate_go "$HOLDER"
	prove_end
}

@test "the writer is the donor of a mariabackup for longer than that: the address does not move" {
	prove_begin backup
	donate "$HOLDER" "$(third)" mariabackup
	donate_hold "$HOLDER"
	told "$HOLDER" degraded:galera.donor
	stays sleep 12
	donate_go "$HOLDER"
	stays wait_for 60 'the joiner' mysqld_serves "$(third)"
	prove_end
}

@test "the writer desynced: the address does not move" {
	prove_begin desynced
	desync "$HOLDER" ON
	stays told "$HOLDER" degraded:galera.desynced
	desync "$HOLDER" OFF
	stays told "$HOLDER" up
	prove_end
}

@test "a server stopped in good order: the address moves" {
	prove_begin stopped
	server_stop "$HOLDER"
	moved
	told "$HOLDER" down:server.unreachable
	prove_end
}
