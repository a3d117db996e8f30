/* SPDX-License-Identifier: MIT
 *
 * planted FAULT: has it when memory of its library's fails. What fail_nth.so tells of that is tested by it.
 */
#include "planted.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
own(void)
{
	volatile char *p = library_made();

	*p = 1;
	free((void *)p);
}

static void
own_pointer(void)
{
	char *p = library_made();
	char *(*volatile copy)(char *, const char *) = strcpy;

	copy(p, "");
	free(p);
}

static void
own_given(void)
{
	char *p = library_made();

	library_given(p);
	free(p);
}

static void
own_copied(void)
{
	char *p = library_made();

	library_copied(p);
	free(p);
}

static void
own_abort(void)
{
	void *p = library_made();

	if (!p)
		abort();
	free(p);
}

static void
own_heap(void)
{
	static char kept[64];
	char *p = library_made();

	free(p ? p : kept + 33);
}

static void
own_nowhere(void)
{
	void *p = library_made();

	((void (*)(void *))(p ? (void *)free : NULL))(p);
}

static void
library_heap(void)
{
	static char kept[64];

	library_frees(kept + 33);
}

static void
killed(void)
{
	void *p = library_made();

	if (!p)
		raise(SIGTERM);
	free(p);
}

static void
connection_left(void)
{
	void *connection = mysql_init(NULL);
	void *result = mysql_use_result(connection);

	mysql_free_result(result);
	if (result)
		mysql_close(connection);
}

static void
result_left(void)
{
	void *connection = mysql_init(NULL);
	void *result = mysql_use_result(connection);
	void *p = library_made();

	mysql_close(connection);
	if (p)
		mysql_free_result(result);
	free(p);
}

static void
all_closed(void)
{
	void *connection = mysql_init(NULL);
	void *result = mysql_use_result(connection);

	mysql_free_result(result);
	mysql_close(connection);
}

static void
ended_while_open(void)
{
	void *connection = mysql_init(NULL);

	library_crashes();
	mysql_close(connection);
}

static const struct {
	const char *name;
	void (*run)(void);
} faults[] = {
	{ "own", own },
	{ "own-pointer", own_pointer },
	{ "own-given", own_given },
	{ "own-copied", own_copied },
	{ "own-abort", own_abort },
	{ "own-heap", own_heap },
	{ "own-nowhere", own_nowhere },
	{ "library-heap", library_heap },
	{ "killed", killed },
	{ "connection-left", connection_left },
	{ "result-left", result_left },
	{ "library", library_crashes },
	{ "library-pointer", library_copies },
	{ "library-abort", library_aborts },
	{ "all-closed", all_closed },
	{ "ended-while-open", ended_while_open },
};

static void
end(int number)
{
	static const char said[] = "ended by a signal\n";

	(void)number;
	_exit(write(1, said, sizeof(said) - 1) > 0);
}

int
main(int argc, char **argv)
{
	static const int deadly[] = { SIGSEGV, SIGBUS, SIGABRT, SIGTERM };
	struct sigaction action = { .sa_handler = end };

	for (int i = 0; i < 4; i++)
		sigaction(deadly[i], &action, NULL);
	for (size_t i = 0; argc > 1 && i < sizeof(faults) / sizeof(faults[0]); i++)
		if (strcmp(argv[1], faults[i].name) == 0) {
			faults[i].run();
			_exit(0);
		}
	_exit(2);
}
