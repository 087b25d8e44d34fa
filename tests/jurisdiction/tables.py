"""Read models on a PostgreSQL, in a schema of their own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self
from uuid import uuid4

import psycopg
from psycopg_pool import ConnectionPool

from infrastructure.postgres.connecting import Settled
from infrastructure.postgres.timeouts import Bounded
from tests.jurisdiction.memory import MemoryLedger

PAGE = 500


class InItsSchema(Bounded):
    """Not settled: the search path is the test's."""

    @classmethod
    def connect(cls, conninfo: str = "", **options: Any) -> Self:
        return super(Settled, cls).connect(conninfo, **options)


@contextmanager
def schema(url: str) -> Iterator[ConnectionPool[Any]]:
    name = f"tables_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"'.encode())
    options = {"options": f"-c search_path={name},public"}
    with ConnectionPool(url, connection_class=InItsSchema, kwargs=options, min_size=1, max_size=2, open=True) as pool:
        yield pool
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP SCHEMA "{name}" CASCADE'.encode())


def create(pool: ConnectionPool[Any], tables: Sequence[Any]) -> None:
    with pool.connection() as connection:
        for one in tables:
            connection.execute(one.schema)


def fill(pool: ConnectionPool[Any], ledger: MemoryLedger, tables: Sequence[Any], after: int = 0) -> int:
    """What the projector does: page by page, each in one transaction."""
    while page := ledger.feed(after, PAGE):
        with pool.connection() as connection, connection.cursor() as cursor:
            for one in tables:
                one.apply(page, cursor)
        after = page[-1].position
    return after


def contents(pool: ConnectionPool[Any], table: str) -> list[tuple[Any, ...]]:
    with pool.connection() as connection:
        return sorted(connection.execute(f"SELECT * FROM {table}".encode()).fetchall(), key=str)
