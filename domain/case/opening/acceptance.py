"""受理 Acceptance: a registered dispute is accepted by a body, which opens a mediation; or declined."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from pydantic import AwareDatetime

from domain.case.begun import first_ended_at
from domain.case.beside.proceedings import LIFTED, refuse_taken, taken
from domain.case.case import DisputeCase, Status
from domain.case.commands import UNTIL_CLOSED, AfterMediations, CaseCommand, CaseEvent
from domain.case.ending.closing import refuse_on_its_way, refuse_unreported
from domain.case.kinds import COURT_MANDATES, Category, DeclineGround, Mandate, OrganKind, Procedure, Result
from domain.case.laws import APPLY_OR_OWN_MOTION, ONLINE_EFFECT, REMEDIES
from domain.case.limits import PSB_SECOND_MED, conclude_limit, other_limits
from domain.case.mediating.mediation import RemediesNotTold
from domain.case.mediations import Mediation
from domain.case.opening.handover_letters import is_handed_over, letters_for, refuse_unfounded
from domain.case.record import read_from_state
from domain.shared.decider import Numbered, Series
from domain.shared.errors import Conflict, Refused
from domain.shared.law import Due, TimeLimit
from domain.shared.marks import Correctable, Framed
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, BodyKind, Channel, Composed, Narrative, ReferralId, Text


class BothSidesNeeded(Refused):
    """A dispute has an applicant and a respondent."""


class MediationGoesOn(Conflict):
    """There is one active mediation per dispute, across all channels."""


class AlreadyResolved(Conflict):
    """All of it is resolved: it is reopened before it is mediated again."""


class RefusalStands(Conflict):
    """A party has refused mediation in this channel, and has not consented since (人民调解法 17)."""


class BodyDoesNotMediate(Refused):
    """This body has no channel of mediation."""


def refuse_beside_another(case: DisputeCase) -> None:
    """Raises MediationGoesOn."""
    if going_on := case.active_mediation:
        raise MediationGoesOn(mediation=going_on.number)


def refuse_one_sided(case: DisputeCase) -> None:
    """Raises BothSidesNeeded."""
    if missing := case.missing_sides():
        raise BothSidesNeeded(missing=missing)


def refuse_resolved(case: DisputeCase) -> None:
    """Raises AlreadyResolved."""
    if case.resolved_at and not case.came_apart:
        raise AlreadyResolved(resolved_at=case.resolved_at)


class OnlyOnACourtsPlatform(Refused):
    """The platform is the courts': there a court mediates, or whom it delegated or entrusted. What is agreed there
    binds by the signatures of the parties alone, so that nobody enters it by a tick."""


class AcceptCase(AfterMediations):
    """受理"""

    allowed_in = UNTIL_CLOSED
    rule = APPLY_OR_OWN_MOTION
    mandate: Mandate = Mandate.OWN
    procedure: Procedure = Procedure.ORDINARY
    """The procedure of the suit, where a court entrusted it after it was filed."""
    on_platform: bool = False
    """The mediation runs on the court's mediation platform."""
    own_motion: bool = False
    note: Text = ""

    guards = (refuse_beside_another, refuse_one_sided, refuse_resolved)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if not (channel := on.body.channel):
            raise BodyDoesNotMediate(body=on.body.id)
        if refused := case.refused_in(channel):
            raise RefusalStands(parties=refused, channel=channel, basis=str(APPLY_OR_OWN_MOTION))
        refuse_unfounded(case, self.mandate, on)
        if self.on_platform and self.mandate not in COURT_MANDATES and on.body.kind is not BodyKind.COURT:
            raise OnlyOnACourtsPlatform(basis=str(ONLINE_EFFECT))
        refuse_taken(case, channel, self.mandate, lifted_by(case, self.mandate))
        opened = self._opened(case, channel, on)
        return (
            CaseAccepted(own_motion=self.own_motion, term_ended=on.body.term_ended, note=self.note),
            opened,
        )

    def _opened(self, case: DisputeCase, channel: Channel, on: Occasion) -> MediationOpened:
        received = None if self.own_motion else received_at(case)
        titles = {"mandate": self.mandate, "procedure": self.procedure, "on_platform": self.on_platform}
        senders = [one.sender for one in letters_for(case, self.mandate) if one.sender]
        return opened(case, channel, on, received_at=received, sender=senders[-1] if senders else None, **titles)


def lifted_by(case: DisputeCase, mandate: Mandate) -> frozenset[OrganKind]:
    """The organs whose matter does not stand in the way: of those that hand over so, the ones whose letter is there,
    or all where its referral is on file."""
    organs = {one.organ for one in letters_for(case, mandate)}
    return LIFTED[mandate] & organs if organs else LIFTED[mandate]


def received_at(case: DisputeCase) -> datetime | None:
    """When the application reached those who mediate: it is the same one where the matter was passed on; after a
    mediation that came to an end there is a new one, received when it is accepted."""
    if any(one.is_concluded for one in case.mediations.values()):
        return None
    return case.request_received_at or case.registered_at


def opened(case: DisputeCase, channel: Channel, on: Occasion, **titles: Any) -> MediationOpened:
    """The next mediation of the case, by the asking body, with its clocks."""
    event = MediationOpened(
        number=max(case.mediations, default=0) + 1,
        channel=channel,
        body=on.body.id,
        category=case.category or Category.OTHER,
        body_short_name=on.body.short_name,
        first_ended_at=first_ended_at(case, on),
        conclude=None,
        **titles,
    )
    return event.counted_anew(on.occurred_at, on)


