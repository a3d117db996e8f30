#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the documents tell people to type is typed here, and what they show is what comes.

setup_file() {
	load_library
	export BATS_TEST_TIMEOUT=60
	servers_begin
	galera_start g1
	plain_start m1 1
	node_wait m1
}

teardown_file() {
	load_library
	servers_end
}

load_library() {
	# shellcheck source=tests/lib/all.bash
	source "$BATS_TEST_DIRNAME/../lib/all.bash"
}

setup() {
	load_library
	cd "$BATS_TEST_DIRNAME/../.." || return 1
}

# here COMMAND: the same for the tests' servers and their account, g1 or, in replication mode, m1
here() {
	local node=g1
	[[ $1 != *--mode=replication* ]] || node=m1
	# The shell's variables are Nagios' macros.
	# shellcheck disable=SC2016
	sed -E "s,^(/usr/sbin/|[$]USER1[$]/)?(dbvitals-keepalived|check_dbvitals),\2 --defaults-file=$SERVERS/check.cnf -P $(of "$node" port),
		s,--write-ip=[^ ]+,--write-ip=127.0.0.1,
		s,--state-dir=[^ ]+,--state-dir=$SERVERS/states,
		s/-H (db[0-9]|192\.0\.2\.[0-9]+|198\.51\.100\.[0-9]+|[$]HOSTADDRESS[$])/-H 127.0.0.1/g" <<<"$1"
}

# typed COMMAND: what it prints, with the document's names for our servers
typed() {
	PATH=$DBV_BIN:$PATH bash -c "$(here "$1")" 2>&1 </dev/null | sed "s/127\.0\.0\.1:$(of g1 port)/db1:3306/"
}

# examples PAGE: the commands in its section EXAMPLES, continued lines joined
examples() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAGNOSTICS/p' "$1" | sed -E ':a; /\\e$/ { N; s/\\e\n *//; ba }' |
		sed -nE 's/^(\.Dl )?[$] //p'
}

# body FILE: an example without the comment on top; block PAGE FILE: the same in a manual page
body() { sed '1,/^$/d' "docs/examples/$1"; }
block() { awk -v mark=".\\\\\" docs/examples/$2" '$0 == mark { on = 1; getline; next } /^\.Ed/ { on = 0 } on' "$1"; }

# agree WHAT WANTED GOT
agree() { diff -u --label "$1, documented" <(echo "$2") --label real <(echo "$3"); }

@test "README: short, and its example prints what it shows" {
	[ "$(wc -l <README.md)" -lt 80 ]
	[ -x tests/demo ]
	[ -x tests/run ]
	local line wanted='' got=''
	# shellcheck disable=SC2016
	while IFS= read -r line; do
		wanted+=$line$'\n'
		[[ $line == '$ '* ]] || continue
		sql g1 "SET GLOBAL wsrep_desync=$([[ $line == *db2* ]] && echo ON || echo OFF)"
		[[ $line == *db2* ]] || node_wait g1
		got+=$line$'\n'$(typed "${line#??}")$'\n'
	done < <(sed -n '/^```console$/,/^```$/p' README.md | grep -v '^```')
	sql g1 'SET GLOBAL wsrep_desync=OFF'
	node_wait g1
	[ -n "$wanted" ]
	# Numbers in performance data differ from run to run.
	agree README.md "$(sed -E 's/=[0-9.]+/=N/g' <<<"$wanted")" "$(sed -E 's/=[0-9.]+/=N/g' <<<"$got")"
}

@test "links lead somewhere" {
	local file link
	for file in README.md SECURITY.md docs/*.md; do
		while read -r link; do
			[ -e "$(dirname "$file")/$link" ] || { echo "$file: $link" && return 1; }
		done < <(grep -oE '\]\([^)#:]+' "$file" | cut -c3-)
	done
}

# shellcheck disable=SC2016  # the backticks are Markdown's
@test "SECURITY.md: its tests are there, and its privileges are those that dbvitals grants prints" {
	local path tests documented printed
	mapfile -t tests < <(grep -oE '`tests/[^`]+`' SECURITY.md | tr -d '`' | sort -u)
	[ ${#tests[@]} -ge 8 ]
	for path in "${tests[@]}"; do [ -e "$path" ] || { echo "no $path" && return 1; }; done
	# PROCESS and the like: words in capitals in the table.
	documented=$(sed -n '/^## Least privilege/,$p' SECURITY.md | grep '^|' | grep -oE '`[A-Z][A-Z_ ]+`' | tr -d '`' | sort -u)
	printed=$(tool grants --canary=a.b --schema=a --manage-read-only --admin-port=1 | sed -nE 's/^(-- )?GRANT (.*) ON .*/\2/p' |
		sed 's/, /\n/g' | sort -u)
	[ -n "$printed" ]
	agree SECURITY.md "$documented" "$printed"
}

