/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <string.h>

#include "fixture.h"
#include "obstacle.h"
#include "suites.h"

#define PAIR "pair-healthy-m1", "pair-healthy-m2"
#define CLUSTER "healthy-db1", "healthy-db2"
#define STRICT "gtid_strict_mode=ON gtid_domain_id="
/* clang-format off */
#define WELL { SOURCE_LOCAL, NOT_ASKED, 0 }
/* clang-format on */
/* As two containers from one image: only one thing tells them apart. */
#define ALIKE "hostname=h port=3306 server_id=1 server_uuid=u"

/* Two nodes, what is changed in each, and what must be said of a round trip between them; NULL: nothing. */
static const struct {
	const char *nodes[2];
	const char *changes[2];
	const char *why;
	/* What the second node says of this source; NOT_ASKED: all is well. */
	struct {
		enum source source;
		enum outcome outcome;
		unsigned error;
	} answer;
} rows[] = {
	{ { PAIR }, { "", "" }, NULL, WELL },
	{ { CLUSTER }, { "", "" }, NULL, WELL },
	/* Replication that stands still is what the round trip is to find. */
	{ { PAIR }, { "", "Slave_SQL_Running=No" }, NULL, WELL },
	{ { PAIR }, { "Slave_IO_Running=No Slave_SQL_Running=No", "" }, NULL, WELL },
	{ { "pair-healthy-m1", "pair-sql-stopped-m1" }, { "", "hostname=m2" }, NULL, WELL },
	/* Not writable. */
	{ { PAIR }, { "read_only=ON", "" },
		"A must not be written to: read_only is ON (server.read_only)", WELL },
	{ { PAIR }, { "", "read_only=ON" }, "B must not be written to: read_only is ON", WELL },
	{ { PAIR }, { "", "super_read_only=ON" }, "B must not be written to: super_read_only",
		WELL },
	{ { PAIR }, { "", "innodb_read_only=ON" }, "B must not be written to: innodb_read_only",
		WELL },
	{ { PAIR }, { "offline_mode=ON", "" }, "(server.offline)", WELL },
	{ { PAIR }, { "", "group_replication_group_name=g" }, "(server.group_replication)", WELL },
	{ { PAIR }, { "read_only=ON offline_mode=ON", "" }, "; ", WELL },
	/* One server, or two that differ in anything. */
	{ { PAIR }, { ALIKE, ALIKE }, "A and B are one server", WELL },
	{ { PAIR }, { ALIKE, "hostname=H port=3306 server_id=1 server_uuid=U" },
		"A and B are one server", WELL },
	{ { PAIR }, { ALIKE, "hostname=i port=3306 server_id=1 server_uuid=u" }, NULL, WELL },
	{ { PAIR }, { ALIKE, "hostname=h port=3307 server_id=1 server_uuid=u" }, NULL, WELL },
	{ { PAIR }, { ALIKE, "hostname=h port=3306 server_id=2 server_uuid=u" }, NULL, WELL },
	{ { PAIR }, { ALIKE, "hostname=h port=3306 server_id=1 server_uuid=v" }, NULL, WELL },
	/* Sequence numbers that would clash. */
	{ { PAIR }, { STRICT "0", STRICT "0" }, "error 1950", WELL },
	{ { PAIR }, { "gtid_domain_id=0", STRICT "0" }, "error 1950", WELL },
	{ { PAIR }, { STRICT "1", STRICT "2" }, NULL, WELL },
	{ { PAIR }, { "gtid_strict_mode=MAYBE", "" }, "error 1950", WELL },
	{ { CLUSTER }, { STRICT "0", STRICT "0" }, NULL, WELL },
	/* Not known. */
	{ { PAIR }, { "", "" }, "(server.unreachable)", { SOURCE_CONNECT, FAILED, 2003 } },
	{ { PAIR }, { "", "" }, "(server.timeout)", { SOURCE_CONNECT, LATE, 0 } },
	{ { PAIR }, { "", "" }, "(server.access_denied)", { SOURCE_CONNECT, FAILED, 1045 } },
	{ { PAIR }, { "", "" }, "does not tell whether",
		{ SOURCE_GLOBAL_VARIABLES, FAILED, 1142 } },
	/* The account of a Galera node need not see the replica status. */
	{ { CLUSTER }, { "", "" }, NULL, { SOURCE_CHANNEL, FAILED, 1227 } },
	{ { PAIR }, { "", "" }, NULL, { SOURCE_CHANNEL, LATE, 0 } },
};

static dbv_observation *
observe(size_t row, size_t node)
{
	dbv_observation *o = fixture_live(rows[row].nodes[node]);

	observation_answer(o, SOURCE_CHANNEL, ANSWERED, 0, NULL);
	fixture_change(o, rows[row].changes[node]);
	if (node == 1 && rows[row].answer.outcome != NOT_ASKED)
		observation_answer(o, rows[row].answer.source, rows[row].answer.outcome,
			rows[row].answer.error, "said so");
	return o;
}

START_TEST(in_the_way)
{
	dbv_policy *policy = fixture_policy("replication", "write");
	dbv_observation *seen[2] = { observe((size_t)_i, 0), observe((size_t)_i, 1) };
	struct judged nodes[2] = {
		{ .label = "A",
			.observation = seen[0],
			.verdict = dbv_judge(seen[0], NULL, policy) },
		{ .label = "B",
			.observation = seen[1],
			.verdict = dbv_judge(seen[1], NULL, policy) },
	};
	const char *want = rows[_i].why;
	char buf[2048];
	struct text why = text_on(buf, sizeof(buf));
	bool refused = roundtrip_obstacle(nodes, &why);

	ck_assert_msg(refused == (want != NULL), "row %d: \"%s\"", _i, buf);
	ck_assert_msg(want ? strstr(buf, want) != NULL : !*buf, "row %d: \"%s\"", _i, buf);
	for (size_t i = 0; i < 2; i++) {
		dbv_verdict_free(nodes[i].verdict);
		observation_free(seen[i]);
	}
	dbv_policy_free(policy);
}
END_TEST

static const struct {
	const char *changes;
	bool kept;
} logs[] = {
	{ "log_bin=ON log_slave_updates=ON", false },
	{ "log_bin=ON log_slave_updates=OFF", true },
	{ "log_bin=ON -log_slave_updates", true },
	{ "log_bin=OFF log_slave_updates=OFF", false },
};

START_TEST(drop_is_kept)
{
	dbv_observation *o = fixture_live("pair-healthy-m1");

	fixture_change(o, logs[_i].changes);
	ck_assert_msg(roundtrip_drop_is_kept(o) == logs[_i].kept, "%s", logs[_i].changes);
	observation_free(o);
}
END_TEST

TCase *
obstacle_case(void)
{
	TCase *c = tcase_create("obstacle");

	tcase_add_loop_test(c, in_the_way, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(c, drop_is_kept, 0, sizeof(logs) / sizeof(logs[0]));
	return c;
}
