#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# docs/keepalived.md: what it tells people to type is typed, in its order, on a host where dbvitals is installed as it
# says: a mount namespace in which /etc, /usr/sbin and some folders more take what is written to them.

setup_file() {
	load_library
	[ "$EUID" -eq 0 ] || skip 'users and a mount namespace need root'
	export BATS_TEST_TIMEOUT=60
	servers_begin
	galera_start g1
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	sql g1 "$(<docs/examples/account-galera.sql)"
	commands >"$BATS_FILE_TMPDIR/commands"
	dropped 's,/usr/sbin/dbvitals-keepalived,/usr/sbin/no-such-program,' 'Disabling' >"$BATS_FILE_TMPDIR/dropped.log"
	dropped 's,script "/usr.*,script /bin/true,; /init_fail/a user no_such_user' 'not found, ignoring' >"$BATS_FILE_TMPDIR/no_user.log"
	host "$BATS_FILE_TMPDIR" >"$BATS_FILE_TMPDIR/transcript" 2>&1
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

# block LANGUAGE: the lines of the page in blocks of that language
block() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" docs/keepalived.md | grep -v '^```'; }
commands() { block sh; }

# here COMMAND: the same for the tests' server
here() {
	local port
	port=$(of g1 port)
	sed -E "s/192\.0\.2\.[0-9]+/127.0.0.1/g; s/dbvitals(-keepalived| status) /&-P $port /" <<<"$1"
}

# dropped EDIT TEXT: the log of keepalived itself, when it has said that of the vrrp_script of an example so changed
dropped() {
	local conf=$BATS_FILE_TMPDIR/dropped.conf log=$BATS_FILE_TMPDIR/dropped.out seen=1
	sed -e 's/script_user .*/script_user root/' -e "$1" docs/examples/keepalived-vrrp-script.conf >"$conf"
	# What the one before it, which was killed, has left.
	rm -f "$conf".*
	# The outer shell's values.
	unshare --net --pid --fork --kill-child --mount-proc bash -ec "
		ip link add eth0 type veth peer name eth1
		ip link set eth0 up
		exec /usr/sbin/keepalived -P -n -l -D -f $conf -p $conf.pid -r $conf.vrrp" >"$log" 2>&1 </dev/null 3>&- &
	wait_for 20 'the log' grep -qF "$2" "$log" || seen=
	# unshare ignores SIGTERM while it waits.
	kill -KILL "$!" 2>/dev/null || true
	wait "$!" 2>/dev/null || true
	cat "$log"
	[ -n "$seen" ]
}

# host FOLDER: every command, its status and what it printed
host() {
	local command log
	{
		cat <<-END
			set -e
			mount -t tmpfs none /mnt
			for folder in etc usr/sbin usr/local var/lib root; do
				mkdir -p /mnt/over/\$folder /mnt/work/\$folder
				mount -t overlay none -o lowerdir=/\$folder,upperdir=/mnt/over/\$folder,workdir=/mnt/work/\$folder /\$folder
			done
			install -m 0755 "$DBV_BIN/dbvitals-keepalived" /usr/sbin/
			# Where this build looks for its option file.
			built=\$(/usr/sbin/dbvitals-keepalived --help | sed -n 's,.*default: \(/[^ ]*\)/client.cnf.*,\1,p')
			mkdir -p /etc/keepalived /etc/dbvitals
			chmod 0700 /etc/dbvitals
			if [ "\$built" != /etc/dbvitals ]; then
				mkdir -p "\$built"
				mount --bind /etc/dbvitals "\$built"
			fi
			cp docs/examples/keepalived-vrrp-script.conf /etc/keepalived/keepalived.conf
			mkdir /mnt/bin
			cp "$DBV_BIN/dbvitals" /mnt/bin
			printf '%s\n' '#!/bin/sh' 'unshare --net sh -ec "ip link add eth0 type veth peer name eth1
				ip link set eth0 up; exec /usr/sbin/keepalived \$*"' >/mnt/bin/keepalived
			printf '%s\n' '#!/bin/sh' 'cat "\$LOG"' >/mnt/bin/journalctl
			printf '%s\n' '#!/bin/sh' 'echo "systemctl \$*"' >/mnt/bin/systemctl
			chmod 0755 /mnt/bin/*
			PATH=/mnt/bin:/usr/sbin:\$PATH LOG=/dev/null
			export PATH LOG
			cd docs/examples
			set +e
			# As hardened hosts have it.
			umask 077
		END
		while IFS= read -r command; do
			printf 'echo %q\n(%s\n) </dev/null 2>&1\necho "status $?"\n' "\$ $command" "$(here "$command")"
		done <"$1/commands"
		for log in dropped no_user; do
			printf 'LOG=%q\necho "$ %s"\n(%s\n)\necho "status $?"\n' "$1/$log.log" "$log" "$(grep journalctl "$1/commands")"
		done
	} >"$1/script"
	unshare --mount bash "$1/script"
}

# said PREFIX: what the command that begins so printed, with its status
said() {
	awk -v prefix="\$ $1" 'index($0, "$ ") == 1 { on = index($0, prefix) == 1; next } on' "$BATS_FILE_TMPDIR/transcript"
}

# typed STATUS TEXT PREFIX: the commands that begin with PREFIX ended so, and TEXT is what the first of them printed
typed() {
	local got
	got=$(said "$3" | sed '/^status /q')
	[[ $got == *"status $1" && $got =~ $2 ]] || { echo "$3: no status $1 with '$2': $got" && return 1; }
	sed -i "0,\\,^$3,{\\,^$3,d}" "$BATS_FILE_TMPDIR/left"
}

@test "every command does what the page says" {
	local as='setpriv --reuid=keepalived_script --regid=keepalived_script --clear-groups dbvitals-keepalived'
	cp "$BATS_FILE_TMPDIR/commands" "$BATS_FILE_TMPDIR/left"
	typed 0 '' 'useradd '
	typed 0 'GRANT PROCESS' 'dbvitals grants'
	typed 0 '' 'install -d -m 0755 '
	typed 0 '' 'install -o root '
	typed 0 'misc_path "/usr/sbin/dbvitals-keepalived' "$as -H 192.0.2.11 -t 3 --self-test"
	typed 0 '' 'install -d -o '
	typed 0 'script "/usr/sbin/dbvitals-keepalived .*--role=auto' "$as --role=auto"
	typed 0 '' 'sed '
	typed 0 '' 'keepalived -t'
	typed 0 'systemctl reload-or-restart keepalived' 'systemctl'
	typed 1 '^status' 'journalctl'
	typed 0 '' 'ip -brief'
	typed 0 '^UP: ' "$as -H 192.0.2.11 -v"
	typed 0 'wsrep_desync' 'dbvitals checks'
	typed 0 '127.0.0.1:[0-9]+ +up' 'dbvitals status'
	[ ! -s "$BATS_FILE_TMPDIR/left" ] || { echo "not tried: $(<"$BATS_FILE_TMPDIR/left")" && return 1; }
}

@test "what it shows is what comes" {
	diff -u --label documented <(block text) --label real \
		<(said 'setpriv --reuid=keepalived_script --regid=keepalived_script --clear-groups dbvitals-keepalived -H 192.0.2.11 -t 3 --self-test' |
			sed -E "/^status/d; s/ --port=[0-9]+//; s/127\.0\.0\.1([: ])$(of g1 port)/192.0.2.11\13306/; s/127\.0\.0\.1/192.0.2.11/
				s,(option file) .*/dbvitals/,\1 /etc/dbvitals/,; s/ [0-9]+ ms of/ 12 ms of/")
}

@test "what is looked for in the log is what keepalived writes there" {
	[[ $(said dropped) == *'Disabling track script dbvitals'*'status 0' ]]
	[[ $(said no_user) == *'Unable to set uid/gid for script'*'track script dbvitals not found'*'status 0' ]]
}
