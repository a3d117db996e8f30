/* SPDX-License-Identifier: MIT
 *
 * Inside recorded.c and the three forms: where reading has got to.
 */
#ifndef DBV_RECORDED_READER_H
#define DBV_RECORDED_READER_H

#include "recorded_rows.h"

/* No answer has as many. */
#define COLUMNS_MAX 256

enum form {
	FORM_NONE,
	FORM_BATCH,
	FORM_VERTICAL,
	FORM_BOXED,
};

struct reader {
	struct recording to;
	/* Where the next line begins. */
	char *next;
	/* What is being read; SHAPE is NULL while that is of no interest, and in \G. */
	enum form form;
	const struct shape *shape;
	const char *names[COLUMNS_MAX];
	const char *values[COLUMNS_MAX];
	size_t columns;
	size_t rows;
	/* Of \G: where the row begins, the column of the colons (RAGGED: they have none), and where
	 * the first line of the last value ends. */
	size_t row_line;
	size_t colon;
	bool ragged;
	char *value_end;
	/* Of a boxed table: its "+----+", the widths of its cells, and that of a row. */
	const char *border;
	size_t cells;
	size_t widths[COLUMNS_MAX];
	size_t row_width;
	/* The first line that is no remark of the client. */
	const char *strange;
	size_t strange_line;
};

/* All functions that return bool, but is_..., return false when reading has to end. */

/* The next line, terminated; NULL behind the last. Lines follow each other in memory: the byte
 * before a line ends the one before it. */
char *reader_next_line(struct reader *r);

void reader_note_strange(struct reader *r, const char *line);

bool reader_begin_answer(struct reader *r, enum form form, const struct shape *shape,
	const char *const names[], size_t count);

/* What was being read has no more rows. */
bool reader_end_answer(struct reader *r);

/* Names and values are a row of SHAPE. */
bool reader_take_row(struct reader *r, const struct shape *shape);

/* COUNT values without a header above, as of --skip-column-names: of interest where they are a name
 * that is known and its value. */
bool reader_take_pair(struct reader *r, size_t count);

/* A line that is not of the two other forms. */
bool batch_line(struct reader *r, char *line);

/* "*************************** 2. row ***************************" */
bool vertical_is_row_mark(const char *line, bool *first);
bool vertical_begin_row(struct reader *r, const char *line, bool first);
/* "   Name: value"; where its colon stands. */
bool vertical_is_field(struct reader *r, const char *line, size_t *colon);
bool vertical_add_field(struct reader *r, char *line, size_t colon);
/* LINE is neither: more of the last value, should another name follow. */
void vertical_continue_value(struct reader *r, char *line);
bool vertical_end_row(struct reader *r);

/* "+----+-----+"; blanks behind it are cut off. */
bool boxed_is_border(char *line);
bool boxed_border_line(struct reader *r, const char *border);
bool boxed_line(struct reader *r, char *line);

#endif
