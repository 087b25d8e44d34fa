"""Connections for reading: whoever asks hears that the store is away, not what became of a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from application.ports import StoreAway
from infrastructure.recorder import RECONNECT_FOR
from infrastructure.schema import ROLE

READERS = 12
TOO_MUCH = "54"
"""The class of errors that say that a statement asks for too much, for example too long a key of an index: it will
tomorrow too, and the store is not away."""
WAIT = 3.0
"""Seconds until a reader is told that the store is away."""


class Readers(ConnectionPool[Any]):
    """A pool whose work runs under the role of fewer rights, where there is one."""

    def __init__(self, url: str, *, restricted: bool, size: int = READERS) -> None:
        super().__init__(
            url,
            min_size=1,
            max_size=size,
            timeout=WAIT,
            reconnect_timeout=RECONNECT_FOR,
            open=True,
            check=ConnectionPool.check_connection,
            configure=_with_fewer_rights if restricted else None,
        )

    @contextmanager
    def connection(self, timeout: float | None = None) -> Iterator[psycopg.Connection[Any]]:
        """Raises StoreAway."""
        try:
            with super().connection(timeout) as connection:
                yield connection
        except (PoolTimeout, psycopg.InterfaceError):
            raise StoreAway from None
        except psycopg.OperationalError as error:
            if (error.sqlstate or "").startswith(TOO_MUCH):
                raise
            raise StoreAway from None


def _with_fewer_rights(connection: psycopg.Connection[Any]) -> None:
    connection.execute(f"SET ROLE {ROLE}")
    connection.commit()
