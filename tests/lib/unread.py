#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# unread.py stderr|log COMMAND...: COMMAND meets a pipe, or in a mount namespace of its own a /dev/log, that is full and that
# nobody reads.
import os, socket, subprocess, sys, tempfile


def fill(write):
    for size in (4096, 1):
        try:
            while True:
                write(b"x" * size)
        except BlockingIOError:
            pass


def stderr():
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    fill(lambda data: os.write(write_end, data))
    os.set_blocking(write_end, True)
    os.set_inheritable(read_end, True)
    os.dup2(write_end, 2)


def mount(*arguments):
    subprocess.run(("mount",) + arguments, check=True)


def log():
    dev = tempfile.mkdtemp()
    mount("-t", "tmpfs", "dev", dev)
    for name in ("null", "urandom"):
        open(dev + "/" + name, "w").close()
        mount("--bind", "/dev/" + name, dev + "/" + name)
    os.mkdir(dev + "/shm")
    mount("--bind", "/dev/shm", dev + "/shm")
    mount("--rbind", dev, "/dev")
    reader = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    reader.bind("/dev/log")
    writer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    writer.setblocking(False)
    writer.connect("/dev/log")
    fill(writer.send)
    os.set_inheritable(reader.detach(), True)


{"stderr": stderr, "log": log}[sys.argv[1]]()
os.execvp(sys.argv[2], sys.argv[2:])
