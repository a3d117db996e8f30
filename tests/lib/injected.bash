# SPDX-License-Identifier: MIT
# Running a program again and again, each time with another one of its calls failing (tests/inject/fail_nth.c). Sourced after
# expect.bash.
# $SITES: so many calls from one place in the code are taken, "" for all; what all runs had to say is in $INJECT_LOG, where it
# is set.

: "${SITES=1}"
INJECT_HERE=${BASH_SOURCE[0]%/*}/../inject
# NAME=VALUE...: the environment of what runs.
INJECT_WITH=()

# inject_begin FOLDER: what is preloaded is made there
inject_begin() {
	export FAIL_NTH=$1/fail_nth.so
	cc -D_GNU_SOURCE -std=c11 -O1 -fPIC -shared -Wall -Wextra -Werror -o "$FAIL_NTH" "$INJECT_HERE"/{fail_nth,ends}.c
}

# inject KIND N PROGRAM ARGUMENT...: with the N-th call of KIND failing, and with all from there on where KIND ends in "+"; N is
# 0: none. Leaves $status, $output, $failed (the first that did, "" for none), $foreign: the libraries in which one failed,
# $crashed: where it did, "" if not, and $ours: what is our fault of that, and what was left open.
inject() {
	local kind=$1 at=$2 told=$BATS_TEST_TMPDIR/told lasting=() asan
	shift 2
	[[ $kind != *+ ]] || lasting=(INJECT_LASTING=1)
	rm -f "$told"
	status=0 failed='' foreign='' crashed='' ours=''
	# Under a sanitizer it comes first; what libraries of others leave behind is not ours.
	asan=(ASAN_OPTIONS=verify_asan_link_order=0:fast_unwind_on_malloc=0 "LSAN_OPTIONS=suppressions=$INJECT_HERE/leaks:print_suppressions=0")
	output=$(env -i "${INJECT_WITH[@]}" ${SANITIZED:+"${asan[@]}"} LD_PRELOAD="$FAIL_NTH" INJECT_INTO="${1##*/}" \
		INJECT_KIND="${kind%+}" INJECT_AT="$at" "${lasting[@]}" ${SITES:+INJECT_SITES="$SITES"} INJECT_TOLD="$told" \
		timeout -k 1 20 "$@" 2>&1 </dev/null 3>&-) || status=$?
	[ -e "$told" ] || { echo "nothing was injected into $*: $output" && return 1; }
	{
		read -r failed foreign
		read -r crashed
		read -r ours
	} < <(awk -v own="${1##*/}" "$INJECT_READ" "$told") || true
}

# What is told of a run, as three lines: the first call that failed and the libraries in which one did, where it crashed, and what is
# our fault. A library may crash of a failure of its own, in what it has called itself: in a function that we call, it may be by
# what we gave it. The C library may where it asks for names (2.36 is not prepared for less memory in nss_database_reload()); else
# it is its caller who did, or who overwrote its memory.
# shellcheck disable=SC2016  # awk's own
INJECT_READ='
	# A library, and not by a function that we called.
	function is_deep(at) {
		return $at != "" && $at != "?" && $at != own && !($(at + 3) == own && $(at + 2) == 1)
	}
	$1 == "failed" {
		sub(".*/", "", $3)
		if (!name)
			name = $2
		if ($3 != own && !seen[$3]++)
			foreign = foreign " " $3
	}
	$1 == "left" { ours = ours $0 "; " }
	$1 == "crashed" {
		crashed = crashed substr($0, length("crashed ") + 1) "; "
		if ($3 != "libc")
			excused = is_deep(3)
		else if ($6 == own)
			excused = $4 == "getaddrinfo" || $4 == "getpwuid"
		else
			excused = is_deep(6) && $4 !~ /^(__libc_)?(malloc|calloc|realloc|free)$|^__.*_chk(_fail)?$/
		if (!excused || !foreign)
			ours = ours $0 "; "
	}
	END { print name foreign; print crashed; print ours }'

# sweep STATUSES KINDS PROGRAM ARGUMENT...: whatever call fails, it ends with one of STATUSES (a|b), with the first where none
# does, the command $AFTER holds, it does not crash, and leaves no connection open; but libraries may crash, of a failure of their
# own: it must only end so.
AFTER=true
BEFORE=true
sweep() {
	local statuses=$1 kinds=$2 kind at bad=0 runs=0
	shift 2
	for kind in $kinds; do
		for ((at = 1; ; at++)); do
			"$BEFORE"
			inject "$kind" "$at" "$@" || return
			if [ -z "$failed" ]; then
				is_well "${statuses%%|*}" && break
				echo "nothing failed: $status: $output"
				return 1
			fi
			runs=$((runs + 1))
			[ -z "${INJECT_LOG:-}" ] || echo "$kind $at $failed${foreign:+ $foreign}: $status: ${crashed:+crashed $crashed}${1##*/} ${*: -1}: ${output//$'\n'/ ~ }" >>"$INJECT_LOG"
			is_well "$statuses" || {
				echo "$kind $at, $failed${foreign:+ $foreign}: $status: $output"
				bad=$((bad + 1))
				[ "$bad" -lt 10 ] || break 2
			}
		done
	done
	[ "$runs" -gt 0 ] || { echo "no call failed: $*" && return 1; }
	[ "$bad" -eq 0 ] || { echo "of: $*" && return 1; }
}
is_well() {
	local said
	[[ $status =~ ^($1)$ ]] || return 1
	[ -z "$ours" ] || { output+=" ($ours)" && return 1; }
	[[ $output != *'ended by a signal'* || -n $crashed ]] || return 1
	# What a sanitizer finds, it tells.
	[[ $output != *'runtime error:'* && $output != *'ERROR: AddressSanitizer:'* && $output != *'ERROR: LeakSanitizer:'* ]] || return 1
	said=$("$AFTER" 2>&1) || { output+=" ($said)" && return 1; }
}
