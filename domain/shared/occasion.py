"""The occasion of a decision: who decides, for which body, when, and what was looked up before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from domain.shared.calendar import Calendar, local_day
from domain.shared.errors import AreaNotInForce, UnknownArea, UnknownBody
from domain.shared.law import Due, TimeLimit
from domain.shared.values import (
    AreaId,
    BodyId,
    BodyKind,
    Channel,
    Level,
    Narrative,
    NarrativeId,
    OfficerId,
    PersonId,
    Value,
)


class AreaFacts(Value):
    """What the register says of an area on the day asked about."""

    id: AreaId
    level: Level
    in_force: bool


class BodyFacts(Value):
    """What the register says of a body on the day asked about."""

    id: BodyId
    area: AreaId
    level: Level
    kind: BodyKind = BodyKind.COMMITTEE
    channel: Channel | None
    """None: an organ or centre that does not mediate itself."""
    code: str
    short_name: str
    members: frozenset[OfficerId]
    term_ended: bool
    answers_for: BodyId
    """The body that holds what this one reports: a grid's village; else itself."""


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
    local: Mapping[str, TimeLimit] = field(default_factory=dict)
    """The limits that the body's county sets in place of the defaults, by code."""
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

    def person(self, index: int = 0) -> PersonId:
        return PersonId(uuid5(self.seed, f"person/{index}"))

    def narrative(self, text: str, index: int = 0) -> Narrative:
        return Narrative(id=NarrativeId(uuid5(self.seed, f"narrative/{index}")), text=text)
