/* SPDX-License-Identifier: MIT
 *
 * History as text, for a file: a first line that names the form, then one for the node, one a role, a channel, a
 * session that waits; "name=value" with what is no plain character as %XX; a last line with the sum of all before it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

static const char form[] = "dbvitals history 1\n";

enum kind {
	NUMBER,
	FLAG,
	WORD,
};

struct field {
	const char *name;
	enum kind kind;
	size_t offset;
	size_t size;
};

#define FIELD(type, member, kind) \
	{ \
#member, kind, offsetof(struct type, member), sizeof(((struct type *)0)->member) \
	}

static const struct field node_fields[] = {
	FIELD(dbv_history, taken_at, NUMBER),
	FIELD(dbv_history, answered_at, NUMBER),
	FIELD(dbv_history, server, WORD),
	FIELD(dbv_history, started_at, NUMBER),
	FIELD(dbv_history, paused_ns, NUMBER),
	FIELD(dbv_history, paused_at, NUMBER),
	FIELD(dbv_history, listed, FLAG),
	FIELD(dbv_history, state, WORD),
	FIELD(dbv_history, reason, WORD),
	FIELD(dbv_history, state_since, NUMBER),
};

static const struct field role_fields[] = {
	FIELD(role_history, down_at, NUMBER),
	FIELD(role_history, complete_down, FLAG),
	FIELD(role_history, complete_reason, WORD),
};

static const struct field channel_fields[] = {
	FIELD(channel_history, name, WORD),
	FIELD(channel_history, read_file, WORD),
	FIELD(channel_history, read_position, NUMBER),
	FIELD(channel_history, applied_file, WORD),
	FIELD(channel_history, applied_position, NUMBER),
	FIELD(channel_history, heartbeats, NUMBER),
	FIELD(channel_history, alive_at, NUMBER),
	FIELD(channel_history, applied_at, NUMBER),
	FIELD(channel_history, contact_at, NUMBER),
	FIELD(channel_history, contact_lag, NUMBER),
};

static const struct field waiter_fields[] = {
	FIELD(waiter, session, NUMBER),
	FIELD(waiter, for_server, FLAG),
	FIELD(waiter, began_at, NUMBER),
	FIELD(waiter, seen_at, NUMBER),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* FNV-1a. */
static uint64_t
sum_of(const char *text, size_t size)
{
	uint64_t sum = 14695981039346656037U;

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ (unsigned char)text[i]) * 1099511628211U;
	return sum;
}

static bool
is_plain(char c)
{
	return c > ' ' && c < 0x7f && c != '%' && c != '=';
}

static void
add_word(struct text *t, const char *s)
{
	for (; *s; s++) {
		if (is_plain(*s))
			text_addf(t, "%c", *s);
		else
			text_addf(t, "%%%02x", (unsigned)(unsigned char)*s);
	}
}

/* Whole, and exact as far as a double is; without decimals, so without a locale's comma. */
static void
add_number(struct text *t, double v)
{
	if (!(v < HISTORY_NUMBER_MAX))
		v = HISTORY_NUMBER_MAX;
	text_addf(t, "%.0f", v > -HISTORY_NUMBER_MAX ? v : -HISTORY_NUMBER_MAX);
}

static void
add_line(struct text *t, const char *what, const struct field fields[], size_t count,
	const void *record)
{
	text_add(t, what);
	for (size_t i = 0; i < count; i++) {
		const char *at = (const char *)record + fields[i].offset;

		text_addf(t, " %s=", fields[i].name);
		if (fields[i].kind == NUMBER)
			add_number(t, *(const double *)(const void *)at);
		else if (fields[i].kind == FLAG)
			text_add(t, *(const bool *)(const void *)at ? "1" : "0");
		else
			add_word(t, at);
	}
	text_add(t, "\n");
}

