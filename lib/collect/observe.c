/* SPDX-License-Identifier: MIT
 *
 * Any number of looks in one thread.
 */
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "look.h"
#include "policy.h"

int64_t
dbv_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Begins all looks; false when out of memory. */
static bool
start(dbv_node *const nodes[], size_t count, const dbv_policy *policy, int64_t deadline)
{
	for (size_t i = 0; i < count; i++) {
		observation_free(nodes[i]->observation);
		look_free(nodes[i]->look);
		nodes[i]->look = NULL;
		nodes[i]->observation = observation_new();
		if (!nodes[i]->observation || !look_start(nodes[i], policy, deadline))
			return false;
	}
	return true;
}

/* What poll() is told to wait at most. Linux lets it come late by a thousandth of that, a two-hundredth where the process is
 * niced, up to 100 ms: after 20 s it was the alarm that ended the plugin below Icinga, which nices it, without its metrics. */
static const int longest_wait_ms = 1000;

/* Milliseconds until the next look wants to be called, at least 0. */
static int
patience(const struct look *look, int least)
{
	int64_t left = look_deadline(look) - dbv_now();

	if (left < 0)
		left = 0;
	if (left > longest_wait_ms)
		left = longest_wait_ms;
	if (client_tick >= 0 && left > client_tick)
		left = client_tick;
	return least < 0 || left < least ? (int)left : least;
}

/* Waits once and goes on with every look that has something to do; false when all are over. */
static bool
turn(dbv_node *const nodes[], size_t count, struct pollfd *fds)
{
	int timeout = -1;
	size_t waiting = 0;

	/* Only those that wait: poll() takes no more entries than the process may have descriptors. */
	for (size_t i = 0; i < count; i++) {
		const struct look *look = nodes[i]->look;

		if (look_is_over(look))
			continue;
		fds[waiting++] = (struct pollfd){ .fd = look_fd(look), .events = look_events(look) };
		timeout = patience(look, timeout);
	}
	if (timeout < 0)
		return false;
	poll(fds, waiting, timeout);
	waiting = 0;
	for (size_t i = 0; i < count; i++) {
		struct look *look = nodes[i]->look;

		if (look_is_over(look))
			continue;
		const struct pollfd *p = &fds[waiting++];

		if (p->revents || client_tick >= 0 || dbv_now() >= look_deadline(look))
			look_step(look, p->revents);
	}
	return true;
}

bool
dbv_observe(dbv_node *const nodes[], size_t count, const dbv_policy *policy, int64_t deadline)
{
	struct pollfd *fds = calloc(count ? count : 1, sizeof(*fds));
	bool started = fds && start(nodes, count, policy, deadline);

	while (started && turn(nodes, count, fds))
		continue;
	for (size_t i = 0; i < count; i++) {
		look_free(nodes[i]->look);
		nodes[i]->look = NULL;
		if (!started) {
			observation_free(nodes[i]->observation);
			nodes[i]->observation = NULL;
		}
	}
	free(fds);
	return started;
}
