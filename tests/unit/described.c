/* SPDX-License-Identifier: MIT */
#include "described.h"

#include "actions.h"

const struct agent described[2] = {
	{ .app = { .name = "write-ip", .program = PROGRAM_WRITE_IP },
		.shortdesc = write_ip_shortdesc,
		.longdesc = write_ip_longdesc,
		.passed = address_parameters,
		.actions = write_ip_actions },
	{ .app = { .name = "node-health", .program = PROGRAM_NODE_HEALTH },
		.shortdesc = node_health_shortdesc,
		.longdesc = node_health_longdesc,
		.actions = node_health_actions },
};

#define STUB(name) \
	int name(struct turn *t) \
	{ \
		(void)t; \
		return 3; \
	}

STUB(write_ip_start)
STUB(write_ip_stop)
STUB(write_ip_promote)
STUB(write_ip_demote)
STUB(write_ip_monitor)
STUB(write_ip_reload)
STUB(write_ip_validate)
STUB(node_health_start)
STUB(node_health_stop)
STUB(node_health_monitor)
