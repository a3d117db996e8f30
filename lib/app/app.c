/* SPDX-License-Identifier: MIT
 *
 * One run of an executable: options, look, verdict, answer.
 */
#include "app.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard.h"
#include "node.h"
#include "option_file.h"
#include "policy.h"

/* Beyond the deadline, in which the run ends by itself. */
static const int64_t alarm_grace_ms = 100;

struct run {
	const struct app *app;
	struct given given;
	struct settings settings;
	struct text error;
	struct text warning;
	int64_t began;
	bool in_maintenance;
	char error_buf[DBV_ERROR_SIZE];
	char warning_buf[DBV_ERROR_SIZE];
	/* Of a node with as many channels as are kept, each with something wrong. */
	char out_buf[1024 * 1024];
};

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

/* A usage error: one line on standard error. Where standard output is the verdict, it says the same
 * there. */
static int
refuse(struct run *r)
{
	char line[DBV_ERROR_SIZE + 64];
	struct text t = text_on(line, sizeof(line));

	text_addf(&t, "%s: %s\n", r->app->name, r->error.buf);
	write_all(2, t.buf, t.len);
	return r->app->usage_status;
}

static int
print_help(struct run *r)
{
	struct text out = text_on(r->out_buf, sizeof(r->out_buf));

	text_addf(&out, "Usage: %s [OPTION]...\n%s\n\n", r->app->name, r->app->purpose);
	options_help(r->app->program, &out);
	write_all(1, out.buf, out.len);
	return r->app->usage_status;
}

static int
print_version(struct run *r)
{
	struct text out = text_on(r->out_buf, sizeof(r->out_buf));

	text_addf(&out, "%s %s\n", r->app->name, dbv_version());
	write_all(1, out.buf, out.len);
	return r->app->usage_status;
}

/* The option file's name is only known when the command line has been read; help and version must
 * not depend on it. */
static bool
read_options(struct run *r, char **argv)
{
	struct given *g = &r->given;

	if (!options_parse(g, r->app->program, argv, &r->error))
		return false;
	for (size_t i = 0; i < g->count; i++) {
		const struct option *o = g->sayings[i].option;
		bool early = o == option_by_name("defaults-file", PROGRAM_ALL) ||
			     o == option_by_name("defaults-group-suffix", PROGRAM_ALL) ||
			     o == option_by_name("help", PROGRAM_ALL) ||
			     o == option_by_name("version", PROGRAM_ALL);

		if (early && !o->apply(o, &r->settings, g->sayings[i].value, &r->error))
			return false;
	}
	const struct settings *s = &r->settings;

	if (s->help || s->version)
		return true;
	return option_file_read(g, s->defaults_file ? s->defaults_file : DEFAULTS_FILE,
		       s->defaults_file != NULL, s->defaults_group_suffix, &r->error,
		       &r->warning) &&
	       options_apply(g, &r->settings, &r->error);
}

static bool
is_same_address(const struct sockaddr *a, int family, const void *wanted)
{
	if (!a || a->sa_family != family)
		return false;
	if (family == AF_INET)
		return memcmp(&((const struct sockaddr_in *)(const void *)a)->sin_addr, wanted,
			       4) == 0;
	return memcmp(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr, wanted, 16) == 0;
}

/* Does this host have ADDRESS? -1 where that cannot be told. */
static int
has_address(const char *address)
{
	unsigned char wanted[16];
	int family = strchr(address, ':') ? AF_INET6 : AF_INET;
	struct ifaddrs *list = NULL;
	int has = 0;

	if (inet_pton(family, address, wanted) != 1 || getifaddrs(&list) != 0)
		return -1;
	for (const struct ifaddrs *i = list; i && !has; i = i->ifa_next)
		has = is_same_address(i->ifa_addr, family, wanted);
	freeifaddrs(list);
	return has;
}

static bool
settle_role(struct run *r)
{
	struct settings *s = &r->settings;

	if (!s->auto_role)
		return true;
	if (!s->write_ip) {
		text_add(&r->error, "--role=auto wants --write-ip");
		return false;
	}
	int has = has_address(s->write_ip);

	if (has < 0) {
		text_add(&r->error, "--write-ip: no address, or the host's cannot be listed: ");
		text_add_foreign(&r->error, s->write_ip, 60);
		return false;
	}
	return dbv_policy_set(s->policy, "role", has ? "write" : "promote", NULL, 0);
}

