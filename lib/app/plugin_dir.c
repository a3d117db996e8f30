/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "setters.h"
#include "system_error.h"

/* Who may put a file into a folder of plugins has it run. Of what is above, where each entry is its owner's (sticky), nobody
 * else can put another folder in its place. */
static bool
is_ours_alone(const struct stat *st, bool holds_plugins)
{
	bool ours = st->st_uid == 0 || st->st_uid == geteuid();
	bool shared = (st->st_mode & S_IWOTH) || (st->st_gid != 0 && (st->st_mode & S_IWGRP));

	return ours && (!shared || (!holds_plugins && (st->st_mode & S_ISVTX)));
}

/* FOLDER has no link in it. */
static bool
is_trusted(const char *folder, bool holds_plugins, struct text *error)
{
	struct stat st;

	if (stat(folder, &st) != 0) {
		text_addf(error, "%s: ", folder);
		return add_system_error(error, errno);
	}
	if (is_ours_alone(&st, holds_plugins))
		return true;
	text_addf(error, "%s: refused, others can put code there", folder);
	return false;
}

static bool
are_trusted_above(char *folder, struct text *error)
{
	char *slash;

	while ((slash = strrchr(folder, '/')) && slash != folder) {
		*slash = '\0';
		if (!is_trusted(folder, false, error))
			return false;
	}
	return is_trusted("/", false, error);
}

bool
set_plugin_dir(const struct option *o, struct settings *s, const char *value, struct text *error)
{
	char *folder = realpath(value, NULL);

	if (!folder) {
		text_addf(error, "%s: ", value);
		return add_system_error(error, errno);
	}
	bool set = is_trusted(folder, true, error) && to_node(o, s, folder, error) &&
		   are_trusted_above(folder, error);

	free(folder);
	return set;
}
