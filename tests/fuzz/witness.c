/* SPDX-License-Identifier: MIT */
#include "witness.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client.h"

static struct {
	struct asked *all;
	size_t count, room;
} witness;

int __real_client_open(struct client *c, const struct client_target *target);
int __real_client_query(struct client *c, const char *sql, size_t length);
int __real_client_row(struct client *c);
unsigned __real_client_error(const struct client *c);
size_t __real_client_columns(const struct client *c);
const char *const *__real_client_values(const struct client *c);
void __real_client_end_result(struct client *c);
int __wrap_client_open(struct client *c, const struct client_target *target);
int __wrap_client_query(struct client *c, const char *sql, size_t length);
int __wrap_client_row(struct client *c);
unsigned __wrap_client_error(const struct client *c);
size_t __wrap_client_columns(const struct client *c);
const char *const *__wrap_client_values(const struct client *c);
void __wrap_client_end_result(struct client *c);

/* The last that C was asked; NULL: nothing yet. */
static struct asked *
asked_of(const struct client *c)
{
	for (size_t i = witness.count; i-- > 0;)
		if (witness.all[i].client == c)
			return &witness.all[i];
	return NULL;
}

static void
add(const struct client *c, unsigned port, const char *sql, size_t length)
{
	if (witness.count == witness.room) {
		witness.room = 2 * witness.room + 64;
		witness.all = realloc(witness.all, witness.room * sizeof(*witness.all));
	}
	witness.all[witness.count++] =
		(struct asked){ .client = c, .port = port, .sql = strndup(sql, length) };
}

int
__wrap_client_open(struct client *c, const struct client_target *target)
{
	add(c, target->port, "", 0);
	return __real_client_open(c, target);
}

int
__wrap_client_query(struct client *c, const char *sql, size_t length)
{
	add(c, asked_of(c)->port, sql, length);
	return __real_client_query(c, sql, length);
}

unsigned
__wrap_client_error(const struct client *c)
{
	unsigned error = __real_client_error(c);

	if (error && asked_of(c))
		asked_of(c)->error = error;
	return error;
}

size_t
__wrap_client_columns(const struct client *c)
{
	size_t columns = __real_client_columns(c);

	if (columns == 0 && asked_of(c)->error == 0)
		asked_of(c)->ended = true;
	return columns;
}

int
__wrap_client_row(struct client *c)
{
	asked_of(c)->row_is_new = true;
	return __real_client_row(c);
}

static char *
copy(const char *s)
{
	return s ? strdup(s) : NULL;
}

const char *const *
__wrap_client_values(const struct client *c)
{
	const char *const *values = __real_client_values(c);
	struct asked *a = asked_of(c);

	if (!values || !a->row_is_new)
		return values;
	a->row_is_new = false;
	if (a->rows == 0) {
		a->columns = __real_client_columns(c);
		a->names = malloc(a->columns * sizeof(*a->names));
		for (size_t i = 0; i < a->columns; i++)
			a->names[i] = copy(client_column(c, i));
	}
	a->cells = realloc(a->cells, (a->rows + 1) * a->columns * sizeof(*a->cells));
	for (size_t i = 0; i < a->columns; i++)
		a->cells[a->rows * a->columns + i] = copy(values[i]);
	a->rows++;
	return values;
}

void
__wrap_client_end_result(struct client *c)
{
	asked_of(c)->ended = true;
	__real_client_end_result(c);
}

const struct asked *
witness_all(size_t *count)
{
	*count = witness.count;
	return witness.all;
}

void
witness_forget(void)
{
	for (size_t i = 0; i < witness.count; i++) {
		struct asked *a = &witness.all[i];

		for (size_t n = 0; n < a->columns; n++)
			free(a->names[n]);
		for (size_t n = 0; n < a->columns * a->rows; n++)
			free(a->cells[n]);
		free(a->names);
		free(a->cells);
		free(a->sql);
	}
	witness.count = 0;
}

static bool
is(const struct asked *a, unsigned port, const char *sql)
{
	return a->port == port && strncmp(a->sql, sql, strlen(sql)) == 0;
}

const struct asked *
witness_last(unsigned port, const char *sql)
{
	for (size_t i = witness.count; i-- > 0;)
		if (is(&witness.all[i], port, sql))
			return &witness.all[i];
	return NULL;
}

const struct asked *
witness_first(unsigned port, const char *sql)
{
	for (size_t i = 0; i < witness.count; i++)
		if (is(&witness.all[i], port, sql))
			return &witness.all[i];
	return NULL;
}

const char *
witness_cell(const struct asked *a, size_t row, const char *name)
{
	for (size_t i = 0; row < a->rows && i < a->columns; i++)
		if (a->names[i] && strcasecmp(a->names[i], name) == 0) {
			const char *cell = a->cells[row * a->columns + i];

			return cell ? cell : "";
		}
	return "";
}