/* Looks for the maintenance file before the server is asked: where it cannot be told whether it is
 * there, nothing can be said at all. */
static bool
find_maintenance(struct run *r)
{
	const char *path = r->settings.maintenance_file;
	struct stat st;

	if (!path)
		return true;
	r->in_maintenance = stat(path, &st) == 0;
	if (r->in_maintenance || errno == ENOENT || errno == ENOTDIR)
		return true;
	text_addf(&r->error, "--maintenance-file: %.120s: %s", path, strerror(errno));
	return false;
}

static bool
tell_maintenance(struct run *r)
{
	return !r->in_maintenance ||
	       dbv_node_tell(r->settings.node, "maintenance-file", r->settings.maintenance_file);
}

static int
fail(struct run *r, const char *why)
{
	struct text out = text_on(r->out_buf, sizeof(r->out_buf));

	text_addf(&out, "%s%s\n", r->app->failed_prefix, why);
	write_all(1, out.buf, out.len);
	return r->app->failed_status;
}

static int
answer(struct run *r, const dbv_verdict *verdict)
{
	const struct settings *s = &r->settings;
	struct text out = text_on(r->out_buf, sizeof(r->out_buf));
	struct report report = {
		.settings = s,
		.verdict = verdict,
		.observation = dbv_node_observation(s->node),
		.role = role_names[s->policy->role],
		.mode = s->mode ? s->mode : "galera",
		.warning = r->warning.buf,
		.elapsed_ms = dbv_now() - r->began,
	};

	int status = r->app->status(&report);

	if (s->json)
		report_json(&report, &out);
	else
		r->app->print(&report, &out);
	guard_answer(status);
	write_all(1, out.buf, out.len);
	return status;
}

/* OpenSSL reads the system's list of authorities for every connection, ten times the work of all
 * the rest, also where nothing is verified with it. */
static void
spare_authorities(const dbv_node *node)
{
	if (node->ssl_mode < SSL_VERIFY_CA)
		setenv("SSL_CERT_FILE", "/dev/null", 1);
}

static int
look_and_answer(struct run *r)
{
	struct settings *s = &r->settings;
	int64_t budget = (int64_t)(s->timeout * 1000);

	spare_authorities(s->node);
	guard_node(s->node);
	guard_alarm(budget - (dbv_now() - r->began) + alarm_grace_ms);
	if (!dbv_observe(&s->node, 1, s->policy, r->began + budget) || !tell_maintenance(r))
		return fail(r, "out of memory");
	dbv_verdict *verdict = dbv_judge(dbv_node_observation(s->node), NULL, s->policy);
	int status = verdict ? answer(r, verdict) : fail(r, "out of memory");

	dbv_verdict_free(verdict);
	return status;
}

static int
run(struct run *r, char **argv)
{
	struct settings *s = &r->settings;

	s->node = dbv_node_new();
	s->policy = dbv_policy_new();
	if (!s->node || !s->policy)
		return fail(r, "out of memory");
	if (!read_options(r, argv))
		return refuse(r);
	if (s->help)
		return print_help(r);
	if (s->version)
		return print_version(r);
	if (!settle_role(r) || !find_maintenance(r))
		return refuse(r);
	return look_and_answer(r);
}

void
app_main(const struct app *app, char **argv)
{
	static struct run r;

	r.app = app;
	r.began = dbv_now();
	r.settings.timeout = 3;
	r.error = text_on(r.error_buf, sizeof(r.error_buf));
	r.warning = text_on(r.warning_buf, sizeof(r.warning_buf));
	guard_descriptors();
	guard_signals(app);
	/* Until the options have said how long it may take. */
	guard_alarm((int64_t)(r.settings.timeout * 1000) + alarm_grace_ms);
	guard_memory();
	int status = run(&r, argv);

	given_free(&r.given);
	guard_node(NULL);
	dbv_node_free(r.settings.node);
	dbv_policy_free(r.settings.policy);
	guard_exit(status);
}
