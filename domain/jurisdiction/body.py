"""机构 Bodies: committees, organs, courts and centres that sit in an area."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID, uuid5

from annotated_types import Len

from domain.jurisdiction.area import AreaCode, NothingNew
from domain.shared.decider import Command, Event, StageSince
from domain.shared.errors import Refused
from domain.shared.occasion import BodyFacts, Occasion
from domain.shared.states import State
from domain.shared.values import (
    AreaId,
    BodyId,
    BodyKind,
    Channel,
    Filled,
    Level,
    Name,
    OfficerId,
    OneLine,
    Printable,
    Value,
)

_BODIES = UUID("b3d1f6a0-4c27-4f0e-8a55-7e9c2d10f3ab")

ShortName = Annotated[str, Len(1, 20), Printable, OneLine, Filled]


class BodyStage(StrEnum):
    NEW = "new"  # 尚无记录
    STANDING = "standing"  # 已设立
    DISSOLVED = "dissolved"  # 已撤销


CHANNELS: Mapping[BodyKind, frozenset[Channel | None]] = {
    BodyKind.COMMITTEE: frozenset({Channel.PEOPLE}),
    BodyKind.ORGAN: frozenset({Channel.ADMINISTRATIVE, None}),
    BodyKind.COURT: frozenset({Channel.LITIGATION}),
    BodyKind.CENTRE: frozenset({Channel.PEOPLE, Channel.ADMINISTRATIVE, None}),
    BodyKind.POLICE: frozenset({Channel.ADMINISTRATIVE, None}),
    BodyKind.PETITION: frozenset({None}),
    BodyKind.GRID: frozenset({None}),
}


class ChannelNotOfItsKind(Refused):
    """A committee mediates among the people, a court in its suits, a grid not at all."""


class Member(Value):
    """A member of a body: an office held in public."""

    officer: OfficerId
    member_name: Name
    woman: bool


def body_id(code: str) -> BodyId:
    """The id follows from the code. So two who found a body with one code get the same id, and the ledger lets only one
    of them do it."""
    return BodyId(uuid5(_BODIES, code))


class Body(State):
    id: BodyId
    stage: BodyStage = BodyStage.NEW
    area: AreaId | None = None
    level: Level | None = None
    kind: BodyKind | None = None
    name: str = ""
    short_name: str = ""
    code: str = ""
    channel: Channel | None = None
    answers_for: BodyId | None = None
    members: Mapping[OfficerId, Member] = field(default_factory=dict)
    term_until: date | None = None
    """The first day after the members' term."""
    merged_into: BodyId | None = None
    took_in: frozenset[BodyId] = frozenset()
    """The bodies that were merged into it, and those that these had taken in."""

    @classmethod
    def blank(cls, id: Any) -> Self:
        return cls(id=id)


def facts(body: Body, day: date) -> BodyFacts | None:
    """What the register says of the body on that day; None where it was never founded."""
    if body.area is None or body.level is None:
        return None
    return BodyFacts(
        id=body.id,
        area=body.area,
        level=body.level,
        kind=body.kind or BodyKind.COMMITTEE,
        standing=body.stage is BodyStage.STANDING,
        channel=body.channel,
        code=body.code,
        short_name=body.short_name,
        members=frozenset(body.members),
        term_ended=body.term_until is not None and day >= body.term_until,
        answers_for=body.answers_for or body.id,
    )


class BodyEvent(Event[Body]):
    """An event of a body."""


class BodyCommand(Command[Body]):
    """A command on a body."""

    def ground(self, state: Body) -> StageSince:
        return StageSince(state.stage, None)

    @abstractmethod
    def decide(self, body: Body, on: Occasion) -> tuple[BodyEvent, ...]: ...


STANDING = frozenset({BodyStage.STANDING})


class FoundBody(BodyCommand):
    """设立机构"""

    allowed_in: ClassVar = frozenset({BodyStage.NEW})
    area: AreaId
    kind: BodyKind
    body_name: Name
    short_name: ShortName
    code: AreaCode
    channel: Channel | None = None
    answers_for: BodyId | None = None

    def decide(self, body: Body, on: Occasion) -> tuple[BodyEvent, ...]:
        if self.channel not in CHANNELS[self.kind]:
            raise ChannelNotOfItsKind(kind=self.kind, channel=self.channel)
        if self.answers_for:
            on.named_body(self.answers_for)
        told = self.model_dump(exclude={"occurred_at", "on_behalf_of"})
        return (BodyFounded(**told, level=on.area(self.area).level),)


class BodyFounded(BodyEvent):
    name: ClassVar = "jurisdiction.body_founded"
    area: AreaId
    level: Level
    kind: BodyKind
    body_name: Name
    short_name: ShortName
    code: AreaCode
    channel: Channel | None
    answers_for: BodyId | None

    def evolve(self, state: Body, at: datetime) -> Body:
        return state.but(
            stage=BodyStage.STANDING,
            area=self.area,
            level=self.level,
            kind=self.kind,
            name=self.body_name,
            short_name=self.short_name,
            code=self.code,
            channel=self.channel,
            answers_for=self.answers_for,
        )


class RenameBody(BodyCommand):
    """机构更名: the code stays, and with it the rows of numbers."""

    allowed_in: ClassVar = STANDING
    body_name: Name
    short_name: ShortName

    def decide(self, body: Body, on: Occasion) -> tuple[BodyEvent, ...]:
        if (self.body_name, self.short_name) == (body.name, body.short_name):
            raise NothingNew(body=body.id)
        return (BodyRenamed(body_name=self.body_name, short_name=self.short_name),)


class BodyRenamed(BodyEvent):
    name: ClassVar = "jurisdiction.body_renamed"
    body_name: Name
    short_name: ShortName

    def evolve(self, state: Body, at: datetime) -> Body:
        return state.but(name=self.body_name, short_name=self.short_name)


class DissolveBody(BodyCommand):
    """撤销机构"""

    allowed_in: ClassVar = STANDING

    def decide(self, body: Body, on: Occasion) -> tuple[BodyEvent, ...]:
        return (BodyDissolved(),)


class BodyDissolved(BodyEvent):
    name: ClassVar = "jurisdiction.body_dissolved"

    def evolve(self, state: Body, at: datetime) -> Body:
        return state.but(stage=BodyStage.DISSOLVED)