class CaseAccepted(CaseEvent):
    name: ClassVar = "case.accepted"
    framed: ClassVar = True
    of = (AcceptCase,)
    own_motion: Framed[Correctable[bool]]
    term_ended: Framed[bool]
    """The committee's term had ended: flagged, not refused (人民调解法 9)."""
    note: Correctable[Text]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        """Whether it opens the case, or a further mediation of it, is not told."""
        return read_from_state.accepted(case, at)


FILE_WORD = {Channel.PEOPLE: "人调", Channel.ADMINISTRATIVE: "行调", Channel.LITIGATION: "诉调"}


class MediationOpened(CaseEvent, Numbered[DisputeCase]):
    """A mediation without consents, mediators or sessions yet."""

    name: ClassVar = "case.mediation_opened"
    framed: ClassVar = True
    schema_version: ClassVar = 2
    of = (AcceptCase,)
    number: Framed[int]
    channel: Framed[Channel]
    body: Framed[BodyId]
    mandate: Framed[Mandate]
    """By what title; as `on_platform` it says by whose word an agreement binds: not corrected, but recorded anew."""
    procedure: Framed[Correctable[Procedure]] = Procedure.ORDINARY
    category: Framed[Correctable[Category]] = Category.OTHER
    """The category of the dispute when the mediation was opened: some categories have limits of their own."""
    on_platform: Framed[bool]
    body_short_name: Framed[Composed]
    referral: Framed[ReferralId | None] = None
    """The accepted offer that it was opened on."""
    sender: Framed[BodyId | None] = None
    """Who handed it over, where that is known by its body."""
    received_at: Framed[AwareDatetime | None] = None
    """When the application was received, from which some limits are counted; None: when it was accepted."""
    first_ended_at: Framed[AwareDatetime | None] = None
    """Of the second mediation of the police: when the first came to nothing, from which its time is counted."""
    conclude: Framed[Due | None]
    also: Framed[tuple[Due, ...]] = ()
    """What else is counted from now on."""
    file_number: Framed[Composed] = ""

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        """Against nobody's refusal; what another organ has was handed over by it, or by a referral of its own."""
        if case.refused_in(self.channel):
            return False
        if self.referral is not None:
            return True
        lifted = lifted_by(case, self.mandate)
        return is_handed_over(case, self.mandate) and not taken(case, self.channel, self.mandate, lifted)

    def counted_anew(self, at: datetime, on: Occasion) -> MediationOpened:
        limit = conclude_limit(self.channel, self.mandate, self.procedure, self.category)
        conclude = on.due(limit, at) if limit else None
        if self.first_ended_at:
            conclude = on.due(PSB_SECOND_MED, self.first_ended_at)
        return self.but(conclude=conclude, also=self._also(at, on))

    def _also(self, at: datetime, on: Occasion) -> tuple[Due, ...]:
        others = other_limits(self.channel, self.mandate, self.category)
        return tuple(on.due(one, self._start_of(one, at)) for one in others)

    def worked_out(self, case: DisputeCase, at: datetime, on: Occasion) -> MediationOpened:
        """What is counted from the receipt, or from the end of the first, follows them where they are corrected."""
        opened = self
        if self.received_at not in (None, received := received_at(case) or self.received_at):
            opened = opened.but(received_at=received)
            opened = opened.but(also=opened._also(at, on))
        first = case.begun.get(PSB_SECOND_MED.code)
        if self.first_ended_at and first and first.since != self.first_ended_at:
            opened = opened.but(first_ended_at=first.since, conclude=on.due(PSB_SECOND_MED, first.since))
        return opened

    def _start_of(self, limit: TimeLimit, at: datetime) -> datetime:
        """Receipt, or acceptance, as its own table says."""
        return self.received_at or at if limit.from_receipt else at

    def series(self) -> Series:
        return Series(body=self.body, kind=f"file-{self.channel}")

    def numbered(self, year: int, serial: int) -> MediationOpened:
        word = FILE_WORD[self.channel]
        return self.but(file_number=f"({year}){self.body_short_name}{word}字第{serial}号")

    @property
    def given(self) -> str:
        return self.file_number

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        mediation = Mediation(
            number=self.number,
            channel=self.channel,
            body=self.body,
            mandate=self.mandate,
            on_platform=self.on_platform,
            since=at,
            opened_at=at,
            conclude=self.conclude,
            also=self.also,
            referral=self.referral,
            sender=self.sender,
            file_number=self.file_number,
        )
        seeing = read_from_state.seeing(case, self.body)  # whether it was handed only a part is not told
        return case.with_new_mediation(mediation).but(resolved_at=None, seeing=seeing)  # what came apart is open again


class DeclineCase(CaseCommand):
    """不予受理"""

    allowed_in = frozenset({Status.REGISTERED})
    rule = REMEDIES
    because: DeclineGround
    reason: Text = ""
    remedies_told: bool

    @classmethod
    def guard_case(cls, case: DisputeCase) -> None:
        refuse_on_its_way(case)
        refuse_unreported(case)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if not self.remedies_told:
            raise RemediesNotTold(basis=str(REMEDIES))
        return (CaseDeclined(because=self.because, reason=on.narrative(self.reason)),)


class CaseDeclined(CaseEvent):
    name: ClassVar = "case.declined"
    framed: ClassVar = True
    of = (DeclineCase,)
    because: Framed[Correctable[DeclineGround]]
    reason: Correctable[Narrative]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.entered(Status.CLOSED, at, result=Result.DECLINED)
