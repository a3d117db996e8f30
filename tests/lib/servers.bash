# SPDX-License-Identifier: MIT
# Throwaway MariaDB servers on loopback, for the tests and the demo. Sourced after expect.bash
# (wait_for).
# All that is known of a node is in files below $SERVERS/NODE, where each process of a bats run
# finds it: address port extra_port group_port sst_port pid options log data/.

SERVER_AS=()
[ "$EUID" -ne 0 ] || SERVER_AS=(setpriv --reuid=mysql --regid=mysql --clear-groups)
PASSWORD=check-password
# Of every server that is started.
SERVER_OPTIONS=()

# servers_begin: a new folder in $SERVERS that the servers' user may pass, with the system tables
# and accounts made once, and a guard that ends all of it if this shell dies without servers_end.
servers_begin() {
	local base user
	for base in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
		if "${SERVER_AS[@]}" test -x "$base"; then break; fi
	done
	SERVERS=$(mktemp -d "$base/dbvitals.XXXXXX")
	export SERVERS TMPDIR=$base
	chmod 0755 "$SERVERS"
	for user in check noprivs app locked single; do client_file "$user" "$user" "$PASSWORD"; done
	client_file wrong check not-the-password
	server_template
	(
		trap '' INT TERM HUP
		tail --pid=$$ -f /dev/null
		servers_end
	) </dev/null >/dev/null 2>&1 3>&- &
	disown
}

# client_file NAME USER PASSWORD: $SERVERS/NAME.cnf
client_file() {
	(umask 077 && printf '[client]\nuser=%s\npassword=%s\n' "$2" "$3" >"$SERVERS/$1.cnf")
}

# server_template: the accounts have what the documents ask for, and no more; "check" serves both
# modes.
server_template() {
	local made=$SERVERS/template
	cat >"$made.sql" <<-END
		FLUSH PRIVILEGES;
		CREATE DATABASE app;
		CREATE TABLE app.t (id BIGINT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(250)) ENGINE=InnoDB;
		CREATE USER 'check'@'%' IDENTIFIED BY '$PASSWORD';
		GRANT PROCESS, SLAVE MONITOR ON *.* TO 'check'@'%';
		$(sed "s/'dbvitals'@/'check'@/" "${BASH_SOURCE[0]%/*}/../../docs/examples/canary.sql")
		CREATE USER noprivs@'%' IDENTIFIED BY '$PASSWORD';
		CREATE USER app@'%' IDENTIFIED BY '$PASSWORD';
		GRANT ALL ON app.* TO app@'%';
		CREATE USER locked@'%' IDENTIFIED BY '$PASSWORD' ACCOUNT LOCK;
		CREATE USER single@'%' IDENTIFIED BY '$PASSWORD' WITH MAX_USER_CONNECTIONS 1;
		CREATE USER copy@'%' IDENTIFIED BY '$PASSWORD';
		GRANT REPLICATION SLAVE ON *.* TO copy@'%';
	END
	# Twice, since it is not what is tested; the first failure is told.
	system_tables "$made" || system_tables "$made"
}

system_tables() {
	rm -rf "$1"
	server_folder "$1"
	"${SERVER_AS[@]}" mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db \
		--skip-name-resolve --innodb-log-file-size=16M --datadir="$1" --extra-file="$1.sql" \
		>"$1.log" 2>&1 </dev/null || {
		echo "mariadb-install-db failed:"
		tail -n 30 "$1.log"
		return 1
	} >&2
}

server_folder() {
	mkdir -m 0755 "$1"
	if [ "$EUID" -eq 0 ]; then chown mysql:mysql "$1"; fi
}

