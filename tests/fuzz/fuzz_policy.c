/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "node.h"
#include "policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is taken reads the same again, and @ turns it round. */
static void
read_range(const char *text)
{
	struct range r, again, turned;
	char other[64] = "@";

	if (!range_parse(text, &r))
		return;
	expect(r.set && strcmp(r.text, text) == 0, "a range is kept as it was written");
	expect(r.start <= r.end, "a range begins before it ends");
	expect(!strpbrk(text, " \t\n'|;="), "a range fits into perfdata");
	strncpy(other + 1, text, sizeof(other) - 2);
	const char *opposite = r.inverted ? text + 1 : other;
	const double values[] = { 0, -1, 0.5, 30, 1e9, r.start, r.end,
		nextafter(r.start, -HUGE_VAL), nextafter(r.end, HUGE_VAL) };

	expect(range_parse(r.text, &again), "a range is read again");
	if (!range_parse(opposite, &turned)) {
		expect(strlen(opposite) >= sizeof(r.text), "what is a range is one with @, too");
		return;
	}
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		bool inside = values[i] >= r.start && values[i] <= r.end;

		expect(range_alerts(&r, values[i]) == (inside == r.inverted),
			"outside alerts, with @ inside");
		expect(range_alerts(&again, values[i]) == range_alerts(&r, values[i]),
			"the same range");
		expect(range_alerts(&turned, values[i]) != range_alerts(&r, values[i]),
			"@ turns it round");
	}
}

static void
set_policy(dbv_policy *p, const char *name, const char *value)
{
	char error[DBV_ERROR_SIZE] = "";
	dbv_policy before = *p;
	bool set = dbv_policy_set(p, name, value, error, sizeof(error));

	expect_message(error);
	expect(set == !*error, "what is refused is told why, and nothing else");
	expect(set || memcmp(p, &before, sizeof(before)) == 0, "what is refused changes nothing");
}

static void
set_node(dbv_node *n, const char *name, const char *value)
{
	char error[DBV_ERROR_SIZE] = "";
	char before[sizeof(n->label)];

	memcpy(before, n->label, sizeof(before));
	bool set = dbv_node_set(n, name, value, error, sizeof(error));

	expect_message(error);
	expect(set == !*error, "what is refused is told why, and nothing else");
	expect(set || strcmp(before, n->label) == 0, "what is refused changes no label");
	expect_clean(dbv_node_label(n), false);
	expect(node_port(n) >= 1 && node_port(n) <= 65535, "a port is one");
}

/* Whatever was set, a server that nobody reached, or that refused the account, may not be used. */
static void
judge(const dbv_policy *p)
{
	static const struct {
		enum outcome outcome;
		unsigned error;
	} silences[] = { { FAILED, 2003 }, { FAILED, 1045 }, { LATE, 0 }, { NONSENSE, 0 },
		{ ILL, 0 } };

	for (size_t i = 0; i < sizeof(silences) / sizeof(silences[0]); i++) {
		dbv_observation *o = observation_new();

		observation_answer(
			o, SOURCE_CONNECT, silences[i].outcome, silences[i].error, "fuzz");
		dbv_verdict *v = dbv_judge(o, NULL, p);

		expect(dbv_verdict_weight(v) == 0, "no setting lifts a server that did not answer");
		for (size_t m = 0; m < dbv_metrics(v); m++) {
			expect_message(dbv_metric_warning(v, m));
			expect_message(dbv_metric_critical(v, m));
		}
		for (size_t f = 0; f < dbv_findings(v); f++)
			expect_message(dbv_finding_message(v, f));
		dbv_verdict_free(v);
		observation_free(o);
	}
}

/* Lines: a range, or NAME=VALUE for a policy and for a node. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	dbv_policy *p = dbv_policy_new();
	dbv_node *n = dbv_node_new();
	char *content = malloc(size + 1), *rest = content, *line;

	memcpy(content, data, size);
	content[size] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, '=');

		if (!value) {
			read_range(line);
			continue;
		}
		*value++ = '\0';
		read_range(value);
		set_policy(p, line, value);
		set_node(n, line, value);
	}
	judge(p);
	dbv_policy_free(p);
	dbv_node_free(n);
	free(content);
	return 0;
}
