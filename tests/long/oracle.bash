# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A MySQL server and Oracle's client library, unpacked below $SERVERS/sid, and what is run with
# them. Neither is in
# Debian stable: they come from Debian sid through an apt with a configuration, state and cache of
# its own; nothing of the system is touched. Sourced by tests/long/oracle after tests/lib/all.bash
# and servers_begin.

SID=$SERVERS/sid
SID_LIB=$SID/usr/lib/$(gcc -print-multiarch)
REPLICA_WORD=REPLICA

# sid_fetch: unpack what mysqld and a program with libmysqlclient need, libc included, and its symbols for valgrind
sid_fetch() {
	local packages package
	apt_of sid && mkdir "$SID" || return 1
	# The empty status makes the simulation list all that these three need.
	mapfile -t packages < <(apt-get -q --no-install-recommends --simulate install \
		mysql-server-core mysql-client-core libmysqlclient-dev |
		sed -n 's/^Inst \([^ ]*\) .*/\1/p' | grep -Ev '^(perl|libperl|libc-dev)|-dev$')
	[ ${#packages[@]} -gt 0 ] || return 1
	apt-get -q download "${packages[@]}" libmysqlclient-dev libc6-dbg || return 1
	for package in *.deb; do dpkg -x "$package" "$SID" || return 1; done
	rm -rf "$SERVERS/apt"
	[ -x "$SID/usr/sbin/mysqld" ]
}

# apt_of SUITE: what apt-get does from here on is of that suite of Debian, in the current folder
apt_of() {
	local apt=$SERVERS/apt
	mkdir -p "$apt"/etc/{apt.conf.d,preferences.d,sources.list.d} "$apt"/{state/lists,cache/archives}/partial "$apt/debs"
	: >"$apt/status"
	suite_source "$1" >"$apt/etc/sources.list.d/$1.sources" && apt_configuration "$apt" >"$apt/apt.conf" || return 1
	export APT_CONFIG=$apt/apt.conf
	cd "$apt/debs" && apt-get -q update
}

# suite_source SUITE: Debian's, from the mirror of the system's own sources
suite_source() {
	local mirror keys=/usr/share/keyrings/debian-archive-keyring.gpg
	# shellcheck disable=SC2016  # apt's own variable
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/*$' | sort -u | head -n 1)
	[ -n "$mirror" ] || { echo "the system's own apt sources name no Debian mirror" && return 1; }
	[ -e "$keys" ] || { echo "the package debian-archive-keyring is missing" && return 1; }
	printf '%s\n' 'Types: deb' "URIs: $mirror" "Suites: $1" 'Components: main' "Signed-By: $keys"
}

# apt_configuration FOLDER: how the system fetches (a proxy, say), but all places in FOLDER
apt_configuration() {
	cat <<-END
		Dir::Etc "$1/etc";
		Dir::State "$1/state";
		Dir::State::status "$1/status";
		Dir::Cache "$1/cache";
		APT::Sandbox::User "root";
	END
	apt-config dump | grep '^Acquire::' | grep -Ev '^Acquire::(IndexTargets|Languages)'
}

sid_loader() { find "$SID/usr/lib" -name 'ld-linux*.so.*' -print -quit; }

# oracle_package: libmysqlclient as configure finds it; what is linked with it finds the newer libc by itself
oracle_package() {
	mkdir -p "$SERVERS"/{include,pkgconfig} &&
		ln -s "$SID/usr/include/mysql" "$SERVERS/include/mysql" &&
		cat >"$SERVERS/pkgconfig/mysqlclient.pc" <<-END || return 1
			Name: mysqlclient
			Description: MySQL client library
			Version: $(sed -n 's/^Version: //p' "$SID_LIB/pkgconfig/mysqlclient.pc")
			Cflags: -I$SID/usr/include/mysql -I$SERVERS/include
			Libs: -L$SID_LIB -lmysqlclient -Wl,--dynamic-linker=$(sid_loader) -Wl,--disable-new-dtags -Wl,-rpath,$SID_LIB -Wl,--allow-shlib-undefined
		END
}

# oracle_configure FOLDER OPTION...: as a user with libmysqlclient would, in $SERVERS/FOLDER, which is the current one then
oracle_configure() {
	mkdir "$SERVERS/$1" && cd "$SERVERS/$1" &&
		PKG_CONFIG_PATH=$SERVERS/pkgconfig "$TOP/configure" --with-client=mysql --enable-werror --disable-tests "${@:2}"
}

# oracle_build FOLDER OPTION...
oracle_build() {
	oracle_configure "$@" && make -j"$(nproc)" &&
		readelf -d checkers/dbvitals-keepalived | grep -q 'NEEDED.*libmysqlclient'
}

# mysqld_words: how the server is called, into MYSQLD
mysqld_words() {
	MYSQLD=("$(sid_loader)" --library-path "$SID_LIB" "$SID/usr/sbin/mysqld" --no-defaults --basedir="$SID/usr"
		--lc-messages-dir="$SID/usr/share/mysql" --plugin-dir="$SID/usr/lib/mysql/plugin"
		--character-sets-dir="$SID/usr/share/mysql/charsets" --mysqlx=OFF --innodb-redo-log-capacity=8M)
}

# mysqld NODE OPTION...: in the background; node_freeze, node_kill, of and the like work on it, too
mysqld() {
	local home=$SERVERS/$1
	shift
	mysqld_words
	"${SERVER_AS[@]}" setsid "${MYSQLD[@]}" --datadir="$home/data" --socket="$home/socket" --pid-file="$home/data/pid" \
		--log-error="$home/log" --secure-file-priv=NULL --performance-schema=OFF --innodb-buffer-pool-size=32M "$@" \
		</dev/null >>"$home/out" 2>&1 &
	echo "$!" >"$home/pid"
}

ADMIN_PORT=--admin-port
# mysql_start NODE [OPTION...]
mysql_start() {
	local home=$SERVERS/$1 options
	mapfile -t options <"$home/options"
	# It trusts the number in the lock of a killed server, which may be somebody else's by now.
	rm -f "$home/socket.lock"
	mysqld "$1" ${ADMIN_PORT:+"$ADMIN_PORT=$(of "$1" extra_port)"} --bind-address=127.0.0.1 --port="$(of "$1" port)" --skip-name-resolve \
		--max-connections=20 --innodb-flush-log-at-trx-commit=0 "${options[@]}" "${@:2}"
	disown
}

# mysql_new NODE SERVER_ID OPTION...: a server with a binary log and GTIDs
mysql_new() {
	node_new "$1" 127.0.0.1 empty --server-id="$2" --log-bin=bin --relay-log=relay --gtid-mode=ON \
		--enforce-gtid-consistency=ON --replica-net-timeout=2 "${@:3}"
	mysqld "$1" --initialize-insecure
	wait "$(of "$1" pid)" && mysql_start "$1"
}

# mysql_wait NODE: until it serves
mysql_wait() {
	wait_for 20 "$1 to serve" ask "$1" 'DO 1' || {
		tail -n 20 "$SERVERS/$1"/{log.err,out}
		return 1
	}
}

# ask NODE STATEMENT...: as root through the socket, rows without a header
ask() {
	timeout -k 1 10 mariadb --no-defaults --user=root --socket="$SERVERS/$1/socket" --skip-column-names --batch \
		-e "${*:2}" </dev/null
}

# replication_status NODE
replication_status() {
	timeout -k 1 10 mariadb --no-defaults --user=root --socket="$SERVERS/$1/socket" --vertical \
		-e "SHOW $REPLICA_WORD STATUS" </dev/null
}
# replica FIELD VALUE: what the node "replica" says about its replication by itself
replica() { replication_status replica | grep -Eq "^ *$1: $2\$"; }
# follows NODE: what it copies arrives
follows() { [ "$(replication_status "$1" | grep -Ec '^ *[A-Z][a-z]*_(IO|SQL)_Running: Yes$')" = 2 ]; }

# mysql_accounts NODE: as tests/lib/servers.bash makes them
mysql_accounts() {
	ask "$1" "
		CREATE DATABASE app;
		CREATE TABLE app.t (id BIGINT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(250));
		CREATE USER 'check'@'%' IDENTIFIED BY '$PASSWORD';
		GRANT PROCESS, REPLICATION CLIENT ON *.* TO 'check'@'%';
		GRANT SELECT ON performance_schema.replication_connection_status TO 'check'@'%';
		GRANT SELECT ON performance_schema.replication_connection_configuration TO 'check'@'%';
		CREATE USER sha256@'%' IDENTIFIED WITH sha256_password BY '$PASSWORD';
		GRANT PROCESS, REPLICATION CLIENT ON *.* TO sha256@'%';
		CREATE USER noprivs@'%' IDENTIFIED BY '$PASSWORD';
		CREATE USER locked@'%' IDENTIFIED BY '$PASSWORD' ACCOUNT LOCK;
		CREATE USER expired@'%' IDENTIFIED BY '$PASSWORD' PASSWORD EXPIRE;
		CREATE USER copy@'%' IDENTIFIED BY '$PASSWORD';
		GRANT REPLICATION SLAVE ON *.* TO copy@'%'"
}

# silent STAGE: a server that falls silent there; its port is in $port
silent() {
	helper "silent-$1" python3 "$TOP/tests/long/oracle-silent.py" "$1"
	wait_for 5 "the silent server" test -s "$SERVERS/silent-$1.out"
	port=$(<"$SERVERS/silent-$1.out")
}