# takes OPTION: some executable or command does
takes() {
	local command said="$1(=|[[:space:]]|$)"
	expect 3 "$said" 1 plugin --help || expect 1 "$said" 1 keepalived --help && return
	for command in $(tool --help | sed -nE 's/^  ([a-z]+) .*/\1/p'); do
		expect 0 "$said" 1 tool "$command" --help && return
	done
	return 1
}

@test "manual pages: clean, and refer to pages and options there are" {
	mandoc -Tlint -Wwarning docs/*.[1-8]
	local name section option
	while read -r _ name section _; do
		[ -e "docs/$name.$section" ] || { echo "no $name($section)" && return 1; }
	done < <(grep -hE '^\.Xr ([a-z_]*dbvitals)' docs/*.[1-8] | sort -u)
	while read -r option; do
		takes "$option"
	done < <(sed '/options: begin/,/options: end/d' docs/*.8 | grep -ohE 'Fl -[a-z][a-z-]*' | cut -c4- | sed 's/^/-/' | sort -u)
}

@test "manual pages: the examples are those in docs/examples" {
	local file page pages
	for file in docs/examples/*; do
		file=${file#docs/examples/}
		# pacemaker_examples.bats has these.
		if [[ $file =~ ^(corosync|pacemaker)- ]]; then
			grep -qF "(examples/$file)" docs/pacemaker.md
			continue
		fi
		pages=$(grep -lF ".\\\" docs/examples/$file" docs/*.8)
		[ -n "$pages" ]
		for page in $pages; do agree "$page" "$(body "$file")" "$(block "$page" "$file")"; done
	done
}

@test "manual pages: commands in EXAMPLES" {
	local page command got
	for page in docs/dbvitals-keepalived.8 docs/check_dbvitals.8; do
		[ "$(examples "$page" | wc -l)" -ge 3 ]
		while read -r command; do
			got=$(typed "$command")
			[[ $got =~ ^(UP:|DEGRADED:|DOWN:|DBVITALS\ (OK|WARNING|CRITICAL)\ -)\  && $got != *server.* ]] ||
				{ echo "$command: $got" && return 1; }
		done < <(examples "$page")
	done
}

@test "libdbvitals.3: the example compiles, and judges a port that nobody listens on" {
	local program=$BATS_TEST_TMPDIR/vitals built=${DBV_BIN%/checkers}/lib/.libs
	sed -n '/example: begin/,/example: end/p' docs/libdbvitals.3 | sed -E '/^\./d; s/\\e/\\/g' >"$program.c"
	cc -std=c11 -Wall -Wextra -Werror -Ilib -o "$program" "$program.c" "$built/libdbvitals.so" -Wl,-rpath,"$built"
	expect 1 '^127\.0\.0\.1:[0-9]+ is down.*server\.unreachable: ' 1 "$program" "127.0.0.1:$(free_port)"
	expect 0 ' is (up|degraded)' 1 "$program" "127.0.0.1:$(of g1 port)"
}

@test "keepalived: its commands answer" {
	local commands command words
	mapfile -t commands < <(grep -ohE '"/usr/sbin/dbvitals-keepalived[^"]*"' docs/examples/*.conf | tr -d '"')
	[ ${#commands[@]} -ge 3 ]
	for command in "${commands[@]}"; do
		read -ra words <<<"$(here "$command")"
		if [[ $command == *--dynamic=* ]]; then
			expect 102 '^UP: ' 1 keepalived "${words[@]:1}"
		else
			expect 0 '^UP: ' 1 keepalived "${words[@]:1}"
		fi
	done
}

@test "keepalived: takes the configurations" {
	local program file mine=$BATS_TEST_TMPDIR/keepalived.conf own=(--net)
	[ "$EUID" -eq 0 ] || own+=(--map-root-user)
	# expect.bash has a function of this name.
	program=$(PATH=$PATH:/usr/sbin type -P keepalived) || skip 'keepalived is not installed'
	for file in docs/examples/keepalived-*.conf; do
		sed 's/script_user .*/script_user root/; s,/usr/sbin/dbvitals-keepalived,/bin/true,' "$file" >"$mine"
		# In a user namespace of one's own nothing belongs to root.
		[ "$EUID" -eq 0 ] || sed -i /enable_script_security/d "$mine"
		unshare "${own[@]}" bash -ec "
			ip link add eth0 type veth peer name eth1
			ip link set eth0 up
			$program -t -f $mine"
	done
}

