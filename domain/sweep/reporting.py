"""日报 Reports: zero, or the cases that were found. The day that was swept is the day on which it happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar

from annotated_types import Len

from domain.shared.calendar import local_day
from domain.shared.errors import Conflict, Missing
from domain.shared.occasion import Occasion
from domain.shared.values import CaseId, Day
from domain.sweep.kinds import SWEEPING, SweepStage, WithdrawalGround
from domain.sweep.sweep import SweepCommand, SweepEvent, SweepMonth

OPEN = frozenset({SweepStage.OPEN})
MOST_FINDS = 20
Cases = Annotated[tuple[CaseId, ...], Len(1, MOST_FINDS)]


class ReportedAlready(Conflict):
    """The unit has reported of that day: the report is withdrawn first, where it was wrong."""


class NothingReported(Missing):
    """Nothing stands reported of that day."""


class ReportZero(SweepCommand):
    """零报告"""

    allowed_in: ClassVar = OPEN
    rule = SWEEPING

    def decide(self, month: SweepMonth, on: Occasion) -> tuple[SweepEvent, ...]:
        if on.day in month.reports:
            raise ReportedAlready(day=on.day)
        return (ZeroReported(),)


class ZeroReported(SweepEvent):
    """All there is to it: which unit says the stream, which day the time at which it happened."""

    name: ClassVar = "sweep.zero_reported"
    of = (ReportZero,)

    def evolve(self, month: SweepMonth, at: datetime) -> SweepMonth:
        return month.with_report(local_day(at), ())


class ReportFinds(SweepCommand):
    """报告发现的纠纷: also on a day of which zero, or something else, was reported before."""

    allowed_in: ClassVar = OPEN
    rule = SWEEPING
    cases: Cases

    def decide(self, month: SweepMonth, on: Occasion) -> tuple[SweepEvent, ...]:
        return (FindsReported(cases=(*month.reports.get(on.day, ()), *self.cases)),)


class FindsReported(SweepEvent):
    name: ClassVar = "sweep.finds_reported"
    of = (ReportFinds,)
    cases: Annotated[tuple[CaseId, ...], Len(1)]
    """All that were found on that day, those told before included."""

    def evolve(self, month: SweepMonth, at: datetime) -> SweepMonth:
        return month.with_report(local_day(at), self.cases)


class WithdrawReport(SweepCommand):
    """作废日报: it stays on record; the right one is reported after it. Cases that it opened stay open."""

    allowed_in: ClassVar = OPEN
    day: Day
    because: WithdrawalGround

    def decide(self, month: SweepMonth, on: Occasion) -> tuple[SweepEvent, ...]:
        if self.day not in month.reports:
            raise NothingReported(day=self.day)
        return (ReportWithdrawn(day=self.day, because=self.because),)


class ReportWithdrawn(SweepEvent):
    name: ClassVar = "sweep.report_withdrawn"
    of = (WithdrawReport,)
    day: date
    because: WithdrawalGround

    def evolve(self, month: SweepMonth, at: datetime) -> SweepMonth:
        return month.with_nothing_of(self.day)
