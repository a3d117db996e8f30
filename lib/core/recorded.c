/* SPDX-License-Identifier: MIT
 *
 * A file is read once from front to back, as the forms that the clients print, several of them after
 * each other; what is none of them is passed over. A row that was lost must not pass for one that is
 * not there: what may be the rest of a row makes the file refused.
 */
#include "recorded.h"

#include <stdlib.h>
#include <string.h>

#include "recorded_remarks.h"
#include "recorded_reader.h"

/* A copy with a terminator: without a byte order mark, without the carriage returns of line ends; a
 * NUL byte becomes '?', so that it hides nothing behind it. */
static char *
copy_of(const char *text, size_t size)
{
	char *copy = malloc(size + 1), *out = copy;
	size_t i = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	if (!copy)
		return NULL;
	for (; i < size; i++)
		if (text[i] != '\r' || (i + 1 < size && text[i + 1] != '\n'))
			*out++ = (char)(text[i] ? text[i] : '?');
	*out = '\0';
	return copy;
}

/* The next line, terminated; NULL behind the last. */
char *
reader_next_line(struct reader *r)
{
	char *line = r->next;
	size_t n = strcspn(line, "\n");

	if (!*line)
		return NULL;
	r->next = line + n + (line[n] == '\n');
	line[n] = '\0';
	r->to.line++;
	return line;
}

void
reader_note_strange(struct reader *r, const char *line)
{
	if (r->strange)
		return;
	r->strange = line;
	r->strange_line = r->to.line;
}

bool
reader_take_row(struct reader *r, const struct shape *shape)
{
	struct row row = { .names = r->names, .values = r->values, .columns = r->columns };

	r->rows++;
	if (shape->rows == ROWS_ONE)
		r->shape = NULL;
	return shape->take(&r->to, &row);
}

/* What was being read has no more rows. */
bool
reader_end_answer(struct reader *r)
{
	const struct shape *shape = r->shape;
	bool going_on = true;

	if (r->form == FORM_VERTICAL)
		going_on = vertical_end_row(r);
	else if (shape && shape->rows != ROWS_ANY && r->rows == 0)
		going_on = recording_refuse(&r->to, "%s ends with its header", shape->name);
	r->form = FORM_NONE;
	r->shape = NULL;
	r->columns = 0;
	r->rows = 0;
	return going_on;
}

bool
reader_begin_answer(struct reader *r, enum form form, const struct shape *shape,
	const char *const names[], size_t count)
{
	if (!reader_end_answer(r))
		return false;
	memcpy(r->names, names, count * sizeof(names[0]));
	r->form = form;
	r->shape = shape;
	r->columns = count;
	return true;
}

/* Two fields without a header above, as of --skip-column-names: of interest where the first is a
 * name that is known. */
bool
reader_take_pair(struct reader *r, size_t count)
{
	return count != 2 || recording_pair(&r->to, r->values[0], r->values[1]);
}

/* Remarks of the client, blank lines, and rows of --batch. */
static bool
other_line(struct reader *r, char *line, const char *words)
{
	enum remark remark = REMARK_NONE;

	if (!strchr(line, '\t'))
		remark = remark_of(words, &r->to.asked);
	if (remark == REMARK_EMPTY_SET)
		recording_empty(&r->to);
	if (remark == REMARK_NONE && *words) {
		reader_note_strange(r, line);
		return batch_line(r, line);
	}
	if (r->form == FORM_VERTICAL)
		vertical_continue_value(r, line);
	return true;
}

static bool
read_line(struct reader *r, char *line)
{
	char *words = line + strspn(line, " ");
	const char *error_words = NULL;
	size_t colon = 0;
	unsigned error = 0;
	bool first = false;

	if (r->form == FORM_VERTICAL && vertical_is_field(r, line, &colon))
		return vertical_add_field(r, line, colon);
	if (vertical_is_row_mark(words, &first))
		return vertical_begin_row(r, words, first);
	if (boxed_is_border(words))
		return boxed_border_line(r, words);
	if (r->form == FORM_BOXED && *words == '|')
		return boxed_line(r, words);
	if (!remark_is_error(words, &error, &error_words))
		return other_line(r, line, words);
	reader_note_strange(r, line);
	return recording_failure(&r->to, error, error_words);
}

enum recorded
recorded_read(dbv_observation *o, const char *text, size_t size, struct text *error)
{
	char *copy = copy_of(text, size), *line;
	struct reader r = { .to = { .observation = o, .asked = SOURCE_COUNT, .error = error },
		.next = copy };
	bool going_on = copy != NULL;

	if (!copy)
		r.to.outcome = RECORDED_NO_MEMORY;
	while (going_on && (line = reader_next_line(&r)))
		going_on = read_line(&r, line);
	going_on = going_on && reader_end_answer(&r) && recording_end(&r.to);
	if (going_on && r.to.outcome == RECORDED_NOTHING && r.strange) {
		r.to.outcome = RECORDED_UNKNOWN;
		text_addf(error, "line %zu: no status, variables, replica status or process list: ",
			r.strange_line);
		text_add_foreign(error, r.strange, 40);
	}
	if (r.to.outcome == RECORDED_NO_MEMORY)
		text_add(error, "out of memory");
	free(copy);
	return r.to.outcome;
}
