#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Usage of both executables, which needs no server: "cannot tell" is exit 1 to keepalived and 3 to
# Nagios.

setup() {
	# shellcheck source=tests/lib/expect.bash
	source "$BATS_TEST_DIRNAME/../lib/expect.bash"
	file=$BATS_TEST_TMPDIR/client.cnf
}

# refused TEXT ARGUMENT...: a usage error that names its culprit, and no dynamic weight either
refused() {
	local text=$1 failed=0
	shift
	expect 1 "$text" 2 keepalived "$@" || failed=1
	expect 1 "$text" 2 keepalived --dynamic=253 "$@" || failed=1
	expect 3 "$text" 2 plugin "$@" || failed=1
	return "$failed"
}

@test "help and version must not read as healthy" {
	refused '--severity' --help
	refused '--severity' -h
	refused '.' -h db1
	refused '[0-9]+\.[0-9]' --version
	refused '[0-9]+\.[0-9]' -V
}

@test "options there are not" {
	refused '--no-such-option'      --no-such-option
	refused '--timeout'             --timeot=3
	refused '--time'                --time=3
	refused 'argument'              argument
	refused '-Z'                    -Z
	refused '--host'                --host
	refused '--port'                --port=0
	refused '--port'                --port=65536
	refused '--port'                --port=3306x
	refused '--timeout'             --timeout=0
	refused '--timeout'             --timeout=0.05
	refused '--timeout'             --timeout=3601
	refused '--timeout'             --timeout=1s
	refused '--timeout'             --timeout=nan
	refused '--mode'                --mode=cluster
	refused '--role'                --role=master
	refused '--ssl-mode'            --ssl-mode=on
	refused '.'                     --host=127.0.0.1 --socket=/tmp/s
	refused '--canary.*read'        --canary=a.b
	refused '--canary.*promote'     --canary=a.b --role=promote
	expect 3 '--canary.*one node' 2 plugin --canary=a.b --role=write -H 127.0.0.1 -H 127.0.0.2
	refused 'SCHEMA\.TABLE'         --canary=canary --role=write
	refused 'SCHEMA\.TABLE'         --canary='a.b c' --role=write
	refused 'SCHEMA\.TABLE'         --canary= --role=write
	refused '--canary-grace'        --canary=a.b --role=write --canary-grace=-1
	refused '--canary-grace'        --canary=a.b --role=write --canary-grace=20s
}

@test "commands, checks and metrics there are not" {
	expect 3 'which command\?'                                          2 tool
	expect 3 'which command\?'                                          2 tool ''
	expect 3 'unknown command "statsu", did you mean "status"\?'        2 tool statsu
	expect 3 'unknown command "x\?y"$'                                  2 tool $'x\033y'
	expect 3 'unknown check "galera.doner", did you mean "galera.donor"' 2 tool checks galera.doner
	expect 3 'unknown check "x"$'                                       2 tool checks x
	expect 0 '^parameters'                                              2 tool checks parameters
	expect 0 'Do: mend the interface'                                   2 tool checks address
	expect 0 'Do: .*restart Pacemaker'                                  2 tool checks attributes
	expect 3 'unknown metric "lagg", did you mean "lag"\?'              2 tool metrics lagg
	expect 0 '^dbvitals [0-9]+\.[0-9]'                                  2 tool --version
	expect 0 '^dbvitals [0-9]+\.[0-9]'                                  2 tool -V
	expect 3 'for the node of this host, not for several'               2 plugin --role=auto --write-ip=192.0.2.1 -H 127.0.0.1 -H 127.0.0.2
}

@test "bytes that a terminal obeys do not come back" {
	local bad=$'x\033[31m\ny' option
	for option in --defaults-file --plugin-dir --ssl-mode --severity --warning --role; do
		refused 'x\?\[31m y' "$option=$bad"
	done
	expect 2 'warning: --state-dir: /proc/x\?\[31m y' 2 plugin -v -H 127.0.0.1:1 --state-dir="/proc/$bad"
	# Longer than any path may be.
	refused 'maintenance-file: x\?\[31m' --maintenance-file="$bad$(printf '%05000d' 0)"
	printf '[client]\nplugin-dir="/nowhere\\nx\033[31m"\n' >"$file"
	chmod 0600 "$file"
	refused '/nowhere x\?\[31m' --defaults-file="$file"
}

