#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# dbvitals-keepalived --self-test on one real Galera node, as a user like keepalived's script_user: each thing that
# keepalived relies on, well and not well; and what it prints for keepalived.conf is what keepalived takes.

# shellcheck source=tests/lib/own_node.bash
source "$BATS_TEST_DIRNAME/../lib/own_node.bash"

setup_file() {
	load_library
	[ "$EUID" -eq 0 ] || skip 'another user, and a path that is root'\''s, need root'
	one_node_start
}

setup() {
	load_library
	one_node
	installed=$SERVERS/sbin
	program=$installed/dbvitals-keepalived
	rm -rf "$installed"
	install -D -m 0755 "$DBV_BIN/dbvitals-keepalived" "$program"
	option_file client check
}

teardown() {
	one_node
	one_node_restore
}

# option_file NAME CLIENT: the one of $CLIENT, which the group of the script's user may read
option_file() {
	file=$SERVERS/$1-of-mysql.cnf
	install -g mysql -m 0640 "$SERVERS/$2.cnf" "$file"
}

# tested EXIT TEXT ARGUMENT...: the self-test by user mysql, of this node with that option file
as=(--reuid=mysql --regid=mysql --clear-groups)
tested() {
	expect "$1" "$2" 4 setpriv "${as[@]}" "$program" --self-test "${at[@]}" --defaults-file="$file" "${@:3}"
}

# rows NUMBER WORD: so many rows begin with WORD
rows() {
	[ "$(grep -c "^$2 " <<<"$output")" = "$1" ] || { echo "not $1 times $2: $output" && return 1; }
}

# stanza: the lines for keepalived.conf in $output; command: the command line in them
stanza() { sed -n '/ {$/,$p' <<<"$output"; }
command_of() { stanza | sed -nE 's/^ *(misc_path|script) "(.*)"$/\2/p'; }

# taken: keepalived takes the lines of $output, inside of what the documents have around them; with another user than its
# own, 2.2.7 ends keepalived -t by SIGTERM
taken() {
	local conf=$BATS_TEST_TMPDIR/keepalived.conf keepalived
	keepalived=$(PATH=$PATH:/usr/sbin type -P keepalived) || skip 'keepalived is not installed'
	{
		printf 'global_defs {\n    enable_script_security\n    script_user root\n}\n'
		if [[ $output == *vrrp_script* ]]; then
			stanza
			printf 'vrrp_instance w {\n interface eth0\n virtual_router_id 1\n virtual_ipaddress {\n  192.0.2.10\n }\n track_script {\n  dbvitals\n }\n}\n'
		else
			printf 'virtual_server 192.0.2.10 %s {\n lvs_sched wlc\n lvs_method DR\n protocol TCP\n alpha\n%s\n}\n' "$port" "$(stanza)"
		fi
	} | sed 's/user mysql/user root/' >"$conf"
	unshare --net bash -ec "
		ip link add eth0 type veth peer name eth1
		ip link set eth0 up
		$keepalived -t -f $conf"
}

@test "all is well: the lines for keepalived.conf, which keepalived takes, and whose command answers so" {
	tested 0 '^ok +program .*, which only root can change'
	rows 0 WRONG
	rows 0 note
	[[ $(stanza) == "real_server 127.0.0.1 $port {"* && $(stanza) == *'misc_timeout 4'*'user mysql'* ]]
	taken
	# shellcheck disable=SC2046
	expect 0 '^UP: ' 3 setpriv "${as[@]}" $(command_of)

	tested 0 'ok +weight +100 at most' --dynamic=100 -t 2 -v --json
	[[ $(stanza) == *'weight 100'*'misc_timeout 3'*misc_dynamic* && $(command_of) != *json* ]]
	taken
	# shellcheck disable=SC2046
	expect 102 '^UP: ' 3 setpriv "${as[@]}" $(command_of)

	tested 0 'ok +privileges +all that role write needs' --role=auto --write-ip=127.0.0.1
	[[ $(stanza) == *'interval 4'*'timeout 4'*init_fail* ]]
	taken
	# shellcheck disable=SC2046
	expect 0 '^UP: ' 3 setpriv "${as[@]}" $(command_of)
}

@test "several servers: each is asked, and has lines of its own, with its own host alone" {
	at=(--host="127.0.0.1:$port" --host="127.0.0.2:$port")
	tested 0 "ok +privileges +127.0.0.2:$port: all that role read needs"
	rows 0 WRONG
	[ "$(grep -c '^ok    server ' <<<"$output")" = 2 ]
	taken
	[ "$(command_of | grep -c -- '--host=')" = 2 ]
	[ "$(command_of | grep -o -- '--host=[^ ]*' | paste -sd' ')" = "--host=127.0.0.1:$port --host=127.0.0.2:$port" ]
	at=(--host="127.0.0.1:$port" --host="127.0.0.1:$(free_port)")
	tested 1 'WRONG server +down: 127.*\(server\.unreachable\)'
	rows 1 WRONG
	tested 1 'WRONG options +--role=auto is for the node of this host' --role=auto --write-ip=127.0.0.1
	# For keepalived they are still one too many.
	expect 1 'twice' 3 "$program" "${at[@]}"
}

