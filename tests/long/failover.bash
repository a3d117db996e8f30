# SPDX-License-Identifier: MIT
# One measured failover: a configuration, a fault, two clients that write through the address and one that writes straight to
# a survivor. Sourced by tests/long/failover.

# Seconds until nobody believes any more that it comes back by itself.
PATIENCE=120
BASELINES=$TOP/tests/long/baselines
# the line that docs/pacemaker.md recommends
EVICTION=$(sed -n 's/^wsrep_provider_options="\(.*\)"$/\1/p' "$TOP/docs/pacemaker.md")

# lab_for CONFIGURATION: the lab that it needs, from what there is
lab_for() {
	local settings=()
	case $1 in
	short) settings=("wsrep_provider_options=$EVICTION") ;;
	vrrp) settings=(manager=keepalived) ;;
	esac
	# What the agent has started only the agent stops.
	if [ -e "$LAB/kind" ] && [ "${AGENT_STARTS:-}${settings[*]}" != "$(paste -sd' ' "$LAB/settings")" ]; then lab_down || return; fi
	AGENT_STARTS=
	lab_up galera "${settings[@]}"
}

# load_CONFIGURATION: into a lab with all servers up
load_ours() { example_load pacemaker-galera.crm; }
load_short() {
	load_ours && with_quorum crm_resource --resource write-ip --set-parameter timeout --parameter-value 1 >/dev/null &&
		wait_idle
}
load_vrrp() { vrrp_load keepalived-vrrp-script.conf; }
load_attribute() {
	local node
	for node in $(nodes); do
		on "$node" install -D -m 0755 "$BASELINES/galera-state" /usr/lib/ocf/resource.d/lab/galera-state || return
	done
	cib_load "$BASELINES/attribute.crm"
}
load_galera() {
	local node
	for node in $(nodes); do server_stop "$node" || return; done
	AGENT_STARTS='started by the agent'
	cib_load "$BASELINES/galera.crm"
}

