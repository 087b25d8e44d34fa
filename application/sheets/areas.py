"""导入区划: a sheet of areas is taken over as a whole, in one unit of work, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias
from uuid import UUID

from application.jurisdiction import JurisdictionRegister
from application.ports import Asked, Ledger, Receipt, Unit
from application.register_decisions import AREAS, known, occasion, record, unrecorded
from domain.jurisdiction.area import AreaCommand, FoundArea, RenameArea, area_id
from domain.jurisdiction.imports import KnownArea, Plan, plan
from domain.jurisdiction.lineage import MoveArea
from domain.jurisdiction.sheet import AreaRow
from domain.shared.occasion import AreaFacts
from domain.shared.values import AreaId, Value

Progress: TypeAlias = Callable[[int, int], None]


class ImportReport(Value):
    founded: int
    renamed: int
    moved: int
    unchanged: int
    vanished: tuple[str, ...]
    receipt: Receipt | None
    """None: the sheet says nothing new, and nothing was recorded."""


def _unwatched(done: int, of: int) -> None:
    pass


class AreaSheets:
    def __init__(self, ledger: Ledger, register: JurisdictionRegister) -> None:
        self._ledger = ledger
        self._register = register

    def take_over(
        self, asked: Asked, sheet: bytes, in_force_from: date, progress: Progress = _unwatched
    ) -> ImportReport:
        areas = self._register.known_areas(in_force_from)
        planned = plan(sheet, areas)
        receipt = None
        if planned.founded or planned.renamed or planned.moved:
            taking = _AreaSheetTaken(asked, in_force_from, planned, areas, progress)
            receipt = self._ledger.carry_out(asked, taking.work)
        return ImportReport(
            founded=len(planned.founded),
            renamed=len(planned.renamed),
            moved=len(planned.moved),
            unchanged=planned.unchanged,
            vanished=planned.vanished,
            receipt=receipt,
        )


class _AreaSheetTaken:
    """One sheet being taken over."""

    def __init__(
        self, asked: Asked, day: date, planned: Plan, areas: Mapping[str, KnownArea], progress: Progress
    ) -> None:
        self._asked = asked
        self._day = day
        self._plan = planned
        self._ids = {code: area.id for code, area in areas.items()}
        self._ids |= {row.code: area_id(row.code, day) for row in planned.founded}
        self._facts = {area.id: AreaFacts(id=area.id, level=area.level, in_force=True) for area in areas.values()}
        self._progress = progress

    def work(self, unit: Unit) -> UUID:
        plan = self._plan
        for done, row in enumerate(plan.founded):
            self._found(unit, row)
            if done % 1000 == 0:
                self._progress(done, len(plan.founded))
        for row in plan.renamed:
            self._change(unit, row, RenameArea(in_force_from=self._day, area_name=row.name))
        for row in plan.moved:
            parent = self._ids[row.parent]
            self._change(unit, row, MoveArea(in_force_from=self._day, parent=parent))
        first = next(iter((*plan.founded, *plan.renamed, *plan.moved)))
        return self._ids[first.code]

    def _found(self, unit: Unit, row: AreaRow) -> None:
        id = self._ids[row.code]
        command = FoundArea(
            in_force_from=self._day,
            code=row.code,
            area_name=row.name,
            level=row.level,
            parent=self._ids.get(row.parent),
        )
        self._record_new(unit, id, command)
        self._facts[id] = AreaFacts(id=id, level=row.level, in_force=True)

    def _record_new(self, unit: Unit, id: AreaId, command: FoundArea) -> None:
        on = occasion(self._asked, command, self._facts)
        record(unit, AREAS, unrecorded(AREAS, id), command, on)

    def _change(self, unit: Unit, row: AreaRow, command: AreaCommand) -> None:
        on = occasion(self._asked, command, self._facts)
        record(unit, AREAS, known(unit, AREAS, self._ids[row.code]), command, on)
