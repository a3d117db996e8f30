#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What only several looks can tell, with --state-dir, on m1 of a real pair and on its files. m1
# follows m2 through a relay.

setup_file() {
	load_library
	pair_start
	compile_log_catcher
}

teardown_file() {
	load_library
	servers_end
}

load_library() {
	# shellcheck source=tests/lib/pair.bash
	source "$BATS_TEST_DIRNAME/../lib/pair.bash"
	# shellcheck source=tests/lib/log_catcher.bash
	source "$BATS_TEST_DIRNAME/../lib/log_catcher.bash"
}

setup() {
	load_library
	pair
	states=$SERVERS/states.$BATS_TEST_NUMBER
	remembering=("${TARGET[@]}" --state-dir="$states")
}

teardown() { pair_restore; }

# look ROLE [ARGUMENT...]: one more look, whatever it finds
look() { keepalived "${remembering[@]}" --role="$1" "${@:2}" >/dev/null || true; }
state_file() { find "$states" -name "$1,*,$2*"; }
applied_all() { replica Seconds_Behind_Master 0; }

@test "received is counting, applied is not" {
	local role
	hold m1 'LOCK TABLES app.t WRITE'
	sql m2 "INSERT INTO app.t (v) VALUES ('stalled')"
	wait_for 5 'it to arrive' replica Seconds_Behind_Master '[1-9]'
	for role in read write promote; do look "$role"; done
	wait_for 5 'two seconds' expect 52 '\(replication\.stalled\)' 3 keepalived "${remembering[@]}" --role=read --dynamic=100
	expect 0 '^UP: ' 3 keepalived "${remembering[@]}" --role=write
	expect 27 '\(replication\.stalled\)' 3 keepalived "${remembering[@]}" --role=promote --dynamic=100
	release m1
	wait_for 10 'all to be applied' applied_all
	expect 0 '^UP: ' 3 keepalived "${remembering[@]}" --role=read
}

@test "without an earlier look nothing is stalled" {
	hold m1 'LOCK TABLES app.t WRITE'
	sql m2 "INSERT INTO app.t (v) VALUES ('once')"
	wait_for 10 'a lag of two seconds' replica Seconds_Behind_Master '[2-9]'
	verdict replication.not_caught_up  –       –       75
	verdict replication.stalled        –       –       –   --severity=replication.not_caught_up=ignore
}

@test "a frozen source reads Yes, Yes, 0: its heartbeats stop" {
	sql m1 'STOP SLAVE; CHANGE MASTER TO MASTER_HEARTBEAT_PERIOD=0.5; START SLAVE'
	wait_for 5 'the threads' replica Slave_IO_Running Yes
	look read
	look promote
	node_freeze m2
	wait_for 10 'the silence' expect 52 'neither a byte nor a heartbeat.*\(replication\.silent\)' 3 \
		keepalived "${remembering[@]}" --dynamic=100
	replica Slave_IO_Running Yes
	replica Seconds_Behind_Master 0
	expect 52 '\(replication\.silent\)' 3 keepalived "${remembering[@]}" --role=promote --dynamic=100
	node_thaw m2
	wait_for 10 'the source to speak again' expect 0 '^UP: ' 3 keepalived "${remembering[@]}"
	sql m1 'STOP SLAVE; CHANGE MASTER TO MASTER_HEARTBEAT_PERIOD=30'
}

@test "a candidate that lost its source a moment ago is better than none" {
	look promote
	node_kill m2
	wait_for 10 'the connection to be lost' replica Slave_IO_Running Connecting
	expect 52 'last contact [0-9.]+ s ago.*\(replication\.io_connecting\)' 3 keepalived "${remembering[@]}" --role=promote --dynamic=100
	expect 1 '\(replication\.io_connecting\)' 3 keepalived "${remembering[@]}" --role=promote --max-disconnect=0
	expect 1 '\(replication\.io_connecting\)' 3 keepalived "${TARGET[@]}" --role=promote
	node_start m2
	node_wait m2
}

