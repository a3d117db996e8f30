# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# bash completion for dbvitals-keepalived, check_dbvitals and dbvitals. docs/update makes the words between the marks of
# the tables; a word in <> is a kind of name that the shell knows, one that begins with = stands behind any other.

# options: begin
declare -gA _dbvitals_options=(
	['dbvitals-keepalived']=' --host= --port= --socket= --user= --defaults-file= --defaults-group-suffix= --ssl-mode= --ssl-ca= --ssl-cert= --ssl-key= --plugin-dir= --timeout= --mode= --role= --write-ip= --warning= --critical= --severity= --channel= --admin-port= --canary= --canary-grace= --maintenance-file= --state-dir= --recover-after= --max-disconnect= --syslog --dynamic= --self-test --json --verbose --help --version'
	['check_dbvitals']=' --host= --port= --socket= --user= --password= --defaults-file= --defaults-group-suffix= --ssl-mode= --ssl-ca= --ssl-cert= --ssl-key= --plugin-dir= --timeout= --mode= --role= --write-ip= --warning= --critical= --severity= --channel= --admin-port= --canary= --canary-grace= --maintenance-file= --state-dir= --recover-after= --max-disconnect= --syslog --min-up= --json --verbose --help --version'
	['dbvitals status']=' --host= --port= --socket= --user= --defaults-file= --defaults-group-suffix= --ssl-mode= --ssl-ca= --ssl-cert= --ssl-key= --plugin-dir= --timeout= --mode= --role= --write-ip= --warning= --critical= --severity= --channel= --admin-port= --canary= --canary-grace= --maintenance-file= --state-dir= --recover-after= --max-disconnect= --syslog --min-up= --json --verbose --help --version'
	['dbvitals explain']=' --mode= --role= --warning= --critical= --severity= --channel= --json --verbose --help --version'
	['dbvitals checks']=' --help --version'
	['dbvitals metrics']=' --help --version'
	['dbvitals roundtrip']=' --host= --port= --user= --defaults-file= --defaults-group-suffix= --ssl-mode= --ssl-ca= --ssl-cert= --ssl-key= --plugin-dir= --timeout= --schema= --help --version'
	['dbvitals grants']=' --user= --mode= --admin-port= --canary= --schema= --manage-read-only --help --version'
)
# Where no option stands.
declare -gA _dbvitals_operands=(
	['dbvitals']='status explain checks metrics roundtrip grants --help --version'
	['dbvitals-keepalived']=''
	['check_dbvitals']=''
	['dbvitals status']='<host>'
	['dbvitals explain']='<file>'
	['dbvitals checks']='server.unreachable server.timeout server.protocol server.shutting_down server.too_many_connections server.access_denied server.account_limit server.host_blocked server.tls server.privilege_missing server.processlist_partial server.group_replication server.read_only server.offline server.no_network server.connections server.response_time server.writes_blocked server.canary_slow server.canary_unusable server.clock_skew node.checker_failed node.maintenance node.recovering node.no_link galera.off galera.not_connected galera.non_primary galera.not_ready galera.initialized galera.joining galera.joined galera.donor galera.desynced galera.donor_rejects galera.inconsistent galera.rejects_queries galera.pxc_maintenance galera.uuid_mismatch galera.minority galera.cluster_size galera.members_missing galera.evs_not_operational galera.recv_queue galera.send_queue galera.flow_control galera.flow_control_requested galera.flow_control_active galera.schema_upgrade galera.sync_wait_off galera.dirty_reads replication.not_configured replication.same_server_id replication.io_stopped replication.io_connecting replication.sql_stopped replication.lag_unknown replication.lag replication.relay_backlog replication.silent replication.stalled replication.not_caught_up replication.delayed replication.no_binlog replication.no_log_slave_updates replication.autoincrement_collision replication.semisync_off cluster.split_brain cluster.size_disagrees cluster.member_unlisted cluster.no_writer cluster.several_write_holders cluster.write_ip_silent cluster.write_holder_unfit cluster.write_ip_unknown cluster.too_few cluster.member_missing pair.one_way pair.both_writable pair.same_server_id pair.no_binlog pair.autoincrement_collision'
	['dbvitals metrics']='lag relay_backlog cluster_size recv_queue send_queue flow_control connections write_stall response_time'
	['dbvitals roundtrip']='<host>'
	['dbvitals grants']=''
)
# Behind an option that takes a value.
declare -gA _dbvitals_values=(
	['--host']='<host>'
	['-H']='<host>'
	['--port']=''
	['-P']=''
	['--socket']='<file>'
	['-S']='<file>'
	['--user']=''
	['-u']=''
	['--password']=''
	['-p']=''
	['--defaults-file']='<file>'
	['--defaults-group-suffix']=''
	['--ssl-mode']='disabled preferred required verify-ca verify-identity'
	['--ssl-ca']='<file>'
	['--ssl-cert']='<file>'
	['--ssl-key']='<file>'
	['--plugin-dir']='<directory>'
	['--timeout']=''
	['-t']=''
	['--mode']='galera replication'
	['-m']='galera replication'
	['--role']='read write promote auto'
	['-r']='read write promote auto'
	['--write-ip']=''
	['--warning']='lag= relay_backlog= cluster_size= recv_queue= send_queue= flow_control= connections= write_stall= response_time='
	['-w']='lag= relay_backlog= cluster_size= recv_queue= send_queue= flow_control= connections= write_stall= response_time='
	['--critical']='lag= relay_backlog= cluster_size= recv_queue= send_queue= flow_control= connections= write_stall= response_time='
	['-c']='lag= relay_backlog= cluster_size= recv_queue= send_queue= flow_control= connections= write_stall= response_time='
	['--severity']='server.unreachable= server.timeout= server.protocol= server.shutting_down= server.too_many_connections= server.access_denied= server.account_limit= server.host_blocked= server.tls= server.privilege_missing= server.processlist_partial= server.group_replication= server.read_only= server.offline= server.no_network= server.connections= server.response_time= server.writes_blocked= server.canary_slow= server.canary_unusable= server.clock_skew= node.checker_failed= node.maintenance= node.recovering= node.no_link= galera.off= galera.not_connected= galera.non_primary= galera.not_ready= galera.initialized= galera.joining= galera.joined= galera.donor= galera.desynced= galera.donor_rejects= galera.inconsistent= galera.rejects_queries= galera.pxc_maintenance= galera.uuid_mismatch= galera.minority= galera.cluster_size= galera.members_missing= galera.evs_not_operational= galera.recv_queue= galera.send_queue= galera.flow_control= galera.flow_control_requested= galera.flow_control_active= galera.schema_upgrade= galera.sync_wait_off= galera.dirty_reads= replication.not_configured= replication.same_server_id= replication.io_stopped= replication.io_connecting= replication.sql_stopped= replication.lag_unknown= replication.lag= replication.relay_backlog= replication.silent= replication.stalled= replication.not_caught_up= replication.delayed= replication.no_binlog= replication.no_log_slave_updates= replication.autoincrement_collision= replication.semisync_off= cluster.split_brain= cluster.size_disagrees= cluster.member_unlisted= cluster.no_writer= cluster.several_write_holders= cluster.write_ip_silent= cluster.write_holder_unfit= cluster.write_ip_unknown= cluster.too_few= cluster.member_missing= pair.one_way= pair.both_writable= pair.same_server_id= pair.no_binlog= pair.autoincrement_collision= =ignore =note =degraded =down'
	['--channel']=''
	['--admin-port']=''
	['--canary']=''
	['--canary-grace']=''
	['--maintenance-file']='<file>'
	['--state-dir']='<directory>'
	['--recover-after']=''
	['--max-disconnect']=''
	['--min-up']=''
	['--schema']=''
	['--dynamic']=''
)
# options: end

