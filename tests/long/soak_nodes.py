# SPDX-License-Identifier: MIT
"""soak_nodes.py FOLDER: a Galera node that is well, and in states in which it is not, as scripts (tests/fuzz/script.h), one
a file; and FOLDER/states, a line for each: its name, the milliseconds that a check may take, and what is to be said of it in
the roles read and write."""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'fuzz'))

from sessions import node, session  # noqa: E402

# More than any answer takes, and what a silence may cost.
ENOUGH, LITTLE = 2000, 20
LOGIN, VARIABLES, STATUS = 1, 3, 4


def galera(**values):
    """What a node says that has these values."""
    good = node.Node('galera')
    # No clock that stands still is told.
    good.clock = lambda: None
    for name, value in values.items():
        table = good.variables if name.encode() in good.variables else good.status
        table[name.encode()] = value.encode()
    return session(good, b'g')


def instead(turn, answer):
    """What a good node says before that turn, and then ANSWER."""
    return b'T\n'.join([*galera().split(b'T\n')[:turn], answer])


def halved(turn):
    turns = galera().split(b'T\n')
    return b'T\n'.join(turns[:turn] + [turns[turn][:len(turns[turn]) // 2].rpartition(b'\n')[0] + b'\nH\n'])


STATES = (
    ('good', galera(), ENOUGH, 'up', 'up'),
    ('desynced', galera(wsrep_desync='ON', wsrep_local_state='2', wsrep_local_state_comment='Donor/Desynced'), ENOUGH,
     'down:galera.desynced', 'degraded:galera.desynced'),
    ('donor', galera(wsrep_local_state='2', wsrep_local_state_comment='Donor/Desynced'), ENOUGH,
     'down:galera.donor', 'degraded:galera.donor'),
    ('joining', galera(wsrep_local_state='1', wsrep_local_state_comment='Joining', wsrep_ready='OFF'), ENOUGH,
     'down:galera.not_ready', 'down:galera.not_ready'),
    ('cut-off', galera(wsrep_cluster_status='non-Primary', wsrep_ready='OFF', wsrep_local_state='0',
                       wsrep_local_state_comment='Initialized'), ENOUGH, 'down:galera.non_primary', 'down:galera.non_primary'),
    ('rejecting', galera(wsrep_reject_queries='ALL'), ENOUGH,
     'down:galera.rejects_queries', 'down:galera.rejects_queries'),
    ('lagging', galera(wsrep_local_recv_queue='500'), ENOUGH, 'degraded:galera.recv_queue', 'up'),
    ('read-only', galera(read_only='ON'), ENOUGH, 'up', 'down:server.read_only'),
    ('full', b'E1040 Too many connections\nH\n', ENOUGH,
     'down:server.too_many_connections', 'degraded:server.too_many_connections'),
    ('denied', instead(LOGIN, b'E1045 Access denied\nH\n'), ENOUGH,
     'unknown:server.access_denied', 'unknown:server.access_denied'),
    ('blocked', b"E1129 Host is blocked because of many connection errors\nH\n", ENOUGH,
     'unknown:server.host_blocked', 'unknown:server.host_blocked'),
    ('ending', instead(STATUS, b'E1053 Server shutdown in progress\n'), ENOUGH,
     'down:server.shutting_down', 'down:server.shutting_down'),
    ('gone', b'H\n', ENOUGH, 'down:server.unreachable', 'down:server.unreachable'),
    ('gone-at-login', instead(LOGIN, b'H\n'), ENOUGH, 'down:server.unreachable', 'down:server.unreachable'),
    ('gone-at-status', halved(STATUS), ENOUGH, 'down:server.shutting_down', 'down:server.shutting_down'),
    ('another', b'XSSH-2.0-OpenSSH_9.2\\n\n', ENOUGH, 'down:server.protocol', 'down:server.protocol'),
    ('nonsense', instead(VARIABLES, b'Ca\tb\nRx\ty\nZ\n'), ENOUGH, 'down:server.protocol', 'down:server.protocol'),
    ('frozen', b'S\n', LITTLE, 'down:server.timeout', 'down:server.timeout'),
    ('hanging', instead(STATUS, b'S\n'), LITTLE, 'down:server.timeout', 'down:server.timeout'),
)


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, script, *_ in STATES:
        (folder / name).write_bytes(script.split(b'\n', 1)[1] if script.startswith(b'g\n') else script)
    (folder / 'states').write_text(''.join(f'{name} {ms} {read} {write}\n' for name, _, ms, read, write in STATES))


if __name__ == '__main__':
    main()
