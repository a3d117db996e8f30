/* SPDX-License-Identifier: MIT */
#include "nagios.h"

static const struct {
	int status;
	const char *word;
} states[] = {
	[DBV_UP] = { 0, "OK" },
	[DBV_DEGRADED] = { 1, "WARNING" },
	[DBV_DOWN] = { 2, "CRITICAL" },
	[DBV_UNKNOWN] = { 3, "UNKNOWN" },
};

static enum dbv_state
state_of(const struct report *r)
{
	return dbv_verdict_state(r->cluster ? r->cluster : r->nodes[0].verdict);
}

int
nagios_status(const struct report *r)
{
	return states[state_of(r)].status;
}

const char *
nagios_word(const struct report *r)
{
	return states[state_of(r)].word;
}
