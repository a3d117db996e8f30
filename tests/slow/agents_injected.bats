#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The agents, each of their allocations and system calls failing in its turn: the table is in tests/inject/agents.

BESIDE=injected
# shellcheck source=tests/lib/own_node.bash
source "$BATS_TEST_DIRNAME/../lib/own_node.bash"

setup_file() {
	load_library
	one_node_start
	export BATS_TEST_TIMEOUT=${INJECT_SECONDS:-120}
	inject_begin "$SERVERS"
}

# actions fit|unfit AGENT: the rows of the table, on a host whose states stay for those that follow
actions() {
	mkdir -p "$SERVERS/$2"
	unshare --net --mount -- "$BATS_TEST_DIRNAME/../inject/agents" "$SERVERS/$2" "$@"
}

@test "write-ip" { actions fit write-ip; }
@test "node-health" { actions fit node-health; }

@test "of a node that is not fit" {
	actions none write-ip
	actions none node-health
	sql g1 'SET GLOBAL wsrep_desync=ON; SET GLOBAL wsrep_reject_queries=ALL'
	actions unfit write-ip
	actions unfit node-health
}
