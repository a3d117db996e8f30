/* SPDX-License-Identifier: MIT
 *
 * A conversation with one server, statement by statement, for what a look cannot do: what is asked
 * next depends on the answer. Every call waits, until its deadline or until it is told to stop.
 */
#ifndef DBV_TALK_H
#define DBV_TALK_H

#include "node.h"

/* Errors that those who ask may want to tell from others. */
enum {
	TALK_NOT_IN_GRAMMAR = 1064,
	TALK_NO_SUCH_TABLE = 1146,
	TALK_LOCK_WAIT = 1205,
	TALK_PRIVILEGE_MISSING = 1227,
	TALK_WRONG_VALUE = 1231,
};

enum reply {
	REPLY_GIVEN,
	/* The server said no; the conversation goes on. */
	REPLY_REFUSED,
	/* There is no conversation, or no longer. */
	REPLY_LOST,
	/* The deadline passed: the conversation is over, and the server may still be at it. */
	REPLY_LATE,
	/* Told to stop: the same. */
	REPLY_STOPPED,
};

struct talk {
	dbv_node *node;
	/* A descriptor that becomes readable when nothing is to be waited for any more; -1: none. */
	int stop;
	/* NULL: no conversation. */
	struct client *client;
	/* The server's number for the session, "" before there was one. */
	char session[24];
	/* Words that stand in T's statements and in nobody else's. */
	char mark[64];
	/* Of the last answer, the first column of the first row; none, and "", where it has no row. */
	bool has_value;
	char value[256];
	/* Of the last refusal or loss; the text is clean. */
	unsigned error;
	char error_text[256];
	/* What an earlier session said it did when talk_open() ended it; "": none was ended. */
	char ended_in[64];
};

/* Connects, and sees to it that nothing waits for the cluster, that every change commits, and that
 * no lock is waited for longer than a second. Where an earlier conversation of T's was given up, the
 * session that it left at the server is ended, if it is still at a statement with T's mark. */
enum reply talk_open(struct talk *t, int64_t deadline);

bool talk_is_open(const struct talk *t);

enum reply talk_ask(struct talk *t, const char *sql, int64_t deadline);

/* What is to be done with a row of an answer; FIRST: with the first. */
typedef void talk_row(struct talk *t, bool first, void *context);

/* The same with ROW for each row. All are read, whether or not they are wanted. */
enum reply talk_rows(
	struct talk *t, const char *sql, int64_t deadline, talk_row *row, void *context);

/* In ROW: its value in the column NAME, "" where there is none. */
const char *talk_cell(const struct talk *t, const char *name);

/* Lets MILLISECONDS pass; false when told to stop. */
bool talk_pause(const struct talk *t, int milliseconds);

void talk_close(struct talk *t);

#endif
