#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The agents under valgrind: the table is in agents-under-valgrind.

BESIDE=valgrind
# shellcheck source=tests/lib/own_node.bash
source "$BATS_TEST_DIRNAME/../lib/own_node.bash"

setup_file() {
	load_library
	one_node_start
	export BATS_TEST_TIMEOUT=300
	valgrind_begin "$SERVERS/under"
}

@test "each action, at a server that is well and at others" {
	local node
	plain_start m1 1 --bind-address=127.0.0.1,127.0.0.2
	plain_start m2 2
	node_wait m1
	node_wait m2
	client_file agent agent "$PASSWORD"
	for node in g1 m1; do sql "$node" "SET sql_log_bin=0; CREATE USER agent IDENTIFIED BY '$PASSWORD'; GRANT ALL ON *.* TO agent"; done
	replicate m1 "$(of m2 port)"
	mkdir "$SERVERS/host"
	unshare --net --mount -- "$BATS_TEST_DIRNAME/agents-under-valgrind" "$SERVERS/host"
}
