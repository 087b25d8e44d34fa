"""The application's mark on each event: a row that anybody else wrote, moved or altered is known by it at once.

A seal shows afterwards that the past was changed. The mark shows it before that: who runs the database can write into
every table, and has not the key. So what is not marked is believed by nobody: no history, no list, no seal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, digest
from struct import Struct
from typing import Any, Self
from uuid import UUID

import psycopg
from psycopg import Cursor

from application.ports import NotOurs

LONG = 16
"""Bytes of a mark."""
BOUND, PLACED, BEGINS = Struct("!16sq16sI"), Struct("!16sqq"), Struct("!16sq")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MARKED = "marked"
"""What a vault notes once its ledger marks: from then on nobody is told that unmarked events are of before."""


def whose(stream: bytes, version: int, event: bytes, name: bytes) -> bytes:
    return BOUND.pack(stream, version, event, len(name)) + name


def content(whose: bytes, state: bytes) -> bytes:
    """What an event says and whose it is, as it is marked: made before anybody waits for it."""
    return sha256(whose + state).digest()


@dataclass(frozen=True)
class Marks:
    key: bytes
    ledger: UUID
    after: int = 0
    """Up to this position events are of before there were marks: the seals alone speak for them."""

    @classmethod
    def read(cls, cursor: Cursor[Any], key: bytes) -> Self:
        """Of this database; a boundary that others have moved is none."""
        ((ledger,),) = _values(cursor, "SELECT id FROM ledger")
        none = cls(key, ledger)
        for after, mark in _values(cursor, "SELECT after, mark FROM mark_boundary"):
            if compare_digest(bytes(mark), none.of_boundary(after)):
                return cls(key, ledger, after)
        return none

    def of(self, content: bytes, position: int, recorded_at: datetime) -> bytes:
        """Bound to the place in the feed and to its time: it fits nowhere else."""
        place = PLACED.pack(self.ledger.bytes, position, (recorded_at - EPOCH) // MICROSECOND)
        return digest(self.key, place + content, "sha256")[:LONG]

    def of_boundary(self, after: int) -> bytes:
        return digest(self.key, b"boundary" + BEGINS.pack(self.ledger.bytes, after), "sha256")[:LONG]

    def fits(self, row: Mapping[str, Any]) -> bool:
        """`row`: of stored_events, whole."""
        position = row["notification_id"]
        if position <= self.after and row["mark"] is None:
            return True
        version, name = row["originator_version"], row["topic"].encode()
        told = content(whose(row["originator_id"].bytes, version, row["event_id"].bytes, name), row["state"])
        return compare_digest(row["mark"] or b"", self.of(told, position, row["recorded_at"]))

    def check(self, row: Mapping[str, Any]) -> None:
        """Raises NotOurs."""
        if not self.fits(row):
            raise NotOurs(position=row["notification_id"])


def begin_marks(connection: psycopg.Connection[Any], key: bytes) -> None:
    """What stands there without a mark is taken for what an earlier program recorded. Only whoever upgrades a ledger,
    or restores one, may say so."""
    with connection.cursor() as cursor:
        marks = Marks.read(cursor, key)
        query = "SELECT max(notification_id) FROM stored_events WHERE mark IS NULL"
        ((last,),) = _values(cursor, query)
        if last is not None and last > marks.after:
            cursor.execute("DELETE FROM mark_boundary")
            cursor.execute("INSERT INTO mark_boundary (after, mark) VALUES (%s, %s)", [last, marks.of_boundary(last)])


def _values(cursor: Cursor[Any], query: str) -> list[tuple[Any, ...]]:
    """Whatever form the rows of this cursor have."""
    rows = cursor.execute(query.encode()).fetchall()
    return [tuple(row.values()) if isinstance(row, dict) else tuple(row) for row in rows]
