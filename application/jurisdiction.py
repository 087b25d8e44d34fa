"""管辖: areas are founded, changed and imported; bodies are founded and changed in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeAlias
from uuid import UUID

from application.ports import Asked, Ledger, Receipt, Unit
from application.register_decisions import AREAS, BODIES, area_facts, body_facts, known, occasion, record
from domain.jurisdiction.area import (
    AreaCommand,
    FoundArea,
    NoCountyAbove,
    RecodeArea,
    RenameArea,
    area_id,
)
from domain.jurisdiction.body import BodyCommand, FoundBody, body_id
from domain.jurisdiction.imports import lies_in_a_county
from domain.jurisdiction.lineage import (
    AbolishArea,
    AreasStillInside,
    MergeArea,
    MoveArea,
    SplitArea,
    TakeInArea,
)
from domain.jurisdiction.successions import KnownArea
from domain.shared.errors import Conflict
from domain.shared.occasion import AreaFacts, BodyFacts
from domain.shared.values import AreaId, BodyId, BodyKind, Level, Value

AreaChange: TypeAlias = RenameArea | RecodeArea | MoveArea | MergeArea | SplitArea | AbolishArea
"""What may be asked of an area that is in force."""


class CodeTaken(Conflict):
    """Another area in force has this code."""


class Called(Value):
    """A body's name, and the area in which it stands with its name."""

    name: str
    area: AreaId
    place: str


class AreaVersion(Value):
    """What an area was called, and where it lay, from one day until before another. `successors`: what it went into,
    where it was merged or split."""

    id: AreaId
    level: Level
    code: str
    name: str
    parent: AreaId | None
    since: date
    until: date
    successors: tuple[AreaId, ...]


class JurisdictionRegister(Protocol):
    """Areas and bodies as the read model knows them, on a day."""

    def area(self, id: AreaId, day: date) -> AreaFacts | None: ...

    def by_code(self, code: str, day: date) -> AreaId | None:
        """The area that has exactly this code: a code is never a prefix of another."""
        ...

    def body(self, id: BodyId, day: date) -> BodyFacts | None: ...

    def called(self, body: BodyId, day: date) -> Called | None:
        """What it is called, and where it stands, as far as is known now."""
        ...

    def took_in(self, body: BodyId) -> frozenset[BodyId]:
        """The bodies that were merged into it."""
        ...

    def body_by_code(self, code: str) -> BodyId | None: ...

    def path(self, area: AreaId, day: date) -> Sequence[AreaFacts]:
        """The areas that it lies in, itself first, the province last."""
        ...

    def children(self, area: AreaId, day: date) -> Sequence[AreaId]: ...

    def desks(self, area: AreaId, day: date) -> frozenset[BodyKind]:
        """The kinds of the standing bodies of the areas that it lies in."""
        ...

    def descendants(self, area: AreaId, day: date) -> frozenset[AreaId]:
        """All areas in it, itself included."""
        ...

    def known_areas(self, day: date) -> Mapping[str, KnownArea]:
        """All areas in force, by code."""
        ...

    def area_history(self) -> Sequence[AreaVersion]:
        """All areas that there ever were: of each its versions, the last one last."""
        ...


