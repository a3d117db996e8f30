# SPDX-License-Identifier: MIT
"""One conversation with a client: the good one, with the behaviour's changes at the stages that it names."""

import ssl

import node
import wire

COM_QUIT, COM_INIT_DB, COM_QUERY, COM_PING = 1, 2, 3, 14
FAST_AUTH_SUCCESS = b'\x01\x03'


class Behaviour:
    """A good node of `kind` with one change: `change` alters its data, `hooks` what is done at a stage.

    Stages: accept, greeting, login, the stages of node.STATEMENTS, quit. A hook that returns has answered in the
    stage's place; statement hooks find the good answer's packets in session.packets.
    """

    def __init__(self, name, kind='galera', change=None, offers_tls=False, **hooks):
        self.name = name
        self.kind = kind
        self.hooks = hooks
        self.offers_tls = offers_tls
        self.node = node.Node(kind)
        if change:
            change(self.node)


class Session:
    def __init__(self, sock, behaviour, folder, record, complain):
        self.wire = wire.Wire(sock, record)
        self.behaviour = behaviour
        self.folder = folder
        self.complain = complain
        self.node = behaviour.node
        self.packets = []
        self.sql = b''

    def at(self, stage):
        """Let the behaviour act; False when the good thing is still to be done."""
        hook = self.behaviour.hooks.get(stage)
        if hook:
            hook(self)
        return bool(hook)

    def run(self):
        try:
            self.at('accept')
            good = self.node
            self.packets = [wire.greeting(good.version, good.plugin, good.mariadb, self.behaviour.offers_tls)]
            if not self.at('greeting'):
                self.wire.send(*self.packets)
            response = self.wire.receive()
            if self.behaviour.offers_tls and len(response) == 32:
                if not self.at('tls'):
                    self.encrypt()
                self.wire.receive()
            self.packets = [wire.ok()]
            if self.node.plugin == b'caching_sha2_password':
                self.packets.insert(0, FAST_AUTH_SUCCESS)
            if not self.at('login'):
                self.wire.send(*self.packets)
            while True:
                self.command(self.wire.receive())
        except wire.Gone:
            self.wire.sock.close()

    def encrypt(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / 'server.pem')
        try:
            self.wire.sock = context.wrap_socket(self.wire.sock, server_side=True)
        except OSError:
            raise wire.Gone from None

    def command(self, packet):
        if packet[:1] == bytes([COM_QUIT]):
            self.at('quit')
            raise wire.Gone
        if not packet:
            raise wire.Gone
        if packet[:1] != bytes([COM_QUERY]):
            if packet[:1] not in (bytes([COM_PING]), bytes([COM_INIT_DB])):
                self.complain(packet)
            self.wire.send(wire.ok())
            return
        self.sql = packet[1:].strip()
        stage = next((stage for stage, pattern in node.STATEMENTS if pattern.search(self.sql)), None)
        if stage is None:
            self.complain(self.sql)
        self.packets = self.good(stage)
        if not self.at(stage):
            self.wire.send(*self.packets)

    def good(self, stage):
        what, *rest = self.node.answer(stage, self.sql)
        if what == 'ok':
            return [wire.ok()]
        if what == 'error':
            return [wire.error(*rest)]
        return wire.result(*rest)
