# SPDX-License-Identifier: MIT
# A real Nagios and a real Icinga 2 that run check_dbvitals on g1 every second, by the example in docs/examples, as the
# servers' user, with all that they write in a folder of their own.
#
#	load ../lib/monitoring
#	setup_file() { monitoring_begin; nagios_start; }

load_servers() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	# shellcheck source=tests/lib/all.bash
	source tests/lib/all.bash
	PATH=$PATH:/usr/sbin
}
monitoring_begin() {
	export BATS_TEST_TIMEOUT=80
	load_servers
	servers_begin
	galera_start g1
}
teardown_file() {
	load_servers
	servers_end
}
setup() { load_servers; }

# monitoring_folder NAME: $MONITOR, with what the plugin needs
monitoring_folder() {
	MONITOR=$SERVERS/$1
	server_folder "$MONITOR"
	server_folder "$MONITOR/perfdata"
	install -m 0755 "$DBV_BIN/check_dbvitals" "$MONITOR/check_dbvitals"
	install -m 0600 "$SERVERS/check.cnf" "$MONITOR/client.cnf"
	[ "$EUID" -ne 0 ] || chown mysql:mysql "$MONITOR/client.cnf"
}

nagios_start() {
	monitoring_folder nagios
	export MONITOR
	# shellcheck disable=SC2016  # Nagios' macros
	sed -E 's,-H \$HOSTADDRESS\$,& -P '"$(of g1 port)"',
		s,-H db[1-3],-H 127.0.0.1:'"$(of g1 port)"',g
		s,^( *command_line .*),\1 --defaults-file='"$MONITOR"'/client.cnf,' docs/examples/nagios.cfg >"$MONITOR/example.cfg"
	nagios_settings >"$MONITOR/nagios.cfg"
	nagios_objects >"$MONITOR/objects.cfg"
	echo "\$USER1\$=$MONITOR" >"$MONITOR/resource.cfg"
	helper nagios "${SERVER_AS[@]}" nagios4 "$MONITOR/nagios.cfg"
}

