"""区划表 The sheet of areas that an office imports: rows, or a full list of what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from domain.shared.sheets import LONGEST_CODE, Fault, Reason, is_name, read_rows, shown
from domain.shared.values import Level, Value

COLUMNS = ("code", "name", "parent_code", "level")
OPTIONAL = "urban_rural_code"
LEVELS = {str(number): level for number, level in enumerate(reversed(Level), start=1)}


class AreaRow(Value):
    number: int
    code: str
    name: str
    parent: str
    level: Level


def read_sheet(sheet: bytes) -> tuple[list[AreaRow], list[Fault]]:
    """The rows that can be read, and the faults of the others. Raises SheetRefused where none can."""
    return read_rows(sheet, _row, COLUMNS, (*COLUMNS, OPTIONAL))


def _row(number: int, cells: Sequence[str]) -> AreaRow | Fault:
    code, name, parent, level = cells[:4]
    if level not in LEVELS:
        return Fault(row=number, reason=Reason.BAD_LEVEL, code=shown(code))
    if not _is_code(code, LEVELS[level]):
        return Fault(row=number, reason=Reason.BAD_CODE, code=shown(code))
    if not is_name(name):
        return Fault(row=number, reason=Reason.BAD_NAME, code=code)
    return AreaRow(number=number, code=code, name=name, parent=parent, level=LEVELS[level])


def _is_code(code: str, level: Level) -> bool:
    """A grid's code is the county's own; the others are the national statistics'."""
    if not 1 <= len(code) <= LONGEST_CODE:
        return False
    if level is Level.GRID:
        return code.isprintable() and not any(map(str.isspace, code))
    return code.isascii() and code.isdigit()
