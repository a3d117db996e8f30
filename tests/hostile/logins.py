# SPDX-License-Identifier: MIT
"""Behaviours before the first statement: accepting, greeting, TLS, login."""

import actions
import values
import wire
from session import Behaviour

SILENT_SECONDS = 1
# The stages at which faults of the conversation are tried, and those for broken or unexpected
# refusals.
STAGES = ('greeting', 'login', 'set', 'clock', 'variables', 'status', 'processlist')
REFUSAL_STAGES = ('greeting', 'login', 'set', 'status')
PROGRESS = b'\xff\xff\xff\x01\x01\x02\x10\0\0\x04work'
FAULTS = {
    'silence': actions.silence,
    'drip': actions.drip,
    'half-then-silence': actions.half(actions.silence),
    'half-then-close': actions.half(actions.close),
    'half-then-reset': actions.half(actions.reset),
    'close': actions.close,
    'reset': actions.reset,
    'garbage': actions.raw(actions.GARBAGE),
    'huge-header': actions.announce(actions.MIB16),
    'endless-packet': actions.endless_packet,
    'wrong-sequence': actions.sequence(7),
    'empty-packet': actions.packets(b'', then=actions.silence),
    'endless-progress': actions.endless(PROGRESS),
    'one-progress': actions.edit(lambda good: [PROGRESS, *good]),
}
REFUSALS = {
    'bare-error': actions.packets(b'\xff'),
    'cut-error': actions.packets(b'\xff\x10'),
    'error-without-text': actions.packets(b'\xff\x50\x04'),
    'error-zero': actions.packets(b'\xff\0\0'),
    'error-zero-text': actions.packets(wire.error(0, '00000', b'nothing is wrong')),
    'error-unlisted': actions.error(9999, b'something else'),
    'error-terrible': actions.error(9999, values.TERRIBLE),
    'error-long': actions.error(9999, b'x' * 60000),
    'error-1040': actions.error(1040, b'Too many connections', '08004'),
    'error-1045': actions.error(1045, b"Access denied for user 'monitor'@'localhost' (using password: YES)", '28000'),
    'error-1053': actions.error(1053, b'Server shutdown in progress', '08S01'),
}
GREETING_ERRORS = {
    1129: b"Host '127.0.0.1' is blocked because of many connection errors; unblock with 'mariadb-admin flush-hosts'",
    1130: b"Host '127.0.0.1' is not allowed to connect to this MariaDB server",
}
LOGIN_ERRORS = {
    1049: b"Unknown database 'x'",
    1203: b"User monitor already has more than 'max_user_connections' active connections",
    1226: b"User 'monitor' has exceeded the 'max_user_connections' resource (current value: 1)",
    1698: b"Access denied for user 'monitor'@'localhost'",
    1862: b'Your password has expired. To log in you must change it using a client that supports expired passwords.',
    3032: b'The server is currently in offline mode',
    3118: b"Access denied for user 'monitor'@'localhost'. Account is locked.",
    3159: b'Connections using insecure transport are prohibited while --require_secure_transport=ON.',
    4151: b'Access denied, this account is locked',
}


def greeting(**arguments):
    """A greeting of another shape; what follows is the good node."""
    def act(session):
        given = {'version': session.node.version, 'plugin': session.node.plugin, **arguments}
        session.wire.send(wire.greeting(**given))
    return act


def cut_greeting(length):
    return actions.edit(lambda good: [good[0][:length]], then=actions.silence)


