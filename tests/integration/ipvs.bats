#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# dbvitals-keepalived under keepalived with a real IPVS, in front of three real Galera nodes, with the examples as they are in
# docs/examples: what becomes of a node in IPVS, how soon, and what a client meets that reads through the address all the time.

setup_file() {
	export BATS_TEST_TIMEOUT=60 DBVITALS_LAB=/run/dbvitals-ipvs-$$
	load_lab
	LACKS=$(guest_lacks keepalived ipvsadm)
	export LACKS
	[ -z "$LACKS" ] || return 0
	lab_end_with_me
	lab_up galera manager=none spare=on \
		'wsrep_provider_options=evs.suspect_timeout=PT2S;evs.inactive_timeout=PT6S;evs.keepalive_period=PT0.5S;evs.join_retrans_period=PT0.4S'
	lvs_start
}
teardown_file() {
	load_lab
	lab_down
}
setup() {
	load_lab
	[ -z "$LACKS" ] || skip "$LACKS"
	if [ -e "$BATS_FILE_TMPDIR/broken" ]; then rm "$BATS_FILE_TMPDIR/broken" && lab_heal; fi
	if [ -e "$BATS_FILE_TMPDIR/example" ]; then in_front "$(<"$BATS_FILE_TMPDIR/example")"; fi
}
teardown() {
	[ -n "${BATS_TEST_COMPLETED:-}${BATS_TEST_SKIPPED:-}" ] || {
		lab_status
		databases_told
		balance_log | grep -v ARP | tail -n 20
		touch "$BATS_FILE_TMPDIR/broken"
	}
}
load_lab() {
	# shellcheck source=tests/lab/all.bash
	source "$BATS_TEST_DIRNAME/../lab/all.bash"
}

# in_front EXAMPLE: what the tests that follow are about
in_front() {
	echo "$1" >"$BATS_FILE_TMPDIR/example"
	READER=${1%.conf}
	WITHIN=$(allowed_time "$1")
	BACK=$((WITHIN + $(recovery "$1")))
}
ALL='db1=100 db2=100 db3=100'

# once_more STATUS: what was late, and nothing else, is tried again from the beginning, when all is well: a machine may stop for
# a second, and time again for nobody
once_more() {
	[ "$1" = 2 ] && [ -n "${BEGAN:-}" ] || return
	# shellcheck disable=SC2034  # for bats
	BATS_TEST_RETRIES=1
	lab_heal && unfit "$BEGAN" "$(now)"
	return 1
}

# goes POOL COMMAND...: once the command has put nodes into their state, IPVS has that pool in time, and from then on the client
# meets those alone that have a weight there
goes() {
	local pool=$1 fault
	shift
	OUT=$(out_of "$pool")
	BEGAN=$(now)
	"$@" || return
	fault=$(now)
	shows "$pool" "$fault" "$WITHIN" pool_fits || once_more $? || return
	GONE=$(now)
	unfit "$BEGAN" "$GONE"
	read_since "$pool" "$GONE"
}
# out_of POOL: the nodes that it has not, or with another weight
out_of() { tr ' ' '\n' <<<"$ALL" | grep -vxFf <(tr ' ' '\n' <<<"$1") | cut -d= -f1; }
# read_since POOL TIME: by the nodes that have a weight
read_since() {
	local word expected=()
	for word in $1; do
		case $word in
		*=0) ;;
		spare=*) expected+=("- 1105 $SORRY") ;;
		*) expected+=("${word%=*} Synced,Primary") ;;
		esac
	done
	wait_for 20 'the client to read' tried_since "$READER" "$2" 20 && met "$READER" "$2" "$(now)" "${expected[@]}" && pool_fits "$1"
}

