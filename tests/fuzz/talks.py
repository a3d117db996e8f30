# SPDX-License-Identifier: MIT
"""What good servers say in the conversations that change something, or ask where a log ends, as scripts (script.h)."""

from sessions import answer, node, session

# By the process, the time and the chance of script_server.c.
TOKEN = b'dbvitals_roundtrip_1_6553f100_1111111111111111'
# The one plugin that the client library need not load.
NATIVE = b'mysql_native_password'
MARK = b'/* dbvitals read_only */ SET GLOBAL read_only = IF(1, 1, -1)'
OK = b'K\n'
FLAGS = b"SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only','super_read_only','innodb_read_only')"
REFUSED = {1064: b'You have an error in your SQL syntax', 1142: b"CREATE command denied to user 'check'", 1146: b"Table doesn't exist",
           1205: b'Lock wait timeout exceeded; try restarting transaction', 1227: b'Access denied; you need READ_ONLY ADMIN',
           1231: b"Variable 'read_only' can't be set to the value of '-1'"}


def refused(number):
    return b'E%d %s\n' % (number, REFUSED[number])


def table(columns, *rows):
    return answer('rows', columns, rows)


def value(name, cell):
    return table([name], [cell])


def flags(good, read_only):
    good.variables[b'read_only'] = read_only
    return answer(*good.answer('variables', FLAGS))


def end_of_log(capture):
    columns, *rows = node.captured(capture)
    return table(columns, *rows)


def talk(good, *said, number=b'17'):
    """One connection: greeting, login and what every conversation begins with, then what is SAID to each statement."""
    begun = session(good, b'').split(b'T\n')[:3]
    begun[0] = begun[0].removeprefix(b'\n')
    return b'T\n'.join([*begun, OK, value(b'CONNECTION_ID()', number), *said]) + b'T\n'


def look(good):
    return session(good, b'').removeprefix(b'\n')


def sessions(good, number, statement=MARK):
    listed = [*good.sessions, [number, b'agent', b'127.0.0.1:40002', None, b'Query', b'2', b'Waiting for commit lock', statement]]
    return answer('rows', [b'Id', b'User', b'Host', b'db', b'Command', b'Time', b'State', b'Info'], listed)


def read_only(good, kind):
    clock = value(b'UNIX_TIMESTAMP(SYSDATE(6))', b'1700000000.123456')
    for letters, name, wrong, right in ((b'+1', 'on', b'OFF', b'ON'), (b'-1', 'off', b'ON', b'OFF')):
        def seed(*parts, letters=letters):
            return letters + b'\n' + b'N\n'.join(parts)
        yield f'{kind}-{name}', seed(talk(good, flags(good, wrong), clock, OK, flags(good, right)))
        yield f'{kind}-{name}-already', seed(talk(good, flags(good, right)))
        yield f'{kind}-{name}-not', seed(talk(good, flags(good, wrong), clock, OK, flags(good, wrong)))
        for number in (1227, 1231):
            yield f'{kind}-{name}-{number}', seed(talk(good, flags(good, wrong), clock, refused(number), flags(good, wrong)))
        given_up = talk(good, flags(good, wrong), clock) + b'S\n'
        yield f'{kind}-{name}-late', seed(given_up, talk(good, sessions(good, b'17'), OK, flags(good, right), number=b'18'))
        yield f'{kind}-{name}-lost', seed(given_up, talk(good, sessions(good, b'99'), flags(good, wrong), number=b'18'))
        yield f'{kind}-{name}-stranger', seed(given_up, talk(good, sessions(good, b'17', b'SELECT 1'), flags(good, wrong), number=b'18'))
        yield f'{kind}-{name}-restarted', seed(given_up, talk(good, flags(good, right), number=b'3'))
    yield f'{kind}-no-lock', b'+1\n' + talk(good, flags(good, b'NO_LOCK'))
    # Nobody knows which one holds.
    both = table([b'Variable_name', b'Value'], [b'read_only', b'ON'], [b'read_only', b'OFF'])
    more = table([b'Variable_name', b'Value'], [b'port', b'3306'], [b'read_only', b'ON'], [b'super_read_only', b'OFF'])
    yield f'{kind}-more', b'+1\n' + talk(good, more)
    yield f'{kind}-both', b'-1\n' + talk(good, both, clock, OK, both)
    yield f'{kind}-clock-too-long', b'+1\n' + talk(good, flags(good, b'OFF'), value(b'UNIX_TIMESTAMP(SYSDATE(6))', b'9' * 200), OK)


