#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the agents owe to whoever calls them, action by action, run by hand on hosts with a real Galera cluster and a real
# Pacemaker that knows nothing of them. What the cluster makes of it is in pacemaker.bats.

setup_file() {
	export BATS_TEST_TIMEOUT=60 DBVITALS_LAB=${DBVITALS_AGENTS_LAB:-/run/dbvitals-agents-$$}
	load_lab
	lab_up galera 'bind-address=*'
}
teardown_file() {
	load_lab
	[ -n "${DBVITALS_AGENTS_LAB:-}" ] || lab_down
}
setup() { load_lab; }
teardown() {
	[ -n "${BATS_TEST_COMPLETED:-}" ] || lab_status
	alone
	mend_all
}
load_lab() {
	# shellcheck source=tests/lab/all.bash
	source "$BATS_TEST_DIRNAME/../lab/all.bash"
}

not() { ! "$@"; }

# mend_all: as it was, and nothing of "vip" is left; $TOUCHED are the hosts that a test leaves ill
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
		wait_for 20 'an attribute daemon' attribute_daemon "$node"
		wait_for 10 'the right password' check_password_mend "$node"
		agent "$node" write-ip stop
		agent "$node" node-health stop
		address_off "$node"
		mysqld_wait "$node"
		mysql_sql "$node" 'SET GLOBAL read_only=0'
	done
}

address_on() { on "$1" ip addr add "$VIP/24" dev eth0; }
address_off() { on "$1" ip addr del "$VIP/24" dev eth0 2>/dev/null || true; }
# at HOST...: these have the address
at() { [ "$(where "$VIP")" = "$*" ] || { echo "the address is at '$(where "$VIP")', not at '$*'" && return 1; }; }
# judged HOST SCORE PARAMETER...: what monitors of an observer come to; the first after a demotion does not look
judged() { wait_for 5 "the score $2" scored "$@"; }
scored() { gives 0 "$1" write-ip monitor "${@:3}" && promotion_score "$1" "$2"; }
promoted_on() { gives 0 "$1" write-ip start "${@:2}" && gives 0 "$1" write-ip promote "${@:2}" && at "$1"; }

@test "ocf-tester: nothing but what its old DTD does not know" {
	local name
	for name in write-ip node-health; do
		run on db1 ocf-tester -n tested -o ip="$VIP" -o cidr_netmask=24 -o defaults_file=/etc/dbvitals/client.cnf \
			"/usr/lib/ocf/resource.d/dbvitals/$name"
		[ "$status" = 1 ]
		[[ $output == *"$name failed 1 tests"* ]]
		[ "$(grep -c '^\* rc=' <<<"$output")" = 1 ]
		[[ $output == *'* rc=4: Your agent produces meta-data which does not conform to ra-api-1.dtd'* ]]
		[ "$(grep 'validity error' <<<"$output" | sed 's/^[^ ]* //' | sort -u)" = "$(dtd_complaints "$name")" ]
	done
}
# dtd_complaints AGENT
dtd_complaints() {
	cat <<-'END' | { if [ "$1" = write-ip ]; then cat; else grep -v unique-group; fi; }
		element action: validity error : Value "reload-agent" for attribute name of action is not among the enumerated set
		element parameter: validity error : No declaration for attribute reloadable of element parameter
		element parameter: validity error : No declaration for attribute unique-group of element parameter
	END
}

@test "write-ip: the address decides, then the record" {
	rows db1 <<-END
		7 write-ip probe
		7 write-ip monitor
		0 write-ip stop
		0 write-ip stop
		0 write-ip demote
		7 write-ip probe
		0 write-ip start
		0 write-ip start
		0 write-ip probe
		0 write-ip monitor
		0 write-ip demote
		0 write-ip demote
		0 write-ip promote
		- at db1
		0 write-ip promote
		8 write-ip probe
		8 write-ip monitor
		- address_off db1
		9 write-ip probe
		9 write-ip monitor
		0 write-ip demote
		0 write-ip probe
		0 write-ip promote
		0 write-ip start
		- at
		0 write-ip probe
		- address_on db1
		8 write-ip probe
		8 write-ip monitor
		0 write-ip stop
		- at
		7 write-ip probe
		- address_on db1
		8 write-ip probe
		8 write-ip monitor
		0 write-ip stop
		- at
		7 write-ip monitor
		0 write-ip start
		- record_of_another_boot db1
		7 write-ip probe
		7 write-ip monitor
	END
}
record_of_another_boot() { on "$1" sed -i 's/^boot ./boot ?/' /run/dbvitals/vip.record; }

