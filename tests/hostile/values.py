# SPDX-License-Identifier: MIT
"""Behaviours that keep to the protocol and lie in the values."""

from session import Behaviour

# Everything that a terminal, a log, a perfdata or a person could be fooled by.
TERRIBLE = (b'\x1b[31mred\x1b[0m\x07\x08 |pwn=1;;;0 \nUP: pwned\r\nDBVITALS OK - pwned\t\xff\xfe \xe2\x80\xae\xc2\x9b'
            b"31m\xed\xa0\x80%s%n $(id) `id` ' \" \\ \x7f\x01 end")
LONG = b'0123456789abcdef' * (1 << 16)
NUMBERS = {
    'huge': b'99999999999999999999999', 'minus': b'-1', 'exponent': b'1e999', 'nan': b'nan', 'infinite': b'inf',
    'hex': b'0x4', 'trailing': b'4abc', 'spaced': b' 4', 'comma': b'4,0', 'blank': b'', 'null': None,
    'terrible': TERRIBLE,
}
FEW = ('huge', 'minus', 'trailing', 'blank', 'null')
GALERA_NUMBERS = {
    'size': b'wsrep_cluster_size', 'recv-queue': b'wsrep_local_recv_queue',
    'send-queue': b'wsrep_local_send_queue', 'flow': b'wsrep_flow_control_paused', 'threads': b'Threads_connected',
}
BOOLEANS = {
    'on': b'oN', 'one': b'1', 'true': b'TRUE', 'yes': b'yes', 'off': b'off', 'zero': b'0', 'false': b'false',
    'blank': b'', 'null': None, 'spaced': b'ON ', 'word': b'maybe',
}
THREAD_STATES = {
    'yes': b'yEs', 'no': b'no', 'connecting': b'Connecting', 'preparing': b'Preparing', 'one': b'1', 'blank': b'',
    'null': None, 'spaced': b'Yes ', 'word': b'maybe', 'terrible': TERRIBLE,
}
STATUS_BOOLEANS = {'ready': b'wsrep_ready', 'connected': b'wsrep_connected'}
VARIABLE_BOOLEANS = {
    'wsrep-on': b'wsrep_on', 'desync': b'wsrep_desync', 'read-only': b'read_only',
    'super-read-only': b'super_read_only', 'offline': b'offline_mode',
}
WORDS = {
    'shouted': b'PRIMARY', 'small': b'primary', 'non': b'non-Primary', 'disconnected': b'Disconnected', 'blank': b'',
    'spaced': b'Primary ', 'longer': b'Primary-ish', 'terrible': TERRIBLE, 'zero': b'Primary\0', 'null': None,
}


def status(name, value):
    return lambda node: node.status.__setitem__(name, value)


def variable(name, value):
    return lambda node: node.variables.__setitem__(name, value)


def replica(*columns, channel=0):
    def change(node):
        for name, value in columns:
            node.set_replica(name, value, channel)
    return change


def both(*changes):
    def change(node):
        for each in changes:
            each(node)
    return change


def without(table, *names):
    def change(node):
        for name in names:
            del getattr(node, table)[name]
    return change


def shouted(node):
    for table in ('variables', 'status'):
        setattr(node, table, {name.upper(): value for name, value in getattr(node, table).items()})
    node.replica[0] = [name.upper() for name in node.replica[0]]


def contradiction(name, value, first):
    """A second row of that name, which says something else; the other case keeps both in the table."""
    def change(node):
        other = {name.swapcase(): value}
        node.status = {**other, **node.status} if first else {**node.status, **other}
    return change


def channels(number):
    def change(node):
        names, first = node.replica[:2]
        node.replica = [names] + [[b'channel%d' % index] + first[1:] for index in range(number)]
    return change


