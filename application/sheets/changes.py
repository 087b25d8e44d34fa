"""区划变更 Changes of the registers: of areas, from a new name to an end, and of bodies, which are merged or dissolved.

A sheet of them is taken over as a whole, in the order of its rows, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from application.jurisdiction import AreaChange, Areas, Bodies, JurisdictionRegister
from application.jurisdiction_mergers import BodyMergers
from application.ports import Asked, Ledger, Unit
from application.sheets.bodies import SheetReport
from domain.jurisdiction.area import RecodeArea, RenameArea
from domain.jurisdiction.body import DissolveBody
from domain.jurisdiction.lineage import AbolishArea, MergeArea, MoveArea, SplitArea
from domain.jurisdiction.merging import MergeBody
from domain.shared.calendar import SHANGHAI
from domain.shared.errors import UnknownArea, UnknownBody
from domain.shared.sheet_columns import coded, read_titled
from domain.shared.sheets import Fault, Reason, collected, in_order, shown
from domain.shared.told_days import day
from domain.shared.values import AreaId, BodyId, Value

TITLES = {
    "change": ("变更", "变更类型", "事项"),
    "code": ("代码", "原代码", "区域代码"),
    "into": ("变更为", "并入", "新名称或代码"),
    "in_force_from": ("生效日期", "起始日期", "施行日期"),
}
NEEDED = ("change", "code", "in_force_from")


class Change(StrEnum):
    """What a row may say, and what its column `into` then holds."""

    RENAME = "rename"  # 更名: the new name
    RECODE = "recode"  # 变更代码: the new code
    MOVE = "move"  # 划转: the code of the area above
    MERGE = "merge"  # 并入: the code of the area that goes on
    SPLIT = "split"  # 拆分: the codes of the areas that come after it, with blanks between them
    ABOLISH = "abolish"  # 撤销: nothing
    DISSOLVE = "dissolve"  # 机构撤销: nothing; the code is a body's
    MERGE_BODY = "merge-body"  # 机构合并: the code of the body that goes on; the code is a body's


CHANGES = {
    "更名": Change.RENAME,
    "变更代码": Change.RECODE,
    "划转": Change.MOVE,
    "并入": Change.MERGE,
    "拆分": Change.SPLIT,
    "撤销": Change.ABOLISH,
    "机构撤销": Change.DISSOLVE,
    "撤销机构": Change.DISSOLVE,
    "机构合并": Change.MERGE_BODY,
    "合并机构": Change.MERGE_BODY,
}
OF_BODIES = frozenset({Change.DISSOLVE, Change.MERGE_BODY})


class ChangeRow(Value):
    number: int
    change: Change
    code: str
    into: str
    in_force_from: date


def read_changes(sheet: bytes) -> tuple[list[ChangeRow], list[Fault]]:
    return read_titled(sheet, TITLES, NEEDED, _row)


def _row(number: int, cells: Sequence[str]) -> ChangeRow | Fault:
    change, code, into, told = cells
    kind = coded(Change, CHANGES, change)
    if kind is None:
        return _unfit(number, code, "change", change, " ".join((*Change, *CHANGES)))
    try:
        since = day(told)
    except ValueError:
        return _unfit(number, code, "in_force_from", told, "2027-01-01")
    bare, target = (one.lstrip("'’") for one in (code, into))
    return ChangeRow(number=number, change=kind, code=bare, into=target, in_force_from=since)


def _unfit(number: int, code: str, column: str, told: str, wanted: str) -> Fault:
    return Fault(row=number, reason=Reason.BAD_WORD, code=shown(code), column=column, told=shown(told), wanted=wanted)


class ChangeSheets:
    def __init__(self, ledger: Ledger, register: JurisdictionRegister, mergers: BodyMergers) -> None:
        self._ledger = ledger
        self._register = register
        self._mergers = mergers

    def take_over(self, asked: Asked, sheet: bytes) -> SheetReport:
        """Raises SheetRefused with everything that is wrong."""
        rows, faults = read_changes(sheet)
        if faults:
            raise in_order(faults)
        return self.carry_out(asked, rows)

    def carry_out(self, asked: Asked, rows: Sequence[ChangeRow]) -> SheetReport:
        """The same for rows that came otherwise, for example from one command. Raises SheetRefused."""
        if not rows:
            return SheetReport(recorded=0, unchanged=0, receipt=None)
        if any(row.change is Change.MERGE_BODY for row in rows):
            self._mergers.catch_up()
        changing = _Changing(asked, rows, self._ledger, self._register, self._mergers)
        receipt = self._ledger.carry_out(asked, changing.work)
        return SheetReport(recorded=len(rows), unchanged=0, receipt=receipt)


class _Changing:
    """One sheet being taken over: its rows see what the rows before them did."""

    def __init__(
        self,
        asked: Asked,
        rows: Sequence[ChangeRow],
        ledger: Ledger,
        register: JurisdictionRegister,
        mergers: BodyMergers,
    ) -> None:
        self._asked = asked
        self._rows = rows
        self._areas, self._bodies, self._mergers = Areas(ledger, register), Bodies(ledger), mergers
        self._register = register
        self._above: dict[AreaId, AreaId | None] = {}
        """Where the areas lie that were moved so far; None: it has ended."""
        self._codes: dict[str, AreaId | None] = {}
        """Which area has a code that changed hands; None: none any more."""

    def work(self, unit: Unit) -> UUID:
        faults: list[Fault] = []
        changed: list[UUID] = []
        for row in self._rows:
            with collected(faults, row.number, row.code):
                changed.append(self._change(unit, row))
        if faults:
            raise in_order(faults)
        return changed[0]

    def _change(self, unit: Unit, row: ChangeRow) -> UUID:
        if row.change in OF_BODIES:
            return self._change_body(unit, row)
        id = self._area(row.code, row.in_force_from)
        command = self._command(row)
        self._areas.act(unit, self._asked, id, command, self._inside)
        self._remember(id, row, command)
        return id

    def _change_body(self, unit: Unit, row: ChangeRow) -> BodyId:
        body, midnight = self._body(row.code), datetime.combine(row.in_force_from, time(), SHANGHAI)
        if row.change is Change.MERGE_BODY:
            merge = MergeBody(into=self._body(row.into), occurred_at=midnight)
            self._mergers.act(unit, self._asked, body, merge)
        else:
            self._bodies.act(unit, self._asked, body, DissolveBody(occurred_at=midnight))
        return body

    def _body(self, code: str) -> BodyId:
        if (found := self._register.body_by_code(code)) is None:
            raise UnknownBody(code=shown(code))
        return found

    def _command(self, row: ChangeRow) -> AreaChange:
        day = row.in_force_from
        match row.change:
            case Change.RENAME:
                return RenameArea(in_force_from=day, area_name=row.into)
            case Change.RECODE:
                return RecodeArea(in_force_from=day, code=row.into)
            case Change.MOVE:
                return MoveArea(in_force_from=day, parent=self._area(row.into, day))
            case Change.MERGE:
                return MergeArea(in_force_from=day, into=self._area(row.into, day))
            case Change.SPLIT:
                return SplitArea(in_force_from=day, into=tuple(self._area(code, day) for code in row.into.split()))
        return AbolishArea(in_force_from=day)

    def _area(self, code: str, day: date) -> AreaId:
        found = self._codes[code] if code in self._codes else self._register.by_code(code, day)
        if found is None:
            raise UnknownArea(code=shown(code))
        return found

    def _inside(self, id: AreaId, day: date) -> Sequence[AreaId]:
        before = [one for one in self._register.children(id, day) if one not in self._above]
        return [*before, *(one for one, above in self._above.items() if above == id)]

    def _remember(self, id: AreaId, row: ChangeRow, command: AreaChange) -> None:
        match command:
            case MoveArea():
                self._above[id] = command.parent
            case MergeArea():
                self._above |= dict.fromkeys(self._inside(id, row.in_force_from), command.into)
            case RecodeArea():
                self._codes[command.code] = id
        if isinstance(command, MergeArea | SplitArea | AbolishArea):
            self._above[id] = None
        if isinstance(command, MergeArea | SplitArea | AbolishArea | RecodeArea):
            self._codes[row.code] = None
