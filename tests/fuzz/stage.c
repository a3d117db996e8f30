/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "expect.h"
#include "local.h"
#include "stage_state.h"

#define PRINTED_MAX ((size_t)4 << 20)

struct stage stage;
struct stage_host host = { .now = 1000000, .home = -1 };

void
stage_keep(struct paper *p, const char *bytes, size_t size)
{
	expect(p->size + size < PRINTED_MAX, "what is printed has an end");
	p->text = realloc(p->text, p->size + size + 1);
	memcpy(p->text + p->size, bytes, size);
	p->size += size;
	p->text[p->size] = '\0';
}

static void
empty(struct paper *p)
{
	p->size = 0;
	stage_keep(p, "", 0);
}

bool
stage_is_address(const char *address)
{
	unsigned char bytes[16];

	return address && (inet_pton(AF_INET, address, bytes) == 1 ||
				  inet_pton(AF_INET6, address, bytes) == 1);
}

/* ---- the folder ---- */

static void
remove_all(int folder)
{
	DIR *list = fdopendir(folder);

	for (const struct dirent *e = readdir(list); e; e = readdir(list)) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd(list), e->d_name, 0) == 0)
			continue;
		int below = openat(dirfd(list), e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (below >= 0)
			remove_all(below);
		unlinkat(dirfd(list), e->d_name, AT_REMOVEDIR);
	}
	closedir(list);
}

static void
remove_folder(void)
{
	rmdir(host.folder);
}

/* Two levels deep, so that ".." is ours, too. */
static void
make_folder(void)
{
	strcpy(host.folder, "/tmp/fuzz-XXXXXX");
	expect(mkdtemp(host.folder) != NULL, "there is a folder");
	host.home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	atexit(remove_folder);
}

void
stage_enter(void)
{
	if (host.home < 0)
		make_folder();
	expect(chdir(host.folder) == 0 && mkdir("in", 0700) == 0 && chdir("in") == 0,
		"there is a folder");
	host.now = 1000000;
	host.address[0] = '\0';
}

void
stage_leave(void)
{
	remove_all(open(host.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	expect(fchdir(host.home) == 0, "there was a folder");
}

/* ---- a run ---- */

static void
take_tool(char *line)
{
	char *words = strchr(line, ' ');

	if (stage.tool_count == STAGE_TOOLS_MAX)
		return;
	stage.tools[stage.tool_count].status = (int)strtol(line, NULL, 10) % 256;
	stage.tools[stage.tool_count++].words = words ? words + 1 : "";
}

/* The place of the line feeds is taken by \n. */
static void
unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		bool feeds = s[0] == '\\' && s[1] == 'n';

		*to++ = feeds ? '\n' : *s;
		s += feeds;
	}
	*to = '\0';
}

/* "NAME CONTENT": somebody has left a file in the folder, or in one below it. */
static void
leave_file(const char *line)
{
	char *name = strdup(line), *content = name, *slash;

	strsep(&content, " ");
	slash = strchr(name, '/');
	if (content && *name != '/' && !strstr(name, "..")) {
		unescape(content);
		if (slash) {
			*slash = '\0';
			mkdir(name, 0700);
			*slash = '/';
		}
		int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		if (fd >= 0) {
			expect(write(fd, content, strlen(content)) >= 0, "it can be left");
			close(fd);
		}
	}
	free(name);
}

/* What is the host's, and where each node begins. */
static void
take_scene(char *scene)
{
	char *line;

	stage.nodes[0] = scene;
	stage.node_count = 1;
	for (char *rest = scene; (line = strsep(&rest, "\n"));) {
		if (strcmp(line, "node") == 0 && rest && stage.node_count < 8)
			stage.nodes[stage.node_count++] = rest;
		else if (strncmp(line, "tool=", 5) == 0)
			take_tool(line + 5);
		else if (strncmp(line, "file=", 5) == 0)
			leave_file(line + 5);
		else if (strcmp(line, "here") == 0 && getenv("OCF_RESKEY_ip"))
			snprintf(host.address, sizeof(host.address), "%s", getenv("OCF_RESKEY_ip"));
		else if (strcmp(line, "gone") == 0)
			host.address[0] = '\0';
		/* Taken apart, it is read again. */
		if (rest)
			rest[-1] = '\n';
	}
}

int
stage_run(int (*main)(int argc, char **argv), char **argv, char *scene)
{
	stage.tool_count = stage.tools_run = stage.looks = 0;
	stage.answered = false;
	stage.score[0] = '\0';
	empty(&stage.out);
	empty(&stage.err);
	empty(&stage.log);
	take_scene(scene);
	memcpy(host.address_before, host.address, sizeof(host.address));
	host.now += 1000;
	stage.runs = true;
	if (setjmp(stage.end) == 0) {
		int argc = 0;

		while (argv[argc])
			argc++;
		stage.status = main(argc, argv);
	}
	stage.runs = false;
	return stage.status;
}

const char *
stage_printed(void)
{
	return stage.out.text;
}

const char *
stage_complained(void)
{
	return stage.err.text;
}

const char *
stage_logged(void)
{
	return stage.log.text;
}

size_t
stage_looks(void)
{
	return stage.looks;
}

bool
stage_was_answered(void)
{
	return stage.answered;
}

const char *
stage_score(void)
{
	return stage.score;
}

bool
stage_has(const char *address)
{
	return local_has(address) == TRUTH_YES;
}

bool
stage_had(const char *address)
{
	return stage_is_address(address) && strcmp(address, host.address_before) == 0;
}
