/* SPDX-License-Identifier: MIT */
#include "sessions.h"

#include <string.h>

#include "canary.h"
#include "text.h"

/* Beginnings of the State column, in whole words ("Committing alter table" is no commit): MariaDB's and MySQL's stage names, and the wsrep_ words of
 * Percona and MySQL-wsrep. Seen on MariaDB 10.11 (FTWRL, full binary-log disk, TOI, large write
 * sets) unless a comment says otherwise. */
static const struct {
	const char *state;
	enum wait wait;
} waits[] = {
	{ "Waiting for certification", WAIT_COMMIT },
	{ "Waiting for flow control", WAIT_COMMIT },
	{ "Commit", WAIT_COMMIT },
	{ "Writing to binlog", WAIT_COMMIT },
	{ "Waiting for prior transaction to commit", WAIT_COMMIT },
	/* MySQL 8 documentation, "General Thread States". */
	{ "starting commit", WAIT_COMMIT },
	{ "waiting for handler commit", WAIT_COMMIT },
	{ "Waiting for semi-sync ACK", WAIT_COMMIT },
	/* MariaDB documentation, "Galera Cluster Thread States". */
	{ "Waiting for TOI DDL", WAIT_COMMIT },
	/* Percona XtraDB Cluster, as its users report them and its source has them: 8, then 5.7. */
	{ "wsrep: replicating and certifying", WAIT_COMMIT },
	{ "wsrep: write set replicated", WAIT_COMMIT },
	{ "wsrep: replicating commit", WAIT_COMMIT },
	{ "wsrep: initiating replication", WAIT_COMMIT },
	{ "wsrep: initiating pre-commit", WAIT_COMMIT },
	{ "wsrep: in pre-commit stage", WAIT_COMMIT },
	{ "wsrep: pre-commit/certification passed", WAIT_COMMIT },
	{ "wsrep: waiting to replay", WAIT_COMMIT },
	{ "Waiting for backup lock", WAIT_SERVER },
	{ "Waiting for someone to free space", WAIT_SERVER },
	/* MySQL 8 documentation, "General Thread States". */
	{ "Waiting for global read lock", WAIT_SERVER },
	{ "Waiting for commit lock", WAIT_SERVER },
	{ "Waiting for disk space", WAIT_SERVER },
};

/* Statements that Galera runs in total order isolation. */
static const char *const schema_verbs[] = { "ALTER", "CREATE", "DROP", "RENAME", "TRUNCATE",
	"OPTIMIZE", "REPAIR", "GRANT", "REVOKE" };

/* A schema change that waits for its turn is not the one that runs. */
static const char *const turn_states[] = { "Waiting to execute in isolation",
	"wsrep: initiating TOI", "wsrep: preparing for TO isolation" };

/* A backup keeps schema changes out long before it keeps writes out, if it ever does (MariaDB 10.11: BACKUP STAGE
 * BLOCK_DDL; MySQL 9.7: LOCK INSTANCE FOR BACKUP): only who writes in this state tells that writes wait. */
static const char backup_lock[] = "Waiting for backup lock";

