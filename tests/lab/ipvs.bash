# SPDX-License-Identifier: MIT
# IPVS in front of a lab's servers: the guest "lvs" is the director, with keepalived, an example of docs/examples and the
# checker as it is installed. The sorry server is the host "spare".

VIRTUAL_IP=10.77.0.60 SORRY='no node may be read'

# lvs_start: the director, without keepalived; with the account that checks run as, and its option file
lvs_start() {
	local root=$LAB/lvs/root
	guest_runs lvs && return
	mkdir -p "$root/usr/local/etc"
	# Where a build with the default prefix looks for it.
	ln -sfn /etc/dbvitals "$root/usr/local/etc/dbvitals"
	make -C "${DBV_BIN%/checkers}" install-sbinPROGRAMS DESTDIR="$root" sbindir=/usr/sbin >"$LAB/lvs/install.out" 2>&1 || {
		cat "$LAB/lvs/install.out"
		return 1
	}
	guest_start lvs || return
	# shellcheck disable=SC2016  # for the inner shell
	in_guest lvs sh -ec '
		echo keepalived_script:x:990:990::/nonexistent:/usr/sbin/nologin >>/etc/passwd
		echo keepalived_script:x:990: >>/etc/group
		umask 027
		mkdir -m 0755 -p /etc/dbvitals
		printf "[dbvitals]\nuser=check\npassword=%s\n" "$1" >/etc/dbvitals/client.cnf
		chgrp keepalived_script /etc/dbvitals/client.cnf' sh "$PASSWORD"
}

# example FILE: of docs/examples, with the lab's addresses for the documents'
example() { sed 's/192\.0\.2\./10.77.0./g; s/198\.51\.100\./10.77.1./g' "$LAB_TREE/docs/examples/$1"; }
# steps FILE WHERE: the commands that its comment has for "On each WHERE"
steps() { example "$1" | awk -v on="# On each $2" '/^# On each/ { here = index($0, on) == 1 } here && sub(/^#     /, "")'; }

# balance FILE: the director is that example's, and its real servers are prepared for it as it says. What has ended is forgotten
# sooner than by default (two minutes): wlc counts it, and a node that comes back with less of it than the others would have all clients
# meanwhile, and one with more of it none.
balance() {
	local node
	for node in $(nodes); do on "$node" sh -ec "$(steps "$1" 'real server')" || return; done
	in_guest lvs sh -ec "$(steps "$1" director)" || return
	# shellcheck disable=SC2016  # for the inner shell
	in_guest lvs sh -ec 'mkdir -p /etc/keepalived; printf "%s\n" "$1" >/etc/keepalived/keepalived.conf
		setsid keepalived -n -l -D >/xchg/back/keepalived.log 2>&1 &' sh "$(example "$1")"
	in_guest lvs ipvsadm --set 900 4 300 && wait_for 20 'the director to have the address' has_virtual_ip
}
has_virtual_ip() { [ -n "$(in_guest lvs ip -o address show to "$VIRTUAL_IP")" ]; }
balance_end() {
	balance_signal TERM && PAUSE=0.1 wait_for 10 'keepalived to end' in_guest lvs sh -c '! pidof keepalived'
}
balance_signal() { in_guest lvs pkill "-$1" --pidfile /run/keepalived.pid; }
# reload: until its checks begin anew
reload() {
	local since
	since=$(reloads)
	balance_signal HUP && PAUSE=0.05 wait_for 10 'keepalived to reload' reloaded "$since"
}
reloads() { balance_log | grep -c 'Reload complete' || true; }
reloaded() { [ "$(reloads)" -gt "$1" ]; }
balance_log() { cat "$LAB/lvs/xchg/back/keepalived.log"; }

# sorry_start: what "spare" tells each client, in the words of the protocol
sorry_start() {
	# shellcheck disable=SC2059  # escapes
	printf "\\x$(printf %x $((3 + ${#SORRY})))\0\0\0\xff\x51\x04$SORRY" | on spare tee /run/sorry >/dev/null
	daemon spare sorry socat -U TCP-LISTEN:3306,reuseaddr,fork FILE:/run/sorry
}

# pool: what IPVS has, as HOST=WEIGHT
pool() {
	in_guest lvs ipvsadm -Ln | awk -v all="$(for known in "${!HOST_NUMBER[@]}"; do echo "$known ${HOST_NUMBER[$known]}"; done)" '
		BEGIN { for (i = split(all, word); i > 1; i -= 2) name[word[i]] = word[i - 1] }
		$1 == "->" && split($2, part, /[.:]/) == 5 { print name[part[4]] "=" $4 }' | sort | paste -sd' '
}
pool_is() { [ "$(pool)" = "$1" ]; }
# pool_fits POOL: the same, but who is in for 100 may have less while Galera evicts another one (galera.evs_not_operational)
pool_fits() { [ "$(pool | sed -E 's/=75( |$)/=100\1/g')" = "$1" ]; }

# reader_start NAME: a client that reads through the virtual address, a session for each question. It has patience for a first
# packet that is lost on the way, which TCP sends again after a second: that tells nothing of a node.
reader_start() {
	# shellcheck disable=SC2016  # for the inner shell
	daemon app "said-$1" sh -c 'out=$1; shift; exec "$@" >"$out"' sh "/var/log/writer-$1" \
		"$LAB_WRITER" reads "$VIRTUAL_IP" 3306 "$PASSWORD" "$1" 20 2500
}

# answers NAME FROM TO: what attempts begun in this time met: COUNT HOST STATE, COUNT - ERROR
answers() {
	awk -v from="$2" -v to="$3" '$3 >= from && $3 < to {
			what = $1 == "read" ? $5 : $1 == "lost" ? $5 " no answer" : "-"
			for (i = $1 == "read" ? 7 : 6; i <= NF; i++) what = what " " $i
			count[what]++
		}
		END { for (what in count) print count[what], what }' "$(record "$1")"
}

# allowed_time FILE: how soon what a node judges of itself must be in IPVS: delay_loop + -t + 1 s
allowed_time() {
	example "$1" | awk '$1 == "delay_loop" { loop = $2 } match($0, / -t [0-9]+/) { t = substr($0, RSTART + 4, RLENGTH - 4) }
		END { print loop + t + 1 }'
}
# recovery FILE: how long a node must have been well before it is told so
recovery() { example "$1" | awk 'match($0, /--recover-after=[0-9]+/) { t = substr($0, RSTART + 16, RLENGTH - 16) } END { print t + 0 }'; }

# shows POOL SINCE SECONDS [COMMAND]: IPVS has this in time, by pool_is or that command; 2 where it is late
shows() {
	PAUSE=0.05 wait_for $(($3 + 5)) "the pool to be $1" "${4:-pool_is}" "$1" || { echo "it is $(pool)" && return 1; }
	awk -v took="$(since "$2")" -v most="$3" -v pool="$1" 'BEGIN { printf "%s after %s s\n", pool, took; exit took > most ? 2 : 0 }'
}

# tried_since NAME TIME COUNT: so many of its attempts have been begun since then, and have ended
tried_since() { awk -v t="$2" -v wanted="$3" '$3 > t { count++ } END { exit count < wanted }' "$(record "$1")"; }

# met NAME FROM TO WHAT...: at least one of these, and nothing else
met() {
	local found
	found=$(answers "$1" "$2" "$3")
	if [ -z "$found" ] || cut -d' ' -f2- <<<"$found" | grep -vxFf <(printf '%s\n' "${@:4}") >/dev/null; then
		echo "the client met $(paste -sd, <<<"$found") instead of ${*:4}"
		return 1
	fi
}
