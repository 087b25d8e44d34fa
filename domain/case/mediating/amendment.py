"""变更协议 Amendment: an agreement is changed with all signatures; what is still owed is owed as it says now."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from annotated_types import Len

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationCommand, MediationEvent
from domain.case.ending.closing import refuse_unreported
from domain.case.kinds import Extent
from domain.case.laws import CONFIRMATION, CONTENT
from domain.case.mediating.agreement import DueBeforeAgreement, Obligation, Promise, promised, refuse_stranger
from domain.case.mediating.effect import confirm_until
from domain.case.mediating.signing import refuse_unaccepted
from domain.case.mediations import Confirmation, Mediation, ObligationState, Stage
from domain.case.opening.parties import Parties, WillingParties
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Due
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.references import MediatorRef
from domain.shared.states import without
from domain.shared.values import Narrative, Told


class AmendmentUnsigned(Refused):
    """An agreement is changed as it was made: signed by every party (人民调解法 29, 33)."""


class RuledUpon(Conflict):
    """The court was asked to confirm it, or has confirmed it: what was agreed is not changed beside that."""


class AmendAgreement(MediationCommand):
    """变更调解协议"""

    allowed_in = frozenset({Stage.IN_EFFECT})
    rule = CONTENT
    terms: Told
    obligations: Annotated[tuple[Promise, ...], Len(0, 200)] = ()
    """What is owed from now on, in place of what is still owed."""
    signed: WillingParties
    mediator: MediatorRef

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_unreported(case)
        if mediation.agreement and mediation.agreement.confirmation not in (None, Confirmation.DISMISSED):
            raise RuledUpon(mediation=mediation.number, basis=str(CONFIRMATION))

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        mediation = case.mediation(self.mediation)
        if missing := sorted(case.present_parties - set(self.signed)):
            raise AmendmentUnsigned(parties=missing, basis=str(CONTENT))
        refuse_unaccepted(case, mediation, self.mediator)
        if early := [index for index, one in enumerate(self.obligations, 1) if one.due and one.due < on.day]:
            raise DueBeforeAgreement(obligations=early)
        for promise in self.obligations:
            refuse_stranger(case, promise.obligor)
        return (self._amended(case, mediation, on),)

    def _amended(self, case: DisputeCase, mediation: Mediation, on: Occasion) -> AgreementAmended:
        known = mediation.reached.obligations
        whole = mediation.reached.extent is Extent.ALL_CLAIMS and mediation.number == max(case.mediations)
        return AgreementAmended(
            mediation=self.mediation,
            terms=on.narrative(self.terms),
            obligations=promised(self.obligations, on, after=max(known, default=0)),
            replaces=tuple(number for number, one in known.items() if one.is_owed),
            signed=self.signed,
            mediator=self.mediator,
            confirm=confirm_until(mediation, on.occurred_at, on),
            resolves=whole and case.resolved_at is None,
        )


class AgreementAmended(MediationEvent):
    name: ClassVar = "case.agreement_amended"
    of = (AmendAgreement,)
    terms: Correctable[Narrative]
    obligations: tuple[Obligation, ...]
    replaces: tuple[int, ...]
    signed: Parties
    mediator: MediatorRef
    confirm: Due | None
    """Until when the court may be asked to confirm it as it is now."""
    resolves: bool
    """It had come apart, and is agreed again."""

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        agreement = case.mediations[self.mediation].reached
        owed = {one.number: ObligationState(amount=one.amount, due=one.due) for one in self.obligations}
        kept = agreement.obligations
        for number in self.replaces:
            kept = without(kept, number)
        amended = agreement.but(obligations={**kept, **owed}, confirm=self.confirm, confirmation=None, admit=None)
        again = case.but(resolved_at=at) if self.resolves else case
        return again.with_mediation(
            self.mediation, agreement=amended.but(decide=None, decide_extended=False, taken_back=False)
        )
