#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sessions.py PORT COUNT USER: so many idle sessions of an account without a password, until standard input ends."""
import resource
import socket
import struct
import sys

PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH = 0x200, 0x8000, 0x80000


def packet(conversation):
    head = conversation.recv(4, socket.MSG_WAITALL)
    length, number = int.from_bytes(head[:3], "little"), head[3]
    return number, conversation.recv(length, socket.MSG_WAITALL)


def session(port, user):
    conversation = socket.create_connection(("127.0.0.1", port))
    packet(conversation)
    answer = struct.pack("<IIB23x", PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH, 1 << 24, 33)
    answer += user.encode() + b"\0\0mysql_native_password\0"
    conversation.sendall(len(answer).to_bytes(3, "little") + b"\1" + answer)
    _, word = packet(conversation)
    if word[:1] != b"\0":
        sys.exit(f"refused: {word!r}")
    return conversation


port, count, user = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
sessions = [session(port, user) for _ in range(count)]
print("ready", flush=True)
sys.stdin.read()