@test "node-health: started or not" {
	rows db1 <<-END
		7 node-health probe
		7 node-health monitor
		0 node-health stop
		0 node-health start
		0 node-health start
		0 node-health probe
		0 node-health monitor
		0 node-health reload-agent
		0 node-health validate-all
		0 node-health stop
		0 node-health stop
		7 node-health probe
	END
}

@test "what is no action of theirs" {
	local name action
	for name in write-ip node-health; do
		for action in notify reload migrate_to migrate_from status usage ''; do gives 3 db1 "$name" "$action"; done
	done
	gives 3 db1 node-health promote
	gives 3 db1 node-health demote
	at
}

@test "parameters that cannot be used: start and validate-all say so, nothing else does" {
	local name want wrong table=$BATS_TEST_TMPDIR/table
	cat >"$table" <<-END
		write-ip    6 attempts=none
		write-ip    6 ip=
		write-ip    6 ip=10.77.0.300
		write-ip    6 password=not-to-be-shown
		write-ip    2 defaults_file=/nowhere
		write-ip    5 OCF_ROOT=/nowhere
		node-health 6 attempts=none
		node-health 6 password=not-to-be-shown
		node-health 2 defaults_file=/nowhere
	END
	while read -r name want wrong; do
		rows db1 <<-END
			$want $name validate-all $wrong
			$want $name start $wrong
			7 $name probe $wrong
			7 $name monitor $wrong
			0 $name stop $wrong
			0 $name reload-agent $wrong
			0 $name meta-data $wrong
		END
	done <"$table"
	# What does not fit this host may fit others: nothing that ends the resource everywhere.
	rows db1 <<-END
		2 write-ip validate-all cidr_netmask=99
		1 write-ip start cidr_netmask=99
		1 write-ip start nic=eth9
	END
	gives 0 db1 write-ip start
	while read -r name want wrong; do
		rows db1 <<-END
			0 write-ip probe $wrong
			0 write-ip monitor $wrong
			0 write-ip demote $wrong
		END
	done < <(grep '^write-ip' "$table")
	gives 6 db1 write-ip start password=not-to-be-shown
	[[ $output != *not-to-be-shown* ]]
}

@test "parameters that went wrong under a holder: it stays" {
	promoted_on db1
	rows db1 <<-END
		8 write-ip monitor
		- promotion_score db1 3000
		8 write-ip monitor attempts=none
		- promotion_score db1 3000
		- why db1 unknown:parameters
		0 write-ip reload-agent attempts=none
		8 write-ip monitor defaults_file=/nowhere
		- promotion_score db1 3000
		8 write-ip probe ip=$VIP attempts=none
		0 write-ip demote attempts=none
		- at
		- judged db1 -INFINITY attempts=none
		1 write-ip promote attempts=none
		- at
	END
	[[ $(said) == *'(parameters)' ]]
}

@test "meta-data for anybody, without anything" {
	local name
	for name in write-ip node-health; do
		run on db1 setpriv --reuid=nobody --regid=nogroup --clear-groups env -i "/usr/lib/ocf/resource.d/dbvitals/$name" meta-data
		[ "$status" = 0 ]
		xmllint --noout - <<<"$output"
	done
}

@test "probes never ask the database" {
	TOUCHED=db1
	local before name
	gives 0 db1 write-ip start
	before=$(mysql_status db1 Connections)
	for name in write-ip node-health; do agent db1 "$name" probe; done
	[ "$(mysql_status db1 Connections)" = $((before + 1)) ]
	server_freeze db1
	for name in write-ip node-health; do quickly 200 db1 "$name" probe; done
	address_on db1
	quickly 200 db1 write-ip probe
}
# quickly MILLISECONDS HOST AGENT ACTION: the best of three, on a machine that is busy
quickly() {
	local best=100000
	for _ in 1 2 3; do
		agent "${@:2}"
		[ "$took" -ge "$best" ] || best=$took
	done
	took=$best
	within "$1"
}

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
	TOUCHED=db1
	with manage_read_only=true
	gives 0 db1 write-ip start
	read_only db1 1
	promotion_score db1 1000
	gives 0 db1 write-ip promote
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
}
kept_read_only() { gives 0 "$1" write-ip monitor && read_only "$1" 1; }
read_only() { [ "$(mysql_sql "$1" 'SELECT @@GLOBAL.read_only')" = "$2" ]; }

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
	alone
	no_ipaddr2 db1
	wait_for 10 'the sleep to be over' passed "$began" 3.9
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
	TOUCHED=db1
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

