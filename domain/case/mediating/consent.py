"""自愿 Consent: given, refused, withdrawn, by each party for itself; it says what it covers and how it was given."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.case.case import DisputeCase
from domain.case.commands import UNTIL_CLOSED, CaseCommand, CaseEvent
from domain.case.laws import RIGHTS
from domain.case.mediations import BEFORE_AGREEMENT, Mediation, Stage
from domain.shared.errors import BeforeWhatItBuildsOn, Conflict, Refused
from domain.shared.marks import Correctable, Framed
from domain.shared.occasion import Occasion
from domain.shared.references import EntryVersion, MediationNumber, MediatorRef, PartyRef
from domain.shared.values import BodyId, Channel, Form, Narrative, OfficerId, PersonId, Text, Value


class ToMediation(Value):
    """To be mediated in this channel; it also lifts an earlier refusal there."""

    about: Literal["mediation"] = "mediation"
    channel: Channel = Channel.PEOPLE


class ToDisclosure(Value):
    """That this body is told of the case."""

    about: Literal["disclosure"] = "disclosure"
    body: BodyId


class ToClosedDoors(Value):
    """That the mediation is not public: each party may ask for it (人民调解法 23)."""

    about: Literal["closed-doors"] = "closed-doors"


class ToMediator(Value):
    about: Literal["mediator"] = "mediator"
    mediation: MediationNumber
    mediator: MediatorRef


class ToParticipant(Value):
    about: Literal["participant"] = "participant"
    mediation: MediationNumber
    participant: PersonId


class ToExtension(Value):
    about: Literal["extension"] = "extension"
    mediation: MediationNumber
    until: date


class ToCorrection(Value):
    about: Literal["correction"] = "correction"
    entry: EntryVersion


Asked = Annotated[ToMediation | ToDisclosure | ToClosedDoors, Field(discriminator="about")]
Subject = Annotated[
    ToMediation | ToDisclosure | ToClosedDoors | ToMediator | ToParticipant | ToExtension | ToCorrection,
    Field(discriminator="about"),
]


class NoConsentToWithdraw(Conflict):
    """The party has not given this consent."""


class NoMediationToAskFor(Conflict):
    """There is no active mediation that could be held behind closed doors."""


class ConsentMissing(Refused):
    """Not every party has consented."""


class GiveConsent(CaseCommand):
    """同意"""

    allowed_in = UNTIL_CLOSED
    rule = RIGHTS
    party: PartyRef
    subject: Asked = ToMediation()
    form: Form = Form.WRITTEN

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if isinstance(self.subject, ToClosedDoors) and not case.active_mediation:
            raise NoMediationToAskFor
        if isinstance(self.subject, ToDisclosure):
            on.named_body(self.subject.body)
        if isinstance(self.subject, ToMediation):
            _refuse_before_opening(case, self.subject.channel, on)
        return (ConsentGiven(party=self.party, subject=self.subject, form=self.form),)


def _refuse_before_opening(case: DisputeCase, channel: Channel, on: Occasion) -> None:
    """A consent of before is no consent to the mediation that was opened after it: a new one needs new consents."""
    if opened_at := _opened_later(case, channel, on.occurred_at):
        raise BeforeWhatItBuildsOn(occurred_at=on.occurred_at, since=opened_at)


def _opened_later(case: DisputeCase, channel: Channel, at: datetime) -> datetime | None:
    active = case.active_mediation
    opened_at = active.opened_at if active and active.channel is channel else None
    return opened_at if opened_at and at < opened_at else None


class ConsentGiven(CaseEvent):
    name: ClassVar = "case.consent_given"
    of = (GiveConsent,)
    party: Framed[PartyRef]
    subject: Framed[Subject]
    form: Framed[Correctable[Form]]

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return not isinstance(self.subject, ToMediation) or not _opened_later(case, self.subject.channel, at)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        match self.subject:
            case ToMediation(channel=channel):
                case = case.but(refusals=case.refusals - {(self.party, channel)})
                return consented(case, self.party, channel, at)
            case ToDisclosure(body=body):
                return case.but(disclosures=case.disclosures | {(self.party, body)})
            case ToClosedDoors() if active := case.active_mediation:
                return case.with_mediation(active.number, closed_doors=active.closed_doors | {self.party})
            case ToMediator(mediation=number, mediator=mediator):
                return _mediator_accepted(case, number, mediator, self.party)
        return case


def _mediator_accepted(case: DisputeCase, number: int, id: OfficerId, party: PersonId) -> DisputeCase:
    mediation = case.mediations[number]
    accepted = mediation.mediators[id]
    accepted = accepted.but(accepted_by=accepted.accepted_by | {party})
    return case.with_mediation(number, mediators={**mediation.mediators, id: accepted})


def consented(case: DisputeCase, party: PersonId, channel: Channel, at: datetime) -> DisputeCase:
    """With the party's consent to the active mediation of that channel, if there is one."""
    active = case.active_mediation
    if not active or active.channel is not channel:
        return case
    since = max(active.since, at) if active.stage is Stage.OPENED else active.since
    willing = case.with_mediation(
        active.number, since=since, consents=active.consents | {party}, withdrawn=active.withdrawn - {party}
    )
    return once_all_consent(willing, at)


