"""试算 What a rule pack would have changed: last year's dates counted again with its limits; nothing is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from application.jurisdiction import JurisdictionRegister
from application.ports import Ledger
from application.rules import CLOCKS
from domain.rules.local import RulePack, local_limits
from domain.shared.calendar import Calendar, local_day
from domain.shared.decider import Entry
from domain.shared.law import Due, TimeLimit
from domain.shared.values import AreaId, BodyId, Value

YEAR = timedelta(days=365)
PAGE = 1000
LARGEST = 10

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Difference:
    """One date, as it was recorded and as it would have been."""

    stream: UUID
    clock: str
    recorded: date
    tried: date
    moved: timedelta


@dataclass
class TrialLine:
    """A clock of the pack. Overdue: the stream went on at or after the end of the limit, or has been silent past it."""

    counted: int = 0
    overdue: int = 0
    overdue_tried: int = 0
    earlier: int = 0
    later: int = 0


@dataclass(frozen=True)
class Trial:
    """What came out, by clock; clocks of the pack that counted nothing stand with zeros."""

    since: datetime
    until: datetime
    dates: int
    lines: Mapping[str, TrialLine]
    differences: list[Difference]


@dataclass(frozen=True)
class _Counted:
    """A date of last year and its limit's end under the pack."""

    stream: UUID
    position: int
    due: Due
    tried: Due

    @property
    def key(self) -> tuple[UUID, str, datetime]:
        return self.stream, self.due.clock, self.due.since


@dataclass
class _Reading:
    found: dict[tuple[UUID, str, datetime], _Counted] = field(default_factory=dict)
    """A date that a correction repeats counts once, as it reads now."""
    last: dict[UUID, tuple[int, datetime]] = field(default_factory=dict)
    """By stream: where and when it last recorded anything that happened."""

    def went_on_until(self, one: _Counted, now: datetime) -> datetime:
        """When its stream last recorded something after the date; where it recorded nothing since: now."""
        position, moment = self.last[one.stream]
        return moment if position > one.position else now


class Trials:
    """Reads the whole feed, a page at a time, and keeps last year's dates of the pack's clocks and area."""

    def __init__(self, ledger: Ledger, register: JurisdictionRegister) -> None:
        self._ledger = ledger
        self._register = register

    def of(self, pack: RulePack, calendar: Calendar, now: datetime, progress: Progress) -> Trial:
        limits = local_limits([pack.but(in_force_until=None)], [pack.area], pack.in_force_from, CLOCKS)
        inside = _Inside(self._register, self._register.descendants(pack.area, local_day(now)))
        since, reading = now - YEAR, _Reading()
        for entry in self._entries(progress):
            reading.last[entry.stream] = entry.position, entry.occurred_at
            if entry.recorded_at >= since:
                reading.found |= {one.key: one for one in _counted(entry, limits, calendar, inside)}
        return _told(reading, limits, since, now)

    def _entries(self, progress: Progress) -> Iterator[Entry[Any]]:
        after, head = 0, self._ledger.head()
        while after < head and (page := self._ledger.feed(after, PAGE)):
            yield from page
            after = page[-1].position
            progress(min(after, head), head)


class _Inside:
    """Whether a body sits in the area, asked once for each body."""

    def __init__(self, register: JurisdictionRegister, areas: frozenset[AreaId]) -> None:
        self._register = register
        self._areas = areas
        self._known: dict[tuple[BodyId, date], bool] = {}

    def has(self, body: BodyId, day: date) -> bool:
        if (body, day) not in self._known:
            facts = self._register.body(body, day)
            self._known[body, day] = facts is not None and facts.area in self._areas
        return self._known[body, day]


def _counted(
    entry: Entry[Any], limits: Mapping[str, TimeLimit], calendar: Calendar, inside: _Inside
) -> Iterable[_Counted]:
    for due in dues(entry.event):
        if (limit := limits.get(due.clock)) and inside.has(entry.stamp.body, local_day(entry.occurred_at)):
            yield _Counted(entry.stream, entry.position, due, limit.counted(due.since, calendar))


def dues(value: Any) -> Iterator[Due]:
    """Every date that a limit led to, wherever in the event it stands."""
    if isinstance(value, Due):
        yield value
    elif isinstance(value, Value):
        for name in type(value).model_fields:
            yield from dues(getattr(value, name))
    elif isinstance(value, Mapping):
        yield from dues(tuple(value.values()))
    elif isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from dues(one)


def _told(reading: _Reading, limits: Mapping[str, TimeLimit], since: datetime, now: datetime) -> Trial:
    lines = {code: TrialLine() for code in limits}
    differences = [_tell(one, reading.went_on_until(one, now), lines[one.due.clock]) for one in reading.found.values()]
    moved = sorted((one for one in differences if one.moved), key=lambda one: (-abs(one.moved), one.stream))
    dates = sum(line.counted for line in lines.values())
    return Trial(since=since, until=now, dates=dates, lines=lines, differences=moved[:LARGEST])


def _tell(one: _Counted, until: datetime, line: TrialLine) -> Difference:
    moved = one.tried.end - one.due.end
    line.counted += 1
    line.overdue += one.due.over(until)
    line.overdue_tried += one.tried.over(until)
    line.earlier += moved < timedelta()
    line.later += moved > timedelta()
    return Difference(one.stream, one.due.clock, one.due.day, one.tried.day, moved)
