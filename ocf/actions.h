/* SPDX-License-Identifier: MIT
 *
 * The actions of both agents, and what the agents say of themselves.
 */
#ifndef DBV_ACTIONS_H
#define DBV_ACTIONS_H

#include "agent.h"

extern const struct action write_ip_actions[];
extern const char write_ip_shortdesc[];
extern const char write_ip_longdesc[];

int write_ip_start(struct turn *t);
int write_ip_stop(struct turn *t);
int write_ip_promote(struct turn *t);
int write_ip_demote(struct turn *t);
int write_ip_monitor(struct turn *t);
int write_ip_reload(struct turn *t);
int write_ip_validate(struct turn *t);

extern const struct action node_health_actions[];
extern const char node_health_shortdesc[];
extern const char node_health_longdesc[];

int node_health_start(struct turn *t);
int node_health_stop(struct turn *t);
int node_health_monitor(struct turn *t);

/* The same for both. */
int agent_reload(struct turn *t);
int agent_validate(struct turn *t);
/* The same for start, where Pacemaker takes OCF_ERR_CONFIGURED for the whole cluster's, and stops the holder, too, on a host that is
 * well. */
int agent_validate_start(struct turn *t);
int agent_metadata(struct turn *t);

#endif