# ready_CONFIGURATION: all is as it was before the first fault
ready_ours() { healthy; }
ready_short() { healthy; }
ready_vrrp() { healthy; }
ready_attribute() {
	local node
	[ "$(holder | wc -w)" = 1 ] || return
	for node in $(nodes); do [ "$(attribute "$node" galera-synced)" = 1 ] && mysqld_serves "$node" || return; done
}
ready_galera() {
	local node
	[ "$(holder | wc -w)" = 1 ] && [ "$(mon_query "count(//resource[@id='database' and @role='Promoted']/node)")" = 3 ] || return
	for node in $(nodes); do mysqld_serves "$node" || return; done
}

# heal CONFIGURATION: every fault taken back and every failure forgotten
heal() {
	if [ "$1" = galera ]; then cluster_heal; else lab_heal; fi || return
	no_failures >/dev/null || failures_forget || return
	wait_for "$PATIENCE" 'all to be well' "ready_$1"
}

# cluster_heal: lab_heal but for the servers, which are the agent's to start
cluster_heal() {
	local host
	hosts_start || return
	for host in app $(nodes); do mend "$host" || return; done
	for host in $(nodes); do
		on "$host" pkill -CONT -u mysql
		reject_queries "$host" NONE 2>/dev/null
	done
	cluster_start
}

fault_killed() { server_signal "$HOLDER" KILL; }
fault_frozen() { server_freeze "$HOLDER"; }
fault_cut() { cut_off "$HOLDER"; }
fault_stopped() { server_stop "$HOLDER"; }
fault_rejects() { reject_queries "$HOLDER" ALL; }

# begin: who has the address, and clients that write: one that waits as long as it takes and one that tries again soon, and
# one at a survivor
begin() {
	RUN=$((${RUN:-0} + 1))
	NAME=run$RUN
	wait_for 60 'all servers to be members' whole || return
	HOLDER=$(holder)
	OTHER=$(nodes | tr ' ' '\n' | grep -vx "$HOLDER" | head -n 1)
	writer_start "$NAME-a" "$WRITE_IP" 5 600000 && writer_start "$NAME-b" "$WRITE_IP" 5 250 &&
		writer_start "$NAME-s" "$(service_address "$OTHER")" 5 600000
}

# measure CONFIGURATION FAULT: adds a line to $RESULTS: CONFIGURATION FAULT GAP FLOOR DETECTED LOST TURNS FAILURES TO
measure() {
	local wall detected=- lost turns failures gap floor back
	begin || return
	sleep 0.5
	FAULT_AT=$(now)
	wall=$(date +%s.%N)
	"fault_$2" || return
	FAULT_DONE=$(now)
	read -r gap back < <(
		if PAUSE=0.1 wait_for "$PATIENCE" 'writes to go on' recovered >/dev/null; then
			sleep 1
			gap_through_address
		else
			echo never -
		fi
	)
	[ "$2 $(manager)" != 'cut pacemaker' ] || detected=$(detected "$wall")
	failures=$(to_clear) || failures='?'
	writers_end || return
	floor=$(gap "$NAME-s" "$FAULT_AT" | cut -d' ' -f1)
	# shellcheck disable=SC2046  # words
	turns=$(moves $(through_address) | tr ' ' '\n' | sort | uniq -d | wc -l)
	proper "$1" "$2" "$gap" "$turns" "$failures"
	# shellcheck disable=SC2034  # for tests/long/failover
	heal "$1" || MENDED=
	# A thawed server claims for some seconds to be synced before it fetches what it has missed.
	if ! settled >/dev/null; then
		case $1 in ours | short | vrrp) claim "$1, $2: no acknowledged row is lost or twice" settled ;; esac
	fi
	lost=$(rows_lost)
	echo "$1 $2 $gap ${floor:-0} $detected $lost $turns $failures $back" | tee -a "$RESULTS"
}
# to_clear: what somebody would have to; keepalived lists no failures
to_clear() { if [ "$(manager)" = keepalived ]; then echo 0; else { failcounts && failed_actions; } | wc -l; fi; }
recovered() { wrote_since "$NAME-a" "$FAULT_DONE" || wrote_since "$NAME-b" "$FAULT_DONE"; }
# shellcheck disable=SC2046  # words
settled() { wait_for 60 'all acknowledged rows to be on every host' rows_kept_everywhere $(writers) || rows_kept_everywhere $(writers); }

# writers_end: also those that wait for an answer which does not come
writers_end() {
	on app pkill -TERM -f '^[^ ]*writer rows '
	wait_for 3 'the writers to end' no_writers >/dev/null || on app pkill -KILL -f '^[^ ]*writer rows '
	wait_for 5 'the writers to be gone' no_writers
}
no_writers() { ! on app pgrep -f '^[^ ]*writer rows '; }

# proper CONFIGURATION FAULT GAP TURNS FAILURES: what must hold where dbvitals decides, however long it took
proper() {
	case $1 in ours | short | vrrp) ;; *) return ;; esac
	claim "$1, $2: writes go on" [ "$3" != never ]
	claim "$1, $2: no two writers" [ "$4" = 0 ]
	claim "$1, $2: nothing to clear" [ "$5" = 0 ]
}

# gap_through_address: the longest time without an acknowledgement to any of the clients there, and by which server it ended
gap_through_address() {
	sort -s -n -k4,4 "$(record "$NAME-a")" "$(record "$NAME-b")" | awk -v since="$FAULT_AT" '
		$1 == "kept" && last && $4 >= since && $4 - last > longest { longest = $4 - last; server = $5 }
		$1 == "kept" { last = $4 }
		END { printf "%.3f %s\n", longest, server }'
}

# detected WALL: how long after that time corosync on the survivor had its new membership
detected() {
	local stamp at
	while read -r stamp; do
		at=$(date -d "$stamp" +%s.%N) || continue
		awk -v a="$1" -v b="$at" 'BEGIN { if (b <= a) exit 1; printf "%.3f\n", b - a }' && return
	done < <(sed -nE 's/^([A-Z][a-z]+ [0-9]+ [0-9:.]+) .*A new membership .*/\1/p' "$LAB/$OTHER/log/corosync/corosync.log" | tail -n 4)
	echo -
}

# rows_lost: how many acknowledged rows a host lacks that serves, the most of all hosts
rows_lost() {
	local node name missing most=0
	for node in $(nodes); do
		mysqld_serves "$node" || continue
		missing=0
		for name in $(writers); do
			mysql_sql "$node" "SELECT number FROM app.rows WHERE writer = '$name'" >"$LAB/rows" || continue
			missing=$((missing + $(awk 'NR == FNR { there[$1]; next } $1 == "kept" && !($2 in there) { n++ } END { print n + 0 }' \
				"$LAB/rows" "$(record "$name")")))
		done
		[ "$missing" -le "$most" ] || most=$missing
	done
	echo "$most"
}
