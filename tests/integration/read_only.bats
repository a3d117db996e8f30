#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the agents change at a server, on a real pair: read_only, within its time whatever the server does; where the
# binary log ends; how far a candidate has caught up.

setup_file() {
	load_library
	pair_start
	client_file agent agent "$PASSWORD"
	# The same on both sides, in nobody's binary log.
	local node
	for node in m1 m2; do
		sql "$node" "SET SESSION sql_log_bin=0; CREATE USER agent@'%' IDENTIFIED BY '$PASSWORD';
			$(documented account-replication-mariadb | tail -n 1) $(documented manage-read-only)"
	done
}

teardown_file() {
	load_library
	servers_end
}

load_library() {
	# shellcheck source=tests/lib/pair.bash
	source "$BATS_TEST_DIRNAME/../lib/pair.bash"
}

setup() {
	load_library
	pair
}

teardown() {
	local node
	node_thaw m1
	for node in "${!HELD[@]}"; do [ "$node" = sessions ] || release "$node"; done
	end_sessions m1
	sql m1 'SET GLOBAL read_only=0'
	sql m2 'SET GLOBAL read_only=0'
	pair_restore
}

# documented NAME: the statements of docs/examples for MariaDB 10.5 and later, for the account "agent"
documented() {
	sed -n "/^CREATE/p; /^GRANT/p; /^-- MariaDB before/q" "$BATS_TEST_DIRNAME/../../docs/examples/$1.sql" |
		sed "s/'dbvitals'@/agent@/"
}

