# SPDX-License-Identifier: MIT
# One fault, from a healthy start and with clients that write without pause, and what must hold afterwards:
#
#	prove_begin NAME
#	a fault of faults.bash, and what becomes of the address: moved, stays, nowhere, returns; what is told
#	prove_end
#
# $HOLDER is the host that had the address, $OTHER one that had not, $FAULT_AT when the fault began (see now). Two clients,
# $NAME-a and $NAME-b, write through the address, and $NAME-s straight to $OTHER.

# example_load FILE...: of docs/examples, instead of what the cluster has; fencing is the lab's own
example_load() { cib_load "${@/#/$LAB_TREE/docs/examples/}" && wait_for 30 'all nodes to be fit' healthy; }

# healthy: one host has the address, what moves it agrees, it and all others are fit
healthy() { "healthy_by_$(manager)"; }
healthy_by_pacemaker() {
	local text
	text=$(mon) && [ "$(holder | wc -w)" = 1 ] && whole || return
	xmllint --xpath "boolean(count(//resource[@id='write-ip' and @role='Promoted']/node[@name='$(holder)']) = 1
		and //node_attributes/node[@name='$(holder)']/attribute[@name='master-write-ip']/@value = 3000
		and count(//node_attributes/node/attribute[@name='master-write-ip' and @value >= 1000]) = $(nodes | wc -w))" - \
		<<<"$text" 2>/dev/null | grep -q true
}

# prove_begin NAME [LIMIT_MS]: heal, choose, write; $NAME-a waits for an answer as long as that (60 s)
prove_begin() {
	NAME=$1
	lab_heal || return
	wait_for 90 'all nodes to be fit' healthy || { mon && return 1; }
	[ "$(manager)" != pacemaker ] || failures_forget || return
	HOLDER=$(holder)
	OTHER=$(nodes | tr ' ' '\n' | grep -vx "$HOLDER" | head -n 1)
	writer_start "$NAME-a" "$WRITE_IP" 5 "${2:-60000}" || return
	writer_start "$NAME-b" "$WRITE_IP" || return
	[ "$(lab_kind)" != galera ] || writer_start "$NAME-s" "$(service_address "$OTHER")" 5 60000 || return
	FAULT_AT=$(now)
}
through_address() { echo "$NAME-a $NAME-b"; }
writers() { if [ "$(lab_kind)" = galera ]; then echo "$NAME-a $NAME-b $NAME-s"; else through_address; fi; }

# third: the one that neither has the address nor is written to
third() { nodes | tr ' ' '\n' | grep -vx -e "$HOLDER" -e "$OTHER"; }

# moved: another host has the address, and rows are acknowledged there
moved() {
	PAUSE=0.02 wait_for 20 'another host to have the address' held_by_other "$HOLDER" || return
	MOVED_AT=$(now)
	wait_for 30 'writes to go on' wrote_since "$NAME-b" "$MOVED_AT"
}
# stays COMMAND...: what it waits for comes, writes go on afterwards, and the address was nowhere else all the time
stays() {
	"$@" || return
	wait_for 30 'writes to go on' wrote_since "$NAME-b" "$(now)" || return
	held_by "$HOLDER" || { echo "the address moved from $HOLDER to $(holder)" && return 1; }
	# shellcheck disable=SC2046  # words
	[ "$(moves $(through_address))" = "$HOLDER" ]
}
# nowhere [WRITER...]: no host has the address, and none of these (all) has a row acknowledged, whichever way it takes
nowhere() {
	local name since
	wait_for 30 'the address to be gone' held_by '' || return
	since=$(now)
	sleep 1
	# shellcheck disable=SC2046  # words
	[ $# -gt 0 ] || set -- $(writers)
	for name in "$@"; do
		! wrote_since "$name" "$since" || { echo "rows of $name are acknowledged" && return 1; }
	done
	held_by ''
}
# returns: some host has it again, and takes writes
returns() { wait_for 90 'the address to come back' has_holder && wait_for 30 'writes to go on' wrote_since "$NAME-b" "$(now)"; }
has_holder() { [ -n "$(holder)" ]; }

# told HOST WHY: what crm_mon -A says of a node
told() { wait_for 20 "$1 to be called $2" says "$1" "$2"; }
says() { [ "$(attribute "$1" dbvitals-why-write-ip)" = "$2" ]; }

# untold HOST: neither a score nor a reason is left of it
untold() { mon >/dev/null && [ -z "$(score "$1")$(attribute "$1" dbvitals-why-write-ip)" ]; }

# parameter NAME VALUE, parameter_gone NAME: of write-ip, on the running cluster
parameter() { with_quorum crm_resource --resource write-ip --set-parameter "$1" --parameter-value "$2"; }
parameter_gone() { with_quorum crm_resource --resource write-ip --delete-parameter "$1"; }

# operations REGEX [RESOURCE]: how many such actions of it (write-ip) the cluster has asked for, on all hosts
operations() { cat "$LAB"/*/log/pacemaker/pacemaker.log | grep -cE "Requesting local execution of ($1) operation for ${2:-write-ip} " || true; }

# prove_end: healed, and every row there once, by one writer at a time, with no failure that anybody would have to clear
prove_end() { prove_end_but none; }
# prove_end_but REGEX [not_together]: the same, but for failed actions (see there) that match, and are forgotten by themselves
prove_end_but() {
	# shellcheck disable=SC2046  # words
	writer_stop $(writers) && "${2:-one_at_a_time}" && no_failures_but "$1" && lab_heal || return
	# shellcheck disable=SC2046
	wait_for 60 'all acknowledged rows to be on every host' rows_kept_everywhere $(writers) || { rows_kept_everywhere $(writers) && return 1; }
	# What comes back fails no more than what went.
	wait_for 90 'all nodes to be fit again' healthy && no_failures_but "$1" || return
	[ "$1" = none ] || wait_for 90 'failures to be forgotten' no_failures
}
# one_at_a_time: no host acknowledged writes through the address after another had taken over
one_at_a_time() {
	local order
	# shellcheck disable=SC2046
	order=$(moves $(through_address))
	[ -z "$(tr ' ' '\n' <<<"$order" | sort | uniq -d)" ] || { echo "writes were acknowledged by turns: $order" && return 1; }
}

# not_together: the address may have come back to who had it before, but no two hosts acknowledged in the same interval
not_together() {
	local both
	# shellcheck disable=SC2046
	both=$(sessions_overlap $(through_address))
	[ -z "$both" ] || { echo "two at the same time: $both" && return 1; }
}

# freed_within SECONDS: the client that was waiting when the address moved had its error so soon
freed_within() {
	awk -v fault="$FAULT_AT" -v moved="$MOVED_AT" -v most="$1" '$1 == "lost" && $4 > fault && !found { found = 1; late = $4 - moved }
		END { if (!found || late > most) { print found ? "the error came " late " s after the move" : "no client was waiting"; exit 1 } }' \
		"$(record "$NAME-a")"
}

# unfreed SECONDS: the client that was waiting at the fault was told nothing for so long
unfreed() {
	wait_for "$(($1 + 5))" 'the client to give up' lost_since "$NAME-a" "$FAULT_AT" || return
	awk -v fault="$FAULT_AT" -v least="$1" '$1 == "lost" && $4 > fault { exit !($4 - $3 >= least) }' "$(record "$NAME-a")" ||
		{ echo 'the client was told' && return 1; }
}
lost_since() { awk -v t="$2" '$1 == "lost" && $4 > t { found = 1 } END { exit !found }' "$(record "$1")"; }
