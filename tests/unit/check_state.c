/* SPDX-License-Identifier: MIT
 *
 * State files under several hands.
 */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "history.h"
#include "state.h"
#include "suites.h"

#define ROUNDS 200

static char directory[] = "/tmp/dbvitals.XXXXXX";

static const struct state_key key = {
	.directory = directory,
	.program = "check_state",
	.label = "db1:3306",
	.role = "read",
};

static void
make_directory(void)
{
	strcpy(directory + strlen(directory) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
}

static void
remove_directory(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", directory);
	ck_assert_int_eq(system(command), 0);
}

/* Each change counts one on. */
static bool
count(dbv_history *h, void *argument)
{
	(void)argument;
	h->taken_at = (double)dbv_now();
	h->started_at++;
	return true;
}

static bool
leave(dbv_history *h, void *argument)
{
	(void)h, (void)argument;
	return false;
}

static void
change_often(void)
{
	char reason[DBV_ERROR_SIZE];
	struct text error = text_on(reason, sizeof(reason));
	bool done = true;

	for (size_t i = 0; done && i < ROUNDS; i++) {
		done = state_change(&key, count, NULL, &error);
		/* Who comes again at once leaves the lock to nobody. */
		usleep(500);
	}
	_exit(done ? 0 : 1);
}

/* Whoever reads meanwhile finds a whole file, and no change is lost. */
START_TEST(many_hands)
{
	char noted[DBV_ERROR_SIZE];
	struct text warning = text_on(noted, sizeof(noted));
	pid_t children[3];

	make_directory();
	for (size_t i = 0; i < 3; i++) {
		children[i] = fork();
		if (children[i] == 0)
			change_often();
	}
	for (size_t i = 0; i < ROUNDS; i++)
		dbv_history_free(state_read(&key, &warning));
	for (size_t i = 0; i < 3; i++) {
		int status = 1;

		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert_int_eq(status, 0);
	}
	dbv_history *h = state_read(&key, &warning);

	ck_assert_str_eq(noted, "");
	ck_assert_double_eq(h->started_at, 3 * ROUNDS);
	dbv_history_free(h);
	remove_directory();
}
END_TEST

/* Whoever may read the directory can lock it. */
START_TEST(locked)
{
	char reason[DBV_ERROR_SIZE];
	struct text error = text_on(reason, sizeof(reason));

	make_directory();
	int other = open(directory, O_RDONLY | O_CLOEXEC);

	ck_assert_int_eq(flock(other, LOCK_EX), 0);
	ck_assert(!state_change(&key, count, NULL, &error));
	ck_assert_msg(strstr(reason, "somebody keeps it locked"), "%s", reason);
	close(other);
	error = text_on(reason, sizeof(reason));
	ck_assert_msg(state_change(&key, count, NULL, &error), "%s", reason);
	remove_directory();
}
END_TEST

START_TEST(left_as_it_is)
{
	char noted[DBV_ERROR_SIZE];
	struct text warning = text_on(noted, sizeof(noted));

	make_directory();
	ck_assert(state_change(&key, leave, NULL, &warning));
	ck_assert_int_eq(rmdir(directory), 0);
}
END_TEST

/* Names that no file can have, and that differ at their ends alone, are two files all the same. */
START_TEST(long_names)
{
	char noted[DBV_ERROR_SIZE];
	struct text warning = text_on(noted, sizeof(noted));
	char labels[2][401];

	make_directory();
	for (size_t i = 0; i < 2; i++) {
		struct state_key far = key;

		memset(labels[i], 'a', 400);
		memcpy(labels[i] + 399, i ? "c" : "b", 2);
		far.label = labels[i];
		ck_assert_msg(state_change(&far, count, NULL, &warning), "%s", noted);
		dbv_history *h = state_read(&far, &warning);

		ck_assert_double_eq(h->started_at, 1);
		dbv_history_free(h);
	}
	remove_directory();
}
END_TEST

static const struct {
	mode_t mode;
	bool trusted;
} modes[] = { { 0700, true }, { 0755, true }, { 0770, false }, { 0777, false }, { 01777, true } };

/* Where others can take files away and put them back. */
START_TEST(directories)
{
	char noted[DBV_ERROR_SIZE];
	struct text warning = text_on(noted, sizeof(noted));

	make_directory();
	ck_assert_int_eq(chmod(directory, modes[_i].mode), 0);
	ck_assert(state_change(&key, count, NULL, &warning) == modes[_i].trusted);
	dbv_history_free(state_read(&key, &warning));
	ck_assert_msg((strstr(noted, "others can write") == NULL) == modes[_i].trusted, "%o: %s",
		modes[_i].mode, noted);
	remove_directory();
}
END_TEST

/* Seconds before now that a look was remembered at, and what is said of it. */
static const struct {
	double age;
	const char *said;
} ages[] = { { 0, "" }, { 3590, "" }, { 3610, "older than an hour" }, { -60, "older than an hour" } };

static bool
remember_age(dbv_history *h, void *argument)
{
	h->taken_at = (double)dbv_now() - *(const double *)argument * 1000;
	return true;
}

/* A look of a time to come is of another count of the clock. */
START_TEST(age)
{
	char noted[DBV_ERROR_SIZE];
	struct text warning = text_on(noted, sizeof(noted));
	double seconds = ages[_i].age;

	make_directory();
	ck_assert(state_change(&key, remember_age, &seconds, &warning));
	dbv_history *h = state_read(&key, &warning);

	ck_assert_msg(!*noted == !*ages[_i].said && strstr(noted, ages[_i].said), "%s", noted);
	ck_assert((h->taken_at != 0) == !*ages[_i].said);
	dbv_history_free(h);
	remove_directory();
}
END_TEST

/* From now on so many descriptors can be had, until RELEASE is put back. */
static void
leave_descriptors(size_t free_ones, struct rlimit *release)
{
	int next[4];

	for (size_t i = 0; i <= free_ones; i++) {
		next[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		ck_assert_int_ge(next[i], 0);
	}
	for (size_t i = 0; i <= free_ones; i++)
		close(next[i]);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, release), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE,
				 &(struct rlimit){ (rlim_t)next[free_ones], release->rlim_max }),
		0);
}

