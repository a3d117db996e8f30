#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
bats_require_minimum_version 1.5.0
# A real Nagios, by docs/examples/nagios.cfg, on a real node.

setup_file() {
	export BATS_TEST_TIMEOUT=80
	load_library
	servers_begin
	galera_start g1
	nagios_start
}

teardown_file() {
	load_library
	servers_end
}

load_library() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	# shellcheck source=tests/lib/all.bash
	source tests/lib/all.bash
	# shellcheck source=tests/lib/monitoring.bash
	source tests/lib/monitoring.bash
	PATH=$PATH:/usr/sbin
}

setup() { load_library; }

@test "Nagios takes the example without a warning" {
	run "${SERVER_AS[@]}" nagios4 -v "$MONITOR/nagios.cfg"
	[ "$status" -eq 0 ]
	[[ $output == *'Checked 3 services'*'Total Warnings: 0'*'Total Errors:   0'* ]]
}

@test "Nagios: OK, CRITICAL, WARNING and UNKNOWN, with performance data" {
	story 'Database reads' 'Database writes' 'Database cluster'
}

@test "Nagios: each change was an alert, and each run ended as a plugin should" {
	local state
	for state in OK CRITICAL UNKNOWN; do
		grep -q "SERVICE ALERT: db1;Database reads;$state;HARD;1;DBVITALS $state - " "$MONITOR/log"
	done
	run ! grep -E 'did not exit properly|out of bounds|timed out|Return code|No output' "$MONITOR/log"
}
