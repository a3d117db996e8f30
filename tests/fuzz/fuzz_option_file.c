/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "option_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An option file of anybody's, and what its values do when applied. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct given g = { .count = 0 };
	struct settings s = { .program = PROGRAM_KEEPALIVED, .policy = dbv_policy_new() };
	char buf[DBV_ERROR_SIZE];
	struct text error = text_on(buf, sizeof(buf));
	char *content = malloc(size + 1);

	memcpy(content, data, size);
	content[size] = '\0';
	if (option_file_parse(&g, "fuzz", content, "2", &error))
		options_apply(&g, &s, &error);
	given_free(&g);
	settings_end(&s);
	free(content);
	return 0;
}
