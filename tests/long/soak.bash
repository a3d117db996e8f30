# SPDX-License-Identifier: MIT
# What tests/long/soak does. Sourced after all.bash.

# The C library's own coming and going, and nothing else.
HEAP_MAX=4096 RSS_MAX_KIB=256

# claim TEXT COMMAND...
claim() {
	if "${@:2}"; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		failed=1
	fi
}

# partner NAME COMMAND...: a process that answers each line with a line (ask NAME LINE), in $answer
declare -A TO=() FROM=()
partner() {
	local to from
	mkfifo "$SERVERS/$1.in" "$SERVERS/$1.answers"
	"${@:2}" <"$SERVERS/$1.in" >"$SERVERS/$1.answers" 2>>"$SERVERS/wrong" &
	echo "$!" >"$SERVERS/$1.helper"
	exec {to}>"$SERVERS/$1.in" {from}<"$SERVERS/$1.answers"
	TO[$1]=$to FROM[$1]=$from
}
ask() {
	echo "$2" >&"${TO[$1]}"
	read -r answer <&"${FROM[$1]}"
}
partner_end() {
	local to=${TO[$1]} from=${FROM[$1]}
	echo end >&"$to"
	exec {to}>&- {from}<&-
	wait "$(cat "$SERVERS/$1.helper")"
	rm -f "$SERVERS/$1.helper" "$SERVERS/$1.in" "$SERVERS/$1.answers"
}

# part NODE NAME STATES CHECKS RUNS: at one node, which NODE_be STATE brings into each of the states in turn
part() {
	local node=$1 states=$3 made wrong since answer before
	: >"$SERVERS/wrong"
	partner checks "$DBV_BIN/../tests/long/soak_checks" "${library[@]}"
	made=0 wrong=0 since=$SECONDS
	# Once through all, so that what is kept for ever is there.
	through look 1
	ask checks figures
	before=$answer
	through look "$4"
	ask checks figures
	told "checks through the library, $2" "$since"
	echo "  $before, and at the end $answer"
	claim '  the heap did not grow' test "$(growth heap)" -le "$HEAP_MAX"
	claim '  what is resident did not grow' test "$(growth rss)" -le "$RSS_MAX_KIB"
	claim '  no descriptor and no thread is left' test "$(($(growth descriptors) + $(growth threads)))" -eq 0
	partner_end checks
	made=0 wrong=0 since=$SECONDS
	through run "$5"
	told "runs of the executables, $2" "$since"
	claim '  no connection is left' wait_for 5 'the connections to end' no_connection
}
no_connection() { [ -z "$(ss -Htn state connected "dport = :$port" | grep -v TIME-WAIT)" ]; }

# growth WHAT: of a figure, from $before to $answer
growth() { echo $(($(figure "$answer" "$1") - $(figure "$before" "$1"))); }
figure() { sed "s/.*\b$2=\([0-9]*\).*/\1/" <<<"$1"; }

# told WHAT SINCE
told() {
	printf '%s: %d, of which %d wrong, in %d s\n' "$1" "$made" "$wrong" $((SECONDS - $2))
	head -n 5 "$SERVERS/wrong"
	claim '  no wrong verdict' test "$wrong" -eq 0
}

# through look|run UNTIL: well, in a state, well again, in the next, in both roles, and anew until so many are made
through() {
	local name ms read write
	while ((made < $2)); do
		while read -r name ms read write; do
			spell "$1" read good 2000 up
			spell "$1" read "$name" "$ms" "$read"
			spell "$1" write good 2000 up
			spell "$1" write "$name" "$ms" "$write"
		done <"$states"
	done
}

# spell look|run ROLE STATE MILLISECONDS WANT: some in one state; few where each takes its time. The real node takes long to
# get there.
spell() {
	local count=25
	[ "$node" != real ] || count=250
	[ "$1" != run ] || count=$((count / 5))
	(($4 >= 1000)) || count=$(((count + 24) / 25))
	"${node}_be" "$3"
	"$1" "$count" "$2" "$4" "$5"
}

