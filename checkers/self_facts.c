/* SPDX-License-Identifier: MIT
 *
 * What keepalived relies on, as this host and this run have it.
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "observation.h"
#include "self_test.h"

/* The path of PROGRAM part by part, "/" first; the first part that is not safe goes into UNSAFE. */
static void
find_unsafe(const char *program, struct text *unsafe)
{
	for (const char *end = strchr(program, '/'); end; end = strchr(end + 1, '/')) {
		char part[SELF_PATH_MAX];
		struct text t = text_on(part, sizeof(part));
		struct stat st;

		text_add_start(&t, program, end == program ? 1 : (size_t)(end - program));
		if (lstat(part, &st) == 0 && self_is_safe(&st))
			continue;
		text_add(unsafe, part);
		return;
	}
	struct stat st;

	if (lstat(program, &st) != 0 || !self_is_safe(&st))
		text_add(unsafe, program);
}

static void
look_at_program(struct self_facts *f)
{
	struct text unsafe = text_on(f->unsafe, sizeof(f->unsafe));
	struct stat st;
	ssize_t length = readlink("/proc/self/exe", f->program, sizeof(f->program));

	f->program[length > 0 && (size_t)length < sizeof(f->program) ? length : 0] = '\0';
	if (!*f->program || stat(f->program, &st) != 0) {
		*f->program = '\0';
		return;
	}
	f->executable = self_is_executable(&st, geteuid(), getegid());
	find_unsafe(f->program, &unsafe);
}

static void
look_at_user(struct self_facts *f)
{
	struct text name = text_on(f->user, sizeof(f->user));
	const struct passwd *entry = getpwuid(geteuid());
	gid_t groups[64];
	int count = getgroups(64, groups);

	f->is_root = geteuid() == 0;
	f->other_groups = count < 0 || !entry || getegid() != entry->pw_gid;
	for (int i = 0; i < count; i++)
		f->other_groups = f->other_groups || groups[i] != getegid();
	if (entry)
		text_add_foreign(&name, entry->pw_name, sizeof(f->user));
	else
		text_addf(&name, "%u", (unsigned)geteuid());
	f->has_script_user = getpwnam("keepalived_script") != NULL;
}

static void
look_at_option_file(struct self_facts *f)
{
	struct stat st;

	f->file_named = f->settings->defaults_file != NULL;
	f->file = f->file_named ? f->settings->defaults_file : DEFAULTS_FILE;
	f->file_error = 0;
	f->file_mode = 0;
	if (faccessat(AT_FDCWD, f->file, R_OK, AT_EACCESS) != 0 || stat(f->file, &st) != 0)
		f->file_error = errno;
	else
		f->file_mode = st.st_mode;
}

static void
take_server(struct self_server *server, const struct report *r, const struct judged *j)
{
	struct text found = text_on(server->found, sizeof(server->found));
	struct text missing = text_on(server->missing, sizeof(server->missing));
	static const char *const refusals[] = { "server.privilege_missing", "server.canary_unusable",
		"server.processlist_partial" };
	const char *refusal = NULL;

	server->node = j->node;
	server->state = dbv_verdict_state(j->verdict);
	if (server->state == DBV_UP) {
		report_fitness(r, j, &found);
	} else {
		text_add_foreign(&found, j->label, 320);
		text_add(&found, ": ");
		report_reasons(j->verdict, &found, sizeof(server->found) - 1);
	}
	server->answered = j->observation->answers[SOURCE_GLOBAL_STATUS].outcome == ANSWERED;
	for (size_t i = 0; !refusal && i < sizeof(refusals) / sizeof(refusals[0]); i++)
		refusal = dbv_finding_by_id(j->verdict, refusals[i]);
	if (refusal)
		text_add(&missing, refusal);
}

/* An answer that comes late is made of them: they are there until the process ends, or is asked anew. */
static struct self_server *servers;

void
self_end(void)
{
	free(servers);
	servers = NULL;
}

void
self_take(struct self_facts *f, const struct report *r)
{
	self_end();
	servers = calloc(r->count, sizeof(*servers));
	f->warning = r->warning;
	f->elapsed_ms = r->elapsed_ms;
	if (!servers) {
		f->refused = "out of memory";
		return;
	}
	f->servers = servers;
	f->count = r->count;
	for (size_t i = 0; i < r->count; i++)
		take_server(&servers[i], r, &r->nodes[i]);
}

void
self_look_around(struct self_facts *f, const struct settings *s, const struct given *g)
{
	static struct self_server none;
	struct text doubtful = text_on(f->doubtful, sizeof(f->doubtful));
	struct text relative = text_on(f->relative, sizeof(f->relative));

	*f = (struct self_facts){ .settings = s,
		.given = g,
		.refused = "",
		.warning = "",
		.servers = &none,
		.count = 1 };
	look_at_program(f);
	look_at_user(f);
	look_at_option_file(f);
	self_find_doubtful(f->program, g, &doubtful);
	self_find_relative(g, &relative);
}
