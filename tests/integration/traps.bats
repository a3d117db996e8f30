#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Whatever happens to dbvitals-keepalived, its exit status is 0 or 1, or with --dynamic a weight that was meant: 2 to 255
# are healthy to misc_dynamic. Asked of one Galera node that is well, and of it frozen.

# shellcheck source=tests/lib/own_node.bash
source "$BATS_TEST_DIRNAME/../lib/own_node.bash"

setup() {
	load_library
	one_node
	program=$DBV_BIN/dbvitals-keepalived
	checker=("$program" "${TARGET[@]}")
	file=$BATS_TEST_TMPDIR/client.cnf
	(umask 077 && printf '[client]\nuser=check\n' >"$file")
	cd "$BATS_TEST_TMPDIR" || return 1
}

# with PLAIN DYNAMIC COMMAND...: COMMAND, with and without --dynamic=253 behind it, ends so (a pattern) in four seconds.
# A shell's number for a signal, 128 and more, is a signal to keepalived: failed.
with() {
	ends "$1" "${@:3}" && ends "$2" "${@:3}" --dynamic=253
}
ends() {
	local wanted=$1 got=0 since output
	shift
	since=$(date +%s%3N)
	output=$(timeout -k 1 20 "$@" 2>&1 </dev/null 3>&-) || got=$?
	[[ $got =~ ^($wanted)$ ]] || { echo "exit $got instead of $wanted: $*: $output" && return 1; }
	[ $(($(date +%s%3N) - since)) -lt 4000 ] || { echo "took too long: $*: $output" && return 1; }
}

# limited: the sanitizers' own memory is beyond every limit
limited() { [ -z "${SANITIZED:-}" ] || skip 'a sanitizer needs more'; }

@test "what was typed" {
	with 1 1 "${checker[@]}" --no-such-option
	with 1 1 "${checker[@]}" argument
	with 1 1 "${checker[@]}" --timeout=-1
	with 1 1 "${checker[@]}" --mode
	with 1 1 "${checker[@]}" --help
	with 1 1 "${checker[@]}" --version
	with 1 1 "${checker[@]}" -h db1
	with 1 1 "${checker[@]}" -H db1 -H db2
	with 1 1 "${checker[@]}" --role=auto
	with 1 1 "${checker[@]}" "--$(printf %070000d 0)"
	with 1 1 "${checker[@]}" --self-test --mode=none
	with 1 1 "$program" -H "$(printf %070000d 0)"
	ends 1 "${checker[@]}" --dynamic
	ends 1 "${checker[@]}" --dynamic=
	ends 1 "${checker[@]}" --dynamic=0
	ends 1 "${checker[@]}" --dynamic=254
	ends 1 "${checker[@]}" --dynamic=253 --dynamic=x
	ends 1 "${checker[@]}" --dynamic=253 --dynamic
	ends 0\|1 "${checker[@]}" --dynamic=253 --self-test
}

@test "the option file" {
	with 1 1 "$program" "${at[@]}" --defaults-file="$BATS_TEST_TMPDIR/none"
	with 1 1 "$program" "${at[@]}" --defaults-file="$BATS_TEST_TMPDIR"
	with 1 1 "$program" "${at[@]}" --defaults-file=/dev/null
	mkfifo pipe
	with 1 1 "$program" "${at[@]}" --defaults-file=pipe
	printf '[dbvitals]\nno-such-key=1\n' >"$file"
	with 1 1 "$program" "${at[@]}" --defaults-file="$file"
	printf '[dbvitals]\nuser=a\0b\n' >"$file"
	with 1 1 "$program" "${at[@]}" --defaults-file="$file"
	head -c 70000 /dev/zero | tr '\0' '\n' >"$file"
	with 1 1 "$program" "${at[@]}" --defaults-file="$file"
	chmod 0666 "$file"
	with 1 1 "$program" "${at[@]}" --defaults-file="$file"
	[ "$EUID" -ne 0 ] || with 1 1 setpriv --reuid=mysql --regid=mysql --clear-groups "${checker[@]}"
}

@test "surroundings that are not as usual" {
	with 0 255 env -i "${checker[@]}"
	with 0 255 env LC_ALL=xx_YY.UTF-8 LANG=no-such-locale "${checker[@]}"
	with 0 255 env HOME=/none TZ=/none PATH= TMPDIR=/none "${checker[@]}"
	with 0 255 env MARIADB_PLUGIN_DIR=/none SSL_CERT_FILE=/none OPENSSL_CONF=/none "${checker[@]}"
	# shellcheck disable=SC2016
	with 0 255 bash -c 'exec -a "" "$@"' - "${checker[@]}"
	# shellcheck disable=SC2016
	with 0 255 bash -c 'mkdir -p gone && cd gone && rmdir ../gone && exec "$@"' - "${checker[@]}"
	if [ "$EUID" -eq 0 ]; then
		install -g mysql -m 0640 "$SERVERS/check.cnf" "$SERVERS/of-mysql.cnf"
		with 0 255 setpriv --reuid=54321 --regid=mysql --clear-groups "$program" "${at[@]}" \
			--defaults-file="$SERVERS/of-mysql.cnf"
	fi
}

