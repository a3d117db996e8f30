/* SPDX-License-Identifier: MIT */
#include "option_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system_error.h"

#define FILE_MAX 65536

struct file {
	struct given *given;
	const char *name;
	const char *suffix;
	unsigned line;
	/* Of the group that the reader is in; COUNTS is false in groups of other programs. */
	enum origin origin;
	bool counts;
	bool grouped;
	struct text *error;
};

static bool
complain(struct file *f, const char *what)
{
	text_addf(f->error, "%s:%u: %s", f->name, f->line, what);
	return false;
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static char *
trim(char *s)
{
	while (is_blank(*s))
		s++;
	size_t n = strlen(s);

	while (n > 0 && is_blank(s[n - 1]))
		s[--n] = '\0';
	return s;
}

/* Outside quotes, '#' ends the line, as in the clients' own reader. */
static void
cut_comment(char *s)
{
	char quote = '\0';

	for (; *s; s++) {
		if (*s == '\\' && s[1])
			s++;
		else if (quote ? *s == quote : *s == '\'' || *s == '"')
			quote = quote ? '\0' : *s;
		else if (!quote && *s == '#')
			*s = '\0', s--;
	}
}

/* \b \t \n \r \s \\ and quotes, as in the clients' own reader; any other backslash stays. */
static void
unescape(char *s)
{
	static const char from[] = "btnrs\\'\"";
	static const char to[] = "\b\t\n\r \\'\"";
	char *out = s;

	for (; *s; s++) {
		const char *escape = *s == '\\' && s[1] ? strchr(from, s[1]) : NULL;

		if (escape) {
			*out++ = to[escape - from];
			s++;
		} else {
			*out++ = *s;
		}
	}
	*out = '\0';
}

static bool
unquote(struct file *f, char **value)
{
	char *s = *value;
	size_t n = strlen(s);

	if (*s == '\'' || *s == '"') {
		if (n < 2 || s[n - 1] != *s)
			return complain(f, "quote without its end");
		s[n - 1] = '\0';
		s++;
	}
	unescape(s);
	*value = s;
	return true;
}

static bool
enter_group(struct file *f, char *s)
{
	char *close = strchr(s, ']');
	static const char own[] = "dbvitals";

	if (!close || *trim(close + 1))
		return complain(f, "malformed group");
	*close = '\0';
	s = trim(s);
	f->grouped = f->counts = true;
	if (strcmp(s, "client") == 0)
		f->origin = ORIGIN_CLIENT_GROUP;
	else if (strcmp(s, own) == 0)
		f->origin = ORIGIN_GROUP;
	else if (f->suffix && strncmp(s, own, strlen(own)) == 0 &&
		 strcmp(s + strlen(own), f->suffix) == 0)
		f->origin = ORIGIN_GROUP_WITH_SUFFIX;
	else
		f->counts = false;
	return true;
}

static bool
take_key(struct file *f, char *s)
{
	char *equals = strchr(s, '=');
	bool own = f->origin != ORIGIN_CLIENT_GROUP;

	if (equals)
		*equals = '\0';
	char *name = trim(s);

	for (char *c = name; *c; c++)
		if (*c == '_')
			*c = '-';
	const struct option *o = option_by_name(name, PROGRAM_ALL);

	if (!o || !o->in_file || !equals) {
		char what[128];
		struct text t = text_on(what, sizeof(what));

		if (!own)
			return true;
		text_add(&t, !o || !o->in_file ? "no option for a file: " : "a value is missing: ");
		text_add_foreign(&t, name, 60);
		return complain(f, what);
	}
	char *value = trim(equals + 1);

	if (!unquote(f, &value))
		return false;
	if (given_add(f->given, o, f->origin, value))
		return true;
	complain(f, "");
	return text_out_of_memory(f->error);
}

static bool
take_line(struct file *f, char *line)
{
	char *s = trim(line);

	if (*s == '\0' || *s == '#' || *s == ';')
		return true;
	if (*s == '!')
		return complain(f, "!include and !includedir are not followed");
	if (*s == '[')
		return enter_group(f, s + 1);
	if (!f->grouped)
		return complain(f, "an option without a group");
	if (!f->counts)
		return true;
	cut_comment(s);
	return take_key(f, s);
}

bool
option_file_parse(
	struct given *g, const char *name, char *content, const char *suffix, struct text *error)
{
	struct file f = { .given = g, .name = name, .suffix = suffix, .error = error };

	while (content) {
		char *line = strsep(&content, "\n");

		f.line++;
		if (!take_line(&f, line))
			return false;
	}
	return true;
}

static bool
complain_of(struct text *error, const char *file, int number)
{
	text_addf(error, "%s: ", file);
	return add_system_error(error, number);
}

/* What fstat() says of the file that is open, which is the one that will be read. */
static bool
is_trusted(int fd, const char *file, struct text *error, struct text *warning)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return complain_of(error, file, errno);
	if (!S_ISREG(st.st_mode)) {
		text_addf(error, "%s: not a regular file", file);
		return false;
	}
	if (st.st_mode & S_IWOTH) {
		text_addf(error, "%s: refused, everybody can write to it", file);
		return false;
	}
	if (st.st_mode & S_IROTH)
		text_addf(warning, "%s: everybody can read it", file);
	return true;
}

/* *SIZE is how much of CONTENT was written to, also when it fails. */
static bool
read_all(int fd, const char *file, char *content, size_t *size, struct text *error)
{
	size_t n = 0;
	ssize_t got;

	while ((got = read(fd, content + n, FILE_MAX - n)) > 0)
		n += (size_t)got;
	*size = n;
	if (got < 0)
		return complain_of(error, file, errno);
	if (n == FILE_MAX || memchr(content, '\0', n)) {
		text_addf(error, "%s: %s", file,
			n == FILE_MAX ? "longer than 64 KiB" : "has a NUL byte in it");
		return false;
	}
	content[n] = '\0';
	return true;
}

bool
option_file_read(struct given *g, const char *file, bool required, const char *suffix,
	struct text *error, struct text *warning)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool read = false;
	size_t size = 0;

	if (fd < 0) {
		if (!required && (errno == ENOENT || errno == ENOTDIR))
			return true;
		return complain_of(error, file, errno);
	}
	char *content = malloc(FILE_MAX + 1);

	if (!content)
		text_out_of_memory(error);
	else
		read = is_trusted(fd, file, error, warning) &&
		       read_all(fd, file, content, &size, error) &&
		       option_file_parse(g, file, content, suffix, error);
	if (content)
		explicit_bzero(content, size);
	free(content);
	close(fd);
	return read;
}
