"""调解协议 Agreement: reached, signed by each party and the mediator, sealed, in effect by the rule of its channel."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from annotated_types import Len

from domain.case.case import DisputeCase
from domain.case.commands import UNDER_WAY, CaseEvent, MediationCommand, MediationEvent
from domain.case.kinds import COURT_MANDATES, AgreementForm, Extent, Nature
from domain.case.laws import AGREEMENT, CONTENT
from domain.case.mediating.effect import with_effect
from domain.case.mediating.mediation import ready_to_mediate
from domain.case.mediations import Agreement, Mediation, ObligationState, Stage
from domain.shared.calendar import local_day
from domain.shared.errors import Conflict, Refused
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.references import MediatorRef, PartyRef
from domain.shared.values import (
    Day,
    Fen,
    Filled,
    Line,
    Narrative,
    PersonId,
    Printable,
    Text,
    Told,
    Value,
)

AGREED = frozenset({Stage.AGREED})


class Item(StrEnum):
    """What an agreement may state (人民调解法 29: 可以载明): its absence warns."""

    FACTS = "facts"  # 主要事实
    ISSUES = "issues"  # 争议事项
    RESPONSIBILITY = "responsibility"  # 各方责任
    MANNER = "manner"  # 履行方式
    TIME = "time"  # 履行期限


class Promise(Value):
    """One thing that a party promised: an instalment is one of its own."""

    obligor: PartyRef
    what: Annotated[str, Len(1, 500), Printable, Filled]
    amount: Fen = 0
    due: Day | None = None


class Obligation(Value):
    number: int
    obligor: PartyRef
    what: Narrative
    amount: Fen
    due: date | None


class AlreadySigned(Conflict):
    """It was signed already."""


class OralIsNotSigned(Conflict):
    """An oral agreement takes effect on the day it is reached; its content is recorded (人民调解法 30)."""


class DueBeforeAgreement(Refused):
    """Nothing is due before it was promised."""


class OralNotOnTheCourtsCases(Refused):
    """What the court delegated or entrusted, or what runs on its platform, is agreed in writing and signed."""


class ReachAgreement(MediationCommand):
    """达成调解协议"""

    allowed_in = UNDER_WAY
    rule = CONTENT
    form: AgreementForm = AgreementForm.WRITTEN
    extent: Extent = Extent.ALL_CLAIMS
    nature: Nature = Nature.ORDINARY
    facts: Text = ""
    issues: Text = ""
    responsibility: Text = ""
    terms: Told
    manner: Line = ""
    obligations: Annotated[tuple[Promise, ...], Len(0, 200)] = ()

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        ready_to_mediate(case, mediation)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if early := [index for index, one in enumerate(self.obligations, 1) if one.due and one.due < on.day]:
            raise DueBeforeAgreement(obligations=early)
        mediation = case.mediation(self.mediation)
        if self.form is AgreementForm.ORAL and _of_the_court(mediation):
            raise OralNotOnTheCourtsCases(mandate=mediation.mandate, on_platform=mediation.on_platform)
        for promise in self.obligations:
            _refuse_stranger(case, promise.obligor)
        return with_effect(case, (self._reached(on),), self.mediation, on)

    def _reached(self, on: Occasion) -> AgreementReached:
        promised = tuple(
            Obligation(
                number=number,
                obligor=one.obligor,
                what=on.narrative(one.what, 10 + number),
                amount=one.amount,
                due=one.due,
            )
            for number, one in enumerate(self.obligations, 1)
        )
        told: dict[str, Any] = {name: on.narrative(getattr(self, name), index) for index, name in enumerate(NARRATED)}
        plain: dict[str, Any] = {
            name: getattr(self, name) for name in ("mediation", "form", "extent", "nature", "manner")
        }
        return AgreementReached(**plain, **told, obligations=promised, lacks=self._lacks())

    def _lacks(self) -> tuple[Item, ...]:
        said = {
            Item.FACTS: self.facts,
            Item.ISSUES: self.issues,
            Item.RESPONSIBILITY: self.responsibility,
            Item.MANNER: self.manner,
            Item.TIME: not self.obligations or all(one.due for one in self.obligations),
        }
        return tuple(item for item, present in said.items() if not present)


def _of_the_court(mediation: Mediation) -> bool:
    return mediation.on_platform or mediation.mandate in COURT_MANDATES


NARRATED = ("facts", "issues", "responsibility", "terms")


def _refuse_stranger(case: DisputeCase, obligor: PersonId) -> None:
    if obligor not in case.present_parties:
        raise ObligorIsNoParty(party=obligor)


class ObligorIsNoParty(Refused):
    """Only a party can promise something in the agreement."""


class AgreementReached(MediationEvent):
    name: ClassVar = "case.agreement_reached"
    of = (ReachAgreement,)
    form: Correctable[AgreementForm]
    extent: Correctable[Extent]
    nature: Correctable[Nature]
    facts: Correctable[Narrative]
    issues: Correctable[Narrative]
    responsibility: Correctable[Narrative]
    terms: Correctable[Narrative]
    manner: Correctable[Line]
    obligations: tuple[Obligation, ...]
    lacks: tuple[Item, ...]

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        if any(one.due and one.due < local_day(at) for one in self.obligations):
            return False
        return self.form is AgreementForm.WRITTEN or not _of_the_court(case.mediation(self.mediation))

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        obligations = {one.number: ObligationState(amount=one.amount, due=one.due) for one in self.obligations}
        agreement = Agreement(
            form=self.form, extent=self.extent, nature=self.nature, reached_at=at, obligations=obligations
        )
        return case.with_mediation(self.mediation, stage=Stage.AGREED, since=at, agreement=agreement)


def refuse_oral(_: DisputeCase, mediation: Mediation) -> None:
    if mediation.agreement and mediation.agreement.form is AgreementForm.ORAL:
        raise OralIsNotSigned(mediation=mediation.number)


class SignAgreement(MediationCommand):
    """当事人签字"""

    allowed_in = AGREED
    rule = CONTENT
    party: PartyRef

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_oral(case, mediation)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if self.party in case.mediation(self.mediation).reached.signed:
            raise AlreadySigned(party=self.party)
        signed = AgreementSigned(mediation=self.mediation, party=self.party)
        return with_effect(case, (signed,), self.mediation, on)


class AgreementSigned(MediationEvent):
    name: ClassVar = "case.agreement_signed"
    of = (SignAgreement,)
    party: PartyRef

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        agreement = case.mediations[self.mediation].reached
        signed = agreement.but(signed={**agreement.signed, self.party: at})
        return case.with_mediation(self.mediation, agreement=signed)


class SignAsMediator(MediationCommand):
    """调解员签字"""

    allowed_in = AGREED
    rule = CONTENT
    mediator: MediatorRef

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_oral(case, mediation)
        if mediation.agreement and mediation.agreement.mediator_signed_at:
            raise AlreadySigned(mediation=mediation.number)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        signed = AgreementSignedByMediator(mediation=self.mediation, mediator=self.mediator)
        return with_effect(case, (signed,), self.mediation, on)


class AgreementSignedByMediator(MediationEvent):
    name: ClassVar = "case.agreement_signed_by_mediator"
    of = (SignAsMediator,)
    mediator: MediatorRef

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        agreement = case.mediations[self.mediation].reached
        return case.with_mediation(self.mediation, agreement=agreement.but(mediator_signed_at=at))


class SealAgreement(MediationCommand):
    """加盖印章"""

    allowed_in = AGREED
    rule = CONTENT

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        refuse_oral(case, mediation)
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
