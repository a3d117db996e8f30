# SPDX-License-Identifier: MIT
# A lab: hosts on one machine, each in namespaces of its own, with a real database cluster and a real Pacemaker. Sourced by
# tests/lab/lab and by the tests that drive a lab; it starts nothing by itself. Its folder, $DBVITALS_LAB, names a lab.

LAB=${DBVITALS_LAB:-/run/dbvitals-lab}
LAB_TOOLS=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
LAB_TREE=${LAB_TOOLS%/tests/lab}
: "${DBV_BIN:=$LAB_TREE/build/checkers}"
# shellcheck disable=SC2034  # for those who are sourced here
LAB_WRITER=$LAB_TREE/build/tests/lab/writer
# shellcheck source=tests/lib/expect.bash
source "$LAB_TREE/tests/lib/expect.bash"
# shellcheck source=tests/lib/servers.bash
source "$LAB_TREE/tests/lib/servers.bash"
# shellcheck source=tests/lab/hosts.bash
source "$LAB_TOOLS/hosts.bash"
# shellcheck source=tests/lab/files.bash
source "$LAB_TOOLS/files.bash"
# shellcheck source=tests/lab/database.bash
source "$LAB_TOOLS/database.bash"
# shellcheck source=tests/lab/pacemaker.bash
source "$LAB_TOOLS/pacemaker.bash"
# shellcheck source=tests/lab/keepalived.bash
source "$LAB_TOOLS/keepalived.bash"
# shellcheck source=tests/lab/up.bash
source "$LAB_TOOLS/up.bash"
# shellcheck source=tests/lab/look.bash
source "$LAB_TOOLS/look.bash"
# shellcheck source=tests/lab/faults.bash
source "$LAB_TOOLS/faults.bash"
# shellcheck source=tests/lab/writers.bash
source "$LAB_TOOLS/writers.bash"
# shellcheck source=tests/lab/proof.bash
source "$LAB_TOOLS/proof.bash"
# shellcheck source=tests/lab/agent.bash
source "$LAB_TOOLS/agent.bash"
# shellcheck source=tests/lab/guest.bash
source "$LAB_TOOLS/guest.bash"
# shellcheck source=tests/lab/ipvs.bash
source "$LAB_TOOLS/ipvs.bash"
