/* SPDX-License-Identifier: MIT */
#include "wrap.h"

#include <string.h>

#define WIDTH 80

/* Columns of the N bytes at S: continuation bytes of UTF-8 take none. */
static size_t
columns(const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

void
wrap(struct text *out, const char *line, size_t first, size_t next)
{
	size_t column = 0;

	for (const char *word = line; *word; word += strspn(word, " ")) {
		size_t n = strcspn(word, " ");
		size_t width = columns(word, n);
		bool fresh = column == 0;

		if (!fresh && column + 1 + width > WIDTH) {
			text_add(out, "\n");
			column = 0;
		}
		if (column == 0)
			for (size_t indent = fresh && word == line ? first : next; column < indent;
				column++)
				text_add(out, " ");
		else {
			text_add(out, " ");
			column++;
		}
		text_addf(out, "%.*s", (int)n, word);
		column += width;
		word += n;
	}
	text_add(out, "\n");
}
