#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# write-ip and those who are connected to the address, when it goes.

load ../lib/agents

setup_file() { agents_begin agents-connections; }

# client_start NAME HOST STATEMENT: a client on HOST that runs it through the address, unlike any before
client_start() {
	# shellcheck disable=SC2016  # for the inner shell
	daemon "$2" "$1" sh -c 'mariadb --no-defaults --protocol=tcp -h "$1" -u app -p"$2" -e "$3" 2>&1; "$4" now' sh \
		"$VIP" "$PASSWORD" "$3" "$LAB_WRITER"
	wait_for 10 "client $1" connected_to_address "$2"
}
connected_to_address() { [ -n "$(on "$1" ss -Htn state established dst "$VIP")" ]; }
# client_ended HOST NAME SINCE: with an error, at most a second after that
client_ended() {
	local file=$LAB/$1/log/$2.out
	wait_for 5 "client $2 to end" grep -Eq '^[0-9.]+$' "$file" || return
	grep -q ERROR "$file" && awk -v since="$3" '/^[0-9.]+$/ { late = $1 - since } END { print "told after " late " s"; exit late > 1 }' "$file"
}

@test "a demotion ends connections: who waits for a frozen server is told, here and elsewhere" {
	touches db1
	local began
	promoted_on db1
	client_start waits-1 app 'SELECT SLEEP(40)'
	client_start waits-2 db1 'SELECT SLEEP(40)'
	# A server that has one socket for both families.
	daemon db1 both socat -u TCP6-LISTEN:3396,fork,reuseaddr,ipv6only=0 OPEN:/dev/null
	daemon app mapped socat -u "TCP4:$VIP:3396" OPEN:/dev/null
	wait_for 10 'the third client' mapped_at_both
	server_freeze db1
	began=$(now)
	gives 0 db1 write-ip demote
	[[ $output != *outlive* ]]
	client_ended app waits-1 "$began"
	client_ended db1 waits-2 "$began"
	wait_for 1 'the third client to go' not mapped_at_both
}

@test "a demotion whose parameters cannot be used: who waits is told all the same" {
	local wrong began
	promoted_on db1
	client_start left-alone app 'SELECT SLEEP(2)'
	gives 0 db1 write-ip demote defaults_file=/nowhere end_connections=no
	at
	connected_to_address app
	on app pkill -KILL -x mariadb
	wait_for 10 'it to end' not connected_to_address app
	for wrong in attempts=none defaults_file=/nowhere; do
		promoted_on db1
		client_start "waits-${wrong%%=*}" app 'SELECT SLEEP(40)'
		began=$(now)
		gives 0 db1 write-ip demote "$wrong"
		at
		client_ended app "waits-${wrong%%=*}" "$began"
	done
}
mapped_at_both() { on db1 ss -Htn6 state established | grep -qF "[::ffff:$VIP]:3396"; }

# attempts_start HOST SECONDS: connects to the address again and again, and tells what came of it: TIME open|refused|silence
attempts_start() {
	rm -f "$LAB/$1/log/attempts.out"
	daemon "$1" attempts python3 -c '
import socket, sys, time
until = time.monotonic() + float(sys.argv[2])
while time.monotonic() < until:
    try:
        socket.create_connection((sys.argv[1], 3306), 0.5).close()
        came = "open"
    except ConnectionRefusedError:
        came = "refused"
    except OSError:
        came = "silence"
    print(time.clock_gettime(time.CLOCK_MONOTONIC), came, flush=True)
    time.sleep(0.02)' "$VIP" "$2"
	wait_for 10 'an open connection' grep -q open "$LAB/$1/log/attempts.out"
}

@test "a demotion refuses connections, at once and for a while: nobody waits in silence" {
	slow_address db1 /run/slow 'sleep 0.7; really'
	promoted_on db1
	attempts_start app 4
	gives 0 db1 write-ip demote OCF_ROOT=/run/slow
	at
	wait_for 10 'the attempts to end' attempts_over app
	# Refused while the address was still there, too; never open after the first refusal, and the address came back for nobody.
	awk '{ came[$2]++ } $2 == "refused" && !first { first = $1 } $2 == "open" && first { bad = 1 } $2 == "refused" { last = $1 }
		END { print came["open"], came["refused"], came["silence"], last - first
			exit bad || came["silence"] || last - first < 1 }' "$LAB/app/log/attempts.out"
	# With the next promotion they are let in.
	gives 0 db1 write-ip promote
	attempts_start app 0.2
}
attempts_over() { ! on "$1" pgrep -f create_connection; }

@test "a demotion where connections cannot be ended: one warning, and success" {
	local row table=$BATS_TEST_TMPDIR/table
	host_file db1 /run/not-this-kernel <<-'END'
		#!/bin/sh
		case $* in
		*-K*) exit 0 ;;
		*) exec /run/ss "$@" ;;
		esac
	END
	host_file db1 /run/fails <<<$'#!/bin/sh\necho "Operation not supported" >&2\nexit 1'
	on db1 cp /usr/bin/ss /run/ss
	on db1 touch /run/none
	cat >"$table" <<-END
		nft is missing;              /usr/sbin/nft=/run/none
		nft failed: Operation;       /usr/sbin/nft=/run/fails
		ss is missing;               /usr/bin/ss=/run/none
		ss failed;                   /usr/bin/ss=/run/fails
		CONFIG_INET_DIAG_DESTROY;    /usr/bin/ss=/run/not-this-kernel
	END
	while read -r row; do
		promoted_on db1
		client_start "stays-$SRANDOM" app 'SELECT SLEEP(3)' </dev/null
		instead "${row##* }"
		gives 0 db1 write-ip demote
		at
		[ "$(grep -c 'connections to the address may outlive it' <<<"$output")" = 1 ]
		[[ $output == *"${row%%;*}"* ]]
		gives 0 db1 write-ip promote
		gives 0 db1 write-ip demote
		[[ $output != *outlive* ]]
		gives 0 db1 write-ip stop
		alone
	done <"$table"
}

@test "end_connections=false: they are left alone" {
	with end_connections=false
	on db1 nft delete table inet dbvitals_vip 2>/dev/null || true
	promoted_on db1
	client_start left app 'SELECT SLEEP(3)'
	gives 0 db1 write-ip demote
	at
	connected_to_address app
	run on db1 nft list tables
	[[ $output != *dbvitals_vip* ]]
}

@test "an IPv6 address" {
	local node
	for node in db1 app; do on "$node" ip addr replace "fd00::${HOST_NUMBER[$node]}/64" dev eth0 nodad; done
	with ip=fd00::60 cidr_netmask=64 nic=eth0
	gives 0 db1 write-ip start
	gives 0 db1 write-ip promote
	gives 8 db1 write-ip monitor
	promotion_score db1 3000
	daemon app v6 mariadb --no-defaults -h fd00::60 -u app -p"$PASSWORD" -e 'SELECT SLEEP(20)'
	wait_for 10 'a connection' connected_by_v6
	gives 0 db1 write-ip demote
	[[ $output != *outlive* ]]
	wait_for 1 'the connection to end' not connected_by_v6
	gives 0 db1 write-ip probe
	run on app timeout 2 socat -u 'TCP6:[fd00::60]:3306' -
	[[ $output == *'Connection refused'* ]]
}
connected_by_v6() { [ -n "$(on app ss -Htn6 state established dst '[fd00::60]')" ]; }
