# SPDX-License-Identifier: MIT
# What can be wrong with a certificate, who can be in between, and a row of what each --ssl-mode makes of it. Sourced after
# faults.bash and rows.bash, with certificates in $SERVERS/tls.

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

# shows NAME: the server whose files those are shows that certificate, once it has been told to read them
shows() {
	local name=$1
	[ "$name" != server ] || name=good
	cat "$SERVERS/tls/$name.pem" >"$SERVERS/tls/server.pem"
	cat "$SERVERS/tls/$name.key" >"$SERVERS/tls/server.key"
}

# middle HOW PORT: somebody between the client and that port; his own is in $SERVERS/middle-HOW/port
middle() {
	local home=$SERVERS/middle-$1
	mkdir "$home"
	cp "$SERVERS"/tls/stranger.{pem,key} "$home/"
	free_port >"$home/port"
	helper "middle-$1" python3 "${BASH_SOURCE[0]%/*}/middle.py" "$1" "$(<"$home/port")" "$2" "$home"
	wait_for 10 "the middle $1" listening 127.0.0.1 "$(<"$home/port")"
}
heard() { grep -aqF "$2" "$SERVERS/middle-$1/heard"; }
unheard() { if heard "$@"; then echo "$2 was heard" && return 1; fi; }

MODES=(disabled preferred required verify-ca verify-identity)

# modes CELL CELL CELL CELL CELL [ARGUMENT...]: what each mode comes to, "up", or "tls" for unknown because of server.tls
modes() {
	local cells=("${@:1:5}") failed=0 number as
	for number in "${!MODES[@]}"; do
		as=(--ssl-mode="${MODES[number]}" "${TARGET[@]}" --ssl-ca="$SERVERS/tls/ca.pem" "${@:6}")
		case ${cells[number]} in
		up) expect 0 '^UP: ' 3 keepalived "${as[@]}" && expect 0 '^DBVITALS OK - ' 3 plugin "${as[@]}" ;;
		tls) expect 1 '^UNKNOWN: .*\(server\.tls\)' 3 keepalived --dynamic=100 "${as[@]}" &&
			expect 3 '^DBVITALS UNKNOWN - .*\(server\.tls\)' 3 plugin "${as[@]}" ;;
		denied) expect 1 '^UNKNOWN: .*\(server\.access_denied\)' 3 keepalived "${as[@]}" ;;
		esac || failed=1
	done
	return "$failed"
}
