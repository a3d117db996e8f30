/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <string.h>

#include "setters.h"

#define ALL .programs = PROGRAMS_WITH_COMMAND_LINE
#define LOOKING .programs = PROGRAMS_THAT_LOOK
#define CONNECTING .programs = PROGRAMS_THAT_CONNECT
#define JUDGING .programs = PROGRAMS_THAT_JUDGE
#define AGENTS .programs = PROGRAMS_OCF
#define LOOKING_OR_AGENTS .programs = PROGRAMS_THAT_LOOK | PROGRAMS_OCF
#define JUDGING_OR_AGENTS .programs = PROGRAMS_THAT_JUDGE | PROGRAMS_OCF

const struct option options[] = {
	{ "ip", '\0', "ADDRESS", NULL, "The address that writers use", .programs = PROGRAM_WRITE_IP,
		.identity = true, .apply = set_write_ip },
	{ "ip", '\0', "ADDRESS", NULL, "The address that writers use",
		.programs = PROGRAM_NODE_HEALTH, .apply = set_write_ip },
	{ "host", 'H', "HOST[:PORT]", "127.0.0.1",
		"Server to ask, always by TCP; [V6]:PORT or a bare V6 address too", CONNECTING,
		.in_file = true, .apply = to_node },
	{ "port", 'P', "N", "3306", "TCP port; a :PORT at the host beats it", CONNECTING,
		.in_file = true, .apply = to_node },
	{ "socket", 'S', "PATH", NULL, "Unix socket to ask, not together with --host",
		LOOKING_OR_AGENTS, .in_file = true, .apply = to_node },
	{ "user", 'u', "NAME", "the caller's name", "Account", CONNECTING, .in_file = true,
		.fallback_in_words = true, .apply = to_node },
	{ "user", 'u', "NAME[@HOST]", "dbvitals@%", "Account to make", .programs = PROGRAM_GRANTS,
		.fallback_in_words = true, .apply = set_account },
	{ "password", 'p', "WORD", NULL,
		"Password; better in an option file, where no process list shows it",
		.programs = PROGRAM_NAGIOS, .in_file = true, .secret = true, .apply = to_node },
	{ "defaults-file", '\0', "FILE", "SYSCONFDIR/dbvitals/client.cnf where it exists",
		"Option file to read, with groups client and dbvitals", CONNECTING,
		.fallback_in_words = true, .apply = set_defaults_file },
	{ "defaults-group-suffix", '\0', "S", NULL, "Read the group dbvitalsS too", CONNECTING,
		.apply = set_suffix },
	{ "ssl-mode", '\0', "MODE", "preferred",
		"disabled, preferred, required, verify-ca or verify-identity", CONNECTING,
		.in_file = true, .apply = to_node },
	{ "ssl-ca", '\0', "FILE", NULL, "Certificates of the authorities to trust", CONNECTING,
		.in_file = true, .apply = to_node },
	{ "ssl-cert", '\0', "FILE", NULL, "Client certificate", CONNECTING, .in_file = true,
		.apply = to_node },
	{ "ssl-key", '\0', "FILE", NULL, "Key of the client certificate", CONNECTING,
		.in_file = true, .apply = to_node },
	{ "plugin-dir", '\0', "DIR", "the client library's",
		"Where the client library finds its authentication plugins, whose code is run: "
		"nobody else may write there",
		CONNECTING,
		.in_file = true, .fallback_in_words = true, .apply = set_plugin_dir },
	{ "timeout", 't', "SECONDS", "3", "Budget of the whole run, 0.1 to 3600", LOOKING,
		.apply = set_timeout },
	{ "timeout", 't', "SECONDS", "10",
		"Budget of the whole run, 0.1 to 3600; a fifth of it is kept for cleaning up",
		.programs = PROGRAM_ROUNDTRIP, .apply = set_timeout },
	{ "timeout", '\0', "SECONDS", "2", "Budget of one look, 0.1 to 3600", AGENTS,
		.apply = set_timeout },
	{ "mode", 'm', "MODE", "galera", "galera or replication", JUDGING_OR_AGENTS,
		.apply = set_mode },
	{ "mode", 'm', "MODE", "both", "Only for galera, or only for replication",
		.programs = PROGRAM_GRANTS, .fallback_in_words = true, .apply = set_mode },
	{ "role", 'r', "ROLE", "read", "What the node is wanted for: read, write, promote or auto",
		JUDGING, .apply = set_role },
	{ "write-ip", '\0', "ADDRESS", NULL,
		"With --role=auto: write while this host has the address, else promote; with several nodes: tell which of them it leads to", LOOKING,
		.apply = set_write_ip },
	{ "warning", 'w', "[METRIC=]RANGE", "dbvitals-checks(7)",
		"Degraded outside this range; a bare one means lag", JUDGING_OR_AGENTS,
		.repeatable = true, .fallback_in_words = true, .apply = to_policy },
	{ "critical", 'c', "[METRIC=]RANGE", "dbvitals-checks(7)", "Down outside this range",
		JUDGING_OR_AGENTS, .repeatable = true, .fallback_in_words = true,
		.apply = to_policy },
	{ "severity", '\0', "CHECK=SEVERITY", "dbvitals-checks(7)",
		"What a finding costs: ignore, note, degraded or down; applied last",
		JUDGING_OR_AGENTS, .repeatable = true, .fallback_in_words = true,
		.apply = to_policy },
	{ "channel", '\0', "NAME", "all, the worst counts", "Judge only this replication channel",
		JUDGING_OR_AGENTS, .fallback_in_words = true, .apply = to_policy },
	{ "admin-port", '\0', "N", NULL,
		"Where to knock when all connections are taken: extra_port, admin_port",
		.programs = PROGRAMS_THAT_LOOK | PROGRAM_GRANTS | PROGRAMS_OCF, .apply = to_node },
	{ "canary", '\0', "SCHEMA.TABLE", NULL,
		"With --role=write, or where auto comes to it: commit one row in this table, keyed by node, to see whether writes work",
		LOOKING, .apply = to_policy },
	{ "canary", '\0', "SCHEMA.TABLE", NULL, "The table of --canary, too",
		.programs = PROGRAM_GRANTS, .apply = to_policy },
	{ "canary", '\0', "SCHEMA.TABLE", NULL,
		"On the node with the address: commit one row in this table, keyed by node, to see whether writes work",
		AGENTS, .apply = to_policy },
	{ "canary-grace", '\0', "SECONDS", "20",
		"Degraded while that commit hangs, down after so long, 0 to 3600",
		LOOKING_OR_AGENTS, .apply = to_policy },
	{ "maintenance-file", '\0', "PATH", NULL,
		"The node is down on purpose while this file exists", LOOKING_OR_AGENTS,
		.apply = set_maintenance_file },
	{ "state-dir", '\0', "DIR", NULL,
		"Remember the last look in this directory: rates, what moves, how long in this state",
		LOOKING, .apply = set_state_dir },
	{ "state-dir", '\0', "DIR", "/run/dbvitals",
		"Remember the last look in this directory: rates, what moves, how long in this state",
		AGENTS, .apply = set_state_dir },
	{ "recover-after", '\0', "SECONDS", "0",
		"Stay down so long after a look that found the node down; needs --state-dir",
		LOOKING, .apply = to_policy },
	{ "recover-after", '\0', "SECONDS", "0",
		"Stay down so long after a look that found the node down", AGENTS,
		.apply = to_policy },
	{ "max-disconnect", '\0', "SECONDS", "60",
		"How long ago a candidate may have lost its source; needs --state-dir", LOOKING,
		.apply = to_policy },
	{ "max-disconnect", '\0', "SECONDS", "60",
		"How long ago a candidate may have lost its source", AGENTS, .apply = to_policy },
	{ "syslog", '\0', NULL, NULL,
		"Log one line when a node's verdict or its reason changes; needs --state-dir", LOOKING,
		.apply = set_syslog },
	{ "min-up", '\0', "N", "a majority", "Of several nodes, how many must be up or degraded",
		.programs = PROGRAM_NAGIOS | PROGRAM_STATUS, .fallback_in_words = true,
		.apply = to_policy },
	{ "schema", '\0', "S", NULL, "The schema to make and drop the table in",
		.programs = PROGRAM_ROUNDTRIP, .apply = set_schema },
	{ "schema", '\0', "S", NULL, "What roundtrip needs in this schema, too",
		.programs = PROGRAM_GRANTS, .apply = set_schema },
	{ "manage-read-only", '\0', NULL, NULL, "What manage_read_only needs, too",
		.programs = PROGRAM_GRANTS, .apply = set_manage_read_only },
	{ "dynamic", '\0', "MAX", NULL,
		"Answer with a weight for misc_dynamic: 2 + MAX when up, less when degraded; MAX is 1 to 253",
		.programs = PROGRAM_KEEPALIVED, .apply = set_dynamic },
	{ "self-test", '\0', NULL, NULL,
		"Look once and tell whether keepalived can rely on this command line, with the lines for its configuration",
		.programs = PROGRAM_KEEPALIVED, .apply = set_self_test },
	{ "manage-read-only", '\0', NULL, "false",
		"Switch read_only with the address: off before it comes, on where it is not",
		.programs = PROGRAM_WRITE_IP, .apply = set_manage_read_only },
	{ "end-connections", '\0', NULL, "true",
		"End the connections to the address before it is removed",
		.programs = PROGRAM_WRITE_IP, .apply = set_end_connections },
	{ "catch-up-timeout", '\0', "SECONDS", "60",
		"How long a promotion waits until everything received is applied, 0 to 3600",
		.programs = PROGRAM_WRITE_IP, .apply = set_catch_up_timeout },
	{ "attempts", '\0', "N", "2",
		"Looks that must fail one after the other before a node is down, 1 to 10", AGENTS,
		.apply = set_attempts },
	{ "json", '\0', NULL, NULL, "Print the verdict as JSON", JUDGING, .apply = set_json },
	{ "verbose", 'v', NULL, NULL, "Print every finding and metric, one a line", JUDGING,
		.repeatable = true, .apply = set_verbose },
	{ "help", 'h', NULL, NULL, "Print this help", ALL, .apply = set_help },
	{ "version", 'V', NULL, NULL, "Print the version", ALL, .apply = set_version },
};

