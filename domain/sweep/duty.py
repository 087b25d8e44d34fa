"""应排查 Who is due: a unit's month is opened once, and ends early where the unit does."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from domain.shared.calendar import DAY, add_months, local_day
from domain.shared.errors import Conflict, Refused
from domain.shared.occasion import Occasion
from domain.shared.values import AreaId, BodyId, Day, Level
from domain.sweep.kinds import DAILY, SweepStage
from domain.sweep.sweep import SweepCommand, SweepEvent, SweepMonth


class NoDailySweep(Refused):
    """Grids sweep and villages review each day; other levels meet."""


class NotDueThen(Conflict):
    """The duty has ended on or before that day already."""


def first_of(day: date) -> date:
    return day.replace(day=1)


class OpenMonth(SweepCommand):
    """开立当月排查台账: by the clock on the first day, or with the first report.

    A month that is over is opened by a late report only, and of its other days nobody is called late."""

    allowed_in: ClassVar = frozenset({SweepStage.NEW})
    by_clock = True
    due_from: Day

    def decide(self, month: SweepMonth, on: Occasion) -> tuple[SweepEvent, ...]:
        area = on.area(self.unit)
        if area.level not in DAILY:
            raise NoDailySweep(level=area.level)
        first, end = first_of(on.day), add_months(first_of(on.day), 1)
        due_from = min(max(self.due_from, first), end)
        until = end if first == first_of(local_day(on.now)) else min(due_from + DAY, end)
        opened = MonthOpened(unit=self.unit, level=area.level, body=on.body.id, due_from=due_from, due_until=until)
        return (opened,)


class MonthOpened(SweepEvent):
    name: ClassVar = "sweep.month_opened"
    of = (OpenMonth,)
    unit: AreaId
    level: Level
    body: BodyId
    """The one that stands for the unit, or that reported for it first."""
    due_from: date
    due_until: date

    def evolve(self, month: SweepMonth, at: datetime) -> SweepMonth:
        return month.but(
            stage=SweepStage.OPEN,
            unit=self.unit,
            level=self.level,
            due_from=self.due_from,
            due_until=self.due_until,
        )


class EndDuty(SweepCommand):
    """不再排查: the unit was merged, or has nobody any more."""

    allowed_in: ClassVar = frozenset({SweepStage.OPEN})
    by_clock = True
    due_until: Day

    def decide(self, month: SweepMonth, on: Occasion) -> tuple[SweepEvent, ...]:
        if month.due_until is None or self.due_until >= month.due_until:
            raise NotDueThen(due_until=month.due_until)
        return (DutyEnded(due_until=self.due_until),)


class DutyEnded(SweepEvent):
    name: ClassVar = "sweep.duty_ended"
    of = (EndDuty,)
    due_until: date

    def evolve(self, month: SweepMonth, at: datetime) -> SweepMonth:
        return month.but(due_until=self.due_until)
