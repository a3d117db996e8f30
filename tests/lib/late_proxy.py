# SPDX-License-Identifier: MIT
"""Relay TCP connections on loopback: late_proxy.py PORT TARGET SECONDS TEXT. What a client sends with TEXT in it arrives
so much later, also when the client has gone: a server that was frozen finds it so in its socket."""
import asyncio
import sys

port, target, seconds, text = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4].encode()


async def pump(reader, writer, delay):
    try:
        while data := await reader.read(65536):
            if delay and text in data:
                await asyncio.sleep(seconds)
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()


async def relay(reader, writer):
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
    await asyncio.gather(pump(reader, far_writer, True), pump(far_reader, writer, False))


async def main():
    server = await asyncio.start_server(relay, "127.0.0.1", port)
    await server.serve_forever()

asyncio.run(main())