const size_t option_count = sizeof(options) / sizeof(options[0]);

const struct option *
option_by_name(const char *name, enum program program)
{
	for (size_t i = 0; i < option_count; i++)
		if ((options[i].programs & program) && strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

const struct option *
option_by_letter(char letter, enum program program)
{
	for (size_t i = 0; i < option_count; i++)
		if ((options[i].programs & program) && options[i].letter &&
			options[i].letter == letter)
			return &options[i];
	return NULL;
}

const char *
option_fallback(const struct option *o)
{
	return o->fallback && strncmp(o->fallback, "SYSCONFDIR", 10) == 0 ? DEFAULTS_FILE
									  : o->fallback;
}

double
options_timeout(enum program program)
{
	const struct option *o = option_by_name("timeout", program);
	double seconds = 0;

	return o && text_to_number(o->fallback, &seconds) ? seconds : 3;
}

void
options_help(enum program program, struct text *out)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &options[i];

		if (!(o->programs & program))
			continue;
		if (o->letter)
			text_addf(out, "  -%c, --%s", o->letter, o->name);
		else
			text_addf(out, "      --%s", o->name);
		text_addf(out, "%s%s\n        %s", o->value ? "=" : "", o->value ? o->value : "",
			o->help);
		if (o->fallback)
			text_addf(out, " (default: %s)", option_fallback(o));
		text_add(out, "\n");
	}
}
