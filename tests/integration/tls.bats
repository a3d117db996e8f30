#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every --ssl-mode against every server that can be met: the right one, one that shows a certificate which is not its own,
# one without TLS, and somebody in between. SECURITY.md says what follows from it.
BESIDE=tls
# shellcheck source=tests/lib/own_node.bash
source "$BATS_TEST_DIRNAME/../lib/own_node.bash"

setup_file() {
	load_library
	one_node_start
	plain_start plain 2
	shown
	node_wait plain
	sql g1 "CREATE USER safe@'%' IDENTIFIED BY '$PASSWORD' REQUIRE SSL; GRANT PROCESS ON *.* TO safe@'%';
		CREATE USER signed@'%' IDENTIFIED BY '$PASSWORD' REQUIRE X509; GRANT PROCESS ON *.* TO signed@'%'"
	client_file safe safe "$PASSWORD"
	client_file signed signed "$PASSWORD"
	local how
	for how in strip break ask; do middle "$how" "$(of g1 port)"; done
}

setup() {
	load_library
	one_node
	tls=$SERVERS/tls
	show server
}

# show NAME: the server g1 shows that certificate from now on
show() { shows "$1" && sql g1 'FLUSH SSL'; }

through() {
	target --host=127.0.0.1 --port="$(<"$SERVERS/middle-$1/port")" "${as_check[@]}"
	: >"$SERVERS/middle-$1/heard"
}

#                                               disabled preferred required verify-ca verify-identity
@test "the certificate that the server shows" {
	modes                                    up       up        up       up        up
	modes                                    up       up        up       tls       tls    --ssl-ca="$tls/other.pem"
	modes                                    up       up        up       tls       tls    --ssl-ca="$tls/no-such-file"
	show elsewhere
	modes                                    up       up        up       up        tls
	show expired
	modes                                    up       up        up       tls       tls
	show early
	modes                                    up       up        up       tls       tls
	show stranger
	modes                                    up       up        up       tls       tls
	show own
	modes                                    up       up        up       tls       tls
	# Its own authority: whoever has this very file trusts it.
	modes                                    up       up        up       up        up     --ssl-ca="$tls/own.pem"
}

@test "the name by which the server is asked" {
	target --host=localhost --port="$port" "${as_check[@]}"
	modes                                    up       up        up       up        up
	target --host=127.0.0.2 --port="$port" "${as_check[@]}"
	modes                                    up       up        up       up        tls
}

@test "without an authority nothing is verified, and that is refused" {
	modes                                    up       up        up       tls       tls    --ssl-ca=
	verdict server.tls     unknown unknown unknown --ssl-mode=verify-ca
}

@test "a server without TLS: nothing is sent to it where TLS is wanted" {
	target --host=127.0.0.1 --port="$(of plain port)" --mode=replication --role=write "${as_check[@]}"
	modes                                    up       up        tls      tls       tls
	target --socket="$SERVERS/plain/socket" --mode=replication --role=write "${as_check[@]}"
	modes                                    up       up        tls      tls       tls
}

@test "over the socket" {
	# Its name there is localhost.
	target --socket="$SERVERS/g1/socket" "${as_check[@]}"
	modes                                    up       up        up       up        up
	modes                                    up       up        up       tls       tls    --ssl-ca="$tls/other.pem"
	show elsewhere
	modes                                    up       up        up       up        tls
}

@test "the offer of TLS taken out on the way: a downgrade, and not a byte more where TLS is wanted" {
	through strip
	modes                                    up       up        tls      tls       tls
	heard strip 'SHOW GLOBAL STATUS'
	through strip
	local mode
	for mode in required verify-ca verify-identity; do
		expect 1 '^UNKNOWN: .*\(server\.tls\)' 3 keepalived "${TARGET[@]}" --ssl-mode="$mode" --ssl-ca="$tls/ca.pem"
	done
	[ ! -s "$SERVERS/middle-strip/heard" ]
}

@test "somebody in between with a certificate of his own: seen by who looks at it" {
	through break
	modes                                    up       up        up       tls       tls
	heard break 'SHOW GLOBAL STATUS'
	unheard break "$PASSWORD"
	through break
	local mode
	for mode in verify-ca verify-identity; do
		expect 1 '^UNKNOWN: .*\(server\.tls\)' 3 keepalived "${TARGET[@]}" --ssl-mode="$mode" --ssl-ca="$tls/ca.pem"
	done
	[ ! -s "$SERVERS/middle-break/heard" ]
}

@test "somebody in the server's place who asks for the password: he has it, unless the certificate is looked at" {
	local mode
	for mode in preferred required; do
		through ask
		expect 1 '^DOWN: ' 3 keepalived "${TARGET[@]}" --ssl-mode="$mode"
		heard ask "$PASSWORD"
	done
	for mode in verify-ca verify-identity; do
		through ask
		expect 1 '^UNKNOWN: .*\(server\.tls\)' 3 keepalived "${TARGET[@]}" --ssl-mode="$mode" --ssl-ca="$tls/ca.pem"
		[ ! -s "$SERVERS/middle-ask/heard" ]
	done
}

@test "accounts that want TLS, and a certificate" {
	local mine=(--ssl-cert="$tls/elsewhere.pem" --ssl-key="$tls/elsewhere.key")
	target "${at[@]}" --defaults-file="$SERVERS/safe.cnf"
	modes                                    denied   up        up       up        up
	target "${at[@]}" --defaults-file="$SERVERS/signed.cnf"
	modes                                    denied   denied    denied   denied    denied
	modes                                    denied   up        up       up        up     "${mine[@]}"
	modes                                    denied   tls       tls      tls       tls    --ssl-cert="$tls/expired.pem" --ssl-key="$tls/expired.key"
	modes                                    denied   tls       tls      tls       tls    --ssl-cert="$tls/own.pem" --ssl-key="$tls/own.key"
	modes                                    denied   tls       tls      tls       tls    --ssl-cert="$tls/no-such-file" --ssl-key="$tls/elsewhere.key"
}
