"""Wrong passwords slow down whoever guesses: by where they come from, and by the name that they try.

A source that has tried too often is refused until it has waited. A name is never refused: whoever tries it after many
wrong passwords waits some seconds, the owner too, and gets in. What nobody is called is counted like any name.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from threading import Lock
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from application.office import Crowded, TooManyAttempts
from domain.shared.values import OfficerId
from infrastructure.concurrency.turns import aside, loop_of_turn, wait_for

SCHEMA = """
    CREATE TABLE IF NOT EXISTS wrong_password (of bytea PRIMARY KEY, level real NOT NULL, at timestamptz NOT NULL)
"""
OF_A_SOURCE, FORGIVEN_AFTER = 20, 10.0
"""So many wrong passwords in a row, then one each so many seconds. A hall of officers shares one address."""
OF_A_NAME, NAME_FORGIVEN_AFTER = 5, 60.0
FIRST_DELAY, LONGEST_DELAY = 0.25, 4.0
"""Seconds that an attempt waits once a name was tried too often: doubled each time, and bounded."""
AT_ONCE_FROM_A_SOURCE = 10
ALL_AT_ONCE = 500
"""Attempts that wait or are tried at this moment, in this process."""
KEPT_FOR = "1 day"

_COUNT = """
    INSERT INTO wrong_password AS known (of, level, at) VALUES (%(of)s, 1, clock_timestamp())
    ON CONFLICT (of) DO UPDATE SET at = clock_timestamp(), level = least(%(most)s, 1 + greatest(0,
        known.level - extract(epoch FROM clock_timestamp() - known.at) / %(forgiven_after)s))
    RETURNING level
"""


@dataclass
class Attempt:
    """One try of a password. Until it is known to be right it counts as a wrong one: many at once count as many."""

    right: bool = False

    def was_right(self) -> None:
        self.right = True


class WrongPasswords:
    def __init__(self, pool: ConnectionPool[Any], key: bytes) -> None:
        """`key`: neither names nor addresses stand in the table."""
        self._pool, self._key = pool, key
        self._trying: dict[bytes, int] = {}
        self._lock = Lock()

    def prepare(self, owner: psycopg.Connection[Any]) -> None:
        owner.execute(SCHEMA)

    @contextmanager
    def attempt(self, source: str, officer: OfficerId) -> Iterator[Attempt]:
        """Waits as long as it must. Raises TooManyAttempts, Crowded."""
        at, name = self._of("source", source.encode()), self._of("name", officer.bytes)
        with self._one_from(at):
            _pause(aside(lambda: self._count(at, name)))
            made = Attempt()
            yield made
            if made.right:
                aside(lambda: self._forgive(at, name))

    def _of(self, kind: str, what: bytes) -> bytes:
        return hmac.digest(self._key, kind.encode() + what, sha256)

    @contextmanager
    def _one_from(self, source: bytes) -> Iterator[None]:
        with self._lock:
            if self._trying.get(source, 0) >= AT_ONCE_FROM_A_SOURCE:
                raise TooManyAttempts(retry_after=1)
            if sum(self._trying.values()) >= ALL_AT_ONCE:
                raise Crowded
            self._trying[source] = self._trying.get(source, 0) + 1
        try:
            yield
        finally:
            with self._lock:
                self._trying[source] -= 1
                if not self._trying[source]:
                    del self._trying[source]

    def _count(self, source: bytes, name: bytes) -> float:
        """How long the attempt waits. A source that is refused is not counted on: its name is not slowed by it."""
        with self._pool.connection() as connection:
            here = _counted(connection, source, OF_A_SOURCE + 1, FORGIVEN_AFTER)
            if here > OF_A_SOURCE:
                raise TooManyAttempts(retry_after=ceil((here - OF_A_SOURCE) * FORGIVEN_AFTER))
            tried = _counted(connection, name, OF_A_NAME + 10, NAME_FORGIVEN_AFTER)
        return min(FIRST_DELAY * 2 ** (tried - OF_A_NAME), LONGEST_DELAY) if tried > OF_A_NAME else 0.0

    def _forgive(self, source: bytes, name: bytes) -> None:
        with self._pool.connection() as connection:
            connection.execute("UPDATE wrong_password SET level = greatest(0, level - 1) WHERE of = %s", [source])
            connection.execute("DELETE FROM wrong_password WHERE of = %s", [name])

    def forget(self) -> None:
        """What nobody has tried for long."""
        with self._pool.connection() as connection:
            connection.execute(f"DELETE FROM wrong_password WHERE at < now() - interval '{KEPT_FOR}'")


def _counted(connection: psycopg.Connection[Any], of: bytes, most: int, forgiven_after: float) -> float:
    told = {"of": of, "most": most, "forgiven_after": forgiven_after}
    ((level,),) = connection.execute(_COUNT, told).fetchall()
    return float(level)


def _pause(seconds: float) -> None:
    if not seconds:
        return
    if (loop := loop_of_turn()) is None:
        time.sleep(seconds)
    else:
        wait_for(loop.create_task(asyncio.sleep(seconds)))
