#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every --ssl-mode against every server that can be met: the right one, one that shows a certificate which is not its own,
# one without TLS, and somebody in between. SECURITY.md says what follows from it.
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

# signed_as NAME CA SUBJECT START END: $SERVERS/tls/NAME.pem and .key
signed_as() {
	local made=$SERVERS/tls key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
	mkdir -p "$made/$1.ca"
	: >"$made/$1.ca/index"
	openssl req "${key[@]}" -subj "/CN=$1" -keyout "$made/$1.key" -out "$made/$1.csr" 2>/dev/null
	openssl ca -batch -notext -create_serial -config <(printf '%s\n' '[ca]' 'default_ca=own' '[own]' "database=$made/$1.ca/index" \
		"serial=$made/$1.ca/serial" "new_certs_dir=$made/$1.ca" 'default_md=sha256' 'policy=any' '[any]' 'commonName=supplied' \
		'[name]' "subjectAltName=$3") -extensions name -cert "$made/$2.pem" -keyfile "$made/$2.key" -startdate "$4" -enddate "$5" \
		-in "$made/$1.csr" -out "$made/$1.pem" 2>/dev/null
	if [ "$EUID" -eq 0 ]; then chown mysql:mysql "$made/$1.key"; fi
}

# shown: what the server may be told to show; server.pem is the good one
shown() {
	local made=$SERVERS/tls here=IP:127.0.0.1,DNS:localhost
	signed_as elsewhere ca DNS:elsewhere.test 20200101000000Z 20491231235959Z
	signed_as expired ca "$here" 20200101000000Z 20200201000000Z
	signed_as early ca "$here" 20490101000000Z 20491231235959Z
	signed_as stranger other "$here" 20200101000000Z 20491231235959Z
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=127.0.0.1 -addext "subjectAltName=$here" \
		-keyout "$made/own.key" -out "$made/own.pem" 2>/dev/null
	if [ "$EUID" -eq 0 ]; then chown mysql:mysql "$made/own.key"; fi
	cp -p "$made/server.pem" "$made/good.pem" && cp -p "$made/server.key" "$made/good.key"
}

# show NAME: the server g1 shows that certificate from now on
show() {
	local name=$1
	[ "$name" != server ] || name=good
	cat "$SERVERS/tls/$name.pem" >"$SERVERS/tls/server.pem"
	cat "$SERVERS/tls/$name.key" >"$SERVERS/tls/server.key"
	sql g1 'FLUSH SSL'
}

# middle HOW PORT: somebody between the client and that port; his own is in $SERVERS/middle-HOW/port
middle() {
	local home=$SERVERS/middle-$1
	mkdir "$home"
	cp "$SERVERS"/tls/stranger.{pem,key} "$home/"
	free_port >"$home/port"
	helper "middle-$1" python3 "$BATS_TEST_DIRNAME/../lib/middle.py" "$1" "$(<"$home/port")" "$2" "$home"
	wait_for 10 "the middle $1" listening 127.0.0.1 "$(<"$home/port")"
}
through() {
	target --host=127.0.0.1 --port="$(<"$SERVERS/middle-$1/port")" "${as_check[@]}"
	: >"$SERVERS/middle-$1/heard"
}
heard() { grep -aqF "$2" "$SERVERS/middle-$1/heard"; }
unheard() { if heard "$@"; then echo "$2 was heard" && return 1; fi; }

MODES=(disabled preferred required verify-ca verify-identity)

# row CELL CELL CELL CELL CELL [ARGUMENT...]: what each mode comes to, "up", or "tls" for unknown because of server.tls
row() {
	local cells=("${@:1:5}") failed=0 number as
	for number in "${!MODES[@]}"; do
		as=(--ssl-mode="${MODES[number]}" "${TARGET[@]}" --ssl-ca="$tls/ca.pem" "${@:6}")
		case ${cells[number]} in
		up) expect 0 '^UP: ' 3 keepalived "${as[@]}" && expect 0 '^DBVITALS OK - ' 3 plugin "${as[@]}" ;;
		tls) expect 1 '^UNKNOWN: .*\(server\.tls\)' 3 keepalived --dynamic=100 "${as[@]}" &&
			expect 3 '^DBVITALS UNKNOWN - .*\(server\.tls\)' 3 plugin "${as[@]}" ;;
		denied) expect 1 '^UNKNOWN: .*\(server\.access_denied\)' 3 keepalived "${as[@]}" ;;
		esac || failed=1
	done
	return "$failed"
}

#                                               disabled preferred required verify-ca verify-identity
@test "the certificate that the server shows" {
	row                                      up       up        up       up        up
	row                                      up       up        up       tls       tls    --ssl-ca="$tls/other.pem"
	row                                      up       up        up       tls       tls    --ssl-ca="$tls/no-such-file"
	show elsewhere
	row                                      up       up        up       up        tls
	show expired
	row                                      up       up        up       tls       tls
	show early
	row                                      up       up        up       tls       tls
	show stranger
	row                                      up       up        up       tls       tls
	show own
	row                                      up       up        up       tls       tls
	# Its own authority: whoever has this very file trusts it.
	row                                      up       up        up       up        up     --ssl-ca="$tls/own.pem"
}

@test "the name by which the server is asked" {
	target --host=localhost --port="$port" "${as_check[@]}"
	row                                      up       up        up       up        up
	target --host=127.0.0.2 --port="$port" "${as_check[@]}"
	row                                      up       up        up       up        tls
}

@test "without an authority nothing is verified, and that is refused" {
	row                                      up       up        up       tls       tls    --ssl-ca=
	verdict server.tls     unknown unknown unknown --ssl-mode=verify-ca
}

@test "a server without TLS: nothing is sent to it where TLS is wanted" {
	target --host=127.0.0.1 --port="$(of plain port)" --mode=replication --role=write "${as_check[@]}"
	row                                      up       up        tls      tls       tls
	target --socket="$SERVERS/plain/socket" --mode=replication --role=write "${as_check[@]}"
	row                                      up       up        tls      tls       tls
}

@test "over the socket" {
	# Its name there is localhost.
	target --socket="$SERVERS/g1/socket" "${as_check[@]}"
	row                                      up       up        up       up        up
	row                                      up       up        up       tls       tls    --ssl-ca="$tls/other.pem"
	show elsewhere
	row                                      up       up        up       up        tls
}

@test "the offer of TLS taken out on the way: a downgrade, and not a byte more where TLS is wanted" {
	through strip
	row                                      up       up        tls      tls       tls
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
	row                                      up       up        up       tls       tls
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
	row                                      denied   up        up       up        up
	target "${at[@]}" --defaults-file="$SERVERS/signed.cnf"
	row                                      denied   denied    denied   denied    denied
	row                                      denied   up        up       up        up     "${mine[@]}"
	row                                      denied   tls       tls      tls       tls    --ssl-cert="$tls/expired.pem" --ssl-key="$tls/expired.key"
	row                                      denied   tls       tls      tls       tls    --ssl-cert="$tls/own.pem" --ssl-key="$tls/own.key"
	row                                      denied   tls       tls      tls       tls    --ssl-cert="$tls/no-such-file" --ssl-key="$tls/elsewhere.key"
}
