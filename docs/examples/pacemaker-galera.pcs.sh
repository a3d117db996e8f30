#!/bin/bash
# The same as pacemaker-galera.crm, for pcs 0.11. The fencing goes first (pacemaker-fencing.pcs.sh).
set -e

pcs resource create write-ip ocf:dbvitals:write-ip \
    ip=192.0.2.50 cidr_netmask=24 defaults_file=/etc/dbvitals/client.cnf timeout=2 \
    op start timeout=60s \
    stop timeout=60s \
    promote timeout=120s \
    demote timeout=60s \
    monitor interval=1s role=Promoted timeout=20s \
    monitor interval=2s role=Unpromoted timeout=20s \
    meta migration-threshold=3 failure-timeout=60s \
    promotable write-ip-clone promoted-max=1 interleave=true \
    --no-default-ops
pcs property set stonith-enabled=true no-quorum-policy=stop
