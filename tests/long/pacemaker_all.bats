#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ocf:dbvitals:write-ip on a real cluster of three hosts: what can happen to all of it at once.

load ../lib/own_lab

setup_file() {
	lab_begin 180 all-long galera
	example_load pacemaker-galera.crm
}

@test "two of three servers killed: nobody may write, and the address returns with them" {
	prove_begin two
	server_kill "$OTHER"
	server_kill "$(third)"
	nowhere
	told "$HOLDER" down:galera.non_primary
	mysqld_start "$OTHER"
	mysqld_start "$(third)"
	returns
	prove_end
}

@test "all three servers frozen, then thawed: nobody may write, and the address returns" {
	prove_begin thawed
	for node in $(nodes); do server_freeze "$node"; done
	nowhere
	for node in $(nodes); do told "$node" down:server.timeout; done
	for node in $(nodes); do server_thaw "$node"; done
	returns
	# Who was asked to take over before it was known to be frozen, or while it still took itself for a member, has said no.
	# And one that was thawed is a member of what was for some seconds: it may be promoted and take a write before it is voted out.
	prove_end_but ' write-ip_promote_0 error .*(server.timeout|galera.non_primary)' not_together
}

@test "the checker's password changed under it: the address does not move" {
	prove_begin password
	check_password "$HOLDER" changed
	told "$HOLDER" unknown:server.access_denied
	told "$OTHER" unknown:server.access_denied
	stays sleep 15
	[ "$(score "$HOLDER")" = 1 ]
	prove_end
}

@test "all servers killed: they form the cluster again by themselves, or as pacemaker.md says, and the address returns" {
	prove_begin gone
	for node in $(nodes); do server_kill "$node"; done
	nowhere
	for node in $(nodes); do mysqld_spawn "$node"; done
	returns
	for node in $(nodes); do mysqld_wait "$node"; done
	for node in $(nodes); do server_kill "$node"; done
	nowhere
	# As where a member is lost.
	for node in $(nodes); do on "$node" rm /var/lib/mysql/gvwstate.dat; done
	most=$(for node in $(nodes); do
		[ "$(grastate "$node" seqno)" = -1 ]
		echo "$(on "$node" galera_recovery 2>/dev/null | sed -n 's/^--wsrep_start_position=.*://p') $node"
	done | sort -n | tail -n 1)
	[[ $most =~ ^[1-9][0-9]*\ (db.)$ ]]
	first=${BASH_REMATCH[1]}
	on "$first" sh -ec "$(grep "^sed -i 's/^safe_to_bootstrap" "$LAB_TREE/docs/pacemaker.md")"
	mysqld_start "$first" --wsrep-new-cluster
	for node in $(nodes); do mysqld_wait "$first" && mysqld_start "$node" && mysqld_wait "$node"; done
	returns
	# Who was asked to take over before it was known that its server is gone, too, has said no.
	prove_end_but ' write-ip_promote_0 error .*server.unreachable' not_together
}
@test "the canary's table dropped: the address does not move" {
	parameter canary dbvitals.canary
	prove_begin untried
	mysql_sql "$HOLDER" 'RENAME TABLE dbvitals.canary TO dbvitals.gone'
	told "$HOLDER" degraded:server.canary_unusable
	stays sleep 15
	[ "$(score "$HOLDER")" = 2000 ]
	mysql_sql "$HOLDER" 'RENAME TABLE dbvitals.gone TO dbvitals.canary'
	told "$HOLDER" up
	prove_end
	parameter_gone canary
}

@test "two of three hosts off, the holder among them: nobody may write, and the address returns with them" {
	prove_begin off
	third=$(third)
	power_off "$HOLDER"
	power_off "$third"
	nowhere
	hosts_start
	lab_run
	returns
	prove_end
}

