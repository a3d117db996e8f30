#!/bin/bash
# The same as pacemaker-gateway.crm, for pcs 0.11: after pacemaker-galera.pcs.sh or pacemaker-pair.pcs.sh.
set -e

# dampen is longer than one host can be ahead of another in noticing (interval + attempts x timeout): when the gateway itself
# is gone, all hosts lose it in the same moment, and the address stays where it is.
pcs resource create gateway ocf:pacemaker:ping \
    host_list=192.0.2.1 attempts=2 timeout=1 dampen=5s name=gateway \
    op start timeout=60s \
    stop timeout=20s \
    monitor interval=2s timeout=60s \
    clone gateway-clone interleave=true \
    --no-default-ops
# A bonus, not a ban: without the gateway a fit node is better than none. Only for instances that have a score of their own.
pcs constraint location write-ip-clone rule constraint-id=write-ip-where-gateway \
    role=Promoted score=3000 gateway gt number 0 and master-write-ip gt number 0
