#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# docs/examples for corosync and Pacemaker: crm, pcs and corosync take them, both tools make the same of them, and their rules
# do what their comments say. No cluster runs: the tools work on files, in namespaces of their own.

# Each example, and the one that is loaded before it.
three='fencing:empty galera:fencing gateway:galera node-health:fencing'
two='fencing-pair:empty-pair pair:fencing-pair'
chains="$three $two"

setup_file() {
	load_library
	export BATS_TEST_TIMEOUT=60 MADE=$BATS_FILE_TMPDIR
	local tool
	for tool in crm pcs; do
		empty_cib db1 db2 db3 >"$MADE/empty.$tool.xml"
		empty_cib m1 m2 >"$MADE/empty-pair.$tool.xml"
	done
	mkdir "$MADE/bin"
	# shellcheck disable=SC2016  # for that shell
	printf '#!/bin/sh\nexec /usr/sbin/pcs -f "$CIB_file" "$@"\n' >"$MADE/bin/pcs"
	chmod +x "$MADE/bin/pcs"
	# For two cores: pcs takes longest.
	make_all pcs "$three" &
	make_all crm "$chains"
	make_all pcs "$two"
	wait
}

setup() { load_library; }

load_library() {
	# shellcheck source=tests/lib/expect.bash
	source "$BATS_TEST_DIRNAME/../lib/expect.bash"
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	PATH=$PATH:/usr/sbin:/sbin
}

# empty_cib NODE...: nothing is configured, and there is quorum
empty_cib() {
	local node id=0 nodes=
	for node in "$@"; do nodes+="<node id=\"$((id += 1))\" uname=\"$node\"/>"; done
	cibadmin --empty | sed "s,<cib ,&have-quorum=\"1\" ,; s,<nodes/>,<nodes>$nodes</nodes>,"
}

# aside COMMAND...: where the agents are those that were built, and logs and caches go nowhere
aside() {
	local own=(--mount --net)
	[ "$EUID" -eq 0 ] || own+=(--map-root-user)
	# shellcheck disable=SC2016  # for the inner shell
	HOME=$MADE PATH=$MADE/bin:$PATH unshare "${own[@]}" bash -ec '
		folder=/usr/lib/ocf/resource.d
		mount -t tmpfs none /var/log
		mount -t tmpfs none /mnt
		mkdir /var/log/crmsh /mnt/{heartbeat,pacemaker,dbvitals}
		mount --bind $folder/heartbeat /mnt/heartbeat
		mount --bind $folder/pacemaker /mnt/pacemaker
		mount --bind "$1" /mnt/dbvitals
		mount --rbind /mnt $folder
		shift
		exec "$@"' - "$DBV_BIN/../ocf" "$@"
}

# make_all TOOL EXAMPLES: the CIB of each, in $MADE/EXAMPLE.TOOL.xml, and what the tool said, in $MADE/EXAMPLE.TOOL.said
make_all() {
	local chain name
	for chain in $2; do
		name=${chain%:*}
		cp "$MADE/${chain#*:}.$1.xml" "$MADE/$name.$1.xml"
		"made_by_$1" "$name" >"$MADE/$name.$1.said" 2>&1 || echo "status $?" >>"$MADE/$name.$1.said"
	done
}
made_by_crm() { CIB_file=$MADE/$1.crm.xml aside crm configure load update "docs/examples/pacemaker-$1.crm"; }
made_by_pcs() { CIB_file=$MADE/$1.pcs.xml aside bash "docs/examples/pacemaker-$1.pcs.sh"; }

agree() { diff -u --label "$1, wanted" <(echo "$2") --label "$1, found" <(echo "$3"); }

@test "crm and pcs take every example, and say nothing about it" {
	local chain name
	for chain in $chains; do
		name=${chain%:*}
		agree "crm, $name" '' "$(<"$MADE/$name.crm.said")"
		agree "pcs, $name" '' "$(grep -v '^Warning: Validation for node existence' "$MADE/$name.pcs.said")"
	done
	[ "$(find docs/examples -name 'pacemaker-*' | wc -l)" = $((2 * $(wc -w <<<"$chains"))) ]
}

@test "crm and pcs make the same of every example, and Pacemaker finds no fault with it" {
	local chain name tool
	for chain in $chains; do
		name=${chain%:*}
		for tool in crm pcs; do
			run crm_verify --verbose --xml-file "$MADE/$name.$tool.xml"
			# shellcheck disable=SC2154
			[[ $output != *error* ]] || { echo "$name, $tool: $output" && return 1; }
			python3 tests/lib/cib_lines.py "$MADE/$name.$tool.xml" >"$MADE/$tool.lines"
		done
		[ "$(wc -l <"$MADE/crm.lines")" -gt 10 ]
		diff -u "$MADE/crm.lines" "$MADE/pcs.lines"
	done
}

