"""延长 Extension: another organ takes longer over its own matter, once, as far as its law lets its head or superior."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar

from annotated_types import Ge, Le

from domain.case.beside.proceeding_limits import PETITION_CONCLUDE, PSB_CASE, TRIAL_ORD, TRIAL_SMALL, TRIAL_SUM
from domain.case.beside.proceedings import MatterIsOver, NoSuchMatter
from domain.case.case import DisputeCase, Proceeding
from domain.case.commands import WHILE_KEPT, CaseCommand, CaseEvent
from domain.case.kinds import OrganKind
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Due, Unit, ends_later, last_of
from domain.shared.marks import Correctable, Framed, OfAnOfficial
from domain.shared.occasion import Occasion
from domain.shared.values import Day, Line, NameAndPost, Narrative, Reason

LONGEST: Mapping[str, tuple[int, Unit]] = {
    TRIAL_ORD.code: (6, Unit.MONTHS),  # 民诉法 152
    TRIAL_SUM.code: (1, Unit.MONTHS),  # 民诉法 164
    TRIAL_SMALL.code: (1, Unit.MONTHS),  # 民诉法 168
    PETITION_CONCLUDE.code: (30, Unit.DAYS),  # 信访工作条例 34
    PSB_CASE.code: (30, Unit.DAYS),  # 治安管理处罚法
}
"""So much longer at most, from the day that it was due."""


class NotExtendable(Conflict):
    """No rule lets this time be extended, or it was extended already."""


class LongerThanAllowed(Refused):
    """The new day is not later, or later than the rule lets it be."""


class ReasonsNotTold(Refused):
    """A petitioner is told why it takes longer (信访工作条例 34)."""


class ExtendMatter(CaseCommand):
    """登记其他机关程序延长期限"""

    allowed_in = WHILE_KEPT
    matter: Annotated[int, Ge(1), Le(1_000)]
    """Its number among those of the case."""
    until: Day
    approved_by: OfAnOfficial[NameAndPost]
    """Name and post: its head, or the organ above."""
    reason: Reason
    reasons_told: bool = False
    """Whether the petitioner was told the reasons."""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        matter, due = self._extendable(case)
        length, unit = LONGEST[due.clock]
        last = last_of(due.day, length, unit, on.calendar)
        if not due.day < self.until <= last:
            raise LongerThanAllowed(until=self.until, due=due.day, latest=last, basis=due.basis)
        if matter.organ is OrganKind.PETITION and not self.reasons_told:
            raise ReasonsNotTold(basis=due.basis)
        longer = due.but(day=self.until, provisional=on.calendar.is_provisional(self.until), counted_in=None)
        extended = MatterExtended(
            matter=self.matter, due=longer, approved_by=self.approved_by, reason=on.narrative(self.reason)
        )
        return (extended,)

    def _extendable(self, case: DisputeCase) -> tuple[Proceeding, Due]:
        matter = case.matters.get(self.matter)
        if matter is None:
            raise NoSuchMatter(matter=self.matter)
        if matter.over:
            raise MatterIsOver(matter=self.matter)
        if matter.due is None or matter.due.clock not in LONGEST or matter.extended:
            raise NotExtendable(matter=self.matter)
        return matter, matter.due


class MatterExtended(CaseEvent):
    name: ClassVar = "case.matter_extended"
    framed: ClassVar = True
    of = (ExtendMatter,)
    matter: Framed[int]
    due: Framed[Due]
    approved_by: Correctable[OfAnOfficial[Line]]
    reason: Correctable[Narrative]

    def has_place_in(self, state: DisputeCase) -> bool:
        return self.matter in state.matters

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        matter = case.matters.get(self.matter)
        if matter is None or matter.over or at < matter.since or matter.extended:
            return False
        return ends_later(self.due.day, matter.due.day if matter.due else None)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.with_matter(self.matter, case.matters[self.matter].but(due=self.due, extended=True))
