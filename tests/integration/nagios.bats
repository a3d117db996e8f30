#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
bats_require_minimum_version 1.5.0
# A real Nagios, by docs/examples/nagios.cfg, on a real node.

load ../lib/monitoring

setup_file() {
	monitoring_begin
	nagios_start
}

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