# begin EXAMPLE NODE...: all of it runs on these nodes; row and its like go on from there
begin() {
	local node up=()
	for node in "${@:2}"; do up+=(--node-up "$node"); done
	CIB=$MADE/$1.now.xml
	crm_simulate --xml-file "$MADE/$1.crm.xml" --simulate "${up[@]}" --save-output "$CIB" >/dev/null
}

# tell NAME=VALUES...: attributes of all nodes, and no others; "–" is none
tell() {
	local id pair values pairs change='/<transient_attributes/,/<[/]transient_attributes/d'
	for id in 1 2 3; do
		pairs=
		for pair in "$@"; do
			read -ra values <<<"${pair#*=}"
			[ "${values[id - 1]:-–}" = – ] || pairs+="<nvpair id=\"status-$id-${pair%%=*}\" name=\"${pair%%=*}\" value=\"${values[id - 1]}\"/>"
		done
		change+="; s,<node_state id=\"$id\"[^>]*>,&\n<transient_attributes id=\"$id\">\n<instance_attributes id=\"status-$id\">"
		change+="$pairs</instance_attributes>\n</transient_attributes>,"
	done
	sed -i "$change" "$CIB"
}

# settle RESOURCE: what the cluster does now is done; prints where the resource is, in the role Promoted where it has roles
settle() {
	crm_simulate --xml-file "$CIB" --simulate --save-output "$CIB.settled" | sed '1,/^Revised Cluster Status/d' |
		sed -nE "/ $1[-\t]/,/^$/{ s/.* \* Promoted: \[ (.*) \]/\1/p; s/.* $1\t.* Started (.*)/\1/p }"
	mv "$CIB.settled" "$CIB"
}

# row SCORES GATEWAYS WANTED: of db1, db2 and db3, while db1 has the address
row() {
	local found
	cp "$CIB" "$CIB.kept"
	tell master-write-ip="$1" gateway="$2"
	found=$(settle write-ip)
	mv "$CIB.kept" "$CIB"
	[ "${found:-nowhere}" = "$3" ] || { echo "$1, $2: $found, not $3" && return 1; }
}
# held_on_db1 EXAMPLE
held_on_db1() {
	begin "$1" db1 db2 db3
	tell master-write-ip='1000 -INFINITY -INFINITY'
	[ "$(settle write-ip)" = db1 ]
}

@test "write-ip: where scores put the address" {
	held_on_db1 galera
	row '3000 1000 1000'                '– – –' db1
	row '2000 1000 1000'                '– – –' db1
	row '-INFINITY 750 1000'            '– – –' db3
	row '-INFINITY 250 -INFINITY'       '– – –' db2
	row '-INFINITY 1 -INFINITY'         '– – –' db2
	row '1 1000 -INFINITY'              '– – –' db2
	row '1 -INFINITY -INFINITY'         '– – –' db1
	row '– -INFINITY 1000'              '– – –' db3
	row '-INFINITY -INFINITY -INFINITY' '– – –' nowhere
	row '– – –'                         '– – –' nowhere
}

@test "gateway: a bonus for whoever reaches it, and no ban" {
	held_on_db1 gateway
	row '3000 1000 1000'                '1 1 1' db1
	row '3000 750 1000'                 '0 1 1' db3
	row '3000 750 1000'                 '– 1 1' db3
	row '3000 -INFINITY 250'            '0 1 1' db3
	row '3000 -INFINITY -INFINITY'      '0 1 1' db1
	row '2000 1000 1000'                '0 0 1' db3
	# The gateway itself is gone, or nobody has asked for it yet.
	row '3000 1000 1000'                '0 0 0' db1
	row '2000 1000 1000'                '0 0 0' db1
	row '3000 1000 1000'                '– – –' db1
	# Fitness goes first.
	row '-INFINITY 1000 -INFINITY'      '1 0 1' db2
	row '-INFINITY -INFINITY -INFINITY' '1 1 1' nowhere
	row '1 1000 -INFINITY'              '1 1 1' db2
	row '1 -INFINITY -INFINITY'         '0 1 1' db1
	# Who has told nothing is not chosen for the gateway's sake.
	row '-INFINITY – 250'               '1 1 0' db3
	row '– – –'                         '1 1 1' nowhere
}

# weights DB1 DB2 DB3 WANTED: while db1 has the address
weights() {
	local found
	cp "$CIB" "$CIB.kept"
	tell dbvitals-write="$1 $2 $3"
	found=$(settle write-address)
	mv "$CIB.kept" "$CIB"
	[ "${found:-nowhere}" = "$4" ] || { echo "$*: $found" && return 1; }
}

@test "node-health: where weights put a plain IPaddr2" {
	begin node-health db1 db2 db3
	tell dbvitals-write='100 0 0'
	[ "$(settle write-address)" = db1 ]
	weights 100 100 100 db1
	weights 75  100 100 db1
	weights 25  75  100 db1
	weights 0   25  0   db2
	weights 0   75  100 db3
	# Nobody knows how db1 is.
	weights 1   100 0   db2
	weights 1   75  0   db1
	weights 1   0   0   db1
	weights –   50  0   db2
	weights 0   0   0   nowhere
}

