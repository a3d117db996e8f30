/* SPDX-License-Identifier: MIT */
#include "pair.h"

static bool
leads_to(const struct cluster *c, const struct channel *channel, const struct member *to)
{
	double source = value_number(&channel->values[V_SOURCE_SERVER_ID], 0);

	if (source == 0)
		return c->count == 2;
	return source == value_number(&to->now->values[V_SERVER_ID], 0);
}

static bool
runs(const struct channel *channel)
{
	return value_is(&channel->values[V_IO_RUNNING], "Yes") &&
	       value_is(&channel->values[V_SQL_RUNNING], "Yes");
}

void
find_following(const struct cluster *c, unsigned char following[])
{
	for (size_t i = 0; i < c->count; i++) {
		const dbv_observation *o = c->members[i].now;
		unsigned char *row = following + i * c->count;

		for (size_t k = 0; k < o->channel_count; k++) {
			const struct channel *channel = o->channels[k];
			enum following how = runs(channel) ? CHANNEL_RUNS : CHANNEL_STOPPED;

			if (!channel_is_judged(c->policy, channel))
				continue;
			for (size_t j = 0; j < c->count; j++)
				if (row[j] < how && leads_to(c, channel, &c->members[j]))
					row[j] = (unsigned char)how;
		}
	}
}

static size_t
place_of(const struct cluster *c, const struct member *m)
{
	return (size_t)(m - c->members);
}

enum following
follows(const struct cluster *c, const struct member *a, const struct member *b)
{
	return (enum following)c->following[place_of(c, a) * c->count + place_of(c, b)];
}

bool
is_pair(const struct cluster *c, const struct member *a, const struct member *b)
{
	return follows(c, a, b) != NO_CHANNEL || follows(c, b, a) != NO_CHANNEL;
}

static bool
has_channels(const struct cluster *c, const struct member *m)
{
	for (size_t i = 0; i < m->now->channel_count; i++)
		if (channel_is_judged(c->policy, m->now->channels[i]))
			return true;
	return false;
}

bool
should_follow(const struct cluster *c, const struct member *a, const struct member *b)
{
	return follows(c, a, b) != NO_CHANNEL ||
	       (is_writable(c, a) && is_writable(c, b) && !has_channels(c, a));
}

bool
is_writable(const struct cluster *c, const struct member *m)
{
	return c->standings[place_of(c, m)].writable;
}
