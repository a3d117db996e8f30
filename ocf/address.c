/* SPDX-License-Identifier: MIT */
#include "address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbvitals.h"
#include "local.h"
#include "tool.h"

/* What IPaddr2 must not see: with these it takes itself for the clone, and turns to sharing the address; or puts it where it
 * is not looked for, with the last two. */
static const char *const ours_alone[] = { "OCF_RESKEY_CRM_meta_clone",
	"OCF_RESKEY_CRM_meta_globally_unique", "OCF_RESKEY_CRM_meta_promotable",
	"OCF_RESKEY_CRM_meta_promoted", "OCF_RESKEY_CRM_meta_master", "OCF_RESKEY_CRM_meta_notify",
	"OCF_RESOURCE_INSTANCE=", "OCF_RESOURCE_TYPE=", "OCF_RESOURCE_PROVIDER=",
	"OCF_RESKEY_lvs_support=", "OCF_RESKEY_network_namespace=" };

enum {
	VARIABLES_MAX = 1024,
	OWN_VARIABLES = 3,
	STATUS_NOT_INSTALLED = 5,
	BLOCKED_SECONDS = 10,
	/* That have one address at the same time. */
	INTERFACES_MAX = 8,
};

static int
run_ipaddr2(const struct address_call *c, const char *action, struct text *output)
{
	const char *root = getenv("OCF_ROOT");
	char path[512];
	char instance[256];
	char type[] = "OCF_RESOURCE_TYPE=IPaddr2";
	char provider[] = "OCF_RESOURCE_PROVIDER=heartbeat";
	char *environment[VARIABLES_MAX];
	const char *argv[] = { path, action, NULL };

	snprintf(path, sizeof(path), "%s/resource.d/heartbeat/IPaddr2",
		root && *root ? root : "/usr/lib/ocf");
	snprintf(instance, sizeof(instance), "OCF_RESOURCE_INSTANCE=%s-address", c->resource);
	size_t n = tool_environment(ours_alone, sizeof(ours_alone) / sizeof(ours_alone[0]),
		environment, VARIABLES_MAX - OWN_VARIABLES);

	environment[n++] = instance;
	environment[n++] = type;
	environment[n++] = provider;
	environment[n] = NULL;
	return tool_run(argv, environment, NULL, output, c->deadline);
}

/* IPaddr2 gives its reason in a line of its own for the cluster; that is ours to give. */
static const char *
words_of(const char *output)
{
	static const char mark[] = "ocf-exit-reason:";
	const char *found = strstr(output, mark);

	return found ? found + strlen(mark) : output;
}

static bool
add_failure(struct text *why, const char *action, int status, const char *output)
{
	text_addf(why, "IPaddr2 %s %s: %s", action, tool_says(status), words_of(output));
	return false;
}

bool
address_up(const struct address_call *c, struct text *why)
{
	char output[512];
	struct text t = text_on(output, sizeof(output));
	int status = run_ipaddr2(c, "start", &t);

	if (status != 0)
		return add_failure(why, "start", status, output);
	if (local_has(c->address) == TRUTH_YES)
		return true;
	text_addf(why, "IPaddr2 start succeeded, and %s is not here", c->address);
	return false;
}

/* What IPaddr2 does not find: another prefix or interface than it is told now, an interface that is down. */
static void
delete_what_is_left(const struct address_call *c)
{
	struct local_address found;
	char prefixed[64];
	const char *argv[] = { "ip", "address", "delete", prefixed, "dev", found.interface, NULL };

	for (int i = 0; i < INTERFACES_MAX; i++) {
		if (!local_address(c->address, &found) || !found.here)
			return;
		snprintf(prefixed, sizeof(prefixed), "%s/%d", c->address, found.prefix);
		if (tool_run(argv, environ, NULL, NULL, c->deadline) != 0)
			return;
	}
}

/* Where it is not here nothing has to be done, whatever IPaddr2 would say. Where that is not known, it may be here. */
bool
address_down(const struct address_call *c, struct text *why)
{
	char output[512];
	struct text t = text_on(output, sizeof(output));
	struct address_call half = *c;

	if (local_has(c->address) == TRUTH_NO)
		return true;
	/* One that hangs leaves time for what is done without it. */
	half.deadline -= (c->deadline - dbv_now()) / 2;
	int status = run_ipaddr2(&half, "stop", &t);

	if (local_has(c->address) != TRUTH_NO)
		delete_what_is_left(c);
	if (local_has(c->address) == TRUTH_NO)
		return true;
	if (status != 0)
		return add_failure(why, "stop", status, output);
	text_addf(why, "IPaddr2 stop succeeded, and %s may still be here", c->address);
	return false;
}

