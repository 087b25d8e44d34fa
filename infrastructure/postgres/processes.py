"""What the processes of a server do, as the system tells it: whether one is dead, and whether a recovery gets on."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

STILL_FOR = 10.0
"""Seconds in which nobody of a server that recovers did anything at all."""
LOOKS_AGAIN = 0.5
RECOVERS = ("starting up", "in recovery", "not yet accepting")
AT_WORK = {"R", "D"}
"""On a processor or waiting for one; waiting for a disk."""
RECOVERING = ("postgres: startup", "postgres: checkpointer", "postgres: io worker")
"""Others wake up by themselves, or are asked by us whether it is up."""


class RecoveryWatch:
    """Sees whether a recovery gets on: by the time on a processor, the pages and the titles (which name the segment) of
    whoever takes part in it. The server alone tells nothing: where its startup process dies at the end of a recovery
    after a crash, because the disk is full, PostgreSQL 18 may miss it, and says for ever that it recovers."""

    def __init__(self) -> None:
        self._seen: object = None
        self._since = self._looked = time.monotonic()

    def stands_still(self, pid: int | None) -> bool:
        """Where the system does not tell what its processes do, it is believed to get on."""
        if pid is None or not sys.platform.startswith("linux"):
            return False
        now = time.monotonic()
        if now - self._looked > LOOKS_AGAIN:
            self._look(pid, now)
        return now - self._since > STILL_FOR

    def _look(self, pid: int, now: float) -> None:
        told = [one for one in _family(pid) if one.recovers_for(pid)]
        seen = tuple((one.pid, one.title, one.done) for one in told)
        slept = now - self._looked > STILL_FOR  # the machine did, or nobody asked
        if slept or seen != self._seen or any(one.state in AT_WORK for one in told):
            self._seen, self._since = seen, now
        self._looked = now


class _Process:
    """As it is told in /proc. Raises OSError where it is gone."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.title = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        self.state, self.parent = fields[0], int(fields[1])
        self.done = (*fields[7:11:2], *fields[11:13])
        """Faults of pages, minor and major; time on a processor, its own and the system's."""

    def recovers_for(self, server: int) -> bool:
        """Also a program that fetches a segment for it."""
        return self.state != "Z" and (self.title.startswith(RECOVERING) or self.parent != server)


def _family(server: int) -> list[_Process]:
    """Whoever descends from it: also the programs that fetch segments for a recovery."""
    every = list(_all_processes())
    family = {server}
    while more := {one.pid for one in every if one.parent in family} - family:
        family |= more
    return [one for one in every if one.pid in family - {server}]


def _all_processes() -> Iterator[_Process]:
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with suppress(OSError):
                yield _Process(int(name))


def end_at_once(pid: int, within: float) -> None:
    """Without a checkpoint. It kills those that do not hear it; if it does not hear itself, it is killed with them."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGQUIT)
        until = time.monotonic() + within
        while not is_dead(pid) and time.monotonic() < until:
            time.sleep(0.05)
            os.kill(pid, 0)
        for one in (pid, *(child.pid for child in _family(pid))):
            os.kill(one, signal.SIGKILL)


def is_postgres(pid: int, data: Path) -> bool:
    """Whether this process is alive and serves this folder: numbers of processes are used again."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    if not sys.platform.startswith("linux"):
        return True
    try:
        return str(data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def is_dead(pid: int) -> bool:
    """Whether it was killed, and only its number is left."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False
