# SPDX-License-Identifier: MIT
# The database servers of a lab.

# In the rack's own tmpfs.
TEMPLATE=$LAB/roots/template

# accounts_sql: "check" may do what the documents ask for, and what manage_read_only needs; "app" writes, "copy" copies
accounts_sql() {
	cat <<-END
		FLUSH PRIVILEGES;
		CREATE USER 'check'@'%' IDENTIFIED BY '$PASSWORD';
		GRANT PROCESS, SLAVE MONITOR, READ_ONLY ADMIN, BINLOG MONITOR ON *.* TO 'check'@'%';
		$(sed "s/'dbvitals'@/'check'@/" "$LAB_TREE/docs/examples/canary.sql")
		CREATE DATABASE app;
		CREATE TABLE app.rows (id BIGINT AUTO_INCREMENT PRIMARY KEY, writer VARCHAR(20) NOT NULL, number BIGINT NOT NULL,
			server VARCHAR(20) NOT NULL, filler TEXT NOT NULL) ENGINE=InnoDB;
		CREATE USER app@'%' IDENTIFIED BY '$PASSWORD';
		GRANT ALL ON app.* TO app@'%';
		CREATE USER copy@'%' IDENTIFIED BY '$PASSWORD';
		GRANT REPLICATION SLAVE ON *.* TO copy@'%';
		CREATE USER copy@localhost IDENTIFIED BY '$PASSWORD';
		GRANT RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR ON *.* TO copy@localhost;
	END
}

# template_make: system tables and accounts, made once, on the disk of the first node
template_make() {
	local node
	rack test ! -d "$TEMPLATE" || return 0
	node=$(nodes)
	node=${node%% *}
	rack find "$LAB/$node/data" -mindepth 1 -delete
	accounts_sql | on "$node" sh -c 'umask 022; cat >/tmp/accounts.sql'
	on "$node" mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve \
		--innodb-log-file-size=16M --user=mysql --datadir=/var/lib/mysql --extra-file=/tmp/accounts.sql \
		>"$LAB/template.out" 2>&1 </dev/null || { cat "$LAB/template.out" && return 1; }
	[ "$(lab_kind)" != galera ] || galera_stamp "$node" || return
	rack cp -a "$LAB/$node/data" "$TEMPLATE.new" && rack mv "$TEMPLATE.new" "$TEMPLATE"
	rack find "$LAB/$node/data" -mindepth 1 -delete
}

# galera_stamp HOST: a cluster of one leaves its name in the data, so that all can begin as its members and nothing is copied
galera_stamp() {
	mysqld_spawn "$1" --wsrep-new-cluster
	mysqld_wait "$1" 20 && server_stop "$1"
}

# data_fill HOST: a new host's data; a later loss of all files is the cluster's to mend
data_fill() {
	[ ! -e "$LAB/$1/filled" ] || return 0
	rack cp -a "$TEMPLATE/." "$LAB/$1/data/" && touch "$LAB/$1/filled"
}

# sql HOST STATEMENT...: as root through the socket, rows without a header
mysql_sql() {
	on "$1" timeout -k 1 "${SQL_LIMIT:-10}" mariadb --skip-column-names --batch \
		--init-command='SET SESSION wsrep_sync_wait=0' -e "${*:2}" </dev/null
}
# status HOST NAME: one row of SHOW GLOBAL STATUS
mysql_status() { mysql_sql "$1" "SHOW GLOBAL STATUS LIKE '$2'" 2>/dev/null | cut -f2; }

mysqld_pid() { on "$1" pidof -s mariadbd 2>/dev/null; }
mysqld_gone() { ! mysqld_pid "$1" >/dev/null; }
mysqld_spawn() { daemon "$1" mariadbd mariadbd "${@:2}"; }

# mysqld_start HOST [OPTION...]: with the position that it had, where it was killed
mysqld_start() {
	local position=
	mysqld_gone "$1" || return 0
	if [ "$(lab_kind)" = galera ] && [ "$(grastate "$1" seqno)" = -1 ]; then
		position=$(on "$1" setpriv --reuid=mysql --regid=mysql --clear-groups galera_recovery 2>/dev/null)
	fi
	# shellcheck disable=SC2086  # one option or none
	mysqld_spawn "$1" $position "${@:2}"
}
grastate() { rack sed -n "s/^$2: *//p" "$LAB/$1/data/grastate.dat" 2>/dev/null; }

