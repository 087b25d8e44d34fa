"""A new sheet of areas being taken over: recoded, founded, renamed, moved, then ended from the lowest level up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeAlias
from uuid import UUID

from application.jurisdiction import Areas, JurisdictionRegister
from application.ports import Asked, Ledger, Unit
from application.register_decisions import AREAS, known, occasion, record, unrecorded
from application.sheets.area_decisions import MAY_BE, Choice, Decision, proposals
from domain.jurisdiction.area import AreaCommand, FoundArea, RecodeArea, RenameArea, area_id
from domain.jurisdiction.imports import Plan
from domain.jurisdiction.lineage import AbolishArea, MergeArea, MoveArea, SplitArea
from domain.jurisdiction.sheet import AreaRow
from domain.jurisdiction.successions import KnownArea
from domain.shared.errors import UnknownArea
from domain.shared.occasion import AreaFacts
from domain.shared.sheets import Fault, Reason, collected, in_order, shown
from domain.shared.values import AreaId

Step: TypeAlias = Callable[[Unit, list[Fault]], UUID]
ENDS = frozenset({Choice.MERGE, Choice.SPLIT, Choice.ABOLISH})


class AreaEdition:
    """Raises SheetRefused where a decision does not fit its question."""

    def __init__(
        self,
        asked: Asked,
        plan: Plan,
        areas: Mapping[str, KnownArea],
        day: date,
        decided: Mapping[str, Decision],
        ledger: Ledger,
        register: JurisdictionRegister,
    ) -> None:
        self._asked, self._day, self._known = asked, day, areas
        self._acting = Areas(ledger, register)
        self._settle(plan, decided)
        self._ids = {code: area.id for code, area in areas.items()}
        self._ids |= {row.code: areas[code].id for code, row in self.recoded.items()}
        self._ids |= {row.code: area_id(row.code, day) for row in self.founded}
        self._facts = {area.id: AreaFacts(id=area.id, level=area.level, in_force=True) for area in areas.values()}
        self._above: dict[AreaId, AreaId | None] = {
            area.id: areas[area.parent].id if area.parent in areas else None for area in areas.values()
        }

    def _settle(self, plan: Plan, decided: Mapping[str, Decision]) -> None:
        """What is to be done, once the questions are answered."""
        asking = list(proposals(plan, self._known))
        _refuse_unfit(decided, {one.code: MAY_BE[one.kind] for one in asking}, plan)
        of = {one.code: decided[one.code] for one in asking}
        rows = {row.code: row for row in (*plan.founded, *(one.row for one in plan.recoded), *plan.renamed)}
        self.recoded = {code: rows[one.into] for code, one in of.items() if one.choice is Choice.RECODE}
        self.ended = [one for one in of.values() if one.choice in ENDS]
        self.kept = tuple(one.code for one in of.values() if one.choice is Choice.KEEP)
        targets = {row.code for row in self.recoded.values()}
        was = {one.row.code: one.code for one in plan.recoded}
        left = [one.row for one in plan.recoded if one.row.code not in targets]  # the area did not go on as this
        anew = [row for row in plan.renamed if row.code in of and of[row.code].choice in ENDS]
        founded = [row for row in (*plan.founded, *left, *anew) if row.code not in {*targets, *self.kept}]
        self.founded = sorted(founded, key=lambda row: (-row.level.rank, row.code))
        passed = {row.code for row in (*left, *anew)} | set(self.kept)
        self.renamed = [row for row in plan.renamed if row.code not in passed and self._stays(row, was)]
        self.moved = [row for row in plan.moved if row.code not in passed and self._stays(row, was)]
        for code, row in self.recoded.items():
            if was.get(row.code) != code:  # somebody decided what nothing proposed
                self.renamed += [row] if row.name != self._known[code].name else []

    def _stays(self, row: AreaRow, was: Mapping[str, str]) -> bool:
        """Whether it is the area that the plan took it for."""
        old = was.get(row.code)
        return old is None or self.recoded.get(old) is row

    def steps(self) -> list[Step]:
        ending = sorted(self.ended, key=lambda one: self._known[one.code].level.rank)
        return [
            *(self._recode(code, row) for code, row in self.recoded.items()),
            *(self._found(row) for row in self.founded),
            *(self._change(row, RenameArea(in_force_from=self._day, area_name=row.name)) for row in self.renamed),
            *(self._move(row) for row in self.moved),
            *(self._end(one) for one in ending),
        ]

    def _recode(self, code: str, row: AreaRow) -> Step:
        id = self._known[code].id
        return self._recorded(id, row.number, row.code, RecodeArea(in_force_from=self._day, code=row.code))

    def _found(self, row: AreaRow) -> Step:
        id, parent = self._ids[row.code], self._ids.get(row.parent)
        command = FoundArea(in_force_from=self._day, code=row.code, area_name=row.name, level=row.level, parent=parent)

        def step(unit: Unit, faults: list[Fault]) -> UUID:
            record(unit, AREAS, unrecorded(AREAS, id), command, occasion(self._asked, command, self._facts))
            return id

        self._facts[id] = AreaFacts(id=id, level=row.level, in_force=True)
        self._above[id] = parent
        return step

    def _move(self, row: AreaRow) -> Step:
        parent = self._ids[row.parent]
        self._above[self._ids[row.code]] = parent
        return self._change(row, MoveArea(in_force_from=self._day, parent=parent))

    def _change(self, row: AreaRow, command: AreaCommand) -> Step:
        return self._recorded(self._ids[row.code], row.number, row.code, command)

    def _recorded(self, id: AreaId, number: int, code: str, command: AreaCommand) -> Step:
        def step(unit: Unit, faults: list[Fault]) -> UUID:
            with collected(faults, number, code):
                record(unit, AREAS, known(unit, AREAS, id), command, occasion(self._asked, command, self._facts))
            return id

        return step

    def _end(self, one: Decision) -> Step:
        id = self._known[one.code].id

        def step(unit: Unit, faults: list[Fault]) -> UUID:
            with collected(faults, one.number, one.code):
                command = self._ending(one)
                self._acting.act(unit, self._asked, id, command, self._inside)
                if isinstance(command, MergeArea):
                    self._above |= dict.fromkeys(self._inside(id, self._day), command.into)
                self._above[id] = None
            return id

        return step

    def _ending(self, one: Decision) -> MergeArea | SplitArea | AbolishArea:
        if one.choice is Choice.MERGE:
            return MergeArea(in_force_from=self._day, into=self._area(one.into))
        if one.choice is Choice.SPLIT:
            return SplitArea(in_force_from=self._day, into=tuple(map(self._area, one.into.split())))
        return AbolishArea(in_force_from=self._day)

    def _area(self, code: str) -> AreaId:
        if code not in self._ids:
            raise UnknownArea(code=shown(code))
        return self._ids[code]

    def _inside(self, id: AreaId, day: date) -> Sequence[AreaId]:
        return [one for one, above in self._above.items() if above == id]


def _refuse_unfit(decided: Mapping[str, Decision], may_be: Mapping[str, frozenset[Choice]], plan: Plan) -> None:
    """Raises SheetRefused."""
    targets = {row.code for row in plan.founded} | {one.row.code for one in plan.recoded}
    targets |= set(plan.unlike)
    unfit = [
        Fault(
            row=one.number, reason=Reason.BAD_WORD, code=shown(one.code), told=one.choice, wanted=" ".join(may_be[code])
        )
        for code, one in decided.items()
        if code in may_be and one.choice not in may_be[code]
    ]
    unfit += [
        Fault(row=one.number, reason=Reason.UNKNOWN_AREA, code=shown(one.code), told=shown(one.into))
        for code, one in decided.items()
        if code in may_be and one.choice is Choice.RECODE and one.into not in targets
    ]
    if unfit:
        raise in_order(unfit)
