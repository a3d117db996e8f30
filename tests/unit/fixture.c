/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recorded.h"
#include "sessions.h"

char *
fixture_file(const char *file, size_t *size)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", CAPTURES, file);
	FILE *f = fopen(path, "r");

	if (!f)
		return NULL;
	ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
	*size = (size_t)ftell(f);
	rewind(f);
	char *content = malloc(*size + 1);

	ck_assert_ptr_nonnull(content);
	ck_assert_uint_eq(fread(content, 1, *size, f), *size);
	content[*size] = '\0';
	fclose(f);
	return content;
}

bool
fixture_add(dbv_observation *o, const char *file)
{
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	size_t size = 0;
	char *content = fixture_file(file, &size);

	if (!content)
		return false;
	ck_assert_msg(
		recorded_read(o, content, size, &error) == RECORDED_TAKEN, "%s: %s", file, buf);
	free(content);
	return true;
}

static bool
add_first(dbv_observation *o, const char *name, const char *const kinds[])
{
	for (size_t i = 0; kinds[i]; i++) {
		char file[256];

		snprintf(file, sizeof(file), "%s%s.tsv", name, kinds[i]);
		if (fixture_add(o, file))
			return true;
	}
	return false;
}

dbv_observation *
fixture_recorded(const char *name)
{
	/* Of each statement one recording, the first that there is; MySQL's own may be the replica status itself. */
	static const char *const statements[][5] = {
		{ ".status", "/global_status.all" },
		{ ".variables", "/global_variables.replica" },
		{ ".all-slaves-status", ".replica-status", ".slave-status",
			"/replica_status.running_caught_up" },
		{ "" },
	};
	dbv_observation *o = observation_new();
	bool any = false;

	ck_assert_ptr_nonnull(o);
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		any |= add_first(o, name, statements[i]);
	ck_assert_msg(any, "no recording %s", name);
	return o;
}

