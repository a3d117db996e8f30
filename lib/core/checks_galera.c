/* SPDX-License-Identifier: MIT
 *
 * Checks of a Galera node's own state. What each state looks like: MariaDB and Percona XtraDB
 * Cluster documentation of the wsrep_ status variables, and recordings of real nodes in
 * tests/data/captures. wsrep_local_state is judged by number, the comment is only shown.
 */
#include "galera.h"

enum wsrep_state {
	WSREP_UNDEFINED,
	WSREP_JOINER,
	WSREP_DONOR,
	WSREP_JOINED,
	WSREP_SYNCED,
	WSREP_INCONSISTENT,
};

static bool
off(const struct question *q, struct ruling *r)
{
	if (galera_has_no_provider(q)) {
		text_add(&r->message,
			"no Galera here: wsrep_provider is none; a plain server wants --mode=replication");
		return true;
	}
	if (galera_wsrep_is_on(q))
		return false;
	text_add(&r->message, value_of(q, V_WSREP_ON)->kind == VALUE_ABSENT
				      ? "no Galera here: "
				      : "writes here are not replicated: ");
	galera_add_value(r, q, V_WSREP_ON);
	return true;
}

static bool
in_state(const struct question *q, enum wsrep_state state)
{
	const struct value *v = value_of(q, V_WSREP_LOCAL_STATE);

	return galera_takes_part(q) && v->kind == VALUE_NUMBER && v->number == (double)state;
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
	if (!galera_takes_part(q) || galera_is_on(q, V_WSREP_CONNECTED))
		return false;
	text_add(&r->message, "not connected to the group: ");
	galera_add_value(r, q, V_WSREP_CONNECTED);
	return true;
}

static bool
non_primary(const struct question *q, struct ruling *r)
{
	if (!galera_takes_part(q) || galera_is_primary(q))
		return false;
	text_add(&r->message, "not in the primary component: ");
	galera_add_value(r, q, V_WSREP_CLUSTER_STATUS);
	return true;
}

static bool
not_ready(const struct question *q, struct ruling *r)
{
	if (!galera_takes_part(q) || galera_is_on(q, V_WSREP_READY))
		return false;
	text_add(&r->message, "refuses queries: ");
	galera_add_value(r, q, V_WSREP_READY);
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
	if (known || !galera_takes_part(q))
		return false;
	if (v->kind == VALUE_NUMBER && v->number == WSREP_UNDEFINED)
		text_add(&r->message, "not part of a cluster");
	else
		galera_add_value(r, q, V_WSREP_LOCAL_STATE);
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
	if (!in_state(q, WSREP_JOINED) || !galera_is_on(q, V_WSREP_READY))
		return false;
	text_add(&r->message, "joined, still catching up");
	return true;
}

static bool
donor(const struct question *q, struct ruling *r)
{
	if (!in_state(q, WSREP_DONOR) || galera_is_not_off(q, V_WSREP_DESYNC))
		return false;
	text_add(&r->message, "donates its state, or a backup or RSU holds it");
	add_comment(r, q);
	return true;
}

static bool
desynced(const struct question *q, struct ruling *r)
{
	if (!galera_takes_part(q) || !galera_is_not_off(q, V_WSREP_DESYNC))
		return false;
	text_add(&r->message, "may lag, nobody waits for it: ");
	galera_add_value(r, q, V_WSREP_DESYNC);
	return true;
}

static bool
donor_rejects(const struct question *q, struct ruling *r)
{
	if (!in_state(q, WSREP_DONOR) || galera_is_not_off(q, V_WSREP_DESYNC) ||
		!galera_is_not_off(q, V_WSREP_DONOR_REJECTS))
		return false;
	text_add(&r->message, "a donor that may reject queries: ");
	galera_add_value(r, q, V_WSREP_DONOR_REJECTS);
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

	if (!galera_takes_part(q) || v->kind == VALUE_ABSENT || value_is(v, "NONE"))
		return false;
	text_add(&r->message, "refuses every query: ");
	galera_add_value(r, q, V_WSREP_REJECT_QUERIES);
	return true;
}

static bool
pxc_maintenance(const struct question *q, struct ruling *r)
{
	const struct value *v = value_of(q, V_PXC_MAINT_MODE);

	if (!galera_takes_part(q) || v->kind == VALUE_ABSENT || value_is(v, "DISABLED"))
		return false;
	galera_add_value(r, q, V_PXC_MAINT_MODE);
	return true;
}

static bool
uuid_mismatch(const struct question *q, struct ruling *r)
{
	const struct value *local = value_of(q, V_WSREP_LOCAL_STATE_UUID);
	const struct value *cluster = value_of(q, V_WSREP_CLUSTER_STATE_UUID);

	if (!galera_takes_part(q) || !galera_is_primary(q) || !*value_text(local) ||
		!*value_text(cluster) || value_is(local, cluster->text))
		return false;
	text_add(&r->message, "its state is of another cluster: wsrep_local_state_uuid differs");
	return true;
}

