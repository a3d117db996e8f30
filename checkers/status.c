/* SPDX-License-Identifier: MIT
 *
 * dbvitals status: the whole cluster as a table that fits into 80 columns.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "nagios.h"
#include "wrap.h"

#define LABEL_WIDTH_MAX 34

/* Escape sequences, where somebody looks at a terminal that knows them and has not said no. */
static bool
is_coloured(void)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(1) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

static void
add_padding(struct text *out, size_t used, size_t width)
{
	for (size_t i = used; i < width; i++)
		text_add(out, " ");
}

static void
add_state(struct text *out, enum dbv_state state, bool coloured)
{
	static const char *const colour[] = { [DBV_UP] = "\033[32m",
		[DBV_DEGRADED] = "\033[33m",
		[DBV_UNKNOWN] = "\033[35m",
		[DBV_DOWN] = "\033[31m" };
	const char *word = dbv_state_name(state);

	text_addf(out, "%s%s%s", coloured ? colour[state] : "", word, coloured ? "\033[0m" : "");
}

static void
add_state_cell(struct text *out, enum dbv_state state, bool coloured)
{
	add_state(out, state, coloured);
	add_padding(out, strlen(dbv_state_name(state)), 10);
}

/* Right-aligned, "-" where it is not known. */
static void
add_metric(struct text *out, const dbv_verdict *v, const char *name)
{
	char cell[24];
	struct text t = text_on(cell, sizeof(cell));
	size_t index = dbv_metric_by_name(v, name);
	double value = 0;

	if (index < dbv_metrics(v) && dbv_metric_value(v, index, &value)) {
		text_add_number(&t, value);
		text_add(&t, dbv_metric_unit(v, index));
	} else {
		text_add(&t, "-");
	}
	add_padding(out, t.len, 8);
	text_add(out, cell);
}

/* "3d", "4h", "5m", "6s" */
static void
add_time(struct text *out, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		char letter;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	char cell[24];
	struct text t = text_on(cell, sizeof(cell));

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]) && !t.len; i++)
		if (seconds >= units[i].seconds)
			text_addf(&t, "%lld%c", (long long)(seconds / units[i].seconds),
				units[i].letter);
	if (!t.len)
		text_add(&t, "-");
	add_padding(out, t.len, 8);
	text_add(out, cell);
}

static bool
is_galera(const struct report *r)
{
	return strcmp(r->mode, "galera") == 0;
}

static void
add_head(const struct report *r, struct text *out, size_t width)
{
	const char *role = strcmp(r->role, "promote") == 0 ? "PROMOTE"
			   : strcmp(r->role, "write") == 0 ? "WRITE"
							   : "READ";

	text_add(out, "NODE");
	add_padding(out, 4, width + 2);
	text_add(out, role);
	add_padding(out, strlen(role), 10);
	text_addf(out, "%-10s%8s%8s%s%s\n", "WRITE", is_galera(r) ? "QUEUE" : "LAG",
		is_galera(r) ? "SIZE" : "BACKLOG", r->settings->state_dir ? "   SINCE" : "", "");
}

static void
add_finding(struct text *out, const dbv_verdict *v, size_t i, bool with_remedy)
{
	char line[1024];
	struct text t = text_on(line, sizeof(line));

	text_addf(&t, "%s: %s", dbv_finding_id(v, i), dbv_finding_message(v, i));
	if (with_remedy)
		text_addf(&t, " -> %s", dbv_finding_remedy(v, i));
	wrap(out, line, 2, 4);
}

/* Has a line of its own already. */
static bool
is_told(const struct report *r, const dbv_verdict *v, const char *id)
{
	for (size_t i = 0; i < dbv_findings(v); i++)
		if (strcmp(dbv_finding_id(v, i), id) == 0)
			return dbv_finding_severity(v, i) > DBV_NOTE || r->settings->verbose;
	return false;
}

/* What is wrong with it, for either purpose; the same thing once. */
static void
add_findings(const struct report *r, const struct judged *j, struct text *out)
{
	const dbv_verdict *const verdicts[] = { j->verdict, j->write };

	for (size_t n = 0; n < 2; n++) {
		for (size_t i = 0; i < dbv_findings(verdicts[n]); i++) {
			bool note = dbv_finding_severity(verdicts[n], i) <= DBV_NOTE;
			bool told = n > 0 && is_told(r, j->verdict, dbv_finding_id(verdicts[n], i));

			if (!told && (!note || r->settings->verbose))
				add_finding(out, verdicts[n], i, r->settings->verbose);
		}
	}
}

static void
add_node(const struct report *r, const struct judged *j, struct text *out, size_t width)
{
	bool coloured = is_coloured();

	text_addf(out, "%s", j->label);
	add_padding(out, strlen(j->label), width + 2);
	if (strlen(j->label) > width) {
		text_add(out, "\n");
		add_padding(out, 0, width + 2);
	}
	add_state_cell(out, dbv_verdict_state(j->verdict), coloured);
	add_state_cell(out, dbv_verdict_state(j->write), coloured);
	add_metric(out, j->verdict, is_galera(r) ? "recv_queue" : "lag");
	add_metric(out, j->verdict, is_galera(r) ? "cluster_size" : "relay_backlog");
	if (r->settings->state_dir)
		add_time(out, report_seconds_in_state(j));
	text_add(out, "\n");
	add_findings(r, j, out);
}

static void
print(const struct report *r, struct text *out)
{
	size_t width = strlen("WRITE-IP");

	for (size_t i = 0; i < r->count; i++) {
		size_t n = strlen(r->nodes[i].label);

		width = n > width ? n : width;
	}
	if (width > LABEL_WIDTH_MAX)
		width = LABEL_WIDTH_MAX;
	add_head(r, out, width);
	for (size_t i = 0; i < r->count; i++)
		add_node(r, &r->nodes[i], out, width);
	if (r->cluster && r->settings->write_ip) {
		text_add(out, "WRITE-IP");
		add_padding(out, strlen("WRITE-IP"), width + 2);
		text_addf(out, "%s -> %s\n", r->settings->write_ip,
			r->holder ? r->holder : "not known");
	}
	if (r->cluster) {
		text_add(out, "CLUSTER");
		add_padding(out, strlen("CLUSTER"), width + 2);
		add_state(out, dbv_verdict_state(r->cluster), is_coloured());
		text_add(out, "\n");
	}
	for (size_t i = 0; r->cluster && i < dbv_findings(r->cluster); i++)
		if (dbv_finding_severity(r->cluster, i) > DBV_NOTE || r->settings->verbose)
			add_finding(out, r->cluster, i, true);
	if (*r->warning)
		wrap(out, r->warning, 0, 4);
}

const struct app command_status = {
	COMMAND("status", PROGRAM_STATUS),
	.purpose = "A table of the nodes: may they take reads, writes, and what is wrong",
	.operands = "HOST...",
	.operands_are_hosts = true,
	.status = nagios_status,
	.print = print,
};
