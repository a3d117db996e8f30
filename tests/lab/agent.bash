# SPDX-License-Identifier: MIT
# An agent of $DBV_OCF on a host, run by hand as Pacemaker would. The resources are "vip" and "health", none of the cluster's own.

VIP=10.77.0.60
AGENT_PARAMETERS=(ip="$VIP" cidr_netmask=24 defaults_file=/etc/dbvitals/client.cnf timeout=1 CRM_meta_timeout=20000 CRM_meta_interval=1000)
# Before the agent's name on its command line.
AGENT_UNDER=()

# With sanitizers: what they find, whoever runs the agents, is in a host's log.
AGENT_SANITIZERS=(${SANITIZED:+ASAN_OPTIONS=log_path=/var/log/sanitizer})

# agent HOST AGENT ACTION [NAME=VALUE...]: parameters, OCF_... variables. "probe" is a monitor that only asks what is there.
# Leaves $status, $output and $took (ms).
agent() {
	local host=$1 name=$2 action=$3 began word words=() instance=vip
	shift 3
	[ "$name" != node-health ] || instance=health
	[ "$action" != probe ] || { action=monitor && set -- "$@" CRM_meta_interval=0; }
	for word in "${AGENT_PARAMETERS[@]}" "$@"; do
		[[ $word == OCF_* ]] || word=OCF_RESKEY_$word
		words+=("$word")
	done
	status=0
	began=${EPOCHREALTIME/./}
	output=$(on "$host" env OCF_ROOT=/usr/lib/ocf OCF_RESOURCE_INSTANCE=$instance OCF_RESOURCE_TYPE="$name" \
		OCF_RESOURCE_PROVIDER=dbvitals "${AGENT_SANITIZERS[@]}" "${words[@]}" "${AGENT_UNDER[@]}" \
		"/usr/lib/ocf/resource.d/dbvitals/$name" ${action:+"$action"} 2>&1 </dev/null) || status=$?
	took=$(((${EPOCHREALTIME/./} - began) / 1000))
}

# said: what Pacemaker would show of a failure
said() { sed -n 's/^ocf-exit-reason://p' <<<"$output" | tail -n 1; }

# told_well: a failure has a reason that nobody has to cut and that ends with the check, or (address), (attributes), (parameters),
# and a password is nowhere
told_well() {
	local reason
	[[ $output != *"$PASSWORD"* ]] || { echo "a password: $output" && return 1; }
	[[ " 0 3 8 " != *" $status "* && "$status $output" != '7 ' ]] || return 0
	reason=$(said)
	if [[ ! $reason =~ \([a-z_.]+\)$ ]] || [ "$(wc -c <<<"$reason")" -gt 129 ]; then
		echo "status $status: ${reason:-no reason}"
		return 1
	fi
}

# gives STATUS HOST AGENT ACTION [NAME=VALUE...]
gives() {
	agent "${@:2}"
	[ "$status" = "$1" ] || { echo "$status, not $1: ${*:2}: $output" && return 1; }
	told_well
}

# rows HOST: reads STATUS AGENT ACTION [NAME=VALUE...], one a line, in this order; "-" and a command: what happens meanwhile
rows() {
	local row failed=0
	while read -r -a row; do
		case ${row[0]:-} in
		'') ;;
		-) "${row[@]:1}" </dev/null || { echo "failed: ${row[*]}" && failed=1; } ;;
		*) gives "${row[0]}" "$1" "${row[@]:1}" || failed=1 ;;
		esac
	done
	return "$failed"
}

# published HOST NAME VALUE: what the cluster has ("" where nobody has it); promotion_score HOST VALUE
published() {
	local found
	found=$(on "$1" attrd_updater --name "$2" --node "$1" --query 2>/dev/null | sed -n 's/.* value="\(.*\)"$/\1/p')
	[ "$found" = "$3" ] || { echo "$2 on $1 is '$found', not '$3'" && return 1; }
}
promotion_score() { published "$1" master-vip "$2"; }
why() { published "$1" dbvitals-why-vip "$2"; }

# sanitizers_silent: they have found nothing, on no host
sanitizers_silent() { ! grep -rs '' "$LAB"/*/log/ --include='sanitizer.*'; }

# within MILLISECONDS: the last agent took no longer
within() { [ "$took" -le "$1" ] || { echo "took $took ms, more than $1" && return 1; }; }

# with NAME=VALUE...: for all agents from now on
with() { AGENT_PARAMETERS+=("$@"); }
# under COMMAND...: of the host, which runs agents from now on; under_too: and is run by what does already; alone: none does
under() { AGENT_UNDER=("$@"); }
under_too() { AGENT_UNDER+=("$@"); }
alone() { under; }
# instead PROGRAM=FILE...: agents that run from now on find these files in place of programs; one that cannot be run: none is there
instead() {
	# shellcheck disable=SC2016  # for the inner shell
	under unshare --mount sh -ec 'for pair; do
		shift
		[ "$pair" != -- ] || break
		mount --bind "${pair#*=}" "${pair%%=*}"
	done
	exec "$@"' sh "$@" --
}

# host_file HOST PATH: what is read becomes an executable there
host_file() {
	# shellcheck disable=SC2016  # for the inner shell
	on "$1" sh -ec 'mkdir -p "${1%/*}"; cat >"$1.new"; chmod 0755 "$1.new"; mv "$1.new" "$1"' sh "$2"
}
