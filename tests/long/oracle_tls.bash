# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Every --ssl-mode of both builds at MySQL: tests/integration/tls.bats says it of MariaDB. Sourced by tests/long/oracle after
# tests/lib/tls.bash.

# refused_tls ARGUMENT...
refused_tls() { both server.tls unknown unknown unknown "$@"; }

needs_tls() {
	ask replica 'SET GLOBAL require_secure_transport=ON'
	with_both expect 1 '3159' 3 keepalived "${TARGET[@]}" --ssl-mode=disabled &&
		line 0 '^UP: ' 3 keepalived "${TARGET[@]}" --ssl-mode=required
	local result=$?
	ask replica 'SET GLOBAL require_secure_transport=OFF'
	return "$result"
}

# A certificate of ours that has expired is no lost connection.
client_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=own \
		-keyout "$SERVERS/tls/own.key" -out "$SERVERS/tls/own.pem" 2>/dev/null
	refused_tls --ssl-mode=required --ssl-cert="$SERVERS/tls/own.pem" --ssl-key="$SERVERS/tls/own.key"
}

# all_modes CELL...: with both builds
all_modes() { with_both modes "$@"; }

# through HOW: the replica is asked through him, who has heard nothing yet
through() {
	target --mode=replication --host=127.0.0.1 --port="$(<"$SERVERS/middle-$1/port")" --defaults-file="$SERVERS/check.cnf"
	: >"$SERVERS/middle-$1/heard"
}
# show NAME: who is in between shows that certificate from now on. The server itself refuses to show one that is not in order
# (3888).
show() {
	local kind
	for kind in pem key; do cp "$SERVERS/tls/$1.$kind" "$SERVERS/middle-break/stranger.$kind" || return 1; done
}

#                                         disabled preferred required verify-ca verify-identity
certificates_shown() {
	through break
	show good &&
		all_modes                  up       up        up       up        up &&
		all_modes                  up       up        up       tls       tls    --ssl-ca="$SERVERS/tls/other.pem" &&
		show elsewhere &&
		all_modes                  up       up        up       up        tls &&
		show expired &&
		all_modes                  up       up        up       tls       tls &&
		show early &&
		all_modes                  up       up        up       tls       tls &&
		show own &&
		all_modes                  up       up        up       tls       tls
	local result=$?
	show stranger && return "$result"
}

# Told to take no version at all, the server goes on without TLS.
no_tls_offered() {
	at replica
	ask replica "SET GLOBAL tls_version=''; ALTER INSTANCE RELOAD TLS NO ROLLBACK ON ERROR" &&
		all_modes                  up       up        tls      tls       tls
	local result=$?
	ask replica "SET GLOBAL tls_version='TLSv1.2,TLSv1.3'; ALTER INSTANCE RELOAD TLS" && return "$result"
}

# kept_from HOW MODE...: in these modes he hears nothing
kept_from() {
	local mode
	through "$1"
	for mode in "${@:2}"; do
		line 1 '^UNKNOWN: .*\(server\.tls\)' 3 keepalived --ssl-mode="$mode" --ssl-ca="$SERVERS/tls/ca.pem" "${TARGET[@]}" || return 1
	done
	[ ! -s "$SERVERS/middle-$1/heard" ] || { echo "$1 has heard something" && return 1; }
}
#                                         disabled preferred required verify-ca verify-identity
downgrade() {
	through strip
	all_modes                          up       up        tls      tls       tls &&
		heard strip 'SHOW GLOBAL STATUS' &&
		kept_from strip required verify-ca verify-identity
}
in_between() {
	through break
	all_modes                          up       up        up       tls       tls &&
		heard break 'SHOW GLOBAL STATUS' &&
		kept_from break verify-ca verify-identity
}
asked_for_the_password() {
	local build mode
	for build in with_oracle with_mariadb; do
		for mode in preferred required; do
			through ask
			"$build" expect 1 '^DOWN: ' 3 keepalived --ssl-mode="$mode" "${TARGET[@]}" && heard ask "$PASSWORD" || return 1
		done
	done
	kept_from ask verify-ca verify-identity
}

# What can be shown, and who can be in between.
start_middles() {
	local how
	shown
	for how in strip break ask; do middle "$how" "$(of replica port)" || return 1; done
}
