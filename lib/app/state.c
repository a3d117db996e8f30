/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history.h"
#include "local.h"
#include "system_error.h"

#define NAME_LENGTH_MAX 200
#define LOCK_MS 500
#define LOCK_PAUSE_US 50

static void
add_plain(struct text *t, const char *s)
{
	for (; *s; s++) {
		bool plain = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
			     (*s >= '0' && *s <= '9') || strchr("._:-[]", *s);

		text_addf(t, plain ? "%c" : "%%%02x", (unsigned)(unsigned char)*s);
	}
}

/* The first line of the file: whose it is. */
static bool
add_head(struct text *t, const struct state_key *key)
{
	add_plain(t, key->program);
	text_add(t, " ");
	add_plain(t, key->label);
	text_addf(t, " %s ", key->role);
	add_plain(t, key->channel ? key->channel : "");
	text_add(t, " ");
	char boot[64];

	/* Its clock counts anew after each start of the host. */
	local_boot(boot, sizeof(boot));
	text_addf(t, "%s\n", boot);
	return *boot != '\0';
}

/* A name that is too long for a file ends in a sum of it. */
static void
add_name(struct text *t, const struct state_key *key)
{
	char full[2048];
	struct text f = text_on(full, sizeof(full));
	uint32_t sum = 2166136261U;

	add_plain(&f, key->program);
	text_add(&f, ",");
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

static bool
complain(struct text *t, const char *name, const char *why)
{
	text_addf(t, "%s%.160s: %s", t->len ? "; " : "", name, why);
	return false;
}

static bool
complain_of(struct text *t, const char *name, int number)
{
	complain(t, name, "");
	return add_system_error(t, number);
}

/* Where others can take files away and put them back, what stands in them may be of any time. In a sticky directory they
 * cannot. */
static bool
is_trusted(const struct stat *st)
{
	bool ours = st->st_uid == 0 || st->st_uid == geteuid();

	return ours && (!(st->st_mode & (S_IWGRP | S_IWOTH)) || (st->st_mode & S_ISVTX));
}

/* The directory, made where it is missing; -1 with the reason. */
static int
open_directory(const char *path, struct text *error)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	int fd = open(path, flags);
	struct stat st;

	if (fd < 0 && errno == ENOENT) {
		if (mkdir(path, 0700) != 0) {
			complain(error, path, strerror(errno));
			return -1;
		}
		fd = open(path, flags);
	}
	if (fd < 0 || fstat(fd, &st) != 0)
		complain_of(error, path, errno);
	else if (is_trusted(&st))
		return fd;
	else
		complain(error, path, "others can write to this directory");
	if (fd >= 0)
		close(fd);
	return -1;
}

/* A file that somebody else could have written says nothing. */
static bool
is_ours(int fd, struct text *why)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return add_system_error(why, errno);
	if (S_ISREG(st.st_mode) && st.st_uid == geteuid() && !(st.st_mode & (S_IWGRP | S_IWOTH)))
		return true;
	text_add(why, "not a file that only this user can write");
	return false;
}

/* The bytes, at most SIZE; -1 where not all of them could be read. */
static ssize_t
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
	return got < 0 ? -1 : (ssize_t)used;
}

/* The history in TEXT, NULL with the reason in WHY. */
static dbv_history *
understand(const struct state_key *key, const char *text, struct text *why)
{
	char head[2200];
	struct text t = text_on(head, sizeof(head));

	if (!add_head(&t, key)) {
		text_add(why, "it cannot be told whether this host was restarted since");
		why->lacking = true;
		return NULL;
	}
	if (strncmp(text, head, t.len) != 0) {
		text_add(why, strchr(text, '\n')
				      ? "of another node, or from before this host's restart"
				      : "damaged");
		return NULL;
	}
	bool short_of_memory = false;
	dbv_history *h = history_read(text + t.len, &short_of_memory);
	double age = h ? (double)dbv_now() - h->taken_at : 0;

	if (h && age >= 0 && age <= HISTORY_AGE_MAX_MS)
		return h;
	if (short_of_memory)
		text_out_of_memory(why);
	else
		text_add(why, h ? "older than an hour" : "damaged");
	dbv_history_free(h);
	return NULL;
}

static dbv_history *
read_file(const struct state_key *key, int fd, struct text *why)
{
	dbv_history *h = NULL;

	if (!is_ours(fd, why))
		return NULL;
	char *text = malloc(DBV_HISTORY_SIZE);
	ssize_t size = text ? read_all(fd, text, DBV_HISTORY_SIZE - 1) : 0;

	if (!text) {
		text_out_of_memory(why);
	} else if (size < 0) {
		add_system_error(why, errno);
	} else {
		text[size] = '\0';
		h = understand(key, text, why);
	}
	free(text);
	return h;
}

