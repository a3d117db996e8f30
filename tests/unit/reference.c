/* SPDX-License-Identifier: MIT */
#include "reference.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

void
reference_prove(const struct reference *row)
{
	ck_assert_msg(!row->elsewhere == (row->want[0] != NULL), "%s", row->name);
	for (enum role r = 0; !row->elsewhere && r < ROLE_COUNT; r++) {
		dbv_observation *o = fixture_live(row->base);
		dbv_policy *p = fixture_policy(row->mode, role_names[r]);

		fixture_set(p, row->settings ? row->settings : "");
		fixture_change(o, row->changes);
		fixture_expect(o, p, row->want[r], row->name);
		dbv_policy_free(p);
		observation_free(o);
	}
}

void
reference_complete(const struct reference *rows, size_t count, unsigned last)
{
	for (unsigned number = 1; number <= last; number++) {
		size_t i = 0;

		while (i < count && rows[i].number != number)
			i++;
		ck_assert_msg(i < count, "number %u has no row", number);
	}
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(rows[i].number >= 1 && rows[i].number <= last, "%s", rows[i].name);
}
