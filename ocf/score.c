/* SPDX-License-Identifier: MIT */
#include "score.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

/* An exit reason is cut after 128 bytes: the id stays whole, the words give way. */
static void
give_reason(struct fitness *f, const char *message, const char *id)
{
	struct text t = text_on(f->reason, sizeof(f->reason));
	char end[64];

	snprintf(end, sizeof(end), " (%s)", id);
	text_add_start(&t, message, sizeof(f->reason) - 1 - strlen(end));
	text_add(&t, end);
}

struct fitness
fitness_of(const dbv_verdict *v, int64_t judged_at)
{
	struct fitness f = { .state = dbv_verdict_state(v),
		.weight = dbv_verdict_weight(v),
		.judged_at = judged_at };
	const char *state = dbv_state_name(f.state);

	if (f.state == DBV_UP || dbv_findings(v) == 0) {
		snprintf(f.why, sizeof(f.why), "%s", state);
		return f;
	}
	snprintf(f.why, sizeof(f.why), "%s:%s", state, dbv_finding_id(v, 0));
	give_reason(&f, dbv_finding_message(v, 0), dbv_finding_id(v, 0));
	return f;
}

struct fitness
fitness_unknown(const char *what, const char *reason, int64_t now)
{
	struct fitness f = { .state = DBV_UNKNOWN, .judged_at = now };

	snprintf(f.why, sizeof(f.why), "unknown:%s", what);
	give_reason(&f, reason, what);
	return f;
}

static int
holder_score(const struct fitness *f, const struct known_score *known, int64_t now)
{
	switch (f->state) {
	case DBV_UP:
		return SCORE_MAX;
	case DBV_DEGRADED:
		return 2000;
	case DBV_UNKNOWN:
		return known->at > 0 && now - known->at < SCORE_AGE_MAX_MS ? known->score
									   : SCORE_UNKNOWN_HOLDER;
	case DBV_DOWN:
		break;
	}
	return SCORE_NEVER;
}

int
score_of(bool holder, const struct fitness *f, const struct known_score *known, int64_t now)
{
	if (holder)
		return holder_score(f, known, now);
	return f->weight > 0 ? SCORE_OBSERVER_MAX / 100 * (int)f->weight : SCORE_NEVER;
}

int
score_held(int score)
{
	return score == SCORE_HELD ? SCORE_HELD_AGAIN : SCORE_HELD;
}

int
score_after_demote(int score)
{
	if (score < 0 || score >= SCORE_HELD_AGAIN)
		return SCORE_NEVER;
	return score > SCORE_UNKNOWN_HOLDER ? SCORE_UNKNOWN_HOLDER : score;
}

void
score_word(int score, char *buf, size_t size)
{
	if (score == SCORE_NEVER)
		snprintf(buf, size, "-INFINITY");
	else
		snprintf(buf, size, "%d", score);
}

int
score_of_word(const char *word)
{
	double score = 0;

	return text_to_number(word, &score) && score >= 0 && score <= SCORE_HELD ? (int)score
										 : SCORE_NEVER;
}
