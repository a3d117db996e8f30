# SPDX-License-Identifier: MIT
# A host for the agents, in namespaces that the caller has made (unshare --net --mount), where a server of $SERVERS is reached by
# its socket. What would be the cluster's programs and IPaddr2 are a few lines each; the score that was told last is in
# /run, which is below the host's folder. Sourced after expect.bash.

: "${DBV_OCF:=$DBV_BIN/../ocf}"
# One that the server listens on.
VIP=127.0.0.2
here() { [[ $(ip -o address show to "$VIP") == *"$VIP"* ]]; }
gone() { ! here; }

# host_begin FOLDER: what agents run with is AGENT_WITH, with the server g1
host_begin() {
	local program
	mkdir -p "$1/run/ocf/resource.d/heartbeat" "$1/run/dbvitals"
	cat >"$1/run/ocf/resource.d/heartbeat/IPaddr2" <<-'END'
		#!/bin/sh
		case $1 in
		start) exec ip address add "$OCF_RESKEY_ip/32" dev lo ;;
		stop) ip address delete "$OCF_RESKEY_ip/32" dev lo 2>/dev/null || true ;;
		esac
	END
	cat >"$1/run/updater" <<-'END'
		#!/bin/sh
		case "$*" in
		*--promotion*--query*) cat /run/score ;;
		*--promotion*--update=*) echo "${2#--update=}" >/run/score ;;
		*dbvitals-write*--update=*) echo "${3#--update=}" >/run/score ;;
		esac
	END
	chmod 0755 "$1/run/updater" "$1/run/ocf/resource.d/heartbeat/IPaddr2"
	mount --bind "$1/run" /run
	for program in crm_attribute attrd_updater; do mount --bind /run/updater "/usr/sbin/$program"; done
	ip link set lo up
	socat ABSTRACT-LISTEN:attrd /dev/null </dev/null >/dev/null 2>&1 3>&- &
	CLUSTER=$!
	trap 'kill "$CLUSTER"' EXIT
	AGENT_WITH=(OCF_ROOT=/run/ocf OCF_RESOURCE_INSTANCE=vip OCF_RESKEY_ip="$VIP" OCF_RESKEY_socket="$SERVERS/g1/socket"
		OCF_RESKEY_defaults_file="$SERVERS/check.cnf" OCF_RESKEY_state_dir=/run/states OCF_RESKEY_timeout=1
		OCF_RESKEY_CRM_meta_timeout=3000 OCF_RESKEY_CRM_meta_interval=1000)
}

# agent AGENT ACTION [NAME=VALUE...]: as it is
agent() { env -i "${AGENT_WITH[@]}" "${@:3}" "$DBV_OCF/$1" "$2" </dev/null 3>&-; }
