"""Connections for reading: whoever asks hears that the store is away, not what became of a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool, PoolTimeout

from application.logs import get_logger
from application.ports import ReadModelsFilling, StoreAway
from infrastructure.ledger.recorder import IDLE, RECONNECT_FOR
from infrastructure.ledger.schema import ROLE
from infrastructure.postgres.connecting import limits
from infrastructure.postgres.lending import MOST
from infrastructure.postgres.timeouts import STATEMENT_TIMEOUT, Bounded, check
from infrastructure.postgres.write_connection import asks_too_much

log = get_logger("tiaojie.ledger")

PAUSE = "10s"
"""Whoever stops in the middle of a transaction, for example a worker whose machine sleeps, loses it: others wait for
its locks, and what it would write when it wakes up may have been written by them."""
WAIT = 3.0
"""Seconds until a reader is told that the store is away."""


class Readers(ConnectionPool[Any]):
    """A pool whose work runs under the role of fewer rights, where there is one."""

    def __init__(
        self, url: str, *, restricted: bool, size: int = MOST, wait: float = WAIT, kind: type[Bounded] = Bounded
    ) -> None:
        super().__init__(
            url,
            min_size=1,
            max_size=size,
            timeout=wait,
            reconnect_timeout=RECONNECT_FOR,
            open=True,
            connection_class=kind,
            kwargs=limits(url),
            max_idle=IDLE,
            check=check,
            configure=partial(_configured, restricted=restricted),
        )

    @contextmanager
    def connection(self, timeout: float | None = None) -> Iterator[psycopg.Connection[Any]]:
        """Raises StoreAway; ReadModelsFilling where tables are still of an older program's form, and cannot answer."""
        try:
            with super().connection(timeout) as connection:
                yield connection
        except (PoolTimeout, psycopg.InterfaceError):
            raise StoreAway from None
        except (errors.UndefinedTable, errors.UndefinedColumn) as error:
            log.error("tables of another form", fault=type(error).__name__)
            raise ReadModelsFilling from None
        except psycopg.OperationalError as error:
            if asks_too_much(error):
                raise
            raise StoreAway from None


def _configured(connection: psycopg.Connection[Any], *, restricted: bool) -> None:
    connection.execute(f"SET idle_in_transaction_session_timeout = '{PAUSE}'")
    connection.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
    if restricted:
        connection.execute(f"SET ROLE {ROLE}")
    connection.commit()