def once_all_consent(case: DisputeCase, at: datetime) -> DisputeCase:
    """With the active mediation consented to, where it waited for nobody else; since the last of the consents."""
    active = case.active_mediation
    if not active or active.stage is not Stage.OPENED or case.parties_without_consent(active):
        return case
    return case.with_mediation(active.number, stage=Stage.CONSENTED, since=max(active.since, at))


def without_consent(case: DisputeCase, party: PersonId, channel: Channel, at: datetime) -> DisputeCase:
    """Without it: a mediation that has no agreement yet stops until the party consents again."""
    active = case.active_mediation
    if not active or active.channel is not channel or active.stage not in BEFORE_AGREEMENT:
        return case
    since = max(active.since, at)
    return case.with_mediation(
        active.number,
        stage=Stage.OPENED,
        since=since,
        consents=active.consents - {party},
        withdrawn=active.withdrawn | {party},
    )


class RefuseMediation(CaseCommand):
    """明确拒绝调解"""

    allowed_in = UNTIL_CLOSED
    rule = RIGHTS
    party: PartyRef
    channel: Channel = Channel.PEOPLE
    form: Form = Form.ORAL
    reason: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if active := agreed_in(case, self.channel):
            raise AgreementWasReached(mediation=active.number)
        return (
            MediationRefused(party=self.party, channel=self.channel, form=self.form, reason=on.narrative(self.reason)),
        )


def agreed_in(case: DisputeCase, channel: Channel) -> Mediation | None:
    """The mediation of that channel with an agreement that is not in effect yet, if there is one."""
    active = case.active_mediation
    return active if active and active.channel is channel and active.stage is Stage.AGREED else None


class AgreementWasReached(Conflict):
    """An agreement was reached: who does not want it any more does not sign it, and the mediation is ended."""


class MediationRefused(CaseEvent):
    """Stops mediation in that channel until the party consents again (人民调解法 17, 23)."""

    name: ClassVar = "case.mediation_refused"
    of = (RefuseMediation,)
    party: PartyRef
    channel: Correctable[Channel]
    form: Correctable[Form]
    reason: Correctable[Narrative]

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return agreed_in(case, self.channel) is None

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        case = case.but(refusals=case.refusals | {(self.party, self.channel)})
        return without_consent(case, self.party, self.channel, at)


class WithdrawConsent(CaseCommand):
    """撤回同意"""

    allowed_in = UNTIL_CLOSED
    rule = RIGHTS
    party: PartyRef
    subject: Asked = ToMediation()
    form: Form = Form.ORAL

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if not self._given(case):
            raise NoConsentToWithdraw(party=self.party, about=self.subject.about)
        return (ConsentWithdrawn(party=self.party, subject=self.subject, form=self.form),)

    def _given(self, case: DisputeCase) -> bool:
        active: Mediation | None = case.active_mediation
        match self.subject:
            case ToMediation(channel=channel):
                fits = active and active.channel is channel and active.stage in BEFORE_AGREEMENT
                return bool(active and fits and self.party in active.consents)
            case ToDisclosure(body=body):
                return (self.party, body) in case.disclosures
            case ToClosedDoors():
                return bool(active and self.party in active.closed_doors)


class ConsentWithdrawn(CaseEvent):
    name: ClassVar = "case.consent_withdrawn"
    of = (WithdrawConsent,)
    party: Framed[PartyRef]
    subject: Framed[Asked]
    form: Framed[Correctable[Form]]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        match self.subject:
            case ToMediation(channel=channel):
                return without_consent(case, self.party, channel, at)
            case ToDisclosure(body=body):
                return case.but(disclosures=case.disclosures - {(self.party, body)})
            case ToClosedDoors() if active := case.active_mediation:
                return case.with_mediation(active.number, closed_doors=active.closed_doors - {self.party})
        return case


def consents_of_all(
    case: DisputeCase, parties: frozenset[PersonId], subject: Subject, form: Form
) -> tuple[ConsentGiven, ...]:
    """The consent of every present party, as events. Raises ConsentMissing."""
    if missing := sorted(case.present_parties - parties):
        raise ConsentMissing(parties=missing)
    return tuple(ConsentGiven(party=party, subject=subject, form=form) for party in sorted(parties))