@test "a state is told with its age, below a name of any length" {
	local status=("$DBV_BIN/dbvitals" status --state-dir="$BATS_TEST_TMPDIR/states" --timeout=1)
	local far='[2001:db8:1111:2222:3333:4444:5555:6666]:65535' nl=$'\n'
	expect 2 "${nl}127\.0\.0\.1:1 +down +down +- +- +-$nl" 2 "${status[@]}" 127.0.0.1:1
	wait_for 4 'a second' expect 2 "${nl}127\.0\.0\.1:1 +down +down +- +- +[1-9]s$nl" 2 "${status[@]}" 127.0.0.1:1
	expect 2 "6666\]:65535 *$nl +down +down +- +- +-$nl" 2 "${status[@]}" "$far"
}

@test "thresholds and severities there are not" {
	refused 'no_such_metric'        -w no_such_metric=1
	refused 'connections'           -w conections=1
	refused '"x"'                   -w lag=x
	refused '10:1'                  -c lag=10:1
	refused 'no\.such\.check'       --severity=no.such.check=down
	refused 'galera\.desynced'      --severity=galera.desync=down
	refused 'broken'                --severity=galera.desynced=broken
	refused 'server\.timeout'       --severity=server.timeout=note
	refused 'server\.access_denied' --severity=server.access_denied=degraded
	refused 'server\.unreachable'   --severity=server.unreachable=ignore
}

@test "--dynamic is for weights of 1 to 253, of keepalived alone" {
	expect 1 '--dynamic' 2 keepalived --dynamic=0
	expect 1 '--dynamic' 2 keepalived --dynamic=254
	expect 1 '--dynamic' 2 keepalived --dynamic=-1
	expect 1 '--dynamic' 2 keepalived --dynamic=10x
	expect 1 '--dynamic' 2 keepalived --dynamic=
	expect 3 '--dynamic' 2 plugin --dynamic=100
	expect 1 '--min-up'  2 keepalived --min-up=1
}

@test "option files that are not trusted" {
	refused 'no-such-file'          --defaults-file="$BATS_TEST_TMPDIR/no-such-file"
	refused 'not a regular file'    --defaults-file="$BATS_TEST_TMPDIR"
	(umask 077 && printf '[client]\nuser=check\n' >"$file")
	chmod 0622 "$file"
	refused 'can write'              --defaults-file="$file"
	printf '[dbvitals]\nno-such-key=1\n' >"$file"
	chmod 0600 "$file"
	refused 'no-such-key'           --defaults-file="$file"
	printf '!include /etc/hosts\n' >"$file"
	refused 'include'               --defaults-file="$file"
	printf '[dbvitals]\nhost=127.0.0.1\nsocket=/tmp/s\n' >"$file"
	refused 'host|socket'           --defaults-file="$file"
}

# taken WARNING FILE: it is read, and nothing is said of it but WARNING ("" for nothing)
taken() {
	local said
	said=$(plugin -v -H 127.0.0.1:1 --defaults-file="$2" 2>&1) || true
	if [[ $said != 'DBVITALS CRITICAL - '*server.unreachable* || $(sed -n 's/^warning: .*client.cnf: //p' <<<"$said") != "$1" ]]; then
		echo "$2: $said"
		return 1
	fi
}
# made MODE [CONTENT]: the option file
made() {
	rm -f "$file"
	printf '%s\n' '[client]' "${2:-user=check}" >"$file"
	chmod "$1" "$file"
}

