#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The guides (guides.bash) as a newcomer meets them: on hosts that are fresh Debians, each with a systemd of its own for process 1,
# with Debian's packages and those of dbvitals, installed by what the pages say. Then docs/pacemaker.md and docs/keepalived.md there.
# GUIDES_DEBIAN=FOLDER keeps the Debian and the packages there, and takes them from there.

load_lab() {
	# shellcheck source=tests/lab/all.bash
	source "$BATS_TEST_DIRNAME/../lab/all.bash"
	# shellcheck source=tests/long/guides.bash
	source "$BATS_TEST_DIRNAME/guides.bash"
}

setup_file() {
	# Not /run: what is installed on the hosts needs gigabytes.
	export BATS_TEST_TIMEOUT=1800 DBVITALS_LAB=/var/tmp/dbvitals-guides-$$
	export MADE=${GUIDES_DEBIAN:-$DBVITALS_LAB-made}
	load_lab
	lab_end_with_me
	cd "$LAB_TREE" || return
	mkdir -p "$MADE"
	[ -e "$MADE/complete" ] || make_all >&3 2>&1
}
teardown_file() { [ -n "${GUIDES_DEBIAN:-}" ] || rm -rf "$MADE"; }

setup() { load_lab; }
teardown() {
	load_lab
	[ -n "${BATS_TEST_COMPLETED:-}" ] || { tail -n 60 "$MADE/transcript" && lab_status; } || true
	lab_down
}