@test "--recover-after: a node that was down is not trusted at once" {
	node_stop m1
	expect 1 '\(server\.unreachable\)' 3 keepalived "${remembering[@]}" --recover-after=3
	node_start m1
	node_wait m1
	wait_for 10 'replication' replica Slave_IO_Running Yes
	expect 1 'was down [0-9.]+ s ago.*\(node\.recovering\)' 3 keepalived "${remembering[@]}" --recover-after=30
	wait_for 10 'three seconds to pass' expect 0 '^UP: ' 3 keepalived "${remembering[@]}" --recover-after=3
}

@test "how long it has been so" {
	look read
	plugin "${remembering[@]}" >/dev/null
	wait_for 5 'a second in this state' told_since
	[[ $(plugin "${remembering[@]}" --json) =~ \"state_s\":[1-9] ]]
}
told_since() { plugin "${remembering[@]}" -v | grep -qx 'up for [1-9][0-9]* s'; }

@test "--syslog: one line on a change, none otherwise" {
	local log=$BATS_TEST_TMPDIR/log
	logging() { LOG_CAUGHT=$log caught keepalived "${remembering[@]}" --syslog; }
	logging
	logging
	[ ! -e "$log" ]
	sql m1 'STOP SLAVE IO_THREAD'
	logging
	logging
	[ "$(wc -l <"$log")" = 1 ]
	grep -Eq "^3 dbvitals-keepalived 127\.0\.0\.1:[0-9]+, role read: down: .*\(replication\.io_stopped\); was up for [0-9]+ s\$" "$log"
	sql m1 'STOP SLAVE SQL_THREAD; START SLAVE IO_THREAD'
	wait_for 5 'the IO thread' replica Slave_IO_Running Yes
	logging
	[ "$(wc -l <"$log")" = 2 ]
	grep -q 'replication.sql_stopped); was down for .* (replication.io_stopped)$' "$log"
	sql m1 'START SLAVE'
	wait_for 5 'the SQL thread' replica Slave_SQL_Running Yes
	logging
	[ "$(wc -l <"$log")" = 3 ]
	tail -n 1 "$log" | grep -q '^5 .*: up; was down for'
}

@test "--syslog and --recover-after want --state-dir" {
	expect 1 - 3 keepalived "${TARGET[@]}" --syslog
	[[ $output == *'--syslog wants --state-dir'* ]]
	expect 3 - 3 plugin "${TARGET[@]}" --recover-after=5
	[[ $output == *'--recover-after wants --state-dir'* ]]
}

@test "the files are private, one a program, node, role and channel" {
	keepalived "${remembering[@]}"
	keepalived "${remembering[@]}" --role=promote
	plugin "${remembering[@]}"
	plugin "${remembering[@]}" --channel=west || true
	[ "$(find "$states" -type f | wc -l)" = 4 ]
	[ -z "$(find "$states" -perm /077)" ]
	[ "$(stat -c %a "$states")" = 700 ]
}

@test "a file that cannot be used is ignored with a note, and replaced" {
	local file kind
	look promote
	file=$(state_file dbvitals-keepalived promote)
	sql m1 'STOP SLAVE; CHANGE MASTER TO MASTER_PORT=1; START SLAVE'
	wait_for 10 'the connection to fail' replica Slave_IO_Running Connecting
	cp -p "$file" "$BATS_TEST_TMPDIR/good"
	for kind in torn empty garbage huge foreign reboot writable link folder owner; do
		rm -rf "$file"
		cp -p "$BATS_TEST_TMPDIR/good" "$file"
		spoil "$kind" "$file"
		# What it says would make a candidate of 50 out of this node.
		expect 1 '\(replication\.io_connecting\)' 3 keepalived "${remembering[@]}" --role=promote
		cp -p "$BATS_TEST_TMPDIR/good" "$BATS_TEST_TMPDIR/again"
		rm -rf "$file"
		cp -p "$BATS_TEST_TMPDIR/good" "$file"
		spoil "$kind" "$file"
		keepalived "${remembering[@]}" --role=promote -v | grep -q '^warning: .' || {
			echo "no note: $kind"
			false
		}
	done
	rm -rf "$file"
	cp -p "$BATS_TEST_TMPDIR/good" "$file"
	expect 52 '\(replication\.io_connecting\)' 3 keepalived "${remembering[@]}" --role=promote --dynamic=100
	sql m1 "STOP SLAVE; CHANGE MASTER TO MASTER_PORT=$(<"$SERVERS/relay_port")"
}

# spoil KIND FILE: what may have happened to it
spoil() {
	case $1 in
	torn) truncate -s -9 "$2" ;;
	empty) : >"$2" ;;
	garbage) head -c 4096 /dev/urandom >"$2" ;;
	huge) head -c 2000000 /dev/zero >"$2" ;;
	foreign) sed -i '1s/127\.0\.0\.1/127.0.0.2/' "$2" ;;
	reboot) sed -i '1s/[0-9a-f]*$/00000000/' "$2" ;;
	writable) chmod 0666 "$2" ;;
	link) mv "$2" "$states/elsewhere" && ln -s elsewhere "$2" ;;
	folder) rm "$2" && mkdir "$2" ;;
	owner) if [ "$EUID" -eq 0 ]; then chown mysql "$2"; else chmod 0666 "$2"; fi ;;
	esac
}

