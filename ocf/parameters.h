/* SPDX-License-Identifier: MIT
 *
 * The parameters of the agents: the options that are theirs, and those that are passed on to
 * ocf:heartbeat:IPaddr2.
 */
#ifndef DBV_PARAMETERS_H
#define DBV_PARAMETERS_H

#include "options.h"

/* What is told of an option besides its help. */
struct parameter_text {
	/* The option's. */
	const char *name;
	enum program programs;
	/* A few words. */
	const char *title;
	/* Sentences; NULL: none. */
	const char *more;
};

/* One that is passed on. */
struct parameter {
	const char *name;
	/* string, integer or boolean. */
	const char *type;
	/* NULL: none, or one that depends. */
	const char *fallback;
	const char *shortdesc;
	const char *help;
};

extern const struct parameter_text parameter_texts[];
extern const size_t parameter_text_count;

/* NULL: there is none. */
const struct parameter_text *parameter_text(const struct option *o, enum program program);

/* Ends with name NULL. */
extern const struct parameter address_parameters[];

#endif
