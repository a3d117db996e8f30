# SPDX-License-Identifier: MIT
# docs/guide-galera.md and docs/guide-pair.md from bare hosts to a proven failover: every block of theirs is typed, in its order,
# on the hosts that it names, as it stands but for the addresses. A block begins with ```sh HOST... (one line after the other)
# or with ```ini FILE HOST... (the file). HOST is also "holder", who had the write address when first asked for; "other" and
# "third", one that had not; "app", a client; "director". A last word "background": it goes on while the next are typed.
# Who sources this has "bare KIND" make the hosts, "boot HOST" start one again, and "as_typed HOST COMMAND".

fencing() {
	echo 'primitive power stonith:fence_lab params pcmk_host_list="db1 db2 db3 m1 m2"'
	echo 'property stonith-enabled=true'
}

# blocks PAGE: KIND, HOSTS, then the lines, each block ended by an empty line; KIND is sh or a file
blocks() {
	awk '/^```(sh|ini) / { on = 1; kind = $1 == "```sh" ? "sh" : $2; from = kind == "sh" ? 2 : 3
			hosts = ""; for (i = from; i <= NF; i++) hosts = hosts " " $i; print kind hosts; next }
		/^```$/ { if (on) print ""; on = 0; next }
		on' "$1"
}

# typed HOST COMMAND
typed() {
	case $1 in
	director) in_guest lvs sh -c "$2" 2>&1 ;;
	*) as_typed "$1" "$2" ;;
	esac
}

# who HOST: the lab's name
who() {
	case $1 in
	holder) echo "$HOLDER" ;;
	other | third) nodes | tr ' ' '\n' | grep -vx "$HOLDER" | tail -n 1 ;;
	*) echo "$1" ;;
	esac
}

# WANTED: COMMAND => REGEX, in their order: the next command that begins so prints that within a minute, asked again and again
shows_wanted() {
	local said
	said=$(typed "$1" "$2") || true
	{
		echo "$1# $2"
		echo "$said"
	} >>"$MADE/transcript"
	[[ $(tr -s '\n\t ' ' ' <<<"$said") =~ $3 ]]
}
type_line() {
	local host=$1 line=$2 next=${WANTED[0]:-} said
	if [ -n "$next" ] && [[ $line == "${next%% => *}"* ]]; then
		WANTED=("${WANTED[@]:1}")
		PAUSE=0.5 wait_for 60 "$host: $line: ${next#* => }" shows_wanted "$host" "$line" "${next#* => }"
		return
	fi
	said=$(typed "$host" "$line") || { echo "failed on $host: $line: $said" && return 1; }
	printf '%s# %s\n%s\n' "$host" "$line" "$said" >>"$MADE/transcript"
}

# before LINE: what its page says to wait for
before() {
	case $1 in
	'kill -KILL '*) wait_for 30 'rows' proven 10 ;;
	*'SELECT host, COUNT'*) wait_for 120 'the writer to end' on app test -e /run/proof-ended ;;
	esac
}
# after HOST LINE: what its page says to change in a copy of an example. The hardware of this rack is the lab's.
after() {
	local words
	read -ra words <<<"$2"
	case $2 in
	'cp /usr/share/doc/dbvitals/examples/pacemaker-fencing'*) fencing | on "$1" tee "${words[-1]}" >/dev/null ;;
	'cp /usr/share/doc/dbvitals/examples/'*) on "$1" sed -i 's/192\.0\.2\./10.77.0./g' "${words[-1]}" ;;
	esac
}
proven() { [ "$(mysql_sql "$(who holder)" 'SELECT COUNT(*) FROM proof.t')" -ge "$1" ]; }

# follow PAGE: all its blocks
follow() {
	local kind hosts host line lines
	while read -r kind hosts; do
		lines=()
		while IFS= read -r line && [ -n "$line" ]; do lines+=("${line//192.0.2./10.77.0.}"); done
		for host in ${hosts% background}; do
			[[ $host != holder || -n ${HOLDER:-} ]] || HOLDER=$(holder)
			host=$(who "$host")
			if [ "$kind" != sh ]; then
				printf '%s\n' "${lines[@]}" | on "$host" sh -c "cat >$kind" || return
				continue
			fi
			if [[ $hosts == *' background' ]]; then
				daemon "$host" proof bash -c "$(printf '%s\n' "${lines[@]}"); touch /run/proof-ended"
				continue
			fi
			[ "$host" != director ] || director
			for line in "${lines[@]}"; do
				before "$line" && type_line "$host" "$line" && after "$host" "$line" || return
				[[ $line != 'stonith_admin --reboot '* ]] || boot "${line##* }" || return
			done
		done
	done < <(blocks "$LAB_TREE/docs/$1")
	[ ${#WANTED[@]} = 0 ] || { echo "never came to ${WANTED[0]}" && return 1; }
}

# director: a host with IPVS and the example, as docs/keepalived.md has it (tests/integration/ipvs.bats, keepalived_guide.bats)
director() {
	! guest_runs lvs || return 0
	lvs_start
	printf '[dbvitals]\nuser = dbvitals\npassword = "YOUR-PASSWORD"\n' >"$LAB/lvs/client.cnf"
	in_guest lvs sh -c "printf '[dbvitals]\nuser = dbvitals\npassword = YOUR-PASSWORD\n' >/etc/dbvitals/client.cnf"
	balance keepalived-direct-routing.conf
}

# longest_gap AT_LEAST AT_MOST: what the page's own question has answered
longest_gap() {
	local gap
	gap=$(grep -A 1 '^app# awk ' "$MADE/transcript" | tail -n 1)
	echo "longest gap: $gap s"
	awk -v gap="$gap" -v least="$1" -v most="$2" 'BEGIN { exit !(gap >= least && gap <= most) }'
}

guide_galera() {
	local all='10\.77\.0\.1[123]:3306 (Route|Tunnel|Masq) 100' WANTED
	WANTED=(
		"mariadb -e \"SHOW STATUS LIKE 'wsrep_cluster_size => wsrep_cluster_size 3"
		'crm_resource --list-agents => node-health write-ip'
		'crm_resource --list-agents => node-health write-ip'
		'crm_resource --list-agents => node-health write-ip'
		'dbvitals-keepalived --role=promote => ^UP: '
		'dbvitals-keepalived --role=promote => ^UP: '
		'dbvitals-keepalived --role=promote => ^UP: '
		'dbvitals status => up up.*up up.*up up.*CLUSTER up'
		'dbvitals-keepalived --role=write => ^UP: '
		'corosync-quorumtool => Nodes: 3 .*Quorate: Yes'
		'crm_mon -1A => Promoted: \[ db. \] .*Unpromoted: \[ db. db. \].*why-write-ip : up.*why-write-ip : up.*why-write-ip : up'
		'crm_mon -1A => Promoted: \[ db. \] .*why-write-ip : down:server\.unreachable'
		'mariadb -e "SELECT host, COUNT => host COUNT.* db[123] .* db[123] '
		'crm_mon -1Af => Promoted: \[ db. \] .*why-write-ip : up.*why-write-ip : up.*why-write-ip : up'
		"ipvsadm -Ln => $all.*$all.*$all"
		"ipvsadm -Ln => $all.*$all"
		'/usr/lib/nagios/plugins/check_dbvitals => DBVITALS OK'
	)
	HOLDER=
	bare galera
	follow guide-galera.md
	[ -n "$(holder)" ]
	[ "$(holder)" != "$HOLDER" ]
	longest_gap 1 9
	no_failures
	[[ $(in_guest lvs ipvsadm -Ln) != *10.77.0.12:* ]] || wait_for 10 'db2 to be back' pool_is 'db1=100 db2=100 db3=100'
}

guide_pair() {
	local both='host COUNT.* m[12] .* m[12] ' WANTED
	WANTED=(
		'crm_resource --list-agents => node-health write-ip'
		'crm_resource --list-agents => node-health write-ip'
		'dbvitals-keepalived --mode=replication --role=read => ^UP: '
		'dbvitals-keepalived --mode=replication --role=read => ^UP: '
		'dbvitals-keepalived --mode=replication --role=promote => ^UP: '
		'dbvitals-keepalived --mode=replication --role=promote => ^UP: '
		'corosync-quorumtool => Nodes: 2 .*Quorate: Yes'
		'crm_mon -1 => Online: \[ m1 m2 \]'
		'crm_mon -1 => Online: \[ m1 m2 \]'
		'crm_mon -1A => Promoted: \[ m. \] .*Unpromoted: \[ m. \].*why-write-ip : up.*why-write-ip : up'
		'crm_mon -1A => Promoted: \[ m. \] .*why-write-ip : down:server\.unreachable'
		'mariadb -e "SELECT @@hostname, @@read_only" => m[12] 0'
		"mariadb -e \"SELECT host, COUNT => $both"
		"mariadb -e \"SELECT host, COUNT => $both"
		'crm_mon -1Af => Promoted: \[ m. \] .*why-write-ip : up.*why-write-ip : up'
		'/usr/lib/nagios/plugins/check_dbvitals => DBVITALS OK'
	)
	HOLDER=
	bare pair
	follow guide-pair.md
	[ -n "$(holder)" ]
	[ "$(holder)" != "$HOLDER" ]
	longest_gap 0.2 6
	no_failures
	[ "$(mysql_sql "$HOLDER" 'SELECT @@read_only')" = 1 ]
	[ "$(mysql_sql "$(holder)" 'SELECT @@read_only')" = 0 ]
}
