#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""resolver.py: a name server on 127.0.0.1:53 of a private network. It knows these names; *.invalid does not exist.

A name that it does not know at all gets no answer, and so does every question but for an IPv4 address of a known one.
"""

import socket
import struct
import sys
import threading

sys.dont_write_bytecode = True

from parent import end_with_parent  # noqa: E402

ADDRESSES = {
    'good.test': ['127.0.0.1'],
    'late.test': ['127.0.0.1'],
    'several.test': ['127.0.0.9', '127.0.0.8', '127.0.0.1'],
    'refused.test': [f'127.0.1.{number}' for number in range(1, 21)],
    'nowhere.test': ['192.0.2.77'],
    'empty.test': [],
}
SERVER_FAILURE, NO_SUCH_NAME = 2, 3
LATE_SECONDS = 0.4


def name_and_type(question):
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1:at + 1 + question[at]].decode())
        at += 1 + question[at]
    return '.'.join(labels).lower(), struct.unpack_from('>H', question, at + 1)[0], question[12:at + 5]


def reply(question):
    name, kind, asked = name_and_type(question)
    if name == 'garbage.test':
        return question[:2] + b'\xff' * 40
    code, found = 0, []
    if name.endswith('.invalid'):
        code = NO_SUCH_NAME
    elif name == 'failing.test':
        code = SERVER_FAILURE
    elif name not in ADDRESSES:
        return None
    elif kind == 1:
        found = ADDRESSES[name]
    head = question[:2] + struct.pack('>HHHHH', 0x8180 | code, 1, len(found), 0, 0)
    return head + asked + b''.join(b'\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04' + socket.inet_aton(each) for each in found)


def main():
    end_with_parent()
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(('127.0.0.1', 53))
    while True:
        question, peer = sock.recvfrom(4096)
        answer = reply(question)
        if answer:
            late = LATE_SECONDS if b'\x04late' in question else 0
            threading.Timer(late, sock.sendto, (answer, peer)).start()


if __name__ == '__main__':
    main()
