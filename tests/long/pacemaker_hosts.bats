#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ocf:dbvitals:write-ip on a real cluster of three hosts: what can happen to the hosts, their networks and Pacemaker, beside
# what tests/integration/pacemaker.bats proves.

load ../lib/own_lab

setup_file() {
	lab_begin 180 hosts-long galera
	example_load pacemaker-galera.crm
}

@test "no link to the clients: the address moves, and nobody is fenced" {
	prove_begin link
	before=$(fenced)
	cut_off "$HOLDER" clients
	moved
	told "$HOLDER" down:node.no_link
	[ "$(fenced)" = "$before" ]
	prove_end
}

@test "clients lost beyond the link, with the gateway watched: the address moves, and nobody is fenced" {
	example_load pacemaker-galera.crm pacemaker-gateway.crm
	prove_begin beyond
	before=$(fenced)
	cut_off_silently "$HOLDER" clients
	moved
	[ "$(fenced)" = "$before" ]
	prove_end
}

@test "the gateway itself gone: the address does not move" {
	wait_for 30 'all hosts to reach the gateway' gateway_seen 3
	prove_begin gateway
	gateway_off
	wait_for 60 'all hosts to miss the gateway' gateway_seen 0
	stays wait_idle
	gateway_on
	stays wait_for 60 'all hosts to reach the gateway' gateway_seen 3
	prove_end
	example_load pacemaker-galera.crm
}
gateway_seen() { [ "$(for node in $(nodes); do attribute "$node" gateway; done | grep -cx 1)" = "$1" ]; }

@test "standby: the address moves, and nothing is left of the host's score" {
	prove_begin standby
	standby "$HOLDER"
	moved
	wait_for 20 "the score of $HOLDER to be gone" untold "$HOLDER"
	prove_end
}

@test "pacemakerd killed and started again: the address does not move" {
	prove_begin pacemakerd
	pacemakerd_kill "$HOLDER"
	stays sleep 2
	pacemaker_start "$HOLDER"
	stays wait_for 60 'Pacemaker on all nodes' all_online
	stays wait_idle
	prove_end
}

@test "the attributes' daemon killed beside the address: the scores come back, and the address does" {
	prove_begin attributes
	attributes_lost "$HOLDER"
	wait_for 30 'all nodes to be fit' healthy
	returns
	prove_end
}

@test "the attributes' daemon killed on an observer: its score comes back, and the address does not move" {
	prove_begin observed
	attributes_lost "$OTHER"
	stays wait_for 30 'all nodes to be fit' healthy
	prove_end
}

# attributes_lost HOST: the daemon is killed, and another one is there
attributes_lost() {
	local killed
	killed=$(on "$1" pidof -s pacemaker-attrd)
	on "$1" kill -KILL "$killed"
	PAUSE=0.02 wait_for 20 "a new daemon on $1" attributes_again "$1" "$killed"
}
attributes_again() {
	local pid
	pid=$(on "$1" pidof -s pacemaker-attrd) && [ "$pid" != "$2" ]
}
