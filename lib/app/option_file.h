/* SPDX-License-Identifier: MIT
 *
 * Option files: groups, key=value, quotes, comments. Read by dbvitals itself, because the client
 * libraries let a file override the caller and read more files than asked.
 */
#ifndef DBV_OPTION_FILE_H
#define DBV_OPTION_FILE_H

#include "options.h"

/* Adds what FILE says in the groups client, dbvitals and dbvitals+SUFFIX. False with a reason in
 * ERROR; what is odd and no error is added to WARNING. A file that is not there is an error when
 * REQUIRED. */
bool option_file_read(struct given *g, const char *file, bool required, const char *suffix,
	struct text *error, struct text *warning);

/* The same for its content, NAME being used in messages. CONTENT is changed. */
bool option_file_parse(
	struct given *g, const char *name, char *content, const char *suffix, struct text *error);

#endif
