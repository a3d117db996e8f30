# SPDX-License-Identifier: MIT
# Rows of the integration truth tables: run a real executable as its caller would and compare what
# came back.
# Sourced by the bats files; it starts nothing by itself.

: "${DBV_BIN:=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)/build/checkers}"
: "${MEMORY_LIMIT_KIB:=32768}"

# keepalived ARGUMENT... | plugin ARGUMENT...: the two executables with an empty environment and no
# standard input.
keepalived() { env -i "$DBV_BIN/dbvitals-keepalived" "$@" </dev/null; }
plugin() { env -i "$DBV_BIN/check_dbvitals" "$@" </dev/null; }
# tool COMMAND ARGUMENT...: the tool for people
tool() { env -i "$DBV_BIN/dbvitals" "$@" </dev/null; }

# expect EXIT TEXT SECONDS COMMAND...
# COMMAND ends with EXIT within SECONDS, below MEMORY_LIMIT_KIB resident, and prints TEXT (an
# extended regular expression, "-" for anything) as one line of printable characters at least. What
# was printed stays in $output.
expect() {
	local exit_code=$1 text=$2 seconds=$3 program
	shift 3
	case $1 in
	keepalived) program=$DBV_BIN/dbvitals-keepalived ;;
	plugin) program=$DBV_BIN/check_dbvitals ;;
	tool) program=$DBV_BIN/dbvitals ;;
	*) program=$1 ;;
	esac
	shift
	local measured got=0 took kib
	measured=$(mktemp)
	output=$(env -i /usr/bin/time -q -o "$measured" -f '%e %M' timeout -k 1 "$((${seconds%.*} + 20))" \
		"$program" "$@" 2>&1 </dev/null) || got=$?
	local failed=
	# What a sanitizer says of an allocation that is meant to fail, and of every program with
	# coroutines.
	[ -z "${SANITIZED:-}" ] || output=$(sed -e '/WARNING: AddressSanitizer failed to allocate/d' \
		-e "/WARNING: ASan doesn't fully support makecontext/d" <<<"$output")
	read -r took kib <"$measured" || failed+="not measured; "
	rm -f "$measured"
	[ "$got" = "$exit_code" ] || failed+="exit $got instead of $exit_code; "
	[ "$text" = - ] || [[ $output =~ $text ]] || failed+="no match for '$text'; "
	awk -v t="${took:-0}" -v s="$seconds" 'BEGIN { exit !(t <= s) }' || failed+="took $took s instead of at most $seconds; "
	[ "${kib:-0}" -lt "$MEMORY_LIMIT_KIB" ] || failed+="$kib KiB resident; "
	! LC_ALL=C grep -q '[^ -~]' <<<"$output" || failed+="unprintable bytes; "
	[ -z "$failed" ] || {
		printf '%s\n  command: %s\n  printed: %s\n' "${failed%; }" "$program $*" "$output"
		return 1
	}
}

# wait_for SECONDS WHAT COMMAND...: poll COMMAND every PAUSE seconds (0.2) until it succeeds.
wait_for() {
	local until=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$until" ] || {
			echo "gave up waiting for $what"
			return 1
		}
		sleep "${PAUSE:-0.2}"
	done
}
