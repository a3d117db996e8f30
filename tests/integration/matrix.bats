#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Faults times callers, as tests/matrix/faults has them: both checkers and the agent write-ip against real and hostile
# servers, in a network of the tests' own. All rows are asked once, at the start; each test is about those of one server.
bats_require_minimum_version 1.8.0

MATRIX=$BATS_TEST_DIRNAME/../matrix
HOSTILE=$BATS_TEST_DIRNAME/../hostile

setup_file() {
	export FOLDER=$BATS_FILE_TMPDIR/matrix
	local account
	mkdir -m 0755 "$FOLDER"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=server.test \
		-keyout "$FOLDER/server.key" -out "$FOLDER/server.crt" 2>"$FOLDER/openssl.log"
	cat "$FOLDER/server.key" "$FOLDER/server.crt" >"$FOLDER/server.pem"
	for account in check open strange; do
		(umask 077 && printf '[client]\nuser=monitor\npassword=of-nobody\n' >"$FOLDER/$account.cnf")
	done
	chmod 0622 "$FOLDER/open.cnf"
	mkdir -m 0757 "$FOLDER/plugins"
	printf '[dbvitals]\nno-such-key=1\n' >>"$FOLDER/strange.cnf"
	timeout -k 10 180 "$HOSTILE/private-network" "$FOLDER" resolver "$MATRIX/run" "$FOLDER" >"$FOLDER/log" 2>&1 3>&- ||
		echo "ended with $?" >>"$FOLDER/log"
}

# agrees SERVER: each of its rows was asked, and nobody said anything else
agrees() {
	local column=${1/hostile/@}
	cat "$FOLDER/log"
	local rows
	rows=$(awk -F ' *[|] *' -v server="$column" '!/^#/ && index($2, server) == 1' "$MATRIX/faults" | wc -l)
	[ "$(wc -l <"$FOLDER/$1.asked")" = "$rows" ]
	diff /dev/null "$FOLDER/$1"
}

@test "a real Galera node" { agrees g1; }
@test "one of a real pair" { agrees m1; }
@test "hostile servers, and states that no test brings a real one into" { agrees hostile; }

@test "at least 40 faults, each with all its columns" {
	[ "$(grep -c '^[^#=].*|' "$MATRIX/faults")" -ge 40 ]
	awk -F ' *[|] *' '/^#/ || /^=/ || /^$/ { next }
		NF != 5 || split($3, cells, " ") != 5 || $5 !~ /^[0-9]+$/ { print; wrong = 1 }
		END { exit wrong }' "$MATRIX/faults"
}

@test "no row speaks of a check that there is not" {
	# shellcheck source=tests/lib/expect.bash
	source "$BATS_TEST_DIRNAME/../lib/expect.bash"
	local check
	while read -r check; do
		tool checks "$check" >/dev/null
	done < <(awk -F ' *[|] *' '!/^#/ && $4 ~ /[.]/ { print $4 }' "$MATRIX/faults" | sort -u)
}
