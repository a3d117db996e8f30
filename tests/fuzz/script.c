/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Beyond it a script says nothing new. */
#define SAID_MAX ((size_t)1 << 20)

void
bytes_add(struct bytes *b, const void *bytes, size_t size)
{
	if (size == 0 || b->size + size > SAID_MAX)
		return;
	if (b->size + size > b->room) {
		b->room = 2 * (b->size + size);
		b->at = realloc(b->at, b->room);
	}
	memcpy(b->at + b->size, bytes, size);
	b->size += size;
}

static void
add_byte(struct bytes *b, unsigned byte)
{
	unsigned char c = (unsigned char)byte;

	bytes_add(b, &c, 1);
}

static void
add_number(struct bytes *b, uint64_t number, size_t width)
{
	for (; width > 0; width--, number >>= 8)
		add_byte(b, (unsigned)(number & 0xff));
}

/* MySQL Internals, "Protocol::LengthEncodedString". */
static void
add_text(struct bytes *b, const void *text, size_t size)
{
	size = size < 65535 ? size : 65535;
	if (size < 251) {
		add_byte(b, (unsigned)size);
	} else {
		add_byte(b, 0xfc);
		add_number(b, size, 2);
	}
	bytes_add(b, text, size);
}

static void
say_packet(struct script *s, const void *packet, size_t size)
{
	add_number(&s->said, size, 3);
	add_byte(&s->said, s->sequence++);
	bytes_add(&s->said, packet, size);
	s->last.size = 0;
	bytes_add(&s->last, packet, size);
}

static void
say(struct script *s, struct bytes *packet)
{
	say_packet(s, packet->at, packet->size);
	free(packet->at);
}

/* What is written between FROM and END, without its escapes. */
static struct bytes
unescaped(const char *from, const char *end)
{
	static const char letters[] = "nt\\0", meant[] = "\n\t\\\0";
	struct bytes b = { .size = 0 };

	for (; from < end; from++) {
		const char *letter =
			*from == '\\' && from + 1 < end ? strchr(letters, from[1]) : NULL;

		if (letter && *letter)
			from++;
		add_byte(&b, (unsigned char)(letter && *letter ? meant[letter - letters] : *from));
	}
	return b;
}

static const char *
cell_end(const char *from, const char *end)
{
	const char *tab = memchr(from, '\t', (size_t)(end - from));

	return tab ? tab : end;
}

/* MySQL Internals, "Protocol::HandshakeV10". */
static void
say_greeting(struct script *s, char kind, const char *from, const char *end)
{
	static const unsigned char scramble[] = "abcdefghijklmnopqrst";
	struct bytes version = unescaped(from, end);
	struct bytes packet = { .size = 0 };
	const char *plugin = kind == 'g' ? "caching_sha2_password" : "mysql_native_password";
	uint32_t capabilities = 0xa204u | 8u | 1u << 17 | 1u << 19 | 1u << 21 | 1u << 23 |
				(kind == 'L' ? 0x800u : 0) | (kind == 'g' ? 1u : 0);

	add_byte(&packet, 10);
	bytes_add(&packet, version.at, version.size);
	add_byte(&packet, 0);
	add_number(&packet, 4711, 4);
	bytes_add(&packet, scramble, 8);
	add_byte(&packet, 0);
	add_number(&packet, capabilities & 0xffff, 2);
	add_byte(&packet, 45);
	add_number(&packet, 2, 2);
	add_number(&packet, capabilities >> 16, 2);
	add_byte(&packet, 21);
	add_number(&packet, 0, 10);
	bytes_add(&packet, scramble + 8, sizeof(scramble) - 8);
	bytes_add(&packet, plugin, strlen(plugin) + 1);
	say(s, &packet);
	free(version.at);
}

/* MySQL Internals, "Protocol::ColumnDefinition41". */
static void
say_column(struct script *s, const struct bytes *name)
{
	struct bytes packet = { .size = 0 };

	add_text(&packet, "def", 3);
	for (int i = 0; i < 3; i++)
		add_text(&packet, "", 0);
	add_text(&packet, name->at, name->size);
	add_text(&packet, name->at, name->size);
	add_byte(&packet, 12);
	add_number(&packet, 33, 2);
	add_number(&packet, 1 << 20, 4);
	add_byte(&packet, 253);
	add_number(&packet, 0, 5);
	say(s, &packet);
}

static void
say_end(struct script *s)
{
	say_packet(s, "\xfe\0\0\2\0", 5);
}

