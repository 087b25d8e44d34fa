"""延长调解期限 Extension: the parties agree on a later day, where the law lets them."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationCommand, MediationEvent
from domain.case.limits import BY_CODE, PM_CONCLUDE
from domain.case.mediating.consent import ToExtension
from domain.case.mediating.unanimous import consents_of_all
from domain.case.mediations import Mediation, Stage
from domain.case.opening.parties import WillingParties
from domain.case.record import read_from_state
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Extension, ends_later
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.values import Day, Form, Text


class NotLater(Refused):
    """An extension ends later than the present date."""


class FixedByLaw(Conflict):
    """The law lets nobody extend this time, the parties neither (for example 医疗纠纷条例 40)."""


def refuse_unextendable(mediation: Mediation) -> None:
    """Raises FixedByLaw."""
    limit = BY_CODE.get(mediation.conclude.clock) if mediation.conclude else None
    if limit and limit.extended_by is not Extension.PARTIES:
        raise FixedByLaw(clock=limit.code, basis=str(limit.basis))


class ExtendMediation(MediationCommand):
    """延长调解期限"""

    allowed_in = frozenset({Stage.CONSENTED, Stage.UNDER_WAY, Stage.PAUSED})
    rule = PM_CONCLUDE.basis
    until: Day
    consented: WillingParties
    form: Form = Form.WRITTEN
    reason: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        mediation = case.mediation(self.mediation)
        refuse_unextendable(mediation)
        present = mediation.conclude_by
        if self.until <= (present or on.day):
            raise NotLater(until=self.until, present=present)
        subject = ToExtension(mediation=self.mediation, until=self.until)
        consents = consents_of_all(case, frozenset(self.consented), subject, self.form)
        return (*consents, MediationExtended(mediation=self.mediation, until=self.until, reason=self.reason))


class MediationExtended(MediationEvent):
    name: ClassVar = "case.mediation_extended"
    of = (ExtendMediation,)
    until: date
    reason: Correctable[Text]

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return ends_later(self.until, case.mediations[self.mediation].conclude_by)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        """Only the day is told, and not the rest of what is due."""
        due = read_from_state.extended(case.mediations[self.mediation].conclude, self.until, at)
        return case.with_mediation(self.mediation, conclude=due)