# delay HOST: how many seconds fencing it is put off for the address's sake
delay() {
	crm_simulate --xml-file "$CIB" --simulate --node-fail "$1" --save-graph "$MADE/graph" >/dev/null
	xmllint --xpath "string(//crm_event[@operation='stonith' and @on_node='$1']/attributes/@CRM_meta_priority_fencing_delay)" "$MADE/graph"
}

@test "pair: cut off from each other, the one with the address wins" {
	begin pair m1 m2
	tell master-write-ip='-INFINITY 1000'
	[ "$(settle write-ip)" = m2 ]
	[ "$(delay m1)" = 0 ]
	[ "$(delay m2)" = 10 ]
}

# corosync_alone FILE: what corosync says of the votes (expected, needed, how they count), as the first host of FILE and alone
corosync_alone() {
	local own=(--mount --net --ipc --pid --fork --mount-proc --kill-child)
	[ "$EUID" -eq 0 ] || own+=(--map-root-user)
	# shellcheck disable=SC2016  # for the inner shell
	unshare "${own[@]}" bash -c '
		for folder in /etc/corosync /dev/shm /run /var/lib/corosync /var/log; do mount -t tmpfs none $folder || exit; done
		mkdir /run/lock /var/log/corosync
		head -c 256 /dev/urandom >/etc/corosync/authkey
		ip link set lo up
		ip address add "$(sed -nE "0,/ring0_addr/s/.*ring0_addr: //p" "$1")/24" dev lo
		corosync -f -c "$1" >/run/said 2>&1 &
		for ((i = 0; i < 100; i++)); do
			sleep 0.1
			corosync-quorumtool -s 2>/dev/null | grep -E "^(Expected votes|Quorum|Flags):" && exit
		done
		cat /run/said
		exit 1' - "$1" | sed -E 's/^[^:]*: *//; s/ *$//' | paste -sd,
}

# votes FILE WANTED
votes() { agree "$1" "$2" "$(corosync_alone "$1")"; }

@test "corosync takes its examples, and counts votes as they say" {
	votes docs/examples/corosync-three-nodes.conf '3,2 Activity blocked,'
	votes docs/examples/corosync-two-nodes.conf '2,1 Activity blocked,2Node WaitForAll'
	# The third vote comes with corosync-qdevice.
	votes docs/examples/corosync-two-nodes-qdevice.conf '2,2 Activity blocked,'
	[ "$(find docs/examples -name 'corosync-*' | wc -l)" = 3 ]
}

# shellcheck disable=SC2016  # the backticks are Markdown's
# documented: the commands of docs/pacemaker.md: its blocks, and what it says of pcs in passing
documented() {
	sed -n '/^```sh$/,/^```$/{ /^```/!p }' docs/pacemaker.md
	tr '\n' ' ' <docs/pacemaker.md | grep -oE '`pcs [^`]+`' | tr -d '`'
}

# typed COMMAND: on the configuration in $CIB; "cluster" for what needs a running one, or changes the machine
typed() {
	case $1 in
	'crm configure load update '*) [ -e "docs/examples/${1##* }" ] ;;
	'pcs cluster setup '*) aside bash -c "/usr/sbin/$1 --corosync_conf $MADE/corosync.conf" && votes "$MADE/corosync.conf" '3,2 Activity blocked,' ;;
	'pcs host '* | 'pcs cluster '* | 'pcs quorum '* | 'pcs resource move '* | 'crm_resource --wait') echo cluster ;;
	'crm '* | crm_* | 'pcs '*) CIB_file=$CIB aside bash -c "$1" ;;
	'dbvitals '*) PATH=$DBV_BIN:$PATH bash -c "$1" ;;
	# tests/long/pacemaker_all.bats and the guides have these.
	'cat /var/lib/mysql/grastate.dat' | galera_* | "sed -i 's/^safe_to_bootstrap"*) echo cluster ;;
	apt-get* | corosync-* | dbvitals-keepalived* | install* | scp* | stonith_admin* | systemctl*) echo cluster ;;
	*) echo "nobody knows how to try this" && return 1 ;;
	esac
}

@test "docs/pacemaker.md: what can be typed without a cluster is taken" {
	local command commands tried=0
	begin galera db1 db2 db3
	tell master-write-ip='1000 -INFINITY -INFINITY'
	[ "$(settle write-ip)" = db1 ]
	cp "$CIB" "$CIB.kept"
	mapfile -t commands < <(documented)
	for command in "${commands[@]}"; do
		# After what removes the resource, it is there again.
		[[ $(<"$CIB") == *'<primitive id="write-ip"'* ]] || cp "$CIB.kept" "$CIB"
		run typed "$command"
		# shellcheck disable=SC2154
		[ "$status" = 0 ] || { echo "$command: $output" && return 1; }
		[ "$output" = cluster ] || tried=$((tried + 1))
	done
	[ "$tried" -ge 20 ]
}
