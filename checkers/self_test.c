/* SPDX-License-Identifier: MIT
 *
 * From the facts to what is right and wrong: a row for each thing that keepalived relies on.
 */
#include "self_test.h"

#include <errno.h>
#include <string.h>

#include "node.h"
#include "policy.h"

enum mark {
	/* Not worth a line here. */
	MARK_NONE,
	MARK_OK,
	MARK_NOTE,
	MARK_WRONG,
	/* Something else that is wrong keeps it from being tried. */
	MARK_UNTRIED,
};

bool
self_is_safe(const struct stat *st)
{
	bool sticky = S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX);
	bool group = st->st_gid != 0 && (st->st_mode & S_IWGRP);

	return st->st_uid == 0 && (sticky || !(group || (st->st_mode & S_IWOTH)));
}

bool
self_is_executable(const struct stat *st, uid_t uid, gid_t gid)
{
	if (uid == 0)
		return st->st_mode & (S_IXUSR | S_IXGRP | S_IXOTH);
	return st->st_mode & (uid == st->st_uid ? S_IXUSR : gid == st->st_gid ? S_IXGRP : S_IXOTH);
}

static enum mark
program(const struct self_facts *f, struct text *why, struct text *cure)
{
	if (!*f->program) {
		text_add(why, "where it is cannot be told");
		text_add(cure, "is /proc mounted, and the file not replaced meanwhile?");
		return MARK_WRONG;
	}
	text_add_foreign(why, *f->unsafe ? f->unsafe : f->program, 300);
	if (*f->unsafe) {
		text_add(why,
			" can be changed by others than root: keepalived drops such a check where root runs it, and the server stays in for ever");
		text_add(cure, "chown root:root, chmod go-w");
		return MARK_WRONG;
	}
	if (!f->executable) {
		text_addf(why,
			" is not executable for %s by its mode: keepalived drops such a check, and the server stays in for ever",
			f->user);
		text_add(cure, "chmod 0755");
		return MARK_WRONG;
	}
	text_add(why, ", which only root can change");
	return MARK_OK;
}

static void
add_run_as(const struct self_facts *f, const char *name, struct text *cure)
{
	text_addf(cure, "setpriv --reuid=%s --regid=%s --clear-groups ", name, name);
	self_add_command(f, NULL, cure);
	text_add(cure, " --self-test");
}

static enum mark
user(const struct self_facts *f, struct text *why, struct text *cure)
{
	text_add(why, f->user);
	if (f->is_root) {
		text_add(why, "; what another script_user may do is not tested");
		if (f->has_script_user)
			add_run_as(f, "keepalived_script", cure);
		else
			text_add(cure,
				"better a script_user of its own: useradd --system --user-group keepalived_script");
		return MARK_NOTE;
	}
	if (!f->other_groups)
		return MARK_OK;
	text_add(why, " with other groups than its own: keepalived takes them away");
	add_run_as(f, f->user, cure);
	return MARK_WRONG;
}

static bool
is_file_at_fault(const struct self_facts *f)
{
	if (f->file_error)
		return f->file_named || (f->file_error != ENOENT && f->file_error != ENOTDIR);
	return f->file_mode & (S_IWGRP | S_IWOTH);
}

static enum mark
option_file(const struct self_facts *f, struct text *why, struct text *cure)
{
	text_add_foreign(why, f->file, 300);
	if (f->file_error) {
		text_addf(why, ": %s", strerror(f->file_error));
		text_add(cure,
			"[dbvitals] with user and password in it, chown root:GROUP of that user, chmod 0640");
		return is_file_at_fault(f) ? MARK_WRONG : MARK_NOTE;
	}
	if (!is_file_at_fault(f))
		return MARK_OK;
	text_add(why, " can be changed by others than its owner");
	text_add(cure, "chmod 0640");
	return MARK_WRONG;
}

