# SPDX-License-Identifier: MIT
# A lab of a bats file's own, up with its first test and gone with its last:
#
#	load ../lib/own_lab
#	setup_file() { lab_begin SECONDS NAME KIND; }

load_lab() {
	# shellcheck source=tests/lab/all.bash
	source "$BATS_TEST_DIRNAME/../lab/all.bash"
}
# lab_begin SECONDS NAME KIND [SETTING...]: at most so long for each test
lab_begin() {
	export BATS_TEST_TIMEOUT=$1 DBVITALS_LAB=/run/dbvitals-$2-$$
	load_lab
	lab_end_with_me
	lab_up "${@:3}"
}
teardown_file() {
	load_lab
	lab_down
}
setup() { load_lab; }
teardown() {
	[ -n "${BATS_TEST_COMPLETED:-}" ] || { lab_status && mon | head -n 80; }
}
