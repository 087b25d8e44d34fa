"""The clocks that run, read from the tables of cases, referrals and escalations together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, LiteralString

from psycopg.rows import class_row, scalar_row
from psycopg_pool import ConnectionPool

from application.timers import DueClock
from domain.shared.values import BodyId

_ALL: LiteralString = (
    "(SELECT 'case' AS kind, * FROM case_clock UNION ALL SELECT 'referral', * FROM referral_clock"
    " UNION ALL SELECT 'escalation', * FROM escalation_clock) AS c"
)
_SELECT: LiteralString = f"SELECT kind, id, clock, day, ends_at FROM {_ALL} WHERE "
_PAGE: LiteralString = (
    " AND (%(after_end)s::timestamptz IS NULL OR (ends_at, id, clock) > (%(after_end)s, %(after_id)s, %(after_clock)s))"
    " ORDER BY ends_at, id, clock LIMIT %(limit)s"
)


class RunningClocks:
    """`application.timers.Clocks`."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool

    def due(self, now: datetime, after: DueClock | None, limit: int) -> Sequence[DueClock]:
        return self._page("NOT provisional AND ends_at <= %(now)s", after, limit, now=now)

    def to_be_fixed(self, published_until: date, after: DueClock | None, limit: int) -> Sequence[DueClock]:
        return self._page("provisional AND day <= %(until)s", after, limit, until=published_until)

    def overdue(self, now: datetime) -> int:
        """How many have run out and wait for the worker."""
        query: LiteralString = f"SELECT count(*) FROM {_ALL} WHERE NOT provisional AND ends_at <= %s"
        with self._pool.connection() as connection:
            return int(connection.execute(query, [now]).fetchall()[0][0])

    def _page(self, which: LiteralString, after: DueClock | None, limit: int, **values: Any) -> Sequence[DueClock]:
        marks = (after.ends_at, after.id, after.clock) if after else (None, None, None)
        values |= dict(zip(("after_end", "after_id", "after_clock"), marks, strict=True)) | {"limit": limit}
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(DueClock)) as cursor:
            rows: list[DueClock] = cursor.execute(_SELECT + which + _PAGE, values).fetchall()
        return rows

    def body_above(self, holder: BodyId, day: date) -> BodyId | None:
        """A centre before a committee; the nearest level first."""
        query = (
            "SELECT b.id FROM body h JOIN area_closure c ON c.area_id = h.area_id AND c.ancestor_id <> h.area_id"
            " AND c.valid_from <= %(day)s AND %(day)s < c.valid_until"
            " JOIN body b ON b.area_id = c.ancestor_id AND b.kind IN ('centre', 'committee') AND NOT b.dissolved"
            " JOIN area a ON a.id = c.ancestor_id WHERE h.id = %(holder)s"
            " ORDER BY array_position(ARRAY['village', 'township', 'county', 'city', 'province'], a.level),"
            " b.kind, b.code LIMIT 1"
        )
        with self._pool.connection() as connection, connection.cursor(row_factory=scalar_row) as cursor:
            found = cursor.execute(query, {"holder": holder, "day": day}).fetchone()
        return BodyId(found) if found else None
