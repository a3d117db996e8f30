#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The write address by keepalived alone: what docs/keepalived-vrrp.md says beside what tests/integration/vrrp.bats proves, and what
# VRRP cannot promise: hosts that do not hear each other each take the address. Whether clients on either side can then write
# is the database's affair. What happened then is written into build/vrrp-split.txt, times in seconds since the fault.

load ../lib/own_lab

setup_file() {
	export BATS_TEST_TIMEOUT=180 DBVITALS_LAB=/run/dbvitals-split-$$
	load_lab
	lab_end_with_me
	: >"$LAB_TREE/build/vrrp-split.txt"
}

GALERA=(galera manager=keepalived)
# Nobody else switches read_only off where the address goes.
PAIR=(pair manager=keepalived read-only=OFF)

# page WORD: from this line of the documentation to the end of its block, with the lab's addresses
page() {
	sed -n "/^ *$1/,/^\`\`\`/{/\`\`\`/d; s/192\.0\.2\./10.77.0./g; p}" "$LAB_TREE/docs/keepalived-vrrp.md" >"$BATS_TEST_TMPDIR/page"
	[ -s "$BATS_TEST_TMPDIR/page" ] && echo "r $BATS_TEST_TMPDIR/page"
}
# The documentation's own lines in place of the example's.
as_pair() { printf '/^ *script /{\n%s\nd\n}' "$(page 'script "')"; }
over_galera_network() { printf '/^ *interface /{\n%s\nd\n}; /virtual_ipaddress/,/}/d' "$(page 'interface eth1')"; }

# vrrp CHANGE KIND SETTING...: a lab of that kind, with the example changed like this
vrrp() {
	[ "$(lab_kind)" = "$2" ] || lab_down
	lab_up "${@:2}" && vrrp_load keepalived-vrrp-script.conf "$1"
}

# split NAME WHAT COMMAND...: the fault, until two hosts have the address
split() {
	prove_begin "$1" 3000
	"${@:3}"
	PAUSE=0.02 wait_for 10 'the other side to take the address' on_two_hosts
	note "$2; the address was on $HOLDER"
	note "  $(since "$FAULT_AT")  it is on $(holder)"
	NEW=$(holder | tr ' ' '\n' | grep -vx "$HOLDER")
}
on_two_hosts() { [ "$(holder | wc -w)" = 2 ]; }
note() { echo "$*" >>"$LAB_TREE/build/vrrp-split.txt"; }

# accepts HOST: a row that a client on this side of the split writes to the address; hangs HOST: Galera does not know yet
# whether it is part of anything; refuses HOST: it knows that it is not
accepts() {
	writes "$1" || return
	note "  $(since "$FAULT_AT")  a client beside $1 wrote a row"
}
writes() {
	on "$1" timeout 3 mariadb --no-defaults -h "$WRITE_IP" -u app -p"$PASSWORD" app -e \
		"INSERT INTO app.rows (writer, number, server, filler) VALUES ('$NAME by hand', ${HOST_NUMBER[$1]}, @@hostname, '')"
}
refuses() {
	local said
	if said=$(writes "$1" 2>&1); then return 1; fi
	[[ $said == *'ERROR 1047'*WSREP* || $said == *'Not connected to Primary Component'* ]] || { echo "$1 refuses by: $said" && return 1; }
}
hangs() {
	local status=0
	writes "$1" 2>"$BATS_TEST_TMPDIR/hangs" || status=$?
	[ "$status" = 124 ] || grep -qE 'ERROR (1047|1180|1213) ' "$BATS_TEST_TMPDIR/hangs" || { cat "$BATS_TEST_TMPDIR/hangs" && return 1; }
}
# row_by HOST ON: what a client beside HOST wrote is there
row_by() { [ "$(mysql_sql "$2" "SELECT server FROM app.rows WHERE writer = '$NAME by hand' AND number = ${HOST_NUMBER[$1]}")" = "$1" ]; }
each_row() { local node; for node in $(nodes); do row_by "$HOLDER" "$node" && row_by "$NEW" "$node" || return; done; }

# lets_go: the old holder, by itself
lets_go() {
	wait_for 30 'the old holder to give the address up' held_by "$NEW"
	note "  $(since "$FAULT_AT")  it is on $NEW alone"
}

@test "keepalived stopped in order: the address moves within a second" {
	vrrp '' "${GALERA[@]}"
	prove_begin ended
	on "$HOLDER" pkill -TERM -x keepalived
	PAUSE=0.02 wait_for 5 'another host to have the address' held_by_other "$HOLDER"
	[[ $(since "$FAULT_AT") == 0.* ]]
	moved
	prove_end
}

@test "keepalived reloaded, on each host: the address stays, and still goes from who is not fit" {
	vrrp '' "${GALERA[@]}"
	prove_begin reloaded 2000
	for node in $(nodes); do
		stays vrrp_reload "$node"
		# Two looks of each script.
		stays sleep 5
	done
	reject_queries "$HOLDER" ALL
	moved
	becomes "$HOLDER" FAULT
	vrrp_reload "$HOLDER"
	stays_with "$(holder)" 5
	prove_end
}
# stays_with HOST SECONDS: it alone has the address all the time
stays_with() {
	local since
	since=$(now)
	while awk -v t="$(since "$since")" -v most="$2" 'BEGIN { exit t > most }'; do held_by "$1" || return; done
}

@test "a dead host, and one that has lost Galera's network alone: the address moves" {
	vrrp '' "${GALERA[@]}"
	prove_begin dead
	power_off "$HOLDER"
	moved
	prove_end

	prove_begin alone
	cut_off "$HOLDER" cluster
	moved
	becomes "$HOLDER" FAULT
	prove_end
}

@test "two of three servers gone, or no checker let in: the address is nowhere" {
	vrrp '' "${GALERA[@]}"
	prove_begin two-gone 2000
	server_kill "$HOLDER"
	server_kill "$(third)"
	nowhere
	prove_end

	prove_begin password 2000
	check_password "$HOLDER" changed
	nowhere "$NAME-a" "$NAME-b"
	check_password "$OTHER" "$PASSWORD"
	returns
	prove_end
}

@test "Galera, the holder cut off from all: two have the address, one takes writes" {
	vrrp '' "${GALERA[@]}"
	split all 'Galera, nothing passes between the holder and all others' cut_all
	hangs "$HOLDER"
	wait_for 20 'the others to go on' accepts "$NEW"
	refuses "$HOLDER"
	lets_go
	mend "$HOLDER"
	prove_end
}

@test "Galera, the clients' network alone cut in two: two have the address, and both take writes" {
	vrrp '' "${GALERA[@]}"
	split clients "Galera, nothing passes between the holder and all others in the clients' network alone" cut_clients
	accepts "$HOLDER"
	accepts "$NEW"
	wait_for 10 'both rows on every host' each_row
	sleep 5
	on_two_hosts
	mend "$HOLDER"
	wait_for 10 'one of them to give up' healthy
	note "  mended: it is on $(holder)"
	prove_end
}
cut_clients() { cut_off_silently "$HOLDER" clients; }

@test "Galera, keepalived killed on the holder: two have the address, and both take writes" {
	vrrp '' "${GALERA[@]}"
	split keepalived 'Galera, keepalived killed on the holder' killed_keepalived
	accepts "$HOLDER"
	accepts "$NEW"
	sleep 5
	on_two_hosts
	vrrp_start "$HOLDER"
	wait_for 10 'it to be taken away' held_by "$NEW"
	note "  keepalived started again: it is on $(holder)"
	prove_end
}
killed_keepalived() { vrrp_kill "$HOLDER"; }

@test "Galera, advertisements over its own network: no cut makes two writers" {
	vrrp "$(over_galera_network)" "${GALERA[@]}"
	prove_begin own-clients 3000
	cut_clients
	note "Galera, advertisements over its network, the clients' network cut; the address stays on $HOLDER"
	accepts "$HOLDER"
	sleep 5
	held_by "$HOLDER"
	prove_end

	split own-cluster "Galera, advertisements over its network, which is cut" cut_cluster
	hangs "$HOLDER"
	wait_for 20 'the others to go on' accepts "$NEW"
	refuses "$HOLDER"
	lets_go
	prove_end

	prove_begin own-link 3000
	cut_off "$HOLDER" clients
	moved
	prove_end
}
cut_cluster() { cut_off_silently "$HOLDER" cluster; }

@test "a pair, the holder cut off from all: two have the address, both take writes, and they differ for ever" {
	vrrp "$(as_pair)" "${PAIR[@]}"
	mysql_sql m1 "INSERT INTO app.rows (writer, number, server, filler) VALUES ('shared', 1, 'm1', 'before')"
	wait_for 10 'the row on the other side' shared_row m2 before
	split pair 'a pair, nothing passes between the two' cut_all
	accepts "$HOLDER"
	accepts "$NEW"
	for node in $(nodes); do mysql_sql "$node" "UPDATE app.rows SET filler = '$node' WHERE writer = 'shared'"; done
	sleep 5
	on_two_hosts
	mend "$HOLDER"
	wait_for 20 'replication to go on' each_row
	for node in $(nodes); do mysqld_serves "$node"; done
	shared_row m1 m2
	shared_row m2 m1
	note '  mended: replication runs, and a row that both had changed has on each side the value of the other'
	prove_end
}
cut_all() { cut_off_silently "$HOLDER"; }
shared_row() { [ "$(mysql_sql "$1" "SELECT filler FROM app.rows WHERE writer = 'shared'")" = "$2" ]; }

@test "a pair: who has rows to apply takes the address when they are applied; who does not replicate, never" {
	vrrp "$(as_pair)" "${PAIR[@]}"
	prove_begin behind
	hold "$OTHER" lock 'LOCK TABLES app.rows READ'
	sleep 1
	server_kill "$HOLDER"
	nowhere
	sleep 5
	held_by ''
	release "$OTHER" lock
	returns
	held_by "$OTHER"
	prove_end

	prove_begin stopped
	mysql_sql "$OTHER" 'STOP SLAVE'
	becomes "$OTHER" FAULT
	held_by "$HOLDER"
	server_kill "$HOLDER"
	nowhere
	sleep 5
	held_by ''
	mysql_sql "$OTHER" 'START SLAVE'
	returns
	held_by "$OTHER"
	prove_end
}
