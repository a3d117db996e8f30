#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""hostile.py FOLDER: database servers that misbehave, each on a loopback port of its own.

FOLDER/ports gets a line "name port" for each, once all of them listen. FOLDER/received/NAME keeps what clients sent,
FOLDER/bait is the file that some of them ask for, FOLDER/unknown lists statements that the good servers do not know.
FOLDER/server.pem (a key and a certificate) is the tests' to make, for the behaviours with TLS. Ends with its parent.
"""

import os
import pathlib
import resource
import selectors
import signal
import socket
import sys
import threading

sys.dont_write_bytecode = True

import logins  # noqa: E402
import results  # noqa: E402
import states  # noqa: E402
import values  # noqa: E402
from parent import end_with_parent  # noqa: E402
from session import Session  # noqa: E402

KEPT = 1 << 20


def serve(sock, behaviour, folder):
    """One connection, in a thread of its own."""
    path = folder / 'received' / behaviour.name

    def record(data):
        with path.open('ab') as file:
            if file.tell() < KEPT:
                file.write(data)

    def complain(statement):
        with (folder / 'unknown').open('ab') as file:
            file.write(behaviour.name.encode() + b': ' + statement[:500] + b'\n')

    with sock:
        Session(sock, behaviour, folder, record, complain).run()


def bind():
    sock = socket.socket()
    sock.bind(('127.0.0.1', 0))
    return sock


def listen(backlog=64):
    sock = bind()
    sock.listen(backlog)
    return sock


def unaccepting():
    """Ports that nobody accepts from. The last one's queue is full, so that not even the kernel answers."""
    refused, never, full = bind(), listen(), listen(0)
    fillers = []
    for _ in range(4):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(full.getsockname())
        fillers.append(filler)
    return {'refused': refused, 'never-accepts': never, 'backlog-full': full}, fillers


def main():
    end_with_parent()
    folder = pathlib.Path(sys.argv[1]).resolve()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    (folder / 'received').mkdir()
    (folder / 'bait').write_text('the content of a local file\n')
    (folder / 'unknown').touch()
    selector = selectors.DefaultSelector()
    listeners, fillers = unaccepting()
    for behaviour in [*logins.behaviours(), *results.behaviours(), *values.behaviours(), *states.behaviours()]:
        if behaviour.name in listeners:
            sys.exit(f'two behaviours are named {behaviour.name}')
        listeners[behaviour.name] = sock = listen()
        selector.register(sock, selectors.EVENT_READ, behaviour)
    lines = [f'{name} {sock.getsockname()[1]}\n' for name, sock in listeners.items()]
    (folder / 'ports.new').write_text(''.join(lines))
    (folder / 'ports.new').rename(folder / 'ports')
    while True:
        for key, _ in selector.select():
            sock, _ = key.fileobj.accept()
            threading.Thread(target=serve, args=(sock, key.data, folder), daemon=True).start()


if __name__ == '__main__':
    main()
