/* SPDX-License-Identifier: MIT
 *
 * The core without memory: each allocation of what it does fails in its turn, and what comes of it is nothing, or what came of it
 * with all of them. The linker has the program's own calls go through here (--wrap); leaks are for valgrind and sanitizers to find.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cluster.h"
#include "fixture.h"
#include "history.h"
#include "recorded.h"
#include "suites.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *s);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *s);

/* The allocation that fails; 0: none does. */
static unsigned due;
static unsigned asked;
static bool lasting;
/* Something was told to have failed for another reason. Check allocates, too, and cannot be asked meanwhile. */
static bool otherwise;

static bool
fails(void)
{
	return due && (++asked == due || (lasting && asked > due));
}

void *
__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

char *
__wrap_strdup(const char *s)
{
	return fails() ? NULL : __real_strdup(s);
}

static const char *const files[] = { "healthy-db1.status.tsv", "healthy-db1.variables.tsv",
	"pair-healthy-m1.all-slaves-status.tsv" };

static const char sessions[] = "Id\tUser\tHost\tdb\tCommand\tTime\tState\tInfo\n"
			       "7\tapp\tx\tNULL\tQuery\t9\tWaiting for backup lock\tINSERT\n";

/* What the first COUNT files and a process list hold; NULL without memory. */
static dbv_observation *
read_files(char *const texts[], const size_t sizes[], size_t count)
{
	char words[DBV_ERROR_SIZE];
	struct text error = text_on(words, sizeof(words));
	dbv_observation *o = observation_new();
	enum recorded last = o ? RECORDED_TAKEN : RECORDED_NO_MEMORY;

	for (size_t i = 0; last == RECORDED_TAKEN && i < count; i++)
		last = recorded_read(o, texts[i], sizes[i], &error);
	if (last == RECORDED_TAKEN)
		last = recorded_read(o, sessions, sizeof(sessions) - 1, &error);
	if (last == RECORDED_TAKEN)
		return o;
	otherwise |= last != RECORDED_NO_MEMORY;
	observation_free(o);
	return NULL;
}

/* What is remembered through its text, and that text once more; false without memory. */
static bool
remember(dbv_history **h, const dbv_observation *o, const dbv_verdict *v)
{
	static char text[65536];
	bool no_memory = false;

	if (!dbv_history_add(*h, o, v) || !dbv_history_write(*h, text, sizeof(text)))
		return false;
	dbv_history *again = history_read(text, &no_memory);

	otherwise |= !again && !no_memory;
	if (!again)
		return false;
	dbv_history_free(*h);
	*h = again;
	return true;
}

/* Reads, judges, remembers, and judges with three more, one of which tells its sessions alone; the state of the cluster, or of what could not be done DBV_UNKNOWN. */
static enum dbv_state
whole_run(char *const texts[], const size_t sizes[])
{
	dbv_policy *p = dbv_policy_new();
	dbv_history *h = dbv_history_new();
	dbv_observation *o = read_files(texts, sizes, 3);
	dbv_observation *taciturn = o ? read_files(texts, sizes, 0) : NULL;
	bool set = p && dbv_policy_set(p, "mode", "galera", NULL, 0) &&
		   dbv_policy_set(p, "channel", "some", NULL, 0) &&
		   dbv_policy_set(p, "canary", "app.canary", NULL, 0) &&
		   dbv_policy_set(p, "severity", "galera.off=note", NULL, 0);
	dbv_verdict *v = set && h && o && taciturn ? dbv_judge(o, h, p) : NULL;
	enum dbv_state state = DBV_UNKNOWN;
	bool remembered = v && remember(&h, o, v);
	const struct member members[] = { { "n1", o, NULL }, { "n2", o, h }, { "n3", o, NULL },
		{ "n4", taciturn, NULL } };
	dbv_verdict *all = remembered ? judge_cluster(members, 4, members, 1, p) : NULL;

	if (all)
		state = dbv_verdict_state(all);
	dbv_verdict_free(all);
	dbv_verdict_free(v);
	observation_free(o);
	observation_free(taciturn);
	dbv_history_free(h);
	dbv_policy_free(p);
	return state;
}

START_TEST(each_allocation_fails)
{
	char *texts[3] = { NULL };
	size_t sizes[3] = { 0 };
	enum dbv_state well, came;

	for (size_t i = 0; i < 3; i++)
		texts[i] = fixture_file(files[i], &sizes[i]);
	well = whole_run(texts, sizes);
	ck_assert_int_ne(well, DBV_UNKNOWN);
	lasting = _i;
	for (unsigned n = 1; n == 1 || asked >= n - 1; n++) {
		due = n, asked = 0;
		came = whole_run(texts, sizes);
		due = 0;
		ck_assert_msg(!otherwise, "allocation %u", n);
		ck_assert_msg(
			came == DBV_UNKNOWN || came == well, "allocation %u: %d", n, (int)came);
	}
	ck_assert_uint_gt(asked, 20);
	for (size_t i = 0; i < 3; i++)
		free(texts[i]);
}
END_TEST

TCase *
memory_case(void)
{
	TCase *c = tcase_create("memory");

	tcase_add_loop_test(c, each_allocation_fails, 0, 2);
	return c;
}
