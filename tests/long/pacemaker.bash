# SPDX-License-Identifier: MIT
# What the proofs of tests/long on a lab share.

load_lab() {
	# shellcheck source=tests/lab/all.bash
	source "$BATS_TEST_DIRNAME/../lab/all.bash"
}
# lab_begin NAME KIND [SETTING...]: a lab of this file's own
lab_begin() {
	export BATS_TEST_TIMEOUT=180 DBVITALS_LAB=/run/dbvitals-$1-$$
	load_lab
	lab_up "${@:2}"
}
teardown_file() {
	load_lab
	lab_down
}
setup() { load_lab; }
teardown() {
	[ -n "${BATS_TEST_COMPLETED:-}" ] || { lab_status && mon | head -n 80; }
}
