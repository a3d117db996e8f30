# SPDX-License-Identifier: MIT
"""The good servers: what a healthy node says to each statement, from captures of real ones."""

import pathlib
import re
import time

CAPTURES = pathlib.Path(__file__).resolve().parent.parent / 'data' / 'captures'
# Kinds that nobody recorded, written by hand: the server, its replica status, how many channels of
# that.
DOCUMENTED = {
    'pxc': ('../documented/pxc-8.4', '../documented/mysql-8.4.replica-status.tsv', 0),
    'old-mysql': ('../documented/mysql-5.7', '../documented/mysql-5.7.slave-status.tsv', 1),
}

# Statements are recognised loosely; the first column is the stage that a behaviour may change.
STATEMENTS = [(stage, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for stage, pattern in (
    ('set', rb'^SET\b'),
    ('canary', rb'^/\* dbvitals canary \*/ INSERT\b'),
    ('variables', rb'^SHOW\s+(GLOBAL\s+|SESSION\s+)?VARIABLES\b'),
    ('status', rb'^SHOW\s+(GLOBAL\s+|SESSION\s+)?STATUS\b'),
    ('processlist', rb'^(SHOW|SELECT)\b.*\bPROCESSLIST\b'),
    ('replica', rb'^SHOW\s+(ALL\s+)?(REPLICAS?|SLAVES?)\b.*\bSTATUS\b'),
    ('grants', rb'^SHOW\s+GRANTS\b'),
    ('clock', rb'^SELECT\b'),
)]
# What the captures do not hold and a checker may ask for.
VARIABLES = {
    'bind_address': '*', 'innodb_read_only': 'OFF', 'log_bin': 'ON', 'log_slave_updates': 'ON',
    'port': '3306', 'read_only': 'OFF', 'skip_networking': 'OFF', 'socket': '/run/mysqld/mysqld.sock',
}
MARIADB = {'extra_port': '0'}
GALERA = {
    'wsrep_provider': '/usr/lib/galera/libgalera_smm.so', 'wsrep_causal_reads': 'OFF', 'wsrep_OSU_method': 'TOI',
    'wsrep_node_incoming_address': 'AUTO', 'wsrep_sync_wait': '7',
}
SESSIONS = (
    (b'1', b'system user', b'', None, b'Sleep', b'118', b'wsrep aborter idle', None),
    (b'2', b'system user', b'', None, b'Sleep', b'118', b'wsrep applier idle', None),
    (b'5', b'app', b'10.77.0.50:40000', b'shop', b'Sleep', b'3', b'', None),
    (b'9', b'monitor', b'127.0.0.1:40001', None, b'Query', b'0', b'starting', b'SHOW PROCESSLIST'),
)
MESSAGES = {1064: ('42000', b'You have an error in your SQL syntax'), 1193: ('HY000', b'Unknown system variable')}


def captured(name):
    """The rows of one recorded statement, the column names first; NULL is None."""
    escapes = {b'\\n': b'\n', b'\\t': b'\t', b'\\\\': b'\\', b'\\0': b'\0'}
    table = []
    for line in (CAPTURES / name).read_bytes().split(b'\n')[:-1]:
        cells = [re.sub(rb'\\[nt\\0]', lambda match: escapes[match[0]], cell) for cell in line.split(b'\t')]
        table.append([None if cell == b'NULL' else cell for cell in cells])
    return table


def pairs(name, *defaults):
    known = {key.encode(): value.encode() for default in defaults for key, value in default.items()}
    known.update(captured(name)[1:])
    return known


class Node:
    """One healthy server; the members are there to be changed by a behaviour."""

    def __init__(self, kind):
        self.kind = kind
        self.mariadb = kind in ('galera', 'pair')
        self.plugin = b'mysql_native_password' if self.mariadb else b'caching_sha2_password'
        self.columns = [b'Variable_name', b'Value']
        self.sessions = [list(session) for session in SESSIONS]
        self.twice = False
        self.clock = lambda: str(int(time.time())).encode()
        if kind == 'galera':
            self.variables = pairs('healthy-db1.variables.tsv', VARIABLES, MARIADB)
            self.variables.update({key.encode(): value.encode() for key, value in GALERA.items()})
            self.status = pairs('healthy-db1.status.tsv')
            self.replica = captured('pair-healthy-m1.all-slaves-status.tsv')[:1]
        elif kind == 'pair':
            self.variables = pairs('pair-healthy-m1.variables.tsv', VARIABLES, MARIADB)
            self.status = pairs('pair-healthy-m1.status.tsv')
            self.replica = captured('pair-healthy-m1.all-slaves-status.tsv')
        elif kind in DOCUMENTED:
            server, replica, channels = DOCUMENTED[kind]
            self.variables = pairs(server + '.variables.tsv')
            self.status = pairs(server + '.status.tsv')
            self.replica = captured(replica)[:1 + channels]
        else:
            self.variables = pairs('mysql8/global_variables.replica.tsv', VARIABLES)
            self.status = pairs('mysql8/global_status.all.tsv')
            self.replica = captured('mysql8/replica_status.running_caught_up.tsv')
        self.version = self.variables[b'version']
        if self.mariadb:
            self.version = b'5.5.5-' + self.version

    def set_replica(self, name, value, channel=0):
        """Change a column of the replica status; `name` is MariaDB's, the newer words are found by it."""
        newer = name.replace(b'Slave', b'Replica').replace(b'Master', b'Source')
        names = self.replica[0]
        self.replica[1 + channel][names.index(name if name in names else newer)] = value

    def answer(self, stage, sql):
        """('ok',), ('error', code, state, message) or ('rows', columns, rows)."""
        if stage == 'canary':
            return ('ok',)
        if stage == 'set':
            if self.kind.endswith('mysql') and b'wsrep' in sql.lower():
                return self.refusal(1193)
            return ('ok',)
        if stage in ('variables', 'status'):
            return self.named(self.variables if stage == 'variables' else self.status, sql)
        if stage == 'processlist':
            return self.processlist(sql)
        if stage == 'replica':
            return self.replica_status(sql)
        if stage == 'grants':
            return ('rows', [b'Grants for monitor@%'], [[b'GRANT ALL PRIVILEGES ON *.* TO `monitor`@`%`']])
        if stage == 'clock':
            items = re.sub(rb'(?is)^SELECT\s+|\s+FROM\b.*', b'', sql).split(b',')
            return ('rows', [item.strip() for item in items], [[self.select(item.strip()) for item in items]])
        return self.refusal(1064)

    @staticmethod
    def refusal(code):
        return ('error', code, *MESSAGES[code])

    def named(self, table, sql):
        wanted = {name.lower() for name in re.findall(rb"'([^']*)'", sql)}
        rows = [[name, value() if callable(value) else value] for name, value in table.items()
                if not wanted or name.lower() in wanted]
        return ('rows', self.columns, rows * (2 if self.twice else 1))

    def select(self, item):
        if b'TIME' in item.upper() or b'NOW' in item.upper():
            return self.clock()
        if b'USER' in item.upper():
            return b'monitor@%' if b'CURRENT' in item.upper() else b'monitor@127.0.0.1'
        name = re.sub(rb'(?i)^@@((global|session)\.)?', b'', item)
        return self.variables.get(name, b'1')

    def processlist(self, sql):
        names = [b'Id', b'User', b'Host', b'db', b'Command', b'Time', b'State', b'Info']
        rows = self.sessions
        if self.mariadb and b'SELECT' not in sql.upper():
            names, rows = names + [b'Progress'], [session + [b'0.000'] for session in rows]
        return ('rows', names, rows)

    def replica_status(self, sql):
        every = re.search(rb'(?i)\bALL\b', sql)
        newer = not re.search(rb'(?i)\bSLAVE', sql)
        if not self.mariadb and (every or newer == (self.kind == 'old-mysql')):
            return self.refusal(1064)
        names, *rows = self.replica
        if self.mariadb and not every:
            names, rows = names[2:], [values[2:] for values in rows]
        return ('rows', names, rows)
