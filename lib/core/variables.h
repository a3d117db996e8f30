/* SPDX-License-Identifier: MIT
 *
 * The table of variables.def as C: one enumerator and one row each.
 */
#ifndef DBV_VARIABLES_H
#define DBV_VARIABLES_H

#include <stddef.h>

/* Where an answer comes from, in the order of asking. The first is this host itself; CONNECT,
 * SETTINGS and the canary answer no variable but can fail; the heartbeats are variables of their channel. */
enum source {
	SOURCE_LOCAL,
	SOURCE_CONNECT,
	SOURCE_SETTINGS,
	SOURCE_GLOBAL_VARIABLES,
	SOURCE_GLOBAL_STATUS,
	SOURCE_CLOCK,
	SOURCE_SESSIONS,
	SOURCE_CHANNEL,
	SOURCE_HEARTBEATS,
	SOURCE_CANARY_SETTINGS,
	SOURCE_CANARY,
	SOURCE_COUNT,
};

enum variable {
#define VARIABLE(id, source, name, alias, doc) V_##id,
#include "variables.def"
#undef VARIABLE
	VARIABLE_COUNT,
};

struct variable_row {
	enum source source;
	const char *name;
	const char *alias;
	const char *doc;
};

extern const struct variable_row variables[VARIABLE_COUNT];

/* The row of SOURCE with this name or alias, VARIABLE_COUNT when there is none. */
enum variable variable_by_name(enum source source, const char *name);

#endif