@test "a directory that cannot be used changes no verdict" {
	local place
	touch "$BATS_TEST_TMPDIR/file"
	for place in "$BATS_TEST_TMPDIR/file" "$BATS_TEST_TMPDIR/no/such/parent"; do
		expect 0 'UP: ' 3 keepalived "${TARGET[@]}" --state-dir="$place"
		plugin "${TARGET[@]}" --state-dir="$place" -v 2>/dev/null | grep -q '^warning: .'
	done
}

@test "a full or read-only file system changes no verdict" {
	local options
	for options in size=4k,nr_inodes=2 ro; do
		expect 0 'UP: ' 3 unshare -m "$BASH" -c "mount -t tmpfs -o $options none '$BATS_TEST_TMPDIR' &&
			exec '$DBV_BIN/dbvitals-keepalived' ${TARGET[*]} --state-dir='$BATS_TEST_TMPDIR'"
	done
}

@test "a directory that is slow to answer: the line says so" {
	expect 1 'waited for the state directory' 4 strace -f -qq -o /dev/null -P "$states" -e inject=openat:delay_enter=2500000 \
		"$DBV_BIN/dbvitals-keepalived" "${TARGET[@]}" --state-dir="$states" --timeout=1
}

# linked COMMAND...: in a network of its own, with the interfaces a0 and b0 in it
linked() {
	unshare -n "$BASH" -c 'ip link add a0 type veth peer name a1 && ip link add b0 type veth peer name b1 && ip addr add 10.9.8.1/24 dev a0 &&
		ip addr add 10.9.8.2/24 dev b0 && '"$*"
}

@test "the interface of the write address" {
	local ask="exec '$DBV_BIN/dbvitals-keepalived' --host=10.9.8.9 --timeout=0.2 -v --write-ip"
	linked "$ask=10.9.8.1 --role=write" | grep -q 'down node.no_link: a0, the interface of 10.9.8.1, has no carrier'
	linked "$ask=10.9.8.100 --role=promote" | grep -q 'down node.no_link'
	[ "$(linked "ip link set b0 up && ip link set b1 up && $ask=10.9.8.100 --role=promote" | grep -c node.no_link)" = 0 ]
	linked "ip link set b0 up && ip link set b1 up && $ask=10.9.8.1 --role=auto" | grep -q 'down node.no_link: a0'
	[ "$(linked "$ask=10.9.8.1 --role=read" | grep -c node.no_link)" = 0 ]
	[ "$(linked "$ask=192.0.2.1 --role=promote" | grep -c node.no_link)" = 0 ]
}

@test "a restarted server's numbers are not compared" {
	look read
	node_stop m1
	node_start m1
	node_wait m1
	wait_for 10 'replication' replica Slave_IO_Running Yes
	keepalived "${remembering[@]}" -v | grep -q '^warning: .* restarted since the last look'
}

@test "many at once leave a whole file" {
	local number looks=()
	for number in {1..20}; do
		look read &
		looks+=("$!")
	done
	wait "${looks[@]}"
	plugin "${remembering[@]}" >/dev/null
	[ "$(keepalived "${remembering[@]}" -v | grep -c '^warning: ')" = 0 ]
}