# servers_end: kill what runs by its id, remove the folder. May be called twice.
servers_end() {
	local pid
	[ -d "${SERVERS:-}" ] || return 0
	for pid in "$SERVERS"/*/pid; do
		if [ -e "$pid" ]; then node_kill "$(basename "${pid%/pid}")"; fi
	done
	for pid in "$SERVERS"/*.helper; do
		if [ -e "$pid" ]; then helper_end "$(basename "$pid" .helper)"; fi
	done
	rm -rf "$SERVERS"
}

# of NODE WHAT: one fact about a node
of() { cat "$SERVERS/$1/$2"; }

# free_port: a port below the ephemeral range that nobody listens on
free_port() {
	local port
	until port=$((10000 + SRANDOM % 20000)) && [ -z "$(ss -Hltn "sport = :$port")" ]; do :; done
	echo "$port"
}

# node_new NODE ADDRESS full|empty OPTION...: a node's folder, with a copy of the system tables or
# without
node_new() {
	local home=$SERVERS/$1 address=$2 data=$3 what
	shift 3
	server_folder "$home"
	if [ "$data" = full ]; then cp -a "$SERVERS/template" "$home/data"; else server_folder "$home/data"; fi
	echo "$address" >"$home/address"
	for what in port extra_port group_port sst_port; do free_port >"$home/$what"; done
	printf '%s\n' "$@" >"$home/options"
}

# node_start NODE [OPTION...]: start it, with options for this time only, and return at once
node_start() {
	local node=$1 home=$SERVERS/$1 options inside=()
	shift
	mapfile -t options <"$home/options"
	[ ! -e "$home/small" ] || inside=("${BASH_SOURCE[0]%/*}/small-disk" "$home/small")
	"${inside[@]}" "${SERVER_AS[@]}" setsid mariadbd --no-defaults --datadir="$home/data" --socket="$home/socket" \
		--pid-file="$home/data/pid" --log-error="$home/log" --bind-address="$(of "$node" address)" \
		--port="$(of "$node" port)" --extra-port="$(of "$node" extra_port)" --extra-max-connections=2 \
		--max-connections=20 --skip-name-resolve --performance-schema=OFF --key-buffer-size=1M \
		--innodb-buffer-pool-size=32M --innodb-log-file-size=16M --innodb-flush-log-at-trx-commit=0 \
		--aria-pagecache-buffer-size=2M --table-open-cache=200 \
		"${options[@]}" "${SERVER_OPTIONS[@]}" "$@" </dev/null >>"$home/out" 2>&1 3>&- &
	echo "$!" >"$home/pid"
	disown
}

# node_wait NODE [SECONDS]: until it serves; a Galera node until it is Synced too
node_wait() {
	wait_for "${2:-20}" "$1 to serve" node_serves "$1" || {
		tail -n 20 "$SERVERS/$1/log.err"
		return 1
	}
}

node_serves() {
	if [ -e "$SERVERS/$1/galera" ]; then
		[ "$(status "$1" wsrep_ready)$(status "$1" wsrep_local_state)" = ON4 ]
	else
		sql "$1" 'DO 1'
	fi
}

# sql NODE STATEMENT...: as root through the socket, rows without a header
sql() { client "$1" 10 -e "${*:2}"; }
# client NODE SECONDS ARGUMENT...: never waits for the cluster by itself
client() {
	timeout -k 1 "$2" mariadb --no-defaults --user=root --socket="$SERVERS/$1/socket" --skip-column-names --batch \
		--init-command='SET SESSION wsrep_sync_wait=0' "${@:3}" </dev/null
}

# status NODE NAME: one row of SHOW GLOBAL STATUS
status() { sql "$1" "SHOW GLOBAL STATUS LIKE '$2'" 2>/dev/null | cut -f2; }

node_runs() { grep -qsF "$SERVERS/$1/data" "/proc/$(of "$1" pid)/cmdline"; }
node_gone() { ! node_runs "$1"; }
node_signal() { if node_runs "$1"; then kill "-$2" "$(of "$1" pid)"; fi; }
node_freeze() { node_signal "$1" STOP; }
node_thaw() { node_signal "$1" CONT; }

# node_kill NODE: SIGKILL, to the helpers of a state transfer too (all in the session that the
# server leads)
node_kill() {
	local pid
	node_runs "$1" || return 0
	for pid in $(pgrep -s "$(of "$1" pid)"); do kill -KILL "$pid" 2>/dev/null || continue; done
	wait_for 5 "$1 to be gone" node_gone "$1"
}

node_stop() {
	node_signal "$1" TERM
	wait_for 20 "$1 to end" node_gone "$1"
}

# galera_new NODE ADDRESS full|empty PEERS OPTION...
galera_new() {
	local node=$1 address=$2 data=$3 peers=$4
	shift 4
	node_new "$node" "$address" "$data"
	if [ -n "${GROUP_PORT:-}" ]; then echo "$GROUP_PORT" >"$SERVERS/$node/group_port"; fi
	local group port
	port=$(of "$node" group_port)
	group=${address%%,*}:$port
	printf '%s\n' --wsrep-on=ON --wsrep-provider=/usr/lib/galera/libgalera_smm.so --binlog-format=ROW \
		--innodb-autoinc-lock-mode=2 --wsrep-node-name="$node" --wsrep-node-address="$group" \
		--wsrep-cluster-address="gcomm://${peers:-$group}" --wsrep-sst-method=rsync \
		--wsrep-sst-receive-address="${address%%,*}:$(of "$node" sst_port)" \
		--wsrep-provider-options="gmcast.listen_addr=tcp://$group;base_port=$port;gcache.size=16M;pc.recovery=false" \
		"$@" >"$SERVERS/$node/options"
	touch "$SERVERS/$node/galera"
}

# galera_bootstrap NODE [OPTION...]: start it as a cluster of its own, also after it was killed
galera_bootstrap() {
	local grastate=$SERVERS/$1/data/grastate.dat
	if [ -e "$grastate" ]; then sed -i 's/^safe_to_bootstrap: 0/safe_to_bootstrap: 1/' "$grastate"; fi
	node_start "$1" --wsrep-new-cluster "${@:2}"
	node_wait "$1"
}

# galera_start NODE [OPTION...]: a cluster of one on 127.0.0.1 and 127.0.0.2, and on ::1 where the
# machine has it
galera_start() {
	local address=127.0.0.1,127.0.0.2
	if has_ipv6; then address+=,::1; fi
	galera_new "$1" "$address" full '' "${@:2}"
	galera_bootstrap "$1"
}
has_ipv6() { grep -qs '^0*1 ' /proc/net/if_inet6; }

# galera_cluster_start: db1, db2 and db3 on 127.0.0.11 to 13, one SQL port; the first hands its data
# to the others. One that is still joining sends too little to the next: "IST didn't contain all write sets".
galera_cluster_start() {
	local node port peers
	GROUP_PORT=$(free_port)
	port=$(free_port)
	peers=127.0.0.11:$GROUP_PORT,127.0.0.12:$GROUP_PORT,127.0.0.13:$GROUP_PORT
	galera_new db1 127.0.0.11 full "$peers"
	galera_new db2 127.0.0.12 empty "$peers"
	galera_new db3 127.0.0.13 empty "$peers"
	for node in db1 db2 db3; do echo "$port" >"$SERVERS/$node/port"; done
	galera_bootstrap db1
	for node in db2 db3; do node_start "$node" --wsrep-sst-donor=db1; done
	for node in db2 db3; do node_wait "$node" 60 && sql "$node" "SET GLOBAL wsrep_sst_donor=''" || return; done
}

# plain_start NODE SERVER_ID OPTION...: a server without Galera, with a binary log
plain_start() {
	node_new "$1" 127.0.0.1 full --server-id="$2" --log-bin=bin --log-slave-updates=ON --binlog-format=ROW \
		--gtid-domain-id="$2" --slave-net-timeout=2 --relay-log=relay --auto-increment-increment=2 \
		--auto-increment-offset="$(($2 % 2 + 1))" "${@:3}"
	node_start "$1"
}

# small_start NODE SERVER_ID OPTION...: the same, with the binary log on a file system of one MiB
small_start() {
	local as_root=()
	# Where the tests are no root, the server is one in its own namespace.
	[ "$EUID" -eq 0 ] || as_root=(--user=root)
	node_new "$1" 127.0.0.1 full --server-id="$2" --log-bin="$SERVERS/$1/small/bin" "${as_root[@]}" "${@:3}"
	server_folder "$SERVERS/$1/small"
	node_start "$1"
}

# replicate NODE PORT [CHANNEL]: NODE becomes a replica of what answers on PORT
replicate() {
	local channel=${3:+"'$3'"}
	sql "$1" "CHANGE MASTER ${channel} TO MASTER_HOST='127.0.0.1', MASTER_PORT=$2, MASTER_USER='copy',
		MASTER_PASSWORD='$PASSWORD', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1,
		MASTER_HEARTBEAT_PERIOD=0.3; START SLAVE ${channel}"
}

# helper NAME COMMAND...: a process of the tests' own that ends with the servers
helper() {
	local name=$1
	shift
	setsid "$@" </dev/null >"$SERVERS/$name.out" 2>&1 3>&- &
	echo "$!" >"$SERVERS/$name.helper"
	disown
}
helper_signal() {
	local pid
	pid=$(cat "$SERVERS/$1.helper")
	if [ -e "/proc/$pid/cmdline" ]; then kill "-$2" "$pid"; fi
}
# helper_end NAME: and what it has started, all in the session that it leads
helper_end() {
	local pid
	helper_signal "$1" KILL
	for pid in $(pgrep -s "$(cat "$SERVERS/$1.helper")"); do kill -KILL "$pid" 2>/dev/null || continue; done
	rm -f "$SERVERS/$1.helper"
}
