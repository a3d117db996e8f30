/* SPDX-License-Identifier: MIT */
#include "coroutine.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

/* Beside what run() needs: the loader resolving a symbol, and the frame of a signal, 11 KiB where
 * registers are large. */
#define STACK_SIZE ((size_t)64 * 1024)

/* On either side, address space without memory: what runs over an end is stopped, and valgrind, to
 * which a jump of less than 2 MB is a stack that grows, sees another stack. */
#define GUARD_SIZE ((size_t)2 * 1024 * 1024)

struct coroutine {
	void (*run)(void *argument);
	void *argument;
	ucontext_t inside;
	ucontext_t outside;
	bool stopped;
	char *memory;
};

struct coroutine *
coroutine_new(void (*run)(void *argument), void *argument)
{
	struct coroutine *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->run = run;
	c->argument = argument;
	c->memory = mmap(NULL, GUARD_SIZE + STACK_SIZE + GUARD_SIZE, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (c->memory == MAP_FAILED) {
		free(c);
		return NULL;
	}
	if (mprotect(c->memory + GUARD_SIZE, STACK_SIZE, PROT_READ | PROT_WRITE) < 0) {
		coroutine_free(c);
		return NULL;
	}
	return c;
}

/* makecontext() hands over nothing but int. */
static void
begin(unsigned high, unsigned low)
{
	const struct coroutine *c =
		(const struct coroutine *)((uintptr_t)high << 16 << 16 | (uintptr_t)low);

	c->run(c->argument);
}

void
coroutine_resume(struct coroutine *c)
{
	uintptr_t self = (uintptr_t)c;

	if (!c->stopped) {
		getcontext(&c->inside);
		c->inside.uc_stack.ss_sp = c->memory + GUARD_SIZE;
		c->inside.uc_stack.ss_size = STACK_SIZE;
		c->inside.uc_link = &c->outside;
		makecontext(&c->inside, (void (*)(void))begin, 2, (unsigned)(self >> 16 >> 16),
			(unsigned)self);
	}
	c->stopped = false;
	swapcontext(&c->outside, &c->inside);
}

void
coroutine_stop(struct coroutine *c)
{
	c->stopped = true;
	swapcontext(&c->inside, &c->outside);
}

bool
coroutine_is_stopped(const struct coroutine *c)
{
	return c && c->stopped;
}

void
coroutine_free(struct coroutine *c)
{
	if (!c)
		return;
	munmap(c->memory, GUARD_SIZE + STACK_SIZE + GUARD_SIZE);
	free(c);
}
