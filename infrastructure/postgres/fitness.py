"""Whether a database that somebody hands over is fit for the ledger: asked at each start, before anything is made."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Any

import psycopg

from application.unfit import DatabaseTooOld, NotUnicode, PooledByTransaction, PoolTooSmall
from infrastructure.postgres.connecting import limits
from infrastructure.postgres.lending import LEAST
from infrastructure.postgres.timeouts import Bounded

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


class FirstAnswer(Bounded):
    """A pooler lets everybody in, and keeps whoever it has no session for waiting for its first answer."""

    patience = 10.0


def check_pooler(connection: psycopg.Connection[Any], url: str) -> None:
    """Raises PooledByTransaction where two connections are one session, or one is served by several in turn, and
    PoolTooSmall where a pooler does not lend at once what one process of ours needs."""
    with ExitStack() as held:
        others = [held.enter_context(_lent(url, 2))]
        sessions = [{_session(one) for _ in range(LOOKS)} for one in (connection, *others)]
        if any(len(one) > 1 for one in sessions) or sessions[0] & sessions[1]:
            raise PooledByTransaction
        if sessions[0] != {connection.info.backend_pid}:  # it gave a number of its own: there is a pooler
            for number in range(3, LEAST + 1):
                held.enter_context(_lent(url, number))


def _lent(url: str, number: int) -> psycopg.Connection[Any]:
    """One more. Raises PoolTooSmall."""
    began = time.monotonic()
    try:
        return FirstAnswer.connect(url, **limits(url), autocommit=True)
    except psycopg.OperationalError:
        if time.monotonic() - began < FirstAnswer.patience:
            raise
        raise PoolTooSmall(lent=number - 1, needed=LEAST) from None


def _session(connection: psycopg.Connection[Any]) -> int:
    """Asked in autocommit: each time in a transaction of its own."""
    ((number,),) = connection.execute("SELECT pg_backend_pid()").fetchall()
    return int(number)
