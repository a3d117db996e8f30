/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sessions.h"

#define LINE_MAX_BYTES 65536
#define COLUMNS_MAX 128

/* Splits LINE at tabs, undoing what mysql --batch escapes. */
static size_t
split(char *line, char *fields[COLUMNS_MAX])
{
	size_t n = 0;

	line[strcspn(line, "\n")] = '\0';
	for (char *s = line; s && n < COLUMNS_MAX;) {
		char *field = strsep(&s, "\t");
		char *out = field;

		fields[n++] = field;
		for (char *c = field; *c; c++) {
			if (*c == '\\' && c[1])
				*out++ = *++c == 'n' ? '\n' : *c == 't' ? '\t' : *c;
			else
				*out++ = *c;
		}
		*out = '\0';
	}
	return n;
}

static const char *
or_null(const char *field)
{
	return strcmp(field, "NULL") == 0 ? NULL : field;
}

/* Reads one recording as the answer of SOURCE; false where the file is missing. */
static bool
read_table(dbv_observation *o, enum source source, const char *name, const char *kind)
{
	static char header[LINE_MAX_BYTES], line[LINE_MAX_BYTES];
	char path[512];
	char *names[COLUMNS_MAX] = { NULL }, *fields[COLUMNS_MAX] = { NULL };

	snprintf(path, sizeof(path), "%s/%s%s.tsv", CAPTURES, name, kind);
	FILE *f = fopen(path, "r");

	if (!f)
		return false;
	observation_answer(o, source, ANSWERED, 0, NULL);
	if (fgets(header, sizeof(header), f))
		split(header, names);
	while (fgets(line, sizeof(line), f)) {
		size_t n = split(line, fields);

		if (source != SOURCE_CHANNEL) {
			ck_assert(observation_set_by_name(
				o, source, fields[0], n > 1 ? fields[1] : ""));
			continue;
		}
		ck_assert(observation_add_channel(o));
		for (size_t i = 0; i < n; i++)
			ck_assert(observation_set_by_name(o, source, names[i], or_null(fields[i])));
	}
	fclose(f);
	return true;
}

dbv_observation *
fixture_recorded(const char *name)
{
	dbv_observation *o = observation_new();
	bool any = false;

	ck_assert_ptr_nonnull(o);
	any |= read_table(o, SOURCE_GLOBAL_STATUS, name, ".status") ||
	       read_table(o, SOURCE_GLOBAL_STATUS, name, "/global_status.all");
	any |= read_table(o, SOURCE_GLOBAL_VARIABLES, name, ".variables") ||
	       read_table(o, SOURCE_GLOBAL_VARIABLES, name, "/global_variables.replica");
	/* MySQL's own: one recording is the replica status itself. */
	any |= read_table(o, SOURCE_CHANNEL, name, ".all-slaves-status") ||
	       read_table(o, SOURCE_CHANNEL, name, ".replica-status") ||
	       read_table(o, SOURCE_CHANNEL, name, ".slave-status") ||
	       read_table(o, SOURCE_CHANNEL, name, "/replica_status.running_caught_up") ||
	       read_table(o, SOURCE_CHANNEL, name, "");
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

static enum variable
find(const char *name)
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
		enum variable v = find(word + 1);
		struct value *values = variables[v].source == SOURCE_CHANNEL
					       ? o->channels[o->channel_count - 1]->values
					       : o->values;

		values[v] = (struct value){ .kind = VALUE_ABSENT };
		return;
	}
	ck_assert_msg(value, "malformed change %s", word);
	*value++ = '\0';
	undo_blanks(value);
	ck_assert(observation_set(o, find(word), or_null(value)));
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