@test "Nagios and Icinga: their commands answer, and Icinga's takes all options" {
	local command line services name arguments words
	mapfile -t services < <(sed -nE 's/^ *check_command +//p' docs/examples/nagios.cfg)
	[ ${#services[@]} -ge 3 ]
	for line in "${services[@]}"; do
		name=${line%%!*} arguments=${line#*!}
		command=$(sed -nE "/command_name +$name\$/ { n; s/^ *command_line +//p }" docs/examples/nagios.cfg)
		read -ra words <<<"$(here "${command/\$ARG1\$/$arguments}")"
		expect 0 '^DBVITALS OK - ' 1 plugin "${words[@]:1}"
	done
	# A password is not for a command line, and the others' output is not for a monitor.
	[ "$(grep -oE '"--[a-z-]+" = ("[$]dbvitals_|\{ set_if)' docs/examples/icinga2.conf | grep -oE -e '--[a-z-]+' | sort)" = \
		"$(plugin --help | grep -oE '^  (-.,|   ) --[a-z-]+' | grep -oE -e '--.*' | grep -vE -e '--(password|json|help|version)$' | sort)" ]
	while read -r name words; do
		[ "$words" = "$(tr - _ <<<"${name#--}")" ]
	done < <(sed -nE 's/.*"(--[a-z-]+)" = .*"[$]dbvitals_([a-z_]+)[$]".*/\1 \2/p' docs/examples/icinga2.conf)
}

# shellcheck disable=SC2030
@test "the accounts may do what they need" {
	install -m 0600 docs/examples/client.cnf "$BATS_TEST_TMPDIR/client.cnf"
	account g1 galera --mode=galera
	account m1 replication-mariadb --mode=replication
	# MySQL's privilege is another one here, but a privilege; its tables are not here
	# (tests/long/oracle).
	sql m1 "$(grep -v performance_schema docs/examples/account-replication-mysql.sql)"
}

# printed ARGUMENT...: what dbvitals grants does print is these files of docs/examples, in the order
# of $files
printed() { agree "dbvitals grants $*" "$(joined)" "$(tool grants "$@")"; }
joined() {
	local file gap=
	for file in "${files[@]}"; do
		printf %s "$gap"
		cat "docs/examples/$file.sql"
		gap=$'\n'
	done
}

# shellcheck disable=SC2016,SC2030  # the backticks are SQL's
@test "the accounts are those that dbvitals grants prints" {
	local replication=(account-replication-mariadb account-replication-mariadb-before-10.5 account-replication-mysql) files
	files=(account-galera)
	printed --mode=galera
	files=("${replication[@]}")
	printed --mode=replication
	files=(account-galera "${replication[@]}" canary roundtrip manage-read-only)
	printed --canary=dbvitals.canary --schema=dbvitals --manage-read-only
	agree 'another account' "$(sed "s/'dbvitals'@'%'/'chk'@'10.0.0.%'/" docs/examples/account-galera.sql)" \
		"$(tool grants --mode=galera --user=chk@10.0.0.%)"
	expect 0 'REPLICATION CLIENT, PROCESS, SERVICE_CONNECTION_ADMIN ON' 1 tool grants --mode=replication --admin-port=33062
	expect 0 '-- Percona XtraDB Cluster 8 only:.-- GRANT SERVICE_CONNECTION_ADMIN ON' 1 tool grants --mode=galera --admin-port=33062
	expect 0 'EXISTS `db`;.*TABLE IF NOT EXISTS `db`\.`order` .*ON `db`\.`order` TO' 1 tool grants --canary=db.order
	expect 0 'EXISTS `key`;.*ON `key`\.\* TO' 1 tool grants --schema=key
	expect 0 'ON `my[\]_app`[.][*] TO' 1 tool grants --schema=my_app
}

# account NODE NAME MODE: with the documented account and option file everything is judged
account() {
	sql "$1" "$(<"docs/examples/account-$2.sql")"
	expect 0 '^UP: ' 1 keepalived --defaults-file="$BATS_TEST_TMPDIR/client.cnf" -P "$(of "$1" port)" "$3" --role=write -v
	# shellcheck disable=SC2031
	[[ $output != *GRANT* && $output != *'not judged'* ]]
	sql "$1" "$(<docs/examples/canary.sql)"
	expect 0 '^UP: ' 1 keepalived --defaults-file="$BATS_TEST_TMPDIR/client.cnf" -P "$(of "$1" port)" "$3" --role=write \
		--canary=dbvitals.canary
	[ "$(sql "$1" 'SELECT beats FROM dbvitals.canary')" = 1 ]
	sql "$1" 'DROP USER dbvitals'
}

@test "dbvitals checks, dbvitals metrics and dbvitals-checks(7) say the same" {
	local manual listed id
	manual=$(mandoc -T utf8 -O width=500 docs/dbvitals-checks.7 | sed 's/.\x08//g' | tr -s '[:space:]' ' ')
	listed=$(tool checks | tr -s '[:space:]' ' ')
	[ -n "$listed" ]
	[[ $manual == *" $listed"* ]]
	listed=$(tool metrics | tr -s '[:space:]' ' ')
	[[ $manual == *" $listed"* ]]
	while read -r id; do
		[[ $manual == *" $(tool checks "$id" | tr -s '[:space:]' ' ')"* ]]
	done < <(tool checks | grep -E '^[a-z]+\.[a-z_]+$')
	[ "$(tool checks | grep '.\{81\}' | grep -c ' ')" = 0 ]
}
