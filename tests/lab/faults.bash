# SPDX-License-Identifier: MIT
# Faults of a host and how they end. lab_heal takes back all of them.

server_signal() { on "$1" pkill "-$2" -x mariadbd; }
# server_kill HOST: with all its helpers; server_stop HOST: in good order, until it has ended
server_kill() {
	on "$1" pkill -KILL -u mysql || true
	PAUSE=0.02 wait_for 10 "the server on $1 to be gone" mysqld_gone "$1"
}
server_freeze() { server_signal "$1" STOP; }
server_thaw() { server_signal "$1" CONT; }
server_stop() { on "$1" timeout 60 mariadb-admin shutdown && wait_for 60 "the server on $1 to end" mysqld_gone "$1"; }

# disk_fill HOST: not a byte is left where its databases are
disk_fill() { ! on "$1" sh -c 'cat /dev/zero >/var/lib/mysql/filler' 2>/dev/null; }
disk_free() { on "$1" rm -f /var/lib/mysql/filler; }

# cut_off HOST [clients] [cluster]: pull the cables, or one of them; cut_off_silently: the link stays up and nothing comes through.
# mend HOST: both work.
cut_off() { local net; for net in "${@:2}"; do unplug "$1" "$net"; done; [ $# -gt 1 ] || cut_off "$1" clients cluster; }
cut_off_silently() { local net; for net in "${@:2}"; do detach "$1" "$net"; done; [ $# -gt 1 ] || cut_off_silently "$1" clients cluster; }
mend() { plug "$1" clients && plug "$1" cluster; }

# gateway_off, gateway_on: the router that answers at $GATEWAY
gateway_off() { rack ip addr flush dev clients; }
gateway_on() { rack ip addr replace "$GATEWAY/24" brd + dev clients; }

# block HOST PORT: nothing that others send to its TCP port arrives, and no answer of theirs from there
block() {
	on "$1" nft -f - <<-END
		table inet lab {
			chain in { type filter hook input priority 0; iifname lo accept; tcp dport $2 drop; tcp sport $2 drop; }
			chain out { type filter hook output priority 0; oifname lo accept; tcp dport $2 drop; tcp sport $2 drop; }
		}
	END
}
# sever HOST: it reaches its source no more, and says so only when its patience ends
sever() {
	on "$1" nft -f - <<-END
		table inet lab {
			chain in { type filter hook input priority 0; iifname eth1 tcp sport 3306 drop; }
			chain out { type filter hook output priority 0; oifname eth1 tcp dport 3306 drop; }
		}
	END
}
unblock() { on "$1" nft delete table inet lab 2>/dev/null || true; }

corosync_kill() { on "$1" pkill -KILL -x corosync; }
pacemakerd_kill() { on "$1" pkill -KILL -x pacemakerd; }

# reject_queries HOST ALL|ALL_KILL|NONE, desync HOST ON|OFF, check_password HOST PASSWORD
reject_queries() { mysql_sql "$1" "SET GLOBAL wsrep_reject_queries=$2"; }
desync() { mysql_sql "$1" "SET GLOBAL wsrep_desync=$2"; }
check_password() { mysql_sql "$1" "ALTER USER 'check'@'%' IDENTIFIED BY '$2'"; }
check_password_mend() {
	on "$1" mariadb --no-defaults -h 127.0.0.1 -u check -p"$PASSWORD" -e 'DO 1' || { check_password "$1" "$PASSWORD" && return 1; }
}

# hold HOST NAME STATEMENT: a session that ran the statement and stays until release HOST NAME, or for ten minutes
hold() {
	daemon "$1" "hold-$2" timeout 600 mariadb -N -e "$3; SELECT SLEEP(600), '$2'"
	wait_for 10 "a session to hold $3" held "$1" "$2"
}
held() { [ -n "$(held_id "$1" "$2")" ]; }
held_id() { mysql_sql "$1" "SELECT id FROM information_schema.processlist WHERE info = 'SELECT SLEEP(600), ''$2'''"; }
release() {
	local id
	id=$(held_id "$1" "$2")
	[ -z "$id" ] || mysql_sql "$1" "KILL $id"
}

# crowd HOST COUNT: the client host holds so many sessions of "app" there, more than there can be, until crowd_end; crowd_start: and
# does not wait for them
crowd_start() { daemon app crowd "$LAB_WRITER" crowd "$(service_address "$1")" 3306 "$PASSWORD" "$2"; }
crowd() {
	crowd_start "$@"
	wait_for 20 "a crowd on $1" crowded "$1"
}
crowded() { on app mariadb --no-defaults -h "$(service_address "$1")" -u app -p"$PASSWORD" -e 'DO 1' 2>&1 | grep -q 1040; }
crowd_end() { on app pkill -f '^[^ ]*writer crowd ' || true; }

# donate DONOR JOINER rsync|mariabackup: the joiner goes in good order, loses its data and gets them from the donor anew.
# donate_hold DONOR: the copy stops half-way, until donate_go DONOR.
donate() {
	server_stop "$2" || return
	on "$2" find /var/lib/mysql -mindepth 1 -delete
	mysqld_spawn "$2" --wsrep-sst-method="$3" --wsrep-sst-donor="$1"
}
donate_hold() { PAUSE=0.01 wait_for 30 "$1 to copy its data" on "$1" pkill -STOP -x 'rsync|socat'; }
donate_go() { on "$1" pkill -CONT -x 'rsync|socat'; }

# host_mend HOST: its cables, its disk, what is stopped; server_mend HOST: what is set and held in its server
host_mend() {
	mend "$1" && unblock "$1" || return
	if [ "$1" = app ]; then
		crowd_end
	elif is_node "$1"; then
		disk_free "$1"
		on "$1" pkill -CONT -u mysql || true
		mysqld_gone "$1" || server_mend "$1"
		! gave_up "$1" || server_kill "$1"
	fi
}
server_mend() {
	local id settings='DO 1'
	[ "$(lab_kind)" != galera ] || settings='SET GLOBAL wsrep_reject_queries=NONE; SET GLOBAL wsrep_desync=OFF'
	[ "$(lab_kind)" != pair ] || settings='START SLAVE'
	for id in $(mysql_sql "$1" "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(600)%'"); do
		mysql_sql "$1" "KILL $id" || true
	done
	mysql_sql "$1" "$settings"
} 2>/dev/null

# lab_heal: as after lab up, whatever was done to it. Failures that Pacemaker has counted stay.
lab_heal() {
	local host
	hosts_start || return
	gateway_on || return
	for host in app $(nodes); do wait_for 20 "$host to be mended" host_mend "$host" || return; done
	lab_run || return
	for host in $(nodes); do
		# A donor, or one that has just come back, can be asked a little later.
		wait_for 30 "the settings of $host" server_mend "$host" || return
		[ "$(manager)" != pacemaker ] || standby_end "$host" || return
	done
	wait_for 60 'the password of "check"' check_password_mend "$host" || return
	[ "$(manager)" != pacemaker ] || wait_idle
}
