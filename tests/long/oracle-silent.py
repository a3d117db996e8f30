# SPDX-License-Identifier: MIT
"""A server on loopback that says nothing any more: at once, after the greeting, after it has asked for another
authentication plugin than it announced. Prints its port."""

import socket
import struct
import sys
import threading
import time

CAPABILITIES = 0x0008_a20d  # protocol 4.1, secure connection, plugins; no TLS
SCRAMBLE = b'12345678901234567890'


def packet(sequence, payload):
    return struct.pack('<I', len(payload))[:3] + bytes([sequence]) + payload


def greeting():
    return packet(0, b'\x0a9.9.9\0' + struct.pack('<I', 7) + SCRAMBLE[:8] + b'\0' + struct.pack(
        '<HBHHB', CAPABILITIES & 0xffff, 255, 2, CAPABILITIES >> 16, 21) + bytes(10) + SCRAMBLE[8:] +
        b'\0caching_sha2_password\0')


def serve(client, stage):
    if stage != 'accept':
        client.sendall(greeting())
        client.recv(65536)
    if stage == 'switch':
        client.sendall(packet(2, b'\xfesha256_password\0' + SCRAMBLE + b'\0'))
    time.sleep(3600)


def main():
    listener = socket.create_server(('127.0.0.1', 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0], sys.argv[1]), daemon=True).start()


main()
