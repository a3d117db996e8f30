# SPDX-License-Identifier: MIT
# One row of checks.md, asked of both executables in all three roles. Sourced after expect.bash.
#
# verdict CHECK READ WRITE PROMOTE [ARGUMENT...]
# The cells are those of checks.md: – (the check says nothing), up (nothing at all is wrong), note, 75, 50, 25, down,
# unknown. An answer takes at most LIMIT seconds: the default budget.

LIMIT=3
TARGET=()

# target ARGUMENT...: what names the node in the rows that follow
target() { TARGET=("$@"); }

verdict() {
	local check=$1 cells=("$2" "$3" "$4") roles=(read write promote) number failed=0
	shift 4
	for number in 0 1 2; do
		cell "$check" "${cells[number]}" --role="${roles[number]}" "${TARGET[@]}" "$@" || failed=1
	done
	return "$failed"
}

# cell CHECK CELL ARGUMENT...: what one cell means to keepalived, to keepalived with weights, and to Nagios
cell() {
	local check=$1 cell=$2 id="\\(${1//./\\.}\\)"
	shift 2
	case $cell in
	up | note | –)
		answers 0 102 0 '^UP: [^ ]+ may ' '^DBVITALS OK - ' "$@" &&
			told "$check" "$cell" "$@"
		;;
	75 | 50 | 25) answers 0 "$((2 + cell))" 1 "^DEGRADED: .*$id" "^DBVITALS WARNING - .*$id" "$@" ;;
	down) answers 1 1 2 "^DOWN: .*$id" "^DBVITALS CRITICAL - .*$id" "$@" ;;
	unknown) answers 1 1 3 "^UNKNOWN: .*$id" "^DBVITALS UNKNOWN - .*$id" "$@" ;;
	*) echo "no such cell: $cell" && return 1 ;;
	esac
}

# answers PLAIN DYNAMIC NAGIOS TEXT NAGIOS_TEXT ARGUMENT...: three exit codes and two lines
answers() {
	expect "$1" "$4" "$LIMIT" keepalived "${@:6}" &&
		expect "$2" "$4" "$LIMIT" keepalived --dynamic=100 "${@:6}" &&
		expect "$3" "$5" "$LIMIT" plugin "${@:6}"
}

# told CHECK CELL ARGUMENT...: a note is seen with -v, nothing is seen of a check that has nothing to say
told() {
	local check=$1 cell=$2 output
	shift 2
	[ "$cell" != up ] || return 0
	expect 0 "" "$LIMIT" plugin -v "$@" || return 1
	case $cell,$output in
	note,*"$check"*) ;;
	note,*) echo "no note of $check: $output" && return 1 ;;
	*"$check"*) echo "$check is told: $output" && return 1 ;;
	esac
}

# healthy: what every test leaves behind
healthy() { wait_for 8 'a healthy node' expect 0 '^UP: ' 3 keepalived "${TARGET[@]}" --role=promote; }
