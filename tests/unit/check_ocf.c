/* SPDX-License-Identifier: MIT
 *
 * Tests of the resource agents, without a cluster.
 */
#include <stdlib.h>

#include "suites.h"

int
main(void)
{
	Suite *suite = suite_create("ocf");

	suite_add_tcase(suite, metadata_case());
	suite_add_tcase(suite, score_case());
	suite_add_tcase(suite, record_case());
	suite_add_tcase(suite, tool_case());
	suite_add_tcase(suite, publish_case());
	SRunner *runner = srunner_create(suite);

	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