@test "descriptors" {
	# shellcheck disable=SC2016
	local closed='exec "$@"'
	with 0 255 bash -c "$closed <&-" - "${checker[@]}"
	with 0 255 bash -c "$closed >&-" - "${checker[@]}"
	with 0 255 bash -c "$closed <&- >&- 2>&-" - "${checker[@]}"
	with 0 255 bash -c "$closed >/dev/full" - "${checker[@]}"
	with 0 255 bash -c "$closed </dev/zero" - "${checker[@]}"
	# shellcheck disable=SC2016
	with 0 255 bash -c '"$@" > >(exec <&-; sleep 1)' - "${checker[@]}"
	local number
	for number in 4 5 6 7 8; do
		with '[01]' '1|255' prlimit --nofile="$number" "${checker[@]}"
	done
}

@test "memory, processes, files, time" {
	limited
	local limit mib least
	for limit in as data; do
		# Below that the loader fails.
		least=1
		until ends 1 prlimit --"$limit"="$((least * 1048576))" "$program" --version >/dev/null; do
			[ $((least += 1)) -lt 100 ]
		done
		for mib in 0 1 2 3 4 8; do
			with '[01]' '1|255' prlimit --"$limit"="$(((least + mib) * 1048576))" "${checker[@]}"
		done
	done
	with '[01]|139' '1|139|255' prlimit --stack=16384 "${checker[@]}"
	with '[01]' '1|255' prlimit --stack=65536 "${checker[@]}"
	with '[01]|137' '1|137|255' prlimit --cpu=0 "${checker[@]}"
	with 1 1 prlimit --fsize=0 "${checker[@]}" --state-dir="$BATS_TEST_TMPDIR/state"
	with 0 255 "${checker[@]}" --state-dir=/proc/none
	if [ "$EUID" -eq 0 ]; then
		with 1 1 setpriv --reuid=mysql --regid=mysql --clear-groups prlimit --nproc=0 "$program" -H localhost -u check
	fi
}

# The one exception, which no program can prevent: the loader ends with 127 before it begins.
@test "a library that is not there, or cannot be loaded" {
	local broken=$BATS_TEST_TMPDIR/broken
	sed -E 's/lib(mariadb|mysqlclient)\.so/lib\1.no/' "$program" >"$broken"
	chmod 0755 "$broken"
	with 127 127 "$broken" "${TARGET[@]}"
	with 127 127 prlimit --nofile=3 "${checker[@]}"
	grep -q 127 "$BATS_TEST_DIRNAME/../../docs/dbvitals-keepalived.8"
}

@test "every signal, while it waits" {
	node_freeze g1
	local signal
	for signal in TERM INT HUP QUIT USR1 USR2 XCPU XFSZ VTALRM PROF ABRT SEGV BUS FPE ILL SYS TRAP ALRM; do
		signalled 1 "$signal" env -i --default-signal "${checker[@]}" -t 20
		signalled 1 "$signal" env -i --default-signal "${checker[@]}" -t 20 --dynamic=253
	done
	for signal in KILL STKFLT IO PWR RTMIN RTMAX; do
		signalled 1[0-9][0-9] "$signal" env -i --default-signal "${checker[@]}" -t 20 --dynamic=253
	done
	# As its caller may have left them.
	signalled 1 TERM env -i --ignore-signal --block-signal "${checker[@]}" -t 20 --dynamic=253
}

# signalled EXIT SIGNAL COMMAND...: COMMAND gets SIGNAL while the frozen node keeps it waiting
signalled() {
	local exit_code=$1 signal=$2 got=0 waiting
	"${@:3}" </dev/null >/dev/null 2>&1 3>&- &
	waiting=$!
	wait_for 5 'a connection' connected "$waiting"
	kill "-$signal" "$waiting"
	wait "$waiting" 2>/dev/null || got=$?
	[[ $got =~ ^$exit_code$ ]] || { echo "SIG$signal: exit $got instead of $exit_code: ${*:3}" && return 1; }
}
connected() { ss -Htnp "dport = :$port" | grep -q "pid=$1,"; }

@test "the deadline" {
	node_freeze g1
	with 1 1 "${checker[@]}" -t 0.1
	with 1 1 "${checker[@]}" -t 0.5
	with 1 1 "${checker[@]}" -t 1 -v --json
	with 1 1 "${checker[@]}" -t 0.5 --self-test
	with 1 1 env --ignore-signal --block-signal "${checker[@]}" -t 0.5
	mkdir -m 0700 state
	exec 8<state
	flock 8
	with 1 1 "${checker[@]}" -t 0.5 --state-dir="$PWD/state"
	node_thaw g1
	# Known before it hung: that is the answer.
	with 0 255 "${checker[@]}" -t 1.5 --state-dir="$PWD/state"
	exec 8<&-
}

@test "an output that nobody reads" {
	mkfifo full
	exec 9<>full
	head -c 65536 /dev/zero >&9
	# shellcheck disable=SC2016
	with 0 255 bash -c 'exec "$@" >full' - "${checker[@]}" -t 1.5
	node_freeze g1
	# shellcheck disable=SC2016
	with 1 1 bash -c 'exec "$@" >full' - "${checker[@]}" -t 0.5
	exec 9<&-
}
