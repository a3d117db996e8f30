/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "node.h"
#include "policy.h"
#include "script_client.h"
#include "script_server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const truths[] = { "ON", "1", "YES", "TRUE" };

static bool
said_truth(const char *name)
{
	for (size_t i = 0; i < sizeof(truths) / sizeof(truths[0]); i++)
		if (server_said_value(name, truths[i]))
			return true;
	return false;
}

/* Up is nobody but who said so. */
static void
expect_said(const dbv_policy *p)
{
	if (p->mode == MODE_GALERA) {
		expect(server_said_value("wsrep_cluster_status", "Primary"),
			"up: in the component");
		expect(said_truth("wsrep_ready"), "up: ready");
		expect(server_said("wsrep_local_state", 17), "up: in a state");
	} else if (p->role != ROLE_WRITE) {
		expect(server_said("_IO_Running", 11), "up: its IO thread");
		expect(server_said("_SQL_Running", 12), "up: its SQL thread");
	}
	if (p->role != ROLE_READ)
		expect(server_said_value("read_only", "OFF") ||
				server_said_value("read_only", "0") ||
				server_said_value("read_only", "NO") ||
				server_said_value("read_only", "FALSE"),
			"up: writable");
}

static void
judge(const dbv_observation *o, dbv_policy *p)
{
	bool read = o->answers[SOURCE_GLOBAL_VARIABLES].outcome == ANSWERED &&
		    o->answers[SOURCE_GLOBAL_STATUS].outcome == ANSWERED;
	bool full = o->answers[SOURCE_CONNECT].error == 1040;

	for (enum role r = 0; r < ROLE_COUNT; r++) {
		p->role = r;
		dbv_verdict *v = dbv_judge(o, NULL, p);
		enum dbv_state state = dbv_verdict_state(v);

		expect(read || state >= DBV_UNKNOWN || (full && state == DBV_DEGRADED),
			"who did not answer is not up");
		if (state == DBV_UP)
			expect_said(p);
		expect((dbv_verdict_weight(v) == 0) == (state >= DBV_UNKNOWN),
			"no weight without a state");
		expect(state == DBV_UP || dbv_findings(v) > 0, "there is a reason");
		for (size_t i = 0; i < dbv_findings(v); i++)
			expect_message(dbv_finding_message(v, i));
		dbv_verdict_free(v);
	}
}

/* Nothing but what the table of statements has, and no password. */
static void
expect_asked(void)
{
	static const char *const never[] = { CLIENT_PASSWORD, "MASTER STATUS", "LOCK TABLES",
		"FLUSH", "DELETE", "CREATE", "SET GLOBAL" };

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		expect(!server_heard(never[i], strlen(never[i])), never[i]);
	expect(!server_heard("INSERT", 6) || server_heard("dbvitals canary", 15),
		"only the canary writes");
}

/* The letters of the first line: g galera, otherwise replication; c with a canary; and those of client_settings(). */
static void
set_up(dbv_node *n, dbv_policy *p, const char *letters, size_t size)
{
	p->mode = memchr(letters, 'g', size) ? MODE_GALERA : MODE_REPLICATION;
	p->role = ROLE_WRITE;
	if (memchr(letters, 'c', size))
		dbv_policy_set(p, "canary", "dbvitals.canary", NULL, 0);
	client_settings(n, letters, size);
}

/* A line of letters, and the script of a server: a look at it, through the client library. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *script = (const char *)data;
	const char *end = memchr(script, '\n', size);
	size_t first = end ? (size_t)(end - script) : size;
	dbv_policy *p = dbv_policy_new();
	dbv_node *n = dbv_node_new();
	static bool begun;
	int before = next_descriptor();

	set_up(n, p, script, first);
	server_begin(script + first, size - first);
	int64_t deadline = dbv_now() + CLIENT_BUDGET_MS;

	expect(dbv_observe(&n, 1, p, deadline), "there is memory");
	expect(dbv_now() <= deadline + 1, "it ends in time");
	server_end();
	expect_asked();
	expect(dbv_node_observation(n) != NULL, "there is an observation");
	judge(dbv_node_observation(n), p);
	dbv_node_free(n);
	dbv_policy_free(p);
	/* The first look loads what the client library keeps. */
	expect(!begun || next_descriptor() == before, "no descriptor is left");
	begun = true;
	return 0;
}
