"""A process on a leash ends with the one that holds the other end, also where that is killed (SIGKILL).

The leash is a pipe. Nobody writes to it: it is let go when its holder closes it or dies.

`python -m contrafact.leash MODULE ARGUMENTS` runs a module as a program, on the leash that its standard input is.
"""

from __future__ import annotations

import os
import runpy
import sys
from multiprocessing.connection import Connection, wait
from threading import Thread


def live_by(end: Connection | int) -> None:
    """Ends this process at once when the other end of the pipe (`end`: a connection, or a descriptor) is let go."""

    def watch() -> None:
        wait([end])
        os._exit(1)

    Thread(target=watch, name="leash", daemon=True).start()


def main() -> None:
    module, *_ = sys.argv[1:]
    live_by(sys.stdin.fileno())
    del sys.argv[0]  # the module sees its own arguments; run_module sets the first of them
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