static enum mark
options_given(const struct self_facts *f, struct text *why, struct text *cure)
{
	(void)cure;
	if (!*f->refused) {
		text_add(why, "understood");
		return MARK_OK;
	}
	if (is_file_at_fault(f))
		return MARK_UNTRIED;
	text_add(why, f->refused);
	return MARK_WRONG;
}

static enum mark
answer(const struct self_facts *f, const struct self_server *server, struct text *why,
	struct text *cure)
{
	static const enum mark marks[] = { [DBV_UP] = MARK_OK,
		[DBV_DEGRADED] = MARK_NOTE,
		[DBV_UNKNOWN] = MARK_WRONG,
		[DBV_DOWN] = MARK_WRONG };

	if (*f->refused)
		return MARK_UNTRIED;
	text_addf(why, "%s: %s", dbv_state_name(server->state), server->found);
	if (server->state != DBV_UP)
		text_add(cure, "the same with -v instead of --self-test says more");
	return marks[server->state];
}

static enum mark
privileges(const struct self_facts *f, const struct self_server *server, struct text *why,
	struct text *cure)
{
	const struct settings *s = f->settings;

	if (!*server->missing && !server->answered)
		return MARK_UNTRIED;
	if (f->count > 1)
		text_addf(why, "%s: ", dbv_node_label(server->node));
	if (*server->missing) {
		text_add(why, server->missing);
		return MARK_WRONG;
	}
	if (s->auto_role && s->policy->canary && s->policy->role != ROLE_WRITE) {
		text_add(why, "the canary is not tried: the address is not here");
		text_add(cure, "the same once more with --role=write in place of --role=auto");
		return MARK_NOTE;
	}
	text_addf(why, "all that role %s needs", role_names[s->policy->role]);
	return MARK_OK;
}

unsigned
self_seconds_to_allow(const struct settings *s)
{
	unsigned whole = (unsigned)s->timeout;

	return whole + (whole < s->timeout) + 1;
}

/* Half of it is left for a bad day. */
static enum mark
time_taken(const struct self_facts *f, struct text *why, struct text *cure)
{
	if (*f->refused)
		return MARK_UNTRIED;
	text_addf(why, "%lld ms of the ", (long long)f->elapsed_ms);
	text_add_number(why, f->settings->timeout);
	text_add(why, " s of -t");
	if ((double)f->elapsed_ms * 2 <= f->settings->timeout * 1000) {
		text_addf(why, "; %s at least %u",
			self_is_vrrp(f) ? "timeout and interval" : "misc_timeout",
			self_seconds_to_allow(f->settings));
		return MARK_OK;
	}
	text_add(why, ": more than half");
	text_add(cure, "find out what is slow, or raise -t to twice what it takes");
	return MARK_WRONG;
}

static enum mark
warning(const struct self_facts *f, struct text *why, struct text *cure)
{
	(void)cure;
	text_add(why, f->warning);
	return *f->warning ? MARK_WRONG : MARK_NONE;
}

static enum mark
weight(const struct self_facts *f, struct text *why, struct text *cure)
{
	const struct settings *s = f->settings;

	if (*f->refused)
		return MARK_UNTRIED;
	if (s->dynamic && s->auto_role) {
		text_add(why,
			"--dynamic with --role=auto: a vrrp_script takes every weight for a failure");
		text_add(cure, "leave --dynamic out");
		return MARK_WRONG;
	}
	if (s->dynamic) {
		text_addf(why,
			"%u at most: only with misc_dynamic, and with weight %u of the real_server",
			s->dynamic, s->dynamic);
		return MARK_OK;
	}
	text_addf(why, "none, exit status 0 or 1: %s",
		self_is_vrrp(f) ? "for a vrrp_script" : "without misc_dynamic");
	return MARK_OK;
}

