/* SPDX-License-Identifier: MIT
 *
 * Checks of a Galera node. What each state looks like: MariaDB and Percona XtraDB Cluster documentation of the wsrep_
 * status variables, and recordings of real nodes in tests/data/captures. wsrep_local_state is judged by number, the
 * comment is only shown.
 */
#include "judge.h"

#include <string.h>

#define DOWN { CELL_DOWN, CELL_DOWN, CELL_DOWN }
#define NOTE { CELL_NOTE, CELL_NOTE, CELL_NOTE }
#define STATUS NEEDS(GLOBAL_STATUS)
#define VARIABLES NEEDS(GLOBAL_VARIABLES)

enum wsrep_state {
	WSREP_UNDEFINED,
	WSREP_JOINER,
	WSREP_DONOR,
	WSREP_JOINED,
	WSREP_SYNCED,
	WSREP_INCONSISTENT,
};

static bool
is_on(const struct question *q, enum variable v)
{
	return value_truth(value_of(q, v)) == TRUTH_YES;
}

static void
add_value(struct ruling *r, const struct question *q, enum variable v)
{
	const struct value *value = value_of(q, v);

	text_addf(&r->message, "%s is ", variables[v].name);
	if (value->kind == VALUE_ABSENT)
		text_add(&r->message, "missing");
	else if (value->kind == VALUE_NULL)
		text_add(&r->message, "NULL");
	else if (!*value->text)
		text_add(&r->message, "empty");
	else
		text_add_foreign(&r->message, value->text, 64);
}

/* A provider that is not named in the answer is no evidence; one that is named none is. */
static bool
has_no_provider(const struct question *q)
{
	const struct value *v = value_of(q, V_WSREP_PROVIDER);

	return v->kind == VALUE_NULL || (v->text && !*v->text) || value_is(v, "none");
}

static bool
off(const struct question *q, struct ruling *r)
{
	if (has_no_provider(q)) {
		text_add(&r->message, "no Galera here: wsrep_provider is none");
		return true;
	}
	if (is_on(q, V_WSREP_ON))
		return false;
	text_add(&r->message, "writes here are not replicated: ");
	add_value(r, q, V_WSREP_ON);
	return true;
}

/* The rest of the table is about nodes that take part. */
static bool
takes_part(const struct question *q)
{
	return !has_no_provider(q) && is_on(q, V_WSREP_ON);
}

static bool
in_state(const struct question *q, enum wsrep_state state)
{
	const struct value *v = value_of(q, V_WSREP_LOCAL_STATE);

	return takes_part(q) && v->kind == VALUE_NUMBER && v->number == (double)state;
}

static void
add_comment(struct ruling *r, const struct question *q)
{
	const char *comment = value_text(value_of(q, V_WSREP_LOCAL_STATE_COMMENT));

	if (!*comment)
		return;
	text_add(&r->message, " (");
	text_add_foreign(&r->message, comment, 64);
	text_add(&r->message, ")");
}

static bool
not_connected(const struct question *q, struct ruling *r)
{
	if (!takes_part(q) || is_on(q, V_WSREP_CONNECTED))
		return false;
	text_add(&r->message, "not connected to the group: ");
	add_value(r, q, V_WSREP_CONNECTED);
	return true;
}

/* "non-Primary" contains "Primary": equality, not search. */
static bool
is_primary(const struct question *q)
{
	return value_is(value_of(q, V_WSREP_CLUSTER_STATUS), "Primary");
}

static bool
non_primary(const struct question *q, struct ruling *r)
{
	if (!takes_part(q) || is_primary(q))
		return false;
	text_add(&r->message, "not in the primary component: ");
	add_value(r, q, V_WSREP_CLUSTER_STATUS);
	return true;
}

static bool
not_ready(const struct question *q, struct ruling *r)
{
	if (!takes_part(q) || is_on(q, V_WSREP_READY))
		return false;
	text_add(&r->message, "refuses queries: ");
	add_value(r, q, V_WSREP_READY);
	add_comment(r, q);
	return true;
}

static bool
initialized(const struct question *q, struct ruling *r)
{
	const struct value *v = value_of(q, V_WSREP_LOCAL_STATE);
	bool known = false;

	for (enum wsrep_state s = WSREP_JOINER; s <= WSREP_INCONSISTENT; s++)
		known = known || in_state(q, s);
	if (known || !takes_part(q))
		return false;
	if (v->kind == VALUE_NUMBER && v->number == WSREP_UNDEFINED)
		text_add(&r->message, "not part of the cluster yet");
	else
		add_value(r, q, V_WSREP_LOCAL_STATE);
	add_comment(r, q);
	return true;
}