# manage WHAT TEXT SECONDS [ACCOUNT [SETTING...]]: m1 is managed within so many seconds of which none is overdrawn, and
# the answer matches TEXT
manage() {
	local answer took
	answer=$("$DBV_BIN/../tests/unit/manage" "$((${3%.*} * 1000))" "$1" "user=${4:-agent}" "password=$PASSWORD" \
		"${@:5}" "127.0.0.1:$(of m1 port)")
	took=${answer##*took }
	answer=${answer%%$'\n'*}
	echo "$1: $answer, $took ms"
	[[ $answer =~ $2 ]] && [ "$took" -lt "$(($3 * 1000 + 100))" ]
}
flag() { [ "$(sql m1 'SELECT @@GLOBAL.read_only')" = "$1" ]; }

@test "on and off, with no more than the documented privileges" {
	manage on '^yes $' 1
	flag 1
	manage on '^yes $' 1
	manage off '^yes $' 1
	flag 0
	manage off '^yes $' 1
}

@test "without the privilege: what to grant" {
	manage on 'SET GLOBAL read_only = 1: .*READ_ONLY ADMIN.*\(error 1227\); dbvitals grants --manage-read-only prints' 1 check
	flag 0
	# What is so already takes no privilege.
	manage off '^yes $' 1 check
	manage position '^no .*BINLOG MONITOR.*\(error 1227\)$' 1 check
}

@test "nobody is there, or nobody who may" {
	node_kill m1
	manage on '^no SET GLOBAL read_only = 1: .*\(error 200[23]\)' 1
	node_start m1
	node_wait m1
	manage on '^no SET GLOBAL read_only = 1: .*\(error 1045\)' 1 nobody
}

@test "frozen: in time, and without effect when it thaws" {
	node_freeze m1
	manage on '^no SET GLOBAL read_only = 1: no answer in time: waited for ' 1
	node_thaw m1
	wait_for 5 'm1 to answer' flag 0
}

@test "what arrives after the deadline is void" {
	local late
	late=$(free_port)
	helper late python3 "$BATS_TEST_DIRNAME/../lib/late_proxy.py" "$late" "$(of m1 port)" 1.5 'SET GLOBAL read_only'
	wait_for 5 'the proxy' listening 127.0.0.1 "$late"
	sql m1 'SET GLOBAL log_output="TABLE", general_log=1'
	"$DBV_BIN/../tests/unit/manage" 1000 on user=agent "password=$PASSWORD" ssl-mode=disabled "127.0.0.1:$late" |
		grep -q '^no SET GLOBAL read_only = 1: no answer in time'
	wait_for 5 'the statement to arrive' logged 'SET GLOBAL read_only = IF'
	sql m1 'SET GLOBAL general_log=0'
	helper_end late
	flag 0
}
logged() { [ "$(sql m1 "SELECT COUNT(*) FROM mysql.general_log WHERE user_host LIKE 'agent%' AND argument LIKE '%$1%'")" -gt 0 ]; }

@test "frozen with the statement in its hands: ended when it thaws" {
	local given
	hold m1 'LOCK TABLES app.t WRITE'
	"$DBV_BIN/../tests/unit/manage" 2000 on user=agent "password=$PASSWORD" "127.0.0.1:$(of m1 port)" >"$SERVERS/given" &
	given=$!
	PAUSE=0.05 wait_for 2 'the statement' running m1 'dbvitals read_only'
	node_freeze m1
	wait "$given"
	grep -q '^no ' "$SERVERS/given"
	node_thaw m1
	wait_for 5 'the statement to be gone' gone
	release m1
	flag 0
}
gone() { ! running m1 'dbvitals read_only'; }

@test "a table is locked: what it waits in, and nothing is left behind" {
	hold m1 'LOCK TABLES app.t WRITE'
	manage on '^no SET GLOBAL read_only = 1: no answer in time: the server was at "Waiting for ' 1
	gone
	release m1
	flag 0
	hold m1 'LOCK TABLES app.t WRITE'
	manage on '^no .*\(error 1205\)$' 3
	gone
	# Off waits for nobody.
	release m1
	sql m1 'SET GLOBAL read_only=1'
	hold m1 'LOCK TABLES app.t WRITE'
	manage off '^yes $' 1
}

@test "no obstacles: a read lock of the whole server, an open transaction" {
	hold m1 'FLUSH TABLES WITH READ LOCK'
	manage on '^yes $' 1
	manage off '^yes $' 1
	release m1
	hold m1 BEGIN "INSERT INTO app.t (v) VALUES ('open')"
	manage on '^yes $' 1
	manage off '^yes $' 1
}

@test "all connections are taken: by the other port, or the reason" {
	sql m1 'SET GLOBAL max_connections=10'
	sessions m1 9
	hold m1 'DO 1'
	manage on '^no SET GLOBAL read_only = 1: .*Too many connections.*\(error 1040\)$' 1
	manage on '^no .*by the admin port too \(error 1040\)$' 1 agent admin-port=1
	manage on '^yes $' 1 agent "admin-port=$(of m1 extra_port)"
	release m1
	end_sessions m1
	sql m1 'SET GLOBAL max_connections=20'
	flag 1
}

@test "the end of the binary log is what the server says" {
	local end
	sql m1 "INSERT INTO app.t (v) VALUES ('end')"
	end=$(sql m1 'SHOW MASTER STATUS')
	manage position "^yes 1:$(cut -f1 <<<"$end"):$(cut -f2 <<<"$end")\$" 1
	node_freeze m1
	manage position '^no no answer in time' 1
}

@test "where the binary log ends: nowhere, of a server that writes none" {
	node_new plain 127.0.0.1 full --server-id=9
	node_start plain
	node_wait plain
	sql plain "CREATE USER agent@'%' IDENTIFIED BY '$PASSWORD'; $(documented manage-read-only)"
	[[ $(reached position "127.0.0.1:$(of plain port)") == 'no the server writes no binary log'* ]]
	node_kill plain
}

# reached WHAT SETTING...: manages a server by other settings than its address
reached() { "$DBV_BIN/../tests/unit/manage" 1000 "$1" user=agent "password=$PASSWORD" "${@:2}" | tee /dev/stderr; }

@test "by name, by socket, and never without the TLS that was asked for" {
	[[ $(reached on "localhost:$(of m1 port)") == yes* ]]
	flag 1
	[[ $(reached off "socket=$SERVERS/m1/socket") == yes* ]]
	flag 0
	[[ $(reached on ssl-mode=required "127.0.0.1:$(of m1 port)") == 'no '*': TLS is required, the server offers none'* ]]
	[[ $(reached on ssl-mode=required "socket=$SERVERS/m1/socket") == 'no '* ]]
	[[ $(reached on nobody.invalid:3306) == 'no '* ]]
	flag 0
}

# position_of_m2: as its agent would record it
position_of_m2() {
	"$DBV_BIN/../tests/unit/manage" 1000 position user=agent "password=$PASSWORD" "127.0.0.1:$(of m2 port)" |
		sed -n 's/^yes //p'
}
# caught_up STATE [POSITION]: what is said of m1
caught_up() { manage "catch-up${2:+=$2}" "^$1" 3; }
insert_on_m2() { sql m2 "INSERT INTO app.t (v) VALUES ('caught up')"; }

@test "catching up: a lock holds it up, whatever becomes of the source" {
	local end
	hold m1 'LOCK TABLES app.t WRITE'
	insert_on_m2
	end=$(position_of_m2)
	wait_for 5 'it to arrive' caught_up applying
	caught_up applying "$end"
	helper_end relay
	wait_for 5 'the source to be lost' replica Slave_IO_Running Connecting
	caught_up applying "$end"
	release m1
	wait_for 5 'it to be applied' caught_up 'done'
	caught_up 'done' "$end"
	caught_up 'source gone.*not yet bin.000001:999999999, and the source cannot be reached' 2:bin.000001:999999999
	relay
	wait_for 10 'the source' replica Slave_IO_Running Yes
	caught_up 'receiving.*not yet bin.000001:999999999' 2:bin.000001:999999999
	caught_up 'done' "$end"
}

@test "catching up: the SQL thread is stopped, the IO thread is stopped" {
	local end
	sql m1 'STOP SLAVE SQL_THREAD'
	caught_up 'applying.*the SQL thread is stopped'
	insert_on_m2
	sql m1 'STOP SLAVE IO_THREAD; START SLAVE SQL_THREAD'
	wait_for 5 'all to be applied' caught_up 'done'
	insert_on_m2
	end=$(position_of_m2)
	caught_up 'source gone' "$end"
	sql m1 'START SLAVE'
	wait_for 5 'it to arrive' caught_up 'done' "$end"
}

# cut_off SETTINGS: m2 dies for m1, which follows it so, in the middle of a transaction
cut_off() {
	local port
	port=$(free_port)
	helper cut python3 "$BATS_TEST_DIRNAME/../lib/cut_proxy.py" "$port" "$(of m2 port)" 200000
	wait_for 5 'the proxy' listening 127.0.0.1 "$port"
	sql m1 "STOP SLAVE; CHANGE MASTER TO MASTER_PORT=$port $1; START SLAVE"
	wait_for 5 'the source' replica Slave_IO_Running Yes
	insert_on_m2
	wait_for 5 'it to arrive' caught_up 'done' "$(position_of_m2)"
	sql m2 "USE app; INSERT INTO t (v) SELECT REPEAT('x', 250) FROM seq_1_to_4000"
	wait_for 5 'the connection to be lost' replica Slave_IO_Running Connecting
	wait_for 5 'the words' replica Slave_SQL_Running_State 'Slave has read all relay log; waiting for more updates'
	caught_up 'done.*the rest being a transaction that its source did not finish sending'
	caught_up 'source gone' "$(position_of_m2)"
	sql m1 "STOP SLAVE; CHANGE MASTER TO MASTER_PORT=$(<"$SERVERS/relay_port"), MASTER_USE_GTID=slave_pos; START SLAVE"
	wait_for 10 'all of it' caught_up 'done' "$(position_of_m2)"
	helper_end cut
	[ "$(sql m1 'SELECT COUNT(*) FROM app.t')" = "$(sql m2 'SELECT COUNT(*) FROM app.t')" ]
}

@test "catching up: the source died within a transaction; by ids" { cut_off ''; }

@test "catching up: the source died within a transaction; by positions" {
	local file position
	read -r file position <<<"$(sql m2 'SHOW MASTER STATUS')"
	cut_off ", MASTER_USE_GTID=no, MASTER_LOG_FILE='$file', MASTER_LOG_POS=$position"
}

@test "catching up: threads that apply out of order, both positions equal" {
	sql m2 'CREATE TABLE app.other LIKE app.t'
	sql m1 'STOP SLAVE; SET GLOBAL slave_parallel_threads=4; START SLAVE'
	wait_for 5 'the table' caught_up 'done' "$(position_of_m2)"
	hold m1 'LOCK TABLES app.t WRITE'
	insert_on_m2
	sql m2 "SET SESSION gtid_domain_id=7; INSERT INTO app.other (v) VALUES ('overtakes')"
	wait_for 5 'the second to be applied' applied_on_m1 other 1
	[ "$(replica_value Read_Master_Log_Pos)" = "$(replica_value Exec_Master_Log_Pos)" ]
	caught_up applying
	caught_up applying "$(position_of_m2)"
	release m1
	wait_for 5 'all of it' caught_up 'done' "$(position_of_m2)"
	sql m1 'STOP SLAVE; SET GLOBAL slave_parallel_threads=0; START SLAVE'
}
applied_on_m1() { [ "$(sql m1 "SELECT COUNT(*) FROM app.$1")" = "$2" ]; }
replica_value() { client m1 10 --vertical --column-names -e 'SHOW ALL SLAVES STATUS' | sed -n "s/^ *$1: //p"; }