@test "a threshold changed: reloaded, and the address stays up without a pause" {
	follower
	prove_begin reload
	moves_before=$(operations 'start|stop|demote') promotions_before=$(operations promote) follower_before=$(operations 'start|stop' follower)
	threshold_changed
	stays wait_idle
	[ "$(operations 'start|stop|demote')" = "$moves_before" ]
	# The holder itself: else Pacemaker would have forgotten that it was promoted.
	[ "$(operations promote)" = $((promotions_before + 1)) ]
	[ "$(promoted)" = "$HOLDER" ]
	[ "$(operations 'start|stop' follower)" = "$follower_before" ]
	[ "$(gap "$NAME-b" "$FAULT_AT" | awk '{ print ($1 < 0.5) }')" = 1 ]
	prove_end
	parameter_gone warning
	wait_idle
	follower_gone
}
# follower: a resource that is where the address is, after it, as pacemaker.md says
follower() {
	with_quorum crm --force configure primitive follower ocf:pacemaker:Dummy
	with_quorum crm --force configure colocation follower-with INFINITY: follower write-ip-clone:Promoted
	with_quorum crm --force configure order follower-after Optional: write-ip-clone:promote follower:start
	wait_idle
	[ "$(operations start follower)" -ge 1 ]
}
follower_gone() {
	with_quorum crm --force resource stop follower
	wait_idle
	with_quorum crm --force configure delete follower-with follower-after follower
}
# threshold_changed: and the holder was told
threshold_changed() {
	local before
	before=$(asked_to_reload)
	parameter warning write_stall=3
	wait_for 20 'the holder to be reloaded' was_reloaded "$before"
}
asked_to_reload() { grep -c 'Requesting local execution of reload-agent operation for write-ip ' "$LAB/$HOLDER/log/pacemaker/pacemaker.log" || true; }
was_reloaded() { [ "$(asked_to_reload)" -gt "$1" ]; }

@test "a server killed after a reload: the address moves" {
	prove_begin after
	threshold_changed
	wait_idle
	server_kill "$HOLDER"
	moved
	prove_end
	parameter_gone warning
	wait_idle
}

@test "maintenance mode after a reload: the address does not move, nor does Pacemaker forget who has it" {
	prove_begin maintenance
	threshold_changed
	wait_idle
	with_quorum crm_attribute --name maintenance-mode --update true
	wait_idle
	stays sleep 2
	[ "$(promoted)" = "$HOLDER" ]
	with_quorum crm_attribute --name maintenance-mode --delete
	stays wait_idle
	[ "$(promoted)" = "$HOLDER" ]
	parameter_gone warning
	wait_idle
	prove_end
}

@test "a threshold that cannot be read, then set right: the address does not move" {
	prove_begin malformed
	malformed
	stays sleep 12
	[ "$(score "$HOLDER")" = 1 ]
	# Who comes back meanwhile cannot start, and that is its own affair.
	third=$(third)
	pacemaker_stop "$third"
	wait_for 30 'Pacemaker to have ended' pacemaker_gone "$third"
	pacemaker_start "$third"
	wait_for 30 'a start that fails' start_failed "$third"
	stays sleep 2
	# Its failure is forgotten while the others reload: Pacemaker plans anew just when it has forgotten who is promoted.
	stays parameter_gone warning
	stays wait_for 30 'all nodes to be fit' healthy
	prove_end
}
malformed() {
	with_quorum crm --force resource param write-ip set warning nonsense
	told "$HOLDER" unknown:parameters
	told "$OTHER" unknown:parameters
}
pacemaker_gone() { ! runs "$1" pacemakerd; }
start_failed() { failed_actions | grep -q "^$1 write-ip_start_0 "; }

@test "the same, and the server is killed meanwhile: the address moves when it is set right, and not earlier" {
	prove_begin blind
	malformed
	server_kill "$HOLDER"
	sleep 3
	held_by "$HOLDER"
	parameter_gone warning
	moved
	prove_end
}

@test "stop of the resource: neither score nor reason is left on any node" {
	prove_begin away
	target_role Stopped
	# shellcheck disable=SC2046  # words
	nowhere $(through_address)
	for node in $(nodes); do wait_for 20 "the score of $node to be gone" untold "$node"; done
	target_role Started
	returns
	prove_end
}
target_role() { with_quorum crm_resource --resource write-ip-clone --meta --set-parameter target-role --parameter-value "$1"; }
