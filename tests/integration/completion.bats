#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What completes in bash: the function, the words against the programs that take them, and a real TAB.

setup_file() { export BATS_TEST_TIMEOUT=30; }

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	# shellcheck source=tests/lib/expect.bash
	source tests/lib/expect.bash
	# shellcheck source=docs/dbvitals.bash
	source docs/dbvitals.bash
}

# Only while a TAB is answered there is the real one.
compopt() { asked=$2; }

# complete_line LINE: into COMPREPLY, as bash asks with the cursor at its end; what it asks of bash into $asked
complete_line() {
	asked='' COMPREPLY=() COMP_LINE=$1 COMP_POINT=${#1}
	_dbvitals "${1%% *}"
}

# row LINE CANDIDATE...: what completes there
row() {
	complete_line "$1"
	[ "${COMPREPLY[*]}" = "${*:2}" ] || { echo "'$1': '${COMPREPLY[*]}' in place of '${*:2}'" && return 1; }
	[[ $asked = nospace && ${COMPREPLY[*]} = *= || $asked = filenames && $1 = *[/.]* || -z $asked && ${COMPREPLY[*]} != *= ]] ||
		{ echo "'$1': asked for '$asked'" && return 1; }
}

@test "options, commands, words, names" {
	COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
	row 'dbvitals ' status explain checks metrics roundtrip grants --help --version
	row 'dbvitals st' status
	row 'dbvitals --v' --version
	row 'dbvitals nonsense --'
	row 'dbvitals nonsense '
	row 'dbvitals status --min' --min-up=
	row 'dbvitals-keepalived --min'
	row 'dbvitals-keepalived --dy' --dynamic=
	row 'check_dbvitals --dy'
	row '/usr/lib/nagios/plugins/check_dbvitals --pas' --password=
	row 'dbvitals checks galera.don' galera.donor galera.donor_rejects
	row 'dbvitals metrics l' lag

	row 'dbvitals-keepalived --role=' read write promote auto
	row 'dbvitals-keepalived --role=w' write
	row 'dbvitals-keepalived --role w' write
	row 'dbvitals-keepalived -r w' write
	row 'check_dbvitals -H db1 -r ' read write promote auto
	row 'dbvitals grants --mode=' galera replication
	row 'dbvitals status --ssl-mode=v' verify-ca verify-identity
	row 'check_dbvitals -w l' lag=
	row 'check_dbvitals -c cluster' cluster_size=
	row 'check_dbvitals -w lag=3'
	row 'check_dbvitals --severity=galera.don' galera.donor= galera.donor_rejects=
	row 'check_dbvitals --severity=galera.donor=' ignore note degraded down
	row 'check_dbvitals --severity galera.donor=d' degraded down

	row 'check_dbvitals -P '
	row 'check_dbvitals --port='
	row 'check_dbvitals --nonsense='
	row 'check_dbvitals n'
}

@test "files and directories" {
	COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
	row 'dbvitals status --defaults-file=docs/dbvitals.b' docs/dbvitals.bash
	row 'dbvitals-keepalived --ssl-ca docs/dbvitals.b' docs/dbvitals.bash
	row 'dbvitals explain -r write docs/dbvitals.b' docs/dbvitals.bash
	row 'dbvitals status --state-dir=./doc' ./docs
	row 'dbvitals status --state-dir=docs/dbvitals.b'
	mkdir "$BATS_TEST_TMPDIR/a b"
	row "dbvitals status --state-dir=$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/a b"
}

@test "where = and : break no words, the whole word comes" {
	COMP_WORDBREAKS=$' \t\n'
	row 'dbvitals-keepalived --role=w' --role=write
	row 'check_dbvitals --severity=galera.donor=de' --severity=galera.donor=degraded
	row 'check_dbvitals -w l' lag=
}

@test "nothing that was typed is run" {
	COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
	local ran=$BATS_TEST_TMPDIR/ran line
	# shellcheck disable=SC2016  # as it is typed
	for line in 'check_dbvitals --severity=$(touch RAN)=d' 'check_dbvitals --$(touch${IFS}RAN)=' 'dbvitals $(touch${IFS}RAN) ' \
		'check_dbvitals -r `touch${IFS}RAN`' 'dbvitals a[$(touch${IFS}RAN)] ' 'check_dbvitals -x[$(touch${IFS}RAN)] ' \
		'dbvitals explain $(touch${IFS}RAN)'; do
		complete_line "${line//RAN/$ran}"
		[ ! -e "$ran" ]
	done
}

# offered COMMAND: the options that complete
offered() {
	complete_line "$1 --"
	printf '%s\n' "${COMPREPLY[@]%=}" | sort
}
# helped COMMAND...: those in its help
helped() { env -i "$@" --help 2>/dev/null | grep -oE '^  (-.,|   ) --[a-z-]+' | grep -oE -e '--.*' | sort; }

@test "the options are those in the help" {
	local program command
	for program in dbvitals-keepalived check_dbvitals; do
		[ -n "$(offered "$program")" ]
		[ "$(offered "$program")" = "$(helped "$DBV_BIN/$program" || true)" ]
	done
	complete_line 'dbvitals '
	[ "${COMPREPLY[*]}" = "$(tool --help | sed -nE 's/^  ([a-z]+) .*/\1/p' | paste -sd' ') --help --version" ]
	for command in "${COMPREPLY[@]:0:6}"; do
		[ "$(offered "dbvitals $command")" = "$(helped "$DBV_BIN/dbvitals" "$command")" ]
	done
}

@test "the words are taken" {
	local option word port
	port=$(comm -23 <(seq 20000 20400) <(ss -Htln | grep -oE ':[0-9]+ ' | tr -d ': ' | sort) | head -n 1)
	COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
	for option in --mode= --role= --ssl-mode= --severity=galera.donor=; do
		complete_line "check_dbvitals $option"
		[ ${#COMPREPLY[@]} -ge 2 ]
		for word in "${COMPREPLY[@]}"; do
			[ "$option$word" = --role=auto ] || expect 2 '^DBVITALS CRITICAL' 3 plugin -H "127.0.0.1:$port" "$option$word" --ssl-ca=docs/install.md
		done
	done
	expect 2 '^DBVITALS CRITICAL' 3 plugin -H "127.0.0.1:$port" --role=auto --write-ip=127.0.0.1
	complete_line 'dbvitals metrics '
	for word in "${COMPREPLY[@]}"; do expect 0 "^$word" 1 tool metrics "$word"; done
}

@test "with a real TAB, and a blank only where a word is complete" {
	run python3 tests/lib/tab.py docs/dbvitals.bash \
		$'check_dbvitals --sev\tgalera.donor=deg\t-r wr\t--defaults-fi\tdocs/dbvitals.ba\t-P \t1' \
		$'dbvitals stat\t--ssl-mode=req\tdb1'
	[ "${lines[0]}" = 'check_dbvitals --severity=galera.donor=degraded -r write --defaults-file=docs/dbvitals.bash -P 1' ]
	[ "${lines[1]}" = 'dbvitals status --ssl-mode=required db1' ]
}
