# SPDX-License-Identifier: MIT
# What a lab looks like: where the write IP is, and what Pacemaker says.

# where ADDRESS: every host that has it, by its own interfaces and whatever Pacemaker thinks; holder: of the write IP
where() {
	local node pid found=()
	for node in $(nodes); do
		pid=$(host_pid "$node") || continue
		[ -z "$(nsenter --target "$pid" --net -- ip -o -4 addr show to "$1" 2>/dev/null)" ] || found+=("$node")
	done
	echo "${found[*]}"
}
holder() { where "$WRITE_IP"; }
held_by() { [ "$(holder)" = "$1" ]; }
held_by_other() { local now; now=$(holder) && [ -n "$now" ] && [[ " $now " != *" $1 "* ]] && [ "$now" = "${now% *}" ]; }

# mon: what Pacemaker knows, as XML, from the part of the cluster that has quorum
mon() {
	local node text
	for node in $(nodes); do
		is_on "$node" || continue
		text=$(on "$node" timeout 5 crm_mon -1 -r -A -f --as-xml 2>/dev/null) || continue
		if [[ $text == *'with_quorum="true"'* ]]; then
			echo "$text"
			return
		fi
	done
	return 1
}
mon_query() { mon | xmllint --xpath "$1" - 2>/dev/null; }

# whole: every server of a Galera cluster has all others for members. One that was frozen claims it for some seconds by itself.
whole() {
	local node
	[ "$(lab_kind)" = galera ] || return 0
	for node in $(nodes); do
		[ "$(mysql_status "$node" wsrep_cluster_size)" = "$(nodes | wc -w)" ] || return
	done
}

# attribute HOST NAME: of a node; score HOST: of the promotable resource there; "" without one. promoted: who holds the role.
attribute() { mon_query "string(//node_attributes/node[@name='$1']/attribute[@name='$2']/@value)"; }
score() { mon_query "string(//node_attributes/node[@name='$1']/attribute[starts-with(@name, 'master-')]/@value)"; }
promoted() { mon_query "string(//resource[@role='Promoted' or @role='Master']/node/@name)"; }
# online: the hosts that Pacemaker takes for members, without those that are about to be
online() { mon_query "//nodes/node[@online='true' and @pending='false' and @unclean='false']/@name" | cut -d'"' -f2 | paste -sd' '; }
all_online() { [ "$(online)" = "$(nodes)" ]; }

# given_up HOST: no quorum takes it for a member, or has yet to fence it
given_up() {
	local text
	text=$(mon) || return 0
	[ "$(xmllint --xpath "count(//nodes/node[@name='$1' and (@online='true' or @unclean='true')])" - <<<"$text")" = 0 ]
}

# failcounts: HOST RESOURCE COUNT of each; failed_actions: HOST OPERATION REASON of each
failcounts() {
	mon | awk -F'"' '/<node name=/ { node = $2 }
		/<resource_history / && match($0, /fail-count="[^"]*/) { print node, $2, substr($0, RSTART + 12, RLENGTH - 12) }'
}
failed_actions() {
	mon | awk 'function value(name) {
			return match($0, " " name "=\"[^\"]*") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : ""
		}
		/<failure / { print value("node"), value("op_key"), value("exitstatus"), value("exitreason") }'
}
# no_failures: neither of them; prints those that there are
no_failures() { no_failures_but none; }
# no_failures_but REGEX: only actions that match, and their counts
no_failures_but() {
	local found
	[ "$(manager)" = pacemaker ] || return 0
	mon >/dev/null || { echo 'no quorum: nobody can tell' && return 1; }
	found=$(if [ "$1" = none ]; then failcounts && failed_actions; else failed_actions | grep -vE "$1" || true; fi)
	[ -z "$found" ] || { echo "$found" && return 1; }
}
# fenced: the hosts that were switched off by the cluster, in order
fenced() { mon_query "//fence_event[@status='success']/@target" | cut -d'"' -f2; }

# idle: the node that decides has nothing left to do
idle() {
	local node
	node=$(mon_query 'string(//current_dc[@present="true"]/@name)') && [ -n "$node" ] &&
		on "$node" timeout 5 crmadmin -q -S "$node" 2>/dev/null | grep -q S_IDLE
}
# wait_idle: twice, since what has just been written reaches it a moment later
wait_idle() { wait_for 60 'Pacemaker to be idle' idle && sleep 0.3 && wait_for 60 'Pacemaker to be idle' idle; }

# now: seconds, of the clock that writers use; since TIME: how many passed
now() { "$LAB_WRITER" now; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.3f\n", b - a }'; }

parts_of_manager() {
	case $(manager) in
	pacemaker) echo corosync pacemakerd ;;
	keepalived) echo keepalived ;;
	esac
}

lab_status() {
	local node
	echo "$LAB: $(lab_kind), $(paste -sd' ' "$LAB/settings")"
	for node in $(hosts); do
		if is_off "$node"; then
			echo "$node  off"
			continue
		fi
		printf '%-4s on ' "$node"
		! is_node "$node" || printf ' %s' "$(
			for part in mariadbd $(parts_of_manager); do runs "$node" "$part" || printf 'no '; echo "$part"; done | paste -sd' '
		)"
		echo
	done
	echo "write IP: $(holder)"
	case $(manager) in
	pacemaker) failed_actions || echo 'Pacemaker: no quorum' ;;
	keepalived) for node in $(nodes); do echo "VRRP on $node: $(vrrp_state "$node")"; done ;;
	esac
}
