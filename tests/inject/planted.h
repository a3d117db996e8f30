/* SPDX-License-Identifier: MIT */
#ifndef PLANTED_H
#define PLANTED_H

void *library_made(void);
void library_given(char *p);
void library_crashes(void);
void library_copied(char *p);
void library_copies(void);
void library_aborts(void);
void library_frees(char *kept);

void *mysql_init(void *unused);
void *mysql_use_result(void *connection);
void mysql_close(void *connection);
void mysql_free_result(void *result);

#endif
