"""纠纷类别 Category: of what kind a dispute is, as it is found out; what runs from its receipt."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.begun import by_category
from domain.case.case import DisputeCase
from domain.case.commands import WHILE_KEPT, CaseCommand, CaseEvent
from domain.case.kinds import Category
from domain.case.mediating.agreement import WrittenFormNeeded, only_in_writing, written_form
from domain.case.organ_papers import Receipt
from domain.shared.law import Due
from domain.shared.marks import Correctable, Framed
from domain.shared.occasion import Occasion
from domain.shared.values import Composed, Line


class ClassifyCase(CaseCommand):
    """确定纠纷类别"""

    allowed_in = WHILE_KEPT
    category: Category
    subcategory: Line = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if found := only_in_writing(case, self.category):
            raise WrittenFormNeeded(mediation=found[0].number, basis=str(written_form(self.category, found[0])))
        receipt = case.receipt or Receipt(asked_of=on.body.channel, requested_at=case.request_received_at)
        classified = CaseClassified(category=self.category, subcategory=self.subcategory, receipt=receipt)
        return (classified.worked_out(case, on.occurred_at, on),)


class CaseClassified(CaseEvent):
    name: ClassVar = "case.classified"
    framed: ClassVar = True
    of = (ClassifyCase,)
    category: Framed[Correctable[Category]]
    subcategory: Correctable[Line]
    receipt: Framed[Receipt | None] = None
    """From what its limits are counted; None: of an entry that is older than this."""
    begins: Framed[tuple[Due, ...]] = ()
    stops: Framed[tuple[Composed, ...]] = ()
    """The limits, by their codes, that do not run in a dispute of this category."""

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return not only_in_writing(case, self.category)

    def worked_out(self, case: DisputeCase, at: datetime, on: Occasion) -> CaseClassified:
        if self.receipt is None or case.registered_at is None:
            return self
        begins, stops = by_category(self.category, case.receipt or self.receipt, case.registered_at, on)
        same = [(one.clock, one.since) for one in begins] == [(one.clock, one.since) for one in self.begins]
        return self if same and stops == self.stops else self.but(begins=begins, stops=stops)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(category=self.category).with_begun(self.begins, self.stops)
