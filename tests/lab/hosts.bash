# SPDX-License-Identifier: MIT
# Hosts, and the rack that they stand in: the processes that hold their namespaces, found again by files below $LAB.
#
#	$LAB/kind settings      what lab up was asked for
#	$LAB/rack/pid           the rack: both switches, the disks, the power
#	$LAB/HOST/pid init      the process that started the host, and its process 1, both as seen from outside
#	$LAB/HOST/files log     what is laid into its root once, and its /var/log
#	$LAB/power              how to ask the rack to switch a host off; a folder that every host sees

# shellcheck disable=SC2034  # for those who source this
WRITE_IP=10.77.0.50 GATEWAY=10.77.0.1

declare -gA HOST_NUMBER=([db1]=11 [db2]=12 [db3]=13 [m1]=21 [m2]=22 [app]=100 [spare]=14 [lvs]=8)

# nodes: the hosts that serve; hosts: all of them, with those that are clients, and one for whatever is needed where lab up was
# given spare=on
nodes() {
	if [ "$(lab_kind)" = pair ]; then echo m1 m2; else echo db1 db2 db3; fi
}
hosts() {
	echo "$(nodes) app"
	[ "$(setting spare off)" = off ] || echo spare
}
is_node() { [[ " $(nodes) " == *" $1 "* ]]; }
lab_kind() { cat "$LAB/kind" 2>/dev/null; }

# setting NAME DEFAULT: what lab up was given as NAME=VALUE
setting() {
	local line
	while read -r line; do
		[ "${line%%=*}" != "$1" ] || { echo "${line#*=}" && return; }
	done <"$LAB/settings"
	echo "$2"
}

# manager: what moves the write address: pacemaker, keepalived; none where there are only hosts
manager() { if [ "$(lab_kind)" = hosts ]; then echo none; else setting manager pacemaker; fi; }

# has_debian: the hosts of this lab have a Debian and a systemd of their own (debian=FOLDER)
has_debian() { [ -n "$(setting debian '')" ]; }

# service_address HOST, cluster_address HOST: its addresses on eth0 and on eth1
service_address() { echo "10.77.0.${HOST_NUMBER[$1]}"; }
cluster_address() { echo "10.77.1.${HOST_NUMBER[$1]}"; }

# is_part PID NAME: a live process that holds a part of this lab, and not a stranger with its number
is_part() {
	local words
	mapfile -d '' -t words 2>/dev/null <"/proc/$1/cmdline" || return 1
	[ "${#words[@]}" -gt 2 ] && [ "${words[*]: -2}" = "$LAB $2" ]
}

# part NAME FILE: the process number in $LAB/NAME/FILE, while it lives
part() {
	local pid
	pid=$(cat "$LAB/$1/$2" 2>/dev/null) && [ -n "$pid" ] && is_part "$pid" "$1" && echo "$pid"
}
rack_pid() { part rack pid; }
host_pid() { part "$1" init; }
is_on() { host_pid "$1" >/dev/null; }
is_off() { ! is_on "$1"; }

# part_start NAME COMMAND...: start the process that holds a part, its number kept before it can do anything
part_start() {
	local name=$1
	shift
	# shellcheck disable=SC2016  # for the inner shell
	setsid bash -c 'echo $$ >"$0" && exec "$@"' "$LAB/$name/pid" "$@" "$LAB" "$name" \
		</dev/null >>"$LAB/$name/out" 2>&1 3>&- &
	disown
}

rack_start() {
	rack_pid >/dev/null && return
	mkdir -p "$LAB/rack" "$LAB/power"
	rm -f "$LAB/power/ready"
	part_start rack unshare --net --mount -- bash "$LAB_TOOLS/rack"
	wait_for 10 'the rack' test -e "$LAB/power/ready" || { cat "$LAB/rack/out" && return 1; }
}

# rack COMMAND...: where the switches and the disks are
rack() { nsenter --target "$(rack_pid)" --mount --net -- "$@"; }

# host_start HOST: running and plugged in
host_start() {
	if is_off "$1"; then
		# A node that is back before its cluster has missed it is fenced for having been away.
		wait_for 30 "the others to give $1 up" given_up "$1"
		host_power_on "$1" || return
	fi
	plug "$1" clients && plug "$1" cluster
}

