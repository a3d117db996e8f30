/* SPDX-License-Identifier: MIT */
#include "catalogue.h"

#include <string.h>

#include "policy.h"

static const char *const cell_words[] = { [CELL_NONE] = "–",
	[CELL_NOTE] = "note",
	[CELL_75] = "75",
	[CELL_50] = "50",
	[CELL_25] = "25",
	[CELL_UNKNOWN] = "unknown",
	[CELL_DOWN] = "down" };

static const struct metric *
metric_of(const struct check *c)
{
	for (size_t i = 0; i < metric_count; i++)
		if (strcmp(metrics[i].check, c->id) == 0)
			return &metrics[i];
	return NULL;
}

/* The cell, and down beyond a critical threshold. */
void
catalogue_cell(const struct check *c, enum role r, struct text *out)
{
	const struct metric *m = metric_of(c);
	bool then_down = m && m->critical[r];
	/* Without default thresholds the cell says what an explicit warning costs. */
	bool warns = !m || m->warning[r] || !then_down;

	text_addf(out, "%s%s%s", warns ? cell_words[c->cells[r]] : "",
		warns && then_down ? ", then " : "", then_down ? "down" : "");
}

void
catalogue_cells(const struct check *c, struct text *out)
{
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		text_addf(out, "%s%s ", r ? "; " : "", role_names[r]);
		catalogue_cell(c, r, out);
	}
	text_add(out, c->fixed ? "; fixed" : "");
}

void
catalogue_limits(const struct metric *m, struct text *out)
{
	for (enum role r = 0; r < ROLE_COUNT; r++)
		text_addf(out, "%s%s %s / %s", r ? "; " : "", role_names[r],
			m->warning[r] ? m->warning[r] : "none",
			m->critical[r] ? m->critical[r] : "none");
}
