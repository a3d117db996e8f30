#!/bin/bash
# The same as pacemaker-fencing.crm, for pcs 0.11: take the agent of your own hardware (pcs stonith list), and try it
# (pcs stonith fence db3) before anything is left to it.
set -e

number=111
for host in db1 db2 db3; do
    pcs stonith create "fence-$host" fence_ipmilan \
        pcmk_host_list="$host" ip="192.0.2.$number" lanplus=1 username=fence \
        password_script=/etc/pacemaker/fence-password \
        op monitor interval=60s timeout=20s
    # A host often cannot reach its own board.
    pcs constraint location add -- "fence-$host-elsewhere" "fence-$host" "$host" -INFINITY
    number=$((number + 1))
done
pcs property set stonith-enabled=true
