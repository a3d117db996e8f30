/* SPDX-License-Identifier: MIT
 *
 * What planted.c calls: it crashes when its memory fails, or does not.
 */
#include "planted.h"

#include <stdlib.h>
#include <string.h>

void *
library_made(void)
{
	return malloc(16);
}

void
library_given(char *p)
{
	*(volatile char *)p = 1;
}

static __attribute__((noinline)) void
fill(volatile char *p)
{
	*p = 1;
}

void
library_crashes(void)
{
	char *p = malloc(16);

	fill(p);
	free(p);
}

static __attribute__((noinline)) void
copy_into(char *p)
{
	char *(*volatile copy)(char *, const char *) = strcpy;

	copy(p, "");
}

void
library_copied(char *p)
{
	char *(*volatile copy)(char *, const char *) = strcpy;

	copy(p, "");
}

void
library_copies(void)
{
	char *p = malloc(16);

	copy_into(p);
	free(p);
}

static __attribute__((noinline)) void
insist(const char *p)
{
	if (!p)
		abort();
}

void
library_aborts(void)
{
	char *p = malloc(16);

	insist(p);
	free(p);
}

void
library_frees(char *kept)
{
	char *p = malloc(16);

	free(p ? p : kept);
}

/* As the client library's. */
void *
mysql_init(void *unused)
{
	return unused ? NULL : malloc(16);
}

void *
mysql_use_result(void *connection)
{
	return connection ? malloc(16) : NULL;
}

void
mysql_close(void *connection)
{
	free(connection);
}

void
mysql_free_result(void *result)
{
	free(result);
}
