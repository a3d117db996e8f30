/* SPDX-License-Identifier: MIT
 *
 * dbvitals-keepalived --self-test: what is known of this run and of what it stands on, and what keepalived would make of
 * it.
 */
#ifndef DBV_SELF_TEST_H
#define DBV_SELF_TEST_H

#include <sys/stat.h>

#include "app.h"

#define SELF_PATH_MAX 1024

/* A server, and what it said; all zero where none was asked. */
struct self_server {
	const dbv_node *node;
	enum dbv_state state;
	/* "HOST:PORT may take reads", or "HOST:PORT: " and why not. */
	char found[512];
	/* The server let it in, and answered. */
	bool answered;
	/* What the account may not do, with the GRANT; "": nothing. */
	char missing[512];
};

/* Facts, before anything is made of them. */
struct self_facts {
	/* This executable, all links followed; "" where that cannot be told. */
	char program[SELF_PATH_MAX];
	/* Its mode lets the user and the group of this process run it. */
	bool executable;
	/* The first part of that path that others than root can change; "": none. */
	char unsafe[SELF_PATH_MAX];
	/* Who runs it, by name or number. */
	char user[64];
	bool is_root;
	/* It has other groups than the user's own one. */
	bool other_groups;
	/* The user that keepalived takes where nobody named one. */
	bool has_script_user;
	/* The option file: why it cannot be read (errno, 0: it can), and its mode. */
	const char *file;
	bool file_named;
	int file_error;
	mode_t file_mode;
	/* Why the command line or the option file was refused, "" where it was not: then the server was not asked. */
	const char *refused;
	/* The first word of the command line that keepalived may read otherwise; "": none. */
	char doubtful[128];
	/* The first path that does not begin at the root; "": none. keepalived runs its checks in "/". */
	char relative[128];
	/* In the order of the command line; at least one. */
	struct self_server *servers;
	size_t count;
	int64_t elapsed_ms;
	const char *warning;
	const struct settings *settings;
	const struct given *given;
};

/* As keepalived judges each part of a program's path under enable_script_security. */
bool self_is_safe(const struct stat *st);

/* As keepalived judges whether UID and GID may run a file. */
bool self_is_executable(const struct stat *st, uid_t uid, gid_t gid);

/* Adds one line for each thing that keepalived relies on; how many of them are wrong. */
size_t self_judge(const struct self_facts *f, struct text *out);

/* A server was named, and not by its socket. */
bool self_names_host(const struct self_facts *f);

/* Whether keepalived calls this as a vrrp_script, by what is asked; else as a MISC_CHECK. */
bool self_is_vrrp(const struct self_facts *f);

/* Adds the command line as it was given, without what is for people, and of several hosts with that of SERVER alone;
 * NULL: with all of them. */
void self_add_command(
	const struct self_facts *f, const struct self_server *server, struct text *out);

/* Finds the word, or path of the program, that keepalived may read otherwise; "" for none. */
void self_find_doubtful(const char *program, const struct given *g, struct text *out);

/* The same of the path that depends on the folder it is called in. */
void self_find_relative(const struct given *g, struct text *out);

/* Adds the lines for keepalived.conf. */
void self_add_stanza(const struct self_facts *f, struct text *out);

/* Seconds that keepalived must allow a run. */
unsigned self_seconds_to_allow(const struct settings *s);

/* Looks around on this host, whose user database may be slow. */
void self_look_around(struct self_facts *f, const struct settings *s, const struct given *g);

/* Takes what the servers said. */
void self_take(struct self_facts *f, const struct report *r);

/* Frees what was taken last. */
void self_end(void);

#endif