static bool
joining(const struct question *q, struct ruling *r)
{
	if (!in_state(q, WSREP_JOINER))
		return false;
	text_add(&r->message, "joining, receives the state");
	add_comment(r, q);
	return true;
}

static bool
joined(const struct question *q, struct ruling *r)
{
	if (!in_state(q, WSREP_JOINED) || !is_on(q, V_WSREP_READY))
		return false;
	text_add(&r->message, "joined, still catching up");
	return true;
}

static bool
donor(const struct question *q, struct ruling *r)
{
	if (!in_state(q, WSREP_DONOR) || is_on(q, V_WSREP_DESYNC))
		return false;
	text_add(&r->message, "donates its state, or a backup or RSU holds it");
	add_comment(r, q);
	return true;
}

static bool
desynced(const struct question *q, struct ruling *r)
{
	if (!takes_part(q) || !is_on(q, V_WSREP_DESYNC))
		return false;
	text_add(&r->message, "wsrep_desync is on: may lag, nobody waits for it");
	return true;
}

static bool
donor_rejects(const struct question *q, struct ruling *r)
{
	if (!in_state(q, WSREP_DONOR) || is_on(q, V_WSREP_DESYNC) || !is_on(q, V_WSREP_DONOR_REJECTS))
		return false;
	text_add(&r->message, "a donor that may reject queries: wsrep_sst_donor_rejects_queries is on");
	return true;
}

static bool
inconsistent(const struct question *q, struct ruling *r)
{
	if (!in_state(q, WSREP_INCONSISTENT))
		return false;
	text_add(&r->message, "voted out of the cluster: its data differ");
	return true;
}

static bool
rejects_queries(const struct question *q, struct ruling *r)
{
	const struct value *v = value_of(q, V_WSREP_REJECT_QUERIES);

	if (!takes_part(q) || v->kind == VALUE_ABSENT || value_is(v, "NONE"))
		return false;
	text_add(&r->message, "refuses every query: ");
	add_value(r, q, V_WSREP_REJECT_QUERIES);
	return true;
}

static bool
pxc_maintenance(const struct question *q, struct ruling *r)
{
	const struct value *v = value_of(q, V_PXC_MAINT_MODE);

	if (!takes_part(q) || v->kind == VALUE_ABSENT || value_is(v, "DISABLED"))
		return false;
	add_value(r, q, V_PXC_MAINT_MODE);
	return true;
}

static bool
uuid_mismatch(const struct question *q, struct ruling *r)
{
	const struct value *local = value_of(q, V_WSREP_LOCAL_STATE_UUID);
	const struct value *cluster = value_of(q, V_WSREP_CLUSTER_STATE_UUID);

	if (!takes_part(q) || !is_primary(q) || !*value_text(local) || !*value_text(cluster) ||
		value_is(local, cluster->text))
		return false;
	text_add(&r->message, "its state is of another cluster: wsrep_local_state_uuid differs");
	return true;
}

/* Hosts that gcomm://a,b,c?options lists; 0 for a bootstrap address. */
static unsigned
listed_hosts(const struct question *q)
{
	const char *s = value_text(value_of(q, V_WSREP_CLUSTER_ADDRESS));
	unsigned hosts = 0;

	if (!text_starts_nocase(s, "gcomm://"))
		return 0;
	s += strlen("gcomm://");
	for (bool fresh = true; *s && *s != '?'; s++) {
		hosts += fresh && *s != ',';
		fresh = *s == ',';
	}
	return hosts;
}

static bool
smaller_than_listed(const struct question *q, struct ruling *r, bool want_minority)
{
	const struct value *size = value_of(q, V_WSREP_CLUSTER_SIZE);
	unsigned hosts = listed_hosts(q);
	bool minority = size->number < hosts / 2 + 1;

	if (!takes_part(q) || size->kind != VALUE_NUMBER || size->number >= hosts ||
		minority != want_minority)
		return false;
	text_add_number(&r->message, size->number);
	text_addf(&r->message, " of %u listed members", hosts);
	return true;
}

static bool
minority(const struct question *q, struct ruling *r)
{
	return smaller_than_listed(q, r, true);
}

static bool
members_missing(const struct question *q, struct ruling *r)
{
	return smaller_than_listed(q, r, false);
}

static bool
evs_not_operational(const struct question *q, struct ruling *r)
{
	const struct value *v = value_of(q, V_WSREP_EVS_STATE);

	if (!takes_part(q) || !*value_text(v) || value_is(v, "OPERATIONAL"))
		return false;
	text_add(&r->message, "the group is re-forming: ");
	add_value(r, q, V_WSREP_EVS_STATE);
	return true;
}

