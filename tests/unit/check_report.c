/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "fixture.h"
#include "suites.h"

static const struct {
	const char *changes;
	const char *reasons;
	const char *json;
} rows[] = {
	{ "wsrep_reject_queries=ALL",
		"refuses every query: wsrep_reject_queries is ALL (galera.rejects_queries)",
		"\"state\":\"down\",\"weight\":0,\"findings\":[{\"id\":\"galera.rejects_queries\",\"severity\":\"down\"," },
	{ "wsrep_local_state=2",
		"donates its state, or a backup or RSU holds it (Synced) (galera.donor)",
		"\"id\":\"galera.donor\"" },
	{ "wsrep_reject_queries=a|b\"c\\\033", "wsrep_reject_queries is a?b\"c\\? (galera",
		"wsrep_reject_queries is a?b\\\"c\\\\?\"" },
	{ "-wsrep_local_recv_queue wsrep_ready=OFF",
		"refuses queries: wsrep_ready is OFF (Synced) (galera.not_ready)",
		"\"recv_queue\":{\"value\":null,\"unit\":\"\"}" },
	{ "version=10.11~\"x\" wsrep_ready=OFF", "galera.not_ready",
		"\"server\":\"10.11 \\\"x\\\"\"" },
};

START_TEST(printed)
{
	struct settings s = { .policy = fixture_policy("galera", "read") };
	dbv_node *node = dbv_node_new();
	dbv_observation *o = fixture_live("healthy-db1");
	static char buf[32768];
	struct text out = text_on(buf, sizeof(buf));

	fixture_change(o, rows[_i].changes);
	dbv_verdict *v = dbv_judge(o, NULL, s.policy);
	struct judged j = { .label = dbv_node_label(node), .node = node, .observation = o, .verdict = v };
	struct report r = { .settings = &s,
		.nodes = &j,
		.count = 1,
		.role = "read",
		.mode = "galera",
		.warning = "" };

	report_reasons(v, &out, 511);
	ck_assert_msg(strstr(buf, rows[_i].reasons) != NULL, "%s", buf);
	ck_assert_uint_le(out.len, 511);
	out = text_on(buf, sizeof(buf));
	report_json(&r, &out);
	ck_assert_msg(strstr(buf, rows[_i].json) != NULL, "%s", buf);
	dbv_verdict_free(v);
	observation_free(o);
	dbv_node_free(node);
	dbv_policy_free(s.policy);
}
END_TEST

/* What -v tells of a recording, of a live node, and of one that nobody reached. */
static const struct {
	enum outcome connect;
	bool answers;
	const char *told;
	const char *not_told;
} details[] = {
	{ NOT_ASKED, true, "metric connections: 5 %", "the server said nothing" },
	{ NOT_ASKED, true, "not judged: server.response_time\n", "the server said nothing" },
	{ ANSWERED, true, "metric recv_queue: 0\n", "the server said nothing" },
	{ FAILED, false, "not judged: everything else, the server said nothing\n", "metric" },
};

START_TEST(detailed)
{
	dbv_policy *p = fixture_policy("galera", "read");
	dbv_observation *o =
		details[_i].answers ? fixture_recorded("healthy-db1") : observation_new();
	static char buf[32768];
	struct text out = text_on(buf, sizeof(buf));

	observation_answer(o, SOURCE_CONNECT, details[_i].connect, 2002, "refused");
	dbv_verdict *v = dbv_judge(o, NULL, p);
	struct judged j = { .label = "db1:3306", .observation = o, .verdict = v };

	report_details(&j, &out);
	ck_assert_msg(strstr(buf, details[_i].told) != NULL, "%s", buf);
	ck_assert_msg(strstr(buf, details[_i].not_told) == NULL, "%s", buf);
	dbv_verdict_free(v);
	observation_free(o);
	dbv_policy_free(p);
}
END_TEST

/* A message of two-byte characters, cut at every byte. */
START_TEST(reasons_cut_between_characters)
{
	dbv_policy *p = fixture_policy("galera", "read");
	dbv_observation *o = fixture_live("healthy-db1");
	char buf[512];

	fixture_change(o, "wsrep_reject_queries=\303\244\303\266\303\274\303\237\303\251\303\250");
	dbv_verdict *v = dbv_judge(o, NULL, p);

	for (size_t max = 70; max < 110; max++) {
		struct text out = text_on(buf, sizeof(buf));
		char clean[512];
		struct text t = text_on(clean, sizeof(clean));

		report_reasons(v, &out, max);
		text_add_foreign(&t, buf, sizeof(buf) - 1);
		ck_assert_str_eq(clean, buf);
	}
	dbv_verdict_free(v);
	observation_free(o);
	dbv_policy_free(p);
}
END_TEST

static int
well(const struct report *r)
{
	(void)r;
	return 0;
}

/* What app_answer() prints of V with room for SIZE bytes at first. */
static size_t
answered(dbv_verdict *v, const dbv_observation *o, size_t size, char *buf, size_t most)
{
	static const struct app app = { .status = well };
	static struct run r;
	struct judged j = { .label = "db1:3306", .observation = o, .verdict = v };
	FILE *file = tmpfile();
	int kept = dup(1);

	ck_assert(file && kept >= 0);
	r = (struct run){ .app = &app, .out = text_on(malloc(size), size) };
	r.settings.json = true;
	r.settings.policy = fixture_policy("galera", "read");
	r.warning = text_on(r.warning_buf, sizeof(r.warning_buf));
	r.began = dbv_now();
	dup2(fileno(file), 1);
	int status = app_answer(&r, &j, 1, NULL);

	dup2(kept, 1);
	close(kept);
	rewind(file);
	size_t n = fread(buf, 1, most - 1, file);

	buf[n] = '\0';
	fclose(file);
	ck_assert_int_eq(status, 0);
	dbv_policy_free(r.settings.policy);
	free(r.out.buf);
	return n;
}

START_TEST(printed_whole)
{
	dbv_policy *p = fixture_policy("galera", "read");
	dbv_observation *o = fixture_live("healthy-db1");
	dbv_verdict *v = dbv_judge(o, NULL, p);
	static char want[65536], got[65536];
	size_t n = answered(v, o, sizeof(want), want, sizeof(want));

	ck_assert_msg(n > 500 && strcmp(want + n - 2, "}\n") == 0, "%zu: %s", n, want);
	char *end = strstr(want, "elapsed_ms");

	ck_assert(end);
	for (size_t size = 2; size < 40; size++) {
		answered(v, o, size, got, sizeof(got));
		ck_assert_int_eq(strncmp(got, want, (size_t)(end - want)), 0);
	}
	dbv_verdict_free(v);
	observation_free(o);
	dbv_policy_free(p);
}
END_TEST

TCase *
report_case(void)
{
	TCase *c = tcase_create("report");

	tcase_add_loop_test(c, printed, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(c, printed_whole);
	tcase_add_test(c, reasons_cut_between_characters);
	tcase_add_loop_test(c, detailed, 0, sizeof(details) / sizeof(details[0]));
	return c;
}
