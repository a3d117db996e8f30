/* SPDX-License-Identifier: MIT
 *
 * soak_checks NAME=VALUE...: checks of one node in one process, through the library as it is installed. Settings are the
 * node's; mode is the policy's. Lines on standard input, each with an answer:
 *
 *	check COUNT ROLE MILLISECONDS WANT   so many, each within the time; WANT is the state, and the id of the first finding
 *	                                     behind a colon where there must be one. Answers COUNT WRONG
 *	figures                              answers "rss=KIB heap=BYTES descriptors=N threads=N"
 *	end                                  no answer; other processes may hold this input open
 *
 * What is wrong is told on standard error.
 */
#include <dbvitals.h>
#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So many looks with one handle, then a new one; the same history all the time. */
#define LOOKS_OF_A_NODE 100

struct soak {
	char **settings;
	dbv_node *node;
	dbv_policy *policy;
	dbv_history *histories[3];
	unsigned looks;
};

static void
fail(const char *what)
{
	fprintf(stderr, "soak_checks: %s\n", what);
	exit(1);
}

static void
make_node(struct soak *s)
{
	char error[DBV_ERROR_SIZE];

	dbv_node_free(s->node);
	s->node = dbv_node_new();
	for (char **setting = s->settings; *setting; setting++) {
		char name[32];
		size_t n = strcspn(*setting, "=");

		snprintf(name, sizeof(name), "%.*s", (int)n, *setting);
		if (strcmp(name, "mode") == 0 ? !dbv_policy_set(s->policy, name, *setting + n + 1,
							error, sizeof(error))
					      : !dbv_node_set(s->node, name, *setting + n + 1,
							error, sizeof(error)))
			fail(error);
	}
}

static bool
is_wanted(const dbv_verdict *v, const char *want)
{
	const char *id = strchr(want, ':');
	const char *state = dbv_state_name(dbv_verdict_state(v));
	size_t n = strcspn(want, ":");

	return strlen(state) == n && strncmp(state, want, n) == 0 &&
	       (!id || (dbv_findings(v) > 0 && strcmp(dbv_finding_id(v, 0), id + 1) == 0));
}

static void
tell(const dbv_verdict *v, const char *want)
{
	fprintf(stderr, "wrong: %s instead of %s", dbv_state_name(dbv_verdict_state(v)), want);
	for (size_t i = 0; i < dbv_findings(v); i++)
		fprintf(stderr, "; %s (%s)", dbv_finding_message(v, i), dbv_finding_id(v, i));
	fprintf(stderr, "\n");
}

/* What is remembered goes through its text now and then, as from one process to the next. */
static void
remember(struct soak *s, dbv_history **history, const dbv_verdict *v)
{
	if (!dbv_history_add(*history, dbv_node_observation(s->node), v))
		fail("out of memory");
	if (s->looks % LOOKS_OF_A_NODE != 0)
		return;
	char *text = malloc(DBV_HISTORY_SIZE);

	if (!text || dbv_history_write(*history, text, DBV_HISTORY_SIZE) == 0)
		fail("no history was written");
	dbv_history_free(*history);
	*history = dbv_history_read(text);
	free(text);
	if (!*history)
		fail("what was written is no history");
}

static bool
look(struct soak *s, dbv_history **history, long milliseconds, const char *want)
{
	if (s->looks++ % LOOKS_OF_A_NODE == 0)
		make_node(s);
	if (!dbv_observe(&s->node, 1, s->policy, dbv_now() + milliseconds))
		fail("out of memory");
	dbv_verdict *v = dbv_judge(dbv_node_observation(s->node), *history, s->policy);

	if (!v)
		fail("out of memory");
	bool wanted = is_wanted(v, want);

	if (!wanted)
		tell(v, want);
	remember(s, history, v);
	dbv_verdict_free(v);
	return wanted;
}

static void
check(struct soak *s, const char *line)
{
	static const char *const roles[] = { "read", "write", "promote" };
	unsigned long count = 0, wrong = 0;
	long milliseconds = 0;
	char role[16], want[80];
	size_t r = 0;

	if (sscanf(line, "check %lu %15s %ld %79s", &count, role, &milliseconds, want) != 4)
		fail(line);
	while (r < 2 && strcmp(roles[r], role) != 0)
		r++;
	dbv_policy_set(s->policy, "role", roles[r], NULL, 0);
	for (unsigned long i = 0; i < count; i++)
		wrong += !look(s, &s->histories[r], milliseconds, want);
	printf("%lu %lu\n", count, wrong);
}

static unsigned
entries(const char *folder)
{
	DIR *list = opendir(folder);
	unsigned n = 0;

	while (list && readdir(list))
		n++;
	if (list)
		closedir(list);
	/* Less "." and "..". */
	return n - 2;
}

static void
figures(void)
{
	struct mallinfo2 heap = mallinfo2();
	FILE *f = fopen("/proc/self/statm", "r");
	unsigned long pages = 0;

	if (!f || fscanf(f, "%*u %lu", &pages) != 1)
		fail("/proc/self/statm cannot be read");
	fclose(f);
	printf("rss=%ld heap=%zu descriptors=%u threads=%u\n",
		(long)pages * sysconf(_SC_PAGESIZE) / 1024, heap.uordblks + heap.hblkhd,
		entries("/proc/self/fd") - 1, entries("/proc/self/task"));
}

int
main(int argc, char **argv)
{
	struct soak s = { .settings = argv + 1, .policy = dbv_policy_new() };
	char line[256];

	(void)argc;
	for (size_t r = 0; r < 3; r++)
		s.histories[r] = dbv_history_new();
	while (fgets(line, sizeof(line), stdin) && strcmp(line, "end\n") != 0) {
		if (strncmp(line, "check ", 6) == 0)
			check(&s, line);
		else
			figures();
		fflush(stdout);
	}
	for (size_t r = 0; r < 3; r++)
		dbv_history_free(s.histories[r]);
	dbv_node_free(s.node);
	dbv_policy_free(s.policy);
	return 0;
}