nagios_settings() {
	cat <<-END
		cfg_file=$MONITOR/objects.cfg
		cfg_file=$MONITOR/example.cfg
		resource_file=$MONITOR/resource.cfg
		log_file=$MONITOR/log
		object_cache_file=$MONITOR/objects.cache
		status_file=$MONITOR/status
		lock_file=$MONITOR/lock
		temp_file=$MONITOR/temp
		temp_path=$MONITOR
		check_result_path=$MONITOR
		state_retention_file=$MONITOR/retention
		query_socket=$MONITOR/query
		interval_length=1
		service_inter_check_delay_method=n
		check_external_commands=0
		enable_notifications=0
		use_syslog=0
		illegal_macro_output_chars=\`~\$&|'"<>
		process_performance_data=1
		service_perfdata_file=$MONITOR/perfdata/services
		service_perfdata_file_mode=a
		service_perfdata_file_template=\$SERVICEDESC\$\t\$SERVICESTATE\$\t\$SERVICEPERFDATA\$\t\$SERVICEOUTPUT\$
	END
}

nagios_objects() {
	cat <<-END
		define timeperiod {
		    timeperiod_name         always
		    alias                   always
		$(printf '    %s 00:00-24:00\n' sunday monday tuesday wednesday thursday friday saturday)
		}
		define contact {
		    contact_name            nobody
		    host_notifications_enabled 0
		    service_notifications_enabled 0
		    host_notification_period always
		    service_notification_period always
		    host_notification_commands silence
		    service_notification_commands silence
		}
		define command {
		    command_name            silence
		    command_line            /bin/true
		}
		define host {
		    host_name               db1
		    address                 127.0.0.1
		    max_check_attempts      1
		    check_period            always
		    contacts                nobody
		}
		define service {
		    name                    generic-service
		    register                0
		    check_period            always
		    notification_period     always
		    check_interval          1
		    retry_interval          1
		    max_check_attempts      1
		    contacts                nobody
		}
	END
}

icinga_start() {
	monitoring_folder icinga
	export MONITOR
	server_folder "$MONITOR/data"
	server_folder "$MONITOR/states"
	server_folder "$MONITOR/recorded"
	recorder >"$MONITOR/recorder"
	chmod 0755 "$MONITOR/recorder"
	icinga_objects >"$MONITOR/icinga2.conf"
	local user=${SERVER_AS:+mysql} folder settings=()
	: "${user:=$(id -un)}"
	for folder in ConfigDir DataDir LogDir CacheDir SpoolDir InitRunDir; do settings+=("-D$folder=$MONITOR/data"); done
	settings+=("-DRunAsUser=$user" "-DRunAsGroup=$(id -gn "$user")")
	helper icinga "${SERVER_AS[@]}" icinga2 daemon -c "$MONITOR/icinga2.conf" "${settings[@]}"
}

# recorder: the plugin, whose command line is kept in recorded/SERVICE, a line for each option
recorder() {
	cat <<-END
		#!/bin/bash
		sed 's/ --/\n--/g' <<<"\${*:2}" | LC_ALL=C sort -s -k1,1 >"$MONITOR/recorded/\$1.new"
		mv "$MONITOR/recorded/\$1.new" "$MONITOR/recorded/\$1"
		exec "$MONITOR/check_dbvitals" "\${@:2}"
	END
}

icinga_objects() {
	cat <<-END
		const PluginDir = "$MONITOR"
		const NodeName = "tests"
		include <itl>
		object CheckerComponent "checker" { }
		object FileLogger "log" { path = "$MONITOR/data/log" }
		object PerfdataWriter "perfdata" {
		    host_perfdata_path = "$MONITOR/perfdata/host"
		    service_perfdata_path = "$MONITOR/perfdata/service"
		    host_temp_path = "$MONITOR/data/host"
		    service_temp_path = "$MONITOR/data/service"
		    service_format_template = "\$service.name\$\t\$service.state\$\t\$service.perfdata\$\t\$service.output\$"
		    rotation_interval = 1s
		}
		template Service "every second" default {
		    check_interval = 1s
		    retry_interval = 1s
		    max_check_attempts = 1
		    vars.dbvitals_defaults_file = "$MONITOR/client.cnf"
		}
		object Host "db1" {
		    check_command = "passive"
		    enable_active_checks = false
		    address = "127.0.0.1"
		    vars.dbvitals_port = $(of g1 port)
		    vars.galera = true
		}
		object Host "m2" {
		    check_command = "passive"
		    enable_active_checks = false
		    address = "127.0.0.1"
		    vars.dbvitals_port = $(of m2 port)
		    vars.replica = true
		}
		object Service "by socket" {
		    host_name = "db1"
		    check_command = "dbvitals"
		    vars.dbvitals_socket = "$SERVERS/g1/socket"
		    vars.dbvitals_verbose = true
		}
		object Host "cluster" {
		    check_command = "passive"
		    enable_active_checks = false
		    vars.dbvitals_port = $(of g1 port)
		    vars.galera_nodes = [ "127.0.0.1", "127.0.0.2" ]
		}
		include "$PWD/docs/examples/icinga2.conf"
		$(icinga_recorded)
	END
}

# icinga_recorded: services that use all that the example can pass on; recorder keeps their command lines
icinga_recorded() {
	cat <<-END
		object CheckCommand "recorded" {
		    import "dbvitals"
		    command = [ "$MONITOR/recorder", "\$service.name\$" ]
		}
		object Host "v6" {
		    check_command = "passive"
		    enable_active_checks = false
		    address6 = "::1"
		    vars.dbvitals_port = $(of g1 port)
		}
		object Host "nowhere" {
		    check_command = "passive"
		    enable_active_checks = false
		}
		object Service "lists" {
		    host_name = "cluster"
		    check_command = "recorded"
		    vars.dbvitals_host = [ "127.0.0.1", "127.0.0.2" ]
		    vars.dbvitals_min_up = 1
		    vars.dbvitals_write_ip = "127.0.0.2"
		    vars.dbvitals_severity = [ "galera.sync_wait_off=ignore", "galera.desynced=degraded" ]
		    vars.dbvitals_warning = [ "connections=80", "cluster_size=3:" ]
		    vars.dbvitals_critical = [ "connections=95", "flow_control=90" ]
		    vars.dbvitals_verbose = true
		}
		object Service "values" {
		    host_name = "v6"
		    check_command = "recorded"
		    check_timeout = 30s
		    vars.dbvitals_user = "check"
		    vars.dbvitals_defaults_group_suffix = "_tests"
		    vars.dbvitals_ssl_mode = "disabled"
		    vars.dbvitals_timeout = 20
		    vars.dbvitals_mode = "galera"
		    vars.dbvitals_role = "write"
		    vars.dbvitals_severity = "galera.donor=degraded"
		    vars.dbvitals_admin_port = $(of g1 extra_port)
		    vars.dbvitals_canary = "dbvitals.canary"
		    vars.dbvitals_canary_grace = 5
		    vars.dbvitals_maintenance_file = "$MONITOR/maintenance"
		    vars.dbvitals_state_dir = "$MONITOR/states"
		    vars.dbvitals_recover_after = 0.5
		    vars.dbvitals_max_disconnect = 30
		    vars.dbvitals_syslog = false
		}
		object Service "files" {
		    host_name = "m2"
		    check_command = "recorded"
		    vars.dbvitals_mode = "replication"
		    vars.dbvitals_socket = "$SERVERS/m2/socket"
		    vars.dbvitals_channel = "second"
		    vars.dbvitals_ssl_ca = "$MONITOR/ca"
		    vars.dbvitals_ssl_cert = "$MONITOR/cert"
		    vars.dbvitals_ssl_key = "$MONITOR/key"
		    vars.dbvitals_plugin_dir = "$MONITOR"
		    vars.dbvitals_state_dir = "$MONITOR/states"
		    vars.dbvitals_syslog = true
		}
		object Service "no address" {
		    host_name = "nowhere"
		    check_command = "recorded"
		}
	END
}

# said SERVICE STATE TEXT: the last that was heard of it; its performance data, in $MEASURED, is well-formed
said() {
	local state data text item
	IFS=$'\t' read -r _ state data text < <(cat "$MONITOR"/perfdata/* | grep -P "^$1\t" | tail -n 1)
	[ "$state" = "$2" ] && [[ $text =~ ^DBVITALS\ $2\ -\ $3 ]] || return 1
	read -ra MEASURED <<<"${data//\'/}"
	for item in "${MEASURED[@]}"; do
		[[ $item =~ ^[a-z0-9_.:#]+=([0-9.]+(s|ms|%|B)?|U)(;[0-9.:@~]*){0,4}$ ]] || return 1
	done
}

# story READS WRITES CLUSTER: three services, as the examples name them, while a node becomes ill and recovers
story() {
	wait_for 15 "$1 OK" said "$1" OK '127.0.0.1:[0-9]+ may take reads'
	[ "${#MEASURED[@]}" -ge 6 ]
	wait_for 5 "$2 OK" said "$2" OK '127.0.0.1:[0-9]+ may take writes'
	wait_for 5 "$3 OK" said "$3" OK '[23] of [23] nodes up'
	[ "${#MEASURED[@]}" -ge 12 ]

	sql g1 'SET GLOBAL wsrep_desync=ON'
	wait_for 8 "$1 CRITICAL" said "$1" CRITICAL '.*\(galera\.desynced\)'
	[ "${#MEASURED[@]}" -ge 6 ]
	wait_for 8 "$2 WARNING" said "$2" WARNING '.*\(galera\.desynced\)'
	sql g1 'SET GLOBAL wsrep_desync=OFF'
	wait_for 8 "$1 OK again" said "$1" OK ''
	wait_for 8 "$2 OK again" said "$2" OK ''

	node_freeze g1
	wait_for 12 "$1 CRITICAL" said "$1" CRITICAL '.*\(server\.timeout\)'
	wait_for 8 "$3 CRITICAL" said "$3" CRITICAL ''
	node_thaw g1
	wait_for 12 "$1 OK at last" said "$1" OK ''
	wait_for 12 "$3 OK at last" said "$3" OK ''

	sed -i "s/$PASSWORD/no longer/" "$MONITOR/client.cnf"
	wait_for 8 "$1 UNKNOWN" said "$1" UNKNOWN '.*\(server\.access_denied\)'
	sed -i "s/no longer/$PASSWORD/" "$MONITOR/client.cnf"
	wait_for 8 "$1 OK with the password" said "$1" OK ''
}