static enum mark
role(const struct self_facts *f, struct text *why, struct text *cure)
{
	const struct settings *s = f->settings;
	enum role wanted = s->policy->role;

	if (*f->refused || !self_is_vrrp(f) || s->auto_role || wanted == ROLE_READ)
		return MARK_NONE;
	text_addf(why, "%s, whoever has the address", role_names[wanted]);
	text_add(cure, "for a write address: --role=auto --write-ip=ADDRESS");
	return MARK_NOTE;
}

static enum mark
real_server(const struct self_facts *f, const struct self_server *server, struct text *why,
	struct text *cure)
{
	struct addresses unwanted;

	if (*f->refused || self_is_vrrp(f))
		return MARK_NONE;
	if (!self_names_host(f)) {
		text_add(why, "not named");
		text_add(cure, "-H ADDRESS");
		return MARK_WRONG;
	}
	const char *host = server->node->host;

	if (resolve_numeric(host, &unwanted))
		return MARK_NONE;
	text_add_foreign(why, host, 100);
	text_add(why, " is a name, and down whenever it does not resolve in time");
	text_add(cure, "-H ADDRESS; or put the address in place of ADDRESS below");
	return MARK_NOTE;
}

static enum mark
quoting(const struct self_facts *f, struct text *why, struct text *cure)
{
	if (!*f->doubtful)
		return MARK_NONE;
	text_add(why, f->doubtful);
	text_add(why, ": versions of keepalived read such characters differently");
	text_add(cure, "do without quotes, $, #, !, \\ and the like in this word");
	return MARK_WRONG;
}

static enum mark
paths(const struct self_facts *f, struct text *why, struct text *cure)
{
	if (!*f->relative)
		return MARK_NONE;
	text_add(why, f->relative);
	text_add(why, " depends on the folder, and keepalived's is /");
	text_add(cure, "the whole path");
	return MARK_WRONG;
}

/* Of the host and the run, or of each server. */
static const struct row {
	const char *name;
	enum mark (*judge)(const struct self_facts *f, struct text *why, struct text *cure);
	enum mark (*judge_server)(const struct self_facts *f, const struct self_server *server,
		struct text *why, struct text *cure);
} rows[] = {
	{ "program", program, NULL },
	{ "user", user, NULL },
	{ "option file", option_file, NULL },
	{ "options", options_given, NULL },
	{ "quoting", quoting, NULL },
	{ "paths", paths, NULL },
	{ "server", NULL, answer },
	{ "privileges", NULL, privileges },
	{ "time", time_taken, NULL },
	{ "weight", weight, NULL },
	{ "role", role, NULL },
	{ "real_server", NULL, real_server },
	{ "warning", warning, NULL },
};

/* Adds the line of a row; how much it counts among what is wrong. */
static size_t
judge_row(const struct row *row, const struct self_facts *f, const struct self_server *server,
	struct text *out)
{
	static const char *const words[] = {
		[MARK_OK] = "ok", [MARK_NOTE] = "note", [MARK_WRONG] = "WRONG", [MARK_UNTRIED] = "-"
	};
	char whys[1024], cures[2048];
	struct text why = text_on(whys, sizeof(whys)), cure = text_on(cures, sizeof(cures));
	enum mark mark =
		row->judge ? row->judge(f, &why, &cure) : row->judge_server(f, server, &why, &cure);

	if (mark == MARK_NONE)
		return 0;
	if (mark == MARK_UNTRIED)
		text_add(&why, "not tried");
	text_addf(out, "%-6s%-12s%s", words[mark], row->name, whys);
	if (cure.len)
		text_addf(out, "\n%18s-> %s", "", cures);
	text_add(out, "\n");
	return mark == MARK_WRONG;
}

size_t
self_judge(const struct self_facts *f, struct text *out)
{
	size_t wrong = 0;

	for (const struct row *row = rows; row < rows + sizeof(rows) / sizeof(rows[0]); row++)
		for (size_t i = 0; i < (row->judge ? 1 : f->count); i++)
			wrong += judge_row(row, f, &f->servers[i], out);
	return wrong;
}