enum wait
sessions_wait_of(const char *state)
{
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		char next = state[strnlen(state, strlen(waits[i].state))];
		bool whole = !((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'));

		if (whole && text_starts_nocase(state, waits[i].state))
			return waits[i].wait;
	}
	return WAIT_NONE;
}

/* Where the statement itself begins: behind blanks, comments and MariaDB's SET STATEMENT ... FOR. */
static const char *
statement_start(const char *info)
{
	for (;;) {
		const char *end = NULL;

		info += strspn(info, " \t\r\n");
		if (strncmp(info, "/*", 2) == 0)
			end = strstr(info, "*/");
		else if (strncmp(info, "-- ", 3) == 0 || *info == '#')
			end = strchr(info, '\n');
		else if (text_starts_nocase(info, "SET STATEMENT "))
			for (end = info; *end && !text_starts_nocase(end, " FOR "); end++)
				continue;
		if (!end || !*end)
			return info;
		info = end + (*end == '*' ? 2 : *end == ' ' ? 5 : 1);
	}
}

/* The verb of a schema change, NULL for anything else. Only the verb is kept: the rest of the statement may hold a
 * password. */
static const char *
schema_verb(const char *info)
{
	info = statement_start(info);
	if (text_starts_nocase(info, "CREATE TEMPORARY ") ||
		text_starts_nocase(info, "DROP TEMPORARY "))
		return NULL;
	for (size_t i = 0; i < sizeof(schema_verbs) / sizeof(schema_verbs[0]); i++)
		if (text_starts_nocase(info, schema_verbs[i]))
			return schema_verbs[i];
	return NULL;
}

static bool
waits_for_its_turn(const char *state)
{
	for (size_t i = 0; i < sizeof(turn_states) / sizeof(turn_states[0]); i++)
		if (text_starts_nocase(state, turn_states[i]))
			return true;
	return false;
}

static void
remember(char *buf, size_t size, const char *s)
{
	struct text t = text_on(buf, size);

	text_add_foreign(&t, s, size - 1);
}

/* LOGIN is USER(), name@host; the column User holds the name alone. */
static bool
is_own(const char *user, const char *login)
{
	if (!login)
		return false;
	const char *at = strrchr(login, '@');
	size_t n = at ? (size_t)(at - login) : strlen(login);

	return user && strlen(user) == n && memcmp(user, login, n) == 0;
}

/* Where one more wait goes, of more than can be kept: in the place of the shortest of its kind, or of the other kind
 * where that has more than half of the places. */
static struct waiting *
place_for(struct sessions *s, enum wait wait)
{
	struct waiting *shortest = s->waiting;
	size_t own = 0;

	if (s->waiting_count < WAITERS_MAX)
		return &s->waiting[s->waiting_count++];
	for (size_t i = 0; i < WAITERS_MAX; i++)
		own += s->waiting[i].wait == wait;
	bool of_own = own >= WAITERS_MAX / 2;

	for (struct waiting *w = s->waiting; w < s->waiting + WAITERS_MAX; w++)
		if ((w->wait == wait) == of_own &&
			((shortest->wait == wait) != of_own || w->seconds < shortest->seconds))
			shortest = w;
	return shortest;
}

static void
add_waiting(struct sessions *s, const char *id, double seconds, enum wait wait)
{
	struct waiting w = { .seconds = seconds, .wait = wait };
	struct waiting *place = NULL;

	if (!id || !text_to_number(id, &w.session))
		return;
	place = place_for(s, wait);
	if (place->wait != wait || place->seconds <= seconds)
		*place = w;
}

static bool
is_canary(const char *info)
{
	return info && strncmp(info, CANARY_MARK, strlen(CANARY_MARK)) == 0;
}

static void
add_canary(struct sessions *s, double seconds, const char *state)
{
	if (s->has_canary && seconds <= s->canary_wait)
		return;
	s->has_canary = true;
	s->canary_wait = seconds;
	remember(s->canary_state, sizeof(s->canary_state), state);
}

void
sessions_add(struct sessions *s, const char *id, const struct session_row *row, const char *login)
{
	double seconds = 0;
	const char *state = row->state ? row->state : "";
	bool at_work = row->command && !text_equal_nocase(row->command, "Sleep") &&
		       !text_equal_nocase(row->command, "Daemon");
	bool timed = row->seconds && text_to_number(row->seconds, &seconds) && seconds >= 0;
	bool system = row->user && text_equal_nocase(row->user, "system user");

	if (is_own(row->user, login))
		s->own++;
	else
		s->foreign++;
	/* A change of some milliseconds is no news. */
	const char *verb = row->info && timed && seconds >= 1 ? schema_verb(row->info) : NULL;
	enum wait wait = *state ? sessions_wait_of(state) : WAIT_NONE;

	if (verb && wait == WAIT_NONE && !waits_for_its_turn(state))
		s->schema_change = verb;
	if (!at_work || !timed || system || (verb && text_starts_nocase(state, backup_lock)))
		return;
	if (is_canary(row->info) && is_own(row->user, login)) {
		add_canary(s, seconds, state);
		return;
	}
	if (wait != WAIT_NONE)
		add_waiting(s, id, seconds, wait);
	if (wait == WAIT_COMMIT && seconds >= s->commit_wait) {
		s->commit_wait = seconds;
		remember(s->commit_state, sizeof(s->commit_state), state);
	}
	if (wait == WAIT_SERVER && seconds >= s->server_wait) {
		s->server_wait = seconds;
		remember(s->server_state, sizeof(s->server_state), state);
	}
}

bool
sessions_keep(const struct sessions *s, dbv_observation *o)
{
	if (s->has_canary && !(observation_set_number(o, V_CANARY_EARLIER, s->canary_wait) &&
				     observation_set(o, V_CANARY_STATE, s->canary_state)))
		return false;
	memcpy(o->waiting, s->waiting, sizeof(o->waiting));
	o->waiting_count = s->waiting_count;
	return observation_set_number(o, V_SESSIONS_OWN, s->own) &&
	       observation_set_number(o, V_SESSIONS_FOREIGN, s->foreign) &&
	       observation_set_number(o, V_COMMIT_WAIT, s->commit_wait) &&
	       observation_set_number(o, V_SERVER_WAIT, s->server_wait) &&
	       observation_set(o, V_COMMIT_WAIT_STATE, s->commit_state) &&
	       observation_set(o, V_SERVER_WAIT_STATE, s->server_state) &&
	       observation_set(o, V_SCHEMA_CHANGE, s->schema_change ? s->schema_change : "");
}