@test "reasons: nobody has to cut them, and the check is named" {
	TOUCHED=db1
	local long
	long=$(printf '%0300d' 0)
	host_file db1 /run/talks/resource.d/heartbeat/IPaddr2 <<-END
		#!/bin/sh
		[ "\$1" = validate-all ] || { echo "ERROR: $long"; exit 1; }
	END
	gives 6 db1 write-ip start attempts="$long"
	[[ $(said) == *'(parameters)' ]]
	gives 2 db1 node-health start defaults_file="/$long"
	[[ $(said) == *'(parameters)' ]]
	gives 0 db1 write-ip start
	gives 1 db1 write-ip promote OCF_ROOT=/run/talks
	[[ $(said) == 'IPaddr2 start failed: ERROR: 000'* ]]
	gives 1 db1 write-ip promote port=3399
	[[ $(said) == *'(server.unreachable)' ]]
	printf '[client]\nuser=check\npassword=wrong\n' | host_file db1 /run/wrong.cnf
	gives 1 db1 write-ip promote defaults_file=/run/wrong.cnf
	[[ $(said) == *'(server.access_denied)' ]]
	reject_queries db1 ALL
	gives 1 db1 write-ip promote
	[[ $(said) == *'(galera.rejects_queries)' ]]
	at
}

# alone_in HOST AGENT STATUS: its monitor begins no other process
alone_in() {
	under strace -f -qq -e trace=execve,fork,vfork,clone,clone3 -o /run/trace
	gives "$3" "$1" "$2" monitor
	alone
	on "$1" awk '/execve\(.* = 0$/ { print; n++ } /clone|fork/ { print; n++ } END { exit n != 1 }' /run/trace
}
# attribute_daemon HOST: one listens; by its socket's inode
# shellcheck disable=SC2016  # for awk
# shellcheck disable=SC2016  # awk's own
attribute_daemon() { on "$1" awk '$4 == "00010000" && $8 ~ /^@attrd@/ { print $7; n++ } END { exit n != 1 }' /proc/net/unix; }
attribute_daemon_end() {
	local before
	before=$(attribute_daemon "$1")
	on "$1" pkill -KILL -x pacemaker-attrd
	PAUSE=0.02 wait_for 10 'it to be gone' attribute_daemon_other "$1" "$before"
}
attribute_daemon_other() { [ "$(attribute_daemon "$1")" != "$2" ]; }

@test "monitors begin no process while nothing changes, and publish again to a new attribute daemon" {
	TOUCHED=db1
	promoted_on db1
	gives 0 db1 node-health start
	quiet_monitors
	attribute_daemon_end db1
	wait_for 20 'a new attribute daemon' attribute_daemon db1
	gives 8 db1 write-ip monitor
	gives 0 db1 node-health monitor
	promotion_score db1 3000
	why db1 up
	published db1 dbvitals-read 100
	quiet_monitors
	reject_queries db1 ALL
	gives 8 db1 write-ip monitor
	gives 0 db1 node-health monitor
	promotion_score db1 -INFINITY
	why db1 down:galera.rejects_queries
	published db1 dbvitals-write 0
	quiet_monitors
}
quiet_monitors() {
	alone_in db1 write-ip 8
	alone_in db1 node-health 0
}

