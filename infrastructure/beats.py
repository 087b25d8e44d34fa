"""Signs of life of workers, in the database: whoever serves, or supervises, sees whether one only exists."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Mapping
from socket import gethostname
from typing import Any

from psycopg_pool import ConnectionPool

from infrastructure.postgres.connecting import connect

EVERY = 5.0
"""Seconds between two signs of one part, at least."""
KEPT = "1 day"
"""Signs of workers that are gone are thrown away after so long."""
BEAT = """
INSERT INTO worker_beat VALUES (%s, %s, clock_timestamp()) ON CONFLICT (part, worker) DO UPDATE SET at = excluded.at
"""


def named(process: int) -> str:
    return f"{gethostname()}/{process}"


FAILED = """
INSERT INTO worker_failure VALUES (%s, %s)
ON CONFLICT (part) DO UPDATE SET failures = worker_failure.failures + excluded.failures
"""


class Beats:
    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool
        self._last = dict[str, float]()
        self._failed = Counter[str]()

    def failed(self, part: str) -> None:
        """A look of it came to nothing. Told with its next sign: where the database is away, nothing can be told."""
        self._failed[part] += 1

    def beat(self, part: str) -> None:
        """By each part of the worker, whenever it looks."""
        now = time.monotonic()
        if now - self._last.get(part, now - EVERY) < EVERY:
            return
        with self._pool.connection() as connection:
            if part not in self._last:
                connection.execute("DELETE FROM worker_beat WHERE at < now() - %s::interval", [KEPT])
            connection.execute(BEAT, [part, named(os.getpid())])
            if failed := self._failed[part]:
                connection.execute(FAILED, [part, failed])
        self._failed[part] -= failed
        self._last[part] = now

    def failures(self) -> Mapping[str, int]:
        """Of each part that ever failed."""
        with self._pool.connection() as connection:
            return dict(connection.execute("SELECT part, failures FROM worker_failure").fetchall())

    def ages(self) -> Mapping[str, float]:
        """Seconds since any worker looked last, by part and by the database's clock."""
        query = (
            "SELECT part, extract(epoch FROM clock_timestamp() - max(at))::float FROM worker_beat"
            " GROUP BY part ORDER BY part"
        )
        with self._pool.connection() as connection:
            return dict(connection.execute(query).fetchall())


def since_last_beat(url: str, process: int) -> float | None:
    """Seconds since any part of that process, of this host, gave a sign; None: it never did."""
    query = "SELECT extract(epoch FROM clock_timestamp() - max(at))::float FROM worker_beat WHERE worker = %s"
    with connect(url) as connection:
        ((age,),) = connection.execute(query, [named(process)]).fetchall()
    return None if age is None else float(age)