@test "option files: what the file itself is decides, and nothing above it" {
	local link=$BATS_TEST_TMPDIR/link folder=$BATS_TEST_TMPDIR/folder size
	size=$(printf '%s\n' '[client]' 'user=check' '#' | wc -c)
	made 0600; taken '' "$file"
	made 0640; taken '' "$file"
	made 0660; taken '' "$file"
	made 0644; taken 'everybody can read it' "$file"
	made 0602; refused 'everybody can write' --defaults-file="$file"
	made 0666; refused 'everybody can write' --defaults-file="$file"
	# A link is followed, and what it leads to is judged.
	ln -s "$file" "$link"
	made 0600; taken '' "$link"
	made 0602; refused 'everybody can write' --defaults-file="$link"
	rm "$file"; refused 'No such file'       --defaults-file="$link"
	# Who may replace the file may also say what is in it: that folder is the administrator's business.
	mkdir -m 0777 "$folder"
	made 0600; mv "$file" "$folder/client.cnf"; taken '' "$folder/client.cnf"
	mkfifo "$file"; refused 'not a regular file' --defaults-file="$file"
	refused 'not a regular file'             --defaults-file=/dev/null
	refused 'not a regular file'             --defaults-file=/dev/zero
	made 0600 "user=check
#$(head -c $((65535 - size)) /dev/zero | tr '\0' x)"; taken '' "$file"
	made 0600 "user=check
#$(head -c $((65536 - size)) /dev/zero | tr '\0' x)"; refused 'longer than 64 KiB' --defaults-file="$file"
	made 0600; printf '\0' >>"$file"; refused 'NUL' --defaults-file="$file"
	made 0600 '!include /etc/passwd';    refused 'not followed' --defaults-file="$file"
	made 0600 '!includedir /etc';        refused 'not followed' --defaults-file="$file"
}

@test "option files: which groups count" {
	local groups=$BATS_TEST_TMPDIR/groups.cnf
	printf '[client]\nhost=127.0.0.1\nport=1\n[dbvitals]\nport=2\n[dbvitals_second]\nport=3\n' >"$groups"
	chmod 0600 "$groups"
	expect 1 '127\.0\.0\.1:2: ' 2 "$DBV_BIN/dbvitals-keepalived" --defaults-file="$groups"
	expect 1 '127\.0\.0\.1:3: ' 2 "$DBV_BIN/dbvitals-keepalived" --defaults-file="$groups" --defaults-group-suffix=_second
	expect 1 '127\.0\.0\.1:2: ' 2 "$DBV_BIN/dbvitals-keepalived" --defaults-file="$groups" --defaults-group-suffix=_third
}

# shellcheck disable=SC2030,SC2031  # each test has its own
@test "option files: by other users" {
	[ "$EUID" -eq 0 ] || skip 'other users need root'
	local nobody=(setpriv --reuid=nobody --regid=nogroup --clear-groups "$DBV_BIN/dbvitals-keepalived")
	# Where nobody may go.
	file=$(mktemp -d "${TMPDIR:-/tmp}/dbvitals.XXXXXX")/client.cnf
	chmod 0755 "${file%/*}"
	made 0600
	expect 1 'Permission denied' 2 "${nobody[@]}" --defaults-file="$file"
	chown nobody "$file"
	expect 1 'server\.unreachable' 2 "${nobody[@]}" --defaults-file="$file" -H 127.0.0.1:1
	taken '' "$file"
	rm -r "${file%/*}"
}

# shellcheck disable=SC2030,SC2031  # each test has its own
# plugins TEXT: what is said where $plugins/in/here is the folder of plugins, or a link leads there; "" for no complaint
plugins() {
	local folder status=${1:+3} text=${1:-server\.unreachable}
	ln -sfn "$plugins/in/here" "$BATS_TEST_TMPDIR/link"
	for folder in "$plugins/in/here" "$plugins/in/../in/here/" "$BATS_TEST_TMPDIR/link"; do
		expect "${status:-2}" "$text" 2 plugin --plugin-dir="$folder" -H 127.0.0.1:1 || return
	done
	made 0600 "plugin-dir=$plugins/in/here"
	expect "${status:-2}" "$text" 2 plugin --defaults-file="$file" -H 127.0.0.1:1
}