# make_all: what the installer of Debian leaves with its "SSH server", and the packages of dbvitals
make_all() (
	work=$MADE
	# shellcheck source=tests/long/debian.bash
	source tests/long/debian.bash
	step 'a fresh Debian' fresh "$MADE/fresh" --include=dbus,openssh-server
	cp -a "$MADE/fresh" "$MADE/builder"
	step 'a release' release
	step 'packages, as documented' packages
	step 'what the guides install' downloaded
	touch "$MADE/complete"
)
packages() {
	no_services "$MADE/builder"
	[ -n "$(documented 1)" ]
	inside "$MADE/builder" -- bash -exc "export DEB_BUILD_OPTIONS=nocheck; cd /src/dbvitals; $(documented 1)"
	mkdir "$MADE/debs"
	mv "$MADE"/builder/src/*.deb "$MADE/debs"
	rm -rf "$MADE/builder"
}
# The hosts' networks lead nowhere: apt-get finds these in its cache.
downloaded() {
	local wanted
	wanted=$(sed -n 's/^apt-get install //p' docs/guide-*.md | tr ' ' '\n' | grep -v '^\./' | sort -u)
	# shellcheck disable=SC2046,SC2086  # words
	inside "$MADE/fresh" -- apt-get install --download-only $wanted keepalived libmariadb3
	echo force-unsafe-io >"$MADE/fresh/etc/dpkg/dpkg.cfg.d/tests"
}

# bare KIND: hosts that have just been installed; they know each other by name, and the first one is let in by ssh; with the packages
# of dbvitals in root's home
bare() {
	local host first
	: >"$MADE/transcript"
	lab_bare "$1" manager=none "debian=$MADE/fresh"
	for host in $(hosts); do wait_for 60 "$host to have booted" booted "$host"; done
	first=$(nodes)
	first=${first%% *}
	on "$first" ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
	for host in $(nodes); do
		tar -C "$MADE/debs" -c . | on "$host" tar -C /root -x
		on "$first" cat /root/.ssh/id_ed25519.pub | on "$host" sh -c 'mkdir -p -m 0700 /root/.ssh; cat >/root/.ssh/authorized_keys'
		on "$first" sh -c "ssh-keyscan -t ed25519 $host >>/root/.ssh/known_hosts" 2>/dev/null
	done
}
booted() { [[ $(on "$1" systemctl is-system-running) =~ ^(running|degraded)$ ]]; }
boot() { host_start "$1"; }
as_typed() { on "$1" bash -ec "cd /root; $2" 2>&1; }

# lines PAGE [FROM TO]: the commands of its blocks, between two headings
lines() {
	sed -n "/^## ${2:-}/,/^## ${3:-no such heading}/{ /^\`\`\`sh\$/,/^\`\`\`\$/{ /^\`\`\`/!p } }" "docs/$1" | sed 's/192\.0\.2\./10.77.0./g'
}
# all_typed HOST PAGE FROM TO: each of them. The grep in a log finds nothing where all is well.
all_typed() {
	local commands line
	mapfile -t commands < <(lines "${@:2}")
	[ ${#commands[@]} -gt 0 ] || return
	for line in "${commands[@]}"; do
		[[ $line != *' | grep -E '* ]] || line="! { $line; }"
		type_line "$1" "$line" || return
		[[ $line != *--clear ]] || [ "$(holder)" = "$MOVED_TO" ] || { echo "$line: moved to $(holder)" && return 1; }
	done
	[ ${#WANTED[@]} = 0 ] || { echo "never came to ${WANTED[0]}" && return 1; }
}

# README.md and docs/install.md: the plugin, and a first look
first_looks() {
	local PATH_THERE=PATH=\$PATH:/usr/lib/nagios/plugins WANTED
	type_line db1 'apt-get install ./monitoring-plugins-dbvitals_*.deb'
	WANTED=('dbvitals status db1 => db1:3306 up up .*db2:3306 up up .*db3:3306 up up .*CLUSTER up')
	type_line db1 'dbvitals status db1 db2 db3'
	WANTED=("$PATH_THERE; dbvitals-keepalived -H => UP: db1:3306 may take reads" "$PATH_THERE; check_dbvitals -H => DBVITALS OK - ")
	while read -r _ line; do type_line db1 "$PATH_THERE; ${line%;*}"; done < <(grep '^\$ ' README.md | grep -v 'H db2; echo')
	[ ${#WANTED[@]} = 0 ]
}

# docs/pacemaker.md where the guide has ended
by_hand() {
	local WANTED=() MOVED_TO=db2
	all_typed db1 pacemaker.md 'How to see it' 'What each failure'
	as_typed db1 'crm_resource --resource write-ip-clone --move --promoted --node db1; crm_resource --wait; crm_resource --resource write-ip-clone --clear'
	all_typed db1 pacemaker.md 'Moving by hand' 'Upgrading'
	wait_for 30 'another holder than the one that is banned' held_by_other db1
	all_typed db1 pacemaker.md 'Upgrading' 'Quorum'
	wait_for 30 'the address to be gone' held_by ''
}

# docs/keepalived.md on the same hosts, with VRRP in place of Pacemaker
keepalived_instead() {
	local node WANTED priority=250
	for node in $(nodes); do
		WANTED=('dbvitals grants => GRANT PROCESS' 'setpriv => For keepalived.conf.*misc_path' 'setpriv => For keepalived.conf.*vrrp_script')
		type_line "$node" 'systemctl disable --now pacemaker corosync; apt-get install keepalived; cp /etc/dbvitals/client.cnf .'
		example keepalived-vrrp-script.conf | sed "s/priority 250/priority $priority/" |
			on "$node" tee /etc/keepalived/keepalived.conf >/dev/null
		priority=$((priority - 10))
		all_typed "$node" keepalived.md 'Setting it up' 'Why is a node out'
		WANTED=('setpriv => UP: ' 'dbvitals checks => wsrep_desync' 'dbvitals status => CLUSTER up')
		all_typed "$node" keepalived.md 'Why is a node out' 'What no exit'
	done
	wait_for 30 'a holder' held_by_other nobody
	HOLDER=$(holder)
	# shellcheck disable=SC2016  # for that host
	type_line "$HOLDER" 'kill -KILL $(pidof mariadbd)'
	wait_for 15 'the address to move' held_by_other "$HOLDER"
	WANTED=('journalctl -u keepalived => Entering FAULT' 'journalctl -t dbvitals-keepalived => down: .*server.unreachable')
	all_typed "$HOLDER" keepalived-vrrp.md 'What each failure' 'Connections'
	wait_for 60 'its server' mysql_sql "$HOLDER" 'DO 1'
}

# summary WHAT: how much, for whoever reads
summary() {
	echo "$1: $(grep -c '^[a-z]*[0-9]*# ' "$MADE/transcript") commands, $(on "$(nodes | cut -d' ' -f1)" mariadbd --version)" >&3
}

@test "docs/guide-galera.md, README.md, docs/pacemaker.md, docs/keepalived.md" {
	guide_galera
	first_looks
	by_hand
	keepalived_instead
	summary 'Galera'
}

# handed_over: the holder is switched off in order, and its server has outlived Pacemaker
handed_over() {
	local from log=/var/log/pacemaker/pacemaker.log before
	from=$(holder)
	on "$from" systemctl show -p Before --value mariadb.service | grep -qw resource-agents-deps.target
	on "$from" systemctl is-active resource-agents-deps.target
	before=$(on "$from" sh -c "wc -l <$log")
	on "$from" systemctl poweroff
	wait_for 90 'the address to move' held_by_other "$from"
	wait_for 90 "$from to be off" is_off "$from"
	boot "$from"
	wait_for 90 "$from to have booted" booted "$from"
	# shellcheck disable=SC2016  # for that shell
	on "$from" sh -ec 'tail -n "+$1" "$2" >/tmp/since; grep -q "demote operation for write-ip .*ok" /tmp/since
		! grep -E "may still take writes|does not know what to wait for" /tmp/since' sh "$before" "$log"
}

@test "docs/guide-pair.md" {
	guide_pair
	handed_over
	summary 'a pair'
}
