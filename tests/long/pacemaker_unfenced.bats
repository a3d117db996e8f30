#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What becomes of the write address without fencing, as some run it. Nothing is promised of that but the acknowledged rows: what
# happened is written into build/pacemaker-unfenced.txt, times in seconds since the fault.

load ../lib/own_lab

setup_file() {
	export BATS_TEST_TIMEOUT=240 DBVITALS_LAB=/run/dbvitals-unfenced-$$
	load_lab
	lab_end_with_me
	: >"$LAB_TREE/build/pacemaker-unfenced.txt"
}

# unfenced KIND PROPERTY...: a lab of that kind, with the example and these properties
unfenced() {
	[ "$(lab_kind)" = "$1" ] || lab_down
	lab_up "$1" fencing=off
	example_load "pacemaker-$1.crm"
	local property
	for property in stonith-enabled=false "${@:2}"; do
		with_quorum crm_attribute --type crm_config --name "${property%=*}" --update "${property#*=}"
	done
	wait_idle
}

# recorded NAME WHAT COMMAND...: the fault, half a minute of it, and its end
recorded() {
	prove_begin "$1"
	"${@:3}" "$HOLDER"
	{
		echo "$2; the address was on $HOLDER"
		addresses 30
	} >"$LAB/recorded"
	# shellcheck disable=SC2046  # words
	writer_stop $(writers)
	{
		cat "$LAB/recorded"
		acknowledged
		echo
	} >>"$LAB_TREE/build/pacemaker-unfenced.txt"
	lab_heal
	# shellcheck disable=SC2046
	wait_for 60 'all acknowledged rows to be on every host' rows_kept_everywhere $(writers)
	wait_for 90 'all nodes to be fit' healthy
}

# addresses SECONDS: who has it, on each change
addresses() {
	local end=$((SECONDS + $1)) now before='-'
	while [ "$SECONDS" -lt "$end" ]; do
		now=$(holder)
		[ "$now" = "$before" ] || echo "  $(since "$FAULT_AT")  on ${now:-no host}"
		before=$now
		sleep 0.05
	done
}

# acknowledged: from when to when each host acknowledged rows, through the address and (-s) directly
acknowledged() {
	local name
	for name in $(writers); do
		awk -v name="$name" -v fault="$FAULT_AT" '$1 == "kept" && $4 > fault {
				if (!($5 in n)) { first[$5] = $4 - fault; order[++hosts] = $5 }
				n[$5]++; last[$5] = $4 - fault
			}
			END { for (i = 1; i <= hosts; i++) printf "  %s: %d rows by %s, %.3f to %.3f\n", name, n[order[i]], order[i], first[order[i]], last[order[i]] }' \
			"$(record "$name")"
	done
}

cut_off_cluster() { cut_off "$1" cluster; }

@test "Galera without fencing: the writer cut off from all" {
	unfenced galera
	recorded cut-all 'Galera, no fencing, all cables of the writer pulled' cut_off
}

@test "Galera without fencing: the writer cut off from the others alone" {
	unfenced galera
	recorded cut-cluster 'Galera, no fencing, the cluster network of the writer pulled' cut_off_cluster
}

@test "Galera without fencing: corosync killed" {
	unfenced galera
	recorded corosync 'Galera, no fencing, corosync of the writer killed' corosync_kill
}

@test "pair without fencing and quorum: the writer cut off from the other alone" {
	unfenced pair no-quorum-policy=ignore
	recorded pair-cut 'pair, no fencing, quorum ignored, the cluster network of the writer pulled' cut_off_cluster
}

@test "pair without fencing and quorum: corosync killed" {
	unfenced pair no-quorum-policy=ignore
	recorded pair-corosync 'pair, no fencing, quorum ignored, corosync of the writer killed' corosync_kill
}
