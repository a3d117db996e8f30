/* SPDX-License-Identifier: MIT */
#include "variables.h"

#include "text.h"

const struct variable_row variables[VARIABLE_COUNT] = {
#define VARIABLE(id, source, name, alias, doc) [V_##id] = { SOURCE_##source, name, alias, doc },
#include "variables.def"
#undef VARIABLE
};

enum variable
variable_by_name(enum source source, const char *name)
{
	for (enum variable v = 0; v < VARIABLE_COUNT; v++) {
		const struct variable_row *row = &variables[v];

		if (row->source != source)
			continue;
		if (text_equal_nocase(row->name, name) ||
			(row->alias && text_equal_nocase(row->alias, name)))
			return v;
	}
	return VARIABLE_COUNT;
}
