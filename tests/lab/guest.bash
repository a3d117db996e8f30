# SPDX-License-Identifier: MIT
# A guest: a host of the lab on a kernel of its own, user-mode-linux, for what the machine's kernel lacks. It is run by a user
# who may do nothing, and sees the machine's files read-only.
#
#	$LAB/NAME/pid       its first process, whose group all others are in
#	$LAB/NAME/root      what is laid over the machine's files
#	$LAB/NAME/xchg      in: what it is to run; back: what came of it. The only folder that it writes to.

GUEST_USER=nobody
# shellcheck disable=SC2054  # commas of the kernel's
GUEST_KERNEL=(setpriv --reuid="$GUEST_USER" --regid="$(id -g "$GUEST_USER")" --clear-groups --bounding-set=-all --no-new-privs
	env -i PATH=/usr/bin:/bin HOME=/ linux.uml mem=128M quiet con=null con0=null,fd:1)

# guest_lacks PROGRAM...: what this machine lacks for guests that run these, one line; nothing where all is there
guest_lacks() {
	local program said
	[ "$EUID" -eq 0 ] || { echo 'a lab needs root' && return; }
	for program in linux.uml "$@"; do
		PATH=$PATH:/usr/sbin:/sbin type -P "$program" >/dev/null || { echo "$program is not installed" && return; }
	done
	[ -c /dev/net/tun ] || { echo 'there is no /dev/net/tun' && return; }
	# It ends where it finds no root.
	said=$(ulimit -c 0 && timeout -k 1 20 "${GUEST_KERNEL[@]}" uml_dir=/nonexistent 2>&1 </dev/null) || true
	[[ $said == *'Linux version'* ]] || echo "linux.uml does not run: ${said##*$'\n'}"
} 2>/dev/null

# guest_start NAME: running, plugged in, with an address on each net
guest_start() {
	local net home=$LAB/$1
	guest_runs "$1" && return
	mkdir -p "$home/root" "$home/xchg/in" "$home/xchg/back"
	install -m 0755 "$LAB_TOOLS/guest" "$home/guest"
	rm -rf "$home"/xchg/in/* "$home"/xchg/back/* "$home/out" "$home/pid"
	chown "$GUEST_USER" "$home/xchg/back"
	for net in clients cluster; do
		rack ip link del "$1-$net" 2>/dev/null || true
		rack ip tuntap add dev "$1-$net" mode tap user "$GUEST_USER" || return
		plug "$1" "$net" || return
	done
	# shellcheck disable=SC2016  # for the inner shell
	rack sh -c 'test -e "$1" || { mknod "$1" c 10 200 && chmod 0666 "$1"; }' sh "$LAB/roots/tun" || return
	# It has the machine before all else: what takes long in it shall be what is tested.
	# shellcheck disable=SC2016  # for the inner shell
	part_start "$1" nice -n -10 nsenter --target "$(rack_pid)" --mount --net -- unshare --mount sh -ec 'mount --bind "$0" /dev/net/tun; exec "$@"' \
		"$LAB/roots/tun" "${GUEST_KERNEL[@]}" rootfstype=hostfs rootflags=/ ro "init=$home/guest" "umid=$1" \
		"uml_dir=$home/xchg/back/" "vec0:transport=tap,ifname=$1-clients,depth=128,gro=1" \
		"vec1:transport=tap,ifname=$1-cluster,depth=128,gro=1"
	wait_for 20 "guest $1" guest_decided "$1"
	[ -e "$home/xchg/back/ready" ] || { cat "$home/out" && return 1; }
	in_guest "$1" ip address add "$(service_address "$1")/24" dev eth0 &&
		in_guest "$1" ip address add "$(cluster_address "$1")/24" dev eth1
}
guest_decided() { [ -e "$LAB/$1/xchg/back/ready" ] || { [ -e "$LAB/$1/pid" ] && ! guest_runs "$1"; }; }
guest_runs() { part "$1" pid >/dev/null; }

# in_guest NAME COMMAND...: its output, and its status
in_guest() {
	local xchg=$LAB/$1/xchg id=$BASHPID-$SRANDOM status
	printf '%q ' "${@:2}" >"$xchg/.$id"
	mv "$xchg/.$id" "$xchg/in/$id"
	PAUSE=0.02 wait_for 30 "the guest to run $2" test -e "$xchg/back/$id.status" || return
	status=$(<"$xchg/back/$id.status")
	cat "$xchg/back/$id.out"
	rm -f "$xchg/in/$id"
	rm -f "$xchg/back/$id".*
	return "$status"
}

# guest_stop NAME: at once, with all its processes
guest_stop() {
	local pid
	pid=$(cat "$LAB/$1/pid" 2>/dev/null) || return 0
	if guest_runs "$1"; then
		kill -TERM "$pid" 2>/dev/null || true
		PAUSE=0.02 wait_for 3 "guest $1 to end" guest_gone "$1" || true
	fi >/dev/null
	# One that does not listen, or whose first process alone was killed.
	guest_gone "$1" || kill -KILL -- "-$pid"
	PAUSE=0.02 wait_for 5 "guest $1 to end" guest_gone "$1"
}
guest_gone() {
	local pid
	for pid in $(pgrep -g "$(<"$LAB/$1/pid")"); do ! is_part "$pid" "$1" || return; done
}
