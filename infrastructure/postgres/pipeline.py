"""Statements that go over the wire together: sent at once, answered at once, in PostgreSQL's own binary form.

What records has a handful of statements, and asks them thousands of times a second. psycopg's cursors take several
times as long for them as its own layer below, `psycopg.pq`, which is used here; everything else uses cursors.
"""

from __future__ import annotations

import select
from asyncio import Future
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from struct import pack
from typing import Any, TypeAlias
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from psycopg import pq
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGconn, PGresult

from infrastructure.concurrency.turns import loop_of_turn, wait_for

Answer: TypeAlias = list[tuple[bytes, ...]]
"""Rows of values in binary form."""
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BIGINT, TEXT, BYTEA, UUID_ = 20, 25, 17, 2950
"""Types of elements, as PostgreSQL numbers them."""
ANSWER_WITHIN = 15.0
"""Seconds. A lock is waited for five seconds, and then the server says so; all else that is asked here takes it
milliseconds. Who says nothing for longer is taken for gone: everybody else in this process waits behind the one who
asks. If the server was only slow, its commit is found, by its event or by its key."""
DONE = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)


@dataclass(frozen=True)
class Statement:
    """`name`: under which it stays prepared."""

    name: bytes
    text: bytes


@dataclass(frozen=True)
class Ask:
    statement: Statement
    values: tuple[bytes, ...] = ()


class Wire:
    """Speaks over one connection, which one thread at a time uses. Get it by `wire_of`."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._prepared = set[bytes]()

    def ask(self, *asked: Ask) -> list[Answer]:
        """Their answers. After a fault of one, those behind it are not carried out. Raises psycopg.Error; the
        connection is closed where it has broken."""
        connection = self._connection.pgconn
        try:
            self._prepare(connection, asked)
            return _exchanged(connection, asked)
        except BaseException:  # whatever it is: nobody may read the answers that are left
            if connection.status == pq.ConnStatus.BAD or connection.pipeline_status:
                self._connection.close()
            raise

    def _prepare(self, connection: PGconn, asked: Iterable[Ask]) -> None:
        """Sent and awaited like all else: nobody answers it on a line that is dead."""
        fresh = {one.statement.name: one.statement for one in asked if one.statement.name not in self._prepared}
        if not fresh:
            return
        connection.enter_pipeline_mode()
        for one in fresh.values():
            connection.send_prepare(one.name, one.text)
        for name, result in zip(fresh, _synced(connection), strict=False):  # where one fails, those before it stand
            _checked(connection, result)
            self._prepared.add(name)


_known = WeakKeyDictionary[psycopg.Connection[Any], Wire]()


def wire_of(connection: psycopg.Connection[Any]) -> Wire:
    """Always the same for the same connection: it knows what is prepared there."""
    if connection not in _known:
        _known[connection] = Wire(connection)
    return _known[connection]


def _exchanged(connection: PGconn, asked: Sequence[Ask]) -> list[Answer]:
    connection.enter_pipeline_mode()
    for one in asked:
        formats = [pq.Format.BINARY] * len(one.values)
        connection.send_query_prepared(one.statement.name, one.values, formats, pq.Format.BINARY)
    return [_rows(_checked(connection, result)) for result in _synced(connection)]


def _synced(connection: PGconn) -> list[PGresult]:
    connection.pipeline_sync()
    results = _received(connection)
    connection.exit_pipeline_mode()
    return results


def _received(connection: PGconn) -> list[PGresult]:
    """One for each statement."""
    results = list[PGresult]()
    sending = connection.flush()
    while True:
        _await(connection.socket, bool(sending))
        connection.consume_input()
        sending = connection.flush() if sending else 0
        while not connection.is_busy():
            result = connection.get_result()
            if result is None:
                continue
            if result.status == pq.ExecStatus.PIPELINE_SYNC:
                return results
            results.append(result)
            if connection.status == pq.ConnStatus.BAD:
                return results


def _await(socket: int, sending: bool) -> None:
    """Until something has come, or can be sent: with the thread, or while others of the loop have their turns.

    Raises psycopg.OperationalError where that takes too long."""
    if (loop := loop_of_turn()) is None:
        waiting = select.poll()
        waiting.register(socket, select.POLLIN | (select.POLLOUT if sending else 0))
        if not waiting.poll(ANSWER_WITHIN * 1000):
            raise psycopg.OperationalError("no answer in time")
        return
    ready = loop.create_future()
    loop.add_reader(socket, _tell, ready)
    if sending:
        loop.add_writer(socket, _tell, ready)
    giving_up = loop.call_later(ANSWER_WITHIN, _give_up, ready)
    try:
        wait_for(ready)
    finally:
        giving_up.cancel()
        loop.remove_reader(socket)
        if sending:
            loop.remove_writer(socket)


def _tell(ready: Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def _give_up(ready: Future[None]) -> None:
    if not ready.done():
        ready.set_exception(psycopg.OperationalError("no answer in time"))


def _checked(connection: PGconn, result: PGresult) -> PGresult:
    if result.status in DONE:
        return result
    if connection.status == pq.ConnStatus.BAD:
        raise psycopg.OperationalError("the connection is lost")
    raise error_from_result(result)


def _rows(result: PGresult) -> Answer:
    columns = range(result.nfields)
    return [tuple(result.get_value(row, column) or b"" for column in columns) for row in range(result.ntuples)]


def array(element: int, values: Sequence[bytes]) -> bytes:
    """An array of one dimension."""
    if not values:
        return pack(">iii", 0, 0, element)
    parts = [pack(">iiiii", 1, 0, element, len(values), 1)]
    for value in values:
        parts += (pack(">i", len(value)), value)
    return b"".join(parts)


def uuids(values: Iterable[UUID]) -> bytes:
    return array(UUID_, [one.bytes for one in values])


def bigints(values: Iterable[int]) -> bytes:
    return array(BIGINT, [bigint(one) for one in values])


def texts(values: Iterable[str]) -> bytes:
    return array(TEXT, [one.encode() for one in values])


def blobs(values: Sequence[bytes]) -> bytes:
    return array(BYTEA, values)


def bigint(value: int) -> bytes:
    return pack(">q", value)


def integer(value: bytes) -> int:
    return int.from_bytes(value, signed=True)


def timestamp(moment: datetime) -> bytes:
    return bigint((moment - EPOCH) // MICROSECOND)


def moment(value: bytes) -> datetime:
    return EPOCH + timedelta(microseconds=integer(value))
