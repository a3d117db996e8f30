/* SPDX-License-Identifier: MIT
 *
 * Tests of the core, linked with nothing else: that it links is a test of the layering.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"

int
main(void)
{
	const char *wanted = getenv("DECIMAL_POINT");
	Suite *suite = suite_create("core");

	/* tests/unit/locale runs this again where a comma is the decimal point. */
	if (wanted && (!setlocale(LC_ALL, "") || strcmp(localeconv()->decimal_point, wanted) != 0))
		return EXIT_FAILURE;
	suite_add_tcase(suite, text_case());
	suite_add_tcase(suite, policy_case());
	suite_add_tcase(suite, tables_case());
	suite_add_tcase(suite, movement_case());
	suite_add_tcase(suite, catch_up_case());
	suite_add_tcase(suite, sessions_case());
	suite_add_tcase(suite, faults_case());
	suite_add_tcase(suite, captures_case());
	suite_add_tcase(suite, conditions_case());
	suite_add_tcase(suite, cluster_case());
	suite_add_tcase(suite, channels_case());
	suite_add_tcase(suite, reference_case());
	suite_add_tcase(suite, lessons_case());
	suite_add_tcase(suite, families_case());
	suite_add_tcase(suite, canary_case());
	suite_add_tcase(suite, recorded_case());
	suite_add_tcase(suite, recorded_captures_case());
	suite_add_tcase(suite, memory_case());
	SRunner *runner = srunner_create(suite);

	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
