"""A unit's month by itself: decided and folded without a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from domain.shared.calendar import SHANGHAI, Calendar
from domain.shared.decider import Entry, History, Stamp, decide
from domain.shared.occasion import AreaFacts, BodyFacts, Occasion
from domain.shared.values import AreaId, BodyId, BodyKind, CaseId, Level, OfficerId
from domain.sweep.duty import OpenMonth
from domain.sweep.sweep import SweepMonth, sweep_id

SPACE = UUID(int=17)
GRID, VILLAGE, TOWN = (AreaId(uuid5(SPACE, one)) for one in ("grid", "village", "town"))
BODY, OFFICER = BodyId(uuid5(SPACE, "body")), OfficerId(uuid5(SPACE, "officer"))
CASE, OTHER = (CaseId(uuid5(SPACE, one)) for one in ("case", "other"))
NOW = datetime(2026, 3, 20, 18, tzinfo=SHANGHAI)
LEVELS = {GRID: Level.GRID, VILLAGE: Level.VILLAGE, TOWN: Level.TOWNSHIP}
WITHIN = {GRID: {GRID, VILLAGE, TOWN}, VILLAGE: {VILLAGE, TOWN}, TOWN: {TOWN}}
HERE = BodyFacts(
    id=BODY,
    area=GRID,
    level=Level.GRID,
    kind=BodyKind.GRID,
    channel=None,
    code="WG",
    short_name="网格",
    members=frozenset(),
    term_ended=False,
    answers_for=BODY,
)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


def march(day: int) -> date:
    return date(2026, 3, day)


def occasion(at: datetime = NOW, now: datetime = NOW) -> Occasion:
    areas = {
        id: AreaFacts(id=id, level=level, in_force=True, within=frozenset(WITHIN[id])) for id, level in LEVELS.items()
    }
    return Occasion(
        by=OFFICER,
        body=HERE,
        occurred_at=at,
        now=now,
        seed=uuid5(SPACE, str(at)),
        calendar=Calendar(version="none", published_until=date.max, holidays=frozenset(), make_up_workdays=frozenset()),
        areas=areas,
        bodies={BODY: HERE},
    )


def blank(unit: AreaId = GRID, day: date | None = None) -> History[Any]:
    id = sweep_id(unit, day or march(1))
    return History.of(id, SweepMonth.blank(id), ())


def then(history: History[Any], command: Any, at: datetime = NOW, now: datetime = NOW) -> History[Any]:
    return recorded(history, decide(history, command, occasion(at, now)), at, now)


def recorded(history: History[Any], events: Sequence[Any], at: datetime, now: datetime) -> History[Any]:
    stamp = Stamp(OFFICER, BODY, at, None, SPACE, SPACE, None)
    entries = [
        Entry(uuid5(SPACE, f"{history.id} {version}"), history.id, version, version, now, event, stamp)
        for version, event in enumerate(events, history.version + 1)
    ]
    return history.then(entries)


def opened(since: int = 1, unit: AreaId = GRID) -> History[Any]:
    return then(blank(unit), OpenMonth(unit=unit, due_from=march(since)), noon(march(since)))
