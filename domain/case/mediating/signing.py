"""签署 Signing: by each party or who speaks for it, by the mediator, by the committee's seal, by the court."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationCommand, MediationEvent
from domain.case.ending.closing import refuse_unreported
from domain.case.kinds import COURT_MANDATES, AgreementForm, SigningManner
from domain.case.laws import AGREEMENT, CHOICE_OF_MEDIATORS, CONTENT
from domain.case.mediating.capacity import Spoken
from domain.case.mediating.effect import with_effect
from domain.case.mediations import Mediation, Stage
from domain.shared.errors import Conflict
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.references import MediatorRef, PartyRef, RepresentativeRef, WillingParty
from domain.shared.values import (
    Line,
    Narrative,
    OfficerId,
    PersonId,
    Text,
)

AGREED = frozenset({Stage.AGREED})


class AlreadySigned(Conflict):
    """It was signed already."""


class OralIsNotSigned(Conflict):
    """An oral agreement takes effect on the day it is reached; its content is recorded (人民调解法 30)."""


def refuse_oral(_: DisputeCase, mediation: Mediation) -> None:
    """What a court delegated or entrusted is signed in the record of the mediation (特邀调解规定 24)."""
    oral = mediation.agreement and mediation.agreement.form is AgreementForm.ORAL
    if oral and mediation.mandate not in COURT_MANDATES:
        raise OralIsNotSigned(mediation=mediation.number)


def refuse_unsignable(case: DisputeCase, mediation: Mediation) -> None:
    """Raises RiskNotReported, OralIsNotSigned."""
    refuse_unreported(case)
    refuse_oral(case, mediation)


def refuse_signed(mediation: Mediation, party: PersonId) -> None:
    """Raises AlreadySigned."""
    if party in mediation.reached.signed:
        raise AlreadySigned(party=party)


class SignAgreement(MediationCommand):
    """当事人签字"""

    allowed_in = AGREED
    rule = CONTENT
    party: WillingParty
    signed_by: RepresentativeRef | None = None
    """Who signs for the party; None: it does itself."""
    with_guardian: RepresentativeRef | None = None
    """The guardian who agrees that a minor of eight or more signs itself."""
    signing: SigningManner = SigningManner.SIGNATURE

    def spoken(self) -> Spoken:
        return Spoken(self.signed_by, self.with_guardian)

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_unsignable(case, mediation)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        refuse_signed(case.mediation(self.mediation), self.party)
        signed = AgreementSigned(
            mediation=self.mediation,
            party=self.party,
            signed_by=self.signed_by,
            with_guardian=self.with_guardian,
            signing=self.signing,
        )
        return with_effect(case, (signed,), self.mediation, on)


class AgreementSigned(MediationEvent):
    name: ClassVar = "case.agreement_signed"
    of = (SignAgreement,)
    party: PartyRef
    signed_by: RepresentativeRef | None = None
    """None: the party itself, or the entry is older than this."""
    with_guardian: RepresentativeRef | None = None
    signing: SigningManner = SigningManner.SIGNATURE

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        agreement = case.mediations[self.mediation].reached
        signed = agreement.but(signed={**agreement.signed, self.party: at})
        return case.with_mediation(self.mediation, agreement=signed)


class RefuseToSign(MediationCommand):
    """当事人拒绝签字"""

    allowed_in = AGREED
    rule = CONTENT
    party: WillingParty
    reason: Text = ""

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_oral(case, mediation)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        refuse_signed(case.mediation(self.mediation), self.party)
        return (SignatureRefused(mediation=self.mediation, party=self.party, reason=on.narrative(self.reason)),)


class SignatureRefused(MediationEvent):
    """One of several does not sign: it takes no effect (人民调解法 29), and whoever mediates goes on or ends it."""

    name: ClassVar = "case.signature_refused"
    of = (RefuseToSign,)
    party: PartyRef
    reason: Correctable[Narrative]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case


class MediatorNotAccepted(Conflict):
    """Whom the parties did not choose or accept does not sign for the mediation (人民调解法 19, 23)."""


def refuse_unaccepted(case: DisputeCase, mediation: Mediation, mediator: OfficerId) -> None:
    """Raises MediatorNotAccepted, and says who has not accepted."""
    if missing := sorted(case.present_parties - mediation.mediators[mediator].accepted_by):
        raise MediatorNotAccepted(mediator=mediator, parties=missing, basis=str(CHOICE_OF_MEDIATORS))


class SignAsMediator(MediationCommand):
    """调解员签字"""

    allowed_in = AGREED
    rule = CONTENT
    mediator: MediatorRef

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_unsignable(case, mediation)
        if mediation.agreement and mediation.agreement.mediator_signed_at:
            raise AlreadySigned(mediation=mediation.number)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        refuse_unaccepted(case, case.mediation(self.mediation), self.mediator)
        signed = AgreementSignedByMediator(mediation=self.mediation, mediator=self.mediator)
        return with_effect(case, (signed,), self.mediation, on)


class AgreementSignedByMediator(MediationEvent):
    name: ClassVar = "case.agreement_signed_by_mediator"
    of = (SignAsMediator,)
    mediator: MediatorRef

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return case.present_parties <= case.mediation(self.mediation).mediators[self.mediator].accepted_by

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        agreement = case.mediations[self.mediation].reached
        return case.with_mediation(self.mediation, agreement=agreement.but(mediator_signed_at=at))


class SealAgreement(MediationCommand):
    """加盖印章"""

    allowed_in = AGREED
    rule = CONTENT

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_unsignable(case, mediation)
        if mediation.agreement and mediation.agreement.sealed_at:
            raise AlreadySigned(mediation=mediation.number)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return with_effect(case, (AgreementSealed(mediation=self.mediation),), self.mediation, on)


class AgreementSealed(MediationEvent):
    name: ClassVar = "case.agreement_sealed"
    of = (SealAgreement,)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        agreement = case.mediations[self.mediation].reached
        return case.with_mediation(self.mediation, agreement=agreement.but(sealed_at=at))


class RecordCourtDocument(MediationCommand):
    """登记法院调解书"""

    allowed_in = AGREED
    rule = AGREEMENT
    reference: Line

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_unreported(case)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        document = CourtDocumentIssued(mediation=self.mediation, reference=self.reference)
        return with_effect(case, (document,), self.mediation, on)


class CourtDocumentIssued(MediationEvent):
    """The court's own document gives effect to what was agreed in an entrusted mediation (特邀调解规定 20)."""

    name: ClassVar = "case.court_document_issued"
    of = (RecordCourtDocument,)
    reference: Correctable[Line]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        agreement = case.mediations[self.mediation].reached
        return case.with_mediation(self.mediation, agreement=agreement.but(court_document_at=at))
