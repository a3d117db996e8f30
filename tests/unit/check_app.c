/* SPDX-License-Identifier: MIT
 *
 * Tests of app and collect, without a server.
 */
#include <stdlib.h>

#include "suites.h"

int
main(void)
{
	Suite *suite = suite_create("app");

	suite_add_tcase(suite, command_line_case());
	suite_add_tcase(suite, environment_case());
	suite_add_tcase(suite, option_file_case());
	suite_add_tcase(suite, report_case());
	suite_add_tcase(suite, state_case());
	suite_add_tcase(suite, greeting_case());
	suite_add_tcase(suite, library_case());
	suite_add_tcase(suite, obstacle_case());
	suite_add_tcase(suite, self_test_case());
	SRunner *runner = srunner_create(suite);

	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
