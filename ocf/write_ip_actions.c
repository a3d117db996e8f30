/* SPDX-License-Identifier: MIT
 *
 * Time-outs and intervals are advice that crm and pcs hand on to their users. The intervals of the
 * two roles differ because Pacemaker tells recurring monitors apart by nothing else.
 */
#include "actions.h"

const struct action write_ip_actions[] = {
	{ "start", "60s", NULL, NULL, write_ip_start },
	{ "stop", "60s", NULL, NULL, write_ip_stop },
	{ "promote", "120s", NULL, NULL, write_ip_promote },
	{ "demote", "60s", NULL, NULL, write_ip_demote },
	{ "monitor", "20s", "1s", "Promoted", write_ip_monitor },
	{ "monitor", "20s", "2s", "Unpromoted", write_ip_monitor },
	{ "reload-agent", "20s", NULL, NULL, write_ip_reload },
	{ "validate-all", "20s", NULL, NULL, write_ip_validate },
	{ "meta-data", "5s", NULL, NULL, agent_metadata },
	{ .name = NULL },
};

const char write_ip_shortdesc[] = "Floating write address of a MySQL, MariaDB or Percona cluster";

const char write_ip_longdesc[] =
	"Keeps the address that all writes go to on the node of a Galera cluster or of a master/master "
	"pair that is fittest to take them. Configure it as a promotable clone with one instance on "
	"every database node. Each instance looks at the server of its own node and publishes how fit "
	"it is as its promotion score; the promoted one has the address.\n\n"
	"A database that is ill is no failure of this resource: it lowers the score, Pacemaker demotes "
	"the instance and promotes the fittest other one, and no fail count needs clearing. Where no "
	"node is fit the address is nowhere, and it comes back by itself with the first node that is.\n\n"
	"The address is brought up and taken down by ocf:heartbeat:IPaddr2, which gets the parameters "
	"from nic on. On every node the attribute dbvitals-why-RESOURCE says what decided, shown by "
	"crm_mon -A; dbvitals-checks(7) says what it means and what to do.\n\n"
	"A node that does not answer has to be fenced before another one may take the address: use it "
	"with fencing only. See ocf_dbvitals_write-ip(7).";
