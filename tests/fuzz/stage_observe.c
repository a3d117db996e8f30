/* SPDX-License-Identifier: MIT
 *
 * In place of observe.c: each look sees what the scene says of its node.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "node.h"
#include "observation.h"
#include "stage_state.h"

static const char good[] =
	"version=10.11.6-MariaDB-log\nserver_id=1\nread_only=OFF\nport=3306\nUptime=500000\n"
	"max_connections=500\nThreads_connected=3\nwsrep_on=ON\nbind_address=*\nlog_bin=ON\n"
	"wsrep_provider=/usr/lib/galera/libgalera_smm.so\nwsrep_ready=ON\nwsrep_connected=ON\n"
	"wsrep_cluster_status=Primary\nwsrep_cluster_size=3\nwsrep_local_state=4\n"
	"wsrep_local_state_comment=Synced\nwsrep_evs_state=OPERATIONAL\n"
	"wsrep_local_recv_queue=0\nwsrep_local_send_queue=0\nwsrep_flow_control_paused_ns=0\n"
	"wsrep_cluster_conf_id=3\nwsrep_sync_wait=0\nlog_slave_updates=ON\n"
	"UNIX_TIMESTAMP()=1700000000\nUSER()=check@localhost\nCURRENT_USER()=check@%\n"
	"local_clock=1700000000\nresponse_time=4\nsessions_own=1\nsessions_foreign=3\n"
	"commit_wait=0\ncommit_wait_state=\nserver_wait=0\nserver_wait_state=\nschema_change=\n";
static const char pair[] =
	"channel\nSlave_IO_Running=Yes\nSlave_SQL_Running=Yes\nSeconds_Behind_Master=0\n"
	"Master_Host=db2\nMaster_Server_Id=2\nMaster_Log_File=b.000001\n"
	"Read_Master_Log_Pos=4\nRelay_Master_Log_File=b.000001\nExec_Master_Log_Pos=4\n";

int64_t
dbv_now(void)
{
	return host.now;
}

static void
set_line(dbv_observation *o, const char *line, size_t size)
{
	char name[80], value[512];
	const char *equals = memchr(line, '=', size);
	size_t n = equals ? (size_t)(equals - line) : 0;

	if (size == 7 && memcmp(line, "channel", 7) == 0)
		observation_add_channel(o);
	if (!equals || n >= sizeof(name) || size - n - 1 >= sizeof(value))
		return;
	memcpy(name, line, n);
	name[n] = '\0';
	memcpy(value, equals + 1, size - n - 1);
	value[size - n - 1] = '\0';
	for (enum source s = 0; s < SOURCE_COUNT; s++)
		if (s != SOURCE_CHANNEL || o->channel_count > 0)
			observation_set_by_name(o, s, name, value);
}

static void
set_lines(dbv_observation *o, const char *lines, const char *end)
{
	while (lines < end) {
		size_t size = strcspn(lines, "\n");

		set_line(o, lines, size);
		lines += size + (lines[size] == '\n');
	}
}

static void
answer_all(dbv_observation *o)
{
	for (enum source s = 0; s < SOURCE_CANARY_SETTINGS; s++)
		observation_answer(o, s, ANSWERED, 0, NULL);
	stage.answered = true;
}

static void
look_at(dbv_observation *o, const char *scene)
{
	const char *end = strstr(scene, "node\n");
	bool is_pair = strncmp(scene, "pair", 4) == 0;

	end = end ? end : scene + strlen(scene);
	observation_set_number(o, V_TAKEN_AT, (double)host.now);
	observation_answer(o, SOURCE_LOCAL, ANSWERED, 0, NULL);
	if (!is_pair && strncmp(scene, "good", 4) != 0) {
		unsigned error = strncmp(scene, "dead ", 5) == 0
					 ? (unsigned)strtoul(scene + 5, NULL, 10)
					 : 2003;

		observation_answer(
			o, SOURCE_CONNECT, error ? FAILED : LATE, error % 65536, "no answer");
		/* That it is full it has answered. */
		stage.answered = stage.answered || error % 65536 == 1040;
		return;
	}
	answer_all(o);
	set_lines(o, good, good + sizeof(good) - 1);
	if (is_pair)
		set_lines(o, pair, pair + sizeof(pair) - 1);
	set_lines(o, scene, end);
}

bool
dbv_observe(dbv_node *const nodes[], size_t count, const dbv_policy *policy, int64_t deadline)
{
	(void)policy;
	expect(deadline >= host.now, "a look has some time");
	stage.looks++;
	stage.answered = false;
	for (size_t i = 0; i < count; i++) {
		observation_free(nodes[i]->observation);
		nodes[i]->observation = observation_new();
		look_at(nodes[i]->observation,
			stage.nodes[i < stage.node_count ? i : stage.node_count - 1]);
	}
	host.now += 5;
	return true;
}
