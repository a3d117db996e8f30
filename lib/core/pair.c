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

enum following
follows(const struct cluster *c, const struct member *a, const struct member *b)
{
	enum following best = NO_CHANNEL;

	for (size_t i = 0; i < a->now->channel_count && best < CHANNEL_RUNS; i++) {
		const struct channel *channel = a->now->channels[i];

		if (channel_is_judged(c->policy, channel) && leads_to(c, channel, b))
			best = runs(channel) ? CHANNEL_RUNS : CHANNEL_STOPPED;
	}
	return best;
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
	       (!has_channels(c, a) && is_writable(a) && is_writable(b));
}

bool
is_writable(const struct member *m)
{
	return read_only_flag(m->now) == VARIABLE_COUNT;
}
