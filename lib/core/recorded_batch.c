/* SPDX-License-Identifier: MIT */
#include "recorded_reader.h"

#include <string.h>

static size_t
split(char *line, const char *fields[COLUMNS_MAX])
{
	size_t tabs = 0, n = 0;

	for (const char *s = line; *s; s++)
		tabs += *s == '\t';
	if (tabs >= COLUMNS_MAX)
		return 0;
	for (char *s = line; s; n++) {
		fields[n] = s;
		s = strchr(s, '\t');
		if (s)
			*s++ = '\0';
	}
	return n;
}

/* What stands for C behind a backslash; 0 where that escapes nothing. A zero byte becomes '?', as
 * elsewhere. */
static char
meant(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case '0':
		return '?';
	case '\\':
		return '\\';
	default:
		return '\0';
	}
}

/* Undoes what --batch escapes in the COUNT fields of LINE, in place. */
static void
unescape(char *line, size_t count)
{
	for (; count > 0; count--) {
		char *end = line + strlen(line), *out = line;

		while (line < end) {
			char c = (char)(*line == '\\' ? meant(line[1]) : '\0');

			*out++ = (char)(c ? c : *line);
			line += c ? 2 : 1;
		}
		*out = '\0';
		line = end + 1;
	}
}

/* A line of COUNT fields that is no row of what is being read, but may follow it: the header of
 * another answer, which is nothing but names, or a line that is none of an answer at all. */
static bool
is_other(const struct reader *r, size_t count)
{
	if (r->shape->rows == ROWS_ANY)
		return count > r->columns;
	if (r->rows == 0 || count == r->columns)
		return false;
	for (size_t i = 0; count > 1 && i < count; i++) {
		const char *name = r->values[i];
		bool begins = *name == '@' || *name == '_' || (*name >= 'A' && *name <= 'z');

		if (!begins || name[strcspn(name, " ,:/")])
			return false;
	}
	return true;
}

static bool
batch_row(struct reader *r, char *line, size_t count)
{
	if (is_other(r, count))
		return reader_end_answer(r);
	if (count > r->columns)
		return recording_refuse(
			&r->to, "%zu columns below a header of %zu", count, r->columns);
	unescape(line, count);
	for (size_t i = count; i < r->columns; i++)
		r->values[i] = NULL;
	return reader_take_row(r, r->shape);
}

/* Splits LINE where it is the header of an answer; otherwise leaves it as it is. */
static const struct shape *
split_header(char *line, const char *fields[COLUMNS_MAX], size_t *count)
{
	*count = split(line, fields);
	const struct shape *shape = shape_of(fields, *count);

	for (size_t i = 1; !shape && i < *count; i++)
		line[fields[i] - line - 1] = '\t';
	return shape;
}

bool
batch_line(struct reader *r, char *line)
{
	const char *fields[COLUMNS_MAX];
	size_t count = 0;
	const struct shape *shape = split_header(line, fields, &count);

	if (shape)
		return reader_begin_answer(r, FORM_BATCH, shape, fields, count);
	if (r->form == FORM_VERTICAL)
		vertical_continue_value(r, line);
	if (r->form == FORM_VERTICAL || r->form == FORM_BOXED)
		return true;
	count = split(line, r->values);
	if (r->shape)
		return batch_row(r, line, count);
	unescape(line, count);
	return reader_take_pair(r, count);
}