def behaviours():
    yield Behaviour('good')
    yield Behaviour('good-pair', kind='pair')
    yield Behaviour('good-mysql', kind='mysql')
    yield Behaviour('good-old-mysql', kind='old-mysql')
    yield Behaviour('good-pxc', kind='pxc')
    yield Behaviour('no-close', quit=actions.silence)
    yield Behaviour('close-at-accept', accept=actions.close)
    yield Behaviour('reset-at-accept', accept=actions.reset)
    yield Behaviour('http', accept=actions.raw(actions.HTTP, then=actions.close))
    yield Behaviour('ssh', accept=actions.raw(b'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'))
    for name, act in {**FAULTS, **REFUSALS}.items():
        for stage in STAGES if name in FAULTS else REFUSAL_STAGES:
            yield Behaviour(f'{name}-at-{stage}', **{stage: act})
        yield Behaviour(f'{name}-at-replica', kind='pair', replica=act)
    for code, text in GREETING_ERRORS.items():
        yield Behaviour(f'error-{code}-at-greeting', greeting=actions.error(code, text, then=actions.close))
    for code, text in LOGIN_ERRORS.items():
        yield Behaviour(f'error-{code}-at-login', login=actions.error(code, text, then=actions.close))
    yield Behaviour('slow-drip-at-greeting', greeting=lambda session: session.wire.drip(
        session.wire.encode(session.packets), SILENT_SECONDS))
    yield Behaviour('greeting-terrible-version', greeting=greeting(version=b'5.5.5-10.11.19-' + values.TERRIBLE))
    yield Behaviour('greeting-long-version', greeting=greeting(version=b'5.5.5-10.11.19-' + b'x' * 500000))
    yield Behaviour('greeting-empty-version', greeting=greeting(version=b''))
    yield Behaviour('greeting-protocol-9', greeting=greeting(protocol=9))
    yield Behaviour('greeting-protocol-0', greeting=greeting(protocol=0))
    yield Behaviour('greeting-unknown-plugin', greeting=greeting(plugin=b'no_such_plugin'))
    yield Behaviour('greeting-clear-password', greeting=greeting(plugin=b'mysql_clear_password'))
    yield Behaviour('greeting-old-protocol', greeting=greeting(capabilities=0x000c))
    yield Behaviour('greeting-endless-version', accept=lambda session: session.wire.raw(
        wire.header(900000, 0) + b'\x0a' + b'9' * 899999), greeting=actions.silence)
    for length in (1, 2, 30, 46, 60):
        yield Behaviour(f'greeting-cut-to-{length}', greeting=cut_greeting(length))
    yield Behaviour('switch-to-clear-password', login=actions.switch(b'mysql_clear_password', b''))
    yield Behaviour('switch-to-dialog', login=actions.switch(b'dialog', b'\x04Password: \0'))
    yield Behaviour('switch-to-unknown', login=actions.switch(b'no_such_plugin'))
    yield Behaviour('switch-to-terrible', login=actions.switch(values.TERRIBLE))
    yield Behaviour('switch-to-path', login=actions.switch(b'../../../../tmp/evil'))
    yield Behaviour('switch-to-nothing', login=actions.switch(b'', b''))
    yield Behaviour('switch-to-native-long-scramble', login=actions.switch(b'mysql_native_password', b'y' * 5000))
    yield Behaviour('switch-to-sha256', login=actions.switch(b'sha256_password'))
    yield Behaviour('switch-for-ever', login=actions.switch_for_ever)
    yield Behaviour('old-password', login=actions.packets(b'\xfe', then=lambda session: (
        session.wire.receive(), session.wire.send(wire.ok()))))
    yield Behaviour('full-authentication', kind='mysql', login=actions.packets(b'\x01\x04', then=actions.silence))
    yield Behaviour('sha2-hostile-key', kind='mysql', login=actions.ask_for_more(
        b'\x01-----BEGIN PUBLIC KEY-----\nnothing\n-----END PUBLIC KEY-----\n', 1))
    yield Behaviour('result-at-login', login=actions.packets(*wire.result([b'a'], [[b'1']]), then=actions.silence))
    yield Behaviour('file-at-login', login=actions.ask_for_file)
    yield Behaviour('without-tls')
    yield Behaviour('tls', offers_tls=True)
    yield Behaviour('tls-silence', offers_tls=True, tls=actions.silence)
    yield Behaviour('tls-close', offers_tls=True, tls=actions.close)
    yield Behaviour('tls-reset', offers_tls=True, tls=actions.reset)
    yield Behaviour('tls-garbage', offers_tls=True, tls=actions.raw(actions.GARBAGE))
    yield Behaviour('tls-alert', offers_tls=True, tls=actions.raw(b'\x15\x03\x03\0\x02\x02\x28', then=actions.close))
    # A TLS record that announces 16 KiB, then a byte now and then.
    yield Behaviour('tls-drip', offers_tls=True, tls=lambda session: session.wire.drip(
        b'\x16\x03\x03\x40\0\x02' + bytes(1000), actions.DRIP_PAUSE))
    # Records that carry nothing: a handshake which goes on for ever.
    yield Behaviour('tls-flood', offers_tls=True, tls=lambda session: session.wire.flood(
        b'\x16\x03\x03\0\x04\x02\0\xff\xff' * 64))
    yield Behaviour('tls-then-plain', offers_tls=True, tls=lambda session: session.wire.send(wire.ok()))
    yield Behaviour('tls-late-close', offers_tls=True, tls=lambda session: (
        session.wire.wait(0.2), actions.close(session)))
    yield Behaviour('tls-slow-enough', offers_tls=True, **dict.fromkeys(
        ('login', 'set', 'clock', 'variables', 'status', 'processlist'), actions.late(0.05)))
    yield Behaviour('tls-silence-at-login', offers_tls=True, login=actions.silence)
    yield Behaviour('tls-close-at-login', offers_tls=True, login=actions.close)
    yield Behaviour('tls-silence-at-set', offers_tls=True, set=actions.silence)
    yield Behaviour('tls-silence-at-status', offers_tls=True, status=actions.silence)
    yield Behaviour('tls-drip-at-status', offers_tls=True, status=actions.drip)
    for stage in STAGES[1:]:
        for name in ('endless-progress', 'one-progress'):
            yield Behaviour(f'tls-{name}-at-{stage}', offers_tls=True, **{stage: FAULTS[name]})
    yield Behaviour('tls-endless-rows', offers_tls=True, status=actions.endless(
        wire.row([b'wsrep_local_state', b'4']), head=actions.to_rows))