@test "the program's path" {
	local way
	for way in 'chmod 0777' 'chmod 0775' 'chown mysql' 'chown -h mysql'; do
		# shellcheck disable=SC2086
		$way "$installed"
		[ "$way" != 'chmod 0775' ] || chgrp mysql "$installed"
		tested 1 "WRONG program +$installed can be changed by others than root"
		chmod 0755 "$installed"
		chown root:root "$installed"
	done
	chmod 0757 "$program"
	tested 1 "WRONG program +$program can be changed by others than root"
	chmod 0755 "$program"
	# As /tmp is.
	chmod 1777 "$installed"
	tested 0 'ok +program'
	chmod 0755 "$installed"
	# What counts is where a link leads.
	ln -s "$program" "$BATS_TEST_TMPDIR/link"
	chmod 0755 "$BATS_TEST_TMPDIR"
	expect 1 "program +$program, which" 4 "$BATS_TEST_TMPDIR/link" --self-test -H 127.0.0.1:1
}

@test "the user" {
	as=(--reuid=mysql --regid=mysql '--groups=mysql,adm')
	tested 1 "WRONG user +mysql with other groups .*-> setpriv --reuid=mysql --regid=mysql --clear-groups $program .*--self-test"
	as=(--reuid=mysql --regid=root --clear-groups)
	tested 1 'WRONG user +mysql with other groups'
	as=(--reuid=root)
	tested 0 'note +user +root; what another script_user may do is not tested'
	[[ $(stanza) != *user* ]]
	# A number that no user has: keepalived could not be told either.
	as=(--reuid=54321 --regid=mysql --clear-groups)
	tested 1 'WRONG user +54321'
}

@test "the option file" {
	chmod 0600 "$file"
	tested 1 "WRONG option file +$file: Permission denied"
	chmod 0660 "$file"
	tested 1 'WRONG option file .* can be changed by others than its owner'
	chmod 0646 "$file"
	tested 1 'WRONG option file .* can be changed by others than its owner'
	chmod 0644 "$file"
	tested 1 'WRONG warning +.*: everybody can read it'
	chmod 0640 "$file"
	rm "$file"
	tested 1 "WRONG option file +$file: No such file"
	printf '[dbvitals]\nno-such-key=1\n' >"$file"
	tested 1 'WRONG options +.*no-such-key'
	rows 4 -
}

@test "the command line" {
	tested 1 'WRONG options +--mode: ' --mode=cluster
	tested 1 'WRONG options +--role=auto wants --write-ip' --role=auto
	tested 1 'WRONG options +--canary wants' --canary=a.b
	tested 1 "WRONG quoting +--channel=it's" --channel="it's"
	printf '[dbvitals]\nssl-ca=ca.pem\n' >>"$file"
	tested 1 'WRONG paths +ssl-ca=ca\.pem depends on the folder'
	tested 1 'WRONG weight +--dynamic with --role=auto' --role=auto --write-ip=127.0.0.1 --dynamic=100
	tested 1 'WRONG warning +--state-dir: ' --state-dir=/proc/self/no/such
	# Read as a whole or not at all.
	expect 1 '^dbvitals-keepalived: unknown option --rule' 4 "$program" --self-test --rule=write
}

@test "the server" {
	at=(--host=127.0.0.1 --port="$(free_port)")
	tested 1 'WRONG server +down: .*\(server\.unreachable\)'
	rows 1 -
	one_node
	node_freeze g1
	tested 1 'WRONG server +down: .*\(server\.timeout\)' -t 1
	[[ $output == *'WRONG time '* ]]
	node_thaw g1
	sql g1 'SET GLOBAL wsrep_desync=ON'
	tested 1 'WRONG server +down: .*\(galera\.desynced\)'
	tested 0 'note +server +degraded: .*\(galera\.desynced\)' --role=write
	at=(--host=localhost --port="$port")
	tested 1 'note +real_server +localhost is a name'
}

@test "the account" {
	option_file noprivs noprivs
	tested 1 'WRONG privileges +.*GRANT PROCESS ON \*\.\* TO .noprivs.@.%.' --role=write
	tested 0 'ok +privileges' --role=read
	tested 1 'WRONG privileges +.*GRANT SLAVE MONITOR' --mode=replication
	tested 1 'WRONG privileges +.*GRANT INSERT, UPDATE, SELECT ON .dbvitals.\..canary.' --role=write --canary=dbvitals.canary
	option_file wrong wrong
	tested 1 'WRONG server +unknown: .*\(server\.access_denied\)'
	[[ $output == *'-     privileges  not tried'* ]]
}

@test "the time" {
	local late
	late=$(free_port)
	helper late python3 "$BATS_TEST_DIRNAME/../lib/late_proxy.py" "$late" "$port" 0.8 'SHOW GLOBAL STATUS'
	wait_for 5 'the proxy' listens "$late"
	at=(--host=127.0.0.1 --port="$late")
	tested 1 'WRONG time +[0-9]+ ms of the 1.5 s of -t: more than half' -t 1.5 --ssl-mode=disabled
	[[ $output == *'ok    server '* ]]
	tested 0 'ok +time +([89][0-9]{2}|1[0-4][0-9]{2}) ms of the 3 s of -t' -t 3 --ssl-mode=disabled
	helper_end late
}
listens() { [ -n "$(ss -Hltn "sport = :$1")" ]; }
