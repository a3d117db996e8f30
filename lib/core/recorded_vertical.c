/* SPDX-License-Identifier: MIT */
#include "recorded_reader.h"

#include <string.h>

/* "*************************** 2. row ***************************" */
bool
vertical_is_row_mark(const char *line, bool *first)
{
	static const char stars[] = "*****";
	const char *number = line + strspn(line, "*") + 1;
	size_t digits;

	if (strncmp(line, stars, strlen(stars)) != 0 || number[-1] != ' ')
		return false;
	digits = strspn(number, "0123456789");
	*first = digits == 1 && *number == '1';
	return digits > 0 && text_starts_nocase(number + digits, ". row *****");
}

bool
vertical_begin_row(struct reader *r, const char *line, bool first)
{
	/* A further row of one answer: all that stands between belongs to the last value. */
	if (!first)
		r->value_end = NULL;
	reader_note_strange(r, line);
	if (!reader_end_answer(r))
		return false;
	r->form = FORM_VERTICAL;
	r->row_line = r->to.line;
	r->ragged = false;
	r->value_end = NULL;
	return true;
}

/* "   Name: value". The client puts the colons of an answer below each other, which tells a name from
 * what stands in a value; where that was lost on the way, every line like this is one. */
bool
vertical_is_field(struct reader *r, const char *line, size_t *colon)
{
	size_t indent = strspn(line, " ");

	*colon = indent + strcspn(line + indent, " \t:");
	if (*colon == indent || line[*colon] != ':' ||
		(line[*colon + 1] && line[*colon + 1] != ' '))
		return false;
	if (r->columns == 1 && *colon != r->colon)
		r->ragged = true;
	return r->columns == 0 || r->ragged || *colon == r->colon;
}

bool
vertical_add_field(struct reader *r, char *line, size_t colon)
{
	char *value = line + colon + 1;

	if (r->columns == COLUMNS_MAX)
		return recording_refuse(&r->to, "a row of more than %d columns", COLUMNS_MAX);
	line[colon] = '\0';
	value += *value == ' ';
	r->colon = colon;
	r->names[r->columns] = line + strspn(line, " ");
	r->values[r->columns++] = value;
	r->value_end = value + strlen(value);
	return true;
}

/* LINE, in \G form, is no name and value: more of the last value, should another name follow. */
void
vertical_continue_value(struct reader *r, char *line)
{
	if (r->columns > 0)
		line[-1] = '\n';
}

bool
vertical_end_row(struct reader *r)
{
	const struct shape *shape = shape_of(r->names, r->columns);
	size_t line = r->to.line;
	bool going_on = true;

	/* What stands below the last value may be the client's own words. */
	if (r->value_end)
		*r->value_end = '\0';
	r->to.line = r->row_line;
	if (shape)
		going_on = reader_take_row(r, shape);
	else if (is_part_of_channel(r->names, r->columns))
		going_on = recording_refuse(&r->to, "the replica status is cut off");
	r->to.line = line;
	return going_on;
}
