"""自愿 Consent: given, refused, withdrawn, by each party for itself; it says what it covers and how it was given."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge
from pydantic import AwareDatetime, Field

from domain.case.case import DisputeCase
from domain.case.commands import UNTIL_CLOSED, CaseCommand, CaseEvent, with_what_follows
from domain.case.laws import RIGHTS
from domain.case.mediating.capacity import Spoken
from domain.case.mediating.consent_outcomes import MediationConsented, MediationStopped, all_consented, consent_missing
from domain.case.mediations import BEFORE_AGREEMENT, Mediation, Stage
from domain.case.record import old_consents
from domain.shared.errors import BeforeWhatItBuildsOn, Conflict
from domain.shared.marks import Correctable, Framed
from domain.shared.occasion import Occasion
from domain.shared.references import (
    EntryVersion,
    MediationNumber,
    MediatorRef,
    PartyRef,
    RepresentativeRef,
    WillingParty,
)
from domain.shared.values import BodyId, Channel, Form, OfficerId, PersonId, Value


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


Number = Annotated[int, Ge(1)]
"""Of a mediation that may be amended away under what counts in it: that is then counted anew, and stays."""


class NoConsentToWithdraw(Conflict):
    """The party has not given this consent."""


class NoMediationToAskFor(Conflict):
    """There is no active mediation that could be held behind closed doors."""


class GiveConsent(CaseCommand):
    """同意"""

    allowed_in = UNTIL_CLOSED
    rule = RIGHTS
    party: WillingParty
    subject: Asked = ToMediation()
    form: Form = Form.WRITTEN
    given_by: RepresentativeRef | None = None
    """Who consents for the party; None: it does itself."""
    with_guardian: RepresentativeRef | None = None
    """The guardian who agrees that a minor of eight or more consents itself."""

    def spoken(self) -> Spoken:
        return Spoken(self.given_by, self.with_guardian)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if isinstance(self.subject, ToClosedDoors) and not case.active_mediation:
            raise NoMediationToAskFor
        if isinstance(self.subject, ToDisclosure):
            on.named_body(self.subject.body)
        if isinstance(self.subject, ToMediation):
            _refuse_before_opening(case, self.subject.channel, on)
        by = {"given_by": self.given_by, "with_guardian": self.with_guardian}
        return consent_given(case, self.party, self.subject, self.form, on.occurred_at, **by)


def _refuse_before_opening(case: DisputeCase, channel: Channel, on: Occasion) -> None:
    """A consent of before is no consent to the mediation that was opened after it: a new one needs new consents."""
    if opened_at := _opened_later(case, channel, on.occurred_at):
        raise BeforeWhatItBuildsOn(occurred_at=on.occurred_at, since=opened_at)


def _opened_later(case: DisputeCase, channel: Channel, at: datetime) -> datetime | None:
    active = case.active_mediation
    opened_at = active.opened_at if active and active.channel is channel else None
    return opened_at if opened_at and at < opened_at else None


class AboutConsent(CaseEvent):
    counts_in: Number | None = None
    """The mediation that it counts in; None: none is going on that it could be about."""
    moves_stage: bool = False
    """Only of entries that are older than their consequences: those are read by the rule of then."""

    def has_place_in(self, state: DisputeCase) -> bool:
        return self.finds_place_in(state) and (self.counts_in is None or self.counts_in in state.mediations)

    def finds_place_in(self, state: DisputeCase) -> bool:
        """It is counted anew in whatever goes on then."""
        return super().has_place_in(state)


class ConsentGiven(AboutConsent):
    name: ClassVar = "case.consent_given"
    schema_version: ClassVar = 2
    of = (GiveConsent,)
    party: Framed[PartyRef]
    subject: Framed[Subject]
    form: Framed[Correctable[Form]]
    since: AwareDatetime | None = None
    """Since when that mediation stands as it does with this consent; None: it is not about mediating."""
    given_by: RepresentativeRef | None = None
    """None: the party itself, or the entry is older than this."""
    with_guardian: RepresentativeRef | None = None

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        return not isinstance(self.subject, ToMediation) or not _opened_later(case, self.subject.channel, at)

    def worked_out(self, case: DisputeCase, at: datetime, on: Occasion) -> ConsentGiven:
        if self.moves_stage:
            return self
        return self.but(counts_in=_counted_in(case, self.subject), since=_since(case, self.subject, at))

    def followed_by(self, case: DisputeCase, at: datetime) -> MediationConsented | None:
        if self.moves_stage or self.counts_in is None or self.since is None:
            return None
        mediation = case.mediations[self.counts_in]
        return all_consented(mediation, case.present_parties, mediation.consents | {self.party}, self.since)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        match self.subject:
            case ToMediation(channel=channel):
                return self._to_mediation(case.but(refusals=case.refusals - {(self.party, channel)}), channel, at)
            case ToDisclosure(body=body):
                return case.but(disclosures=case.disclosures | {(self.party, body)})
            case ToClosedDoors():
                return self._to_closed_doors(case)
            case ToMediator(mediation=number, mediator=mediator):
                return _mediator_accepted(case, number, mediator, self.party)
        return case

    def _to_mediation(self, case: DisputeCase, channel: Channel, at: datetime) -> DisputeCase:
        if self.moves_stage:
            return old_consents.given(case, self.party, channel, at)
        if self.counts_in is None or self.since is None:
            return case
        known = case.mediations[self.counts_in]
        consents, withdrawn = known.consents | {self.party}, known.withdrawn - {self.party}
        return case.with_mediation(self.counts_in, since=self.since, consents=consents, withdrawn=withdrawn)

    def _to_closed_doors(self, case: DisputeCase) -> DisputeCase:
        if self.moves_stage:
            return old_consents.doors_closed(case, self.party)
        if self.counts_in is None:
            return case
        known = case.mediations[self.counts_in]
        return case.with_mediation(self.counts_in, closed_doors=known.closed_doors | {self.party})


def _mediator_accepted(case: DisputeCase, number: int, id: OfficerId, party: PersonId) -> DisputeCase:
    mediation = case.mediations[number]
    accepted = mediation.mediators[id]
    accepted = accepted.but(accepted_by=accepted.accepted_by | {party})
    return case.with_mediation(number, mediators={**mediation.mediators, id: accepted})


def consent_given(
    case: DisputeCase, party: PersonId, subject: Asked, form: Form, at: datetime, **by: PersonId | None
) -> tuple[CaseEvent, ...]:
    """A party's consent, counted in the mediation that is going on, and what follows from it."""
    counts_in, since = _counted_in(case, subject), _since(case, subject, at)
    given = ConsentGiven.trusted(
        party=party, subject=subject, form=form, counts_in=counts_in, since=since, moves_stage=False, **by
    )
    return with_what_follows(given, case, at)


