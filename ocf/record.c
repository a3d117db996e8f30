/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local.h"
#include "text.h"

#define RECORD_FORMAT "dbvitals record 1"
#define RECORD_SIZE 2048

static void
record_path(const char *resource, const char *suffix, char *path, size_t size)
{
	snprintf(path, size, "%s/%s.record%s", RUN_FOLDER, resource, suffix);
}

/* Of this start of the host; what cannot be is no time. */
static int64_t
past(int64_t at)
{
	return at > 0 && at <= dbv_now() ? at : 0;
}

/* "DAEMON JUDGED_AT VALUE" */
static void
take_attribute(struct record *rec, const char *index, const char *line)
{
	size_t i = (size_t)(*index - '0');
	int value = 0;

	if (i >= ATTRIBUTES_MAX)
		return;
	struct published *p = &rec->published[i];

	if (sscanf(line, "%" SCNu64 " %" SCNd64 " %n", &p->daemon, &p->judged_at, &value) == 2)
		snprintf(p->value, sizeof(p->value), "%s", line + value);
	p->judged_at = past(p->judged_at);
}

/* What is no score that was ever published is a node's that must not be promoted. */
static int
score(const char *value)
{
	long number = strtol(value, NULL, 10);

	return number > 0 && number <= SCORE_MAX ? (int)number : SCORE_NEVER;
}

static void
take_line(struct record *rec, const char *key, const char *value)
{
	if (strcmp(key, "started") == 0)
		rec->started = *value == '1';
	else if (strcmp(key, "promoted") == 0)
		rec->promoted = *value == '1';
	else if (strcmp(key, "warned") == 0)
		rec->warned = *value == '1';
	else if (strcmp(key, "known_score") == 0)
		rec->known.score = score(value);
	else if (strcmp(key, "known_at") == 0)
		rec->known.at = past(strtoll(value, NULL, 10));
	else if (strcmp(key, "demoted_at") == 0)
		rec->demoted_at = past(strtoll(value, NULL, 10));
	else if (strncmp(key, "attribute", 9) == 0)
		take_attribute(rec, key + 9, value);
}

/* Only root can have written it: the folder is root's alone. */
static bool
read_text(const char *resource, char *text, size_t size)
{
	char path[512];
	struct stat st;

	record_path(resource, "", path, sizeof(path));
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t got = 0;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
		!(st.st_mode & (S_IWGRP | S_IWOTH)))
		got = read(fd, text, size - 1);
	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	return got > 0;
}

void
record_read(const char *resource, struct record *rec)
{
	char text[RECORD_SIZE];
	char boot[64];
	char *rest = text;
	size_t line = 0;

	*rec = (struct record){ .started = false };
	if (!read_text(resource, text, sizeof(text)))
		return;
	local_boot(boot, sizeof(boot));
	for (char *word = strsep(&rest, "\n"); word; word = strsep(&rest, "\n"), line++) {
		char *blank = strchr(word, ' ');

		if ((line == 0 && strcmp(word, RECORD_FORMAT) != 0) ||
			(line == 1 && (strncmp(word, "boot ", 5) != 0 || !*boot ||
					      strcmp(word + 5, boot) != 0)))
			return;
		if (line < 2 || !blank)
			continue;
		*blank = '\0';
		take_line(rec, word, blank + 1);
	}
}

static void
add_record(struct text *t, const struct record *rec)
{
	char boot[64];

	local_boot(boot, sizeof(boot));
	text_addf(t, RECORD_FORMAT "\nboot %s\nstarted %d\npromoted %d\nwarned %d\n", boot,
		rec->started, rec->promoted, rec->warned);
	text_addf(t, "known_score %d\nknown_at %" PRId64 "\ndemoted_at %" PRId64 "\n",
		rec->known.score, rec->known.at, rec->demoted_at);
	for (size_t i = 0; i < ATTRIBUTES_MAX; i++) {
		const struct published *p = &rec->published[i];

		text_addf(t, "attribute%zu %" PRIu64 " %" PRId64 " %s\n", i, p->daemon,
			p->judged_at, p->value);
	}
}

static bool
write_anew(const char *resource, const char *path, const struct text *t)
{
	char fresh[512];

	record_path(resource, ".new", fresh, sizeof(fresh));
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return false;
	bool written = write(fd, t->buf, t->len) == (ssize_t)t->len;

	if (close(fd) == 0 && written && rename(fresh, path) == 0)
		return true;
	unlink(fresh);
	return false;
}

/* Where nothing new fits: over the old one, which has its place, in one piece and to its end. */
static bool
write_over(const char *path, const struct text *t)
{
	char padded[RECORD_SIZE];
	struct stat st;
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	size_t size = t->len;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && st.st_size > (off_t)size)
		size = (size_t)st.st_size;
	memset(padded, '\n', sizeof(padded));
	memcpy(padded, t->buf, t->len);
	bool written = size <= sizeof(padded) && write(fd, padded, size) == (ssize_t)size;

	return close(fd) == 0 && written;
}

bool
record_write(const char *resource, const struct record *rec)
{
	char text[RECORD_SIZE];
	char path[512];
	struct text t = text_on(text, sizeof(text));

	add_record(&t, rec);
	record_path(resource, "", path, sizeof(path));
	if (mkdir(RUN_FOLDER, 0700) != 0 && errno != EEXIST)
		return false;
	return write_anew(resource, path, &t) || write_over(path, &t);
}

void
record_remove(const char *resource)
{
	char path[512];

	record_path(resource, "", path, sizeof(path));
	unlink(path);
}
