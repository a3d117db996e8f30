/* SPDX-License-Identifier: MIT */
#include "actions.h"

const struct action node_health_actions[] = {
	{ "start", "20s", NULL, NULL, node_health_start },
	{ "stop", "20s", NULL, NULL, node_health_stop },
	{ "monitor", "20s", "2s", NULL, node_health_monitor },
	{ "reload-agent", "20s", NULL, NULL, agent_reload },
	{ "validate-all", "20s", NULL, NULL, agent_validate },
	{ "meta-data", "5s", NULL, NULL, agent_metadata },
	{ .name = NULL },
};

const char node_health_shortdesc[] =
	"Fitness of a MySQL, MariaDB or Percona node as node attributes";

const char node_health_longdesc[] =
	"Publishes how fit the database of each node is, as two node attributes that rules of other "
	"resources can refer to: dbvitals-read for reads and dbvitals-write for writes. Both are "
	"weights: 100 for a node that is up, 75, 50 or 25 for one that is degraded, 0 for one that "
	"must not be used. Configure it as a clone with one instance on every database node.\n\n"
	"An ill database is never a failure of this resource. When the resource stops, the attributes "
	"are removed; a rule has to treat a node that has none as unfit.\n\n"
	"dbvitals-checks(7) says what is looked at. See ocf_dbvitals_node-health(7).";