dbv_observation *
fixture_live(const char *name)
{
	dbv_observation *o = fixture_recorded(name);
	struct sessions_idle {
		enum variable v;
		const char *text;
	} idle[] = { { V_COMMIT_WAIT, "0" }, { V_SERVER_WAIT, "0" }, { V_COMMIT_WAIT_STATE, "" },
		{ V_SERVER_WAIT_STATE, "" }, { V_SCHEMA_CHANGE, "" }, { V_SESSIONS_OWN, "1" },
		{ V_SESSIONS_FOREIGN, "3" }, { V_RESPONSE_TIME, "4" }, { V_SERVER_CLOCK, "1000" },
		{ V_LOCAL_CLOCK, "1000" }, { V_ACCOUNT, "check@%" } };

	for (size_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
		ck_assert(observation_set(o, idle[i].v, idle[i].text));
	for (enum source s = SOURCE_LOCAL; s <= SOURCE_SESSIONS; s++)
		observation_answer(o, s, ANSWERED, 0, NULL);
	return o;
}

enum variable
fixture_variable(const char *name)
{
	for (enum source s = 0; s < SOURCE_COUNT; s++) {
		enum variable v = variable_by_name(s, name);

		if (v != VARIABLE_COUNT)
			return v;
	}
	ck_abort_msg("no variable %s", name);
	return VARIABLE_COUNT;
}

/* SESSION:SECONDS:commit or SESSION:SECONDS:server */
static void
add_waiting(dbv_observation *o, const char *word)
{
	struct waiting *w = &o->waiting[o->waiting_count++];
	char wait[8] = "";

	ck_assert_int_eq(sscanf(word, "%lf:%lf:%7s", &w->session, &w->seconds, wait), 3);
	w->wait = strcmp(wait, "commit") == 0 ? WAIT_COMMIT : WAIT_SERVER;
}

static void
undo_blanks(char *text)
{
	for (char *c = text; *c; c++)
		if (*c == '~')
			*c = ' ';
}

static void
remove_channels(dbv_observation *o)
{
	while (o->channel_count > 0)
		free(o->channels[--o->channel_count]);
}

static void
forget(dbv_observation *o, enum source source)
{
	for (enum variable v = 0; v < VARIABLE_COUNT; v++)
		if (variables[v].source == source)
			o->values[v] = (struct value){ .kind = VALUE_ABSENT };
	if (source == SOURCE_SESSIONS)
		o->waiting_count = 0;
	if (source == SOURCE_CHANNEL)
		remove_channels(o);
}

/* SOURCE!OUTCOME or SOURCE!OUTCOME=WORDS. A statement that the server refuses leaves the rest as it is, anything else
 * ends the conversation. */
static void
source_failed(dbv_observation *o, char *word)
{
	static const char *const names[SOURCE_COUNT] = { [SOURCE_CONNECT] = "connect",
		[SOURCE_SETTINGS] = "settings",
		[SOURCE_GLOBAL_VARIABLES] = "variables",
		[SOURCE_GLOBAL_STATUS] = "status",
		[SOURCE_CLOCK] = "clock",
		[SOURCE_SESSIONS] = "sessions",
		[SOURCE_CHANNEL] = "channel" };
	static const char *const kinds[] = {
		[NONSENSE] = "nonsense", [LATE] = "late", [ILL] = "ill"
	};
	char *source = strsep(&word, "!"), *kind = strsep(&word, "=");
	enum outcome outcome = FAILED;
	enum source s = 0;
	double error = 0;

	while (s < SOURCE_COUNT && (!names[s] || strcmp(names[s], source) != 0))
		s++;
	ck_assert_msg(s < SOURCE_COUNT, "no source %s", source);
	for (enum outcome k = NONSENSE; k <= ILL; k++)
		if (strcmp(kinds[k], kind) == 0)
			outcome = k;
	ck_assert_msg(outcome != FAILED || text_to_number(kind, &error), "no outcome %s", kind);
	if (word)
		undo_blanks(word);
	forget(o, s);
	observation_answer(o, s, outcome, (unsigned)error, word ? word : "words of the server");
	if (s != SOURCE_CONNECT && outcome == FAILED && (error < 2000 || error >= 3000))
		return;
	while (++s < SOURCE_COUNT) {
		forget(o, s);
		observation_answer(o, s, NOT_ASKED, 0, NULL);
	}
}

/* USER|COMMAND|SECONDS|STATE|INFO */
static void
add_session(struct sessions *s, char *word)
{
	char id[12];
	struct session_row row;
	const char **const fields[] = { &row.user, &row.command, &row.seconds, &row.state,
		&row.info };

	undo_blanks(word);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		*fields[i] = strsep(&word, "|");
	snprintf(id, sizeof(id), "%.0f", s->own + s->foreign + 1);
	sessions_add(s, id, &row, "check@%");
}

static const char *
or_null(const char *word)
{
	return strcmp(word, "NULL") == 0 ? NULL : word;
}

static void
change(dbv_observation *o, char *word)
{
	char *value = strchr(word, '=');

	if (strncmp(word, "waits=", 6) == 0) {
		add_waiting(o, word + 6);
		return;
	}
	if (strcmp(word, "channel") == 0) {
		ck_assert(observation_add_channel(o));
		return;
	}
	if (strcmp(word, "-channels") == 0) {
		remove_channels(o);
		observation_answer(o, SOURCE_CHANNEL, ANSWERED, 0, NULL);
		return;
	}
	if (strcspn(word, "!") < strcspn(word, "=")) {
		source_failed(o, word);
		return;
	}
	if (*word == '-') {
		enum variable v = fixture_variable(word + 1);
		struct value *values = variables[v].source == SOURCE_CHANNEL
					       ? o->channels[o->channel_count - 1]->values
					       : o->values;

		values[v] = (struct value){ .kind = VALUE_ABSENT };
		return;
	}
	ck_assert_msg(value, "malformed change %s", word);
	*value++ = '\0';
	undo_blanks(value);
	ck_assert(observation_set(o, fixture_variable(word), or_null(value)));
}

void
fixture_change(dbv_observation *o, const char *changes)
{
	char *copy = strdup(changes);
	char *rest = copy, *word;
	struct sessions listed = { .own = 0 };

	while ((word = strsep(&rest, " ")))
		if (strncmp(word, "session=", 8) == 0)
			add_session(&listed, word + 8);
		else if (*word)
			change(o, word);
	if (listed.own + listed.foreign > 0)
		ck_assert(sessions_keep(&listed, o));
	free(copy);
}

dbv_policy *
fixture_policy(const char *mode, const char *role)
{
	dbv_policy *p = dbv_policy_new();

	ck_assert_ptr_nonnull(p);
	ck_assert(dbv_policy_set(p, "mode", mode, NULL, 0));
	ck_assert(dbv_policy_set(p, "role", role, NULL, 0));
	return p;
}

void
fixture_set(dbv_policy *p, const char *settings)
{
	char *copy = strdup(settings);
	char *rest = copy, *value;

	while ((value = strsep(&rest, " "))) {
		const char *name = strsep(&value, "=");

		ck_assert_msg(!*name || dbv_policy_set(p, name, value, NULL, 0), "%s", name);
	}
	free(copy);
}

/* What came out, in the form of the expectation, with every finding behind it. */
static void
describe(const dbv_verdict *v, struct text *out)
{
	enum dbv_state state = dbv_verdict_state(v);

	if (state == DBV_DEGRADED)
		text_addf(out, "%u", dbv_verdict_weight(v));
	else
		text_add(out, dbv_state_name(state));
	if (state != DBV_UP && dbv_findings(v) > 0)
		text_addf(out, ":%s", dbv_finding_id(v, 0));
}

void
fixture_expect_verdict(const dbv_verdict *v, const char *want, const char *row, const char *role)
{
	char buf[512];
	struct text got = text_on(buf, sizeof(buf));
	char *copy = strdup(want);
	char *rest = copy, *word = strsep(&rest, " ");

	ck_assert_ptr_nonnull(v);
	describe(v, &got);
	ck_assert_msg(strcmp(got.buf, word) == 0, "%s, %s: %s instead of %s (%s)", row, role,
		got.buf, word, dbv_findings(v) ? dbv_finding_message(v, 0) : "no finding");
	while ((word = strsep(&rest, " "))) {
		bool unwanted = *word == '!';

		ck_assert_msg((dbv_finding_by_id(v, word + unwanted) == NULL) == unwanted,
			"%s, %s: %s %s", row, role, word + unwanted,
			unwanted ? "is told" : "is not told");
	}
	free(copy);
}

void
fixture_expect(const dbv_observation *o, const dbv_policy *p, const char *want, const char *row)
{
	fixture_expect_with(o, NULL, p, want, row);
}

void
fixture_expect_with(const dbv_observation *o, const dbv_history *h, const dbv_policy *p,
	const char *want, const char *row)
{
	dbv_verdict *v = dbv_judge(o, h, p);

	fixture_expect_verdict(v, want, row, role_names[p->role]);
	dbv_verdict_free(v);
}
