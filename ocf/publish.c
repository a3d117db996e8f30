/* SPDX-License-Identifier: MIT */
#include "publish.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

enum {
	VARIABLES_MAX = 1024,
};

/* libqb, by which the daemon is spoken to, has its socket in the abstract name space, or in a folder where that is forced
 * (/etc/libqb/force-filesystem-sockets). */
static bool
is_daemon(const char *path)
{
	if (path[0] == '@')
		return strncmp(path, "@attrd", 6) == 0 && (path[6] == '\0' || path[6] == '@');
	const char *slash = strrchr(path, '/');

	return slash && strcmp(slash, "/attrd") == 0;
}

/* proc_net_unix: the sixth column is the type and state, the seventh the inode of the listening socket, which is another
 * one after each start. Anybody can listen by such a name: of several all count (FNV-1a), so that none hides the other's start. */
uint64_t
publish_daemon(void)
{
	static const unsigned listens = 0x10000;
	FILE *sockets = fopen("/proc/net/unix", "re");
	char line[512];
	uint64_t daemon = 0;

	while (sockets && fgets(line, sizeof(line), sockets)) {
		unsigned flags = 0;
		uint64_t inode = 0;
		char path[256] = "";

		if (sscanf(line, "%*s %*s %*s %x %*s %*s %" SCNu64 " %255s", &flags, &inode,
			    path) == 3 &&
			(flags & listens) && is_daemon(path))
			daemon = ((daemon ? daemon : 0xcbf29ce484222325U) ^ inode) * 0x100000001b3U;
	}
	if (sockets)
		fclose(sockets);
	return daemon;
}

/* With = since -INFINITY would else be taken for options. */
static int
run_updater(const struct attribute *a, struct text *output, int64_t deadline)
{
	char change[160];
	const char *score[] = { "crm_attribute", "--promotion", change, NULL };
	const char *plain[] = { "attrd_updater", "--name", a->name, change,
		a->node ? "--node" : NULL, a->node, NULL };

	if (a->value)
		snprintf(change, sizeof(change), "--update=%s", a->value);
	else
		snprintf(change, sizeof(change), "--delete");
	return tool_run(a->name ? plain : score, environ, NULL, output, deadline);
}

bool
publish_plain(const struct attribute *a, int64_t deadline, struct text *why)
{
	char output[256];
	struct text t = text_on(output, sizeof(output));
	int status = run_updater(a, &t, deadline);

	if (status == 0)
		return true;
	text_addf(why, "%s%s %s: %s", why->len ? "; " : "",
		a->name ? "attrd_updater" : "crm_attribute", tool_says(status), output);
	return false;
}

static bool
publish_one(struct published *p, const struct attribute *a, uint64_t daemon, int64_t deadline,
	struct text *why)
{
	bool known =
		daemon != 0 && daemon == p->daemon && a->value && strcmp(a->value, p->value) == 0;

	if (!known && !publish_plain(a, deadline, why))
		return false;
	snprintf(p->value, sizeof(p->value), "%s", a->value ? a->value : "");
	p->judged_at = a->judged_at;
	p->daemon = daemon;
	return true;
}

bool
publish(struct record *rec, const struct attribute attributes[], size_t count, int64_t deadline,
	struct text *why)
{
	uint64_t daemon = publish_daemon();
	bool taken = true;

	/* The first one last: who acts on it may end us at once, and what explains it is there then. */
	for (size_t i = count; i-- > 0;)
		taken = publish_one(&rec->published[i], &attributes[i], daemon, deadline, why) &&
			taken;
	return taken;
}

bool
publish_is_planned(const struct attribute *a, int64_t deadline, struct text *why)
{
	static const char *const ask[] = { "crm_attribute", "--promotion", "--query", "--quiet",
		NULL };
	char found[256];
	struct text t = text_on(found, sizeof(found));
	char value[32] = "";
	int status = tool_run(ask, environ, NULL, &t, deadline);

	if (status == 0 && sscanf(found, "%31s", value) == 1 && strcmp(value, a->value) == 0)
		return true;
	text_addf(why, "it has no score of %s: %s%s%s", a->value,
		status == 0 ? "" : tool_says(status), status == 0 ? "" : ": ", found);
	return false;
}

/* Of an attribute: name="NAME" host="NODE" value="VALUE". */
static bool
value_of_other(const char *line, const char *node, struct other *o)
{
	struct other found;
	const char *at = strstr(line, " host=\"");

	if (!at ||
		sscanf(at, " host=\"%255[^\"]\" value=\"%255[^\"]\"", found.node, found.value) !=
			2 ||
		strcmp(found.node, node) == 0)
		return false;
	*o = found;
	return true;
}

bool
publish_read_answer(int status, const char *printed, const char *node, struct other *o)
{
	*o = (struct other){ .value = "" };
	/* Where no node has it, as newer and older releases say that. */
	if (status != 0)
		return status > 0 &&
		       (strstr(printed, "does not exist") || strstr(printed, "No such device"));
	for (const char *line = strstr(printed, "name=\""); line;
		line = strstr(line + 1, "name=\""))
		if (value_of_other(line, node, o))
			break;
	return true;
}

bool
publish_ask_others(const char *name, struct other *o, int64_t deadline)
{
	/* With it attrd_updater tells of this node alone, whatever else it is asked. */
	static const char *const this_node[] = { "OCF_RESKEY_CRM_meta_on_node" };
	const char *argv[] = { "attrd_updater", "--name", name, "--query", "--all", NULL };
	char *environment[VARIABLES_MAX];
	char host[256] = "";
	char output[4096];
	struct text t = text_on(output, sizeof(output));
	const char *own = getenv(this_node[0]);

	if (!own) {
		gethostname(host, sizeof(host) - 1);
		own = host;
	}
	tool_environment(this_node, 1, environment, VARIABLES_MAX);
	int status = tool_run(argv, environment, NULL, &t, deadline);

	return publish_read_answer(status, output, own, o);
}
