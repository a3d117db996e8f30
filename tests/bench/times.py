# SPDX-License-Identifier: MIT
"""CPU and wall time of programs, run in turn: times.py ROUNDS [STATUS...] <COMMANDS, a line each: NAME and arguments, tabs
between. Each must exit with one of the statuses, or with 0. Prints NAME, CPU and wall milliseconds: the medians."""
import os
import statistics
import sys
import time


def run(arguments):
    silent = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1, 2)]
    began = time.monotonic()
    pid = os.posix_spawnp(arguments[0], arguments, os.environ, file_actions=silent)
    _, status, used = os.wait4(pid, 0)
    wall = time.monotonic() - began
    if os.waitstatus_to_exitcode(status) not in accepted:
        sys.exit(f"{arguments[0]} failed")
    return (used.ru_utime + used.ru_stime) * 1000, wall * 1000


accepted = [int(word) for word in sys.argv[2:] or ["0"]]
commands = [line.rstrip("\n").split("\t") for line in sys.stdin]
taken = [[] for _ in commands]
for _ in range(int(sys.argv[1])):
    for samples, (_, *arguments) in zip(taken, commands):
        samples.append(run(arguments))
for (name, *_), samples in zip(commands, taken):
    print(name, *(f"{statistics.median(column):.3f}" for column in zip(*samples)))
