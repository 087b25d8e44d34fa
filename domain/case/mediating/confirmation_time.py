"""司法确认的期限 The court's own time for a confirmation: ten more days, once, approved by its president."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationCommand, MediationEvent
from domain.case.limits import JC_DECIDE
from domain.case.mediating.confirmation import IN_EFFECT, refuse_unless_applied
from domain.case.mediations import Mediation
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Due, Unit, ends_later, last_of
from domain.shared.marks import Correctable, OfAnOfficial
from domain.shared.occasion import Occasion
from domain.shared.values import Day, Line, NameAndPost, Narrative, Reason

MORE_DAYS = 10
"""经本院院长批准，可以延长十日 (法释〔2011〕5号 5)."""


class NotAdmittedYet(Conflict):
    """The court has not accepted the application: its time to decide does not run."""


class DecisionExtendedAlready(Conflict):
    """The president of the court has given more time once already."""


class LongerThanTenDays(Refused):
    """The new day is not later, or more than ten days later (法释〔2011〕5号 5)."""


class ExtendConfirmation(MediationCommand):
    """登记司法确认审查延长期限"""

    allowed_in = IN_EFFECT
    rule = JC_DECIDE.basis
    until: Day
    approved_by: OfAnOfficial[NameAndPost]
    """The president of the court."""
    reason: Reason

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_unless_applied(mediation)
        if mediation.agreement and mediation.agreement.decide is None:
            raise NotAdmittedYet(mediation=mediation.number, basis=str(JC_DECIDE.basis))
        if mediation.agreement and mediation.agreement.decide_extended:
            raise DecisionExtendedAlready(mediation=mediation.number, basis=str(JC_DECIDE.basis))

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        due = case.mediation(self.mediation).reached.decide
        assert due
        last = last_of(due.day, MORE_DAYS, Unit.DAYS, on.calendar)
        if not due.day < self.until <= last:
            raise LongerThanTenDays(until=self.until, due=due.day, latest=last, basis=due.basis)
        longer = due.but(day=self.until, provisional=on.calendar.is_provisional(self.until), counted_in=None)
        extended = ConfirmationExtended(
            mediation=self.mediation,
            decide_by=longer,
            approved_by=self.approved_by,
            reason=on.narrative(self.reason),
        )
        return (extended,)


class ConfirmationExtended(MediationEvent):
    name: ClassVar = "case.confirmation_extended"
    of = (ExtendConfirmation,)
    decide_by: Due
    approved_by: Correctable[OfAnOfficial[Line]]
    reason: Correctable[Narrative]

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        due = case.mediations[self.mediation].reached.decide
        return ends_later(self.decide_by.day, due.day if due else None)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        agreement = case.mediations[self.mediation].reached.but(decide=self.decide_by, decide_extended=True)
        return case.with_mediation(self.mediation, agreement=agreement)
