# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Tests on servers that are no bats file: "ok" and "not ok" lines, and in the end "N passed, N failed". Sourced after
# tests/lib/all.bash, before servers_begin.

passed=0 failed=0
end() {
	servers_end
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] || exit 1
}
trap end EXIT
trap 'failed=$((failed + 1)) && exit 1' INT TERM HUP

# row NAME COMMAND...: one test
row() {
	local said code
	said=$("${@:2}" 2>&1)
	code=$?
	if [ "$code" -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok - $1"
	else
		failed=$((failed + 1))
		echo "not ok - $1"
		tail -n 40 <<<"$said" | sed 's/^/# /'
	fi
	return "$code"
}

# needed NAME COMMAND...: without this there is nothing to test
needed() { row "$@" || exit 1; }
