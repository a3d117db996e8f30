# SPDX-License-Identifier: MIT
# What the tests on real servers need.
# shellcheck source=tests/lib/expect.bash
source "${BASH_SOURCE[0]%/*}/expect.bash"
# shellcheck source=tests/lib/servers.bash
source "${BASH_SOURCE[0]%/*}/servers.bash"
# shellcheck source=tests/lib/faults.bash
source "${BASH_SOURCE[0]%/*}/faults.bash"
# shellcheck source=tests/lib/rows.bash
source "${BASH_SOURCE[0]%/*}/rows.bash"
