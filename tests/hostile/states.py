# SPDX-License-Identifier: MIT
"""Behaviours that are no hostility: states that real servers get into, and that no test brings one into."""

import node
from session import Behaviour
from values import both, replica, status, variable

RECORDED = {
    'donor': 'sst-rsync-donor-db1-joiner-db3-seen-from-db1',
    'cut-off': 'cut-db1-seen-from-db1',
    'two-killed': 'two-killed-db2',
    'alone': 'alone-after-two-shutdowns-db2',
}


def recorded(name):
    def change(good):
        good.status.update(node.pairs(f'{name}.status.tsv'))
        good.variables.update(node.pairs(f'{name}.variables.tsv'))
    return change


def waits(seconds, what=b'Waiting for certification'):
    return lambda good: good.sessions.append(
        [b'7', b'app', b'10.77.0.50:40001', b'shop', b'Query', b'%d' % seconds, what, b'COMMIT'])


def behaviours():
    for name, capture in RECORDED.items():
        yield Behaviour(name, change=recorded(capture))
    for seconds in (3, 12):
        yield Behaviour(f'commit-waits-{seconds}', change=waits(seconds))
    yield Behaviour('cluster-pauses', change=both(waits(12), status(b'wsrep_flow_control_active', b'true')))
    yield Behaviour('disk-full', change=waits(12, b'Waiting for someone to free space'))
    yield Behaviour('nearly-crowded', change=both(
        variable(b'max_connections', b'100'), status(b'Threads_connected', b'95')))
    yield Behaviour('group-forms-anew', change=status(b'wsrep_evs_state', b'GATHER'))
    yield Behaviour('requests-flow-control', change=status(b'wsrep_flow_control_requested', b'true'))
    yield Behaviour('receives-slowly', change=status(b'wsrep_local_recv_queue', b'200'))
    yield Behaviour('sends-slowly', change=status(b'wsrep_local_send_queue', b'200'))
    yield Behaviour('pxc-maintenance', kind='pxc', change=variable(b'pxc_maint_mode', b'MAINTENANCE'))
    yield Behaviour('local-only', change=variable(b'bind_address', b'127.0.0.1'))
    yield Behaviour('socket-only', change=variable(b'skip_networking', b'ON'))
    yield Behaviour('group-replication', kind='mysql', change=variable(b'group_replication_group_name', b'a-b-c'))
    for seconds in (60, 400):
        yield Behaviour(f'late-{seconds}', kind='pair', change=replica((b'Seconds_Behind_Master', b'%d' % seconds)))
    yield Behaviour('same-server-id', kind='pair', change=replica(
        (b'Slave_IO_Running', b'No'), (b'Last_IO_Errno', b'1593'),
        (b'Last_IO_Error', b'Fatal error: The slave I/O thread stops because master and slave have equal MySQL server ids')))
    yield Behaviour('no-binlog', kind='pair', change=variable(b'log_bin', b'OFF'))
