/* SPDX-License-Identifier: MIT
 *
 * The commands of the tool dbvitals, one struct app each.
 */
#ifndef DBV_COMMANDS_H
#define DBV_COMMANDS_H

#include "app.h"

extern const struct app command_status;
extern const struct app command_explain;
extern const struct app command_checks;
extern const struct app command_metrics;
extern const struct app command_roundtrip;
extern const struct app command_grants;

/* What all of them share. */
#define COMMAND(word, bit) \
	.name = "dbvitals " word, .program = bit, .usage_status = 3, .help_status = 0, \
	.late_status = 2, .failed_status = 3, \
	.late_prefix = "dbvitals: ", .failed_prefix = "dbvitals: "

#endif
