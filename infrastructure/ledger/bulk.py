"""Bulk append: many streams' events in one transaction through COPY, in the same order and with the same checks.

Under the feed's lock a page reads the versions of its streams, takes its numbers, copies its rows and moves the head:
all of it, or nothing. Encoding and encrypting come before; whoever else appends does so between two pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any, NamedTuple, Self
from uuid import UUID

import psycopg
from psycopg import Connection, Cursor

from application.ports import StoreAway, VersionMismatch
from domain.shared.calendar import local_day
from infrastructure.ledger.marks import LONG, Marks, content, whose
from infrastructure.ledger.recorder import Head, LedgerRecorder
from infrastructure.postgres.write_connection import BROKEN

COPY = (
    "COPY stored_events (notification_id, recorded_at, originator_id, originator_version, event_id, topic, state, mark)"
    " FROM STDIN (FORMAT BINARY)"
)
BEGINS, ENDS = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
PLACED, STORED, SIZE = Struct("!hiqiq"), Struct("!i16siqi16si"), Struct("!i")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""PostgreSQL's."""
MICROSECOND = timedelta(microseconds=1)
MARK = SIZE.pack(LONG)
CHUNK = 128 * 1024


@dataclass(frozen=True)
class SeriesOf:
    """A row of numbers, and how one of them is written."""

    body: UUID
    kind: str
    written: Callable[[int, int], str]


class BulkRow(NamedTuple):
    """An event as the copy takes it, but for its position and time. `number`: which of the page's series gives it its
    number, which stands in the state between `state` and `after`. `whose`: as it is marked."""

    begins: bytes
    whose: bytes
    state: bytes
    number: int | None = None
    after: bytes = b""

    @classmethod
    def of(cls, stream: bytes, version: int, event: bytes, topic: bytes, state: bytes) -> Self:
        told = stream, version, event, topic
        return cls(begun(*told), whose(*told), state)


def begun(stream: bytes, version: int, event: bytes, topic: bytes) -> bytes:
    return STORED.pack(16, stream, 8, version, 16, event, len(topic)) + topic


@dataclass(frozen=True)
class Page:
    """What is recorded together."""

    expected: Mapping[UUID, int]
    """The version that each stream must still have that is added to."""
    rows: Sequence[BulkRow]
    series: Sequence[SeriesOf] = ()


@dataclass(frozen=True)
class Appended:
    first: int
    last: int


class BulkAppend:
    """Over a connection of its own, opened anew when it has broken. Used by one thread at a time."""

    def __init__(self, connect: Callable[[], Connection[Any]], recorder: LedgerRecorder) -> None:
        self._connect, self._recorder = connect, recorder
        self._connection: Connection[Any] | None = None

    def close(self) -> None:
        if self._connection:
            self._connection.close()

    @contextmanager
    def held(self) -> Iterator[Connection[Any]]:
        """Whatever is raised while it is held, no transaction stays open on it."""
        if self._connection is None or self._connection.closed:
            self._connection = self._connect()
        try:
            yield self._connection
        except BaseException:
            with suppress(psycopg.Error):
                self._connection.rollback()
            raise

    def append(self, page: Page) -> Appended:
        """Raises VersionMismatch, and then nothing is recorded; StoreAway, and then that is not known."""
        try:
            with self.held() as connection:
                with connection.cursor() as cursor:
                    cursor.execute("BEGIN")
                    appended = self._record(cursor, page)
                    cursor.execute("COMMIT")
                with suppress(*BROKEN):
                    self._recorder.tell_over(connection)
                return appended
        except psycopg.IntegrityError:
            raise VersionMismatch from None
        except BROKEN:
            raise StoreAway from None

    def _record(self, cursor: Cursor[Any], page: Page) -> Appended:
        head = self._recorder.hold(cursor)
        refuse_overtaken(cursor, page.expected)
        copy_in(cursor, head, page.rows, _numbers(cursor, page, head), self._recorder.marks)
        last = head.position + len(page.rows)
        cursor.execute("UPDATE feed_head SET position = %s, recorded_at = %s", [last, head.recorded_at])
        return Appended(head.position + 1, last)


def refuse_overtaken(cursor: Cursor[Any], expected: Mapping[UUID, int]) -> None:
    """Raises VersionMismatch."""
    query = (
        "SELECT s.id, e.version FROM unnest(%s::uuid[]) AS s (id), LATERAL (SELECT originator_version AS version"
        " FROM stored_events WHERE originator_id = s.id ORDER BY originator_version DESC LIMIT 1) e"
    )
    versions = {row["id"]: row["version"] for row in cursor.execute(query, [list(expected)], prepare=True)}
    for stream, version in expected.items():
        if versions.get(stream, 0) != version:
            raise VersionMismatch(expected=version, actual=versions.get(stream, 0))


def _numbers(cursor: Cursor[Any], page: Page, head: Head) -> Sequence[Iterator[str]]:
    """Takes the next numbers of each series, as many as the page needs: under the lock, so that there is no gap."""
    counts = Counter(row.number for row in page.rows if row.number is not None)
    if not counts:
        return ()
    year = local_day(head.recorded_at).year
    taken = [(one.body, one.kind, counts[index]) for index, one in enumerate(page.series)]
    bodies, kinds, many = map(list, zip(*taken, strict=True))
    rows = cursor.execute(
        "INSERT INTO serials AS s SELECT r.body, r.kind, %s, r.many"
        " FROM unnest(%s::uuid[], %s::text[], %s::integer[]) AS r (body, kind, many)"
        " ON CONFLICT (body, kind, year) DO UPDATE SET last = s.last + excluded.last RETURNING body, kind, last",
        [year, bodies, kinds, many],
        prepare=True,
    )
    last = {(row["body"], row["kind"]): row["last"] for row in rows}
    return [
        _written(one, year, last[one.body, one.kind] - counts[index] + 1, counts[index])
        for index, one in enumerate(page.series)
    ]


def _written(series: SeriesOf, year: int, first: int, count: int) -> Iterator[str]:
    return (series.written(year, serial) for serial in range(first, first + count))


def copy_in(
    cursor: Cursor[Any], head: Head, rows: Sequence[BulkRow], numbers: Sequence[Iterator[str]], marks: Marks
) -> None:
    at = (head.recorded_at - EPOCH) // MICROSECOND
    chunk, size = [BEGINS], 0
    with cursor.copy(COPY) as copy:
        for position, row in enumerate(rows, head.position + 1):
            state = row.state
            if row.number is not None:
                state = b"".join((state, next(numbers[row.number]).encode(), row.after))
            mark = marks.of(content(row.whose, state), position, head.recorded_at)
            chunk += (PLACED.pack(8, 8, position, 8, at), row.begins, SIZE.pack(len(state)), state, MARK, mark)
            size += len(state)
            if size > CHUNK:
                copy.write(b"".join(chunk))
                chunk, size = [], 0
        copy.write(b"".join((*chunk, ENDS)))
