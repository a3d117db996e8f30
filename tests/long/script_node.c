/* SPDX-License-Identifier: MIT
 *
 * script_node: a server on loopback that behaves as the last script does whose file was named on standard input (see
 * tests/fuzz/script.h). Prints its port, and then "ok" for each name. Speaks with one client at a time.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../fuzz/script.h"

static char *text;
static size_t text_size;

/* FILE is what it says from now on. */
static void
take_script(const char *file)
{
	FILE *f = fopen(file, "r");
	char *read = NULL;
	size_t room = 0;
	ssize_t size = f ? getdelim(&read, &room, '\0', f) : -1;

	if (f)
		fclose(f);
	if (size < 0) {
		perror(file);
		exit(1);
	}
	free(text);
	text = read;
	text_size = (size_t)size;
}

/* The next line of standard input; the process ends with it, or with "end", since others may hold it open. */
static void
obey(void)
{
	char line[512];

	if (!fgets(line, sizeof(line), stdin) || strcmp(line, "end\n") == 0)
		exit(0);
	line[strcspn(line, "\n")] = '\0';
	take_script(line);
	puts("ok");
	fflush(stdout);
}

static bool
hear(int fd, struct script *s)
{
	unsigned char bytes[65536];
	ssize_t got = recv(fd, bytes, sizeof(bytes), 0);

	if (got <= 0)
		return false;
	script_hear(s, bytes, (size_t)got);
	return true;
}

/* Until one of both hangs up. */
static void
serve(int fd, struct script *s)
{
	size_t sent = 0;

	script_begin(s, text, text_size);
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		if (s->state == SCRIPT_SPEAKS)
			script_speak(s);
		if (sent < s->said.size && send(fd, s->said.at + sent, s->said.size - sent,
						   MSG_NOSIGNAL) != (ssize_t)(s->said.size - sent))
			return;
		sent = s->said.size;
		if (s->state == SCRIPT_IS_OVER)
			return;
		if (poll(&p, 1, s->state == SCRIPT_SPEAKS ? (int)s->rest_ms : -1) > 0 &&
			!hear(fd, s))
			return;
	}
}

static int
listen_on_loopback(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&a, size) != 0 || listen(fd, 64) != 0 ||
		getsockname(fd, (struct sockaddr *)&a, &size) != 0) {
		perror("listen");
		exit(1);
	}
	printf("%u\n", (unsigned)ntohs(a.sin_port));
	fflush(stdout);
	return fd;
}

int
main(void)
{
	static struct script s;
	int listener = listen_on_loopback();
	const int one = 1;

	obey();
	for (;;) {
		struct pollfd p[] = { { .fd = 0, .events = POLLIN },
			{ .fd = listener, .events = POLLIN } };

		poll(p, 2, -1);
		if (p[0].revents)
			obey();
		int fd = p[1].revents ? accept(listener, NULL, NULL) : -1;

		if (fd < 0)
			continue;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		serve(fd, &s);
		close(fd);
	}
}
