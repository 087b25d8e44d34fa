"""撤回与撤销 Undone: an application for confirmation is taken back, or the court sets its own ruling aside."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationCommand, MediationEvent
from domain.case.ending.undoing import undoing, undone
from domain.case.limits import JC_DECIDE
from domain.case.mediating.confirmation import IN_EFFECT, refuse_unless_applied, with_confirmation
from domain.case.mediations import Confirmation, Mediation
from domain.case.opening.parties import Parties, WillingParties
from domain.case.service_limits import counted_as
from domain.shared.errors import Conflict
from domain.shared.law import Due
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.values import Line, Narrative, Text
from domain.statutes import CONFIRMATION_RULES

SET_ASIDE = CONFIRMATION_RULES["第十条"]


class WithdrawConfirmation(MediationCommand):
    """撤回司法确认申请"""

    allowed_in = IN_EFFECT
    rule = JC_DECIDE.basis
    parties: WillingParties
    """One of them is enough (法释〔2011〕5号 5 II)."""
    reason: Text = ""

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_unless_applied(mediation)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        withdrawn = ConfirmationWithdrawn(
            mediation=self.mediation,
            parties=self.parties,
            reason=on.narrative(self.reason),
            **undoing(case, self.mediation, on),
        )
        return (withdrawn,)


class ConfirmationWithdrawn(MediationEvent):
    """The agreement binds as it did, and may be applied for again while the thirty days last; but the dispute is not
    resolved any more, until the court confirms it or it is closed as agreed."""

    name: ClassVar = "case.confirmation_withdrawn"
    of = (WithdrawConfirmation,)
    parties: Parties
    reason: Correctable[Narrative]
    undoes: bool = False
    """False also of an entry that is older than this."""
    held: Due | None = None

    def counted_anew(self, at: datetime, on: Occasion) -> ConfirmationWithdrawn:
        return self.but(held=counted_as(self.held, at, on)) if self.held else self

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        agreement = case.mediations[self.mediation].reached
        asked_nothing = agreement.but(confirmation=None, admit=None, decide=None, decide_extended=False)
        withdrawn = case.with_mediation(self.mediation, agreement=asked_nothing.but(taken_back=self.undoes))
        return undone(withdrawn, self.undoes, self.held)


class NotGranted(Conflict):
    """The court has not confirmed it."""


class RevokeConfirmation(MediationCommand):
    """登记撤销司法确认"""

    allowed_in = IN_EFFECT
    rule = SET_ASIDE
    ruling: Line
    reason: Text = ""

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        if mediation.agreement and mediation.agreement.confirmation is not Confirmation.GRANTED:
            raise NotGranted(mediation=mediation.number, basis=str(SET_ASIDE))

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        revoked = ConfirmationRevoked(
            mediation=self.mediation,
            ruling=self.ruling,
            reason=on.narrative(self.reason),
            **undoing(case, self.mediation, on),
        )
        return (revoked,)


class ConfirmationRevoked(MediationEvent):
    """Somebody whose rights it harmed asked the court to set it aside (法释〔2011〕5号 10)."""

    name: ClassVar = "case.confirmation_revoked"
    of = (RevokeConfirmation,)
    ruling: Correctable[Line]
    reason: Correctable[Narrative]
    undoes: bool
    held: Due | None

    def counted_anew(self, at: datetime, on: Occasion) -> ConfirmationRevoked:
        return self.but(held=counted_as(self.held, at, on)) if self.held else self

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return undone(with_confirmation(case, self.mediation, Confirmation.REVOKED), self.undoes, self.held)
