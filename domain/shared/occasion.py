"""The occasion of a decision: who decides, for which body, when, and what was looked up before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from domain.shared.calendar import Calendar, local_day
from domain.shared.errors import AreaNotInForce, BodyNoLongerStands, UnknownArea, UnknownBody
from domain.shared.law import Due, TimeLimit
from domain.shared.values import (
    AreaId,
    BodyId,
    BodyKind,
    CaseId,
    Channel,
    Level,
    Narrative,
    NarrativeId,
    OfficerId,
    PersonId,
    Sha256,
    Value,
)

FAST_CLOCK = timedelta(minutes=1)
"""So much may the clock of somebody's device be ahead."""


def happened(told: datetime | None, now: datetime) -> datetime:
    """When it happened, as it is told; left out, or told by a clock that is a little ahead: now."""
    return now if told is None or now < told <= now + FAST_CLOCK else told


class AreaFacts(Value):
    """What the register says of an area on the day asked about."""

    id: AreaId
    level: Level
    in_force: bool
    within: frozenset[AreaId] = frozenset()
    """The areas that it lies in, itself included."""


class BodyFacts(Value):
    """What the register says of a body on the day asked about."""

    id: BodyId
    area: AreaId
    level: Level
    kind: BodyKind
    standing: bool = True
    """Whether it was not dissolved."""
    channel: Channel | None
    """None: an organ or centre that does not mediate itself."""
    code: str
    short_name: str
    members: frozenset[OfficerId]
    term_ended: bool
    also: frozenset[AreaId] = frozenset()
    """The areas of the bodies that were merged into it."""
    answers_for: BodyId
    """The body that holds what this one reports: a grid's village; else itself."""


class CaseFacts(Value):
    """What a referral or an escalation needs to know of its case."""

    id: CaseId
    registered_at: datetime
    last_step: datetime
    """When it last moved to a holder, or one of its mediations moved: nothing that moves them is dated earlier."""
    holder: BodyId
    holder_level: Level
    parties: frozenset[PersonId]
    """Those who have not left the case."""
    applicants: frozenset[PersonId]
    mediated_by: BodyId | None
    filed: bool
    """Whether a court has accepted a suit."""
    petition: bool
    """Whether a petition is open."""
    complex: bool


@dataclass(frozen=True)
class Occasion:
    """Who decides, for which body, when, and what was looked up before: all that is not in the command."""

    by: OfficerId
    body: BodyFacts
    occurred_at: datetime
    now: datetime
    seed: UUID
    """Fresh for each command: new ids are made from it, so that deciding stays pure."""
    calendar: Calendar
    on_behalf_of: PersonId | None = None
    areas: Mapping[AreaId, AreaFacts] = field(default_factory=dict)
    bodies: Mapping[BodyId, BodyFacts] = field(default_factory=dict)
    case: CaseFacts | None = None
    within: Mapping[BodyId, frozenset[AreaId]] = field(default_factory=dict)
    """The areas that the named bodies lie in, up to the province."""
    local: Mapping[str, TimeLimit] = field(default_factory=dict)
    """The limits that the body's county sets in place of the defaults, by code."""
    desks: frozenset[BodyKind] = frozenset()
    """The kinds of the bodies that stand for the areas in which the asking body lies, where the command needs them."""
    file: Sha256 | None = None
    """Of the whole file as it was bound, where the command archives it."""
    clocks: Mapping[str, TimeLimit] = field(default_factory=dict)
    """Every limit that the contexts know, by code, where the command speaks of limits themselves."""

    @property
    def day(self) -> date:
        return local_day(self.occurred_at)

    def limit(self, default: TimeLimit) -> TimeLimit:
        """As it is in force here on this day."""
        return self.local.get(default.code, default.on(self.day))

    def due(self, default: TimeLimit, since: datetime | None = None) -> Due:
        return self.limit(default).counted(since or self.occurred_at, self.calendar)

    def area(self, id: AreaId) -> AreaFacts:
        if not (facts := self.areas.get(id)):
            raise UnknownArea(area=id)
        if not facts.in_force:
            raise AreaNotInForce(area=id, day=self.day)
        return facts

    def named_body(self, id: BodyId) -> BodyFacts:
        if facts := self.bodies.get(id):
            return facts
        raise UnknownBody(body=id)

    def receiving_body(self, id: BodyId) -> BodyFacts:
        """Raises UnknownBody, BodyNoLongerStands."""
        body = self.named_body(id)
        if not body.standing:
            raise BodyNoLongerStands(body=id)
        return body

    @property
    def case_facts(self) -> CaseFacts:
        assert self.case, "looked up before, wherever a command is about a case of another context"
        return self.case

    def lies_in(self, body: BodyId, area: AreaId) -> bool:
        return area in self.within.get(body, frozenset())

    def person(self, index: int = 0) -> PersonId:
        return PersonId(uuid5(self.seed, f"person/{index}"))

    def narrative(self, text: str, index: int = 0) -> Narrative:
        return Narrative(id=NarrativeId(uuid5(self.seed, f"narrative/{index}")), text=text)

    def copy_of(self, erased: NarrativeId, text: str) -> Narrative:
        """What reads in the place of that text. Told in two streams, it has one copy, as it has one key."""
        return Narrative(id=NarrativeId(uuid5(self.seed, f"copy/{erased}")), text=text)
