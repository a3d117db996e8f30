# SPDX-License-Identifier: MIT
# keepalived of a lab whose setting is manager=keepalived: VRRP alone, on every database host, in place of Pacemaker.

VRRP_CONF=/etc/keepalived/keepalived.conf

# vrrp_load EXAMPLE [SED]: what this file of docs/examples says, on every host with a priority of its own, the first one's the
# highest, and its addresses the lab's. What it stands on is made as the example and the manual say.
vrrp_load() {
	local node priority=250
	for node in $(nodes); do
		vrrp_stop "$node" && vrrp_prepare "$node" || return
		sed "s/192\.0\.2\./10.77.0./g; s/priority [0-9]*/priority $priority/; ${2:-}" "$LAB_TREE/docs/examples/$1" |
			on "$node" install -D -m 0644 /dev/stdin "$VRRP_CONF" || return
		priority=$((priority - 10))
	done
	vrrp_start_all && wait_for 30 'all nodes to be fit' healthy
}

# vrrp_prepare HOST: the checker, its user, what that user may read, and where it remembers
vrrp_prepare() {
	host_file "$1" /usr/sbin/dbvitals-keepalived <"${DBV_BIN:-$LAB_TREE/build/checkers}/dbvitals-keepalived" || return
	on "$1" sh -ec 'id keepalived_script >/dev/null 2>&1 ||
		useradd --system --user-group --shell /usr/sbin/nologin keepalived_script
	install -d -o keepalived_script -m 0700 /var/lib/dbvitals
	chown root:keepalived_script /etc/dbvitals/client.cnf
	chmod 0640 /etc/dbvitals/client.cnf'
}

# vrrp_start HOST, where it is configured; with nothing to say of IPVS
vrrp_start() {
	if ! on "$1" test -e "$VRRP_CONF" || runs "$1" keepalived; then return; fi
	daemon "$1" keepalived keepalived --vrrp --dont-fork --log-console --log-detail \
		--use-file "$VRRP_CONF" --pid /run/keepalived.pid --vrrp_pid /run/keepalived-vrrp.pid
}
vrrp_start_all() { local node; for node in $(nodes); do vrrp_start "$node" || return; done; }
# vrrp_stop HOST: in good order; vrrp_kill HOST: both its processes at once, since one that outlives the other tidies up
vrrp_stop() {
	on "$1" pkill -TERM -x keepalived || return 0
	wait_for 10 "keepalived on $1 to end" vrrp_gone "$1"
}
vrrp_kill() { on "$1" pkill -STOP -x keepalived && on "$1" pkill -KILL -x keepalived; }
vrrp_gone() { ! runs "$1" keepalived; }
# vrrp_reload HOST: by SIGHUP, until it watches again
vrrp_reload() {
	local since
	since=$(vrrp_reloads "$1")
	on "$1" pkill -HUP --pidfile /run/keepalived.pid && wait_for 10 "keepalived on $1 to reload" vrrp_reloaded "$1" "$since"
}
vrrp_reloads() { grep -c 'Reload complete' "$LAB/$1/log/keepalived.out" || true; }
vrrp_reloaded() { [ "$(vrrp_reloads "$1")" -gt "$2" ]; }

# vrrp_state HOST: MASTER, BACKUP or FAULT, as keepalived there has said last; "" where none runs
vrrp_state() {
	! runs "$1" keepalived ||
		sed -nE 's/.*\(write_address\) Entering ([A-Z]+) STATE.*/\1/p; s/.*Starting Keepalived .*/-/p' "$LAB/$1/log/keepalived.out" | tail -n 1
}

# healthy_by_keepalived: one host has the address and is the master, all others wait, and all servers serve
healthy_by_keepalived() {
	local node states=''
	[ "$(holder | wc -w)" = 1 ] && whole || return
	for node in $(nodes); do
		mysqld_serves "$node" || return
		states+=" $node:$(vrrp_state "$node")"
	done
	states=${states/ $(holder):MASTER/}
	[[ $states =~ ^(\ [^ ]+:BACKUP)+$ ]]
}

# becomes HOST STATE: by what keepalived there says
becomes() { wait_for 20 "$1 to be $2" in_state "$1" "$2" || { echo "it is $(vrrp_state "$1")" && return 1; }; }
in_state() { [ "$(vrrp_state "$1")" = "$2" ]; }
