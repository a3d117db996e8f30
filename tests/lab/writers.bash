# SPDX-License-Identifier: MIT
# Writers on the client host, and what they were told. Their records are $LAB/app/log/writer-NAME (tests/lab/writer.c says
# what is in them).

record() { echo "$LAB/app/log/writer-$1"; }

# writer_start NAME ADDRESS [PAUSE_MS [LIMIT_MS [SIZE]]]: rows into app.rows, of SIZE bytes and more, without pause; NAME is
# used once in the life of a lab
writer_start() {
	[ ! -e "$(record "$1")" ] || { echo "a writer $1 was here before" && return 1; }
	# shellcheck disable=SC2016  # for the inner shell
	daemon app "said-$1" sh -c 'out=$1; shift; exec "$@" >"$out"' sh "/var/log/writer-$1" \
		"$LAB_WRITER" rows "$2" 3306 "$PASSWORD" "$1" "${3:-5}" "${4:-1000}" "${5:-0}"
	wait_for 20 "writer $1 to write" wrote "$1"
}
wrote() { grep -q '^kept ' "$(record "$1")"; }

# wrote_since NAME TIME: a row that it began after that is acknowledged
wrote_since() { awk -v t="$2" '$1 == "kept" && $3 > t { found = 1 } END { exit !found }' "$(record "$1")"; }

# writer_stop NAME...: after its last attempt
writer_stop() {
	local name
	for name in "$@"; do
		on app pkill -TERM -f "^[^ ]*writer (rows|reads) .* $name [0-9 ]+\$" || true
		wait_for 10 "writer $name to end" writer_gone "$name" || return
	done
}
writer_gone() { ! on app pgrep -f "^[^ ]*writer (rows|reads) .* $1 [0-9 ]+\$"; }

# gap NAME [SINCE]: the longest time without an acknowledgement, and between which servers: SECONDS FROM TO BEFORE AFTER. FROM
# is when the last one came, TO when the next; AFTER is "-" where none came until the last attempt.
gap() {
	awk -v since="${2:-0}" '
		function look(server) {
			if (last && $4 >= since && $4 - last > longest) {
				longest = $4 - last
				told = sprintf("%.3f %.6f %.6f %s %s", longest, last, $4, before, server)
			}
		}
		$1 == "kept" { look($5); last = $4; before = $5; next }
		{ look("-") }
		END { print told }' "$(record "$1")"
}

# moves NAME...: the servers that acknowledged, in the order of acknowledgements to all of these writers. Where two hosts
# acknowledge at the same time one of them shows again and again.
moves() {
	local name files=()
	for name in "$@"; do files+=("$(record "$name")"); done
	sort -s -n -k4,4 "${files[@]}" | awk '$1 == "kept" && $5 != server { printf "%s%s", server ? " " : "", $5; server = $5 } END { print "" }'
}

# sessions_overlap NAME...: prints each acknowledgement of a session that was opened before another host acknowledged
sessions_overlap() {
	local name
	for name in "$@"; do
		awk '$1 == "open" { opened = $4 } $1 == "kept" { print $4, opened, $5 }' "$(record "$name")"
	done | sort -s -n -k1,1 | awk '
		{
			for (other in last)
				if (other != $3 && last[other] > $2)
					print $3 " acknowledged at " $1 " in a session of " $2 ", " other " at " last[other]
			last[$3] = $1
		}'
}

# errors NAME: what went wrong, COUNT WHAT ERROR TEXT
errors() { sed -nE 's/^(lost|shut) [^ ]+ [^ ]+ [^ ]+ [^ ]+ /\1 /p' "$(record "$1")" | sort | uniq -c; }

# rows_kept HOST NAME...: on this host each row that was acknowledged is there once, and none is there twice
rows_kept() {
	local name bad=0
	for name in "${@:2}"; do
		mysql_sql "$1" "SELECT number, COUNT(*) FROM app.rows WHERE writer = '$name' GROUP BY number" >"$LAB/rows" || return
		awk -v who="$1, writer $name" '
			NR == FNR { there[$1] = $2; if ($2 != 1 && ++bad <= 5) print who ": " $1 " is there " $2 " times"; next }
			$1 == "kept" && !($2 in there) && ++bad <= 5 { print who ": " $2 " was acknowledged by " $5 " at " $4 " and is not there" }
			END { if (bad > 5) print who ": " bad " in all"; exit bad > 0 }' "$LAB/rows" "$(record "$name")" || bad=1
	done
	return "$bad"
}
# rows_kept_everywhere NAME...: on every host whose server serves; at least one must
rows_kept_everywhere() {
	local node asked=0
	for node in $(nodes); do
		mysqld_serves "$node" || continue
		rows_kept "$node" "$@" || return
		asked=1
	done
	[ "$asked" = 1 ]
}
