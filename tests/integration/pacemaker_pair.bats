#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ocf:dbvitals:write-ip on a real cluster of two hosts that replicate from each other, with fencing.

load ../lib/own_lab

setup_file() { lab_begin 120 pair pair && example_load pacemaker-pair.crm; }

@test "the writer killed with unapplied rows waiting: they are applied before the address comes up" {
	prove_begin unapplied
	hold "$OTHER" table 'LOCK TABLES app.rows WRITE'
	sleep 2
	server_kill "$HOLDER"
	told "$HOLDER" down:server.unreachable
	sleep 1
	held_by ''
	release "$OTHER" table
	moved
	prove_end
}

@test "standby of a writer whose last row has not arrived on the other side: it is waited for" {
	prove_begin arrived
	block "$OTHER" 3306
	mysql_sql "$HOLDER" "INSERT INTO app.rows (writer, number, server, filler) VALUES ('late', 1, '$HOLDER', '')"
	standby "$HOLDER"
	wait_for 20 'the address to be given up' held_by ''
	# As long as a promotion takes that does not wait.
	sleep 3
	held_by ''
	unblock "$OTHER"
	moved
	[ "$(mysql_sql "$OTHER" "SELECT COUNT(*) FROM app.rows WHERE writer = 'late'")" = 1 ]
	[ -z "$(attribute "$HOLDER" dbvitals-position-write-ip)" ]
	prove_end
}

@test "a node whose name is not its host's: its own last position is not the other's" {
	local node=m1
	[ "$(holder)" != m1 ] || node=m2
	with mode=replication manage_read_only=true timeout=2 CRM_meta_on_node="$node"
	under unshare --uts sh -c 'hostname elsewhere; exec "$@"' sh
	gives 0 "$node" write-ip start
	gives 0 "$node" write-ip promote
	gives 0 "$node" write-ip demote
	[[ $(on "$node" attrd_updater --name dbvitals-position-vip --query) == *'value="'[0-9]*:* ]]
	gives 0 "$node" write-ip promote
	[[ $output != *'did not arrive'* ]]
	gives 0 "$node" write-ip stop
}

# Of an address that the cluster does not know.
@test "what the other side wrote last cannot arrive: it is waited for, and told, and then there is a writer" {
	local node=m1 source=m2
	[ "$(holder)" != m1 ] || { node=m2 && source=m1; }
	with mode=replication manage_read_only=true timeout=2 catch_up_timeout=1
	gives 0 "$node" write-ip start
	# Of a server that nobody replicates from.
	on "$source" attrd_updater --name dbvitals-position-vip --node "$source" --update 99:bin.000001:4
	gives 0 "$node" write-ip promote
	[[ $output == *'the last writes of the other side did not arrive'* ]]
	gives 0 "$node" write-ip stop
}

# Of the same.
@test "no promotion: what was written is not applied, where it ended is not told, or writes are not let in" {
	local node=m1 source=m2
	[ "$(holder)" != m1 ] || { node=m2 && source=m1; }
	with mode=replication manage_read_only=true timeout=2 catch_up_timeout=1
	gives 0 "$node" write-ip start
	hold "$node" table 'LOCK TABLES app.rows WRITE'
	mysql_sql "$source" "INSERT INTO app.rows (writer, number, server, filler) VALUES ('held', 1, '$source', '')"
	wait_for 10 'it to arrive' applies "$node" 'Waiting for table'
	gives 1 "$node" write-ip promote
	[[ $(said) == *'(replication.not_caught_up)' ]]
	release "$node" table
	wait_for 10 'it to be applied' caught_up "$node"
	gives 0 "$node" write-ip promote
	instead /usr/sbin/attrd_updater=/dev/null
	gives 0 "$node" write-ip demote
	[[ $output == *'whoever is promoted next does not know what to wait for'* ]]
	gives 1 "$node" write-ip promote
	[[ $(said) == *'the cluster does not tell what the other side wrote last (attributes)' ]]
	alone
	mysql_sql "$node" "SET SESSION sql_log_bin=0; REVOKE READ_ONLY ADMIN ON *.* FROM 'check'@'%'"
	gives 1 "$node" write-ip promote
	[[ $(said) == *'(server.read_only)' ]]
	[ -z "$(where "$VIP")" ]
}
applies() { mysql_sql "$1" "SELECT state FROM information_schema.processlist WHERE command = 'Slave_SQL' OR command = 'Slave_worker'" | grep -q "^$2"; }
caught_up() { [ "$(mysql_sql "$1" "SELECT COUNT(*) FROM app.rows WHERE writer = 'held'")" = 1 ]; }
