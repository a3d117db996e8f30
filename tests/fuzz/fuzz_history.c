/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What stands in a state file, with the right sum below it: what is taken is written again as it was understood, and can
 * be asked. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char again[DBV_HISTORY_SIZE];
	uint64_t sum = 14695981039346656037U;
	char *text = malloc(size + 64);

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ data[i]) * 1099511628211U;
	memcpy(text, data, size);
	snprintf(text + size, 64, "sum=%016llx\n", (unsigned long long)sum);
	dbv_history *h = dbv_history_read(text);

	if (h) {
		if (!dbv_history_write(h, again, sizeof(again)))
			abort();
		dbv_history *other = dbv_history_read(again);

		if (!other || dbv_history_since(other) != dbv_history_since(h))
			abort();
		dbv_history_free(other);
	}
	dbv_history_free(h);
	free(text);
	return 0;
}