class Areas:
    """Use cases on one area. Whole sheets: application.sheets.areas."""

    def __init__(self, ledger: Ledger, register: JurisdictionRegister) -> None:
        self._ledger = ledger
        self._register = register

    def found(self, asked: Asked, command: FoundArea) -> Receipt:
        day = command.in_force_from
        self._check_code(command.code, day)
        self._check_place(command)
        id = area_id(command.code, day)

        def work(unit: Unit) -> UUID:
            above = [command.parent] if command.parent else []
            on = occasion(asked, command, {one: area_facts(unit, one, day) for one in above})
            record(unit, AREAS, unit.history(AREAS, id), command, on, expected=0)
            return id

        return self._ledger.carry_out(asked, work)

    def change(self, asked: Asked, id: AreaId, command: AreaChange, expected: int | None = None) -> Receipt:
        """A merger ends the area, and what lies in it moves along into the one that goes on."""

        def work(unit: Unit) -> UUID:
            self.act(unit, asked, id, command, self._register.children, expected)
            return id

        return self._ledger.carry_out(asked, work)

    def act(
        self,
        unit: Unit,
        asked: Asked,
        id: AreaId,
        command: AreaChange,
        inside: Callable[[AreaId, date], Sequence[AreaId]],
        expected: int | None = None,
    ) -> None:
        """Within a unit of work. `inside`: the areas right below one, on a day."""
        day = command.in_force_from
        self._check(id, command, inside)
        others = {one: area_facts(unit, one, day) for one in _named_in(command)}
        on = occasion(asked, command, others)
        record(unit, AREAS, known(unit, AREAS, id), command, on, expected)
        if isinstance(command, MergeArea):
            taken = TakeInArea(in_force_from=day, merged=id)
            record(unit, AREAS, known(unit, AREAS, command.into), taken, on)
            for child in inside(id, day):
                move = MoveArea(in_force_from=day, parent=command.into)
                record(unit, AREAS, known(unit, AREAS, child), move, on)

    def _check(self, id: AreaId, command: AreaCommand, inside: Callable[[AreaId, date], Sequence[AreaId]]) -> None:
        day = command.in_force_from
        if isinstance(command, RecodeArea):
            self._check_code(command.code, day)
        ends = isinstance(command, AbolishArea | SplitArea)
        if ends and (left := inside(id, day)):
            raise AreasStillInside(area=id, inside=list(left)[:20])

    def _check_code(self, code: str, day: date) -> None:
        if taken := self._register.by_code(code, day):
            raise CodeTaken(area=taken)

    def _check_place(self, command: FoundArea) -> None:
        if command.level.rank >= Level.COUNTY.rank or not command.parent:
            return
        path = self._register.path(command.parent, command.in_force_from)
        cities = [area.id for area in path if area.level is Level.CITY]
        divided = any(self._has_counties(city, command.in_force_from) for city in cities)
        if not lies_in_a_county((area.level for area in path), divided):
            raise NoCountyAbove(parent=command.parent, level=command.level)

    def _has_counties(self, id: AreaId, day: date) -> bool:
        inside = (self._register.area(child, day) for child in self._register.children(id, day))
        return any(area and area.level is Level.COUNTY for area in inside)


def _named_in(command: AreaCommand) -> Sequence[AreaId]:
    if isinstance(command, MoveArea):
        return (command.parent,)
    if isinstance(command, MergeArea):
        return (command.into,)
    return command.into if isinstance(command, SplitArea) else ()


class Bodies:
    """Use cases on bodies and their members."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def found(self, asked: Asked, command: FoundBody) -> Receipt:
        """Refused with VersionMismatch where a body has the code already."""
        id = body_id(command.code)

        def work(unit: Unit) -> UUID:
            day = occasion(asked, command).day
            others = [command.answers_for] if command.answers_for else []
            on = occasion(
                asked,
                command,
                {command.area: area_facts(unit, command.area, day)},
                {one: body_facts(unit, one, day) for one in others},
            )
            record(unit, BODIES, unit.history(BODIES, id), command, on, expected=0)
            return id

        return self._ledger.carry_out(asked, work)

    def change(self, asked: Asked, id: BodyId, command: BodyCommand, expected: int | None = None) -> Receipt:
        def work(unit: Unit) -> UUID:
            self.act(unit, asked, id, command, expected)
            return id

        return self._ledger.carry_out(asked, work)

    def act(self, unit: Unit, asked: Asked, id: BodyId, command: BodyCommand, expected: int | None = None) -> None:
        """The command is decided and recorded within a unit of work that others share."""
        record(unit, BODIES, known(unit, BODIES, id), command, occasion(asked, command), expected)
