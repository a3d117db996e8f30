/* SPDX-License-Identifier: MIT */
#include "parameters.h"

#include <string.h>

/* Sentences that follow the option's own help, for people who see nothing else. */
const struct parameter_text parameter_texts[] = {
	{ "ip", PROGRAM_WRITE_IP, "Write address",
		"IPv4 or IPv6, without a prefix length. ocf:heartbeat:IPaddr2 brings it up "
		"where the resource is promoted." },
	{ "ip", PROGRAM_NODE_HEALTH, "Write address",
		"IPv4 or IPv6, without a prefix length. The node that has it is asked whether "
		"it may keep taking writes, every other one whether it may start to. Left out, "
		"no node has it." },
	{ "host", PROGRAMS_OCF, "Database host",
		"Each node looks at its own server: leave it out, or give a name that means "
		"this host on every node." },
	{ "port", PROGRAMS_OCF, "TCP port", NULL },
	{ "socket", PROGRAMS_OCF, "Unix socket", "The same path on every node." },
	{ "user", PROGRAMS_OCF, "Account",
		"It belongs into the option file, with the password, for which there is no "
		"parameter: everybody who may read the cluster's configuration would see it. "
		"The command \"dbvitals grants\" prints what the account needs." },
	{ "defaults-file", PROGRAMS_OCF, "Option file",
		"It gives the account and the password, and only root should be able to read "
		"it." },
	{ "defaults-group-suffix", PROGRAM_WRITE_IP, "Second group of the option file",
		"_2 stands for the group [dbvitals_2]: for a second database on the same hosts." },
	{ "defaults-group-suffix", PROGRAM_NODE_HEALTH, "Second group of the option file",
		"_2 stands for the group [dbvitals_2]. The attributes have fixed names: one node-health "
		"in a cluster." },
	{ "ssl-mode", PROGRAMS_OCF, "TLS",
		"preferred takes what the server offers; required and above never go on without "
		"encryption; verify-ca also checks who signed the server's certificate, and "
		"verify-identity whose name is in it." },
	{ "ssl-ca", PROGRAMS_OCF, "TLS authorities", "Needed for verify-ca and verify-identity." },
	{ "ssl-cert", PROGRAMS_OCF, "TLS client certificate", NULL },
	{ "ssl-key", PROGRAMS_OCF, "TLS client key", NULL },
	{ "plugin-dir", PROGRAMS_OCF, "Authentication plugins", NULL },
	{ "timeout", PROGRAMS_OCF, "Budget of one look",
		"In seconds, decimals allowed. attempts times timeout has to stay below "
		"half the time-out of the monitor operation, and below 9 s less its interval, "
		"so that no score is older than 10 s; what is longer is cut, to 1 s at least." },
	{ "mode", PROGRAMS_OCF, "Galera cluster or replication",
		"galera wants a working member of a Galera cluster, replication one of a "
		"master/master pair. It is never guessed: a Galera node that came up without "
		"Galera has to read as down." },
	{ "warning", PROGRAMS_OCF, "Degraded outside these ranges",
		"METRIC=RANGE or RANGE, several separated by blanks, for example \"lag=10 "
		"recv_queue=100\". A RANGE is that of Nagios plugins: 30 means that 0 to 30 is fine." },
	{ "critical", PROGRAMS_OCF, "Down outside these ranges",
		"METRIC=RANGE or RANGE, several separated by blanks, as for warning." },
	{ "severity", PROGRAMS_OCF, "What findings cost",
		"CHECK=SEVERITY, several separated by blanks: \"galera.donor=degraded\" keeps a donor "
		"in, \"galera.desynced=down\" makes the node with the address give it up." },
	{ "channel", PROGRAMS_OCF, "Replication channel", NULL },
	{ "admin-port", PROGRAMS_OCF, "Port for administrators",
		"A server that has no connection left for its users can still be looked at "
		"there." },
	{ "canary", PROGRAMS_OCF, "Table to commit into",
		"Nothing but that tells whether writes work where nobody else writes. The "
		"command \"dbvitals grants --canary=SCHEMA.TABLE\" prints the statements that "
		"make the table." },
	{ "canary-grace", PROGRAMS_OCF, "Patience with a commit", "In seconds." },
	{ "maintenance-file", PROGRAMS_OCF, "Maintenance file",
		"Create it to take this node out, remove it to put it back." },
	{ "state-dir", PROGRAMS_OCF, "State directory",
		"It is made where it is missing. What it holds is worth nothing after the "
		"host's next start." },
	{ "recover-after", PROGRAMS_OCF, "Delay after an illness",
		"In seconds, 0 to 3600. It keeps a server that comes and goes from being chosen "
		"again and again." },
	{ "max-disconnect", PROGRAMS_OCF, "Limit for a lost source",
		"In seconds, 0 to 3600, in replication mode: a node that has been without its "
		"source for longer may lack writes, and is not promoted." },
	{ "manage-read-only", PROGRAM_WRITE_IP, "Switch read_only",
		"A promotion sets read_only to 0 before the address comes up, and brings none "
		"up when that fails; start, demote, stop and each monitor of a node without the "
		"address set it to 1. For a master/master pair; a Galera cluster has no need of "
		"it." },
	{ "end-connections", PROGRAM_WRITE_IP, "End connections",
		"A demotion or stop first keeps new connections out, then ends the established "
		"ones while the address is still up, so that clients notice at once and connect "
		"again. Where the kernel cannot do that, one warning is logged and the rest is "
		"done." },
	{ "catch-up-timeout", PROGRAM_WRITE_IP, "Wait for what was received",
		"In seconds. The time-out of the promote operation has to be longer." },
	{ "attempts", PROGRAMS_OCF, "Attempts",
		"One monitor makes them all. It concerns what the next look may see otherwise, "
		"a server that did not answer in time above all; what a server says of itself "
		"counts at once." },
};

const size_t parameter_text_count = sizeof(parameter_texts) / sizeof(parameter_texts[0]);

const struct parameter_text *
parameter_text(const struct option *o, enum program program)
{
	for (size_t i = 0; i < parameter_text_count; i++) {
		const struct parameter_text *t = &parameter_texts[i];

		if ((t->programs & program) && strcmp(t->name, o->name) == 0)
			return t;
	}
	return NULL;
}
