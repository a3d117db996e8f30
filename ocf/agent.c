/* SPDX-License-Identifier: MIT */
#include "agent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "actions.h"
#include "guard.h"
#include "metadata.h"
#include "option_file.h"
#include "policy.h"

/* What Pacemaker grants an operation whose time-out nobody set. */
#define PATIENCE_MS 20000

/* Kept of it for ending: a tenth, at most. Most of that is for what follows on something that was late; then the alarm ends
 * the process. */
#define ENDING_MS 500

const char *
turn_misconfigured(const struct turn *t)
{
	return t->configured == OCF_ERR_GENERIC ? "node.checker_failed" : "parameters";
}

static void
log_warning(struct turn *t)
{
	if (t->run.warning.len > 0)
		turn_log(t, LOG_WARNING, "%s", t->run.warning.buf);
}

int
agent_validate(struct turn *t)
{
	log_warning(t);
	return t->configured == OCF_SUCCESS ? OCF_SUCCESS
					    : turn_fail(t, t->configured, "%s (%s)",
						      t->run.error.buf, turn_misconfigured(t));
}

int
agent_validate_start(struct turn *t)
{
	int status = agent_validate(t);

	return status == OCF_ERR_CONFIGURED ? OCF_ERR_ARGS : status;
}

/* Every action reads its parameters anew. What is wrong with them shows in the next monitor, which takes no address away. */
int
agent_reload(struct turn *t)
{
	if (t->configured != OCF_SUCCESS)
		turn_log(t, LOG_ERR, "%s", t->run.error.buf);
	log_warning(t);
	return OCF_SUCCESS;
}

/* "vip:1" is an instance of vip. */
static void
name_resource(struct turn *t)
{
	const char *instance = getenv("OCF_RESOURCE_INSTANCE");
	struct text r = text_on(t->resource, sizeof(t->resource));

	if (!instance || !*instance)
		instance = t->agent->app.name;
	for (; *instance && *instance != ':'; instance++)
		text_addf(&r, "%c", strchr("/\"'", *instance) ? '_' : *instance);
	snprintf(t->title, sizeof(t->title), "%s(%s)", t->agent->app.name, t->resource);
	t->app = t->agent->app;
	t->app.name = t->title;
}

static int64_t
milliseconds_in(const char *variable, int64_t otherwise)
{
	const char *value = getenv(variable);
	double ms = 0;

	return value && text_to_number(value, &ms) && ms >= 0 && ms < 1e12 ? (int64_t)ms
									   : otherwise;
}

static void
take_time(struct turn *t)
{
	t->patience = milliseconds_in("OCF_RESKEY_CRM_meta_timeout", PATIENCE_MS);
	if (t->patience < 1000)
		t->patience = PATIENCE_MS;
	int64_t ending = t->patience / 10 < ENDING_MS ? t->patience / 10 : ENDING_MS;

	t->deadline = t->run.began + t->patience - ending;
	guard_alarm(t->deadline + ending * 3 / 4 - dbv_now());
	t->is_probe = milliseconds_in("OCF_RESKEY_CRM_meta_interval", 0) == 0;
}

static bool
read_option_file(struct turn *t)
{
	struct run *r = &t->run;
	const struct settings *s = &r->settings;

	return option_file_read(&r->given, s->defaults_file ? s->defaults_file : DEFAULTS_FILE,
		s->defaults_file != NULL, s->defaults_group_suffix, &r->error, &r->warning);
}

/* Which option file to read is known when the parameters have been read; and what a demotion goes by where it cannot be read. */
static bool
find_option_file(struct turn *t)
{
	struct run *r = &t->run;
	char unread[DBV_ERROR_SIZE];

	for (size_t i = 0; i < r->given.count; i++) {
		const struct saying *said = &r->given.sayings[i];
		bool early = strncmp(said->option->name, "defaults-", 9) == 0;
		struct text later = text_on(unread, sizeof(unread));

		if (strcmp(said->option->name, "end-connections") == 0)
			said->option->apply(said->option, &r->settings, said->value, &later);
		if (early &&
			!said->option->apply(said->option, &r->settings, said->value, &r->error))
			return false;
	}
	return true;
}

/* OCF_SUCCESS, or what start says of parameters that cannot be used: the cluster's, the same on all hosts, or this host's
 * option file. */
