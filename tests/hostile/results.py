# SPDX-License-Identifier: MIT
"""Behaviours in answer to a statement: refusals and results of the wrong shape."""

import actions
import values
import wire
from session import Behaviour

ERRORS = {
    '1047': ('08S01', b'WSREP has not yet prepared node for application use'),
    '1064': ('42000', b'You have an error in your SQL syntax'),
    '1142': ('42000', b"SELECT command denied to user 'monitor'@'localhost' for table 'x'"),
    '1193': ('HY000', b"Unknown system variable 'wsrep_sync_wait'"),
    '1205': ('HY000', b'Lock wait timeout exceeded; try restarting transaction'),
    '1227': ('42000', b'Access denied; you need (at least one of) the SLAVE MONITOR privilege(s) for this operation'),
    '1820': ('HY000', b'You must SET PASSWORD before executing this statement'),
    '2013': ('HY000', b'Lost connection to server during query'),
    '3032': ('HY000', b'The server is currently in offline mode'),
}
STATUS_ROW = wire.row([b'wsrep_local_state', b'4'])
SESSION_ROW = wire.row([b'7', b'app', b'10.77.0.50:40001', None, b'Sleep', b'1', b'', None, b'0.000'])
COUNT_2_63 = b'\xfe' + (1 << 63).to_bytes(8, 'little')
COUNT_2_32 = b'\xfe' + ((1 << 32) + 2).to_bytes(8, 'little')


def rows(change):
    """The good result with each row's packet changed."""
    def edit(good):
        head = actions.to_rows(good)
        return head + [change(packet) for packet in good[len(head):-1]] + good[-1:]
    return actions.edit(edit)


def shape(columns, make):
    """A result of these columns whose rows are made of the good (name, value) cells."""
    def act(session):
        _, _, good = session.node.answer('status', session.sql)
        session.wire.send(*wire.result(columns, [make(*cells) for cells in good]))
    return act


def count(number, then=actions.silence):
    """A result that claims a number of columns."""
    return actions.edit(lambda good: [number] + good[1:], then=then)


def more_results(session):
    """The good result, marked as the first of several; the second one never comes."""
    flags = wire.AUTOCOMMIT | wire.MORE_RESULTS
    _, columns, found = session.node.answer('status', session.sql)
    session.wire.send(*wire.result(columns, found, flags))


def lying_session_state(session):
    """An OK packet whose session state is longer than the packet."""
    session.wire.send(wire.ok(wire.AUTOCOMMIT | wire.SESSION_STATE_CHANGED, b'\0\xfd\xff\xff\xff\0\xfe' + b'\xff' * 8))


SHAPES = {
    'endless-rows': actions.endless(STATUS_ROW, head=actions.to_rows),
    'endless-wide-rows': actions.endless(wire.row([b'wsrep_local_state', b'4' * 800]), head=actions.to_rows),
    'endless-megabyte-rows': actions.endless(wire.row([b'wsrep_local_state', b'4' * 1000000]), head=actions.to_rows),
    'endless-columns': actions.endless(wire.column(b'Value'), head=lambda good: good[:1]),
    'endless-columns-of-many': actions.endless(wire.column(b'Value'), head=lambda good: [wire.lenenc(60000)]),
    'drip-rows': actions.drip_rows,
    'columns-2-24': count(wire.lenenc((1 << 24) - 1)),
    'columns-2-31': count(wire.lenenc((1 << 31) - 1)),
    'columns-2-32-and-2': count(COUNT_2_32),
    'columns-2-63': count(COUNT_2_63),
    'columns-60000': count(wire.lenenc(60000)),
    'columns-5': count(wire.lenenc(5)),
    'columns-1': count(wire.lenenc(1)),
    'columns-cut': actions.packets(b'\xfe\0\0', then=actions.silence),
    'columns-null': actions.packets(b'\xfb\0', then=actions.silence),
    'zero-columns': actions.packets(b'\0', then=actions.silence),
    'ok': actions.packets(wire.ok()),
    'ok-many-rows': actions.packets(b'\0' + b'\xfe' + b'\xff' * 8 + b'\0' + b'\x02\0\0\0'),
    'eof': actions.packets(wire.eof()),
    'empty': actions.edit(lambda good: actions.to_rows(good) + good[-1:]),
    'eof-after-columns': actions.edit(actions.to_rows, then=actions.silence),
    'fewer-cells': rows(lambda packet: packet[:1 + packet[0]]),
    'more-cells': rows(lambda packet: packet + wire.text(b'more') * 3),
    'empty-rows': rows(lambda packet: b''),
    'cells-too-long': rows(lambda packet: b'\xfd\xff\xff\xff' + packet[1:]),
    'cells-2-63': rows(lambda packet: packet[:1 + packet[0]] + COUNT_2_63 + b'4'),
    'cells-2-64': rows(lambda packet: packet[:1 + packet[0]] + b'\xfe' + b'\xff' * 8 + b'4'),
    'null-cells': rows(lambda packet: b'\xfb\xfb'),
    'null-values': rows(lambda packet: packet[:1 + packet[0]] + b'\xfb'),
    'cut-columns': actions.edit(lambda good: good[:1] + [packet[:9] for packet in good[1:3]] + good[3:]),
    'columns-too-long': actions.edit(lambda good: good[:1] + [b'\xfe' + b'\xff' * 8 + packet for packet in good[1:3]]
                                     + good[3:]),
    'one-column': shape([b'Value'], lambda name, value: [value]),
    'three-columns': shape([b'Variable_name', b'Value', b'Comment'], lambda name, value: [name, value, b'']),
    'columns-swapped': shape([b'Value', b'Variable_name'], lambda name, value: [value, name]),
    'columns-unknown': shape([b'a', b'b'], lambda name, value: [name, value]),
    'columns-shouted': shape([b'VARIABLE_NAME', b'VALUE'], lambda name, value: [name, value]),
    'columns-terrible': shape([values.TERRIBLE, values.TERRIBLE], lambda name, value: [name, value]),
    'columns-both-names': shape([b'Variable_name', b'Variable_name'], lambda name, value: [name, value]),
    'more-results': more_results,
    'lying-session-state': lying_session_state,
    'error-in-rows': actions.edit(lambda good: good[:6] + [wire.error(1317, '70100', b'Query execution interrupted')]),
    'close-in-rows': actions.edit(lambda good: good[:6], then=actions.close),
    'reset-in-rows': actions.edit(lambda good: good[:6], then=actions.reset),
    'two-answers': actions.edit(lambda good: good + good),
    'file': actions.ask_for_file,
    'file-without-name': actions.packets(b'\xfb', then=actions.silence),
    'switch': actions.packets(b'\xfemysql_clear_password\0', then=actions.silence),
}