@test "ten seconds: a holder of unknown health keeps its score, and a cluster that takes nothing is borne" {
	TOUCHED='db1 db2'
	local known lost asked=0 kept='' borne=''
	promoted_on db1
	gives 0 db2 write-ip start
	gives 0 db2 node-health start
	gives 8 db1 write-ip monitor
	known=$(now)
	lost=$known
	check_password db1 changed
	on db2 pkill -STOP -x pacemakerd
	attribute_daemon_end db2
	until [ -n "$kept" ] && [ -n "$borne" ]; do
		asked=$(since "$known")
		[ -n "$kept" ] || {
			gives 8 db1 write-ip monitor
			why db1 unknown:server.access_denied
			promotion_score db1 3000 >/dev/null || kept=$asked
		}
		asked=$(since "$lost")
		[ -n "$borne" ] || {
			agent db2 write-ip monitor
			[ "$status" = 0 ] || borne=$asked
		}
		[ "${asked%.*}" -lt 20 ]
		sleep 0.3
	done
	echo "kept $kept s, borne $borne s"
	promotion_score db1 1
	gives 1 db2 write-ip monitor
	[[ $(said) == 'the cluster takes no attributes: '* ]]
	gives 1 db2 node-health monitor
	# A stop does not need it.
	gives 0 db2 node-health stop
	awk -v a="$kept" -v b="$borne" 'BEGIN { exit a < 9 || a > 13 || b < 9 || b > 13 }'
	on db2 pkill -CONT -x pacemakerd
	wait_for 20 'a new attribute daemon' attribute_daemon db2
	wait_for 10 'the right password again' check_password_mend db1
	gives 0 db2 write-ip monitor
	promotion_score db2 1000
	gives 8 db1 write-ip monitor
	promotion_score db1 3000
}

@test "attempts: what refuses once is asked again, and all attempts together stay below half of the time" {
	TOUCHED=db1
	# Each second connection goes nowhere.
	daemon db1 drops python3 "$LAB_TREE/tests/lib/proxy.py" 127.0.0.1:3396 127.0.0.1:3395 127.0.0.1:3306
	wait_for 10 'the proxy' on db1 grep -q ':0D44 00000000:0000 0A' /proc/net/tcp
	with port=3396
	rows db1 <<-END
		0 write-ip start
		- promotion_score db1 1000
		0 write-ip monitor
		- why db1 up
		0 write-ip monitor attempts=1
		- promotion_score db1 -INFINITY
		- why db1 down:server.unreachable
		0 node-health start attempts=1
		0 node-health monitor
		- published db1 dbvitals-write 100
	END
	server_freeze db1
	gives 0 db1 write-ip monitor port=3306 CRM_meta_timeout=4000 attempts=2 timeout=3
	within 2500
	[ "$took" -gt 1900 ]
}

@test "node-health: weights, on start before it returns, and gone with stop" {
	TOUCHED=db1
	local row
	printf '[client]\nuser=check\npassword=wrong\n' | host_file db1 /run/wrong.cnf
	gives 0 db1 node-health start
	weights db1 100 100
	desync db1 ON
	gives 0 db1 node-health monitor
	weights db1 0 25
	desync db1 OFF
	reject_queries db1 ALL
	gives 0 db1 node-health monitor
	weights db1 0 0
	reject_queries db1 NONE
	gives 0 db1 node-health monitor
	weights db1 100 100
	gives 0 db1 node-health monitor defaults_file=/run/wrong.cnf
	weights db1 0 0
	address_on db1
	gives 0 db1 node-health monitor defaults_file=/run/wrong.cnf
	weights db1 0 1
	gives 0 db1 node-health monitor attempts=none
	weights db1 0 1
	address_off db1
	for row in port=3399 defaults_file=/nowhere attempts=none; do
		gives 0 db1 node-health monitor
		weights db1 100 100
		gives 0 db1 node-health monitor "$row"
		weights db1 0 0
	done
	server_freeze db1
	gives 0 db1 node-health stop
	weights db1 '' ''
	gives 0 db1 node-health start
	weights db1 0 0
	gives 0 db1 node-health stop
	server_thaw db1
	mysqld_wait db1
	gives 0 db1 node-health start ip=
	weights db1 100 ''
}
# weights HOST READ WRITE
weights() { published "$1" dbvitals-read "$2" && published "$1" dbvitals-write "$3"; }

@test "the example of node-health: a plain IPaddr2 follows, and comes back when one is fit again" {
	TOUCHED='db1 db2 db3'
	local holder node
	cib_load "$LAB_TREE/docs/examples/pacemaker-node-health.crm"
	wait_for 30 'a host to have the address' has_holder
	holder=$(holder)
	server_kill "$holder"
	PAUSE=0.05 wait_for 20 'another host to have the address' held_by_other "$holder"
	for node in $(nodes); do [ "$node" = "$holder" ] || reject_queries "$node" ALL; done
	wait_for 20 'nobody to have the address' held_by ''
	for node in $(nodes); do [ "$node" = "$holder" ] || reject_queries "$node" NONE; done
	wait_for 20 'a host to have the address' has_holder
	no_failures
	mysqld_start "$holder"
	mysqld_wait "$holder"
}
