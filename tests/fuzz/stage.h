/* SPDX-License-Identifier: MIT
 *
 * Runs an executable within this process: what it sees of servers, of the host and of other programs is told here, what it
 * says is kept, its end comes back. Nothing of it reaches another program, another host, or a file outside of a folder
 * that is emptied between runs.
 */
#ifndef DBV_STAGE_H
#define DBV_STAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Makes the folder, beside the working directory, and enters it; what is in it is gone after stage_leave(). */
void stage_enter(void);
void stage_leave(void);

/* Runs MAIN with the words ARGV, which end with NULL, and SCENE; its exit status. SCENE is lines, and is taken apart:
 *
 *	good		the node answers, and all is well; the same as pair, a replica
 *	dead NUMBER	nobody answers: the error of the client library or of the server
 *	NAME=VALUE	what it answers besides, or instead; channel begins another channel
 *	node		what follows is the next node
 *	tool=STATUS WORDS	what the next program that is run comes to
 *	file=NAME CONTENT	a file that is there before the run, in the folder or in one below it; \n ends a line in it
 *	here, gone	whether this host has the write address */
int stage_run(int (*main)(int argc, char **argv), char **argv, char *scene);

/* What the last run printed, and what it left in the log, line by line. */
const char *stage_printed(void);
const char *stage_complained(void);
const char *stage_logged(void);

/* How often it looked, and whether a server answered the last time. */
size_t stage_looks(void);
bool stage_was_answered(void);

/* The last promotion score that it published, "" for none. */
const char *stage_score(void);

/* This host has ADDRESS (NULL: none); had it when the last run began. */
bool stage_has(const char *address);
bool stage_had(const char *address);

#endif
