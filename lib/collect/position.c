/* SPDX-License-Identifier: MIT */
#include "position.h"

#include <string.h>

#include "talk.h"

/* In the order in which they are tried; error 1064, not in the grammar, leads to the next. MariaDB and MySQL before
 * 8.4; MySQL 8.2 and later; MariaDB 10.5 and later, should it ever drop the first. */
static const char *const forms[] = {
	"SHOW MASTER STATUS",
	"SHOW BINARY LOG STATUS",
	"SHOW BINLOG STATUS",
};

struct end {
	char file[256];
	char position[24];
	/* It is longer than any place in a log. */
	bool cut;
};

static void
keep_end(struct talk *t, bool first, void *context)
{
	struct end *e = context;
	struct text file = text_on(e->file, sizeof(e->file));
	struct text position = text_on(e->position, sizeof(e->position));

	if (!first)
		return;
	text_add_foreign(&file, talk_cell(t, "File"), sizeof(e->file));
	text_add_foreign(&position, talk_cell(t, "Position"), sizeof(e->position));
	e->cut = file.cut || position.cut;
}

static bool
is_whole_number(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

static enum reply
ask_end(struct talk *t, int64_t deadline, struct end *e)
{
	enum reply reply = REPLY_REFUSED;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		reply = talk_rows(t, forms[i], deadline, keep_end, e);
		if (reply != REPLY_REFUSED || t->error != TALK_NOT_IN_GRAMMAR)
			break;
	}
	return reply;
}

static void
say_reply(const struct talk *t, enum reply reply, struct text *why)
{
	text_addf(why, "%s%s", reply == REPLY_LATE ? "no answer in time: waited for " : "",
		t->error_text);
	if (t->error)
		text_addf(why, " (error %u)", t->error);
}

bool
node_position(dbv_node *n, int64_t deadline, struct text *out, struct text *why)
{
	struct talk t = { .node = n, .stop = -1 };
	struct end e = { .file = "" };
	char server_id[24] = "";
	enum reply reply = talk_open(&t, deadline);

	if (reply == REPLY_GIVEN)
		reply = talk_ask(&t, "SELECT @@GLOBAL.server_id", deadline);
	if (reply == REPLY_GIVEN) {
		struct text id = text_on(server_id, sizeof(server_id));

		text_add(&id, t.value);
		reply = ask_end(&t, deadline, &e);
		e.cut = e.cut || id.cut;
	}
	bool known = reply == REPLY_GIVEN && !e.cut && is_whole_number(server_id) && *e.file &&
		     is_whole_number(e.position);

	if (known)
		text_addf(out, "%s:%s:%s", server_id, e.file, e.position);
	else if (reply == REPLY_GIVEN)
		text_add(why, *e.file ? "what the server tells is no position"
				      : "the server writes no binary log");
	else
		say_reply(&t, reply, why);
	talk_close(&t);
	return known;
}