def positions(good, kind):
    server_id = value(b'@@GLOBAL.server_id', b'2')
    end = end_of_log('pair-healthy-m2.master-status.tsv')
    for name, said in (('', [end]), ('-newer', [refused(1064), end]), ('-newest', [refused(1064), refused(1064), end]),
                       ('-none', [end.split(b'\nR')[0] + b'\nZ\n']), ('-denied', [refused(1227)]),
                       ('-too-long', [table([b'File', b'Position'], [b'binlog.000001', b'1' * 30])])):
        yield f'{kind}-position{name}', b'p1\n' + talk(good, server_id, *said) + b'N\n' + look(good)
    # Beyond what the second one has applied of it, in this log and in a later one.
    for name, file, at in (('far', b'%s', b'999999999'), ('later', b'binlog.000099', b'4')):
        columns, row = node.captured('pair-healthy-m2.master-status.tsv')
        row = [file.replace(b'%s', row[0]), at, *row[2:]]
        yield f'{kind}-position-{name}', b'p1\n' + talk(good, server_id, table(columns, row)) + b'N\n' + look(good)
    yield f'{kind}-position-of-nobody', b'p1\n' + talk(good, OK, end)


def trip(good, other, a=None, b=None, again=()):
    row = table([b'token'], [TOKEN])
    gone = refused(1146)
    a = talk(good, OK, OK, OK, row, gone) if a is None else a
    b = talk(other, OK, gone, row, OK) if b is None else b
    return b'r1\n' + b'N\n'.join([look(good), look(other), a, b, *again])


def round_trips(good, other, kind):
    row = table([b'token'], [TOKEN])
    gone = refused(1146)
    clean = talk(good, OK, OK)
    yield f'{kind}-trip', trip(good, other)
    yield f'{kind}-trip-denied', trip(good, other, a=talk(good, OK, refused(1142)))
    yield f'{kind}-trip-late', trip(good, other, b=talk(other, OK, *[gone] * 90), again=[clean])
    yield f'{kind}-trip-left', trip(good, other, a=talk(good, OK, OK) + b'H\n')
    yield f'{kind}-trip-silent', trip(good, other, b=talk(other, OK, *[gone] * 4) + b'S\n', again=[clean])
    yield f'{kind}-trip-other', trip(good, other, b=talk(other, OK, *[table([b'token'], [b'x'])] * 3), again=[clean, clean])
    vanished = talk(other, OK, table([b'token'], [b'x']), gone)
    yield f'{kind}-trip-vanished', trip(good, other, b=vanished + b'H\n', again=[clean, clean])
    yield f'{kind}-trip-kept', trip(good, other, a=talk(good, OK, OK, OK, *[row] * 6) + b'S\n', again=[clean])
    yield f'{kind}-trip-locked', trip(good, other, b=talk(other, OK, row, refused(1205), refused(1205), OK), again=[clean])
    yield f'{kind}-trip-cut', trip(good, other, a=talk(good, OK, OK) + b'H\n', again=[clean])
    yield f'{kind}-trip-refused', b'r1\n' + b'N\n'.join([look(good), look(good)])


def talks():
    for kind in ('galera', 'pair', 'mysql', 'pxc'):
        good, other = node.Node(kind), node.Node(kind)
        for one in (good, other):
            one.clock = lambda: b'1700000000'
            one.plugin = NATIVE
        other.variables.update({b'server_id': b'77', b'hostname': b'other', b'server_uuid': b'other', b'gtid_domain_id': b'7'})
        yield from round_trips(good, other, kind)
        yield from positions(good, kind)
        yield from read_only(good, kind)
