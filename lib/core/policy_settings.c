/* SPDX-License-Identifier: MIT */
#include "policy.h"

#include <stdlib.h>
#include <string.h>

const char *const role_names[ROLE_COUNT] = { "read", "write", "promote" };

static bool
unknown_name(struct text *error, const char *what, const char *name, size_t count,
	const char *(*name_at)(size_t))
{
	const char *nearest = text_nearest(name, count, name_at);

	text_addf(error, "unknown %s \"", what);
	text_add_foreign(error, name, 60);
	text_add(error, "\"");
	if (nearest)
		text_addf(error, ", did you mean \"%s\"?", nearest);
	return false;
}

static const char *
role_at(size_t i)
{
	return role_names[i];
}

static bool
set_role(dbv_policy *p, const char *value, struct text *error)
{
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		if (strcmp(role_names[r], value) == 0) {
			p->role = r;
			return true;
		}
	}
	return unknown_name(error, "role", value, ROLE_COUNT, role_at);
}

const char *const mode_names[MODE_NAMES] = { "galera", "replication" };

static const char *
mode_at(size_t i)
{
	return mode_names[i];
}

static bool
set_mode(dbv_policy *p, const char *value, struct text *error)
{
	for (size_t i = 0; i < MODE_NAMES; i++) {
		if (strcmp(mode_names[i], value) == 0) {
			p->mode = i == 0 ? MODE_GALERA : MODE_REPLICATION;
			return true;
		}
	}
	return unknown_name(error, "mode", value, MODE_NAMES, mode_at);
}

static bool
set_text(char **field, const char *value, struct text *error)
{
	char *copy = strdup(value);

	if (!copy)
		return text_out_of_memory(error);
	free(*field);
	*field = copy;
	return true;
}

static bool
set_channel(dbv_policy *p, const char *value, struct text *error)
{
	return set_text(&p->channel, value, error);
}

static bool
set_min_up(dbv_policy *p, const char *value, struct text *error)
{
	double number = 0;

	if (strspn(value, "0123456789") != strlen(value) || !text_to_number(value, &number) ||
		number < 1 || number > 65535) {
		text_add(error, "min-up is not 1..65535: \"");
		text_add_foreign(error, value, 60);
		text_add(error, "\"");
		return false;
	}
	p->min_up = (unsigned)number;
	return true;
}

static const char *
metric_at(size_t i)
{
	return metrics[i].name;
}

/* Splits NAME=REST; a NAME longer than NAME_SIZE is cut, and then is in no table. */
static const char *
split(const char *value, char *name, size_t name_size)
{
	const char *equals = strchr(value, '=');

	if (!equals)
		return NULL;
	size_t n = (size_t)(equals - value);

	if (n >= name_size)
		n = name_size - 1;
	memcpy(name, value, n);
	name[n] = '\0';
	return equals + 1;
}

static bool
set_threshold(struct threshold *table, const char *value, struct text *error)
{
	char name[48];
	const char *range = split(value, name, sizeof(name));
	size_t m = metric_by_name(range ? name : "lag");

	if (m == metric_count)
		return unknown_name(error, "metric", name, metric_count, metric_at);
	struct threshold t = { .given = true };

	if (!range_parse(range ? range : value, &t.range)) {
		text_add(error, "malformed range \"");
		text_add_foreign(error, range ? range : value, 60);
		text_add(error, "\", expected [@]START:END");
		return false;
	}
	table[m] = t;
	return true;
}

static bool
set_warning(dbv_policy *p, const char *value, struct text *error)
{
	return set_threshold(p->warning, value, error);
}

static bool
set_critical(dbv_policy *p, const char *value, struct text *error)
{
	return set_threshold(p->critical, value, error);
}

static const char *
check_id_at(size_t i)
{
	return check_at(i)->id;
}

const enum dbv_severity severity_choices[SEVERITY_CHOICES] = { DBV_IGNORE, DBV_NOTE,
	DBV_COSTS_WEIGHT, DBV_COSTS_NODE };

