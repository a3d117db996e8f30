#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What both agents tell the cluster of a host's fitness, and when.

load ../lib/agents

setup_file() { agents_begin agents-publishing; }

# alone_in HOST AGENT STATUS: its monitor begins no other process
alone_in() {
	# A sanitizer that is traced finds no leaks.
	under strace -E ASAN_OPTIONS=detect_leaks=0 -f -qq -e trace=execve,fork,vfork,clone,clone3 -o /run/trace
	gives "$3" "$1" "$2" monitor
	alone
	on "$1" awk '/execve\(.* = 0$/ { print; n++ } /clone|fork/ { print; n++ } END { exit n != 1 }' /run/trace
}
attribute_daemon_end() {
	local before
	before=$(attribute_daemon "$1")
	on "$1" pkill -KILL -x pacemaker-attrd
	PAUSE=0.02 wait_for 10 'it to be gone' attribute_daemon_other "$1" "$before"
}
attribute_daemon_other() { [ "$(attribute_daemon "$1")" != "$2" ]; }

@test "monitors begin no process while nothing changes, and publish again to a new attribute daemon" {
	touches db1
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

# Anybody may listen by a name that begins so, and a name may have the end of a line in it.
@test "a stranger that listens by the name of the attribute daemon hides no new one" {
	touches db1
	promoted_on db1
	daemon db1 stranger timeout 30 setpriv --reuid=nobody --regid=nogroup --clear-groups python3 -c '
import socket, time
names = "\0attrd\0x", "\0x\n0000: 2 0 10000 1 1 424242 @attrd"
held = [socket.socket(socket.AF_UNIX) for name in names]
for one, name in zip(held, names): one.bind(name); one.listen()
time.sleep(60)'
	wait_for 10 'the stranger' on db1 grep -q '424242 @attrd' /proc/net/unix
	gives 8 db1 write-ip monitor
	alone_in db1 write-ip 8
	on db1 pkill -KILL -x pacemaker-attrd
	wait_for 20 'the score to be gone' promotion_score db1 ''
	wait_for 20 'it to be told again' told_again
	on db1 pkill -f 424242
}
told_again() { gives 8 db1 write-ip monitor && promotion_score db1 3000; }

@test "a reload: who has the address is promoted before all others when it ends, and the next monitor tells the truth" {
	touches db1
	gives 0 db1 write-ip start
	gives 0 db1 write-ip reload-agent
	promotion_score db1 1000
	gives 0 db1 write-ip promote
	gives 0 db1 write-ip reload-agent
	planned db1 1000000
	reject_queries db1 ALL
	rows db1 <<-END
		8 write-ip monitor
		- promotion_score db1 -INFINITY
		0 write-ip reload-agent
		- planned db1 1000000
		0 write-ip reload-agent
		- planned db1 999999
		- unplanned db1
		0 write-ip reload-agent
		- planned db1 1000000
		8 write-ip monitor
		- promotion_score db1 -INFINITY
		0 write-ip reload-agent attempts=none
		- planned db1 1000000
		0 write-ip demote
		- promotion_score db1 -INFINITY
		0 write-ip reload-agent
		- promotion_score db1 -INFINITY
		- reject_queries db1 NONE
		0 write-ip promote
		0 write-ip demote
		- promotion_score db1 1
	END
}
# planned HOST VALUE: the score that Pacemaker would plan with
# unplanned HOST: as if somebody had deleted it
unplanned() {
	on "$1" env OCF_RESOURCE_INSTANCE=vip crm_attribute --promotion --delete
	wait_for 5 'the score to be gone' planned "$1" ''
}
planned() { [ "$(on "$1" env OCF_RESOURCE_INSTANCE=vip crm_attribute --promotion --query --quiet 2>/dev/null)" = "$2" ]; }

@test "a reload waits until Pacemaker plans with its score, and not for ever" {
	touches db1
	promoted_on db1
	on db1 cp /usr/sbin/crm_attribute /run/crm_attribute
	host_file db1 /run/late <<-'END'
		#!/bin/sh
		case $* in
		*--query*) echo >>/run/asked && [ "$(wc -l </run/asked)" -gt "$(cat /run/times)" ] || exec echo 1 ;;
		esac
		exec /run/crm_attribute "$@"
	END
	on db1 sh -c 'echo 3 >/run/times'
	instead /usr/sbin/crm_attribute=/run/late
	gives 0 db1 write-ip reload-agent
	[ -z "$output" ]
	[ "$(on db1 grep -c '' /run/asked)" -ge 4 ]
	on db1 sh -c 'echo 1000000 >/run/times'
	gives 0 db1 write-ip reload-agent CRM_meta_timeout=2000
	within 2000
	[[ $output == *'Pacemaker may forget that this host is promoted: it has no score of '*': 1 (attributes)'* ]]
	instead /usr/sbin/crm_attribute=/dev/null
	gives 8 db1 write-ip monitor
	gives 0 db1 write-ip reload-agent
	[[ $output == *'Pacemaker may forget that this host is promoted: '* ]]
	on db1 rm /run/late /run/asked /run/times /run/crm_attribute
}