def behaviours():
    for word, value in NUMBERS.items():
        yield Behaviour(f'state-{word}', change=status(b'wsrep_local_state', value))
    for short, name in GALERA_NUMBERS.items():
        for word in FEW:
            yield Behaviour(f'{short}-{word}', change=status(name, NUMBERS[word]))
    for state in range(8):
        yield Behaviour(f'state-{state}', change=status(b'wsrep_local_state', b'%d' % state))
    for word, value in NUMBERS.items():
        yield Behaviour(f'lag-{word}', kind='pair', change=replica((b'Seconds_Behind_Master', value)))
    for word in FEW:
        value = NUMBERS[word]
        yield Behaviour(f'mysql-lag-{word}', kind='mysql', change=replica((b'Seconds_Behind_Master', value)))
        yield Behaviour(f'delay-{word}', kind='pair', change=replica(
            (b'Seconds_Behind_Master', b'999'), (b'SQL_Delay', value)))
        yield Behaviour(f'max-connections-{word}', change=variable(b'max_connections', value))
        yield Behaviour(f'clock-{word}', change=lambda node, value=value: setattr(node, 'clock', lambda: value))
        yield Behaviour(f'stall-{word}', change=lambda node, value=value: node.sessions.append(
            [b'7', b'app', b'10.77.0.50:40001', b'shop', b'Query', value, b'Waiting for certification', b'COMMIT']))
    for short, name in STATUS_BOOLEANS.items():
        for word, value in BOOLEANS.items():
            yield Behaviour(f'{short}-{word}', change=status(name, value))
    for short, name in VARIABLE_BOOLEANS.items():
        for word, value in BOOLEANS.items():
            yield Behaviour(f'{short}-{word}', change=variable(name, value))
    for word, value in WORDS.items():
        yield Behaviour(f'cluster-status-{word}', change=status(b'wsrep_cluster_status', value))
    for word, value in THREAD_STATES.items():
        yield Behaviour(f'io-{word}', kind='pair', change=replica((b'Slave_IO_Running', value)))
        yield Behaviour(f'sql-{word}', kind='pair', change=replica((b'Slave_SQL_Running', value)))
    for table in ('status', 'variables'):
        for word in ('local_state', 'cluster_status', 'ready', 'connected', 'on', 'provider'):
            try:
                yield Behaviour(f'no-wsrep-{word}', change=without(table, b'wsrep_' + word.encode()))
            except KeyError:
                continue
    yield Behaviour('shouted', change=shouted)
    yield Behaviour('shouted-pair', kind='pair', change=shouted)
    yield Behaviour('twice', change=lambda node: setattr(node, 'twice', True))
    for first in (False, True):
        where = 'before' if first else 'after'
        yield Behaviour(f'contradicted-{where}-state', change=contradiction(b'wsrep_local_state', b'1', first))
        yield Behaviour(f'contradicted-{where}-ready', change=contradiction(b'wsrep_ready', b'OFF', first))
    yield Behaviour('terrible-comment', change=both(
        status(b'wsrep_local_state', b'1'), status(b'wsrep_local_state_comment', b'Joining: ' + TERRIBLE)))
    yield Behaviour('long-comment', change=both(
        status(b'wsrep_local_state', b'1'), status(b'wsrep_local_state_comment', LONG)))
    yield Behaviour('terrible-everything', change=lambda node: node.status.update(dict.fromkeys(node.status, TERRIBLE)))
    yield Behaviour('terrible-variables', change=lambda node: node.variables.update(
        dict.fromkeys(node.variables, TERRIBLE)))
    yield Behaviour('terrible-names', change=both(
        variable(b'wsrep_node_name', TERRIBLE), variable(b'version', TERRIBLE), variable(b'hostname', TERRIBLE),
        variable(b'wsrep_cluster_name', TERRIBLE), variable(b'version_comment', TERRIBLE)))
    yield Behaviour('terrible-addresses', change=both(
        variable(b'wsrep_cluster_address', b'gcomm://' + TERRIBLE + b',a,b,c'),
        status(b'wsrep_incoming_addresses', TERRIBLE)))
    yield Behaviour('long-options', change=variable(b'wsrep_provider_options', LONG))
    yield Behaviour('long-address', change=variable(b'wsrep_cluster_address', b'gcomm://' + b'h,' * 30000))
    yield Behaviour('terrible-reject', change=variable(b'wsrep_reject_queries', TERRIBLE))
    yield Behaviour('terrible-io-error', kind='pair', change=replica(
        (b'Slave_IO_Running', b'No'), (b'Last_IO_Errno', b'1236'), (b'Last_IO_Error', TERRIBLE)))
    yield Behaviour('terrible-sql-error', kind='pair', change=replica(
        (b'Slave_SQL_Running', b'No'), (b'Last_SQL_Errno', TERRIBLE), (b'Last_SQL_Error', TERRIBLE)))
    yield Behaviour('terrible-channel', kind='pair', change=replica(
        (b'Connection_name', TERRIBLE), (b'Slave_IO_Running', b'No')))
    yield Behaviour('long-io-error', kind='pair', change=replica(
        (b'Slave_IO_Running', b'No'), (b'Last_IO_Errno', b'1236'), (b'Last_IO_Error', LONG)))
    yield Behaviour('second-channel-stopped', kind='pair', change=both(
        channels(2), replica((b'Slave_SQL_Running', b'No'), channel=1)))
    yield Behaviour('last-of-many-channels', kind='pair', change=both(
        channels(70), replica((b'Slave_IO_Running', b'No'), channel=69)))
    yield Behaviour('three-hundred-channels', kind='pair', change=channels(300))
    yield Behaviour('mysql-io-connecting', kind='mysql', change=replica((b'Slave_IO_Running', b'Connecting')))
