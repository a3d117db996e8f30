# SPDX-License-Identifier: MIT
"""What the good servers of tests/hostile say in one look, as scripts (script.h)."""

import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / 'hostile'))

import node  # noqa: E402

ROW = re.compile(r'VARIABLE\(\w+, (\w+), "([^"]*)", (?:NULL|"([^"]*)")')


def names(source):
    """Of the variables that SOURCE answers, with their other names."""
    table = (TESTS.parent / 'lib/core/variables.def').read_text()
    return {name for row in ROW.findall(table) if row[0] == source for name in row[1:] if name}


WANTED = {'variables': names('GLOBAL_VARIABLES'), 'status': names('GLOBAL_STATUS')}


def escape(cell):
    if cell is None:
        return b'\\N'
    for meant, written in ((b'\\', b'\\\\'), (b'\n', b'\\n'), (b'\t', b'\\t'), (b'\0', b'\\0')):
        cell = cell.replace(meant, written)
    return cell


def answer(what, *rest):
    """The script of one answer of the good server (see script_server.h)."""
    if what == 'ok':
        return b'K\n'
    if what == 'error':
        return b'E%d %s\n' % (rest[0], rest[2])
    columns, rows = rest
    lines = [b'C' + b'\t'.join(columns)] + [b'R' + b'\t'.join(map(escape, row)) for row in rows] + [b'Z']
    return b'\n'.join(lines) + b'\n'


STAGES = (
    ('set', b'SET SESSION wsrep_sync_wait=0'),
    ('variables', b'SHOW GLOBAL VARIABLES WHERE Variable_name IN (%s)'),
    ('status', b'SHOW GLOBAL STATUS WHERE Variable_name IN (%s)'),
    ('clock', b'SELECT UNIX_TIMESTAMP(), USER(), CURRENT_USER()'),
    ('processlist', b'SHOW PROCESSLIST'),
)
HEARTBEATS = b'SELECT CHANNEL_NAME, COUNT_RECEIVED_HEARTBEATS, HEARTBEAT_INTERVAL'
REPLICA = (b'SHOW ALL SLAVES STATUS', b'SHOW REPLICA STATUS', b'SHOW SLAVE STATUS')


def session(good, letters, greeting=None):
    """What a good server says in one look, each answer behind a turn."""
    plugin = b'g' if good.plugin == b'caching_sha2_password' else b'G'
    parts = [letters + b'\n' + (greeting or plugin + good.version + b'\n')]
    parts.append((b'P\x01\x03\n' if plugin == b'g' else b'') + b'K\n')
    for stage, sql in STAGES:
        wanted = b','.join(b"'%s'" % name.encode() for name in sorted(WANTED.get(stage, ())))
        parts.append(answer(*good.answer(stage, sql % wanted if wanted else sql)))
    if b'g' not in letters:
        for sql in REPLICA:
            said = good.answer('replica', sql)
            parts.append(answer(*said))
            if said[0] != 'error':
                break
        if not good.mariadb and said[-1]:
            parts.append(answer(*good.answer('clock', HEARTBEATS)))
    if b'c' in letters:
        parts += [b'K\n', b'K\n']
    return b'T\n'.join(parts) + b'T\n'