@test "a cluster that takes nothing: no start, which has nothing else to tell; demotion all the same" {
	touches db1
	promoted_on db1
	instead /usr/sbin/attrd_updater=/dev/null /usr/sbin/crm_attribute=/dev/null
	gives 0 db1 write-ip demote
	at
	gives 0 db1 write-ip stop
	gives 1 db1 write-ip start CRM_meta_timeout=3000
	[[ $(said) == *'the cluster takes no attributes'* ]]
	gives 1 db1 node-health start CRM_meta_timeout=3000
	[[ $(said) == *'the cluster takes no attributes'* ]]
	alone
	gives 0 db1 write-ip start CRM_meta_timeout=3000
}

@test "ten seconds: a holder of unknown health keeps its score, and a cluster that takes nothing is borne" {
	touches db1 db2
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

@test "the monitor right after a demotion does not ask the database, later ones do" {
	promoted_on db1
	# On a machine that is busy the first may come late.
	wait_for 20 'a monitor that does not ask' demoted_unasked
	judged db1 1000
}
# demoted_unasked: by the server's own count, which is one higher each time that it is told
demoted_unasked() {
	local before
	gives 0 db1 write-ip promote || return
	before=$(mysql_status db1 Connections)
	gives 0 db1 write-ip demote && gives 0 db1 write-ip monitor && promotion_score db1 1 &&
		[ "$(mysql_status db1 Connections)" = $((before + 1)) ]
}

@test "attempts: what refuses once is asked again, and all attempts together stay below half of the time" {
	touches db1
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
	not within 1900
}

@test "attempts: no score is to be older than ten seconds, and what the interval leaves of them is all that there is" {
	touches db1
	gives 0 db1 write-ip start
	daemon db1 silent socat -u TCP-LISTEN:3394,fork,reuseaddr OPEN:/dev/null
	wait_for 10 'somebody who says nothing' on db1 grep -q ':0D42 00000000:0000 0A' /proc/net/tcp
	with port=3394 attempts=2 timeout=3 CRM_meta_timeout=20000
	gives 0 db1 write-ip monitor CRM_meta_interval=7000
	within 2500
	not within 1900
	# A second at least.
	gives 0 db1 write-ip monitor CRM_meta_interval=60000
	within 1500
	not within 900
}

@test "node-health: weights, on start before it returns, and gone with stop" {
	touches db1
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

@test "node-health: without ip nobody is told a weight of writes, from the next monitor on" {
	gives 0 db1 node-health start
	weights db1 100 100
	gives 0 db1 node-health monitor ip=
	weights db1 100 ''
	gives 0 db1 node-health monitor ip=
	weights db1 100 ''
	gives 0 db1 node-health monitor
	weights db1 100 100
}

@test "the example of node-health: a plain IPaddr2 follows, and comes back when one is fit again" {
	touches db1 db2 db3
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
	cib_load
}