def _counted_in(case: DisputeCase, subject: Subject) -> int | None:
    active = case.active_mediation
    if active and isinstance(subject, ToMediation):
        return active.number if active.channel is subject.channel else None
    return active.number if active and isinstance(subject, ToClosedDoors) else None


def _since(case: DisputeCase, subject: Subject, at: datetime) -> datetime | None:
    """A mediation that waits for consents stands as it does since the last of them."""
    number = _counted_in(case, subject) if isinstance(subject, ToMediation) else None
    if number is None:
        return None
    mediation = case.mediations[number]
    return max(mediation.since, at) if mediation.stage is Stage.OPENED else mediation.since


class WithdrawConsent(CaseCommand):
    """撤回同意"""

    allowed_in = UNTIL_CLOSED
    rule = RIGHTS
    party: WillingParty
    subject: Asked = ToMediation()
    form: Form = Form.ORAL

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if not self._given(case):
            raise NoConsentToWithdraw(party=self.party, about=self.subject.about)
        counts_in = _counted_in(case, self.subject)
        withdrawn = ConsentWithdrawn(party=self.party, subject=self.subject, form=self.form, counts_in=counts_in)
        return with_what_follows(withdrawn, case, on.occurred_at)

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


class ConsentWithdrawn(AboutConsent):
    name: ClassVar = "case.consent_withdrawn"
    schema_version: ClassVar = 2
    of = (WithdrawConsent,)
    party: Framed[PartyRef]
    subject: Framed[Asked]
    form: Framed[Correctable[Form]]

    def worked_out(self, case: DisputeCase, at: datetime, on: Occasion) -> ConsentWithdrawn:
        return self if self.moves_stage else self.but(counts_in=_counted_in(case, self.subject))

    def followed_by(self, case: DisputeCase, at: datetime) -> MediationStopped | None:
        if self.moves_stage or not isinstance(self.subject, ToMediation):
            return None
        return consent_missing(case, self.party, self.subject.channel, at)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        match self.subject:
            case ToMediation(channel=channel):
                return old_consents.taken_back(case, self.party, channel, at) if self.moves_stage else case
            case ToDisclosure(body=body):
                return case.but(disclosures=case.disclosures - {(self.party, body)})
        return old_consents.doors_opened(case, self.party) if self.moves_stage else self._doors_opened(case)

    def _doors_opened(self, case: DisputeCase) -> DisputeCase:
        if self.counts_in is None:
            return case
        known = case.mediations[self.counts_in]
        return case.with_mediation(self.counts_in, closed_doors=known.closed_doors - {self.party})
