"""登记与受理 Intake: a request is received, a dispute registered, then accepted or declined."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Self

from annotated_types import Len
from pydantic import AwareDatetime

from domain.case.case import DisputeCase, Status
from domain.case.commands import UNTIL_CLOSED, CaseCommand, CaseEvent
from domain.case.kinds import (
    Category,
    DeclineGround,
    Form,
    Mandate,
    Result,
    Risk,
    Source,
    Urgency,
)
from domain.case.laws import (
    APPLY_OR_OWN_MOTION,
    COMMITTEE_RULES,
    CONCLUDE,
    CONCLUDE_DELEGATED,
    CONCLUDE_ENTRUSTED,
    LIMITATION,
    REMEDIES,
)
from domain.case.mediations import Mediation
from domain.case.parties import parties_added
from domain.case.people import NewParty
from domain.shared.decider import Numbered, Occasion, Series
from domain.shared.errors import Conflict, Refused
from domain.shared.law import TimeLimit
from domain.shared.values import (
    AreaId,
    BodyId,
    CaseId,
    Channel,
    Level,
    Line,
    Narrative,
    Text,
    Told,
)


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


class TakenByAnotherOrgan(Conflict):
    """Another organ has accepted or settled it; only that organ may entrust or transfer it (令75 art. 22)."""


class RemediesNotTold(Refused):
    """The parties are told of arbitration, administrative and court remedies, and that is recorded (人民调解法 26)."""


class ReceiveRequest(CaseCommand):
    """收到调解请求"""

    allowed_in = frozenset({Status.NEW})
    rule = LIMITATION
    form: Form
    note: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (RequestReceived(form=self.form, note=on.narrative(self.note)),)


class RequestReceived(CaseEvent):
    """Interrupts the limitation of action on its day (时效规定 12): never changed afterwards."""

    name: ClassVar = "case.request_received"
    of = (ReceiveRequest,)
    immutable = True
    form: Form
    note: Narrative

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.entered(Status.RECEIVED, at, request_received_at=at)


class RegisterCase(CaseCommand):
    """登记纠纷"""

    allowed_in = frozenset({Status.NEW, Status.RECEIVED})
    rule = APPLY_OR_OWN_MOTION
    place: AreaId
    facts: Told
    source: Source = Source.PARTY
    category: Category = Category.OTHER
    urgency: Urgency = Urgency.ORDINARY
    risk: Risk = Risk.LOW
    parties: Annotated[tuple[NewParty, ...], Len(0, 100)] = ()
    requested_at: AwareDatetime | None = None
    """When the request reached us, if before the registration."""
    foreign_number: Line = ""
    """Its number in another system, kept as it is."""
    settled_on_the_spot: Text = ""
    """How the grid settled it there and then: only then the level is the grid's."""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        on.area(self.place)
        request = self._request(case, on)
        registered = self._registered(on)
        spot = self._spot(on)
        return (*request, registered, *parties_added(self.parties, on), *spot)

    def _registered(self, on: Occasion) -> CaseRegistered:
        holder = on.named_body(on.body.answers_for)
        level = on.body.level if self.settled_on_the_spot else holder.level
        return CaseRegistered(
            place=self.place,
            facts=on.narrative(self.facts),
            source=self.source,
            category=self.category,
            urgency=self.urgency,
            risk=self.risk,
            foreign_number=self.foreign_number,
            holder=holder.id,
            level=level,
            registered_by=on.body.id,
            body_code=holder.code,
            series_body=holder.id,
        )

    def _request(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if self.requested_at is None or case.request_received_at:
            return ()
        if self.requested_at > on.occurred_at:
            raise RequestAfterRegistration(requested_at=self.requested_at)
        return (RequestDated(requested_at=self.requested_at),)

    def _spot(self, on: Occasion) -> tuple[CaseEvent, ...]:
        if not self.settled_on_the_spot:
            return ()
        if on.body.level is not Level.GRID:
            raise OnlyTheGridSettlesOnTheSpot(level=on.body.level)
        return (SettledOnTheSpot(how=on.narrative(self.settled_on_the_spot, 1)),)


class RequestAfterRegistration(Refused):
    """A request is received before it is registered."""


class OnlyTheGridSettlesOnTheSpot(Refused):
    """Settled on the spot is what a grid settled: others open a mediation."""


class RequestDated(CaseEvent):
    """The day of the request, told at registration: it interrupts limitation, and is never changed."""

    name: ClassVar = "case.request_dated"
    of = (RegisterCase,)
    immutable = True
    requested_at: AwareDatetime

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.entered(Status.RECEIVED, self.requested_at, request_received_at=self.requested_at)


class CaseRegistered(CaseEvent, Numbered[DisputeCase]):
    name: ClassVar = "case.registered"
    of = (RegisterCase,)
    place: AreaId
    facts: Narrative
    source: Source
    category: Category
    urgency: Urgency
    risk: Risk
    foreign_number: Line
    holder: BodyId
    level: Level
    registered_by: BodyId
    body_code: str
    series_body: BodyId
    split_from: CaseId | None = None
    code: str = ""

    def series(self) -> Series:
        return Series(body=self.series_body, kind="case")

    def numbered(self, year: int, serial: int) -> Self:
        return self.but(code=f"{self.body_code}-{year}-{serial:05d}")

    @property
    def number(self) -> str:
        return self.code

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        facts: dict[str, Any] = {
            name: getattr(self, name) for name in ("place", "source", "category", "risk", "holder", "level", "code")
        }
        return case.entered(Status.REGISTERED, at, registered_at=at, highest=self.level, **facts)


class SettledOnTheSpot(CaseEvent):
    """The grid settled it there and then: the parties are at peace, and no mediation was opened."""

    name: ClassVar = "case.settled_on_the_spot"
    of = (RegisterCase,)
    how: Narrative

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.entered(Status.CLOSED, at, resolved_at=at, result=Result.SELF_SETTLED)


class AcceptCase(CaseCommand):
    """受理"""

    allowed_in = UNTIL_CLOSED
    rule = APPLY_OR_OWN_MOTION
    mandate: Mandate = Mandate.OWN
    on_platform: bool = False
    """The mediation runs on the court's mediation platform."""
    own_motion: bool = False
    note: Text = ""

    @classmethod
    def guard_case(cls, case: DisputeCase) -> None:
        if going_on := case.active_mediation:
            raise MediationGoesOn(mediation=going_on.number)
        if missing := case.missing_sides():
            raise BothSidesNeeded(missing=missing)
        if case.resolved_at and not case.came_apart:
            raise AlreadyResolved(resolved_at=case.resolved_at)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if not (channel := on.body.channel):
            raise BodyDoesNotMediate(body=on.body.id)
        if refused := case.refused_in(channel):
            raise RefusalStands(parties=refused, channel=channel, basis=str(APPLY_OR_OWN_MOTION))
        if self.mandate is Mandate.OWN and case.proceedings and channel is Channel.PEOPLE:
            organs = [one.organ for one in case.proceedings]
            raise TakenByAnotherOrgan(organs=organs, basis=str(COMMITTEE_RULES))
        opened = self._opened(case, channel, on)
        return (
            CaseAccepted(own_motion=self.own_motion, term_ended=on.body.term_ended, note=self.note),
            opened,
        )

    def _opened(self, case: DisputeCase, channel: Channel, on: Occasion) -> MediationOpened:
        limit = conclude_limit(channel, self.mandate)
        return MediationOpened(
            number=max(case.mediations, default=0) + 1,
            channel=channel,
            body=on.body.id,
            mandate=self.mandate,
            on_platform=self.on_platform,
            body_short_name=on.body.short_name,
            conclude_by=limit.due(on.day, on.calendar) if limit else None,
            basis=str(limit.basis) if limit else "",
            calendar=on.calendar.version,
        )


def conclude_limit(channel: Channel, mandate: Mandate) -> TimeLimit | None:
    """How long a mediation generally takes; None: no rule was found (administrative mediation in Hubei)."""
    match mandate:
        case Mandate.DELEGATED:
            return CONCLUDE_DELEGATED
        case Mandate.ENTRUSTED:
            return CONCLUDE_ENTRUSTED
        case _:
            return CONCLUDE if channel is Channel.PEOPLE else None


class CaseAccepted(CaseEvent):
    name: ClassVar = "case.accepted"
    of = (AcceptCase,)
    own_motion: bool
    term_ended: bool
    """The committee's term had ended: flagged, not refused (人民调解法 9)."""
    note: Text

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case if case.status is Status.OPEN else case.entered(Status.OPEN, at)


FILE_WORD = {Channel.PEOPLE: "人调", Channel.ADMINISTRATIVE: "行调", Channel.LITIGATION: "诉调"}


class MediationOpened(CaseEvent, Numbered[DisputeCase]):
    """A mediation without consents, mediators or sessions yet."""

    name: ClassVar = "case.mediation_opened"
    of = (AcceptCase,)
    number: int
    channel: Channel
    body: BodyId
    mandate: Mandate
    on_platform: bool
    body_short_name: str
    conclude_by: date | None
    basis: str
    calendar: str
    file_number: str = ""

    def series(self) -> Series:
        return Series(body=self.body, kind=f"file-{self.channel}")

    def numbered(self, year: int, serial: int) -> Self:
        word = FILE_WORD[self.channel]
        return self.but(file_number=f"({year}){self.body_short_name}{word}字第{serial}号")

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        mediation = Mediation(
            number=self.number,
            channel=self.channel,
            body=self.body,
            mandate=self.mandate,
            on_platform=self.on_platform,
            since=at,
            opened_at=at,
            conclude_by=self.conclude_by,
            file_number=self.file_number,
        )
        return case.with_new_mediation(mediation)


class DeclineCase(CaseCommand):
    """不予受理"""

    allowed_in = frozenset({Status.REGISTERED})
    rule = REMEDIES
    because: DeclineGround
    reason: Text = ""
    remedies_told: bool

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if not self.remedies_told:
            raise RemediesNotTold(basis=str(REMEDIES))
        return (CaseDeclined(because=self.because, reason=on.narrative(self.reason)),)


class CaseDeclined(CaseEvent):
    name: ClassVar = "case.declined"
    of = (DeclineCase,)
    because: DeclineGround
    reason: Narrative

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.entered(Status.CLOSED, at, result=Result.DECLINED)