@test "a folder of plugins, whose code is run, is of nobody else" {
	[ "$EUID" -eq 0 ] || skip 'other owners need root'
	local plugins=$BATS_TEST_TMPDIR/plugins others='refused, others can put code there'
	plugins 'No such file or directory'
	mkdir -p "$plugins/in/here"
	#     this folder             the one above           and above               said
	while read -r here_mode here_owner in_mode in_owner top_mode top_owner said; do
		chmod "$here_mode" "$plugins/in/here" && chown "$here_owner" "$plugins/in/here"
		chmod "$in_mode" "$plugins/in" && chown "$in_owner" "$plugins/in"
		chmod "$top_mode" "$plugins" && chown "$top_owner" "$plugins"
		plugins "${said:+$said: $others}" || { echo "with $here_mode $here_owner $in_mode $in_owner $top_mode $top_owner" && return 1; }
	done <<-END
		0755 root           0755 root           0755 root
		0775 root:root      0775 root:root      0755 root
		0775 root:nogroup   0755 root           0755 root           plugins/in/here
		0757 root           0755 root           0755 root           plugins/in/here
		1777 root           0755 root           0755 root           plugins/in/here
		0755 nobody         0755 root           0755 root           plugins/in/here
		0755 root           0775 root:nogroup   0755 root           plugins/in
		0755 root           0777 root           0755 root           plugins/in
		0755 root           1777 root:root      0755 root
		0755 root           0755 nobody         0755 root           plugins/in
		0755 root           0755 root           0777 root           plugins
		0755 root           0755 root           1777 root
		0755 root           0755 root           1777 nobody         plugins
	END
}

# defaults CONTENT MODE: what comes where that is the default file; "missing" where it is not
defaults() {
	local folder
	folder=$(keepalived --help | sed -n 's,.*default: \(/[^ ]*\)/dbvitals/client.cnf.*,\1,p')
	# shellcheck disable=SC2016  # for that shell
	unshare --mount bash -ec '
		mount -t tmpfs none "$1"
		mkdir "$1/dbvitals"
		[ "$3" = missing ] || { printf "[client]\n%s\n" "$2" >"$1/dbvitals/client.cnf" && chmod "$3" "$1/dbvitals/client.cnf"; }
		cd /
		exec env -i HOME="$4" MYSQL_HOME="$4" "$5" -t 0.5' - "$folder" "$1" "$2" "$BATS_TEST_TMPDIR" "$DBV_BIN/dbvitals-keepalived" 2>&1 || true
}

@test "option files: the default one, and no other" {
	[ "$EUID" -eq 0 ] || skip 'a mount namespace needs root'
	printf '[client]\nhost=127.0.0.9\nport=9\n[mysql]\nport=9\n' | tee "$BATS_TEST_TMPDIR/.my.cnf" >"$BATS_TEST_TMPDIR/my.cnf"
	[[ $(defaults '' missing) == *'127.0.0.1:3306'* ]]
	[[ $(defaults port=7 0600) == *'127.0.0.1:7'* ]]
	[[ $(defaults port=7 0602) == *'everybody can write'* ]]
	[[ $(defaults '!include /x' 0600) == *'not followed'* ]]
}

@test "the environment says nothing" {
	local said
	said=$(env -i MYSQL_HOST=127.0.0.9 MYSQL_TCP_PORT=9 MYSQL_UNIX_PORT=/nowhere MYSQL_HOME="$BATS_TEST_TMPDIR" HOME="$BATS_TEST_TMPDIR" \
		OCF_RESKEY_host=127.0.0.9 OCF_RESKEY_port=9 OCF_RESKEY_role=write PATH=/nowhere \
		"$DBV_BIN/dbvitals-keepalived" --port=1) || true
	[[ $said == 'DOWN: 127.0.0.1:1: '*server.unreachable* ]]
}

@test "hardened, and with as few libraries as can be missing" {
	local program
	for program in dbvitals-keepalived check_dbvitals; do
		readelf -hW "$DBV_BIN/$program" | grep -q 'Type: *DYN'
		readelf -lW "$DBV_BIN/$program" | grep -q GNU_RELRO
		readelf -dW "$DBV_BIN/$program" | grep -q 'Flags:.*NOW'
		readelf --dyn-syms -W "$DBV_BIN/$program" | grep -q __stack_chk_fail
		# dbvitals itself is inside.
		[ "$(readelf -dW "$DBV_BIN/$program" | grep NEEDED |
			grep -cvE '\[(libmariadb|libmysqlclient|libc|ld-linux-x86-64)\.so')" = 0 ]
	done
}

@test "a thousand nodes in little memory, each with its line" {
	local hosts=()
	for number in {1..1024}; do hosts+=(-H "127.0.0.1:$((number % 7 + 1))"); done
	[ -n "${SANITIZED:-}" ] || ulimit -S -v 786432
	run plugin "${hosts[@]}"
	[ "$status" = 2 ]
	[[ $output == *'0 of 1024 nodes up'* ]]
	[ "$(grep -c '^127.*(server.unreachable)$' <<<"$output")" = 1024 ]
}

