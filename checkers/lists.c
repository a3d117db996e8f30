/* SPDX-License-Identifier: MIT
 *
 * dbvitals checks, dbvitals metrics: the tables of dbvitals-checks(7).
 */
#include <string.h>

#include "catalogue.h"
#include "commands.h"
#include "wrap.h"

/* What the agents say in place of a check where none decided: not listed, but who finds one in crm_mon asks for it. */
static const struct word {
	const char *id, *meaning, *see, *remedy;
} agents_words[] = {
	{ "parameters",
		"no check: on this host the agent cannot use the resource's parameters, or the option "
		"file that they name",
		"journalctl -t 'write-ip(write-ip)' names the parameter; crm_resource --resource "
		"write-ip --query-xml",
		"set it right; the address stays where all hosts have it wrong, and nobody can take it "
		"over; a fit node takes it where this host alone has" },
	{ "address", "no check: what IPaddr2 or this host itself says of the address",
		"ip address; ip route",
		"mend the interface, or set ip, nic and cidr_netmask right" },
	{ "attributes",
		"no check: the cluster's attribute daemon takes or tells no attributes on this host",
		"crm_mon -1A; journalctl -u pacemaker",
		"if it does not pass, restart Pacemaker on this host; first crm node standby, if it has "
		"the address" },
};

static const struct word *
agents_word(const char *id)
{
	for (size_t i = 0; i < sizeof(agents_words) / sizeof(*agents_words); i++)
		if (strcmp(agents_words[i].id, id) == 0)
			return &agents_words[i];
	return NULL;
}

static const char *
check_id_at(size_t i)
{
	return check_at(i)->id;
}

static const char *
metric_name_at(size_t i)
{
	return metrics[i].name;
}

static int
refuse_name(struct run *r, const char *what, const char *nearest)
{
	text_addf(&r->error, "unknown %s \"", what);
	text_add_foreign(&r->error, r->given.operands[0], 60);
	text_add(&r->error, "\"");
	if (nearest)
		text_addf(&r->error, ", did you mean \"%s\"?", nearest);
	return app_refuse(r);
}

static void
add_labelled(struct text *out, const char *label, const char *words, const char *end)
{
	char line[4096];
	struct text t = text_on(line, sizeof(line));

	text_addf(&t, "%s%s%s", label, words, end);
	wrap(out, line, 2, 2);
}

static void
add_check(const struct check *c, struct text *out)
{
	char cells[160];
	struct text t = text_on(cells, sizeof(cells));

	text_addf(out, "%s\n", c->id);
	catalogue_cells(c, &t);
	add_labelled(out, "", cells, ".");
	add_labelled(out, "", c->meaning, ".");
	add_labelled(out, "See it: ", c->see, "");
	add_labelled(out, "Do: ", c->remedy, ".");
}

static void
add_word(const struct word *w, struct text *out)
{
	text_addf(out, "%s\n", w->id);
	add_labelled(out, "", w->meaning, ".");
	add_labelled(out, "See it: ", w->see, "");
	add_labelled(out, "Do: ", w->remedy, ".");
}

static void
add_metric(const struct metric *m, struct text *out)
{
	char limits[256];
	struct text t = text_on(limits, sizeof(limits));

	text_addf(out, "%s%s%s\n", m->name, *m->unit ? " " : "", m->unit);
	add_labelled(out, "", m->doc, ".");
	add_labelled(out, "It raises ", m->check, ".");
	catalogue_limits(m, &t);
	add_labelled(out, "Default thresholds, warning / critical: ", limits, ".");
}

static int
refuse_several(struct run *r)
{
	text_addf(
		&r->error, "one name at a time, or none for all; not %zu", r->given.operand_count);
	return app_refuse(r);
}

static bool
wants_one(const struct run *r)
{
	return r->given.operand_count == 1;
}

static int
checks(struct run *r)
{
	size_t one = wants_one(r) ? check_by_id(r->given.operands[0]) : 0;
	const struct word *word = wants_one(r) ? agents_word(r->given.operands[0]) : NULL;

	if (r->given.operand_count > 1)
		return refuse_several(r);
	if (word)
		add_word(word, &r->out);
	else if (one == check_count())
		return refuse_name(
			r, "check", text_nearest(r->given.operands[0], check_count(), check_id_at));
	for (size_t i = 0; i < check_count(); i++)
		if (!wants_one(r) || i == one)
			add_check(check_at(i), &r->out);
	app_print(r);
	return 0;
}

static int
metrics_list(struct run *r)
{
	size_t one = wants_one(r) ? metric_by_name(r->given.operands[0]) : 0;

	if (r->given.operand_count > 1)
		return refuse_several(r);
	if (one == metric_count)
		return refuse_name(r, "metric",
			text_nearest(r->given.operands[0], metric_count, metric_name_at));
	for (size_t i = 0; i < metric_count; i++)
		if (!wants_one(r) || i == one)
			add_metric(&metrics[i], &r->out);
	app_print(r);
	return 0;
}

const struct app command_checks = {
	COMMAND("checks", PROGRAM_LIST),
	.purpose = "What dbvitals can find, what it costs, what to do; or one of them",
	.operands = "[ID]",
	.own = checks,
};

const struct app command_metrics = {
	COMMAND("metrics", PROGRAM_LIST),
	.purpose = "The numbers that thresholds can be set on",
	.operands = "[NAME]",
	.own = metrics_list,
};