size_t
dbv_history_write(const dbv_history *h, char *buf, size_t size)
{
	struct text t;

	if (size == 0)
		return 0;
	t = text_on(buf, size);
	text_add(&t, form);
	add_line(&t, "node", node_fields, COUNT(node_fields), h);
	for (enum role r = 0; r < ROLE_COUNT; r++)
		add_line(&t, "role", role_fields, COUNT(role_fields), &h->roles[r]);
	for (size_t i = 0; i < h->channel_count; i++)
		add_line(&t, "channel", channel_fields, COUNT(channel_fields), &h->channels[i]);
	for (size_t i = 0; i < h->waiter_count; i++)
		add_line(&t, "waits", waiter_fields, COUNT(waiter_fields), &h->waiters[i]);
	text_addf(&t, "sum=%016llx\n", (unsigned long long)sum_of(t.buf, t.len));
	return t.len + 1 < t.size ? t.len : 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The N bytes at S into TO, which they must fit. */
static bool
take_word(char *to, size_t size, const char *s, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		int code = (unsigned char)s[i];

		if (s[i] == '%') {
			int high = i + 2 < n ? hex_digit(s[i + 1]) : -1;
			int low = high >= 0 ? hex_digit(s[i + 2]) : -1;

			if (low < 0)
				return false;
			code = high * 16 + low;
			i += 2;
		}
		if (code == 0 || used + 1 >= size)
			return false;
		to[used++] = (char)code;
	}
	to[used] = '\0';
	return true;
}

/* Whole, as it is written: else it would be another one when it is written again. */
static bool
take_number(double *to, const char *s, size_t n)
{
	char digits[48];
	struct text t = text_on(digits, sizeof(digits));

	text_addf(&t, "%.*s", (int)(n < sizeof(digits) ? n : 0), s);
	return strspn(digits, "-0123456789") == t.len && text_to_number(digits, to) &&
	       *to <= HISTORY_NUMBER_MAX && *to >= -HISTORY_NUMBER_MAX;
}

/* Every field, in the order of the table, " name=value" each, up to the end of the line. */
static bool
take_line(const char **s, const struct field fields[], size_t count, void *record)
{
	for (size_t i = 0; i < count; i++) {
		const struct field *f = &fields[i];
		char *to = (char *)record + f->offset;
		size_t length = strlen(f->name);
		double number = 0;

		if (**s != ' ' || strncmp(*s + 1, f->name, length) != 0 || (*s)[1 + length] != '=')
			return false;
		*s += length + 2;
		size_t n = strcspn(*s, " \n");

		if (f->kind == WORD ? !take_word(to, f->size, *s, n) : !take_number(&number, *s, n))
			return false;
		if (f->kind == NUMBER)
			*(double *)(void *)to = number;
		else if (f->kind == FLAG)
			*(bool *)(void *)to = number != 0;
		*s += n;
	}
	return *(*s)++ == '\n';
}

static bool
take_prefix(const char **s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (strncmp(*s, prefix, n) != 0)
		return false;
	*s += n;
	return true;
}

static bool
take_channel(dbv_history *h, const char **s, bool *no_memory)
{
	struct channel_history *grown = NULL;

	if (h->channel_count == CHANNELS_MAX)
		return false;
	grown = realloc(h->channels, (h->channel_count + 1) * sizeof(*grown));
	*no_memory = !grown;
	if (!grown)
		return false;
	h->channels = grown;
	memset(&grown[h->channel_count], 0, sizeof(*grown));
	return take_line(s, channel_fields, COUNT(channel_fields), &grown[h->channel_count++]);
}

static bool
take_waiter(dbv_history *h, const char **s)
{
	return h->waiter_count < WAITERS_MAX &&
	       take_line(s, waiter_fields, COUNT(waiter_fields), &h->waiters[h->waiter_count++]);
}

static bool
take_all(dbv_history *h, const char *text, bool *no_memory)
{
	const char *s = text;
	const char *rest = NULL;
	char last[32];
	struct text t = text_on(last, sizeof(last));

	if (!take_prefix(&s, form) || !take_prefix(&s, "node") ||
		!take_line(&s, node_fields, COUNT(node_fields), h))
		return false;
	for (enum role r = 0; r < ROLE_COUNT; r++)
		if (!take_prefix(&s, "role") ||
			!take_line(&s, role_fields, COUNT(role_fields), &h->roles[r]))
			return false;
	while (take_prefix(&s, "channel"))
		if (!take_channel(h, &s, no_memory))
			return false;
	while (take_prefix(&s, "waits"))
		if (!take_waiter(h, &s))
			return false;
	rest = s;
	text_addf(&t, "sum=%016llx\n", (unsigned long long)sum_of(text, (size_t)(rest - text)));
	return strcmp(rest, last) == 0;
}

dbv_history *
history_read(const char *text, bool *no_memory)
{
	dbv_history *h = dbv_history_new();

	*no_memory = !h;
	if (h && !take_all(h, text, no_memory)) {
		dbv_history_free(h);
		return NULL;
	}
	return h;
}

dbv_history *
dbv_history_read(const char *text)
{
	bool no_memory = false;

	return history_read(text, &no_memory);
}
