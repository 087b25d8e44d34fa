"""Connections that wait for nobody for ever: the other machine may vanish without a word, or say nothing any more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import pq
from psycopg.abc import PQGen
from psycopg_pool import ConnectionPool

from infrastructure.postgres.connecting import Settled

Result = TypeVar("Result")

STATEMENT_TIMEOUT = "60s"
PATIENCE = 65.0
"""Seconds. A little more than the server takes for a statement: a server that is only slow ends it first, and says so.
What is confirmed and never answered (a hung server, or a proxy before it) ends by this alone."""
ALIVE_WITHIN = 1.0
"""Seconds in which a connection from a pool must show that somebody is there: that takes no work and no lock. Short
enough to try the next one, before whoever asks is told that the store is away."""


class Bounded(Settled):
    """Whoever was not answered in time hears OperationalError, and the connection is closed."""

    patience = PATIENCE

    def wait(self, gen: PQGen[Result], interval: float = 0.1, timeout: float | None = None) -> Result:
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if timeout is None and self.pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
                self.close()  # an answer that comes after all would be taken for that of the next question
            raise


@contextmanager
def answered_within(connection: psycopg.Connection[Any], seconds: float) -> Iterator[None]:
    """For a small question that others wait behind."""
    assert isinstance(connection, Bounded)
    connection.patience = seconds
    try:
        yield
    finally:
        del connection.patience  # the usual one again


def check(connection: Bounded) -> None:
    """Before it is lent by a pool. Raises psycopg.OperationalError."""
    with answered_within(connection, ALIVE_WITHIN):
        ConnectionPool.check_connection(connection)
