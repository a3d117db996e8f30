# SPDX-License-Identifier: MIT
# One Galera node, g1, that all tests of a file share: each leaves it healthy.
# shellcheck source=tests/lib/all.bash
source "${BASH_SOURCE[0]%/*}/all.bash"

one_node_start() {
	export BATS_TEST_TIMEOUT=40
	servers_begin
	certificates "$SERVERS/tls"
	galera_start g1 --ssl-ca="$SERVERS/tls/ca.pem" --ssl-cert="$SERVERS/tls/server.pem" --ssl-key="$SERVERS/tls/server.key"
}

# one_node: how it is reached
one_node() {
	port=$(of g1 port)
	at=(--host=127.0.0.1 --port="$port")
	as_check=(--defaults-file="$SERVERS/check.cnf")
	target_g1
}
target_g1() { target "${at[@]}" "${as_check[@]}"; }

one_node_restore() {
	target_g1
	node_thaw g1
	# A schema change cannot be ended otherwise: error 1095.
	if running g1 'ALTER TABLE'; then node_kill g1; fi
	if node_runs g1; then restore; else galera_bootstrap g1; fi
	healthy
}

# restore: take back all that a test may have changed
restore() {
	if [ -n "${HELD[g1]:-}" ]; then release g1; fi
	end_sessions g1
	sql g1 'SET GLOBAL wsrep_on=ON; SET GLOBAL wsrep_reject_queries=NONE; SET GLOBAL wsrep_desync=OFF;
		SET GLOBAL read_only=OFF; SET GLOBAL wsrep_sync_wait=0'
}