static void
say_columns(struct script *s, const char *from, const char *end)
{
	struct bytes count = { .size = 0 };
	unsigned columns = 1;

	for (const char *c = from; c < end; c++)
		columns += *c == '\t';
	add_byte(&count, columns < 251 ? columns : 250);
	say(s, &count);
	for (;; from++) {
		const char *stop = cell_end(from, end);
		struct bytes name = unescaped(from, stop);

		say_column(s, &name);
		free(name.at);
		from = stop;
		if (from == end)
			break;
	}
	say_end(s);
}

static void
say_row(struct script *s, const char *from, const char *end)
{
	struct bytes packet = { .size = 0 };

	for (;; from++) {
		const char *stop = cell_end(from, end);
		struct bytes cell = unescaped(from, stop);

		if (stop - from == 2 && memcmp(from, "\\N", 2) == 0)
			add_byte(&packet, 0xfb);
		else
			add_text(&packet, cell.at, cell.size);
		free(cell.at);
		from = stop;
		if (from == end)
			break;
	}
	say(s, &packet);
}

static void
say_error(struct script *s, const char *from, const char *end)
{
	struct bytes packet = { .size = 0 };
	struct bytes words = unescaped(from, end);
	unsigned number = 0;
	size_t i = 0;

	for (; i < words.size && i < 5 && words.at[i] >= '0' && words.at[i] <= '9'; i++)
		number = 10 * number + (words.at[i] - '0');
	i += i < words.size && words.at[i] == ' ';
	add_byte(&packet, 0xff);
	add_number(&packet, number, 2);
	bytes_add(&packet, "#HY000", 6);
	if (i < words.size)
		bytes_add(&packet, words.at + i, words.size - i);
	say(s, &packet);
	free(words.at);
}

static unsigned
number_in(const char *from, const char *end, unsigned most)
{
	unsigned number = 0;

	for (; from < end && *from >= '0' && *from <= '9' && number < most; from++)
		number = 10 * number + (unsigned)(*from - '0');
	return number < most ? number : most;
}

static void
say_again(struct script *s, unsigned times)
{
	struct bytes packet = { .size = 0 };

	bytes_add(&packet, s->last.at, s->last.size);
	while (times-- > 0 && s->said.size + packet.size + 4 < SAID_MAX)
		say_packet(s, packet.at, packet.size);
	free(packet.at);
}

static void
say_bytes(struct script *s, char kind, const char *from, const char *end)
{
	struct bytes bytes = unescaped(from, end);

	if (kind == 'P')
		say_packet(s, bytes.at, bytes.size);
	else
		bytes_add(&s->said, bytes.at, bytes.size);
	free(bytes.at);
}

static void
say_ok(struct script *s)
{
	say_packet(s, "\0\0\0\2\0\0\0", 7);
}

static void
obey(struct script *s, char kind, const char *from, const char *end)
{
	switch (kind) {
	case 'G':
	case 'g':
	case 'L':
		say_greeting(s, kind, from, end);
		break;
	case 'K':
		say_ok(s);
		break;
	case 'E':
		say_error(s, from, end);
		break;
	case 'C':
		say_columns(s, from, end);
		break;
	case 'R':
		say_row(s, from, end);
		break;
	case 'Z':
		say_end(s);
		break;
	case 'P':
	case 'X':
		say_bytes(s, kind, from, end);
		break;
	case 'D':
		say_again(s, number_in(from, end, 5000));
		break;
	case 'T':
		s->state = SCRIPT_LISTENS;
		break;
	case 'W':
		s->rest_ms = number_in(from, end, 100000);
		break;
	case 'S':
		s->state = SCRIPT_IS_SILENT;
		break;
	case 'H':
		s->at = s->end;
		break;
	default:
		break;
	}
}

void
script_begin(struct script *s, const char *text, size_t size)
{
	s->at = text;
	s->end = text + size;
	s->state = SCRIPT_SPEAKS;
	s->sequence = 0;
	s->rest_ms = 0;
	s->last.size = s->said.size = 0;
}

void
script_speak(struct script *s)
{
	s->rest_ms = 0;
	while (s->state == SCRIPT_SPEAKS && s->rest_ms == 0 && s->at < s->end) {
		const char *line = s->at;
		const char *end = memchr(line, '\n', (size_t)(s->end - line));

		end = end ? end : s->end;
		s->at = end < s->end ? end + 1 : end;
		if (end > line)
			obey(s, *line, line + 1, end);
	}
	if (s->state == SCRIPT_SPEAKS && s->rest_ms == 0)
		s->state = SCRIPT_IS_OVER;
}

void
script_hear(struct script *s, const unsigned char *bytes, size_t size)
{
	if (size >= 4)
		s->sequence = (unsigned char)(bytes[3] + 1);
	if (s->state == SCRIPT_LISTENS)
		s->state = SCRIPT_SPEAKS;
}