/* Nothing is remembered. */
static dbv_history *
nothing(struct text *warning)
{
	dbv_history *h = dbv_history_new();

	if (!h)
		text_out_of_memory(warning);
	return h;
}

/* As state_read(). */
static dbv_history *
read_named(int directory, const char *name, const struct state_key *key, struct text *warning)
{
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char reason[DBV_ERROR_SIZE];
	struct text why = text_on(reason, sizeof(reason));
	dbv_history *h = NULL;

	if (fd >= 0) {
		h = read_file(key, fd, &why);
		close(fd);
	} else if (errno != ENOENT) {
		add_system_error(&why, errno);
	}
	if (h)
		return h;
	if (why.len)
		complain(warning, name, reason);
	warning->lacking = why.lacking;
	return why.lacking ? NULL : nothing(warning);
}

dbv_history *
state_read(const struct state_key *key, struct text *warning)
{
	char name[NAME_LENGTH_MAX + 32];
	struct text t = text_on(name, sizeof(name));
	int directory = open_directory(key->directory, warning);
	dbv_history *h = NULL;

	if (directory < 0)
		return warning->lacking ? NULL : nothing(warning);
	if (faccessat(directory, ".", W_OK, AT_EACCESS) != 0)
		complain(warning, key->directory, strerror(errno));
	add_name(&t, key);
	h = read_named(directory, name, key, warning);
	close(directory);
	return h;
}

/* A rest of a run that did not come to its end is in the way: nobody else writes meanwhile. */
static bool
write_file(int directory, const char *name, const char *text, size_t size)
{
	char fresh[NAME_LENGTH_MAX + 40];
	struct text t = text_on(fresh, sizeof(fresh));

	text_addf(&t, "%s.new", name);
	unlinkat(directory, fresh, 0);
	int fd = openat(
		directory, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	ssize_t put = write(fd, text, size);
	int error = put < 0 ? errno : (size_t)put < size ? ENOSPC : 0;

	if (close(fd) != 0 && !error)
		error = errno;
	if (!error && renameat(directory, fresh, directory, name) == 0)
		return true;
	error = error ? error : errno;
	unlinkat(directory, fresh, 0);
	errno = error;
	return false;
}

static bool
write_named(int directory, const char *name, const struct state_key *key, const dbv_history *h,
	struct text *error)
{
	char *text = malloc(DBV_HISTORY_SIZE);
	bool written = false;

	if (!text)
		return complain(error, name, "") || text_out_of_memory(error);
	struct text t = text_on(text, DBV_HISTORY_SIZE);
	bool known = add_head(&t, key);
	size_t body = dbv_history_write(h, text + t.len, DBV_HISTORY_SIZE - t.len);

	if (!known || !body)
		complain(error, name, known ? "too much to remember" : "no boot_id");
	else if (!write_file(directory, name, text, t.len + body))
		complain(error, key->directory, strerror(errno));
	else
		written = true;
	free(text);
	return written;
}

/* Until the directory is closed. Others like this hold it for less than a millisecond; whoever may read it can for ever. Where a file
 * system has no locks, it goes on without. */
static bool
lock(int directory)
{
	for (int64_t until = dbv_now() + LOCK_MS; dbv_now() < until; usleep(LOCK_PAUSE_US))
		if (flock(directory, LOCK_EX | LOCK_NB) == 0 ||
			(errno != EWOULDBLOCK && errno != EINTR))
			return true;
	return false;
}

bool
state_change(const struct state_key *key, bool (*change)(dbv_history *h, void *argument),
	void *argument, struct text *error)
{
	char name[NAME_LENGTH_MAX + 32];
	char unwanted[DBV_ERROR_SIZE];
	struct text n = text_on(name, sizeof(name));
	struct text warned = text_on(unwanted, sizeof(unwanted));
	int directory = open_directory(key->directory, error);

	if (directory < 0)
		return false;
	add_name(&n, key);
	dbv_history *h = lock(directory) ? read_named(directory, name, key, &warned) : NULL;

	if (!h && !warned.len)
		complain(&warned, key->directory, "somebody keeps it locked");
	if (!h)
		text_add(error, unwanted);
	bool done = h && (!change(h, argument) || write_named(directory, name, key, h, error));

	dbv_history_free(h);
	close(directory);
	return done;
}
