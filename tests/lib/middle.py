# SPDX-License-Identifier: MIT
"""A man in the middle on loopback: middle.py HOW PORT TARGET FOLDER. What clients send him, once he can read it, is kept
in FOLDER/heard. HOW:
    strip   he relays, and takes the offer of TLS out of the greeting
    break   he ends the client's TLS with FOLDER/stranger.pem, and has a TLS connection of his own to the target
    ask     he takes the target's place after the greeting, with FOLDER/stranger.pem where the client wants TLS, and asks
            for the password as caching_sha2_password lets a server do
"""
import pathlib
import select
import socket
import ssl
import sys
import threading

SSL = 0x0800
ASK = b'\xfecaching_sha2_password\0' + b'abcdefghijklmnopqrst\0'
FULL_AUTHENTICATION = b'\x01\x04'

how, port, target, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), pathlib.Path(sys.argv[4])
heard = open(folder / 'heard', 'ab', buffering=0)


def exactly(sock, size):
    data = b''
    while len(data) < size:
        part = sock.recv(size - len(data))
        if not part:
            raise OSError('closed')
        data += part
    return data


def receive(sock):
    head = exactly(sock, 4)
    return head, exactly(sock, int.from_bytes(head[:3], 'little'))


def stripped(greeting):
    at = greeting.index(b'\0', 1) + 1 + 4 + 8 + 1
    low = int.from_bytes(greeting[at:at + 2], 'little') & ~SSL
    return greeting[:at] + low.to_bytes(2, 'little') + greeting[at + 2:]


def as_server(sock):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / 'stranger.pem', folder / 'stranger.key')
    return context.wrap_socket(sock, server_side=True)


def as_client(sock):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(sock)


def relay(client, server):
    """Never waits for one of them: a TLS record may be there that carries nothing."""
    while True:
        ready = [s for s in (client, server) if isinstance(s, ssl.SSLSocket) and s.pending()]
        for source in ready or select.select([client, server], [], [])[0]:
            source.settimeout(0)
            try:
                data = source.recv(65536)
            except (ssl.SSLWantReadError, BlockingIOError):
                continue
            if not data:
                return
            if source is client:
                heard.write(data)
            sink = server if source is client else client
            sink.settimeout(5)
            sink.sendall(data)


def ask(client):
    head, login = receive(client)
    if len(login) == 32:
        client = as_server(client)
        head, login = receive(client)
    for question in ASK, FULL_AUTHENTICATION:
        client.sendall(len(question).to_bytes(3, 'little') + bytes([head[3] + 1]) + question)
        head, answer = receive(client)
        heard.write(answer)
    client.close()


def serve(client):
    server = socket.create_connection(('127.0.0.1', target))
    head, greeting = receive(server)
    client.sendall(head + (stripped(greeting) if how == 'strip' else greeting))
    if how == 'ask':
        return ask(client)
    if how == 'break':
        head, request = receive(client)
        server.sendall(head + request)
        # Without a client's wish for TLS there is nothing to break.
        if len(request) == 32:
            client, server = as_server(client), as_client(server)
        else:
            heard.write(request)
    relay(client, server)
    server.close()


def try_to_serve(client):
    try:
        serve(client)
    except OSError:
        pass
    client.close()


listener = socket.create_server(('127.0.0.1', port))
while True:
    threading.Thread(target=try_to_serve, args=(listener.accept()[0],), daemon=True).start()
