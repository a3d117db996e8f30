/* SPDX-License-Identifier: MIT
 *
 * First packets, as bytes.
 */
#include <check.h>

#include "greeting.h"
#include "suites.h"

/* A greeting of version "10" up to its lower capabilities, of which the last two bytes are the
 * argument. */
#define GREETS(low, high) \
	"\x13\0\0\0\n" \
	"10\0" \
	"abcd" \
	"12345678\0" low high

#define BYTES(s) s, sizeof(s) - 1

static const struct {
	const char *bytes;
	size_t n;
	enum greeting greeting;
} rows[] = {
	{ BYTES(GREETS("\xff", "\xff")), GREETING_TLS },
	{ BYTES(GREETS("\0", "\x0a")), GREETING_TLS },
	{ BYTES(GREETS("\0", "\x02")), GREETING_PLAIN },
	{ BYTES(GREETS("\0", "\x08")), GREETING_NONSENSE },
	{ GREETS("\xff", "\xff"), 22, GREETING_INCOMPLETE },
	{ GREETS("\xff", "\xff"), 5, GREETING_INCOMPLETE },
	{ GREETS("\xff", "\xff"), 4, GREETING_INCOMPLETE },
	{ GREETS("\xff", "\xff"), 1, GREETING_INCOMPLETE },
	{ BYTES("\x05\0\0\0\nabcd"), GREETING_NONSENSE },
	{ BYTES("\x05\0\0\0\n\0bcd"), GREETING_NONSENSE },
	{ BYTES("\x09\0\0\0\xff\x10\x04Too ma"), GREETING_REFUSAL },
	{ BYTES("\x03\0\0\0\xff\x10\x04"), GREETING_REFUSAL },
	{ BYTES("\x09\0\0\0\xff\x10\x04Too"), GREETING_INCOMPLETE },
	{ BYTES("\x03\0\0\0\xff\xff\xff"), GREETING_NONSENSE },
	{ BYTES("\x02\0\0\0\xff\x10"), GREETING_NONSENSE },
	{ BYTES("\x13\0\0\1\n"), GREETING_NONSENSE },
	{ BYTES("\x13\0\0\0\x09"), GREETING_NONSENSE },
	{ BYTES("\0\0\0\0"), GREETING_NONSENSE },
	{ BYTES("\xff\xff\xff\0\n"), GREETING_NONSENSE },
	{ BYTES("HTTP/1.1 400 Bad Request\r\n"), GREETING_NONSENSE },
	{ BYTES("SSH-2.0-OpenSSH\r\n"), GREETING_NONSENSE },
};

START_TEST(parsed)
{
	size_t wanted = 0;
	enum greeting got =
		greeting_parse((const unsigned char *)rows[_i].bytes, rows[_i].n, &wanted);

	ck_assert_msg(got == rows[_i].greeting, "row %d: %d", _i, (int)got);
	if (got == GREETING_INCOMPLETE)
		ck_assert_uint_gt(wanted, rows[_i].n);
}
END_TEST

TCase *
greeting_case(void)
{
	TCase *c = tcase_create("greeting");

	tcase_add_loop_test(c, parsed, 0, sizeof(rows) / sizeof(rows[0]));
	return c;
}
