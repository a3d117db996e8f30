/* SPDX-License-Identifier: MIT */
#ifndef DBV_SUITES_H
#define DBV_SUITES_H

#include <check.h>

/* Linked with the core alone. */
TCase *canary_case(void);
TCase *catch_up_case(void);
TCase *captures_case(void);
TCase *cluster_case(void);
TCase *channels_case(void);
TCase *conditions_case(void);
TCase *families_case(void);
TCase *faults_case(void);
TCase *lessons_case(void);
TCase *memory_case(void);
TCase *policy_case(void);
TCase *reference_case(void);
TCase *movement_case(void);
TCase *recorded_captures_case(void);
TCase *recorded_case(void);
TCase *sessions_case(void);
TCase *tables_case(void);
TCase *text_case(void);

/* Linked with everything. */
TCase *command_line_case(void);
TCase *environment_case(void);
TCase *greeting_case(void);
TCase *library_case(void);
TCase *obstacle_case(void);
TCase *option_file_case(void);
TCase *report_case(void);
TCase *self_test_case(void);
TCase *state_case(void);

/* Linked with what the agents share. */
TCase *metadata_case(void);
TCase *record_case(void);
TCase *score_case(void);
TCase *publish_case(void);
TCase *tool_case(void);

#endif
