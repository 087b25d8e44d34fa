"""The feed as it is read: in order and without holes; stream by stream; and where something in it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from application.ports import NotOurs, StoreAway
from domain.shared.decider import Entry
from infrastructure.ledger.stored import Coder

PAGE = 2_000
Row = Mapping[str, Any]


class HoleInTheFeed(RuntimeError):
    """A position is missing: nothing may be read past it."""


@dataclass(frozen=True)
class Unreadable:
    """An event that this program cannot read: its key is missing, or a newer program recorded it."""

    position: int
    stream: UUID
    name: str
    fault: str

    @property
    def is_not_ours(self) -> bool:
        return self.fault == NotOurs.__name__


Read = Entry[Any] | Unreadable


def as_readable(coder: Coder, rows: Sequence[Row]) -> Sequence[Read]:
    """All at once; one by one where one of them cannot be read. Raises StoreAway: the keys cannot be read just now."""
    try:
        return coder.entries(rows)
    except StoreAway:
        raise
    except Exception:
        return [_one(coder, row) for row in rows]


def _one(coder: Coder, row: Row) -> Read:
    try:
        return coder.entry(row)
    except StoreAway:
        raise
    except Exception as fault:
        return Unreadable(row["notification_id"], row["originator_id"], row["topic"], type(fault).__name__)


class StreamReader:
    """The ledger up to a position, for tables that are filled from the beginning."""

    def __init__(self, connection: psycopg.Connection[Any], coder: Coder) -> None:
        self._connection, self._coder = connection, coder

    def count(self, up_to: int) -> int:
        with self._connection.transaction():
            query = "SELECT count(*) FROM stored_events WHERE notification_id <= %s"
            return int(self._connection.execute(query, [up_to]).fetchall()[0][0])

    def in_order(self, contexts: Sequence[str], up_to: int) -> Iterator[Sequence[Read]]:
        """Pages of the feed, as far as they are of these contexts."""
        where = "notification_id <= %s ORDER BY notification_id"
        page = list[Row]()
        for row in self._rows(where, contexts, [up_to]):
            page.append(row)
            if len(page) == PAGE:
                yield as_readable(self._coder, page)
                page = []
        if page:
            yield as_readable(self._coder, page)

    def whole(self, contexts: Sequence[str], first: UUID, last: UUID, up_to: int) -> Iterator[Sequence[Read]]:
        """Pages of whole streams, of those whose ids lie between these. Raises HoleInTheFeed."""
        where = "originator_id BETWEEN %s AND %s AND notification_id <= %s ORDER BY originator_id, originator_version"
        page = list[Row]()
        for row in self._rows(where, contexts, [first, last, up_to]):
            follows = bool(page) and page[-1]["originator_id"] == row["originator_id"]
            if row["originator_version"] != (page[-1]["originator_version"] + 1 if follows else 1):
                raise HoleInTheFeed(f"a version is missing before position {row['notification_id']}")
            if len(page) >= PAGE and not follows:
                yield as_readable(self._coder, page)
                page = []
            page.append(row)
        if page:
            yield as_readable(self._coder, page)

    def _rows(self, where: str, contexts: Sequence[str], values: Sequence[Any]) -> Iterator[Row]:
        """`where` is ours, never a reader's."""
        query = f"SELECT * FROM stored_events WHERE split_part(topic, '.', 1) = ANY(%s) AND {where}"
        cursor = self._connection.cursor("reading", row_factory=dict_row)
        with self._connection.transaction(), cursor:
            cursor.itersize = PAGE
            yield from cursor.execute(query.encode(), [list(contexts), *values])
