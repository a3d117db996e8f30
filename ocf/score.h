/* SPDX-License-Identifier: MIT
 *
 * How much an instance is worth to the cluster: from a verdict to a promotion score. Pure.
 */
#ifndef DBV_SCORE_H
#define DBV_SCORE_H

#include "dbvitals.h"

/* Pacemaker's -INFINITY: this instance must not be promoted. */
#define SCORE_NEVER (-1000000)

/* Of a holder that is up. */
#define SCORE_MAX 3000

/* Of an observer that is up. */
#define SCORE_OBSERVER_MAX 1000

/* Pacemaker's INFINITY: of a holder that Pacemaker takes for unpromoted. It is told to no other. */
#define SCORE_HELD 1000000
#define SCORE_HELD_AGAIN 999999

/* A holder whose fitness nobody knows: it keeps the address until another instance is fit. */
#define SCORE_UNKNOWN_HOLDER 1

/* How old what a score rests on may be, milliseconds; and what publishing one may take of that. */
#define SCORE_AGE_MAX_MS 10000
#define SCORE_TELL_MS 1000

/* The last score that rested on what a server said, of an instance that held the address, and when; 0: none. */
struct known_score {
	int score;
	int64_t at;
};

/* What a verdict comes to. */
struct fitness {
	enum dbv_state state;
	/* 0..100; 0 where it must not be used. */
	unsigned weight;
	/* "STATE:check.id", or "up": for people, in crm_mon -A. */
	char why[96];
	/* "message (check.id)", "" when up: for an exit reason. */
	char reason[128];
	/* When what it rests on was read, dbv_now() milliseconds. */
	int64_t judged_at;
};

struct fitness fitness_of(const dbv_verdict *v, int64_t judged_at);

/* The checker is ill before it could ask: WHAT is a word for crm_mon, REASON the words. */
struct fitness fitness_unknown(const char *what, const char *reason, int64_t now);

/* The score at NOW (dbv_now() milliseconds) of a holder (judged for role write), or of an observer (role promote). A
 * holder that turns unknown keeps its last score for SCORE_AGE_MAX_MS, so that an illness which all checkers share shows
 * on the observers first. */
int score_of(bool holder, const struct fitness *f, const struct known_score *known, int64_t now);

/* What a holder of SCORE is told while it is reloaded: never the same again, or Pacemaker would not plan anew. */
int score_held(int score);

/* What is left of SCORE after the address was given up in good order: able, but the last choice until it is judged anew;
 * score_held() says nothing of that. */
int score_after_demote(int score);

/* "3000", "-INFINITY". */
void score_word(int score, char *buf, size_t size);

/* The same backwards; SCORE_NEVER of what is none. */
int score_of_word(const char *word);

#endif
