"""登记与受理 Intake: a request is received, then a dispute is registered. Accepting and declining: `acceptance.py`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, ClassVar

from annotated_types import Len
from pydantic import AwareDatetime

from domain.case.begun import by_category, by_request
from domain.case.case import DisputeCase, Status
from domain.case.commands import CaseCommand, CaseEvent
from domain.case.kinds import Category, Result, Risk, Source, Urgency
from domain.case.laws import (
    APPLY_OR_OWN_MOTION,
    LIMITATION,
)
from domain.case.limits import accept_limit
from domain.case.opening.parties import parties_added
from domain.case.organ_papers import Receipt
from domain.case.people import NewParty
from domain.case.record.rewriting import UnfitContent
from domain.case.service_limits import counted_as, held_until, whole_until
from domain.shared.decider import Numbered, Series
from domain.shared.errors import Refused
from domain.shared.law import Due
from domain.shared.marks import LISTED, Correctable, Framed, Listed, marked
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.values import (
    AreaId,
    BodyId,
    CaseId,
    Composed,
    Form,
    Level,
    Line,
    Moment,
    Narrative,
    Text,
    Told,
)


class ReceiveRequest(CaseCommand):
    """收到调解请求"""

    allowed_in = frozenset({Status.NEW})
    rule = LIMITATION
    form: Form
    note: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        return (RequestReceived(form=self.form, note=on.narrative(self.note), begins=by_request(on)),)


class RequestReceived(CaseEvent):
    """Interrupts the limitation of action on its day (时效规定 12): never changed afterwards."""

    name: ClassVar = "case.request_received"
    of = (ReceiveRequest,)
    immutable = True
    form: Form
    note: Narrative
    begins: tuple[Due, ...] = ()

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.entered(Status.RECEIVED, at, request_received_at=at).with_begun(self.begins)


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
    requested_at: Moment | None = None
    """When the request reached us, if before the registration."""
    foreign_number: Line = ""
    """Its number in another system, kept as it is."""
    settled_on_the_spot: Text = ""
    """How the grid settled it there and then: only then the level is the grid's."""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        refuse_elsewhere(self.place, [on.body, on.named_body(on.body.answers_for)], on)
        request = self._request(case, on)
        registered = self._registered(case, on)
        spot = self._spot(on)
        return (*request, registered, *parties_added(self.parties, on), *spot)

    def _registered(self, case: DisputeCase, on: Occasion) -> CaseRegistered:
        holder = on.named_body(on.body.answers_for)
        level = on.body.level if self.settled_on_the_spot else holder.level
        receipt = Receipt(asked_of=holder.channel, requested_at=case.request_received_at or self.requested_at)
        begins, stops = by_category(self.category, receipt, on.occurred_at, on)
        return CaseRegistered(
            place=self.place,
            facts=on.narrative(self.facts),
            source=self.source,
            category=self.category,
            risk=self.risk,
            foreign_number=self.foreign_number,
            **{name: getattr(self, name) for name in marked(CaseRegistered, LISTED)},
            holder=holder.id,
            level=level,
            registered_by=on.body.id,
            body_code=holder.code,
            series_body=holder.id,
            due=held_until(None, on),
            dispute=whole_until(None, on),
            accept_by=self._accept_by(holder, case.request_received_at, on),
            receipt=receipt,
            begins=begins,
            stops=stops,
        )

    def _accept_by(self, holder: BodyFacts, received: datetime | None, on: Occasion) -> Due | None:
        """From the day that the application came (深圳条例 46; 医疗纠纷条例 40), told before or now."""
        limit = accept_limit(holder.channel, self.category)
        return on.due(limit, received or self.requested_at) if limit and not self.settled_on_the_spot else None

    def _request(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if self.requested_at is None or case.request_received_at:
            return ()
        if self.requested_at > on.occurred_at:
            raise RequestAfterRegistration(requested_at=self.requested_at)
        return (RequestDated(requested_at=self.requested_at, begins=by_request(on, self.requested_at)),)

    def _spot(self, on: Occasion) -> tuple[CaseEvent, ...]:
        if not self.settled_on_the_spot:
            return ()
        if on.body.level is not Level.GRID:
            raise OnlyTheGridSettlesOnTheSpot(level=on.body.level)
        return (SettledOnTheSpot(how=on.narrative(self.settled_on_the_spot, 1)),)


def refuse_elsewhere(place: AreaId, bodies: Iterable[BodyFacts], on: Occasion) -> None:
    """Raises UnknownArea, AreaNotInForce, PlaceElsewhere."""
    facts = on.area(place)
    if not any({body.area, *body.also} & facts.within for body in bodies):
        raise PlaceElsewhere(place=place)


class PlaceElsewhere(Refused):
    """A dispute is registered where it arose: in the area of the registering body or of the one that answers for it."""


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
    begins: tuple[Due, ...] = ()

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        received = case.entered(Status.RECEIVED, self.requested_at, request_received_at=self.requested_at)
        return received.with_begun(self.begins)


def case_code(body_code: str, year: int, serial: int) -> str:
    return f"{body_code}-{year}-{serial:05d}"


class CaseRegistered(CaseEvent, Numbered[DisputeCase]):
    name: ClassVar = "case.registered"
    framed: ClassVar = True
    schema_version: ClassVar = 2
    of = (RegisterCase,)
    place: Framed[Correctable[AreaId]]
    facts: Correctable[Narrative]
    source: Framed[Correctable[Source]]
    category: Framed[Correctable[Category]]
    urgency: Listed[Framed[Correctable[Urgency]]]
    risk: Framed[Correctable[Risk]]
    foreign_number: Correctable[Line]
    holder: Framed[BodyId]
    level: Framed[Level]
    registered_by: Framed[BodyId]
    body_code: Framed[Composed]
    series_body: Framed[BodyId]
    split_from: Framed[CaseId | None] = None
    highest: Framed[Level | None] = None
    """The highest level that the whole case had reached, where this one was split off from it."""
    due: Framed[Due | None] = None
    """How long its holder has; None: of an entry older than this clock."""
    dispute: Framed[Due | None] = None
    """How long the whole of it has; None: of an entry older than this clock."""
    accept_by: Framed[Due | None] = None
    """How long an organ has to accept it; None: no organ registered it, or it is older than this clock."""
    receipt: Framed[Receipt | None] = None
    """From what the limits of its category are counted; None: of a part of another case, or older than this."""
    begins: Framed[tuple[Due, ...]] = ()
    stops: Framed[tuple[Composed, ...]] = ()
    """The limits, by their codes, that do not run in a dispute of this category."""
    code: Framed[Composed] = ""

    def check_rewritten(self, old: Any, on: Occasion) -> None:
        if self.place != old.place:
            refuse_elsewhere(self.place, [on.named_body(one) for one in (self.registered_by, self.holder)], on)

    def counted_anew(self, at: datetime, on: Occasion) -> CaseRegistered:
        held = self.but(due=counted_as(self.due, at, on)) if self.due else self
        held = held.but(dispute=counted_as(self.dispute, at, on)) if self.dispute else held
        held = held.but(accept_by=counted_as(self.accept_by, at, on)) if self.accept_by else held
        if self.receipt is None:
            return held
        begins, stops = by_category(self.category, self.receipt, at, on)
        return held.but(begins=begins, stops=stops)

    def series(self) -> Series:
        return Series(body=self.series_body, kind="case")

    def numbered(self, year: int, serial: int) -> CaseRegistered:
        return self.but(code=case_code(self.body_code, year, serial))

    @property
    def given(self) -> str:
        return self.code

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.with_begun(self.begins, self.stops).entered(
            Status.REGISTERED,
            at,
            registered_at=at,
            receipt=self.receipt,
            place=self.place,
            source=self.source,
            category=self.category,
            risk=self.risk,
            registered_by=self.registered_by,
            registered_for=self.holder,
            holder=self.holder,
            level=self.level,
            highest=self.highest or self.level,
            code=self.code,
            held_since=at,
            held_until=self.due,
            dispute_until=self.dispute,
            accept_by=self.accept_by,
            seeing=frozenset({self.registered_by, self.holder}),
        )


class SettledOnTheSpot(CaseEvent):
    """The grid settled it there and then: the parties are at peace, and no mediation was opened."""

    name: ClassVar = "case.settled_on_the_spot"
    framed: ClassVar = True
    of = (RegisterCase,)
    how: Correctable[Narrative]

    def check_rewritten(self, old: Any, on: Occasion) -> None:
        if not self.how.text.strip():
            raise UnfitContent(fields=["how"])

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.entered(Status.CLOSED, at, resolved_at=at, result=Result.SELF_SETTLED)
