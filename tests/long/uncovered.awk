# SPDX-License-Identifier: MIT
# Reads FILE:LINE:FUNCTION COUNT, in order, and tells what nothing has executed and tests/long/uncovered does not explain. Lines of
# a function without an executed one between them are one place, which a row explains by a piece of its first line.

function row(line, part) {
	if (line ~ /^#/ || line !~ /./)
		return
	if (split(line, part, / +[|] +/) != 4) {
		print "tests/long/uncovered: not FILE | FUNCTION | TEXT | REASON: " line
		bad = 1
	}
	rows++
	place[rows] = part[1] "|" part[2]
	text[rows] = part[3]
	full[rows] = line
}
function read_source(name) {
	delete source
	for (n = 0; (getline line < name) > 0;)
		source[++n] = line
	close(name)
	file = name
}
function is_explained(at, line, i, found) {
	for (i = 1; i <= rows; i++)
		if (place[i] == at && index(line, text[i])) {
			used[i] = 1
			found = 1
		}
	return found
}

BEGIN {
	FS = "[: ]"
	while ((getline line < "tests/long/uncovered") > 0)
		row(line)
}
$1 != file { read_source($1) }
{ all++ }
$4 > 0 { before = ""; next }
{
	missed++
	if (before != $1 "|" $3) {
		places++
		explained = is_explained($1 "|" $3, source[$2])
	}
	before = $1 "|" $3
	if (!explained) {
		sub(/^[ \t]+/, "", source[$2])
		print $1 ":" $2 ": " $3 "(): " source[$2]
		unexplained++
	}
}
END {
	for (i = 1; i <= rows; i++)
		if (!used[i])
			print "explains nothing this time: " full[i]
	printf "%.2f %% of %d lines executed; %d in %d places not, %d of them unexplained\n",
		100 * (all - missed) / all, all, missed, places, unexplained
	exit bad || unexplained > 0
}