# all_return COMMAND...: once all serve again, all are in again in time with their weights, and those that were out are read
all_return() {
	local node
	"$@" || return
	PAUSE=0.05 wait_for 40 'all servers to serve' all_serve || return
	HEALTHY=$(now)
	shows "$ALL" "$HEALTHY" "$BACK" || once_more $? || return
	for node in $OUT; do wait_for 10 "$node to be read" read_again "$node" || return; done
}
read_again() { answers "$READER" "$HEALTHY" "$(now)" | grep -q " $1 Synced,Primary$"; }
# comes COMMAND...: and none of them was read before it was fit
comes() {
	local node
	all_return "$@" || return
	for node in $OUT; do
		! answers "$READER" "$GONE" "$HEALTHY" | grep " $node " | grep -v ' Synced,Primary$' || { echo 'too early' && return 1; }
	done
}
all_serve() {
	local node
	for node in $(nodes); do mysqld_serves "$node" || return; done
	whole
}

# pool_stays POOL: while the checker looks again, and some more
pool_stays() {
	local since
	since=$(now)
	while awk -v t="$(since "$since")" -v most="$WITHIN" 'BEGIN { exit t > most - 2 }'; do
		pool_is "$1" || { echo "not $1: $(pool)" && return 1; }
	done
}

# unfit FROM TO: then the client may meet nobody
unfit() { echo "$1 $2" >>"$BATS_FILE_TMPDIR/unfit-$READER"; }

# What puts a node into its state, and returns when it is in it.
donates() {
	donate "$1" "$2" rsync && donate_hold "$1" && PAUSE=0.05 wait_for 10 "$1 to be a donor" local_state "$1" 2
}
local_state() { [ "$(mysql_status "$1" wsrep_local_state)" = "$2" ]; }
loses_quorum() { cut_off "$1" cluster && PAUSE=0.05 wait_for 20 "$1 to be non-Primary" non_primary "$1"; }
non_primary() { [ "$(mysql_status "$1" wsrep_cluster_status)" = non-Primary ]; }
nearly_full() { crowd_start "$1" 46 && PAUSE=0.05 wait_for 10 "sessions on $1" sessions "$1" 46; }
sessions() { [ "$(mysql_status "$1" Threads_connected)" -ge "$2" ]; }
all_desync() {
	local node
	for node in $(nodes); do desync "$node" "$1" || return; done
}

# session_start NAME: of a client through the address, which says something after some seconds; session_host, session_said: where,
# and what came of it
session_start() {
	# shellcheck disable=SC2016  # for the inner shell
	daemon app "session-$1" sh -c '{ echo "SELECT @@hostname;"; sleep 6; echo "SELECT \"still here\";"; } |
		mariadb --no-defaults -n -N -h "$1" -u app -p"$2" 2>&1' sh "$VIRTUAL_IP" "$PASSWORD"
	wait_for 5 'a session' session_said "$1" db
}
session_host() { head -n 1 "$LAB/app/log/session-$1.out"; }
session_said() { grep -q "$2" "$LAB/app/log/session-$1.out"; }
# without HOST SUFFIX: the pool when the host is out
without() { tr ' ' '\n' <<<"$ALL" | sed "s/^$1=.*/${2:+$1$2}/; /^\$/d" | paste -sd' '; }

# behind_the_director: the nodes have no way to the clients but through it
behind_the_director() {
	local node
	for node in $(nodes); do on "$node" sh -ec "ip address delete $VIRTUAL_IP/32 dev lo; ip link set eth0 down" || return; done
}

