/* SPDX-License-Identifier: MIT */
#include "setters.h"

#include <arpa/inet.h>
#include <string.h>

#include "node.h"
#include "policy.h"

bool
to_node(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	for (size_t i = 0; i < s->node_count; i++)
		if (!node_set(s->nodes[i], o->name, value, error))
			return false;
	return true;
}

bool
to_policy(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	return policy_set(s->policy, o->name, value, error);
}

bool
set_mode(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	s->mode = value;
	return to_policy(o, s, value, error);
}

bool
set_role(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	s->role = value;
	s->auto_role = strcmp(value, "auto") == 0;
	return s->auto_role || to_policy(o, s, value, error);
}

static bool
number_between(const char *value, double least, double most, double *out, struct text *error)
{
	if (text_to_number(value, out) && *out >= least && *out <= most)
		return true;
	text_add(error, "\"");
	text_add_foreign(error, value, 60);
	text_add(error, "\" is not a number from ");
	text_add_number(error, least);
	text_add(error, " to ");
	text_add_number(error, most);
	return false;
}

bool
set_timeout(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o;
	return number_between(value, 0.1, 3600, &s->timeout, error);
}

static bool
whole_between(const char *value, unsigned least, unsigned most, unsigned *out, struct text *error)
{
	double number = 0;

	if (strspn(value, "0123456789") != strlen(value)) {
		text_add(error, "\"");
		text_add_foreign(error, value, 60);
		text_addf(error, "\" is not a whole number from %u to %u", least, most);
		return false;
	}
	if (!number_between(value, least, most, &number, error))
		return false;
	*out = (unsigned)number;
	return true;
}

bool
set_dynamic(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o;
	return whole_between(value, 1, 253, &s->dynamic, error);
}

bool
set_attempts(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o;
	return whole_between(value, 1, 10, &s->attempts, error);
}

bool
set_catch_up_timeout(
	const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o;
	return number_between(value, 0, 3600, &s->catch_up_timeout, error);
}

/* What resource agents and Pacemaker itself take for true, and its contrary. */
static bool
is_boolean(const char *value, bool *out, struct text *error)
{
	static const struct {
		const char *word;
		bool means;
	} words[] = { { "true", true }, { "yes", true }, { "on", true }, { "1", true },
		{ "y", true }, { "ja", true }, { "false", false }, { "no", false },
		{ "off", false }, { "0", false }, { "n", false } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!text_equal_nocase(value, words[i].word))
			continue;
		*out = words[i].means;
		return true;
	}
	text_add(error, "\"");
	text_add_foreign(error, value, 60);
	text_add(error, "\" is neither true nor false");
	return false;
}

bool
set_manage_read_only(
	const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o;
	/* On the command line it is a flag. */
	if (!*value)
		return s->manage_read_only = true;
	return is_boolean(value, &s->manage_read_only, error);
}

bool
set_end_connections(
	const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o;
	return is_boolean(value, &s->end_connections, error);
}

bool
set_write_ip(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	unsigned char address[16];

	(void)o;
	s->write_ip = value;
	if (inet_pton(AF_INET, value, address) == 1 || inet_pton(AF_INET6, value, address) == 1)
		return true;
	text_add(error, "no IP address: ");
	text_add_foreign(error, value, 60);
	return false;
}

static bool
set_path(const char **path, const char *value, struct text *error)
{
	if (!*value) {
		text_add(error, "the path is empty");
		return false;
	}
	*path = value;
	return true;
}

bool
set_maintenance_file(
	const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o;
	return set_path(&s->maintenance_file, value, error);
}

bool
set_state_dir(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o;
	return set_path(&s->state_dir, value, error);
}

/* It goes into statements between backticks. */
bool
set_schema(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o;
	s->schema = value;
	if (*value && strlen(value) <= 64 &&
		strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
			strlen(value))
		return true;
	text_add(error, "letters, digits and _ only, not \"");
	text_add_foreign(error, value, 60);
	text_add(error, "\"");
	return false;
}

/* It goes into statements between single quotes, and onto a terminal. */
bool
set_account(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	const char *at = strrchr(value, '@');
	char clean[256];
	struct text t = text_on(clean, sizeof(clean));

	(void)o;
	s->account = value;
	text_add_foreign(&t, value, 201);
	bool fits = *value && at != value && !(at && !at[1]) && strlen(value) <= 200 &&
		    strcmp(clean, value) == 0;

	for (const char *c = value; *c; c++)
		fits = fits && (unsigned char)*c > ' ' && !strchr("'\"`\\", *c);
	if (fits)
		return true;
	text_add(
		error, "expected NAME or NAME@HOST without blanks, quotes and backslashes, not \"");
	text_add_foreign(error, value, 60);
	text_add(error, "\"");
	return false;
}

bool
set_defaults_file(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o, (void)error;
	s->defaults_file = value;
	return true;
}

bool
set_suffix(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o, (void)error;
	s->defaults_group_suffix = value;
	return true;
}

bool
set_syslog(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o, (void)value, (void)error;
	return s->syslog = true;
}

bool
set_json(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o, (void)value, (void)error;
	return s->json = true;
}

bool
set_verbose(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o, (void)value, (void)error;
	return s->verbose = true;
}

bool
set_self_test(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o, (void)value, (void)error;
	return s->self_test = true;
}

bool
set_help(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o, (void)value, (void)error;
	return s->help = true;
}

bool
set_version(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	(void)o, (void)value, (void)error;
	return s->version = true;
}