int
address_validate(const struct address_call *c, struct text *why)
{
	char output[512];
	struct text t = text_on(output, sizeof(output));
	int status = run_ipaddr2(c, "validate-all", &t);

	if (status != 0)
		text_addf(why, "IPaddr2 %s: %s", tool_says(status), words_of(output));
	return status == TOOL_MISSING ? STATUS_NOT_INSTALLED : status < 0 ? 1 : status;
}

/* Names of tables: letters, digits and _. */
static void
add_table(struct text *t, const char *resource)
{
	text_add(t, "inet dbvitals_");
	for (; *resource; resource++)
		text_addf(t, strchr("-.:", *resource) ? "_" : "%c", *resource);
}

static bool
run_nft(const struct address_call *c, const char *commands, struct text *why)
{
	const char *argv[] = { "nft", "-f", "-", NULL };
	char output[256];
	struct text t = text_on(output, sizeof(output));
	int status = tool_run(argv, environ, commands, &t, c->deadline);

	if (status != 0)
		text_addf(why, "nft %s: %s", tool_says(status), output);
	return status == 0;
}

/* New connections to what is in the set are refused. Its element goes by itself: an action that is ended half-way closes no
 * address for good. In prerouting (Linux 5.9) they are refused also when the address is no longer here, by a host that its
 * clients still take for the right one: they see it at once, and not after a second of silence. */
static void
add_blocking(struct text *t, const struct address_call *c, const char *hook)
{
	bool v6 = strchr(c->address, ':') != NULL;

	text_add(t, "table ");
	add_table(t, c->resource);
	text_add(t, "\ndelete table ");
	add_table(t, c->resource);
	text_add(t, "\ntable ");
	add_table(t, c->resource);
	text_addf(t,
		" {\n\tset addresses {\n\t\ttype %s; flags timeout;\n"
		"\t\telements = { %s timeout %ds }\n\t}\n"
		"\tchain connections {\n\t\ttype filter hook %s priority -10; policy accept;\n"
		"\t\t%s daddr @addresses tcp flags & (syn | ack) == syn reject with tcp reset\n\t}\n}\n",
		v6 ? "ipv6_addr" : "ipv4_addr", c->address, BLOCKED_SECONDS, hook,
		v6 ? "ip6" : "ip");
}

bool
address_block(const struct address_call *c, struct text *why)
{
	static const char *const hooks[] = { "prerouting", "input" };
	char reason[256] = "";

	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		char commands[2048];
		struct text t = text_on(commands, sizeof(commands));
		struct text r = text_on(reason, sizeof(reason));

		add_blocking(&t, c, hooks[i]);
		if (run_nft(c, commands, &r))
			return true;
	}
	text_add(why, reason);
	return false;
}

bool
address_unblock(const struct address_call *c, struct text *why)
{
	char commands[512];
	struct text t = text_on(commands, sizeof(commands));

	/* Declared first: deleting what is not there would fail. */
	text_add(&t, "table ");
	add_table(&t, c->resource);
	text_add(&t, "\ndelete table ");
	add_table(&t, c->resource);
	text_add(&t, "\n");
	return run_nft(c, commands, why);
}

/* ss tells what it has ended, and nothing of what the kernel does not let it end: what is still there afterwards is asked
 * for. */
bool
address_end_connections(const struct address_call *c, struct text *why)
{
	char own[64];
	const char *end[] = { "ss", "-K", "-H", "-t", "-n", "state", "connected", "src", own,
		NULL };
	const char *list[] = { "ss", "-H", "-t", "-n", "state", "established", "src", own, NULL };
	char output[256];
	struct text t = text_on(output, sizeof(output));

	/* What follows the last colon would else be a port. */
	snprintf(own, sizeof(own), strchr(c->address, ':') ? "[%s]" : "%s", c->address);
	int status = tool_run(end, environ, NULL, NULL, c->deadline);

	if (status == 0)
		status = tool_run(list, environ, NULL, &t, c->deadline);
	if (status != 0)
		text_addf(why, "ss %s", tool_says(status));
	else if (t.len > 0)
		text_add(why,
			"some are left: new ones, or this kernel does not let ss -K end them (CONFIG_INET_DIAG_DESTROY)");
	return status == 0 && t.len == 0;
}
