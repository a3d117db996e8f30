/* SPDX-License-Identifier: MIT
 *
 * The exit statuses of the Monitoring Plugins Development Guidelines, which the tool uses too.
 */
#ifndef DBV_NAGIOS_H
#define DBV_NAGIOS_H

#include "app.h"

/* Of the whole cluster, where several nodes were asked about. */
int nagios_status(const struct report *r);

/* "OK", "WARNING", "CRITICAL", "UNKNOWN". */
const char *nagios_word(const struct report *r);

#endif
