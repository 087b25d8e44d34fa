"""Signs of life of workers, in the database: whoever serves, or supervises, sees whether one only exists."""

from __future__ import annotations

import os
import time
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


class Beats:
    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool
        self._last = dict[str, float]()

    def beat(self, part: str) -> None:
        """By each part of the worker, whenever it looks."""
        now = time.monotonic()
        if now - self._last.get(part, now - EVERY) < EVERY:
            return
        with self._pool.connection() as connection:
            if part not in self._last:
                connection.execute("DELETE FROM worker_beat WHERE at < now() - %s::interval", [KEPT])
            connection.execute(BEAT, [part, named(os.getpid())])
        self._last[part] = now

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