static bool
flow_control_requested(const struct question *q, struct ruling *r)
{
	if (!takes_part(q) || !is_on(q, V_WSREP_FC_REQUESTED))
		return false;
	text_add(&r->message, "this node is the slow one that pauses the others");
	return true;
}

static bool
flow_control_active(const struct question *q, struct ruling *r)
{
	if (!takes_part(q) || !is_on(q, V_WSREP_FC_ACTIVE) || is_on(q, V_WSREP_FC_REQUESTED))
		return false;
	text_add(&r->message, "replication is paused at another node's request");
	return true;
}

static bool
schema_upgrade(const struct question *q, struct ruling *r)
{
	const char *verb = value_text(value_of(q, V_SCHEMA_CHANGE));

	if (!takes_part(q) || !*verb)
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

	if (!takes_part(q) || v->kind != VALUE_NUMBER || v->number < 0 || v->number > 15 ||
		((unsigned)v->number & 1) || is_on(q, V_WSREP_CAUSAL_READS))
		return false;
	text_add(&r->message, "reads are not causal: wsrep_sync_wait is ");
	text_add_number(&r->message, v->number);
	return true;
}

static bool
dirty_reads(const struct question *q, struct ruling *r)
{
	if (!takes_part(q) || !is_on(q, V_WSREP_DIRTY_READS))
		return false;
	text_add(&r->message, "wsrep_dirty_reads is on: outside the cluster it still answers reads");
	return true;
}

#define GALERA(name) .id = "galera." name, .modes = MODE_GALERA

