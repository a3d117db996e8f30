#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ocf:dbvitals:write-ip on a real cluster of two hosts that replicate from each other: what can happen beside what
# tests/integration/pacemaker_pair.bats proves.

load ../lib/own_lab

setup_file() {
	lab_begin 180 pair-long pair
	example_load pacemaker-pair.crm
}

read_only() { mysql_sql "$1" 'SELECT @@read_only'; }

@test "standby of the writer under load: no row is lost" {
	prove_begin standby
	standby "$HOLDER"
	moved
	[ "$(read_only "$HOLDER")" = 1 ]
	prove_end
}

@test "the passive peer killed: the address does not move" {
	prove_begin passive
	server_kill "$OTHER"
	told "$OTHER" down:server.unreachable
	stays sleep 2
	[ "$(score "$HOLDER")" -ge 2000 ]
	mysqld_start "$OTHER"
	stays told "$OTHER" up
	prove_end
}

@test "the old writer comes back: no failback, read-only, and no second writer" {
	prove_begin returned
	server_kill "$HOLDER"
	moved
	mysqld_start "$HOLDER"
	told "$HOLDER" up
	wait_idle
	held_by "$OTHER"
	[ "$(read_only "$HOLDER") $(read_only "$OTHER")" = '1 0' ]
	# shellcheck disable=SC2046  # words
	[ "$(moves $(through_address))" = "$HOLDER $OTHER" ]
	wait_for 20 'writes to go on' wrote_since "$NAME-b" "$(now)"
	prove_end
}

@test "a threshold that cannot be read, then set right: the address does not move" {
	prove_begin malformed
	with_quorum crm --force resource param write-ip set warning nonsense
	told "$HOLDER" unknown:parameters
	told "$OTHER" unknown:parameters
	stays sleep 12
	[ "$(score "$HOLDER")" = 1 ]
	stays parameter_gone warning
	stays wait_for 30 'all nodes to be fit' healthy
	prove_end
}

@test "the writer frozen, then thawed: the address moves, and it comes back read-only" {
	prove_begin frozen
	server_freeze "$HOLDER"
	moved
	freed_within 1
	server_thaw "$HOLDER"
	told "$HOLDER" up
	[ "$(read_only "$HOLDER") $(read_only "$OTHER")" = '1 0' ]
	held_by "$OTHER"
	prove_end
}

@test "replication broken for longer than max_disconnect, then the writer killed: nowhere, until it is back" {
	parameter max_disconnect 5
	prove_begin broken
	sever "$OTHER"
	told "$OTHER" down:replication.io_connecting
	stays sleep 1
	server_kill "$HOLDER"
	nowhere
	told "$HOLDER" down:server.unreachable
	stays_nowhere 10
	mysqld_start "$HOLDER"
	returns
	held_by "$HOLDER"
	prove_end
	parameter_gone max_disconnect
}

@test "the same, and the writer's host is lost: nowhere, until somebody takes the loss as pacemaker.md says" {
	parameter max_disconnect 5
	prove_begin lost
	sever "$OTHER"
	told "$OTHER" down:replication.io_connecting
	power_off "$HOLDER"
	nowhere
	stays_nowhere 5
	parameter severity replication.io_connecting=degraded
	returns
	held_by "$OTHER"
	told "$OTHER" degraded:replication.io_connecting
	parameter_gone severity
	wait_for 20 'writes to go on' wrote_since "$NAME-b" "$(now)"
	prove_end
	parameter_gone max_disconnect
}
stays_nowhere() { local until=$((SECONDS + $1)); while [ "$SECONDS" -lt "$until" ]; do held_by '' || return; sleep 0.1; done; }

@test "the writer cut off from all, and the other wins: fenced, and the address moves" {
	win "$(holder)" 0s
	prove_begin cut
	cut_off "$HOLDER"
	moved
	fenced | grep -qx "$HOLDER"
	prove_end
	win
}

@test "both cut off from each other, and the writer wins: the other is fenced, and the address does not move" {
	win "$(holder)" 5s
	prove_begin split
	cut_off "$HOLDER" cluster
	stays wait_for 30 "$OTHER to be off" is_off "$OTHER"
	is_on "$HOLDER"
	stays sleep 2
	prove_end
	win
}

# win [HOST DELAY]: how long fencing of this host waits, 2 s for the other; without, none does
win() {
	local rival=m1
	[ $# -gt 0 ] || { with_quorum crm_resource --resource power --delete-parameter pcmk_delay_base && return; }
	[ "$1" != m1 ] || rival=m2
	with_quorum crm_resource --resource power --set-parameter pcmk_delay_base --parameter-value "$1:$2;$rival:2s"
}

@test "the fencing of the example: both cut off from each other, and the writer wins" {
	fencing_load
	prove_begin fencing
	cut_off "$HOLDER" cluster
	stays wait_for 40 "$OTHER to be off" is_off "$OTHER"
	is_on "$HOLDER"
	stays sleep 2
	prove_end
	example_load pacemaker-pair.crm
}
# fencing_load: docs/examples/pacemaker-fencing-pair.crm in place of the lab's own, by the lab's power switch
fencing_load() {
	sed -E 's/fence_ipmilan/fence_lab/; s/ip=[0-9.]+ lanplus=1 username=fence//; s/password_script=[^ ]+//' \
		"$LAB_TREE/docs/examples/pacemaker-fencing-pair.crm" | with_quorum crm --force configure load update -
	with_quorum crm --force resource stop power
	wait_idle
	with_quorum crm --force configure delete power
	wait_idle
}

# The server may give up at once. Else what it writes waits for space, and looks for it once a minute.
@test "disk of the writer full: the address moves" {
	prove_begin full
	disk_fill "$HOLDER"
	writer_start full-c "$WRITE_IP" 5 1000 20000
	moved
	writer_stop full-c
	disk_free "$HOLDER"
	mysqld_start "$HOLDER"
	mysqld_wait "$HOLDER" 90
	prove_end
}
