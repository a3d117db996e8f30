/* SPDX-License-Identifier: MIT
 *
 * Checks of the cluster as one Galera node sees it: members, queues, flow control, schema changes.
 */
#include "galera.h"

static unsigned
majority_of(unsigned hosts)
{
	return hosts / 2 + 1;
}

static void
add_members(struct ruling *r, const struct question *q)
{
	text_add_number(&r->message, value_of(q, V_WSREP_CLUSTER_SIZE)->number);
	text_addf(&r->message, " of %u listed members", galera_listed_hosts(q));
}

/* A size that cannot be read may be any. */
static bool
minority(const struct question *q, struct ruling *r)
{
	const struct value *size = value_of(q, V_WSREP_CLUSTER_SIZE);
	unsigned hosts = galera_listed_hosts(q);

	if (!galera_takes_part(q) || hosts == 0)
		return false;
	if (size->kind != VALUE_NUMBER) {
		galera_add_value(r, q, V_WSREP_CLUSTER_SIZE);
		return true;
	}
	if (size->number >= majority_of(hosts))
		return false;
	add_members(r, q);
	return true;
}

static bool
members_missing(const struct question *q, struct ruling *r)
{
	const struct value *size = value_of(q, V_WSREP_CLUSTER_SIZE);
	unsigned hosts = galera_listed_hosts(q);

	if (!galera_takes_part(q) || size->kind != VALUE_NUMBER || size->number >= hosts ||
		size->number < majority_of(hosts))
		return false;
	add_members(r, q);
	return true;
}

static bool
evs_not_operational(const struct question *q, struct ruling *r)
{
	const struct value *v = value_of(q, V_WSREP_EVS_STATE);

	if (!galera_takes_part(q) || !*value_text(v) || value_is(v, "OPERATIONAL"))
		return false;
	text_add(&r->message, "the group is re-forming: ");
	galera_add_value(r, q, V_WSREP_EVS_STATE);
	return true;
}

static bool
flow_control_requested(const struct question *q, struct ruling *r)
{
	if (!galera_takes_part(q) || (!galera_is_not_off(q, V_WSREP_FC_REQUESTED) &&
					     !galera_is_not_off(q, V_WSREP_FC_STATUS)))
		return false;
	text_add(&r->message, "this node is the slow one that pauses the others");
	return true;
}

static bool
flow_control_active(const struct question *q, struct ruling *r)
{
	if (!galera_takes_part(q) || !galera_is_not_off(q, V_WSREP_FC_ACTIVE) ||
		galera_is_not_off(q, V_WSREP_FC_REQUESTED))
		return false;
	text_add(&r->message, "replication is paused at another node's request");
	return true;
}

static bool
schema_upgrade(const struct question *q, struct ruling *r)
{
	const char *verb = value_text(value_of(q, V_SCHEMA_CHANGE));

	if (!galera_takes_part(q) || !*verb)
		return false;
	text_add(&r->message, "a schema change is running: ");
	text_add_foreign(&r->message, verb, 16);
	return true;
}

/* Bit 1 of the mask is reads. */
static bool
sync_wait_off(const struct question *q, struct ruling *r)
{
	const struct value *v = value_of(q, V_WSREP_SYNC_WAIT);

	if (!galera_takes_part(q) || v->kind != VALUE_NUMBER || v->number < 0 || v->number > 15 ||
		((unsigned)v->number & 1) || galera_is_on(q, V_WSREP_CAUSAL_READS))
		return false;
	text_add(&r->message, "reads are not causal: wsrep_sync_wait is ");
	text_add_number(&r->message, v->number);
	return true;
}

static bool
dirty_reads(const struct question *q, struct ruling *r)
{
	if (!galera_takes_part(q) || !galera_is_not_off(q, V_WSREP_DIRTY_READS))
		return false;
	text_add(
		&r->message, "wsrep_dirty_reads is on: outside the cluster it still answers reads");
	return true;
}

