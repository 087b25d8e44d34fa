"""区划 Areas, grid to province. Codes and names have dates in force; only the internal id stays for ever."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid5

from annotated_types import Len
from pydantic import AfterValidator

from domain.shared.decider import Command, Event, StageSince
from domain.shared.errors import Refused
from domain.shared.occasion import AreaFacts, Occasion
from domain.shared.states import State
from domain.shared.values import AreaId, Changes, Day, Filled, Level, Name, OneLine, Printable

_AREAS = UUID("6f0c7a52-58f4-4b7e-9d0b-2c8f3a1e9b64")


class AreaStage(StrEnum):
    NEW = "new"  # 尚无记录
    IN_FORCE = "in_force"  # 有效
    ENDED = "ended"  # 已撤销


class BeforeLastChange(Refused):
    """The change would be in force before the last one recorded."""


class ParentNotHigher(Refused):
    """An area lies in an area of a higher level."""


class NoCountyAbove(Refused):
    """A township, village or grid lies in a county, or in a city that has no counties."""


class NoSuchCode(Refused):
    """An area's code has the digits of its level; a grid's is the county's own."""


class NothingNew(Refused):
    """It is so already."""


def _solid(code: str) -> str:
    if not code.isprintable() or any(map(str.isspace, code)):
        raise ValueError("a code is printable and has no blanks")
    return code


AreaCode = Annotated[str, Len(1, 40), Printable, OneLine, Filled, AfterValidator(_solid)]


DIGITS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}
"""How many of a code of the national statistics tell an area of each level; noughts may stand for the rest of them."""


def is_code(code: str, level: Level) -> bool:
    """A village may have further digits of the county's own: two that a county counts apart are one for the nation."""
    if level is Level.GRID:
        return True
    digits = DIGITS[level]
    if not (code.isascii() and code.isdigit()) or len(code) < digits:
        return False
    return level is Level.VILLAGE or (len(code) in DIGITS.values() and not code[digits:].strip("0"))


def area_id(code: str, in_force_from: date) -> AreaId:
    """The same for two who found the same area at once, so that the ledger lets only one of them."""
    return AreaId(uuid5(_AREAS, f"{code}@{in_force_from}"))


class Area(State):
    id: AreaId
    stage: AreaStage = AreaStage.NEW
    code: str = ""
    name: str = ""
    level: Level | None = None
    parent: AreaId | None = None
    founded_on: date = date.min
    changed_on: date = date.min
    ended_on: date | None = None

    @classmethod
    def blank(cls, id: Any) -> Area:
        return cls(id=id)

    def changed(self, on: date, **changes: Changes[Area]) -> Area:
        return self.with_fields({"changed_on": on, **changes})

    def ended(self, on: date) -> Area:
        return self.changed(on, stage=AreaStage.ENDED, ended_on=on)

    def in_force(self, day: date) -> bool:
        return self.founded_on <= day and (self.ended_on is None or day < self.ended_on)


def facts(area: Area, day: date) -> AreaFacts | None:
    """What the register says of the area on that day; None where it was never founded."""
    if area.level is None:
        return None
    return AreaFacts(id=area.id, level=area.level, in_force=area.in_force(day))


class AreaEvent(Event[Area]):
    """An event of an area, in force from a day on."""

    in_force_from: date


class AreaCommand(Command[Area]):
    """A change of an area. Its date in force may lie before or after the day it is recorded."""

    in_force_from: Day

    def ground(self, state: Area) -> StageSince:
        return StageSince(state.stage, None)

    def guard(self, state: Area) -> None:
        if self.in_force_from < state.changed_on:
            raise BeforeLastChange(in_force_from=self.in_force_from, changed_on=state.changed_on)

    @abstractmethod
    def decide(self, area: Area, on: Occasion) -> tuple[AreaEvent, ...]: ...


IN_FORCE = frozenset({AreaStage.IN_FORCE})


def check_parent(level: Level, parent: AreaId | None, on: Occasion) -> None:
    if parent is None:
        if level.rank < Level.COUNTY.rank:
            raise NoCountyAbove(level=level)
    elif on.area(parent).level.rank <= level.rank:
        raise ParentNotHigher(parent=parent, level=level)


def check_code(code: str, level: Level) -> None:
    if not is_code(code, level):
        raise NoSuchCode(code=code, level=level, digits=DIGITS[level])


class FoundArea(AreaCommand):
    """设立"""

    allowed_in: ClassVar = frozenset({AreaStage.NEW})
    code: AreaCode
    area_name: Name
    level: Level
    parent: AreaId | None = None

    def decide(self, area: Area, on: Occasion) -> tuple[AreaEvent, ...]:
        check_parent(self.level, self.parent, on)
        check_code(self.code, self.level)
        return (
            AreaFounded(
                in_force_from=self.in_force_from,
                code=self.code,
                area_name=self.area_name,
                level=self.level,
                parent=self.parent,
            ),
        )


class AreaFounded(AreaEvent):
    name: ClassVar = "jurisdiction.area_founded"
    code: AreaCode
    area_name: Name
    level: Level
    parent: AreaId | None

    def evolve(self, state: Area, at: datetime) -> Area:
        return state.changed(
            self.in_force_from,
            stage=AreaStage.IN_FORCE,
            founded_on=self.in_force_from,
            code=self.code,
            name=self.area_name,
            level=self.level,
            parent=self.parent,
        )


class RenameArea(AreaCommand):
    """更名"""

    allowed_in: ClassVar = IN_FORCE
    area_name: Name

    def decide(self, area: Area, on: Occasion) -> tuple[AreaEvent, ...]:
        if self.area_name == area.name:
            raise NothingNew(area=area.id)
        return (AreaRenamed(in_force_from=self.in_force_from, area_name=self.area_name),)


class AreaRenamed(AreaEvent):
    name: ClassVar = "jurisdiction.area_renamed"
    area_name: Name

    def evolve(self, state: Area, at: datetime) -> Area:
        return state.changed(self.in_force_from, name=self.area_name)


class RecodeArea(AreaCommand):
    """变更代码"""

    allowed_in: ClassVar = IN_FORCE
    code: AreaCode

    def decide(self, area: Area, on: Occasion) -> tuple[AreaEvent, ...]:
        if self.code == area.code:
            raise NothingNew(area=area.id)
        if area.level:
            check_code(self.code, area.level)
        return (AreaRecoded(in_force_from=self.in_force_from, code=self.code),)


class AreaRecoded(AreaEvent):
    name: ClassVar = "jurisdiction.area_recoded"
    code: AreaCode

    def evolve(self, state: Area, at: datetime) -> Area:
        return state.changed(self.in_force_from, code=self.code)
