#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the agents owe to whoever calls them, action by action: statuses, parameters, reasons. Other files of the agents have
# what they do (agents_*.bats); what the cluster makes of it is in pacemaker.bats.

load ../lib/agents

setup_file() { agents_begin agents; }

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
	gives 7 db1 write-ip probe
	[ -z "$output" ]
	gives 7 db1 write-ip monitor
	[ "$(said)" = '/run/dbvitals has no record of a start (node.checker_failed)' ]
	rows db1 <<-END
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
		0 node-health validate-all CRM_meta_timeout=1
		0 node-health validate-all OCF_RESOURCE_INSTANCE=
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

# For a start 6 is the whole cluster's affair: Pacemaker would stop the holder, too.
@test "parameters that cannot be used: start and validate-all say so, nothing else does" {
	local name want wrong starts table=$BATS_TEST_TMPDIR/table
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
		starts=${want/6/2}
		rows db1 <<-END
			$want $name validate-all $wrong
			$starts $name start $wrong
			7 $name probe $wrong
			7 $name monitor $wrong
			0 $name stop $wrong
			0 $name reload-agent $wrong
			0 $name meta-data $wrong
		END
	done <"$table"
	# These words are no want of memory.
	gives 6 db1 write-ip validate-all ip='out of memory'
	[ "$(said)" = 'ip: no IP address: out of memory (parameters)' ]
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
	gives 2 db1 write-ip start password=not-to-be-shown
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

@test "an option file that others can read: said, and taken" {
	local name action
	printf '[client]\nuser=check\npassword=%s\n' "$PASSWORD" | host_file db1 /run/open.cnf
	on db1 chmod 0644 /run/open.cnf
	for name in write-ip node-health; do
		for action in validate-all start reload-agent; do
			gives 0 db1 "$name" "$action" defaults_file=/run/open.cnf
			[[ $output == *'/run/open.cnf: everybody can read it'* ]]
		done
		gives 0 db1 "$name" monitor defaults_file=/run/open.cnf
		[[ $output != *everybody* ]]
		gives 0 db1 "$name" stop
	done
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
	touches db1
	# With sanitizers it takes as long to begin.
	local before name most=${SANITIZED:+800}
	: "${most:=200}"
	gives 0 db1 write-ip start
	before=$(mysql_status db1 Connections)
	for name in write-ip node-health; do agent db1 "$name" probe; done
	[ "$(mysql_status db1 Connections)" = $((before + 1)) ]
	server_freeze db1
	for name in write-ip node-health; do quickly "$most" db1 "$name" probe; done
	address_on db1
	quickly "$most" db1 write-ip probe
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

@test "reasons: nobody has to cut them, and the check is named" {
	touches db1
	local long
	long=$(printf '%0300d' 0)
	host_file db1 /run/talks/resource.d/heartbeat/IPaddr2 <<-END
		#!/bin/sh
		[ "\$1" = validate-all ] || { echo "ERROR: $long"; exit 1; }
	END
	gives 6 db1 write-ip validate-all attempts="$long"
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