@test "a thousand nodes in too little memory: said so, and no crash" {
	local hosts=()
	[ -z "${SANITIZED:-}" ] || skip 'a sanitizer needs more'
	for number in {1..1024}; do hosts+=(-H "127.0.0.1:$((number % 7 + 1))"); done
	ulimit -S -v 262144
	run plugin "${hosts[@]}"
	[[ $output != *'ended by a signal'* ]]
	[[ $output == *'(node.checker_failed)'* || $output == 'DBVITALS UNKNOWN - out of memory' ]]
}

@test "a check or a metric, all of them, but not two" {
	expect 3 'one name' 1 tool checks server.tls server.timeout
	expect 3 'one name' 1 tool metrics lag lag
	expect 3 'one name' 1 tool metrics no_such_metric lag
}

@test "--min-up is for several nodes, and for no more than are named" {
	local three=(-H 127.0.0.1:1 -H 127.0.0.1:2 -H 127.0.0.1:3)
	expect 3 '--min-up=4, but 3 nodes are named' 1 plugin "${three[@]}" --min-up=4
	expect 3 '--min-up=1, but 1 node is named'   1 plugin --min-up=1
	expect 3 '--min-up=2, but 1 node is named'   1 tool status 127.0.0.1:1 --min-up=2
	expect 3 'min-up is not 1\.\.65535'           1 plugin "${three[@]}" --min-up=65536
	expect 2 '0 of 3 nodes up'                   1 plugin "${three[@]}" --min-up=3
}

@test "performance data: no label twice, and none that ends early" {
	expect 2 "'127\.0\.0\.1:1::lag'=U.* '127\.0\.0\.1:2::lag'=U.* '127\.0\.0\.1:1#2::lag'=U.* '127\.0\.0\.1:1#3::lag'=U" 1 \
		plugin --mode=replication -H 127.0.0.1:1 -H 127.0.0.1:2 -H 127.0.0.1:1 -H 127.0.0.1:1
	[ "$(grep -oE "'[^']+'=" <<<"${output#*|}" | sort | uniq -d)" = "" ]
	expect 2 " 'd''b_1:1::lag'=U" 4 plugin --mode=replication -H "d'b=1:1" -H 127.0.0.1:1
}

# shellcheck disable=SC2031
@test "a warning is given once, whatever the number of nodes" {
	local command
	printf '[client]\npassword=x\n' >"$file"
	chmod 0644 "$file"
	for command in 'plugin -v -H 127.0.0.1:1' 'plugin -v -H 127.0.0.1:1 -H 127.0.0.1:2 -H 127.0.0.1:3' \
		'keepalived -v -H 127.0.0.1:1'; do
		# shellcheck disable=SC2086
		run $command --defaults-file="$file"
		[ "$(grep -c '^warning: ' <<<"$output")" = 1 ]
		[[ ${lines[-1]} == 'warning: '* ]]
	done
	# shellcheck disable=SC2086
	run tool status -v 127.0.0.1:1 127.0.0.1:2 --defaults-file="$file"
	[ "$(tr -d '\n' <<<"$output" | grep -oF client.cnf | wc -l)" = 1 ]
}

# painted VARIABLE...: what dbvitals status prints on a terminal, with these in the environment
painted() {
	env -i "$@" script -qec "'$DBV_BIN/dbvitals' status 127.0.0.1:1 127.0.0.2:1" /dev/null </dev/null
}

@test "colour on a terminal that knows it, unless told not to" {
	local red=$'\e[31mdown'
	[[ $(painted TERM=xterm) == *"$red"* ]]
	[[ $(painted TERM=xterm NO_COLOR=) == *"$red"* ]]
	[[ $(painted TERM=xterm NO_COLOR=1) != *$'\e'* ]]
	[[ $(painted TERM=dumb) != *$'\e'* ]]
	[[ $(painted) != *$'\e'* ]]
	[[ $(painted) == *'CLUSTER'*'down'* ]]
	[[ $(tool status 127.0.0.1:1) != *$'\e'* ]]
}
