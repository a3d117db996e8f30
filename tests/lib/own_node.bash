# SPDX-License-Identifier: MIT
# One Galera node of a bats file's own, g1, up with its first test and gone with its last; each test leaves it healthy:
#
#	source "$BATS_TEST_DIRNAME/../lib/own_node.bash"
#
# BESIDE=NAME before it: the functions of tests/lib/NAME.bash, too.

load_library() {
	# shellcheck source=tests/lib/one_node.bash
	source "$BATS_TEST_DIRNAME/../lib/one_node.bash"
	# shellcheck disable=SC1090
	[ -z "${BESIDE:-}" ] || source "$BATS_TEST_DIRNAME/../lib/$BESIDE.bash"
}
setup_file() {
	load_library
	one_node_start
}
teardown_file() {
	load_library
	servers_end
}
setup() {
	load_library
	one_node
}
teardown() { one_node_restore; }
