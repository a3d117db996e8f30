/* SPDX-License-Identifier: MIT
 *
 * What an agent says of itself: the XML of OCF 1.1.
 */
#ifndef DBV_METADATA_H
#define DBV_METADATA_H

#include "agent.h"

void metadata_print(const struct agent *agent, struct text *out);

/* boolean, integer or string. */
const char *metadata_type(const struct option *o);

#endif
