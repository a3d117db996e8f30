# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Least privilege on MySQL: an account with what dbvitals grants prints, and with each of it less. Sourced by tests/long/oracle
# after tests/lib/grants.bash.

# Least privilege, on the replica alone: tests/integration/grants.bats says it of MariaDB.
as_root() { ask "$1" "SET sql_log_bin=0; $2"; }
least_of() {
	least replica "$MYSQL_FAMILY" "$@" && at replica least
}
least_replica() {
	least_of --mode=replication &&
		both healthy                   up      up      up &&
		line 0 '^DBVITALS OK' 3 plugin "${TARGET[@]}" --role=write -v &&
		[[ $output != *GRANT* && $output != *'not judged'* ]] &&
		without replica 'REPLICATION CLIENT ON *.*' both server.privilege_missing unknown unknown unknown &&
		hold replica 'DO 1' &&
		without replica 'PROCESS ON *.*' both server.processlist_partial – note note &&
		release replica &&
		without replica 'SELECT ON performance_schema.replication_connection_status' both healthy up up up &&
		without replica 'SELECT ON performance_schema.replication_connection_configuration' both healthy up up up
}
least_canary() {
	local privilege canary=(--role=write --canary=dbvitals.canary)
	least_of --mode=replication --canary=dbvitals.canary || return 1
	line 0 '^UP: ' 3 keepalived "${TARGET[@]}" "${canary[@]}" || return 1
	for privilege in INSERT UPDATE SELECT; do
		without replica "$privilege ON dbvitals.canary" line 0 '^DEGRADED: .*server\.canary_unusable' 3 keepalived \
			"${TARGET[@]}" "${canary[@]}" || return 1
	done
}
# manages WHAT TEXT: what an agent does to the replica's server
manages() {
	local said
	said=$("$TOP/build/tests/unit/manage" 1000 "$1" user=least "password=$PASSWORD" "127.0.0.1:$(of replica port)")
	[[ $said =~ $2 ]] || { echo "$1: $said" && return 1; }
}
# least_read_only PRIVILEGE
least_read_only() {
	least_of --mode=replication --manage-read-only &&
		manages on '^yes' && manages off '^yes' && manages position '^yes' &&
		without replica "$1 ON *.*" manages on '^no.*1227.*dbvitals grants --manage-read-only'
}
two_sessions() { ask replica 'SHOW PROCESSLIST' | grep -q SLEEP; }
# At a full server it is judged all the same, by who may use the admin port. The second session has the place that MySQL keeps
# for administrators.
least_admin_port() {
	least_of --mode=replication --admin-port=1
	hold replica 'DO 1'
	ask replica 'SELECT SLEEP(60)' >/dev/null 2>&1 &
	wait_for 5 'a second session' two_sessions
	ask replica 'SET GLOBAL max_connections=1'
	both server.too_many_connections down 50 25 --admin-port="$(of replica extra_port)"
	local result=$?
	echo 'SET sql_log_bin=0; REVOKE SERVICE_CONNECTION_ADMIN ON *.* FROM least;' >&"${HELD[replica]}"
	with_both wait_for 5 'the loss' expect 1 'too_many_connections' 3 keepalived "${TARGET[@]}" --role=promote --admin-port="$(of replica extra_port)"
	both server.too_many_connections down 50 down --admin-port="$(of replica extra_port)" || result=1
	release replica
	kill "$!" 2>/dev/null
	wait_for 10 'a free connection' ask replica 'SET GLOBAL max_connections=20'
	target --mode=replication --host=127.0.0.1 --port="$(of replica extra_port)" --defaults-file="$SERVERS/least.cnf"
	both server.access_denied unknown unknown unknown && return "$result"
}
least_may_not() {
	least_of --mode=replication --canary=dbvitals.canary --schema=dbvitals &&
		may_not replica 'SELECT * FROM app.t' "INSERT INTO app.t (v) VALUES ('x')" 'CREATE TABLE app.u (i INT)' \
			'SELECT * FROM mysql.user' 'SET GLOBAL max_connections=1' 'SET GLOBAL read_only=1' "STOP $REPLICA_WORD" 'SHUTDOWN' \
			'FLUSH TABLES WITH READ LOCK' 'CREATE USER u' 'GRANT PROCESS ON *.* TO copy'
}

# circle: the source follows its replica, too
circle() {
	copy_from source "$(of replica port)" && wait_for 10 'the source to follow' follows source || { replication_status source && return 1; }
}
least_of_both() { least source "$@" && least replica "$@"; }
without_on_both() { without source "$1" without replica "$@"; }
# round TEXT: what roundtrip says from the source to the replica and back, with blanks for ends of lines
round() { with_both says_round "$@"; }
says_round() {
	local said
	said=$(tool roundtrip --schema=trips --defaults-file="$SERVERS/least.cnf" "127.0.0.1:$(of source port)" \
		"127.0.0.1:$(of replica port)" 2>&1 | tr -s '\n ' ' ')
	[[ $said =~ $1 ]] || { echo "no match for $1: $said" && return 1; }
}
least_round_trip() {
	circle && least_of_both "$MYSQL_FAMILY" --mode=replication --schema=trips &&
		round 'roundtrip .* in ' &&
		without_on_both 'CREATE ON trips.*' round 'CREATE command denied.*1142.*grants --schema=trips' &&
		without_on_both 'INSERT ON trips.*' round 'INSERT.* command denied.*1142' &&
		without_on_both 'SELECT ON trips.*' round 'SELECT command denied.*1142' &&
		without_on_both 'DROP ON trips.*' round 'DROP command denied.*1142'
	local result=$?
	ask source "STOP $REPLICA_WORD; RESET $REPLICA_WORD ALL; DROP DATABASE trips" || result=1
	return "$result"
}
