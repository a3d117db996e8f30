#!/bin/bash
# The same as pacemaker-node-health.crm, for pcs 0.11. The fencing goes first (pacemaker-fencing.pcs.sh).
set -e

pcs resource create node-health ocf:dbvitals:node-health \
    ip=192.0.2.50 defaults_file=/etc/dbvitals/client.cnf timeout=2 \
    op start timeout=60s \
    stop timeout=20s \
    monitor interval=2s timeout=20s \
    meta failure-timeout=60s \
    clone node-health-clone interleave=true \
    --no-default-ops
# The weight is 0 to 100. 80 more keep the address where it is while that node is only degraded (25 or more), and let it go
# to a better one when nobody knows how that node is (1).
pcs resource create write-address ocf:heartbeat:IPaddr2 \
    ip=192.0.2.50 cidr_netmask=24 \
    op start timeout=20s \
    stop timeout=20s \
    monitor interval=10s timeout=20s \
    meta resource-stickiness=80 migration-threshold=3 failure-timeout=60s \
    --no-default-ops
pcs constraint location write-address rule constraint-id=write-address-where-fit \
    score=-INFINITY not_defined dbvitals-write or dbvitals-write lt number 1
pcs constraint location write-address rule constraint-id=write-address-where-fittest \
    score-attribute=dbvitals-write defined dbvitals-write
pcs property set stonith-enabled=true no-quorum-policy=stop
