"""执行与支付令 Court remedies: what was agreed is enforced, or a payment order is asked for, and the court decides."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationCommand, MediationEvent
from domain.case.kinds import Category, CourtRemedy
from domain.case.limits import ENFORCE_APPLY
from domain.case.mediations import Confirmation, Mediation, Stage
from domain.shared.errors import Conflict, Refused
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.references import PartyRef, WillingParty
from domain.shared.values import Line
from domain.statutes import LABOUR_DISPUTES_LAW

IN_EFFECT = frozenset({Stage.IN_EFFECT})
PAYMENT_ORDERS = LABOUR_DISPUTES_LAW["第十六条"]


class NothingOwed(Conflict):
    """Everything that was promised is done."""


class NotConfirmedYet(Refused):
    """Only what the court has confirmed is enforced (人民调解法 33)."""


class TooLateToEnforce(Refused):
    """The two years are over (民诉法 250)."""


class NoLabourDispute(Refused):
    """A payment order on an agreement is for wages and the like (劳动争议调解仲裁法 16)."""


class RemedyPending(Conflict):
    """The court was asked, and has not decided."""


class NoRemedyPending(Conflict):
    """The court was not asked, or has decided."""


class SeekRemedy(MediationCommand):
    """登记申请执行、支付令"""

    allowed_in = IN_EFFECT
    rule = ENFORCE_APPLY.basis
    applicant: WillingParty
    remedy: CourtRemedy
    court: Line = ""

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        if mediation.agreement and mediation.agreement.remedy is not None:
            raise RemedyPending(mediation=mediation.number)
        if mediation.agreement and not any(one.is_owed for one in mediation.agreement.obligations.values()):
            raise NothingOwed(mediation=mediation.number)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        agreement = case.mediation(self.mediation).reached
        if self.remedy is CourtRemedy.PAYMENT_ORDER and case.category is not Category.LABOUR:
            raise NoLabourDispute(basis=str(PAYMENT_ORDERS))
        if self.remedy is CourtRemedy.ENFORCEMENT:
            if agreement.confirmation is not Confirmation.GRANTED:
                raise NotConfirmedYet(mediation=self.mediation)
            if agreement.enforce and agreement.enforce.over(on.occurred_at):
                raise TooLateToEnforce(enforce_by=agreement.enforce.day, basis=str(ENFORCE_APPLY.basis))
        sought = RemedySought(mediation=self.mediation, applicant=self.applicant, remedy=self.remedy, court=self.court)
        return (sought,)


class RemedySought(MediationEvent):
    name: ClassVar = "case.remedy_sought"
    of = (SeekRemedy,)
    applicant: PartyRef
    remedy: CourtRemedy
    court: Correctable[Line]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        agreement = case.mediations[self.mediation].reached.but(remedy=self.remedy)
        return case.with_mediation(self.mediation, agreement=agreement)


class DecideRemedy(MediationCommand):
    """登记法院对执行、支付令申请的处理"""

    allowed_in = IN_EFFECT
    granted: bool
    ruling: Line

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        if mediation.agreement and mediation.agreement.remedy is None:
            raise NoRemedyPending(mediation=mediation.number)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (RemedyDecided(mediation=self.mediation, granted=self.granted, ruling=self.ruling),)


class RemedyDecided(MediationEvent):
    name: ClassVar = "case.remedy_decided"
    of = (DecideRemedy,)
    granted: Correctable[bool]
    ruling: Correctable[Line]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        agreement = case.mediations[self.mediation].reached.but(remedy=None)
        return case.with_mediation(self.mediation, agreement=agreement)
