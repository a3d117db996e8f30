# SPDX-License-Identifier: MIT
# A whole lab: up, down.

# Of what lab up is given as NAME=VALUE these are the lab's own; all others are the servers'.
# shellcheck disable=SC2034  # for my_cnf
LAB_SETTINGS='token|transport|fencing|disk|manager|spare|debian'

# lab_up KIND NAME=VALUE...: all that is missing. The agents are those in $DBV_OCF. lab_bare: of it, hosts on which nothing runs.
lab_up() { lab_bare "$@" && lab_run; }
lab_bare() {
	local kind=$1
	shift
	mkdir -p "$LAB"
	chmod 0755 "$LAB"
	if [ -e "$LAB/kind" ] && [ "$kind $*" != "$(lab_kind) $(paste -sd' ' "$LAB/settings")" ]; then
		echo "$LAB is a lab of another kind or with other settings" >&2
		return 1
	fi
	if [ $# -gt 0 ]; then printf '%s\n' "$@"; fi >"$LAB/settings"
	echo "$kind" >"$LAB/kind"
	echo "${DBV_OCF:-$LAB_TREE/build/ocf}" >"$LAB/ocf"
	# Without their rack hosts are of no use.
	rack_pid >/dev/null || lab_down_hosts
	if [ ! -e "$LAB/rack/out" ]; then lab_files || return; fi
	rack_start && hosts_start
}

# lab_run: servers and cluster at the same time
lab_run() {
	local managing
	manager_start &
	managing=$!
	databases_start && wait "$managing"
}
manager_start() {
	case $(manager) in
	pacemaker) cluster_start ;;
	keepalived) vrrp_start_all ;;
	esac
}

# lab_start HOST: it and all that belongs to it
lab_start() {
	host_start "$1" || return
	is_node "$1" && [ "$(lab_kind)" != hosts ] || return 0
	case $(manager) in
	pacemaker) lab_start_with_pacemaker "$1" ;;
	keepalived)
		mysqld_start "$1"
		vrrp_start "$1" && mysqld_wait "$1"
		;;
	none) mysqld_start "$1" && mysqld_wait "$1" ;;
	esac
}
lab_start_with_pacemaker() {
	corosync_start "$1"
	mysqld_start "$1"
	wait_for 30 "the ring on $1" in_ring "$1" || return
	pacemaker_start "$1"
	mysqld_wait "$1" && wait_for 60 'Pacemaker on all nodes' all_online
}

# kill_part NAME FILE: with SIGKILL, until it is gone
kill_part() {
	local pid
	pid=$(part "$1" "$2") || return 0
	kill -KILL "$pid" 2>/dev/null || true
	PAUSE=0.02 wait_for 10 "process $2 of $1 to end" part_gone "$1" "$2"
}
part_gone() { ! part "$1" "$2"; }

lab_down_hosts() {
	local file name
	for file in "$LAB"/*/pid; do
		name=$(basename "${file%/pid}")
		if [ ! -e "$file" ] || [ "$name" = rack ]; then continue; fi
		if [ -d "$LAB/$name/xchg" ]; then guest_stop "$name" && continue; fi
		kill_part "$name" init
		kill_part "$name" pid
	done
}

# lab_end_with_me: lab_down, too, if the shell that calls this dies without, and its whole process group with it
lab_end_with_me() {
	# shellcheck disable=SC2016  # for the inner shell
	setsid bash -c 'tail --pid="$1" -f /dev/null; DBVITALS_LAB=$2 exec "$3" down' guard "$$" "$LAB" "$LAB_TOOLS/lab" \
		</dev/null >/dev/null 2>&1 3>&- &
	disown
}

# lab_down: nothing is left. By what the folder says alone, so that it also ends what a failed or killed lab up left.
lab_down() {
	[ -d "$LAB" ] || return 0
	lab_down_hosts && cgroups_end && kill_part rack pid && rm -rf "$LAB"
}
