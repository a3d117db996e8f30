# SPDX-License-Identifier: MIT
# What the words of `faults` do. The server is $NODE; `undo COMMAND...` is what is done when all have been asked. Callers run
# as the last arguments of the words in UNDER.

# Five callers at once, each by the extra port.
SERVER_OPTIONS=(--bind-address='*' --extra-max-connections=10)

undo() { UNDO+=("$(printf '%q ' "$@")"); }
undo_all() {
	local command
	for command in "${UNDO[@]}"; do eval "$command"; done
	UNDO=()
}

read_only() {
	sql "$NODE" 'SET GLOBAL read_only=ON'
	undo sql "$NODE" 'SET GLOBAL read_only=OFF'
}
desynced() { sql g1 'SET GLOBAL wsrep_desync=ON'; }
read_lock() { hold g1 'FLUSH TABLES WITH READ LOCK'; }
rejects_queries() { sql g1 'SET GLOBAL wsrep_reject_queries=ALL'; }
wsrep_off() { sql g1 'SET GLOBAL wsrep_on=OFF'; }
leaves_group() {
	sql g1 "SET GLOBAL wsrep_cluster_address=''"
	undo sql g1 "SET GLOBAL wsrep_cluster_address='gcomm://'"
}
schema_change() {
	sql g1 'CREATE TABLE app.slow (id INT PRIMARY KEY); INSERT INTO app.slow SELECT seq FROM app.seq_100001_to_120000'
	behind g1 'ALTER TABLE app.slow ADD h CHAR(128) AS (SHA2(REPEAT(id, 1000000), 512)) STORED'
	wait_for 5 'a schema change' running_for g1 1 ALTER
}

io_stopped() { sql m1 'STOP SLAVE IO_THREAD'; }
sql_stopped() { sql m1 'STOP SLAVE SQL_THREAD'; }
duplicate_key() {
	sql m1 "SET sql_log_bin=0; INSERT INTO app.t VALUES (999, 'here before')"
	sql m2 "INSERT INTO app.t VALUES (999, 'from the other side')"
	wait_for 5 'the error' replica Last_SQL_Errno 1062
	undo sql m1 'SET sql_log_bin=0; DELETE FROM app.t WHERE id = 999'
}
source_dead() {
	helper_end relay
	wait_for 10 'the source to be lost' replica Slave_IO_Running Connecting
	undo relay
}
not_applied() {
	hold m1 'LOCK TABLES app.t WRITE'
	sql m2 "INSERT INTO app.t (v) VALUES ('late')"
	wait_for 10 'a row that is not applied' running m1 'Waiting for table'
}
delayed() {
	sql m1 'STOP SLAVE; CHANGE MASTER TO MASTER_DELAY=3; START SLAVE'
	wait_for 5 'the threads' replica Slave_IO_Running Yes
	undo sql m1 'STOP SLAVE; CHANGE MASTER TO MASTER_DELAY=0'
}
replicates_not() {
	sql m1 'STOP SLAVE; RESET SLAVE ALL'
	undo follow
}

frozen() { node_freeze "$NODE"; }
killed() { node_kill "$NODE"; }
crowded() { sessions g1 20; }

password_expired() {
	sql g1 "ALTER USER 'check'@'%' PASSWORD EXPIRE; SET GLOBAL disconnect_on_expired_password=ON"
	undo sql g1 "ALTER USER 'check'@'%' IDENTIFIED BY '$PASSWORD'; SET GLOBAL disconnect_on_expired_password=OFF"
}
password_expired_sandbox() {
	sql g1 "ALTER USER 'check'@'%' PASSWORD EXPIRE"
	undo sql g1 "ALTER USER 'check'@'%' IDENTIFIED BY '$PASSWORD'"
}
single_taken() {
	mkfifo "$SERVERS/single"
	mariadb --defaults-file="$SERVERS/single.cnf" --host=127.0.0.1 --port="$(of g1 port)" --skip-ssl \
		<>"$SERVERS/single" >"$SERVERS/single.out" 2>&1 &
	local client=$!
	wait_for 5 'a session of that account' running g1 single
	undo kill "$client"
	undo rm "$SERVERS/single"
}

insists_on_tls() {
	sql g1 'SET GLOBAL require_secure_transport=ON'
	undo sql g1 'SET GLOBAL require_secure_transport=OFF'
}
certificate_expired() {
	certificate_of g1 expired
	undo certificate_of g1 valid
}
# certificate_of NODE NAME: its server reads that one anew
certificate_of() {
	cp "$SERVERS/tls/$2.pem" "$SERVERS/tls/server.pem"
	sql "$1" 'FLUSH SSL'
}
# expired_certificate: for certificate_expired
expired_certificate() {
	local tls=$SERVERS/tls
	cp "$tls/server.pem" "$tls/valid.pem"
	openssl x509 -req -in "$tls/server.csr" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -CAcreateserial -days -1 \
		-extfile <(echo 'subjectAltName=IP:127.0.0.1,DNS:localhost') -out "$tls/expired.pem" 2>/dev/null
}

long_socket() { OPTION[socket]=/$(printf 'x%.0s' {1..200}); }
no_link() {
	ADDRESS[holder]=10.77.8.50
	ADDRESS[observer]=10.77.8.51
}

no_descriptors() { UNDER=(sh -c 'ulimit -n 3; exec "$@"' sh); }
# no_memory: enough for loading the programs, and for nothing else
no_memory() {
	local kib=4000
	until can_be_loaded "$kib" "$DBV_BIN/check_dbvitals" --help && can_be_loaded "$kib" "$DBV_OCF/write-ip" meta-data; do
		kib=$((kib + 100))
		[ $kib -lt 100000 ] || return 1
	done
	UNDER=(sh -c "ulimit -v $kib"'; exec "$@"' sh)
}
can_be_loaded() {
	local status=0
	(ulimit -v "$1" && exec "${@:2}") >/dev/null 2>&1 || status=$?
	[ $status != 127 ]
}
full_output() { UNDER=(sh -c 'exec "$@" >/dev/full 2>&1' sh); }
closed_descriptors() { UNDER=(sh -c 'exec "$@" <&- >&- 2>&-' sh); }
strange_locale() { UNDER=(env LC_ALL=xx_XX.UTF-8); }
terminated() { UNDER=(timeout -s TERM --preserve-status 0.5); }
