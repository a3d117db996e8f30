#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The executables, each of their allocations and system calls failing in its turn: they do not crash, and what is not fit is
# never said to be. tests/long/injected takes every call, here it is the first from each place in the code.

BESIDE=injected
# shellcheck source=tests/lib/own_node.bash
source "$BATS_TEST_DIRNAME/../lib/own_node.bash"

setup_file() {
	load_library
	SERVER_OPTIONS+=(--max-connect-errors=1000000)
	one_node_start
	export BATS_TEST_TIMEOUT=${INJECT_SECONDS:-60}
	inject_begin "$SERVERS"
}

setup() {
	load_library
	one_node
	states=$BATS_TEST_TMPDIR/states
	# With sanitizers it may take its time.
	as_check+=(--severity=server.response_time=note ${SANITIZED:+--timeout=8})
	keepalived=("$DBV_BIN/dbvitals-keepalived" "${as_check[@]}" --dynamic=100)
	nagios=("$DBV_BIN/check_dbvitals" "${as_check[@]}")
	plainly=("${at[@]}" --ssl-mode=disabled)
	ALL='memory memory+ calls interrupts' SOME='memory calls' FEW=memory
	# A sanitizer that reports needs some memory itself.
	LASTS='memory memory+ calls'
	[ -z "${SANITIZED:-}" ] || { ALL='memory calls interrupts' && LASTS='memory calls'; }
	[ -n "$SITES" ] || { SOME='memory calls interrupts' && FEW=$SOME; }
}

# fit ARGUMENT...: of a node that is, all is said to be well, or nothing; unfit ARGUMENT...: of one that is not, nothing
fit() {
	sweep '102|1' "$ALL" "${keepalived[@]}" "$@"
	sweep '0|2|3' "$SOME" "${nagios[@]}" "$@"
}
unfit() { sweep 1 "$SOME" "${keepalived[@]}" "$@"; }

@test "what the executables call fails in its turn, or cannot fail" {
	local program others
	for program in checkers/dbvitals-keepalived checkers/check_dbvitals checkers/dbvitals ocf/write-ip ocf/node-health; do
		nm -D --undefined-only "$DBV_BIN/../$program"
	done | sed 's/.* //; s/@.*//' | sort -u >"$BATS_TEST_TMPDIR/called"
	nm -D --defined-only "$FAIL_NTH" | sed 's/.* //' >"$BATS_TEST_TMPDIR/failing"
	# The compiler's; mysql_*, within which calls fail; memory and strings; what knows no failure, or none that a healthy
	# system has; printing, which is the write() below it.
	others=$(grep -vxFf "$BATS_TEST_TMPDIR/failing" "$BATS_TEST_TMPDIR/called" | grep -vxE -e '_.*(TMCloneTable|gmon_start__)' \
		-e '__(cxa_finalize|libc_start_main|stack_chk_fail|tls_get_addr|errno_location|a?ubsan_.*|asan_.*|gcov_.*)' -e 'mysql_.*' \
		-e '(__)?(mem|str|explicit_bzero|v?snprintf|isoc99_sscanf)[a-z_]*' -e '(__)?environ|getenv|get[a-z]*id|inet_pton|isatty' \
		-e 'sig(add|del|empty|fill)set|sigaction|(sigproc|pthread_sig)mask|pthread_attr_[a-z]*|(get|make|swap)context|munmap' \
		-e 'clock_gettime|time|free[a-z]*|dlsym|setenv' -e 'f(close|eof|error|flush|write)|puts|(__)?[df]?printf(_chk)?' \
		-e '(open|close)log|(__)?syslog(_chk)?|gai_strerror') || true
	[ -z "$others" ] || { echo "neither fails nor cannot: $others" && return 1; }
}

# shellcheck disable=SC2034  # of sweep()
@test "a crash is ours, or a library's; what is left open is ours" {
	local fault said found folder=$BATS_TEST_TMPDIR SANITIZED='' INJECT_LOG=''
	cc -shared -fPIC -O1 -o "$folder/libplanted.so" "$INJECT_HERE/planted_library.c"
	cc -o "$folder/planted" "$INJECT_HERE/planted.c" -L"$folder" -lplanted -Wl,-rpath,"$folder"
	while read -r fault said; do
		! found=$(sweep '0|1' 'memory memory+' "$folder/planted" "$fault") && [[ $found =~ $said ]] ||
			{ echo "$fault: $found" && return 1; }
	done <<-END
		own             crashed 11 planted
		own-pointer     crashed 11 libc [^ ]+ 1 planted
		own-given       crashed 11 libplanted\.so library_given 1 planted
		own-copied      crashed 11 libc [^ ]+ 1 libplanted\\.so library_copied 1 planted
		own-abort       crashed 6 libc abort [1-9] planted
		own-heap        crashed 6 libc __libc_free [1-9] planted
		library-heap    crashed 6 libc __libc_free [1-9] libplanted\\.so
		own-nowhere     crashed 11 \?
		killed          ended by a signal
		connection-left left connections 1
		result-left     left results 1
	END
	for fault in library library-pointer library-abort all-closed ended-while-open; do sweep '0|1' 'memory memory+' "$folder/planted" "$fault"; done
}