const struct check checks_galera[] = {
	{
		GALERA("off"),
		.cells = DOWN,
		.needs = VARIABLES,
		.when = off,
		.meaning = "no provider, wsrep_on off, or no wsrep at all",
		.see = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'wsrep_provider')",
		.remedy = "a node of the cluster: SET GLOBAL wsrep_on = ON, or mend the configuration; a plain server: --mode=replication",
	},
	{
		GALERA("not_connected"),
		.cells = DOWN,
		.needs = VARIABLES | STATUS,
		.when = not_connected,
		.meaning = "wsrep_connected is off: no link to the group",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_connected'",
		.remedy = "look at the network on port 4567 and at wsrep_cluster_address",
	},
	{
		GALERA("non_primary"),
		.cells = DOWN,
		.needs = VARIABLES | STATUS,
		.when = non_primary,
		.meaning = "the cluster status is anything but Primary",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_status'",
		.remedy = "bring the others back; only when they are lost for good, and on one node alone: SET GLOBAL wsrep_provider_options='pc.bootstrap=1'",
	},
	{
		GALERA("not_ready"),
		.cells = DOWN,
		.needs = VARIABLES | STATUS,
		.when = not_ready,
		.meaning = "wsrep_ready is off, or the server answered a SHOW with 1047 or 1205",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_ready'",
		.remedy = "see what the other findings say about the cluster",
	},
	{
		GALERA("initialized"),
		.cells = DOWN,
		.needs = VARIABLES | STATUS,
		.when = initialized,
		.meaning = "wsrep_local_state is 0, missing, or a state this table does not know",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_local_state%'",
		.remedy = "see galera.non_primary and the error log; a failed state transfer stands in the comment",
	},
	{
		GALERA("joining"),
		.cells = DOWN,
		.needs = VARIABLES | STATUS,
		.when = joining,
		.meaning = "state 1: receives the state from a donor",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_local_state_comment'",
		.remedy = "wait; the error log shows how far it is",
	},
	{
		GALERA("joined"),
		.cells = { CELL_DOWN, CELL_50, CELL_25 },
		.needs = VARIABLES | STATUS,
		.when = joined,
		.meaning = "state 3: has the state, applies what came meanwhile",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_local_recv_queue'",
		.remedy = "wait until it is Synced",
	},
	{
		GALERA("donor"),
		.cells = { CELL_DOWN, CELL_50, CELL_25 },
		.needs = VARIABLES | STATUS,
		.when = donor,
		.meaning = "state 2 without wsrep_desync: donates by SST, or a backup, FLUSH TABLES WITH READ LOCK or RSU holds it",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_desync_count'; SHOW PROCESSLIST",
		.remedy = "wait for the end of the transfer or backup; --severity=galera.donor=degraded keeps a donor in",
	},
	{
		GALERA("desynced"),
		.cells = { CELL_DOWN, CELL_75, CELL_25 },
		.needs = VARIABLES,
		.when = desynced,
		.meaning = "wsrep_desync is on: the node works, but flow control does not wait for it",
		.see = "SHOW GLOBAL VARIABLES LIKE 'wsrep_desync'",
		.remedy = "SET GLOBAL wsrep_desync = OFF when the backup is done",
	},
	{
		GALERA("donor_rejects"),
		.cells = { CELL_DOWN, CELL_50, CELL_DOWN },
		.needs = VARIABLES | STATUS,
		.when = donor_rejects,
		.meaning = "a donor with wsrep_sst_donor_rejects_queries on; told beside galera.donor",
		.see = "SHOW GLOBAL VARIABLES LIKE 'wsrep_sst_donor_rejects_queries'",
		.remedy = "wait for the end of the transfer",
	},
	{
		GALERA("inconsistent"),
		.cells = DOWN,
		.needs = VARIABLES | STATUS,
		.when = inconsistent,
		.meaning = "state 5: the node lost an inconsistency vote",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_local_state_comment', GRA_*.log in the data directory",
		.remedy = "compare its data with the others, then let it join anew with an empty data directory",
	},
	{
		GALERA("rejects_queries"),
		.cells = DOWN,
		.needs = VARIABLES,
		.when = rejects_queries,
		.meaning = "wsrep_reject_queries is not NONE; every status row stays green",
		.see = "SHOW GLOBAL VARIABLES LIKE 'wsrep_reject_queries'",
		.remedy = "SET GLOBAL wsrep_reject_queries = NONE",
	},
	{
		GALERA("pxc_maintenance"),
		.cells = DOWN,
		.needs = VARIABLES,
		.when = pxc_maintenance,
		.meaning = "pxc_maint_mode is not DISABLED: drain",
		.see = "SHOW GLOBAL VARIABLES LIKE 'pxc_maint_mode'",
		.remedy = "SET GLOBAL pxc_maint_mode = DISABLED when the work is done",
	},
	{
		GALERA("uuid_mismatch"),
		.cells = DOWN,
		.needs = VARIABLES | STATUS,
		.when = uuid_mismatch,
		.meaning = "local and cluster state UUID differ while the component is Primary",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_%_state_uuid'",
		.remedy = "the node needs a full state transfer: stop it, empty its data directory, start it",
	},
	{
		GALERA("minority"),
		.cells = { CELL_NOTE, CELL_75, CELL_25 },
		.needs = VARIABLES | STATUS,
		.when = minority,
		.meaning = "fewer members than the majority of the hosts in wsrep_cluster_address",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_size'; SHOW GLOBAL VARIABLES LIKE 'wsrep_cluster_address'",
		.remedy = "bring the others back; if they run as a cluster of their own, stop one side at once",
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
		.cells = NOTE,
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
		.meaning = "the group is re-forming; every survivor says so while a node is being evicted, and no node commits meanwhile",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_evs_state'",
		.remedy = "wait some seconds; if it lasts, look for a node that comes and goes",
	},
	{
		GALERA("recv_queue"),
		.cells = { CELL_50, CELL_NOTE, CELL_25 },
		.meaning = "the metric recv_queue is beyond its thresholds",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_local_recv_queue'",
		.remedy = "look for a lock, a slow disk or too few wsrep_slave_threads on this node",
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
		.meaning = "the metric flow_control is beyond its thresholds; it is cluster-wide, moving cures nothing",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_flow_control_paused'",
		.remedy = "find the node with wsrep_flow_control_requested true and a long wsrep_local_recv_queue",
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
		.cells = NOTE,
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
		.meaning = "a schema change has been running for a second or more; in total order isolation it holds up writes on every node",
		.see = "SHOW PROCESSLIST",
		.remedy = "wait for its end; plan long ones with wsrep_OSU_method=RSU or an online schema change tool",
	},
	{
		GALERA("sync_wait_off"),
		.cells = { CELL_NOTE, CELL_NONE, CELL_NONE },
		.needs = VARIABLES,
		.when = sync_wait_off,
		.meaning = "reads may miss what was just committed on another node (wsrep_sync_wait without bit 1)",
		.see = "SHOW GLOBAL VARIABLES LIKE 'wsrep_sync_wait'",
		.remedy = "where readers must see their own writes: wsrep_sync_wait=1 in their sessions",
	},
	{
		GALERA("dirty_reads"),
		.cells = NOTE,
		.needs = VARIABLES,
		.when = dirty_reads,
		.meaning = "wsrep_dirty_reads is on: a node outside the cluster still answers reads",
		.see = "SHOW GLOBAL VARIABLES LIKE 'wsrep_dirty_reads'",
		.remedy = "SET GLOBAL wsrep_dirty_reads = OFF",
	},
	{ .id = NULL },
};
