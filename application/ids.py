"""New ids: UUIDs of version 7, sorted by time, so that indexes grow at their end (RFC 9562); and their randomness."""

from __future__ import annotations

import os
from datetime import datetime
from threading import Lock
from uuid import UUID

FETCHED = 8_192
"""Bytes that are fetched at once: to ask the system gives up the interpreter's lock, and to get it back takes longer
than all else that a small decision does, when others compute."""


class Randomness:
    """Random bytes of the system, each handed out once; not shared with a process that is forked off."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._renew()
        os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        self._bytes, self._at = os.urandom(FETCHED), 0

    def bytes(self, count: int) -> bytes:
        with self._lock:
            if self._at + count > FETCHED:
                self._renew()
            self._at += count
            return self._bytes[self._at - count : self._at]


random_bytes = Randomness().bytes


def uuid7(now: datetime) -> UUID:
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    random = int.from_bytes(random_bytes(10))
    high, low = random >> 68, random & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