const struct check checks_galera_cluster[] = {
	{
		GALERA("minority"),
		.cells = { CELL_NOTE, CELL_75, CELL_25 },
		.needs = VARIABLES | STATUS,
		.when = minority,
		.meaning = "fewer members than the majority of the hosts in wsrep_cluster_address",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_size'; SHOW GLOBAL VARIABLES LIKE 'wsrep_cluster_address'",
		.remedy =
			"bring the others back; if they run as a cluster of their own, stop one side at once",
	},
	{
		GALERA("cluster_size"),
		.cells = { CELL_50, CELL_50, CELL_50 },
		.meaning = "the metric cluster_size is beyond its thresholds",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_size'",
		.remedy = "bring the others back",
	},
	{
		GALERA("members_missing"),
		.cells = ALL_ROLES(CELL_NOTE),
		.needs = VARIABLES | STATUS,
		.when = members_missing,
		.meaning = "fewer members than wsrep_cluster_address lists, still a majority",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_incoming_addresses'",
		.remedy = "bring the others back",
	},
	{
		GALERA("evs_not_operational"),
		.cells = { CELL_75, CELL_75, CELL_50 },
		.needs = VARIABLES | STATUS,
		.when = evs_not_operational,
		.meaning =
			"the group is re-forming; every survivor says so while a node is being evicted, and no node commits meanwhile",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_evs_state'",
		.remedy = "wait some seconds; if it lasts, look for a node that comes and goes",
	},
	{
		GALERA("recv_queue"),
		.cells = { CELL_50, CELL_NOTE, CELL_25 },
		.meaning = "the metric recv_queue is beyond its thresholds",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_local_recv_queue'",
		.remedy =
			"look for a lock, a slow disk or too few wsrep_slave_threads on this node",
	},
	{
		GALERA("send_queue"),
		.cells = { CELL_NOTE, CELL_75, CELL_50 },
		.meaning = "the metric send_queue is beyond its thresholds",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_local_send_queue'",
		.remedy = "look at the network between the nodes",
	},
	{
		GALERA("flow_control"),
		.cells = { CELL_75, CELL_75, CELL_75 },
		.meaning =
			"the metric flow_control is beyond its thresholds; it is cluster-wide, moving cures nothing",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_flow_control_paused'",
		.remedy =
			"find the node with wsrep_flow_control_requested true and a long wsrep_local_recv_queue",
	},
	{
		GALERA("flow_control_requested"),
		.cells = { CELL_50, CELL_NOTE, CELL_25 },
		.needs = VARIABLES | STATUS,
		.when = flow_control_requested,
		.meaning = "this node is the slow one that pauses the others",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_flow_control_requested'",
		.remedy = "see galera.recv_queue",
	},
	{
		GALERA("flow_control_active"),
		.cells = ALL_ROLES(CELL_NOTE),
		.needs = VARIABLES | STATUS,
		.when = flow_control_active,
		.meaning = "replication is paused at another node's request",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_flow_control_active'",
		.remedy = "see galera.flow_control",
	},
	{
		GALERA("schema_upgrade"),
		.cells = { CELL_NOTE, CELL_75, CELL_50 },
		.needs = VARIABLES | NEEDS(SESSIONS),
		.when = schema_upgrade,
		.meaning =
			"a schema change has been running for a second or more; in total order isolation it holds up writes on every node",
		.see = "SHOW PROCESSLIST",
		.remedy =
			"wait for its end; plan long ones with wsrep_OSU_method=RSU or an online schema change tool",
	},
	{
		GALERA("sync_wait_off"),
		.cells = { CELL_NOTE, CELL_NONE, CELL_NONE },
		.needs = VARIABLES,
		.when = sync_wait_off,
		.meaning =
			"reads may miss what was just committed on another node (wsrep_sync_wait without bit 1)",
		.see = "SHOW GLOBAL VARIABLES LIKE 'wsrep_sync_wait'",
		.remedy =
			"where readers must see their own writes: wsrep_sync_wait=1 in their sessions",
	},
	{
		GALERA("dirty_reads"),
		.cells = ALL_ROLES(CELL_NOTE),
		.needs = VARIABLES,
		.when = dirty_reads,
		.meaning =
			"wsrep_dirty_reads is on: a node outside the cluster still answers reads",
		.see = "SHOW GLOBAL VARIABLES LIKE 'wsrep_dirty_reads'",
		.remedy = "SET GLOBAL wsrep_dirty_reads = OFF",
	},
	{ .id = NULL },
};
