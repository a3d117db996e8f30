/* SPDX-License-Identifier: MIT
 *
 * One run of an executable: options, then its own work or look, verdict, answer.
 */
#include "app.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"
#include "looking.h"
#include "option_file.h"
#include "policy.h"

/* Beyond the deadline, in which the run ends by itself. */
static const int64_t alarm_grace_ms = 100;

/* Enough for the tables of checks and metrics, and for a hundred nodes that are well. */
#define OUT_AT_FIRST ((size_t)256 * 1024)

static bool
write_all(int fd, const char *s, size_t n)
{
	while (n > 0) {
		ssize_t put = write(fd, s, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		s += put;
		n -= (size_t)put;
	}
	return true;
}

void
app_print(struct run *r)
{
	write_all(1, r->out.buf, r->out.len);
	r->out = text_on(r->out.buf, r->out.size);
}

/* What was given comes back in what is said of it, and may have bytes that a terminal obeys. */
static void
clean(struct text *t)
{
	char raw[sizeof(((struct run *)NULL)->warning_buf)];
	struct text copy = text_on(raw, sizeof(raw));

	text_add(&copy, t->buf);
	*t = text_on(t->buf, t->size);
	text_add_foreign(t, raw, sizeof(raw));
}

int
app_refuse(struct run *r)
{
	char line[DBV_ERROR_SIZE + 64];
	struct text t = text_on(line, sizeof(line));

	clean(&r->error);
	if (r->app->refuse && r->app->refuse(r))
		return r->app->usage_status;
	text_addf(&t, "%s: %s\n", r->app->name, r->error.buf);
	write_all(2, t.buf, t.len);
	return r->app->usage_status;
}

int
app_fail(struct run *r, const char *why)
{
	char line[DBV_ERROR_SIZE + 64];
	struct text t = text_on(line, sizeof(line));

	text_add(&t, r->app->failed_prefix);
	text_add_foreign(&t, why, DBV_ERROR_SIZE);
	text_add(&t, "\n");
	write_all(1, t.buf, t.len);
	return r->app->failed_status;
}

static bool
make_room(struct run *r, size_t size)
{
	free(r->out.buf);
	r->out = (struct text){ .buf = malloc(size) };
	if (!r->out.buf)
		return false;
	r->out = text_on(r->out.buf, size);
	return true;
}

/* Into a buffer that grows until all of it fits: half an answer is none. */
static bool
write_out(struct run *r, const struct report *report)
{
	for (;;) {
		if (r->settings.json && !r->settings.self_test)
			report_json(report, &r->out);
		else
			r->app->print(report, &r->out);
		if (!r->out.cut)
			return true;
		if (!make_room(r, 2 * r->out.size))
			return false;
	}
}

int
app_answer(struct run *r, const struct judged *nodes, size_t count, const dbv_verdict *cluster)
{
	const struct settings *s = &r->settings;

	clean(&r->warning);
	struct report report = {
		.settings = s,
		.given = &r->given,
		.nodes = nodes,
		.count = count,
		.cluster = cluster,
		.holder = r->holder,
		.role = role_names[s->policy->role],
		.mode = s->mode ? s->mode : "galera",
		.warning = r->warning.buf,
		.elapsed_ms = dbv_now() - r->began,
	};
	int status = r->app->status(&report);

	if (!write_out(r, &report))
		return app_fail(r, "out of memory");
	guard_answer(status);
	app_print(r);
	return status;
}

static int
print_help(struct run *r)
{
	text_addf(&r->out, "Usage: %s [OPTION]...%s%s\n%s\n\n", r->app->name,
		r->app->operands ? " " : "", r->app->operands ? r->app->operands : "",
		r->app->purpose);
	options_help(r->app->program, &r->out);
	app_print(r);
	return r->app->help_status;
}

static int
print_version(struct run *r)
{
	text_addf(&r->out, "%s %s\n", r->app->name, dbv_version());
	app_print(r);
	return r->app->help_status;
}

static bool
add_hosts(struct run *r)
{
	struct given *g = &r->given;
	const struct option *host = option_by_name("host", PROGRAM_ALL);

	for (size_t i = 0; r->app->operands_are_hosts && i < g->operand_count; i++)
		if (!given_add(g, host, ORIGIN_COMMAND_LINE, g->operands[i]))
			return text_out_of_memory(&r->error);
	return true;
}

/* The option file's name is only known when the command line has been read; help and version must
 * not depend on it. */
static bool
read_options(struct run *r, char **argv)
{
	struct given *g = &r->given;

	g->takes_operands = r->app->operands != NULL;
	if (!options_parse(g, r->app->program, argv, &r->error) || !add_hosts(r))
		return false;
	for (size_t i = 0; i < g->count; i++) {
		const struct option *o = g->sayings[i].option;
		bool early = o == option_by_name("defaults-file", PROGRAM_ALL) ||
			     o == option_by_name("defaults-group-suffix", PROGRAM_ALL) ||
			     o == option_by_name("help", PROGRAM_ALL) ||
			     o == option_by_name("self-test", PROGRAM_ALL) ||
			     o == option_by_name("version", PROGRAM_ALL);

		if (early && !o->apply(o, &r->settings, g->sayings[i].value, &r->error))
			return false;
	}
	const struct settings *s = &r->settings;

	if (s->help || s->version)
		return true;
	if ((r->app->program & PROGRAMS_THAT_CONNECT) &&
		!option_file_read(g, s->defaults_file ? s->defaults_file : DEFAULTS_FILE,
			s->defaults_file != NULL, s->defaults_group_suffix, &r->error, &r->warning))
		return false;
	return options_apply(g, &r->settings, &r->error);
}

static int
run(struct run *r, char **argv)
{
	struct settings *s = &r->settings;

	s->policy = dbv_policy_new();
	if (!s->policy || !make_room(r, OUT_AT_FIRST))
		return app_fail(r, "out of memory");
	if (!read_options(r, argv))
		return app_refuse(r);
	if (s->help)
		return print_help(r);
	if (s->version)
		return print_version(r);
	guard_memory(s->node_count);
	r->deadline = r->began + (int64_t)(s->timeout * 1000);
	guard_alarm(r->deadline - dbv_now() + alarm_grace_ms);
	if (r->app->begin)
		r->app->begin(r);
	return r->app->own ? r->app->own(r) : look_and_answer(r);
}

void
app_main(const struct app *app, char **argv)
{
	static struct run r;

	r = (struct run){ .app = app, .began = dbv_now() };
	r.settings.program = app->program;
	r.settings.timeout = options_timeout(app->program);
	r.error = text_on(r.error_buf, sizeof(r.error_buf));
	r.warning = text_on(r.warning_buf, sizeof(r.warning_buf));
	guard_descriptors();
	guard_signals(app);
	/* Until the options have said how long it may take. */
	guard_alarm((int64_t)(r.settings.timeout * 1000) + alarm_grace_ms);
	guard_memory(1);
	int status = run(&r, argv);

	given_free(&r.given);
	guard_nodes(NULL, 0);
	settings_end(&r.settings);
	if (app->end)
		app->end();
	free(r.out.buf);
	guard_exit(status);
}
