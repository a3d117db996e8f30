# SPDX-License-Identifier: MIT
"""The MySQL wire format, as far as a server needs it: packets, greetings, results. Knows no behaviour."""

import socket
import struct
import time

PROTOCOL_41 = 0x0200
SSL = 0x0800
SESSION_TRACK = 1 << 23
# long flags, connect with db, protocol 41, transactions, secure connection, multi results, plugin auth,
# length-encoded auth data. Bit 0 (CLIENT_MYSQL) is added for a server that is not MariaDB.
CAPABILITIES = 0x0004 | 0x0008 | PROTOCOL_41 | 0x2000 | 0x8000 | 1 << 17 | 1 << 19 | 1 << 21 | SESSION_TRACK
AUTOCOMMIT = 0x0002
MORE_RESULTS = 0x0008
SESSION_STATE_CHANGED = 0x4000
SCRAMBLE = b'abcdefghijklmnopqrst'
LIFETIME = 20


class Gone(Exception):
    """The session is over: the peer left, the time is up, or the behaviour has nothing more to say."""


def lenenc(number):
    if number < 251:
        return bytes([number])
    if number < 1 << 16:
        return b'\xfc' + struct.pack('<H', number)
    if number < 1 << 24:
        return b'\xfd' + struct.pack('<I', number)[:3]
    return b'\xfe' + struct.pack('<Q', number)


def text(value):
    return b'\xfb' if value is None else lenenc(len(value)) + value


def header(length, sequence):
    return struct.pack('<I', length)[:3] + bytes([sequence & 255])


def greeting(version, plugin, mariadb=True, tls=False, protocol=10, capabilities=CAPABILITIES):
    capabilities |= (SSL if tls else 0) | (0 if mariadb else 1)
    return (bytes([protocol]) + version + b'\0' + struct.pack('<I', 4711) + SCRAMBLE[:8] + b'\0'
            + struct.pack('<HBHHB', capabilities & 0xffff, 45, AUTOCOMMIT, capabilities >> 16, 21)
            + bytes(10) + SCRAMBLE[8:] + b'\0' + plugin + b'\0')


def ok(status=AUTOCOMMIT, info=b''):
    return b'\0\0\0' + struct.pack('<HH', status, 0) + info


def eof(status=AUTOCOMMIT):
    return b'\xfe' + struct.pack('<HH', 0, status)


def error(code, state, message):
    return b'\xff' + struct.pack('<H', code) + b'#' + state.encode() + message


def column(name):
    return (text(b'def') + text(b'') + text(b'') + text(b'') + text(name) + text(name)
            + b'\x0c' + struct.pack('<HIBHB', 33, 1 << 20, 253, 0, 0) + bytes(2))


def row(values):
    return b''.join(text(value) for value in values)


def result(columns, rows, status=AUTOCOMMIT):
    """The packets of a text result set: a count, the columns, an end, the rows, an end."""
    return ([lenenc(len(columns))] + [column(name) for name in columns] + [eof(status)]
            + [row(values) for values in rows] + [eof(status)])


class Wire:
    """One connection: whole packets in, packets or raw bytes out, everything received kept by `record`."""

    def __init__(self, sock, record):
        self.sock = sock
        self.record = record
        self.sequence = 0
        self.end = time.monotonic() + LIFETIME

    def _receive(self, size):
        self.sock.settimeout(max(0.01, self.end - time.monotonic()))
        try:
            data = self.sock.recv(size)
        except OSError:
            raise Gone from None
        if not data:
            raise Gone
        self.record(data)
        return data

    def _exactly(self, size):
        data = b''
        while len(data) < size:
            data += self._receive(size - len(data))
        return data

    def receive(self):
        head = self._exactly(4)
        self.sequence = head[3] + 1
        return self._exactly(int.from_bytes(head[:3], 'little'))

    def raw(self, data):
        if time.monotonic() > self.end:
            raise Gone
        self.sock.settimeout(max(0.01, self.end - time.monotonic()))
        try:
            self.sock.sendall(data)
        except OSError:
            raise Gone from None

    def encode(self, packets):
        """The bytes of these packets (none above 16 MiB), which take the next sequence numbers."""
        data = []
        for packet in packets:
            data.append(header(len(packet), self.sequence) + packet)
            self.sequence += 1
        return b''.join(data)

    def send(self, *packets):
        self.raw(self.encode(packets))

    def drip(self, data, pause):
        for byte in data:
            self.raw(bytes([byte]))
            self.wait(pause)

    def wait(self, seconds):
        if time.monotonic() + seconds > self.end:
            raise Gone
        time.sleep(seconds)

    def flood(self, data):
        while True:
            self.raw(data)

    def hold(self):
        """Say nothing, but notice what is said and when the peer leaves."""
        while True:
            self._receive(65536)

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        raise Gone
