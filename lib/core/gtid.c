/* SPDX-License-Identifier: MIT */
#include "gtid.h"

#include <string.h>

#include "place.h"

/* More of them are not compared, so that no server can make the comparison last. */
enum { RUNS_MAX = 256 };

struct slice {
	const char *at;
	size_t size;
};

/* Numbers FIRST to LAST of one source (MySQL), or up to LAST in one domain, the last one by SERVER (MariaDB). */
struct run {
	struct slice source;
	struct slice tag;
	struct slice server;
	struct slice first;
	struct slice last;
};

struct reader {
	const char *at;
	bool malformed;
	unsigned runs;
	/* MySQL: of the set that is being read. */
	bool in_set;
	struct slice source;
	struct slice tag;
};

typedef bool next_fn(struct reader *r, struct run *run);

static bool
is_same(struct slice a, struct slice b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

static int
compare(struct slice a, struct slice b)
{
	return digits_compare(a.at, a.size, b.at, b.size);
}

static struct slice
number(struct reader *r)
{
	struct slice s = { r->at, strspn(r->at, "0123456789") };

	r->at += s.size;
	r->malformed |= s.size == 0;
	return s;
}

static bool
take(struct reader *r, char c)
{
	if (*r->at != c)
		return false;
	r->at++;
	return true;
}

static void
skip_blanks(struct reader *r)
{
	r->at += strspn(r->at, " \n\r\t");
}

/* Another one, which is neither malformed nor one too many? */
static bool
goes_on(struct reader *r)
{
	skip_blanks(r);
	r->malformed |= *r->at && ++r->runs > RUNS_MAX;
	return *r->at && !r->malformed;
}

static bool
next_of_mariadb(struct reader *r, struct run *run)
{
	static const struct slice zero = { "0", 1 };

	if (!goes_on(r))
		return false;
	*run = (struct run){ .first = zero };
	run->source = number(r);
	r->malformed |= !take(r, '-');
	run->server = number(r);
	r->malformed |= !take(r, '-');
	run->last = number(r);
	skip_blanks(r);
	r->malformed |= !take(r, ',') && *r->at;
	return !r->malformed;
}

/* A source or a tag, up to its colon. */
static struct slice
word(struct reader *r)
{
	struct slice s = { r->at, strcspn(r->at, ":, \n\r\t") };

	r->at += s.size;
	r->malformed |= s.size == 0 || !take(r, ':');
	return s;
}

static bool
next_of_mysql(struct reader *r, struct run *run)
{
	if (!goes_on(r))
		return false;
	if (!r->in_set) {
		r->source = word(r);
		r->tag.size = 0;
	}
	if (strspn(r->at, "0123456789") == 0)
		r->tag = word(r);
	*run = (struct run){ .source = r->source, .tag = r->tag, .first = number(r) };
	run->last = take(r, '-') ? number(r) : run->first;
	skip_blanks(r);
	r->in_set = take(r, ':');
	r->malformed |= !r->in_set && !take(r, ',') && *r->at;
	return !r->malformed;
}

static bool
is_readable(const char *text, next_fn *next)
{
	struct reader r = { .at = text };
	struct run run;

	while (next(&r, &run))
		continue;
	return !r.malformed;
}

static bool
holds(const char *applied, next_fn *next, const struct run *wanted, bool exact)
{
	struct reader r = { .at = applied };
	bool holds = false;
	struct run run;

	while (next(&r, &run))
		if (is_same(run.source, wanted->source) && is_same(run.tag, wanted->tag) &&
			compare(run.first, wanted->first) <= 0 &&
			compare(run.last, wanted->last) >= 0 &&
			!(exact && (compare(run.last, wanted->last) != 0 ||
					   !is_same(run.server, wanted->server))))
			holds = true;
	return holds;
}

enum truth
gtid_applied(const char *received, const char *applied, bool exact)
{
	bool is_mysql = strchr(received, ':') || strchr(applied, ':');
	next_fn *next = is_mysql ? next_of_mysql : next_of_mariadb;
	struct reader r = { .at = received };
	bool all = true;
	struct run run;

	if (strlen(received) >= VALUE_TEXT_MAX || strlen(applied) >= VALUE_TEXT_MAX ||
		!is_readable(received, next) || !is_readable(applied, next))
		return TRUTH_UNKNOWN;
	while (all && next(&r, &run))
		all = holds(applied, next, &run, exact && !is_mysql);
	return all ? TRUTH_YES : TRUTH_NO;
}
