"""Whether a database that somebody hands over is fit for the ledger: asked at each start, before anything is made."""

from __future__ import annotations

from typing import Any

import psycopg

from application.unfit import DatabaseTooOld, NotUnicode, PooledByTransaction
from infrastructure.postgres.connecting import connect

OLDEST = 150_000
LOOKS = 3
"""Times that two connections say which session serves them."""


def check_database(connection: psycopg.Connection[Any]) -> None:
    """Raises DatabaseTooOld, NotUnicode."""
    if connection.info.server_version < OLDEST:
        raise DatabaseTooOld(found=connection.info.server_version)
    ((encoding,),) = connection.execute("SELECT current_setting('server_encoding')::bytea").fetchall()
    if encoding != b"UTF8":  # as bytes: of SQL_ASCII no text can be read
        raise NotUnicode(found=encoding.decode())


def check_pooler(connection: psycopg.Connection[Any], url: str) -> None:
    """Raises PooledByTransaction where two connections are one session, or one is served by several in turn."""
    with connect(url, autocommit=True) as other:
        sessions = [{_session(one) for _ in range(LOOKS)} for one in (connection, other)]
    if any(len(one) > 1 for one in sessions) or sessions[0] & sessions[1]:
        raise PooledByTransaction


def _session(connection: psycopg.Connection[Any]) -> int:
    """Asked in autocommit: each time in a transaction of its own."""
    ((number,),) = connection.execute("SELECT pg_backend_pid()").fetchall()
    return int(number)
