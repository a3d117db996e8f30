# SPDX-License-Identifier: MIT
# What gcov has counted in a build with --enable-coverage. Sourced by who counts.

COVERED=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)

# count_covered BUILD FILE: gcov's JSON of all that was built there of the sources, into FILE
count_covered() {
	(cd "$1" && find . -name '*.gcno' ! -path './tests/*' ! -path './docs/*' -exec gcov -b -j -t {} \;) >"$2" 2>/dev/null
}

# counts JSON FILTER: KEY COUNT of each line that gcov tells of, added. One object a line: whose it is does not count twice, as where
# a file is in several executables.
counts() {
	jq -rc ".files[] | .file as \$file | .lines[] | $2" "$1" |
		sed -n "s,^\(\.\./\)*\($COVERED/\)\?\(\(lib\|checkers\|ocf\)/[^ ]*\),\3,p" |
		awk '{ n[$1] += $2 } END { for (key in n) print key, n[key] }' | sort -t: -k1,1 -k2,2n -k3,3V
}

# branches JSON: FILE:LINE:BRANCH and how often it was taken
# shellcheck disable=SC2016  # jq's own
branches() { counts "$1" '.line_number as $line | .branches | to_entries[] | "\($file):\($line):\(.key) \(.value.count)"'; }

# at_least PERCENT FOLDER: so many of its branches were taken, of those that come in as branches() prints them; tells which were not
at_least() {
	awk -F'[: ]' -v floor="$1" -v folder="$2" '
		index($1, folder "/") != 1 { next }
		{ all++ }
		$4 > 0 { taken++; next }
		{ print }
		END {
			printf "%.2f %% of the branches in %s, %d of %d, and %s %% are asked\n", all ? 100 * taken / all : 0, folder, taken, all, floor
			exit !(all && 100 * taken >= floor * all)
		}'
}
