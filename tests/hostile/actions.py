# SPDX-License-Identifier: MIT
"""What a behaviour may do at a stage in place of the good answer."""

import wire

DRIP_PAUSE = 0.15
MIB16 = 0xffffff
GARBAGE = bytes((index * 97 + 13) % 251 for index in range(4096))
HTTP = b'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nBad Request'


def to_rows(good):
    """What comes before the first row of a result: the count, the columns, their end."""
    return good[:2 + good[0][0]]


def silence(session):
    session.wire.hold()


def close(_session):
    raise wire.Gone


def reset(session):
    session.wire.reset()


def drip(session):
    """The good answer, byte by byte: every byte restarts a timer that counts per read."""
    session.wire.drip(session.wire.encode(session.packets), DRIP_PAUSE)


def drip_rows(session):
    """The good answer at once up to its first row, then a row now and then."""
    head = to_rows(session.packets)
    session.wire.send(*head)
    for packet in session.packets[len(head):]:
        session.wire.wait(4 * DRIP_PAUSE)
        session.wire.send(packet)


def half(then):
    """The first half of the good answer's bytes, then something else."""
    def act(session):
        data = session.wire.encode(session.packets)
        session.wire.raw(data[:len(data) // 2])
        then(session)
    return act


def late(seconds):
    def act(session):
        session.wire.wait(seconds)
        session.wire.send(*session.packets)
    return act


def raw(data, then=silence):
    def act(session):
        session.wire.raw(data)
        then(session)
    return act


def packets(*answer, then=None):
    """These packets in place of the good ones; the session goes on."""
    def act(session):
        session.wire.send(*answer)
        if then:
            then(session)
    return act


def edit(change, then=None):
    """The good answer's packets after `change`, a function from list to list."""
    def act(session):
        session.wire.send(*change(session.packets))
        if then:
            then(session)
    return act


def error(code, message=b'', state='HY000', then=None):
    return packets(wire.error(code, state, message), then=then)


def sequence(step):
    """The good answer with wrong sequence numbers."""
    def act(session):
        session.wire.sequence += step
        session.wire.send(*session.packets)
    return act


def announce(length, then=silence):
    """A packet header that announces `length` bytes, and a few of them."""
    def act(session):
        session.wire.raw(wire.header(length, session.wire.sequence) + b'\x02' * 64)
        then(session)
    return act


def endless(packet, head=lambda good: []):
    """After the packets that `head` makes of the good answer: this packet for ever, as fast as it is taken."""
    def act(session):
        session.wire.send(*head(session.packets))
        # Sequence numbers repeat after 256 packets, so one piece of 256 serves for ever.
        while len(packet) > 4096:
            session.wire.send(packet)
        session.wire.flood(session.wire.encode([packet] * 256))
    return act


def endless_packet(session):
    """One packet without an end: 16 MiB pieces, each of which says that another one follows."""
    piece = bytes(1 << 16)
    while True:
        session.wire.raw(wire.header(MIB16, session.wire.sequence))
        for _ in range(MIB16 // len(piece)):
            session.wire.raw(piece)
        session.wire.raw(bytes(MIB16 % len(piece)))
        session.wire.sequence += 1


def switch(plugin, data=wire.SCRAMBLE + b'\0'):
    """Ask for another authentication plugin, take what comes, and be content with it."""
    def act(session):
        session.wire.send(b'\xfe' + plugin + b'\0' + data)
        session.wire.receive()
        session.wire.send(wire.ok())
    return act


def switch_for_ever(session):
    while True:
        session.wire.send(b'\xfe' + session.node.plugin + b'\0' + wire.SCRAMBLE + b'\0')
        session.wire.receive()


def ask_for_more(question, times):
    """Plugin data in place of the end of the login: to the dialog plugin and the like, one more question."""
    def act(session):
        for _ in range(times):
            session.wire.send(question)
            session.wire.receive()
        session.wire.send(wire.ok())
    return act


def ask_for_file(session):
    """LOCAL INFILE: asks for a file of the client's host. What arrives is in the record."""
    session.wire.send(b'\xfb' + bytes(session.folder / 'bait'))
    while session.wire.receive():
        pass
    session.wire.sequence = session.wire.sequence & 255
    session.wire.send(wire.ok())
