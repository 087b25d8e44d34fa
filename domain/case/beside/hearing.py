"""听证 Hearing: what a petition's hearing needs does not count in the time to review it again (信访工作条例 36)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar

from annotated_types import Ge, Le

from domain.case.beside.proceeding_limits import PETITION_REVIEW_DECIDE
from domain.case.beside.proceedings import MatterIsOver, NoSuchMatter
from domain.case.case import DisputeCase, Proceeding
from domain.case.commands import WHILE_KEPT, CaseCommand, CaseEvent
from domain.case.kinds import MatterStep
from domain.shared.calendar import DAY, local_day
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Due
from domain.shared.marks import Framed
from domain.shared.occasion import Occasion
from domain.shared.values import Day
from domain.statutes import PETITIONS_REGULATION

HEARINGS = PETITIONS_REGULATION["第三十六条"]


class OnlyOfAReview(Conflict):
    """Only the time to review a petition again stands still for a hearing (信访工作条例 36)."""


class HearingOutside(Refused):
    """A hearing ends after it began, and lies in the time that it is taken out of."""


class HeardAlready(Conflict):
    """These days were taken out already: a day that does not count does not count once."""


def _days(first: date, last: date) -> list[date]:
    return [first + number * DAY for number in range((last - first).days + 1)]


class RecordHearing(CaseCommand):
    """登记信访复核听证"""

    allowed_in = WHILE_KEPT
    rule = HEARINGS
    matter: Annotated[int, Ge(1), Le(1_000)]
    """Its number among those of the case."""
    first_day: Day
    last_day: Day

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        matter, due = self._reviewed(case)
        if not local_day(matter.since) <= self.first_day <= self.last_day <= min(on.day, due.day):
            raise HearingOutside(since=local_day(matter.since), due=due.day, basis=str(HEARINGS))
        if not (days := [one for one in _days(self.first_day, self.last_day) if one not in matter.heard]):
            raise HeardAlready(matter=self.matter, basis=str(HEARINGS))
        for day in days:
            due = due.without(day - DAY, day, on.calendar)
        held = HearingHeld(
            matter=self.matter, first_day=self.first_day, last_day=self.last_day, due=due, days=tuple(days)
        )
        return (held,)

    def _reviewed(self, case: DisputeCase) -> tuple[Proceeding, Due]:
        matter = case.matters.get(self.matter)
        if matter is None:
            raise NoSuchMatter(matter=self.matter)
        if matter.over:
            raise MatterIsOver(matter=self.matter)
        if matter.due is None or matter.due.clock != PETITION_REVIEW_DECIDE.code:
            raise OnlyOfAReview(matter=self.matter, basis=str(HEARINGS))
        return matter, matter.due


class HearingHeld(CaseEvent):
    name: ClassVar = "case.hearing_held"
    framed: ClassVar = True
    of = (RecordHearing,)
    matter: Framed[int]
    first_day: Framed[date]
    last_day: Framed[date]
    due: Framed[Due]
    days: Framed[tuple[date, ...]] = ()
    """Those of them that were not taken out before; none: the entry is older than this."""

    def has_place_in(self, state: DisputeCase) -> bool:
        return self.matter in state.matters

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        matter = case.matters.get(self.matter)
        reviewed = matter is not None and matter.step is MatterStep.PETITION_REVIEW and not matter.over
        return reviewed and matter is not None and at >= matter.since

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        matter = case.matters[self.matter]
        return case.with_matter(self.matter, matter.but(due=self.due, heard=matter.heard | frozenset(self.days)))