static const char *
severity_at(size_t i)
{
	return dbv_severity_name(severity_choices[i]);
}

static bool
set_severity(dbv_policy *p, const char *value, struct text *error)
{
	char name[48] = "";
	const char *word = split(value, name, sizeof(name));

	if (!word) {
		text_add(error, "expected CHECK=SEVERITY, not \"");
		text_add_foreign(error, value, 60);
		text_add(error, "\"");
		return false;
	}
	size_t c = check_by_id(name);

	if (c == check_count())
		return unknown_name(error, "check", name, check_count(), check_id_at);
	for (size_t i = 0; i < SEVERITY_CHOICES; i++) {
		if (strcmp(severity_at(i), word) != 0)
			continue;
		for (enum role r = 0; r < ROLE_COUNT; r++) {
			if (check_at(c)->fixed &&
				severity_choices[i] < cell_severity(check_at(c)->cells[r])) {
				text_addf(error,
					"%s says that nothing is known: its severity is fixed",
					name);
				return false;
			}
		}
		p->severity[c].given = true;
		p->severity[c].severity = severity_choices[i];
		return true;
	}
	return unknown_name(error, "severity", word, SEVERITY_CHOICES, severity_at);
}

/* What is remembered is no older. */
static bool
set_seconds(double *field, const char *value, struct text *error)
{
	double seconds = 0;

	if (text_to_number(value, &seconds) && seconds >= 0 && seconds <= HISTORY_AGE_MAX_MS / 1000) {
		*field = seconds;
		return true;
	}
	text_add(error, "not a number of seconds from 0 to 3600: \"");
	text_add_foreign(error, value, 60);
	text_add(error, "\"");
	return false;
}

static bool
set_recover_after(dbv_policy *p, const char *value, struct text *error)
{
	return set_seconds(&p->recover_after, value, error);
}

static bool
set_max_disconnect(dbv_policy *p, const char *value, struct text *error)
{
	return set_seconds(&p->max_disconnect, value, error);
}

/* It goes into statements between backticks. */
static bool
set_canary(dbv_policy *p, const char *value, struct text *error)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$";
	size_t schema = strspn(value, plain);
	size_t table = value[schema] == '.' ? strspn(value + schema + 1, plain) : 0;

	if (schema >= 1 && schema <= 64 && table >= 1 && table <= 64 && !value[schema + 1 + table])
		return set_text(&p->canary, value, error);
	text_add(error, "expected SCHEMA.TABLE of letters, digits, _ and $, not \"");
	text_add_foreign(error, value, 60);
	text_add(error, "\"");
	return false;
}

static bool
set_canary_grace(dbv_policy *p, const char *value, struct text *error)
{
	return set_seconds(&p->canary_grace, value, error);
}

static const struct setting {
	const char *name;
	bool (*set)(dbv_policy *p, const char *value, struct text *error);
} settings[] = {
	{ "role", set_role },
	{ "mode", set_mode },
	{ "channel", set_channel },
	{ "min-up", set_min_up },
	{ "warning", set_warning },
	{ "critical", set_critical },
	{ "severity", set_severity },
	{ "recover-after", set_recover_after },
	{ "max-disconnect", set_max_disconnect },
	{ "canary", set_canary },
	{ "canary-grace", set_canary_grace },
};

static const size_t setting_count = sizeof(settings) / sizeof(settings[0]);

static const char *
setting_at(size_t i)
{
	return settings[i].name;
}

bool
policy_set(dbv_policy *p, const char *name, const char *value, struct text *error)
{
	for (size_t i = 0; i < setting_count; i++)
		if (strcmp(settings[i].name, name) == 0)
			return settings[i].set(p, value, error);
	return unknown_name(error, "setting", name, setting_count, setting_at);
}

bool
dbv_policy_set(dbv_policy *p, const char *name, const char *value, char *error, size_t error_size)
{
	char unwanted[DBV_ERROR_SIZE];
	struct text t = error && error_size ? text_on(error, error_size)
					    : text_on(unwanted, sizeof(unwanted));

	return policy_set(p, name, value, &t);
}
