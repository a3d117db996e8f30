/* SPDX-License-Identifier: MIT
 *
 * Global transaction ids as a replica's status tells them: what it received whole, and what it applied. MariaDB names
 * the last one of each domain (0-1-100,2-2-7), MySQL all of each source (UUID:1-5:7, with tags UUID:1-5:TAG:1-3).
 */
#ifndef DBV_GTID_H
#define DBV_GTID_H

#include "observation.h"

/* Is all that was RECEIVED in APPLIED? EXACT: MariaDB's last ones must be the very same, since in a domain that several
 * servers write to a higher number proves nothing. Not known where either text is malformed, cut, or endless. */
enum truth gtid_applied(const char *received, const char *applied, bool exact);

#endif