_dbvitals() {
	local line=${COMP_LINE:0:COMP_POINT} program=${1##*/} list whole word front='' words
	read -ra words <<<"$line"
	[[ $line != *[[:space:]] ]] || words+=('')
	whole=${words[-1]} word=${words[-1]}
	[[ $program != dbvitals || ${#words[@]} -lt 3 ]] || program+=" ${words[1]}"
	if [[ $word == --*=* ]]; then
		list=${_dbvitals_values[${word%%=*}]-}
		front=${word%%=*}= word=${word#*=}
	elif [[ ${words[-2]} == -* && -n ${_dbvitals_values[${words[-2]}]+set} ]]; then
		list=${_dbvitals_values[${words[-2]}]}
	elif [[ $word == -* && $program != dbvitals ]]; then
		list=${_dbvitals_options[$program]-}
	else
		list=${_dbvitals_operands[$program]-}
	fi
	_dbvitals_candidates "$list" "$word"
	# What is typed up to a character that breaks words stays as it is.
	local typed=${whole%"${whole##*["${COMP_WORDBREAKS//[^=:]/}"]}"}
	[[ $COMP_WORDBREAKS == *[=:]* ]] || typed=
	COMPREPLY=("${COMPREPLY[@]/#/"$front"}")
	COMPREPLY=("${COMPREPLY[@]#"$typed"}")
	[[ ${COMPREPLY[*]} != *= ]] || compopt -o nospace
}

# _dbvitals_candidates LIST WORD: into COMPREPLY. Nothing that was typed is expanded.
_dbvitals_candidates() {
	local list=$1 word=$2 candidate
	COMPREPLY=()
	case $list in
	'<host>') mapfile -t COMPREPLY < <(compgen -A hostname -- "$word") ;;
	'<file>' | '<directory>')
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -A "${list//[<>]/}" -- "$word")
		;;
	*)
		for candidate in $list; do
			case $word,$candidate in
			*=*,=*) candidate=${word%%=*}$candidate ;;
			*=*,* | *,=*) continue ;;
			esac
			[[ $candidate != "$word"* ]] || COMPREPLY+=("$candidate")
		done
		;;
	esac
}

complete -F _dbvitals check_dbvitals dbvitals dbvitals-keepalived
