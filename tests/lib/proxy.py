# SPDX-License-Identifier: MIT
"""Relay TCP connections: proxy.py [ADDRESS:]PORT|SOCKET [ADDRESS:]TARGET..., each connection to the next target. To be
frozen and killed by tests."""
import asyncio
import itertools
import sys


def endpoint(word):
    address, _, port = word.rpartition(":")
    return address or "127.0.0.1", int(port)


targets = itertools.cycle(map(endpoint, sys.argv[2:]))


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()


async def relay(reader, writer):
    try:
        far_reader, far_writer = await asyncio.open_connection(*next(targets))
    except OSError:
        writer.close()
        return
    await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))


async def main():
    if "/" in sys.argv[1]:
        server = await asyncio.start_unix_server(relay, sys.argv[1])
    else:
        server = await asyncio.start_server(relay, *endpoint(sys.argv[1]))
    await server.serve_forever()

asyncio.run(main())
