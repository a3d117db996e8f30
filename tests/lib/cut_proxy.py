# SPDX-License-Identifier: MIT
"""Relay one TCP connection on loopback, and cut it for good: cut_proxy.py PORT TARGET BYTES. After so many bytes from the
target nobody listens any more: a source that died in the middle of what it was sending."""
import asyncio
import sys

port, target, left = map(int, sys.argv[1:])


async def pump(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def relay(reader, writer):
    global left
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
    upward = asyncio.create_task(pump(reader, far_writer))
    while left > 0 and (data := await far_reader.read(min(left, 65536))):
        left -= len(data)
        writer.write(data)
        await writer.drain()
    upward.cancel()
    writer.close()
    await writer.wait_closed()
    if left == 0:
        over.set()


async def main():
    global over
    over = asyncio.Event()
    server = await asyncio.start_server(relay, "127.0.0.1", port)
    await over.wait()
    server.close()
    await asyncio.Event().wait()

asyncio.run(main())