@test "a node that is fit" {
	fit "${plainly[@]}"
	sweep '102|1' "$SOME" "${keepalived[@]}" --host=localhost --port="$port" --ssl-mode=disabled --role=write
	sweep '102|1' "$FEW" "${keepalived[@]}" --socket="$SERVERS/g1/socket" --role=promote
}

@test "with TLS" {
	sweep '102|1' "$FEW" "${keepalived[@]}" "${at[@]}"
	sql g1 'SET GLOBAL wsrep_desync=ON'
	sweep 1 calls "${keepalived[@]}" "${at[@]}" --ssl-mode=verify-ca --ssl-ca="$SERVERS/tls/ca.pem"
}

@test "unfit by a status variable, by a setting, by the process list" {
	sql g1 'SET GLOBAL wsrep_desync=ON'
	unfit "${plainly[@]}"
	sql g1 'SET GLOBAL wsrep_desync=OFF; SET GLOBAL read_only=ON'
	wait_for 5 'a synced node' expect 1 read_only 3 keepalived "${TARGET[@]}" --role=write
	unfit "${plainly[@]}" --role=write
	sql g1 'SET GLOBAL read_only=OFF'
	hold g1 'FLUSH TABLES WITH READ LOCK'
	behind g1 "INSERT INTO app.t (v) VALUES ('stuck')"
	wait_for 5 'a write that waits' expect 1 writes_blocked 3 keepalived "${TARGET[@]}" --role=write -c write_stall=0
	unfit "${plainly[@]}" --role=write -c write_stall=0
}

@test "unfit as a replica" {
	sql g1 "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=1, MASTER_USER='copy'; START SLAVE IO_THREAD"
	unfit "${plainly[@]}" --mode=replication
	sql g1 'STOP SLAVE; RESET SLAVE ALL'
}

@test "what this host has: a maintenance file, an address, an interface" {
	touch "$BATS_TEST_TMPDIR/maintenance"
	mkdir "$BATS_TEST_TMPDIR/plugins"
	unfit "${plainly[@]}" --maintenance-file="$BATS_TEST_TMPDIR/maintenance" --plugin-dir="$BATS_TEST_TMPDIR/plugins"
	sql g1 'SET GLOBAL read_only=ON'
	unfit "${plainly[@]}" --role=auto --write-ip=127.0.0.1
	unfit "${plainly[@]}" --role=auto --write-ip=192.0.2.1
}

@test "what is remembered: what cannot be read does not end --recover-after" {
	local remembering=("${plainly[@]}" --state-dir="$states") down=(--maintenance-file="$BATS_TEST_TMPDIR/maintenance")
	sweep '102|1' "$SOME" "${keepalived[@]}" "${remembering[@]}"
	rm -r "$states"
	touch "$BATS_TEST_TMPDIR/maintenance"
	expect 1 '\(node\.maintenance\)' 3 "${keepalived[@]}" "${remembering[@]}" "${down[@]}"
	cp -a "$states" "$states.kept"
	# shellcheck disable=SC2034  # of sweep()
	BEFORE=states_as_before
	sweep 1 "$LASTS" "${keepalived[@]}" "${remembering[@]}" --recover-after=3600
}
# states_as_before: a run changes what is remembered
states_as_before() { rm -rf "$states" && cp -a "$states.kept" "$states"; }

@test "several nodes" {
	local nodes=(--host="127.0.0.1:$port" --host="127.0.0.2:$port" --ssl-mode=disabled)
	sweep '2|3' "$SOME" "${nagios[@]}" "${nodes[@]}" --host=127.0.0.1:1 --min-up=3
	sql g1 'SET GLOBAL wsrep_desync=ON'
	sweep '2|3' "$SOME" "${nagios[@]}" "${nodes[@]}" --write-ip=127.0.0.1
	sweep '2|3' "$FEW" "$DBV_BIN/dbvitals" status "${as_check[@]}" --ssl-mode=disabled "127.0.0.1:$port" "127.0.0.2:$port"
}

@test "the tool, without a server" {
	local captures=$BATS_TEST_DIRNAME/../data/captures tool=$DBV_BIN/dbvitals
	sweep '0|3' "$SOME" "$tool" explain "$captures"/healthy-db1.{status,variables}.tsv
	sweep '2|3' "$SOME" "$tool" explain "$captures"/cut-db1-seen-from-db1.{status,variables}.tsv
	sweep '0|3' "$FEW" "$tool" checks
	sweep '0|3' "$FEW" "$tool" grants
}
