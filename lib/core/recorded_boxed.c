/* SPDX-License-Identifier: MIT */
#include "recorded_reader.h"

#include <string.h>

bool
boxed_is_border(char *line)
{
	size_t n = strspn(line, "+-");

	if (strncmp(line, "+-", 2) != 0 || line[n - 1] != '+' || line[n + strspn(line + n, " ")])
		return false;
	line[n] = '\0';
	return true;
}

/* Bytes that continue a character of UTF-8 take no room of their own. */
static size_t
character(const char *s)
{
	size_t n = 1;

	while (((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static size_t
width_of(const char *line)
{
	size_t n = 0;

	for (; *line; line += character(line))
		n++;
	return n;
}

static const char *
trimmed(char *cell, char *end)
{
	while (end > cell && end[-1] == ' ')
		end--;
	*end = '\0';
	return cell + strspn(cell, " ");
}

/* The client pads no cell beyond so many characters, and cuts none (MariaDB 10.11). */
#define PADDED_MAX (1024 + 2)

static size_t
padded(size_t width)
{
	return width < PADDED_MAX ? width : PADDED_MAX;
}

/* Where the cell of WIDTH that begins at S ends, NULL where no bar stands there. */
static char *
cell_end(char *s, size_t width, bool last)
{
	for (size_t n = padded(width); n > 0 && *s; n--)
		s += character(s);
	if (width > PADDED_MAX)
		s = last ? strrchr(s, '|') : strchr(s, '|');
	return s && *s == '|' ? s : NULL;
}

/* Splits ROW, which begins with a bar, in place where the border has its corners; 0 where ROW has no bars there. */
static size_t
split_at_corners(struct reader *r, char *row)
{
	char *ends[COLUMNS_MAX], *bar = row;
	size_t n = 0;

	if (r->cells > COLUMNS_MAX)
		return 0;
	for (; n < r->cells; n++) {
		r->values[n] = bar + 1;
		bar = ends[n] = cell_end(bar + 1, r->widths[n], n + 1 == r->cells);
		if (!bar)
			return 0;
	}
	if (bar[1 + strspn(bar + 1, " ")])
		return 0;
	for (size_t i = 0; i < n; i++)
		r->values[i] = trimmed(row + (r->values[i] - row), ends[i]);
	return n;
}

/* Splits ROW in place at its bars, where they are as many as the border has corners; 0 otherwise. Characters of
 * double width, and blanks that were lost, move them. */
static size_t
split_at_bars(struct reader *r, char *row)
{
	size_t bars = 0, n = 0;
	const char *last = row;

	for (const char *s = row; *s; s++) {
		bars += *s == '|';
		last = *s == ' ' ? last : s;
	}
	if (r->cells > COLUMNS_MAX || bars != r->cells + 1 || *last != '|')
		return 0;
	for (char *cell = row + 1, *bar; (bar = strchr(cell, '|')); cell = bar + 1)
		r->values[n++] = trimmed(cell, bar);
	return n;
}

bool
boxed_border_line(struct reader *r, const char *line)
{
	if (r->form == FORM_BOXED && strcmp(r->border, line) == 0)
		return true;
	reader_note_strange(r, line);
	if (!reader_end_answer(r))
		return false;
	r->form = FORM_BOXED;
	r->border = line;
	r->row_width = 1;
	for (r->cells = 0; line[1]; r->cells++) {
		size_t width = strspn(line + 1, "-");

		line += width + 1;
		r->row_width += padded(width) + 1;
		if (r->cells < COLUMNS_MAX)
			r->widths[r->cells] = width;
	}
	return true;
}

/* A value that spans lines: what is not another row yet, but none of its borders. */
static void
join_lines(struct reader *r, const char *row)
{
	size_t width = width_of(row);

	while (*r->next && *r->next != '+' && (width < r->row_width || *r->next != '|')) {
		char *line = reader_next_line(r);

		line[-1] = '\n';
		width += 1 + width_of(line);
	}
}

bool
boxed_line(struct reader *r, char *line)
{
	size_t count = split_at_corners(r, line);

	if (count == 0)
		count = split_at_bars(r, line);
	if (count == 0) {
		join_lines(r, line);
		count = split_at_corners(r, line);
	}
	const struct shape *shape = shape_of(r->values, count);

	if (shape)
		return reader_begin_answer(r, FORM_BOXED, shape, r->values, count);
	if (!r->shape)
		return reader_take_pair(r, count);
	if (count != r->columns)
		return recording_refuse(&r->to, "a row that does not fit its table");
	return reader_take_row(r, r->shape);
}
