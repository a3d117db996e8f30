# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The client of libmysqlclient under the checkers that .ci/run has for the other one, which can see it only where the library is.
# Sourced by tests/long/oracle.

export UNDER=$SERVERS/under VALGRIND_ONCE='mysql_server_init|__pthread_once_slow.*|CRYPTO_[a-z]*'

CLIENT_ORACLE=lib/collect/client_oracle

# compiled FOLDER OPTION...: the client alone, warnings are errors
compiled() { oracle_configure "$@" && make "$CLIENT_ORACLE.lo"; }

tidied() {
	local flags
	read -ra flags <<<"$(PKG_CONFIG_PATH=$SERVERS/pkgconfig pkg-config --cflags mysqlclient)"
	clang-tidy --quiet "$TOP/$CLIENT_ORACLE.c" -- "${flags[@]}" -std=c11 -D_GNU_SOURCE -I"$SERVERS/build" \
		-I"$TOP/lib" -I"$TOP/lib/core" -I"$TOP/lib/collect"
}

# sanitized COMMAND...: with the build that has sanitizers
sanitized() { ORACLE_BUILD=sanitized SANITIZED=1 MEMORY_LIMIT_KIB=1048576 "$@"; }
sanitized_build() {
	oracle_build sanitized --enable-sanitizers && readelf -d checkers/dbvitals-keepalived | grep -q 'NEEDED.*libasan'
}
sanitized_accounts() {
	account wrong server.access_denied 'Access denied' && account locked server.access_denied 3118 &&
		account expired server.access_denied '1862|1820' && account noprivs server.privilege_missing 'REPLICATION CLIENT'
}
sanitized_logins() {
	logins check --ssl-mode=disabled && logins check --ssl-mode=required && by_socket && logins sha256 --ssl-mode=required
}

# hostile_begin: the servers of tests/hostile
hostile_begin() {
	local folder=$SERVERS/hostile
	mkdir "$folder"
	cat "$SERVERS"/tls/good.{key,pem} >"$folder/server.pem"
	helper hostile "$TOP/tests/hostile/hostile.py" "$folder"
	wait_for 20 'the hostile servers' test -e "$folder/ports"
}
# hostile COMMAND...: each way that libmysqlclient can fail, and what it says wrong then
hostile() {
	local name options failed=0
	while read -r name options; do
		# shellcheck disable=SC2086  # words
		"$@" keepalived --host="127.0.0.1:$(awk -v n="$name" '$1 == n { print $2 }' "$SERVERS/hostile/ports")" --user=check \
			--timeout=3 $options || failed=1
	done <<-END
		never-accepts
		garbage-at-greeting
		greeting-cut-to-30
		greeting-endless-version
		error-1040-at-greeting
		error-zero-at-greeting
		error-terrible-at-login
		cut-error-at-login
		close-at-login
		silence-at-login
		switch-to-clear-password
		switch-to-sha256
		switch-for-ever
		sha2-hostile-key                  --mode=replication
		tls-then-plain
		tls-close-at-login                --ssl-mode=required --ssl-cert=$SERVERS/tls/good.pem --ssl-key=$SERVERS/tls/good.key
		tls-silence-at-status             --ssl-mode=required
		tls-endless-rows                  --ssl-mode=required
		reset-at-set
		error-zero-at-set
		file-at-set
		silence-at-status
		huge-header-at-variables
		endless-progress-at-status
		error-in-rows-at-status
		cut-error-at-status
		reset-in-rows-at-status
		close-in-rows-at-variables
		null-cells-at-status
		cells-too-long-at-status
		columns-60000-at-status
		endless-wide-rows-at-status
		more-results-at-status
		terrible-everything               -v
		garbage-at-canary                 --role=write --canary=dbvitals.canary
		silence-at-canary                 --role=write --canary=dbvitals.canary
		last-of-many-channels             --mode=replication
		columns-2-32-and-2-at-replica     --mode=replication
	END
	return "$failed"
}

# valgrind_ready: it wants to know libc's functions by name, and looks for them beside the library
valgrind_ready() {
	local library id
	for library in "$SID_LIB"/{ld-linux-*.so.*,libc.so.6}; do
		id=$(readelf -n "$library" | sed -n 's/^ *Build ID: //p')
		install -D -m 0644 "$SID/usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug" "$SID_LIB/.debug/${id:2}.debug" || return 1
	done
	DBV_BIN=$SERVERS/build/checkers DBV_OCF=$SERVERS/build/ocf valgrind_begin "$UNDER"
}

# under_valgrind: each way to a server and away from it, once
under_valgrind() {
	local account mode slowly=("${TARGET[@]}" --severity=server.response_time=note --timeout=30)
	for mode in disabled required verify-ca; do
		under 0 '^UP: ' keepalived "${slowly[@]}" --ssl-mode="$mode" --ssl-ca="$SERVERS/tls/ca.pem" || return 1
	done
	under 1 'server\.tls' keepalived "${slowly[@]}" --ssl-mode=verify-ca --ssl-ca="$SERVERS/tls/other.pem" &&
		under 0 '^DBVITALS OK' plugin "${slowly[@]}" -v &&
		under 1 'server\.unreachable' keepalived "${slowly[@]}" --port="$(free_port)" || return 1
	for account in wrong locked expired noprivs; do
		under 1 '^UNKNOWN: ' keepalived "${slowly[@]}" --defaults-file="$SERVERS/$account.cnf" || return 1
	done
	cold
	under 0 '^UP: ' keepalived "${slowly[@]}" --defaults-file="$SERVERS/sha256.cnf" --ssl-mode=required
}