static int
judge_parameters(struct turn *t)
{
	struct run *r = &t->run;

	if (getenv("OCF_RESKEY_password")) {
		text_add(&r->error,
			"password: belongs into the option file, where no cluster shows it");
		return OCF_ERR_CONFIGURED;
	}
	if (!options_from_environment(&r->given, t->app.program, environ, &r->error) ||
		!find_option_file(t))
		return OCF_ERR_CONFIGURED;
	if (!read_option_file(t))
		return OCF_ERR_ARGS;
	if (!options_apply(&r->given, &r->settings, &r->error))
		return OCF_ERR_CONFIGURED;
	if (t->app.program == PROGRAM_WRITE_IP &&
		(!r->settings.write_ip || !*r->settings.write_ip)) {
		text_add(&r->error, "ip is missing");
		return OCF_ERR_CONFIGURED;
	}
	return OCF_SUCCESS;
}

/* What this host lacks says nothing about the parameters: the next attempt may read them. */
static int
read_parameters(struct turn *t)
{
	int status = judge_parameters(t);

	return status != OCF_SUCCESS && t->run.error.lacking ? OCF_ERR_GENERIC : status;
}

/* What all looks of one action may take together: half of the cluster's patience, and of a monitor that comes again so little that
 * no score is older than SCORE_AGE_MAX_MS, or a second where it comes too seldom for that. */
static int64_t
looks_ms(const struct turn *t)
{
	int64_t interval = milliseconds_in("OCF_RESKEY_CRM_meta_interval", 0);
	int64_t fresh = SCORE_AGE_MAX_MS - SCORE_TELL_MS - interval;

	if (fresh < 1000)
		fresh = 1000;
	return interval > 0 && fresh < t->patience / 2 ? fresh : t->patience / 2;
}

static void
prepare(struct turn *t)
{
	struct run *r = &t->run;
	const char *ip = getenv("OCF_RESKEY_ip");

	r->app = &t->app;
	r->log = turn_log_change;
	/* Whether this host has the address must not depend on any other parameter. */
	r->settings.write_ip = ip && *ip ? ip : NULL;
	/* Nor that clients notice when it goes. */
	r->settings.end_connections = true;
	r->error = text_on(r->error_buf, sizeof(r->error_buf));
	r->warning = text_on(r->warning_buf, sizeof(r->warning_buf));
	r->settings.program = t->app.program;
	r->settings.syslog = true;
	r->settings.policy = dbv_policy_new();
	if (!r->settings.policy) {
		text_out_of_memory(&r->error);
		t->configured = OCF_ERR_GENERIC;
		return;
	}
	t->configured = read_parameters(t);
	r->settings.role = "auto";
	r->settings.auto_role = r->settings.write_ip != NULL;
	if (t->configured == OCF_SUCCESS) {
		int64_t most = looks_ms(t) / r->settings.attempts;

		t->look_ms = (int64_t)(r->settings.timeout * 1000);
		t->look_ms = t->look_ms < most ? t->look_ms : most;
	}
	guard_memory(1);
}

static const struct action *
find_action(const struct agent *agent, const char *name)
{
	const struct action *a = agent->actions;

	while (name && a->name && strcmp(a->name, name) != 0)
		a++;
	return name && a->name ? a : NULL;
}

static int
print_usage(const struct agent *agent)
{
	dprintf(2, "usage: %s ACTION, where ACTION is one of:", agent->app.name);
	for (const struct action *a = agent->actions; a->name; a++)
		if (a == agent->actions || strcmp(a->name, a[-1].name) != 0)
			dprintf(2, " %s", a->name);
	dprintf(2, "\n");
	return OCF_ERR_UNIMPLEMENTED;
}

int
agent_metadata(struct turn *t)
{
	static char buf[128 * 1024];
	struct text out = text_on(buf, sizeof(buf));

	metadata_print(t->agent, &out);
	return !out.cut && write(1, out.buf, out.len) == (ssize_t)out.len ? OCF_SUCCESS
									  : OCF_ERR_GENERIC;
}

void
agent_main(const struct agent *agent, char **argv)
{
	static struct turn t;
	const char *name = argv[0] ? argv[1] : NULL;
	const struct action *action = find_action(agent, name);
	int status = OCF_SUCCESS;

	t = (struct turn){ .agent = agent, .action = action };
	t.run.began = dbv_now();
	guard_descriptors();
	guard_signals(&agent->app);
	if (!action)
		status = print_usage(agent);
	else if (action->act == agent_metadata)
		status = agent_metadata(&t);
	else {
		name_resource(&t);
		take_time(&t);
		prepare(&t);
		record_read(t.resource, &t.record);
		status = action->act(&t);
		turn_tell_log(&t, status);
	}
	given_free(&t.run.given);
	guard_nodes(NULL, 0);
	if (t.run.settings.policy)
		settings_end(&t.run.settings);
	guard_exit(status);
}
