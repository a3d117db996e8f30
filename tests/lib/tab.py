#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tab.py COMPLETION LINE...: types each LINE into an interactive bash, and prints what it has become at its end."""
import os
import pty
import select
import sys
import time

LIMIT = 10


def read_until(terminal, mark):
    seen, until = b"", time.monotonic() + LIMIT
    while mark not in seen:
        if not select.select([terminal], [], [], max(0, until - time.monotonic()))[0]:
            sys.exit("no %r in %r" % (mark, seen))
        seen += os.read(terminal, 4096)
    return seen


def main():
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="dumb", INPUTRC="/dev/null", HISTFILE="")
        os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
    # Halves, so that the echo of a command is not taken for its output.
    os.write(terminal, b"bind 'set enable-bracketed-paste off'; source %s; PS1=; echo rea''dy\n" % os.fsencode(sys.argv[1]))
    read_until(terminal, b"ready")
    for line in sys.argv[2:]:
        # To the front of the line, where it becomes an argument.
        os.write(terminal, line.encode() + b"\x01echo 'be'gin \x05 'e'nd\n")
        said = read_until(terminal, b" end\r\n")
        print(said[said.rindex(b"begin ") + 6:said.rindex(b" end")].decode())
    os.write(terminal, b"exit\n")
    os.waitpid(pid, 0)


main()