/* Descriptors that can be had, what is then said, and whether something is known: the file is there, and holds 5. */
static const struct {
	size_t descriptors;
	const char *said;
	bool known;
} wants[] = { { 0, "Too many open files", false }, { 1, "Too many open files", false },
	{ 2, "it cannot be told whether this host was restarted", false }, { 3, "", true } };

static bool
remember_five(dbv_history *h, void *argument)
{
	(void)argument;
	h->taken_at = (double)dbv_now();
	h->started_at = 5;
	return true;
}

/* What cannot be read for what this host lacks is neither nothing nor written anew. */
START_TEST(lacking)
{
	char noted[DBV_ERROR_SIZE], reason[DBV_ERROR_SIZE];
	struct text warning = text_on(noted, sizeof(noted));
	struct text error = text_on(reason, sizeof(reason));
	struct rlimit release;
	bool known = wants[_i].known;

	make_directory();
	ck_assert(state_change(&key, remember_five, NULL, &error));
	leave_descriptors(wants[_i].descriptors, &release);
	dbv_history *h = state_read(&key, &warning);
	bool changed = state_change(&key, count, NULL, &error);

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &release), 0);
	ck_assert((h != NULL) == known);
	ck_assert(warning.lacking == !known);
	ck_assert_msg(!*noted == known && strstr(noted, wants[_i].said), "%s", noted);
	ck_assert(changed == known);
	ck_assert_msg(!*reason == known && strstr(reason, wants[_i].said), "%s", reason);
	dbv_history_free(h);
	h = state_read(&key, &warning);
	ck_assert_double_eq(h->started_at, known ? 6 : 5);
	dbv_history_free(h);
	remove_directory();
}
END_TEST

TCase *
state_case(void)
{
	TCase *c = tcase_create("state");

	tcase_set_timeout(c, 20);
	tcase_add_test(c, many_hands);
	tcase_add_test(c, locked);
	tcase_add_test(c, left_as_it_is);
	tcase_add_test(c, long_names);
	tcase_add_loop_test(c, age, 0, sizeof(ages) / sizeof(ages[0]));
	tcase_add_loop_test(c, lacking, 0, sizeof(wants) / sizeof(wants[0]));
	tcase_add_loop_test(c, directories, 0, sizeof(modes) / sizeof(modes[0]));
	return c;
}
