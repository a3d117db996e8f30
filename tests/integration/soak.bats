#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A short soak: through every state of a node that fails and recovers, with the library and the executables.

setup_file() { export BATS_TEST_TIMEOUT=60; }

@test "nothing grows, and no verdict is wrong" {
	SOAK_REAL=0 SOAK_CHECKS=10000 SOAK_RUNS=200 "$BATS_TEST_DIRNAME/../long/soak"
}
