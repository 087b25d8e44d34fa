"""沿革 Lineage: an area moves to another parent, is merged, split or abolished."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from annotated_types import Len

from domain.jurisdiction.area import (
    IN_FORCE,
    Area,
    AreaCommand,
    AreaEvent,
    NothingNew,
    check_parent,
)
from domain.shared.errors import Conflict, Refused
from domain.shared.occasion import Occasion
from domain.shared.values import AreaId

Successors = Annotated[tuple[AreaId, ...], Len(2, 100)]


class AreasStillInside(Conflict):
    """Areas in it are in force: move or end them first."""


class NotOfTheSameLevel(Refused):
    """An area is merged into, or split into, areas of its own level."""


class MergedIntoItself(Refused):
    """An area cannot succeed itself."""


def _check_successor(area: Area, successor: AreaId, on: Occasion) -> None:
    if successor == area.id:
        raise MergedIntoItself(area=area.id)
    if on.area(successor).level is not area.level:
        raise NotOfTheSameLevel(area=area.id, successor=successor)


class MoveArea(AreaCommand):
    """划转"""

    allowed_in: ClassVar = IN_FORCE
    parent: AreaId

    def decide(self, area: Area, on: Occasion) -> tuple[AreaEvent, ...]:
        if area.parent == self.parent:
            raise NothingNew(area=area.id)
        if area.level:
            check_parent(area.level, self.parent, on)
        return (AreaMoved(in_force_from=self.in_force_from, parent=self.parent),)


class AreaMoved(AreaEvent):
    name: ClassVar = "jurisdiction.area_moved"
    parent: AreaId

    def evolve(self, state: Area, at: datetime) -> Area:
        return state.changed(self.in_force_from, parent=self.parent)


class MergeArea(AreaCommand):
    """并入"""

    allowed_in: ClassVar = IN_FORCE
    into: AreaId

    def decide(self, area: Area, on: Occasion) -> tuple[AreaEvent, ...]:
        _check_successor(area, self.into, on)
        return (AreaMerged(in_force_from=self.in_force_from, into=self.into),)


class AreaMerged(AreaEvent):
    name: ClassVar = "jurisdiction.area_merged"
    into: AreaId

    def evolve(self, state: Area, at: datetime) -> Area:
        return state.ended(self.in_force_from)


class TakeInArea(AreaCommand):
    """接收并入: the other half of a merger, in the stream of the area that goes on."""

    allowed_in: ClassVar = IN_FORCE
    merged: AreaId

    def decide(self, area: Area, on: Occasion) -> tuple[AreaEvent, ...]:
        return (AreaTakenIn(in_force_from=self.in_force_from, merged=self.merged),)


class AreaTakenIn(AreaEvent):
    name: ClassVar = "jurisdiction.area_taken_in"
    merged: AreaId

    def evolve(self, state: Area, at: datetime) -> Area:
        return state.changed(self.in_force_from)


class SplitArea(AreaCommand):
    """拆分: the successors are founded before."""

    allowed_in: ClassVar = IN_FORCE
    into: Successors

    def decide(self, area: Area, on: Occasion) -> tuple[AreaEvent, ...]:
        for successor in self.into:
            _check_successor(area, successor, on)
        return (AreaSplit(in_force_from=self.in_force_from, into=self.into),)


class AreaSplit(AreaEvent):
    name: ClassVar = "jurisdiction.area_split"
    into: Successors

    def evolve(self, state: Area, at: datetime) -> Area:
        return state.ended(self.in_force_from)


class AbolishArea(AreaCommand):
    """撤销"""

    allowed_in: ClassVar = IN_FORCE

    def decide(self, area: Area, on: Occasion) -> tuple[AreaEvent, ...]:
        return (AreaAbolished(in_force_from=self.in_force_from),)


class AreaAbolished(AreaEvent):
    name: ClassVar = "jurisdiction.area_abolished"

    def evolve(self, state: Area, at: datetime) -> Area:
        return state.ended(self.in_force_from)
