#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# write-ip and the address: it goes, whatever the database and IPaddr2 do, and comes up only where it may be written to.

load ../lib/agents

setup_file() { agents_begin agents-address; }

# spoil HOST FAULT: what agents meet from now on; unspoil HOST takes it back
spoil() {
	case $2 in
	frozen) server_freeze "$1" ;;
	gone) with port=3399 ;;
	full) disk_fill "$1" ;;
	crowded) mysql_sql "$1" 'SET GLOBAL max_connections=10' && crowd "$1" 12 ;;
	esac
}
unspoil() {
	with port=3306
	server_thaw "$1"
	disk_free "$1"
	crowd_end
	wait_for 20 'a connection' on "$1" mariadb --no-defaults -h 127.0.0.1 -u check -p"$PASSWORD" -e 'DO 1'
	mysql_sql "$1" 'SET GLOBAL max_connections=50'
}

@test "demote and stop succeed, whatever the database does, and leave nothing" {
	local fault
	with manage_read_only=true
	for fault in frozen gone full crowded; do
		echo "$fault:"
		promoted_on db1
		spoil db1 "$fault"
		gives 0 db1 write-ip demote
		within 4000
		at
		unspoil db1
		gives 0 db1 write-ip promote
		spoil db1 "$fault"
		gives 0 db1 write-ip stop
		within 4000
		nothing_left db1
		unspoil db1
	done
}
# nothing_left HOST: of "vip"
nothing_left() {
	at && promotion_score "$1" '' && why "$1" '' && on "$1" test ! -e /run/dbvitals/vip.record && gives 7 "$1" write-ip probe
}

@test "manage_read_only: nobody writes to an observer, and a holder takes writes" {
	touches db1
	with manage_read_only=true
	gives 0 db1 write-ip start
	read_only db1 1
	promotion_score db1 1000
	# Before anybody comes by the address.
	slow_address db1 /run/asks "mariadb --no-defaults -h 127.0.0.1 -u check -p'$PASSWORD' -N -e 'SELECT @@read_only' >/run/asked; really"
	gives 0 db1 write-ip promote OCF_ROOT=/run/asks
	[ "$(on db1 cat /run/asked)" = 0 ]
	read_only db1 0
	mysql_sql db1 'SET GLOBAL read_only=1'
	gives 8 db1 write-ip monitor
	promotion_score db1 3000
	read_only db1 0
	gives 0 db1 write-ip demote
	read_only db1 1
	mysql_sql db1 'SET GLOBAL read_only=0'
	wait_for 5 'the observer to be read-only' kept_read_only db1
	mysql_sql db1 'SET GLOBAL read_only=0'
	gives 0 db1 write-ip stop
	read_only db1 1
	# Another parameter is malformed. One that says how to ask is, too: nobody is asked otherwise than was wanted.
	promoted_on db1
	gives 0 db1 write-ip demote warning=nonsense
	read_only db1 1
	gives 0 db1 write-ip promote
	gives 0 db1 write-ip promote ssl_mode=nonsense
	[[ $output == *'ssl_mode: ssl-mode is not'* ]]
	gives 0 db1 write-ip demote ssl_mode=nonsense
	read_only db1 0
	wait_for 5 'the observer to be read-only' kept_read_only db1 warning=nonsense
	mysql_sql db1 'SET GLOBAL read_only=0'
	gives 0 db1 write-ip monitor ssl_mode=nonsense
	read_only db1 0
}

@test "manage_read_only: a holder that cannot be mended is down" {
	touches db1
	with manage_read_only=true
	promoted_on db1
	mysql_sql db1 "REVOKE READ_ONLY ADMIN ON *.* FROM 'check'@'%'; SET GLOBAL read_only=1"
	gives 8 db1 write-ip monitor
	promotion_score db1 -INFINITY
	why db1 down:server.read_only
	mysql_sql db1 "GRANT READ_ONLY ADMIN ON *.* TO 'check'@'%'"
	gives 8 db1 write-ip monitor
	promotion_score db1 3000
	read_only db1 0
}
# kept_read_only HOST [NAME=VALUE...]
kept_read_only() { gives 0 "$1" write-ip monitor "${@:2}" && read_only "$1" 1; }
read_only() { [ "$(mysql_sql "$1" 'SELECT @@GLOBAL.read_only')" = "$2" ]; }

no_ipaddr2() { ! on "$1" pgrep -f heartbeat/IPaddr2; }