def behaviours():
    for name, act in SHAPES.items():
        yield Behaviour(f'{name}-at-status', status=act)
    for name in ('endless-rows', 'endless-columns', 'empty', 'ok', 'eof', 'null-values', 'file', 'close-in-rows'):
        yield Behaviour(f'{name}-at-variables', variables=SHAPES[name])
    for name in ('endless-columns', 'empty', 'ok', 'file', 'drip-rows'):
        yield Behaviour(f'{name}-at-processlist', processlist=SHAPES[name])
    yield Behaviour('endless-rows-at-processlist', processlist=actions.endless(SESSION_ROW, head=actions.to_rows))
    yield Behaviour('null-cells-at-processlist', processlist=rows(lambda packet: b'\xfb' * 9))
    for name in ('endless-columns', 'empty', 'ok', 'eof', 'file', 'columns-2-32-and-2', 'more-cells'):
        yield Behaviour(f'{name}-at-replica', kind='pair', replica=SHAPES[name])
    yield Behaviour('endless-rows-at-replica', kind='pair', replica=actions.edit(
        lambda good: good[:-1], then=lambda session: actions.endless(session.packets[-2])(session)))
    yield Behaviour('null-cells-at-replica', kind='pair', replica=rows(lambda packet: b'\xfb' * 62))
    yield Behaviour('file-at-set', set=actions.ask_for_file)
    yield Behaviour('lying-session-state-at-set', set=lying_session_state)
    yield Behaviour('result-at-set', set=actions.packets(*wire.result([b'a'], [[b'1']])))
    for name, act in {'silence': actions.silence, 'drip': actions.drip, 'close': actions.close, 'reset': actions.reset,
                      'garbage': actions.raw(actions.GARBAGE), 'file': actions.ask_for_file,
                      'half-then-silence': actions.half(actions.silence),
                      'result': actions.packets(*wire.result([b'a'], [[b'1']]))}.items():
        yield Behaviour(f'{name}-at-canary', canary=act)
    yield Behaviour('empty-at-clock', clock=actions.edit(lambda good: good[:-2] + good[-1:]))
    for stage in ('set', 'status', 'processlist', 'replica'):
        for code, (state, text) in ERRORS.items():
            kind = 'pair' if stage == 'replica' else 'galera'
            yield Behaviour(f'error-{code}-at-{stage}', kind=kind, **{stage: actions.error(int(code), text, state)})
    yield Behaviour('slow', **dict.fromkeys(('greeting', 'login', 'set', 'variables', 'status', 'processlist'),
                                            actions.late(0.3)))
    yield Behaviour('slow-enough', **dict.fromkeys(('greeting', 'login', 'set', 'variables', 'status', 'processlist'),
                                                   actions.late(0.05)))
