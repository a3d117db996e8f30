# SPDX-License-Identifier: MIT
# What the tests of the agents share: each file has a lab of three hosts with a Galera cluster and a Pacemaker that knows
# nothing of "vip" and "health"; the agents are run by hand (tests/lab/agent.bash), and every test leaves the hosts well.
# $DBVITALS_AGENTS_LAB is a lab that is up already, and stays: with bind-address=*.
# shellcheck source=tests/lib/own_lab.bash
source "${BASH_SOURCE[0]%/*}/own_lab.bash"

# agents_begin NAME
agents_begin() {
	if [ -z "${DBVITALS_AGENTS_LAB:-}" ]; then
		lab_begin 60 "$1" galera 'bind-address=*'
	else
		export BATS_TEST_TIMEOUT=60 DBVITALS_LAB=$DBVITALS_AGENTS_LAB
	fi
}
teardown_file() {
	load_lab
	[ -n "${DBVITALS_AGENTS_LAB:-}" ] || lab_down
}
teardown() {
	[ -n "${BATS_TEST_COMPLETED:-}" ] || lab_status
	alone
	mend_all
	sanitizers_silent
}

not() { ! "$@"; }

# touches HOST...: a test leaves them ill; mend_all: as they were, and nothing of "vip" is left
touches() { TOUCHED=$*; }
mend_all() {
	local node
	agent db1 write-ip stop
	agent db1 node-health stop
	address_off db1
	[ -n "${BATS_TEST_COMPLETED:-}" ] || TOUCHED=$(nodes)
	for node in ${TOUCHED:-}; do
		host_mend "$node"
		on "$node" pkill -x 'socat|python3' || true
		on "$node" pkill -CONT -x pacemakerd
		on "$node" ip link del spare 2>/dev/null || true
		on "$node" umount /run/dbvitals 2>/dev/null || true
		wait_for 20 'an attribute daemon' attribute_daemon "$node"
		wait_for 10 'the right password' check_password_mend "$node"
		agent "$node" write-ip stop
		agent "$node" node-health stop
		address_off "$node"
		mysqld_wait "$node"
		mysql_sql "$node" 'SET GLOBAL read_only=0'
	done
}

# attribute_daemon HOST: one listens; by its socket's inode
# shellcheck disable=SC2016  # awk's own
attribute_daemon() { on "$1" awk '$4 == "00010000" && $8 ~ /^@attrd@/ { print $7; n++ } END { exit n != 1 }' /proc/net/unix; }

address_on() { on "$1" ip addr add "$VIP/24" dev eth0; }
address_off() { on "$1" ip addr flush to "$VIP"; }
# at HOST...: these have the address
at() { [ "$(where "$VIP")" = "$*" ] || { echo "the address is at '$(where "$VIP")', not at '$*'" && return 1; }; }
# judged HOST SCORE PARAMETER...: what monitors of an observer come to; the first after a demotion does not look
judged() { wait_for 5 "the score $2" scored "$@"; }
scored() { gives 0 "$1" write-ip monitor "${@:3}" && promotion_score "$1" "$2"; }
promoted_on() { gives 0 "$1" write-ip start "${@:2}" && gives 0 "$1" write-ip promote "${@:2}" && at "$1"; }

# slow_address HOST FOLDER HOW: agents with OCF_ROOT=FOLDER find an IPaddr2 that first does HOW
slow_address() {
	host_file "$1" "$2/resource.d/heartbeat/IPaddr2" <<-END
		#!/bin/sh
		export OCF_ROOT=/usr/lib/ocf
		action=\$1
		really() { /usr/lib/ocf/resource.d/heartbeat/IPaddr2 "\$action"; }
		if [ "\$action" = validate-all ]; then really; else $3; fi
	END
}