@test "direct routing: with a checker that cannot be run no node is in" {
	in_front keepalived-direct-routing.conf
	in_guest lvs chmod 0644 /usr/sbin/dbvitals-keepalived
	balance keepalived-direct-routing.conf
	# As docs/keepalived.md looks for such checks.
	balance_log | grep -E "$(sed -n "s/^journalctl .* grep -E '\(.*\)'$/\1/p" "$LAB_TREE/docs/keepalived.md")" | grep -q dbvitals-keepalived
	pool_is spare=1
	balance_end
	in_guest lvs chmod 0755 /usr/sbin/dbvitals-keepalived
}
@test "direct routing: healthy nodes are in, with the weights that are configured" {
	on spare sh -ec "$(steps keepalived-direct-routing.conf 'real server')"
	sorry_start
	balance keepalived-direct-routing.conf
	reader_start "$READER"
	OUT=$(nodes)
	all_return
	[ "$(in_guest lvs ipvsadm -Ln | grep -c ' Route ')" = 3 ]
}
@test "direct routing: a desynced node is out, and back when it is synced" {
	goes 'db1=100 db2=100' desync db3 ON
	comes desync db3 OFF
}
@test "direct routing: a donor is out, and the node that joins" {
	goes 'db1=100' donates db2 db3
	comes donate_go db2
}
@test "direct routing: a node without quorum is out" {
	goes 'db2=100 db3=100' loses_quorum db1
	comes mend db1
}
@test "direct routing: a frozen server is out" {
	goes 'db1=100 db3=100' server_freeze db2
	# Thawed it takes itself for what it was until Galera has noticed, and this example does not wait for that.
	all_return server_thaw db2
}
@test "direct routing: a killed server is out" {
	goes 'db1=100 db2=100' server_kill db3
	comes mysqld_start db3
}
@test "direct routing: the weight follows, through reloads, and returns to what is configured" {
	goes 'db1=50 db2=100 db3=100' nearly_full db1
	reload
	pool_stays 'db1=50 db2=100 db3=100'
	comes crowd_end
	reload
	pool_stays "$ALL"
}
@test "direct routing: when nobody is left the sorry server has the clients" {
	goes 'spare=1' all_desync ON
	comes all_desync OFF
}
@test "direct routing: a session on a node that goes out is cut, and does not hang" {
	session_start cut
	goes "$(without "$(session_host cut)" '')" desync "$(session_host cut)" ON
	wait_for 5 'the session to be cut' session_said cut 'ERROR 20'
	comes desync "$(session_host cut)" OFF
}
@test "NAT: healthy nodes are in, with the weights that are configured" {
	writer_stop "$READER"
	balance_end
	in_front keepalived-nat.conf
	behind_the_director
	balance keepalived-nat.conf
	reader_start "$READER"
	OUT=$(nodes)
	all_return
	[ "$(in_guest lvs ipvsadm -Ln | grep -c ' Masq ')" = 3 ]
}
@test "NAT: a frozen server stays with weight 0, and comes back when it knows where it is" {
	goes 'db1=0 db2=100 db3=100' server_freeze db1
	comes server_thaw db1
}
@test "NAT: a session on a node that goes out lives on, also after a reload" {
	reload
	pool_stays "$ALL"
	session_start kept
	goes "$(without "$(session_host kept)" =0)" desync "$(session_host kept)" ON
	wait_for 20 'the session to end' session_said kept 'still here'
	comes desync "$(session_host kept)" OFF
}
@test "NAT and direct routing: no client met an unfit node for longer, whatever made it unfit" {
	met_in_time keepalived-direct-routing.conf
	met_in_time keepalived-nat.conf
}
# met_in_time EXAMPLE: a donor of the cluster's own choice is unfit, too. Whoever got no answer tried while a fault was not yet
# known. The sorry server is no node, and neither is a director that has none and refuses.
met_in_time() {
	in_front "$1"
	awk -v most="$WITHIN" '
		NR == FNR { from[++n] = $1; to[n] = $2; next }
		$6 == 1105 || / \(111\)$/ { next }
		$1 == "read" && $7 == "Synced,Primary" { good++; delete since[$5]; next }
		$1 == "read" { if (!($5 in since)) since[$5] = $3; if ($3 - since[$5] <= most) next }
		{ for (i = 1; i <= n; i++) if ($3 >= from[i] - 1 && $3 <= to[i]) next; bad++; print }
		END { exit bad || good < 500 }' "$BATS_FILE_TMPDIR/unfit-$READER" "$(record "$READER")"
}
