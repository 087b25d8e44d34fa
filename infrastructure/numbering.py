"""Case codes and file numbers: serials that are read under the feed's lock, and so have no gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Cursor

from domain.shared.calendar import local_day
from domain.shared.decider import Numbered
from infrastructure.stored import Draft


def number(cursor: Cursor[Any], drafts: Sequence[Draft], recorded_at: datetime) -> tuple[list[Draft], dict[UUID, str]]:
    """The drafts with their numbers filled in, and the numbers given by event. The year is that of the recording."""
    year = local_day(recorded_at).year
    numbered, given = [], dict[UUID, str]()
    for one in drafts:
        if isinstance(one.event, Numbered):
            series = one.event.series()
            event = one.event.numbered(year, _next(cursor, series.body, series.kind, year))
            one, given[one.id] = replace(one, event=event), event.given
        numbered.append(one)
    return numbered, given


def _next(cursor: Cursor[Any], body: UUID, kind: str, year: int) -> int:
    row = cursor.execute(
        "INSERT INTO serials AS s VALUES (%s, %s, %s, 1)"
        " ON CONFLICT (body, kind, year) DO UPDATE SET last = s.last + 1 RETURNING last",
        [body, kind, year],
    ).fetchone()
    assert row
    return int(row["last"])
