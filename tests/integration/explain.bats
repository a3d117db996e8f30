#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# dbvitals explain: the verdict on recordings, and on what the client prints of a real server at
# this moment.

setup_file() {
	load_library
	servers_begin
	plain_start m1 1
	node_wait m1
}

teardown_file() {
	load_library
	servers_end
}

load_library() {
	export BATS_TEST_TIMEOUT=40
	# shellcheck source=tests/lib/all.bash
	source "$BATS_TEST_DIRNAME/../lib/all.bash"
}

setup() {
	load_library
	cd "$BATS_TEST_DIRNAME/../data/captures" || return 1
}

explain() { expect "$1" "$2" 3 tool explain "${@:3}"; }

@test "recordings of a Galera node" {
	explain 0 '^up: this node may take reads' healthy-db1.status.tsv healthy-db1.variables.tsv
	explain 2 '^down: .*\(galera\.desynced\)' desync-db2.status.tsv desync-db2.variables.tsv
	explain 1 '^degraded: .*\(galera\.desynced\)' --role=write desync-db2.status.tsv desync-db2.variables.tsv
	explain 0 '^up: ' --severity=galera.desynced=note desync-db2.status.tsv desync-db2.variables.tsv
	explain 2 '\(galera\.cluster_size\)' -c cluster_size=4: healthy-db1.status.tsv healthy-db1.variables.tsv
}

@test "recordings of a pair" {
	explain 2 '^down: .*1062.*\(replication\.sql_stopped\)' --mode=replication pair-error-1062-m1.{status,variables,all-slaves-status}.tsv
	explain 0 '^up: ' --mode=replication pair-healthy-m1.{status,variables,all-slaves-status}.tsv
	explain 2 'no replication channel west' --mode=replication --channel=west pair-healthy-m1.{status,variables,all-slaves-status}.tsv
}

@test "what is missing leaves the verdict open, and is listed" {
	explain 3 '^unknown: ' healthy-db1.status.tsv
	[[ $output == *'not judged: galera.off'* ]]
	explain 3 '^unknown: ' --mode=replication pair-healthy-m1.{status,variables}.tsv
	explain 3 '^unknown: ' /dev/null
	explain 2 '^down: ' killed-db1-seen-from-db1.status.err
}

@test "files that are none" {
	explain 3 'README\.md: ' ../../../README.md
	explain 3 'No such file' /no/such/file
	explain 3 'which files' --role=read
	explain 3 'role=auto' --role=auto healthy-db1.status.tsv
	explain 3 'unknown option --host' --host=db1 healthy-db1.status.tsv
}

@test "as JSON, and from standard input" {
	tool explain --json healthy-db1.status.tsv healthy-db1.variables.tsv | python3 -c 'import json, sys
answer = json.load(sys.stdin)
assert answer["schema"] == 1 and answer["state"] == "up" and answer["node"]["host"] is None, answer
assert "server.response_time" in answer["not_judged"], answer'
	cat healthy-db1.status.tsv healthy-db1.variables.tsv | env -i "$DBV_BIN/dbvitals" explain - | grep -q '^up: '
}

# recorded OPTION...: what the client prints of m1 now, in this form
recorded() {
	mariadb --no-defaults --user=root --socket="$SERVERS/m1/socket" "$@" \
		-e 'SHOW GLOBAL STATUS; SHOW GLOBAL VARIABLES; SHOW ALL SLAVES STATUS; SHOW PROCESSLIST'
}

@test "the client's forms of a real server" {
	local form
	sql m1 "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=1, MASTER_USER='nobody'; START SLAVE"
	wait_for 5 'the refusal' failing
	for form in --batch --vertical --table; do
		recorded "$form" >"$BATS_TEST_TMPDIR/form$form"
		explain 2 '^down: .*2003.*\(replication\.io_connecting\)' --mode=replication "$BATS_TEST_TMPDIR/form$form"
		explain 2 '^down: .*\(galera\.off\)' "$BATS_TEST_TMPDIR/form$form"
	done
}
failing() { recorded --vertical | grep -q 'Last_IO_Errno: 2003'; }

@test "every recording: what the truth table says" {
	DBV_BIN=$DBV_BIN python3 - <<-'END'
		import glob, json, os, re, subprocess
		table = open("../../unit/check_captures.c").read()
		rows = re.findall(r'\{\s*"([\w-]+)",\s*"(galera|replication)",\s*(?:\{([^{}]*)\}|ALL\(([^()]*)\))', table)
		asked = 0
		for name, mode, three, one in rows:
		    wants = re.findall(r'"([^"]*)"', three) or re.findall(r'"([^"]*)"', one) * 3
		    files = [f"{name}.{kind}.tsv" for kind in ("status", "variables", "all-slaves-status")]
		    files = [file for file in files if os.path.exists(file)]
		    for role, want in zip(("read", "write", "promote"), wants):
		        said = json.loads(subprocess.run([os.environ["DBV_BIN"] + "/dbvitals", "explain", "--json", f"--mode={mode}",
		            f"--role={role}", *files], capture_output=True, text=True).stdout)
		        got = str(said["weight"]) if said["state"] == "degraded" else said["state"]
		        if said["state"] != "up" and said["findings"]:
		            got += ":" + said["findings"][0]["id"]
		        assert got == want.split()[0], (name, role, got, want)
		        asked += 1
		assert asked >= 96 and len(rows) >= 32, (asked, len(rows))
	END
}
