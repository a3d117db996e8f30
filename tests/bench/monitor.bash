# SPDX-License-Identifier: MIT
# What a monitor of write-ip costs that holds the address, next to the monitor of IPaddr2, which looks at the address alone.
# Sourced by tests/bench/run.

: "${DBV_OCF:=$DBV_BIN/../ocf}"
IPADDR2=/usr/lib/ocf/resource.d/heartbeat/IPaddr2

# as_holder SSL_MODE COMMAND...: with what Pacemaker gives its agents, for both agents. The server listens elsewhere.
as_holder() {
	env WRITE_IP_AGENT="$DBV_OCF/write-ip" OCF_ROOT=/usr/lib/ocf OCF_RESOURCE_INSTANCE=write-ip \
		OCF_RESKEY_CRM_meta_interval=1000 OCF_RESKEY_CRM_meta_timeout=20000 \
		OCF_RESKEY_ip=192.0.2.50 OCF_RESKEY_cidr_netmask=24 OCF_RESKEY_nic=lo \
		OCF_RESKEY_socket="$SERVERS/g1/socket" OCF_RESKEY_defaults_file="$SERVERS/check.cnf" OCF_RESKEY_ssl_mode="$1" \
		OCF_RESKEY_severity=server.no_network=ignore tests/bench/holder "${@:2}"
}

# processes_started: of a monitor that finds another state, and of one that finds the same again
processes_started() {
	local state
	# shellcheck disable=SC2016  # for that shell
	as_holder disabled bash -c 'trace() { strace -f -qq -e trace=clone,clone3,fork,vfork -o "$0.$1" "$WRITE_IP_AGENT" monitor; }
		OCF_RESKEY_severity= trace changed
		"$WRITE_IP_AGENT" monitor
		trace same' "$SERVERS/monitor" 2>"$SERVERS/printed" || [ $? = 8 ]
	for state in changed same; do awk '/= [0-9]+$/ { n++ } END { print n + 0 }' "$SERVERS/monitor.$state"; done | paste -sd' '
}

# time_monitors SSL_MODE: CPU and wall milliseconds of both, under "write-ip SSL_MODE" and "IPaddr2 SSL_MODE"
time_monitors() {
	local taken
	printf '%s\t%s\tmonitor\n' write-ip "$DBV_OCF/write-ip" IPaddr2 "$IPADDR2" >"$SERVERS/commands"
	as_holder "$1" python3 tests/bench/times.py 50 0 8 <"$SERVERS/commands" >"$SERVERS/times"
	while read -ra taken; do
		cpu[${taken[0]} $1]=${taken[1]}
		wall[${taken[0]} $1]=${taken[2]}
	done <"$SERVERS/times"
}

# monitors_bounded: no process, and less than a quarter of the time
monitors_bounded() {
	local started own other
	read -ra started <<<"$(processes_started)"
	claim "write-ip, a monitor that finds another state: starts ${started[0]} processes, some" [ "${started[0]}" -gt 0 ]
	claim "write-ip, a monitor that finds the same again: starts ${started[1]} processes, none" [ "${started[1]}" -eq 0 ]
	time_monitors disabled
	own=${cpu[write-ip disabled]} other=${cpu[IPaddr2 disabled]}
	claim "write-ip, a monitor: $own ms of CPU, $(ratio "$own" "$other") times IPaddr2's $other, less than 0.25" \
		awk -v a="$own" -v b="$other" 'BEGIN { exit !(4 * a < b) }'
}

# monitors_table: with and without TLS
monitors_table() {
	local mode name
	time_monitors required
	printf '\n%-34s%9s%7s%9s%7s\n' 'monitor of the holder' CPU/ms ratio wall/ms ratio
	for mode in disabled required; do
		for name in IPaddr2 write-ip; do
			[ "$name $mode" != 'IPaddr2 required' ] || continue
			printf '%-34s%9.1f%7.2f%9.1f%7.2f\n' "$name$([ "$mode" = disabled ] || echo ', TLS')" \
				"${cpu[$name $mode]}" "$(ratio "${cpu[$name $mode]}" "${cpu[IPaddr2 $mode]}")" \
				"${wall[$name $mode]}" "$(ratio "${wall[$name $mode]}" "${wall[IPaddr2 $mode]}")"
		done
	done
}
