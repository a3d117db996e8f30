/* SPDX-License-Identifier: MIT
 *
 * Observations for truth tables: recorded ones, and recorded ones with changes. Expectations as one
 * line of text.
 */
#ifndef DBV_FIXTURE_H
#define DBV_FIXTURE_H

#include "policy.h"

/* tests/data/captures/FILE, allocated, with a terminator; NULL where there is none. */
char *fixture_file(const char *file, size_t *size);

/* Adds the recording in tests/data/captures/FILE to O; false where there is none. */
bool fixture_add(dbv_observation *o, const char *file);

/* The variable with this name in any source. */
enum variable fixture_variable(const char *name);

/* tests/data/captures/NAME.status.tsv and so on, whichever exist; only what they hold counts as
 * answered. */
dbv_observation *fixture_recorded(const char *name);

/* The same as if a server had just said it: this host, the connection, the clock and an idle
 * process list answer too. */
dbv_observation *fixture_live(const char *name);

/* "name=value name=value -name": sets or removes; the value NULL is SQL's NULL, '~' stands for a
 * blank. "waits=SESSION:SECONDS:commit" (or server) adds a session that waits,
 * "session=USER|COMMAND|SECONDS|STATE|INFO" a row of the process list. Channel variables go into the last channel; the
 * word "channel" starts a new one, "-channels" removes all. "SOURCE!OUTCOME" or "SOURCE!OUTCOME=WORDS" is how a source
 * (connect, settings, variables, status, clock, sessions, channel) failed: an error number, late, nonsense or ill. */
void fixture_change(dbv_observation *o, const char *changes);

dbv_policy *fixture_policy(const char *mode, const char *role);

/* Of the policy, "name=value name=value". */
void fixture_set(dbv_policy *p, const char *settings);

/* WANT is "up", "75:check.id" (or 50, 25), "unknown:check.id" or "down:check.id", where the id is
 * that of the first finding, and then ids that must be among the findings, or with '!' must not.
 * Fails the test otherwise. */
void fixture_expect(
	const dbv_observation *o, const dbv_policy *p, const char *want, const char *row);
void fixture_expect_verdict(
	const dbv_verdict *v, const char *want, const char *row, const char *role);

/* The same with what is remembered. */
void fixture_expect_with(const dbv_observation *o, const dbv_history *h, const dbv_policy *p,
	const char *want, const char *row);

#endif
