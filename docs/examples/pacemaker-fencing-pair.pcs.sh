#!/bin/bash
# The same as pacemaker-fencing-pair.crm, for pcs 0.11: take the agent of your own hardware (pcs stonith list), and try it
# (pcs stonith fence m2) before anything is left to it.
set -e

# Cut off from each other, both would fence at the same moment. Whoever holds the write address is fenced 10 s later and so
# wins; while nobody holds it, m1 wins. With a quorum device neither delay is needed.
pcs stonith create fence-m1 fence_ipmilan \
    pcmk_host_list=m1 pcmk_delay_base=5s ip=192.0.2.121 lanplus=1 username=fence \
    password_script=/etc/pacemaker/fence-password \
    op monitor interval=60s timeout=20s
pcs stonith create fence-m2 fence_ipmilan \
    pcmk_host_list=m2 ip=192.0.2.122 lanplus=1 username=fence \
    password_script=/etc/pacemaker/fence-password \
    op monitor interval=60s timeout=20s
# A host often cannot reach its own board.
pcs constraint location add -- fence-m1-elsewhere fence-m1 m1 -INFINITY
pcs constraint location add -- fence-m2-elsewhere fence-m2 m2 -INFINITY
pcs property set stonith-enabled=true priority-fencing-delay=10s
