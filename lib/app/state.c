/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history.h"

/* 256 channels of names as long as they can be. */
#define STATE_MAX (512 * 1024)
#define NAME_LENGTH_MAX 200

static void
add_plain(struct text *t, const char *s)
{
	for (; *s; s++) {
		bool plain = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
			     (*s >= '0' && *s <= '9') || strchr("._:-[]", *s);

		text_addf(t, plain ? "%c" : "%%%02x", (unsigned)(unsigned char)*s);
	}
}

/* The first line of the file: whose it is, and of which start of this host, whose clock counts anew. */
static void
add_head(struct text *t, const struct state_key *key)
{
	char boot[64] = "";
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, boot, sizeof(boot) - 1) : 0;

	if (fd >= 0)
		close(fd);
	boot[got > 0 ? got : 0] = '\0';
	boot[strcspn(boot, "\n")] = '\0';
	text_addf(t, "%s ", key->program);
	add_plain(t, key->label);
	text_addf(t, " %s ", key->role);
	add_plain(t, key->channel ? key->channel : "");
	text_addf(t, " %s\n", boot);
}

/* A name that is too long for a file ends in a sum of it. */
static void
add_name(struct text *t, const struct state_key *key)
{
	char full[2048];
	struct text f = text_on(full, sizeof(full));
	uint32_t sum = 2166136261U;

	text_addf(&f, "%s,", key->program);
	add_plain(&f, key->label);
	text_addf(&f, ",%s", key->role);
	if (key->channel) {
		text_add(&f, ",");
		add_plain(&f, key->channel);
	}
	for (const char *s = full; *s; s++)
		sum = (sum ^ (unsigned char)*s) * 16777619U;
	if (f.len <= NAME_LENGTH_MAX)
		text_add(t, full);
	else
		text_addf(t, "%.*s,%08x", NAME_LENGTH_MAX, full, sum);
}

static int
open_directory(const char *path)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	int fd = open(path, flags);

	if (fd < 0 && errno == ENOENT && mkdir(path, 0700) == 0)
		fd = open(path, flags);
	return fd;
}

static bool
complain(struct text *t, const char *name, const char *why)
{
	text_addf(t, "%s%.160s: %s", t->len ? "; " : "", name, why);
	return false;
}

/* A file that somebody else could have written says nothing. */
static bool
is_ours(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

static size_t
read_all(int fd, char *buf, size_t size)
{
	size_t used = 0;
	ssize_t got = 1;

	while (used < size && got > 0) {
		got = read(fd, buf + used, size - used);
		if (got > 0)
			used += (size_t)got;
		else if (got < 0 && errno == EINTR)
			got = 1;
	}
	return used;
}

/* The history in TEXT, NULL with the reason in WHY where it says nothing about now. */
static dbv_history *
understand(const struct state_key *key, const char *text, const char **why)
{
	char head[2200];
	struct text t = text_on(head, sizeof(head));

	add_head(&t, key);
	*why = "of another node, or from before this host's restart";
	if (strncmp(text, head, t.len) != 0)
		return NULL;
	dbv_history *h = dbv_history_read(text + t.len);
	double age = h ? (double)dbv_now() - h->taken_at : 0;

	*why = "damaged";
	if (h && age >= 0 && age <= HISTORY_AGE_MAX_MS)
		return h;
	if (h)
		*why = "older than an hour";
	dbv_history_free(h);
	return NULL;
}

static dbv_history *
read_file(const struct state_key *key, int fd, const char **why)
{
	char *text = NULL;
	size_t size = 0;

	*why = "not a file that only this user can write";
	if (!is_ours(fd))
		return NULL;
	*why = "out of memory";
	text = malloc(STATE_MAX + 1);
	if (!text)
		return NULL;
	size = read_all(fd, text, STATE_MAX);
	text[size] = '\0';
	dbv_history *h = understand(key, text, why);

	free(text);
	return h;
}

dbv_history *
state_read(const struct state_key *key, struct text *warning)
{
	char name[NAME_LENGTH_MAX + 32];
	struct text t = text_on(name, sizeof(name));
	int directory = open_directory(key->directory);
	dbv_history *h = NULL;
	const char *why = NULL;

	if (directory < 0) {
		complain(warning, key->directory, strerror(errno));
		return dbv_history_new();
	}
	if (faccessat(directory, ".", W_OK, AT_EACCESS) != 0)
		complain(warning, key->directory, strerror(errno));
	add_name(&t, key);
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0) {
		h = read_file(key, fd, &why);
		close(fd);
	} else if (errno != ENOENT) {
		why = strerror(errno);
	}
	if (!h && why)
		complain(warning, name, why);
	close(directory);
	return h ? h : dbv_history_new();
}

static bool
write_file(int directory, const char *name, const char *text, size_t size)
{
	char fresh[NAME_LENGTH_MAX + 40];
	struct text t = text_on(fresh, sizeof(fresh));
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

	text_addf(&t, "%s.new", name);
	int fd = openat(directory, fresh, flags, 0600);

	/* Of a run that did not come to its end. */
	if (fd < 0 && errno == EEXIST && unlinkat(directory, fresh, 0) == 0)
		fd = openat(directory, fresh, flags, 0600);
	if (fd < 0)
		return false;
	bool written = write(fd, text, size) == (ssize_t)size;
	int error = written ? 0 : errno ? errno : ENOSPC;

	if (close(fd) != 0 && written)
		error = errno;
	if (!error && renameat(directory, fresh, directory, name) == 0)
		return true;
	unlinkat(directory, fresh, 0);
	errno = error ? error : errno;
	return false;
}

bool
state_write(const struct state_key *key, const dbv_history *history, struct text *error)
{
	char name[NAME_LENGTH_MAX + 32];
	struct text n = text_on(name, sizeof(name));
	int directory = open_directory(key->directory);
	char *text = malloc(STATE_MAX);
	bool written = false;

	if (directory >= 0 && text) {
		struct text t = text_on(text, STATE_MAX);

		add_name(&n, key);
		add_head(&t, key);
		size_t body = dbv_history_write(history, text + t.len, STATE_MAX - t.len);

		errno = EFBIG;
		written = body && write_file(directory, name, text, t.len + body);
	}
	if (!written)
		complain(error, key->directory, strerror(errno));
	free(text);
	if (directory >= 0)
		close(directory);
	return written;
}
