#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The guides (guides.bash) on hosts whose root is this machine's: quick, and with a director that has IPVS. apt-get and systemctl are
# made up (tests/lab/debian), dbvitals is what "make install" leaves. On fresh Debians: guides_debian.bats.

load_lab() {
	# shellcheck source=tests/lab/all.bash
	source "$BATS_TEST_DIRNAME/../lab/all.bash"
	# shellcheck source=tests/long/guides.bash
	source "$BATS_TEST_DIRNAME/guides.bash"
}

# What "make install" leaves, once for all.
setup_file() {
	export BATS_TEST_TIMEOUT=600 DBVITALS_LAB=/run/dbvitals-guides-$$ MADE=$BATS_FILE_TMPDIR
	load_lab
	lab_end_with_me
	mkdir "$MADE/build"
	cd "$MADE/build" || return
	make_all >"$MADE/made" 2>&1 || { tail -n 30 "$MADE/made" && return 1; }
}
make_all() {
	"$LAB_TREE/configure" --prefix=/usr --sysconfdir=/etc --with-plugindir=/usr/lib/nagios/plugins --disable-tests &&
		make -j2 && make install DESTDIR="$MADE/root" && mkdir -p "$MADE/root/etc/dbvitals"
}

setup() { load_lab; }
teardown() {
	load_lab
	[ -n "${BATS_TEST_COMPLETED:-}" ] || { tail -n 60 "$MADE/transcript" && lab_status; } || true
	lab_down
}

# bare KIND: hosts as the Debian installer leaves them, with dbvitals installed
bare() {
	local node
	: >"$MADE/transcript"
	lab_bare "$1" manager=none
	for node in $(nodes); do
		on "$node" sh -c 'rm -rf /etc/mysql/* /etc/corosync/* /etc/dbvitals /usr/local/etc/dbvitals /usr/lib/ocf/resource.d/dbvitals \
			/var/lib/pacemaker/cib/* /var/lib/corosync/*; mkdir -p /var/log/pacemaker'
		tar -C / -c etc/mysql | on "$node" tar -C / -x
		tar -C "$MADE/root" --owner=root --group=root -c . | on "$node" tar -C / -x --no-overwrite-dir
		# For five servers on one machine.
		printf '[mariadbd]\n%s\n' innodb_buffer_pool_size=32M innodb_log_file_size=16M performance_schema=OFF 'wsrep_provider_options="gcache.size=16M"' |
			on "$node" tee /etc/mysql/mariadb.conf.d/99-lab.cnf >/dev/null
	done
	for node in $(hosts); do debian "$node"; done
}
# debian HOST: what of Debian must be made up; boot HOST: it was switched off, and is on again with what is enabled there
debian() {
	local tool
	for tool in systemctl apt-get; do host_file "$1" "/run/debian/$tool" <"$LAB_TOOLS/debian/$tool"; done
}
# shellcheck disable=SC2016  # for that shell
boot() {
	host_start "$1" && debian "$1" && as_typed "$1" 'systemctl start $(sort -u /var/lib/lab-enabled)'
}

as_typed() {
	local file to
	if [[ $2 != 'scp -p '* ]]; then
		on "$1" env PATH=/run/debian:/usr/sbin:/usr/bin:/sbin:/bin bash -ec "$2" 2>&1
		return
	fi
	read -ra file <<<"${2#scp -p }"
	to=${file[-1]}
	on "$1" tar -C / -c "${file[@]:0:${#file[@]}-1}" 2>/dev/null | on "${to%%:*}" tar -C / -x
}

@test "docs/guide-galera.md" {
	guide_galera
}

@test "docs/guide-pair.md" {
	guide_pair
}
