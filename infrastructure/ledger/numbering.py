"""Case codes and file numbers: serials that are given under the feed's lock, and so have no gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.shared.calendar import local_day
from domain.shared.decider import Numbered
from infrastructure.ledger.stored import Draft
from infrastructure.postgres.pipeline import Ask, Statement, Wire, bigint, bigints, integer, texts, uuids

Kind = tuple[UUID, str]
"""A row of numbers is told by whose it is, and of what."""
TAKE = Statement(
    b"take",
    b"INSERT INTO serials AS s SELECT r.body, r.kind, $4::bigint, r.count"
    b" FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS r (body, kind, count)"
    b" ON CONFLICT (body, kind, year) DO UPDATE SET last = s.last + EXCLUDED.last RETURNING body, kind, last",
)


def number(wire: Wire, drafts: Iterable[Draft], recorded_at: datetime) -> dict[UUID, Draft]:
    """Those that take a number, with it, by event. The year is that of the recording. In one statement, in the order
    of the drafts. What has a number keeps it: a corrected entry is still the one that is written on every paper."""
    taking = [(one, one.event) for one in drafts if isinstance(one.event, Numbered) and not one.event.given]
    if not taking:
        return {}
    year = local_day(recorded_at).year
    series = [event.series() for _, event in taking]
    following = _taken(wire, Counter((one.body, one.kind) for one in series), year)
    numbered = dict[UUID, Draft]()
    for (one, event), row in zip(taking, series, strict=True):
        serial = following[row.body, row.kind]
        following[row.body, row.kind] = serial + 1
        numbered[one.id] = replace(one, event=event.numbered(year, serial))
    return numbered


def _taken(wire: Wire, counts: Counter[Kind], year: int) -> dict[Kind, int]:
    """The first of the numbers that were taken, of each row."""
    kinds: Sequence[Kind] = list(counts)
    values = (
        uuids(body for body, _ in kinds),
        texts(kind for _, kind in kinds),
        bigints(counts[one] for one in kinds),
        bigint(year),
    )
    (rows,) = wire.ask(Ask(TAKE, values))
    last = {(UUID(bytes=body), kind.decode()): integer(taken) for body, kind, taken in rows}
    return {one: last[one] - counts[one] + 1 for one in kinds}
