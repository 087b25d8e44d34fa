"""Who does what only one may do at a time, of all workers of all hosts: whoever holds the lease, as long as it lasts.

A lease keeps two from doing the same work. What must never be done twice is kept apart by locks of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from psycopg_pool import ConnectionPool

LASTS = 10.0
"""Seconds, by the database's clock. Whoever holds it looks every two seconds; who was killed is followed after that."""
TAKE = """
INSERT INTO lease AS known (what, holder, until)
VALUES (%(what)s, %(holder)s, clock_timestamp() + make_interval(secs => %(lasts)s))
ON CONFLICT (what) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE known.holder = excluded.holder OR known.until < clock_timestamp() RETURNING 1
"""


class Leased:
    """Work that one of all workers does: whoever has not the lease does nothing."""

    def __init__(self, lease: Lease, work: Callable[[], int]) -> None:
        self._lease, self._work = lease, work

    def __call__(self) -> int:
        return self._work() if self._lease.held() else 0

    def give_back(self) -> None:
        """So that another one goes on at once."""
        self._lease.give_back()


class Lease:
    def __init__(self, pool: ConnectionPool[Any], what: str) -> None:
        self._pool, self._what, self._holder = pool, what, uuid4()

    def held(self) -> bool:
        """Whether it is ours now; it is taken where it is free, and goes on where it was ours."""
        values = {"what": self._what, "holder": self._holder, "lasts": LASTS}
        with self._pool.connection() as connection:
            return bool(connection.execute(TAKE, values).fetchall())

    def give_back(self) -> None:
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM lease WHERE what = %s AND holder = %s", [self._what, self._holder])
