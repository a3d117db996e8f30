# SPDX-License-Identifier: MIT
# A master/master pair, m1 and m2, that all tests of a file share: each leaves it healthy. m1 follows m2 through a relay.
# shellcheck source=tests/lib/all.bash
source "${BASH_SOURCE[0]%/*}/all.bash"

pair_start() {
	export BATS_TEST_TIMEOUT=40
	servers_begin
	plain_start m1 1
	plain_start m2 2
	node_wait m1
	node_wait m2
	free_port >"$SERVERS/relay_port"
	relay
	follow
	replicate m2 "$(of m1 port)"
}

# relay: what m1 takes for m2; follow, follow_as CHANNEL: m1 is its replica
relay() { proxy relay "$(<"$SERVERS/relay_port")" "$(of m2 port)"; }
follow() { follow_as ''; }
follow_as() { replicate m1 "$(<"$SERVERS/relay_port")" "$1"; }

# pair: how m1 is reached
pair() {
	at=(--mode=replication --host=127.0.0.1 --port="$(of m1 port)")
	target_m1
}
target_m1() { target "${at[@]}" --defaults-file="$SERVERS/check.cnf"; }

pair_restore() {
	target_m1
	if [ -n "${HELD[m1]:-}" ]; then release m1; fi
	sql m1 'START SLAVE'
	healthy
}

# replica FIELD VALUE: what m1 says about its replication by itself
replica() { client m1 10 --vertical --column-names -e 'SHOW ALL SLAVES STATUS' | grep -Eq "^ *$1: $2\$"; }
