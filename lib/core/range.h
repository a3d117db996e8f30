/* SPDX-License-Identifier: MIT
 *
 * Nagios ranges: [@]start:end, inside is fine; with @, outside is fine.
 */
#ifndef DBV_RANGE_H
#define DBV_RANGE_H

#include <stdbool.h>

struct range {
	bool set;
	bool inverted;
	double start;
	double end;
	char text[48];
};

/* Reads TEXT; false where it is no range. */
bool range_parse(const char *text, struct range *out);

bool range_alerts(const struct range *r, double value);

#endif
