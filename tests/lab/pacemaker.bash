# SPDX-License-Identifier: MIT
# corosync and Pacemaker of a lab.

runs() { on "$1" pidof -s "$2" >/dev/null 2>&1; }

corosync_start() { runs "$1" corosync || daemon "$1" corosync corosync -f; }
pacemaker_start() {
	runs "$1" pacemakerd || daemon "$1" pacemakerd env PCMK_logfile=/var/log/pacemaker/pacemaker.log \
		PCMK_logfacility=none "${AGENT_SANITIZERS[@]}" pacemakerd
}
pacemaker_stop() { on "$1" timeout -k 1 60 pacemakerd --shutdown; }

# in_ring HOST: it has quorum with all others
in_ring() {
	on "$1" timeout 5 corosync-quorumtool -s 2>/dev/null |
		awk -v n="$(nodes | wc -w)" '/^Nodes:/ { nodes = $2 } /^Quorate:/ { yes = $2 } END { exit !(nodes == n && yes == "Yes") }'
}

# cluster_start: on all nodes, until all are members and nothing is left to do
cluster_start() {
	local node
	for node in $(nodes); do corosync_start "$node" || return; done
	for node in $(nodes); do
		wait_for 30 "the ring on $node" in_ring "$node" || {
			tail -n 20 "$LAB/$node/log/corosync/corosync.log"
			return 1
		}
	done
	for node in $(nodes); do pacemaker_start "$node" || return; done
	wait_for 60 'Pacemaker on all nodes' all_online && wait_idle
}

# cib_load FILE...: the lab's own configuration and what these files say in the language of crm, instead of what there was.
# The addresses of docs/examples become the lab's.
cib_load() {
	local node scope xml
	node=$(mon_query 'string(//current_dc/@name)')
	[ -n "$node" ] || { echo 'no quorum' && return 1; }
	for scope in constraints resources crm_config rsc_defaults op_defaults; do
		if xml=$(cib_xml | xmllint --xpath "//$scope" - 2>/dev/null); then
			on "$node" cibadmin --replace --scope "$scope" --xml-text "$xml" || return
		else
			on "$node" cibadmin --delete --force --xpath "//$scope" 2>/dev/null || true
		fi
	done
	wait_idle || return
	[ $# -eq 0 ] || sed 's/192\.0\.2\./10.77.0./g' "$@" | on "$node" timeout 60 crm --force configure load update - || return
	wait_idle
}

# with_quorum COMMAND...: on the node that decides
with_quorum() {
	local node
	node=$(mon_query 'string(//current_dc/@name)') && [ -n "$node" ] && on "$node" timeout 30 "$@"
}
standby() { with_quorum crm_attribute --node "$1" --name standby --lifetime reboot --update on; }
standby_end() { with_quorum crm_attribute --node "$1" --name standby --lifetime reboot --delete; }
failures_forget() { with_quorum crm_resource --cleanup >/dev/null 2>&1 && wait_idle; }