hosts_start() {
	local host
	for host in $(hosts); do host_start "$host" || return; done
}

host_power_on() {
	local parent init rack
	rack=$(rack_pid) || { echo 'the rack is gone' && return 1; }
	rm -f "$LAB/$1/ready" "$LAB/$1/init"
	part_start "$1" nsenter --target "$rack" --mount -- unshare --net --mount --pid --ipc --uts --fork --kill-child -- \
		bash "$LAB_TOOLS/$(if has_debian; then echo machine; else echo host; fi)"
	wait_for 10 "host $1" test -e "$LAB/$1/ready" || { cat "$LAB/$1/out" && return 1; }
	parent=$(<"$LAB/$1/pid")
	# The file has no newline at its end.
	read -r init <"/proc/$parent/task/$parent/children" || [ -n "$init" ]
	echo "$init" >"$LAB/$1/init"
	host_cables "$1"
}

# host_cables HOST: eth0 to the clients' switch, eth1 to the cluster's; the address stays on the card when it is swapped
host_cables() {
	local number=${HOST_NUMBER[$1]} pid
	pid=$(host_pid "$1") || return
	# What the host had before it was switched off goes with its namespace, but not at once.
	rack ip -batch - -force >/dev/null 2>&1 <<-END || true
		link del $1-clients
		link del $1-cluster
	END
	rack ip -batch - <<-END || return
		link add $1-clients type veth peer name eth0 address 02:00:0a:4d:00:$(printf %02x "$number") netns $pid
		link add $1-cluster type veth peer name eth1 address 02:00:0a:4d:01:$(printf %02x "$number") netns $pid
	END
	on "$1" ip -batch - <<-END
		link set lo up
		addr add $(service_address "$1")/24 brd + dev eth0
		addr add $(cluster_address "$1")/24 brd + dev eth1
		link set eth0 up
		link set eth1 up
	END
}

# plug HOST clients|cluster, unplug …: the cable at the switch; detach …: it stays up and carries nothing
plug() { rack ip link set "$1-$2" master "$2" up; }
unplug() { rack ip link set "$1-$2" down; }
detach() { rack ip link set "$1-$2" nomaster; }

# on HOST COMMAND...: with the environment of a daemon
on() {
	local pid
	pid=$(host_pid "$1") || { echo "$1 is off" >&2 && return 1; }
	shift
	nsenter --target "$pid" --mount --uts --ipc --net --pid -- \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM="${TERM:-dumb}" LC_ALL=C.UTF-8 "$@"
}

# cgroup_enter HOST: its caller goes into a control group of the host's own, which a systemd there takes for the root of all;
# cgroups_end: those of the lab are gone
cgroups() { echo "$LAB/cgroup/dbvitals${LAB//\//-}"; }
cgroup_enter() {
	mkdir -p "$(cgroups)/$1"
	echo 0 >"$(cgroups)/$1/cgroup.procs"
}
cgroups_end() {
	! has_debian || wait_for 10 'the control groups to be empty' unshare --mount -- "$LAB_TOOLS/lab" cgroups_remove
}
# cgroups_mount, cgroups_remove: in a mount namespace of the caller's. The rack's may be gone when they are removed.
cgroups_mount() { mkdir -p "$LAB/cgroup" && mount -t cgroup2 lab "$LAB/cgroup"; }
cgroups_remove() {
	cgroups_mount
	[ ! -d "$(cgroups)" ] || find "$(cgroups)" -depth -type d -exec rmdir {} +
}

# daemon HOST NAME COMMAND...: adopted by the host's process 1; what it prints goes into /var/log/NAME.out there
daemon() {
	# shellcheck disable=SC2016  # for the inner shell
	on "$1" sh -c 'name=$1; shift; setsid "$@" </dev/null >>/var/log/"$name".out 2>&1 &' sh "${@:2}" 3>&-
}

# power_off HOST: at once, by the rack, as a fence agent does it
power_off() { "$LAB_TOOLS/fence_lab" off "$1" "$LAB/power"; }