# mysqld_serves HOST: ready, and Synced in a Galera lab, replicating in a pair
mysqld_serves() {
	case $(lab_kind) in
	galera)
		# With wsrep_reject_queries all that it says of itself is good.
		[ "$(mysql_status "$1" wsrep_ready)$(mysql_status "$1" wsrep_local_state)" = ON4 ] &&
			mysql_sql "$1" 'SELECT 1 FROM app.rows LIMIT 1' >/dev/null 2>&1
		;;
	pair) [ "$(mysql_sql "$1" 'SHOW ALL SLAVES STATUS' 2>/dev/null | cut -f13,14)" = $'Yes\tYes' ] ;;
	*) mysql_sql "$1" 'DO 1' ;;
	esac
}
# mysqld_wait HOST [SECONDS]: one that has given up is started once more meanwhile
mysqld_wait() {
	wait_for "${2:-60}" "the server on $1" mysqld_serves_or_again "$1" || {
		databases_told
		return 1
	}
}
mysqld_serves_or_again() {
	mysqld_serves "$1" || {
		if gave_up "$1"; then server_kill "$1" && mysqld_start "$1"; fi
		return 1
	}
}
# gave_up HOST: it lives and has left its cluster for good: voted out, or its transfer of state failed. Galera asks for a new start.
gave_up() { [ "$(lab_kind)" = galera ] && [ "$(mysql_status "$1" wsrep_cluster_status)" = Disconnected ]; }

# databases_told: the errors of all servers, who was turned away, and how their logs end
databases_told() {
	local node
	for node in $(nodes); do
		grep -HE '\[ERROR\]|Aborted connection' "$LAB/$node/log/mysql.err" || true
		tail -n 5 "$LAB/$node/log/mysql.err"
	done
}

# databases_start: all of them, wherever they are, until all serve together
databases_start() {
	local node first starts=()
	[ "$(lab_kind)" != hosts ] || return 0
	template_make || return
	for node in $(nodes); do data_fill "$node" || return; done
	first=$(galera_first) || return
	if [ -n "$first" ]; then galera_join "$first" || return; fi
	for node in $(nodes); do
		mysqld_start "$node" &
		starts+=($!)
	done
	wait "${starts[@]}"
	if [ "$(lab_kind)" = pair ]; then pair_follow m1 m2 && pair_follow m2 m1 || return; fi
	for node in $(nodes); do mysqld_wait "$node" || return; done
	[ -z "$first" ] || galera_any_donor
}

# galera_join FIRST: one after the other. Two that come at the same time find each other first, and Galera needs 5 s more. All get what
# they lack from the first: one that is still joining sends too little, "IST didn't contain all write sets" (Galera 26.4.23).
galera_join() {
	local node size=1
	rack sed -i 's/^safe_to_bootstrap: 0/safe_to_bootstrap: 1/' "$LAB/$1/data/grastate.dat"
	mysqld_start "$1" --wsrep-new-cluster
	mysqld_wait "$1" || return
	for node in $(nodes); do
		[ "$node" != "$1" ] || continue
		mysqld_start "$node" --wsrep-sst-donor="$1"
		size=$((size + 1))
		wait_for 30 "$node to join" galera_size "$1" "$size" || return
	done
}
galera_any_donor() { local node; for node in $(nodes); do mysql_sql "$node" "SET GLOBAL wsrep_sst_donor=''" || return; done; }
galera_size() { [ "$(mysql_status "$1" wsrep_cluster_size)" = "$2" ]; }

# galera_first: who must begin, in a Galera lab of which no server runs and which will not find together by itself
galera_first() {
	local node missing='' best='' most=-2 seqno
	[ "$(lab_kind)" = galera ] || return 0
	for node in $(nodes); do
		mysqld_gone "$node" || return 0
		rack test -e "$LAB/$node/data/gvwstate.dat" || missing=$node
	done
	[ -n "$missing" ] || return 0
	for node in $(nodes); do
		seqno=$(grastate "$node" seqno)
		[ "$(grastate "$node" safe_to_bootstrap)" != 1 ] || seqno=1000000000000
		[ "${seqno:--1}" -le "$most" ] || { best=$node && most=${seqno:--1}; }
	done
	echo "$best"
}

# pair_follow HOST OTHER: a replica of it, once for all
pair_follow() {
	wait_for 30 "the server on $1" mysql_sql "$1" 'DO 1' || return
	[ -z "$(mysql_sql "$1" 'SHOW ALL SLAVES STATUS')" ] || return 0
	mysql_sql "$1" "CHANGE MASTER TO MASTER_HOST='$(cluster_address "$2")', MASTER_USER='copy',
		MASTER_PASSWORD='$PASSWORD', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1,
		MASTER_HEARTBEAT_PERIOD=0.5; START SLAVE"
}
