/* SPDX-License-Identifier: MIT
 *
 * What a row of options.c does with the value that was said.
 */
#ifndef DBV_SETTERS_H
#define DBV_SETTERS_H

#include "options.h"

typedef bool setter(
	const struct option *o, struct settings *s, const char *value, struct text *error);

setter to_node;
setter to_policy;
setter set_plugin_dir;
setter set_mode;
setter set_role;
setter set_timeout;
setter set_dynamic;
setter set_attempts;
setter set_catch_up_timeout;
setter set_manage_read_only;
setter set_end_connections;
setter set_write_ip;
setter set_maintenance_file;
setter set_state_dir;
setter set_schema;
setter set_account;
setter set_defaults_file;
setter set_suffix;
setter set_syslog;
setter set_json;
setter set_verbose;
setter set_self_test;
setter set_help;
setter set_version;

#endif