const struct check checks_galera[] = {
	{
		GALERA("off"),
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = VARIABLES,
		.when = off,
		.meaning = "no provider, wsrep_on off, or no wsrep at all",
		.see = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'wsrep_provider')",
		.remedy =
			"a node of the cluster: what was written here meanwhile is on no other one: stop the server, move its data directory away, mend the configuration and start it, so that it takes a full copy; SET GLOBAL wsrep_on = ON is for where nobody has written. A plain server: --mode=replication",
	},
	{
		GALERA("not_connected"),
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = VARIABLES | STATUS,
		.when = not_connected,
		.meaning =
			"wsrep_connected is off: the server has left its cluster, and does not come back by itself",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_connected'",
		.remedy =
			"see in the error log why (a failed state transfer, voted out, an empty wsrep_cluster_address), then restart this server",
	},
	{
		GALERA("non_primary"),
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = VARIABLES | STATUS,
		.when = non_primary,
		.meaning = "the cluster status is anything but Primary",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_status'",
		.remedy =
			"with wsrep_connected off: restart this server; else bring the others back; only when you have seen that none of them runs (one that cannot be reached may be Primary elsewhere), and on one node alone: SET GLOBAL wsrep_provider_options='pc.bootstrap=1'",
	},
	{
		GALERA("not_ready"),
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = VARIABLES | STATUS,
		.when = not_ready,
		.meaning = "wsrep_ready is off, or the server answered a SHOW with 1047 or 1205",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_ready'",
		.remedy = "see what the other findings say about the cluster",
	},
	{
		GALERA("initialized"),
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = VARIABLES | STATUS,
		.when = initialized,
		.meaning = "wsrep_local_state is 0, missing, or a state this table does not know",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_local_state%'",
		.remedy =
			"see galera.not_connected, galera.non_primary and the error log; a failed state transfer stands in the comment",
	},
	{
		GALERA("joining"),
		.cells = ALL_ROLES(CELL_DOWN),
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
		.meaning =
			"state 2 without wsrep_desync: donates by SST, or a backup, FLUSH TABLES WITH READ LOCK or RSU holds it",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_desync_count'; SHOW PROCESSLIST",
		.remedy =
			"wait for the end of the transfer or backup; --severity=galera.donor=degraded keeps a donor in",
	},
	{
		GALERA("desynced"),
		.cells = { CELL_DOWN, CELL_75, CELL_25 },
		.needs = VARIABLES,
		.when = desynced,
		.meaning =
			"wsrep_desync is on: the node works, but flow control does not wait for it",
		.see = "SHOW GLOBAL VARIABLES LIKE 'wsrep_desync'",
		.remedy = "SET GLOBAL wsrep_desync = OFF when the backup is done",
	},
	{
		GALERA("donor_rejects"),
		.cells = { CELL_DOWN, CELL_50, CELL_DOWN },
		.needs = VARIABLES | STATUS,
		.when = donor_rejects,
		.meaning =
			"a donor with wsrep_sst_donor_rejects_queries on; told beside galera.donor",
		.see = "SHOW GLOBAL VARIABLES LIKE 'wsrep_sst_donor_rejects_queries'",
		.remedy = "wait for the end of the transfer",
	},
	{
		GALERA("inconsistent"),
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = VARIABLES | STATUS,
		.when = inconsistent,
		.meaning = "state 5: the node lost an inconsistency vote",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_local_state_comment', GRA_*.log in the data directory",
		.remedy =
			"compare its data with the others, then let it join anew with an empty data directory",
	},
	{
		GALERA("rejects_queries"),
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = VARIABLES,
		.when = rejects_queries,
		.meaning = "wsrep_reject_queries is not NONE; every status row stays green",
		.see = "SHOW GLOBAL VARIABLES LIKE 'wsrep_reject_queries'",
		.remedy = "SET GLOBAL wsrep_reject_queries = NONE",
	},
	{
		GALERA("pxc_maintenance"),
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = VARIABLES,
		.when = pxc_maintenance,
		.meaning = "pxc_maint_mode is not DISABLED: drain",
		.see = "SHOW GLOBAL VARIABLES LIKE 'pxc_maint_mode'",
		.remedy = "SET GLOBAL pxc_maint_mode = DISABLED when the work is done",
	},
	{
		GALERA("uuid_mismatch"),
		.cells = ALL_ROLES(CELL_DOWN),
		.needs = VARIABLES | STATUS,
		.when = uuid_mismatch,
		.meaning = "local and cluster state UUID differ while the component is Primary",
		.see = "SHOW GLOBAL STATUS LIKE 'wsrep_%_state_uuid'",
		.remedy =
			"see first which side has the data that you want to keep; the other needs a full copy: stop it, move its data directory away, start it",
	},
	{ .id = NULL },
};
