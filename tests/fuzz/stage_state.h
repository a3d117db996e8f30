/* SPDX-License-Identifier: MIT
 *
 * What the files that stand in place of others (stage_observe.c is in place of observe.c) know of the run.
 */
#ifndef DBV_STAGE_STATE_H
#define DBV_STAGE_STATE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STAGE_TOOLS_MAX 16

struct paper {
	char *text;
	size_t size;
};

extern struct stage {
	bool runs;
	jmp_buf end;
	int status;
	/* Of the next look, node by node; the last one stands for the rest. */
	char *nodes[8];
	size_t node_count;
	struct {
		int status;
		const char *words;
	} tools[STAGE_TOOLS_MAX];
	size_t tool_count, tools_run;
	size_t looks;
	bool answered;
	char score[32];
	struct paper out, err, log;
} stage;

/* From run to run. */
extern struct stage_host {
	int64_t now;
	char address[64];
	char address_before[64];
	char score[32];
	int home;
	char folder[64];
} host;

/* Adds to what was printed or logged. */
void stage_keep(struct paper *p, const char *bytes, size_t size);

bool stage_is_address(const char *address);

#endif
