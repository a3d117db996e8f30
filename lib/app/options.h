/* SPDX-License-Identifier: MIT
 *
 * The table of options: command line, option file, the agents' parameters and their meta-data, help,
 * man pages and completion come from it, and nobody else knows an option's name.
 */
#ifndef DBV_OPTIONS_H
#define DBV_OPTIONS_H

#include "dbvitals.h"
#include "text.h"

/* Bits: who takes an option; the commands of the tool dbvitals count each, and the resource agents. */
enum program {
	PROGRAM_KEEPALIVED = 1,
	PROGRAM_NAGIOS = 2,
	PROGRAM_STATUS = 4,
	PROGRAM_EXPLAIN = 8,
	PROGRAM_ROUNDTRIP = 16,
	PROGRAM_GRANTS = 32,
	PROGRAM_LIST = 64,
	PROGRAM_WRITE_IP = 128,
	PROGRAM_NODE_HEALTH = 256,
	PROGRAM_ALL = 511,

	/* They take no options but parameters, in the environment. */
	PROGRAMS_OCF = PROGRAM_WRITE_IP | PROGRAM_NODE_HEALTH,
	PROGRAMS_WITH_COMMAND_LINE = PROGRAM_ALL & ~PROGRAMS_OCF,
	PROGRAMS_THAT_LOOK = PROGRAM_KEEPALIVED | PROGRAM_NAGIOS | PROGRAM_STATUS,
	PROGRAMS_THAT_CONNECT = PROGRAMS_THAT_LOOK | PROGRAM_ROUNDTRIP | PROGRAMS_OCF,
	PROGRAMS_THAT_JUDGE = PROGRAMS_THAT_LOOK | PROGRAM_EXPLAIN,
};

/* What the options ask for. */
struct settings {
	enum program program;
	/* As many as hosts are named, at least one. */
	dbv_node **nodes;
	size_t node_count;
	/* They have all that they were given: what is asked of them goes where it should, as it should. */
	bool nodes_are_set;
	dbv_policy *policy;
	double timeout;
	bool auto_role;
	bool json;
	bool verbose;
	bool self_test;
	bool syslog;
	bool help;
	bool version;
	/* 0: not asked for. */
	unsigned dynamic;
	/* The agents', manage_read_only also of grants. */
	bool manage_read_only;
	bool end_connections;
	double catch_up_timeout;
	unsigned attempts;
	/* Borrowed from the list of what was given; NULL: not set. */
	const char *role;
	const char *mode;
	const char *write_ip;
	const char *maintenance_file;
	const char *state_dir;
	const char *schema;
	/* NAME or NAME@HOST. */
	const char *account;
	const char *defaults_file;
	const char *defaults_group_suffix;
};

struct option {
	const char *name;
	/* '\0': none. */
	char letter;
	/* Name of the value in the help; NULL: a flag. */
	const char *value;
	/* Default; NULL: none. It holds where nothing is said, unless it is in words, for people. */
	const char *fallback;
	const char *help;
	enum program programs;
	bool fallback_in_words;
	/* What an agent's resource is: it must be set, no two resources share it, and a change of it
	 * starts the resource anew. */
	bool identity;
	/* May stand in an option file. */
	bool in_file;
	bool repeatable;
	bool secret;
	bool (*apply)(
		const struct option *o, struct settings *s, const char *value, struct text *error);
};

/* From weakest to strongest. */
enum origin {
	ORIGIN_CLIENT_GROUP,
	ORIGIN_GROUP,
	ORIGIN_GROUP_WITH_SUFFIX,
	ORIGIN_ENVIRONMENT,
	ORIGIN_COMMAND_LINE,
};

/* What was said, where. The values are copies. */
struct given {
	struct saying {
		const struct option *option;
		enum origin origin;
		char *value;
	} * sayings;
	size_t count;
	/* Words that are no options, of argv, for a program that TAKES them. */
	bool takes_operands;
	char **operands;
	size_t operand_count;
};

extern const struct option options[];
extern const size_t option_count;

/* The option of PROGRAM with this name, NULL when there is none. */
const struct option *option_by_name(const char *name, enum program program);
const struct option *option_by_letter(char letter, enum program program);

/* Adds to what was said; false when out of memory. */
bool given_add(struct given *g, const struct option *o, enum origin origin, const char *value);
void given_free(struct given *g);

/* Reads the command line. Secrets are wiped from ARGV. */
bool options_parse(struct given *g, enum program program, char **argv, struct text *error);

/* Reads the parameters of an agent, OCF_RESKEY_*; one that is empty is not set. */
bool options_from_environment(
	struct given *g, enum program program, char *const *environment, struct text *error);

/* Adds "OCF_RESKEY_*"'s name of O: with underscores. */
void option_add_parameter(struct text *t, const struct option *o);

/* Adds S, each option in it called as the agents call it: "--some-name" as "some_name". */
void options_add_as_parameters(struct text *t, const char *s);

/* Applies all that was said, each thing from its strongest origin, and makes the nodes for it. False where one of them cannot be
 * used, the first in ERROR; all others are applied. */
bool options_apply(const struct given *g, struct settings *s, struct text *error);

/* Ends the nodes and the policy. */
void settings_end(struct settings *s);

/* The default as it is shown here; NULL: none. */
const char *option_fallback(const struct option *o);

/* The default of --timeout, also of a PROGRAM that has no such option. */
double options_timeout(enum program program);

/* "  -H, --host=HOST ..." for every option of PROGRAM. */
void options_help(enum program program, struct text *out);

#endif