@test "an IPaddr2 that takes too long does nothing later: no promotion, but demotion all the same" {
	slow_address db1 /run/slow 'sleep 1.8; really'
	# In a process of its own, which does not end with its parent.
	slow_address db1 /run/slow-behind '(sleep 1.8; really)'
	local slow=(OCF_ROOT=/run/slow-behind CRM_meta_timeout=1500) began action
	gives 0 db1 write-ip start

	began=$(now)
	gives 1 db1 write-ip promote "${slow[@]}"
	[[ $(said) == *'IPaddr2 start took too long'* ]]
	within 1500
	no_ipaddr2 db1
	# As Pacemaker does it to an operation that is late: the whole group, at once.
	under timeout --signal=KILL 0.5
	agent db1 write-ip promote OCF_ROOT=/run/slow
	[ "$status" = 137 ]
	# One that is asked to end says so.
	under timeout --signal=TERM 1
	agent db1 write-ip promote OCF_ROOT=/run/slow
	echo "$status $output"
	[[ $(said) == 'ended by a signal, waiting for '*'IPaddr2 (node.checker_failed)' ]]
	alone
	no_ipaddr2 db1
	wait_for 10 'the sleep to be over' passed "$began" 5.5
	at
	gives 0 db1 write-ip demote

	# What IPaddr2 does not get done is done without it.
	for action in demote stop; do
		gives 0 db1 write-ip promote
		gives 0 db1 write-ip "$action" "${slow[@]}"
		at
		# That of the promotion tells the neighbours for a second.
		wait_for 5 'IPaddr2 to be gone' no_ipaddr2 db1
		at
	done
	gives 0 db1 write-ip start
	gives 0 db1 write-ip promote
	# Slow, but not too slow.
	gives 0 db1 write-ip stop OCF_ROOT=/run/slow
	nothing_left db1
}
passed() { awk -v since="$(since "$1")" -v wanted="$2" 'BEGIN { exit since < wanted }'; }

@test "an address that IPaddr2 does not find goes all the same" {
	touches db1
	local place action
	on db1 ip link add spare type bridge
	for place in '16 eth0' '32 eth0' '24 spare'; do
		for action in demote stop; do
			gives 0 db1 write-ip start
			# shellcheck disable=SC2086  # two words
			left_at db1 $place
			gives 0 db1 write-ip "$action"
			at
		done
	done
	# Told another prefix since.
	promoted_on db1
	gives 0 db1 write-ip demote cidr_netmask=16
	at
	# At several places at once.
	left_at db1 16 eth0
	left_at db1 24 spare
	gives 0 db1 write-ip stop
	nothing_left db1
}
# left_at HOST PREFIX INTERFACE: IPaddr2 takes it for stopped there
left_at() {
	on "$1" ip addr add "$VIP/$2" dev "$3" && at "$1" &&
		on "$1" env OCF_ROOT=/usr/lib/ocf OCF_RESKEY_ip="$VIP" OCF_RESKEY_cidr_netmask=24 \
			/usr/lib/ocf/resource.d/heartbeat/IPaddr2 stop && at "$1"
}

@test "an IPaddr2 that says it did, and did not: no promotion, and no demotion where nobody can do it" {
	touches db1
	local action
	slow_address db1 /run/idle true
	gives 0 db1 write-ip start
	gives 1 db1 write-ip promote OCF_ROOT=/run/idle
	[[ $(said) == *"IPaddr2 start succeeded, and $VIP is not here"* ]]
	at
	promoted_on db1
	for action in demote stop; do
		instead /usr/bin/ip=/dev/null
		gives 1 db1 write-ip "$action" OCF_ROOT=/run/idle
		[[ $(said) == *"IPaddr2 stop succeeded, and $VIP may still be here"* ]]
		at db1
		gives 8 db1 write-ip monitor
		# The same, and it says so.
		slow_address db1 /run/unable 'exit 1'
		gives 1 db1 write-ip "$action" OCF_ROOT=/run/unable
		[[ $(said) == *'IPaddr2 stop failed'* ]]
		at db1
		alone
	done
	gives 0 db1 write-ip demote OCF_ROOT=/run/idle
	at
	gives 0 db1 write-ip stop
	nothing_left db1
}

@test "a full /run: the record is kept in the place that it has" {
	touches db1
	on db1 mkdir -p /run/dbvitals
	on db1 mount -t tmpfs -o size=16k,mode=0700 full /run/dbvitals
	rows db1 <<-END
		0 write-ip start
		- run_fill db1
		0 write-ip promote
		8 write-ip monitor
		- address_off db1
		9 write-ip probe
		0 write-ip demote
		0 write-ip probe
		0 write-ip promote
		0 write-ip stop
		- nothing_left db1
		- run_fill db1
		1 write-ip start
	END
	[[ $(said) == 'cannot write into /run/dbvitals'* ]]
}
# run_fill HOST: nothing new fits
run_fill() { ! on "$1" sh -c 'cat /dev/zero >/run/dbvitals/filler' 2>/dev/null; }

@test "warnings that nobody reads, where errors go or in the log, keep no address" {
	local unread
	on db1 touch /run/none
	for unread in stderr log; do
		promoted_on db1
		instead /usr/sbin/nft=/run/none
		under_too python3 "$LAB_TREE/tests/lib/unread.py" "$unread"
		gives 0 db1 write-ip demote CRM_meta_timeout=4000
		at
		alone
		gives 0 db1 write-ip stop
	done
}