# look COUNT ROLE MILLISECONDS WANT: checks through the library
look() {
	ask checks "check $1 $2 $3 $4"
	made=$((made + ${answer% *})) wrong=$((wrong + ${answer#* }))
}

# run COUNT ROLE MILLISECONDS WANT: runs of the executables, one after the other; no time-out of theirs is below 0.1 s
run() {
	local number got output want=0 seconds=2 program
	(($3 >= 1000)) || seconds=0.1
	for ((number = 0; number < $1; number++)); do
		if ((number % 2)); then
			program=check_dbvitals
			case $4 in up) want=0 ;; degraded:*) want=1 ;; down:*) want=2 ;; *) want=3 ;; esac
		else
			program=dbvitals-keepalived
			case $4 in up | degraded:*) want=0 ;; *) want=1 ;; esac
		fi
		got=0
		output=$("$DBV_BIN/$program" "${at[@]}" --role="$2" --timeout="$seconds" 2>&1 </dev/null) || got=$?
		made=$((made + 1))
		if ((got != want)) || [[ $4 == *:* && $output != *"(${4#*:})"* ]]; then
			wrong=$((wrong + 1))
			echo "wrong: $program ended with $got instead of $4: $output" >>"$SERVERS/wrong"
		fi
	done
}

# ---- the node of scripts ----

scripted_be() { ask node "$SERVERS/scripts/$1"; }

# ---- the real node ----

real_states() {
	cat <<-END
		desynced 2000 down:galera.desynced degraded:galera.desynced
		read-only 2000 up down:server.read_only
		rejecting 2000 down:galera.rejects_queries down:galera.rejects_queries
		full 2000 down:server.too_many_connections degraded:server.too_many_connections
		frozen 50 down:server.timeout down:server.timeout
		killed 2000 down:server.unreachable down:server.unreachable
	END
}

# Handshakes that were not finished, as the server counts them, by the state that it was in; a new one counts anew. MariaDB
# counts also whom it turns away because it is full.
declare -A ABORTED=()
real_is=good counted=0

# real_be STATE
real_be() {
	[ "$1" != "$real_is" ] || return 0
	[ "$real_is" = good ] || real_recover "$real_is"
	real_count
	real_is=$1
	case $1 in
	desynced) sql g1 'SET GLOBAL wsrep_desync=ON' ;;
	read-only) sql g1 'SET GLOBAL read_only=ON' ;;
	rejecting) sql g1 'SET GLOBAL wsrep_reject_queries=ALL' ;;
	full) sessions g1 20 ;;
	frozen) node_freeze g1 ;;
	killed) node_kill g1 ;;
	esac
}
real_recover() {
	case $1 in
	desynced) sql g1 'SET GLOBAL wsrep_desync=OFF' && node_wait g1 ;;
	read-only) sql g1 'SET GLOBAL read_only=OFF' ;;
	rejecting) sql g1 'SET GLOBAL wsrep_reject_queries=NONE' ;;
	full) end_sessions g1 ;;
	frozen) node_thaw g1 ;;
	killed) galera_bootstrap g1 && counted=0 ;;
	esac
}
real_count() {
	local now
	wait_for 10 'the sessions to end' alone
	now=$(status g1 Aborted_connects)
	ABORTED[$real_is]=$((${ABORTED[$real_is]:-0} + now - counted))
	counted=$now
}
# Nobody but the root that asks.
alone() { [ "$(sql g1 "SELECT COUNT(*) FROM information_schema.processlist WHERE user IN ('check', 'app', 'unauthenticated user')")" = 0 ]; }

real_counts() {
	local state sum=0
	real_be good
	for state in "${!ABORTED[@]}"; do
		echo "  aborted handshakes, $state: ${ABORTED[$state]}"
		case $state in frozen | full) ;; *) sum=$((sum + ABORTED[$state])) ;; esac
	done
	claim '  none but by a server that is full or frozen' test "$sum" -eq 0
}
