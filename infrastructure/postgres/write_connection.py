"""The connection over which everything is recorded: one, kept open, and opened anew when it has broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

from infrastructure.concurrency.turns import aside
from infrastructure.postgres.pipeline import Wire, wire_of

BROKEN = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError)
"""The store is away, or does not answer in time."""
TOO_MUCH = "54"
"""The class of errors that say that a statement asks for too much, for example too long a key of an index: it will
tomorrow too, and the store is not away."""


def asks_too_much(error: Exception) -> bool:
    return isinstance(error, psycopg.Error) and (error.sqlstate or "").startswith(TOO_MUCH)


class WriteLine:
    """Used by one thread or turn at a time. In autocommit: a transaction is begun and ended by its own statements, so
    that beginning it takes no round trip of its own."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self._connect = connect
        self._connection: psycopg.Connection[Any] | None = None

    @property
    def open(self) -> bool:
        return self._connection is not None and not self._connection.closed

    def open_now(self) -> None:
        if not self.open:
            self._connection = aside(self._connect)

    @contextmanager
    def held(self) -> Iterator[Wire]:
        """Whatever is raised while it is held, no transaction stays open on it."""
        self.open_now()
        assert self._connection
        try:
            yield wire_of(self._connection)
        except BaseException:
            with suppress(psycopg.Error):
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        if self._connection:
            self._connection.close()
