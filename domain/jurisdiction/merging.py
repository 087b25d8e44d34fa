"""机构合并 Merging: a body goes on in another one of its kind; what it did stays under its own name."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.jurisdiction.body import STANDING, Body, BodyCommand, BodyEvent, BodyStage
from domain.shared.errors import Refused
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId


class BodyMergedIntoItself(Refused):
    """A body cannot succeed itself."""


class NotOfItsKind(Refused):
    """A body is merged into one of its own kind and level: committees, organs and courts do not take each other's
    place."""


class MergeBody(BodyCommand):
    """机构合并: it takes nothing on any more, and the other body goes on with what is open."""

    allowed_in: ClassVar = STANDING
    into: BodyId

    def decide(self, body: Body, on: Occasion) -> tuple[BodyEvent, ...]:
        if self.into == body.id:
            raise BodyMergedIntoItself(body=body.id)
        into = on.receiving_body(self.into)
        if (into.kind, into.level) != (body.kind, body.level):
            raise NotOfItsKind(body=body.id, into=self.into)
        return (BodyMerged(into=self.into),)


class BodyMerged(BodyEvent):
    name: ClassVar = "jurisdiction.body_merged"
    into: BodyId

    def evolve(self, state: Body, at: datetime) -> Body:
        return state.but(stage=BodyStage.DISSOLVED, merged_into=self.into)


class TakeInBody(BodyCommand):
    """接收合并: the other half of a merger, in the stream of the body that goes on."""

    allowed_in: ClassVar = STANDING
    merged: BodyId
    before: tuple[BodyId, ...] = ()
    """Those that the merged body had taken in before."""

    def decide(self, body: Body, on: Occasion) -> tuple[BodyEvent, ...]:
        return (BodyTakenIn(merged=self.merged, before=self.before),)


class BodyTakenIn(BodyEvent):
    name: ClassVar = "jurisdiction.body_taken_in"
    merged: BodyId
    before: tuple[BodyId, ...]

    def evolve(self, state: Body, at: datetime) -> Body:
        return state.but(took_in=state.took_in | {self.merged, *self.before})
