# SPDX-License-Identifier: MIT
# Faults to put a server into, and how to see by hand that it is in them. Sourced after
# servers.bash.

declare -A HELD=()

# hold NODE STATEMENT...: a session of root that ran the statements and stays, until release or the
# end of the test
hold() {
	local node=$1 said fd
	said=$(mktemp "$SERVERS/hold.XXXXXX")
	shift
	exec {fd}> >(exec timeout 60 mariadb --no-defaults --user=root --socket="$SERVERS/$node/socket" -n -N \
		>"$said" 2>&1 3>&-)
	HELD[$node]=$fd
	printf '%s;\n' "$@" "SELECT 'held'" >&"$fd"
	wait_for 10 "a session to hold: $*" grep -q held "$said"
}

# release NODE: end that session
release() {
	local fd=${HELD[$1]}
	printf '\\q\n' >&"$fd"
	exec {fd}>&-
	unset "HELD[$1]"
}

# behind NODE STATEMENT: run it in the background, where it may hang; it ends with its server or
# after a minute
behind() {
	(
		local fd
		for fd in "${HELD[@]}"; do exec {fd}>&-; done
		client "$1" 60 -e "$2"
	) >/dev/null 2>&1 3>&- &
	disown
}

# running NODE TEXT: a session whose statement or state contains TEXT
running() { sql "$1" 'SHOW FULL PROCESSLIST' | grep -v 'SHOW FULL PROCESSLIST' | grep -q "$2"; }

# running_for NODE SECONDS VERB: a statement that begins so has been running for so long
running_for() {
	[ "$(sql "$1" "SELECT MAX(time) FROM information_schema.processlist WHERE info LIKE '$3%'")" -ge "$2" ]
}

# sessions NODE COUNT: so many idle sessions of the account "app", over TCP, until end_sessions or
# the end of the test
sessions() {
	local clients=() pipe fd
	pipe=$(mktemp -u "$SERVERS/sessions.XXXXXX")
	mkfifo "$pipe"
	exec {fd}<>"$pipe"
	HELD[sessions]=$fd
	wait_for 15 "$2 sessions" sessions_reach "$1" "$2" "$pipe"
}
sessions_reach() {
	local number fd=${HELD[sessions]}
	for ((number = 0; number < $2; number++)); do
		[ -z "${clients[number]:-}" ] || ! kill -0 "${clients[number]}" || continue
		mariadb --no-defaults --host=127.0.0.1 --port="$(of "$1" port)" --user=app --password="$PASSWORD" \
			--skip-ssl <"$3" >/dev/null 2>&1 3>&- {fd}>&- &
		clients[number]=$!
		disown
	done
	[ "$(sessions_of "$1")" = "$2" ]
}
sessions_of() { sql "$1" "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'app'"; }
sessions_none() { [ "$(sessions_of "$1")" = 0 ]; }
end_sessions() {
	local fd=${HELD[sessions]:-}
	[ -n "$fd" ] || return 0
	exec {fd}>&-
	unset 'HELD[sessions]'
	wait_for 10 'the sessions to end' sessions_none "$1"
}

# sst_stop NODE: freeze the copy of NODE's data to another node; sst_go NODE lets it go on
sst_stop() { PAUSE=0.01 wait_for 20 "$1 to copy its data" kill_copy "$1" STOP; }
sst_go() { kill_copy "$1" CONT; }
kill_copy() {
	local copies
	mapfile -t copies < <(pgrep -s "$(of "$1" pid)" -x rsync)
	[ ${#copies[@]} -gt 0 ] && kill "-$2" "${copies[@]}"
}

# fill NODE: not a byte is left where its binary log is (small_start)
fill() { ! cat /dev/zero 2>/dev/null >"/proc/$(of "$1" pid)/root$SERVERS/$1/small/filler"; }

# certificates FOLDER: ca.pem, server.pem and server.key for 127.0.0.1 and localhost; other.pem, a
# stranger's CA
certificates() {
	local made=$1 name
	mkdir -m 0755 "$made"
	for name in ca other; do
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$name" \
			-keyout "$made/$name.key" -out "$made/$name.pem" 2>/dev/null
	done
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
		-keyout "$made/server.key" -out "$made/server.csr" 2>/dev/null
	openssl x509 -req -in "$made/server.csr" -CA "$made/ca.pem" -CAkey "$made/ca.key" -CAcreateserial -days 30 \
		-extfile <(echo 'subjectAltName=IP:127.0.0.1,DNS:localhost') \
		-out "$made/server.pem" 2>/dev/null
	chmod 0644 "$made"/*.pem
	if [ "$EUID" -eq 0 ]; then chown mysql:mysql "$made/server.key"; fi
}

# proxy NAME [ADDRESS:]PORT [ADDRESS:]TARGET...: a TCP relay on loopback, each connection to the
# next target, that can be frozen and killed (helper_signal, helper_end)
proxy() {
	helper "$1" python3 "${BASH_SOURCE[0]%/*}/proxy.py" "${@:2}"
	local address=127.0.0.1
	[[ $2 != *:* ]] || address=${2%:*}
	wait_for 10 "proxy $1" listening "$address" "${2##*:}"
}
listening() { [ -n "$(ss -Hltn "src $1:$2")" ]; }
