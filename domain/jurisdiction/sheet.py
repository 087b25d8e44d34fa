"""区划表 The sheet of areas that an office imports: bytes in, rows or a full list of what is wrong out."""

from __future__ import annotations

import csv
import io
import unicodedata
import zlib
from collections.abc import Iterator
from enum import StrEnum

from domain.shared.errors import Refused
from domain.shared.values import Level, Value

COLUMNS = ["code", "name", "parent_code", "level"]
OPTIONAL = "urban_rural_code"
LEVELS = {str(number): level for number, level in enumerate(reversed(Level), start=1)}
LARGEST = 64 * 1024 * 1024
LONGEST_CODE, LONGEST_NAME = 40, 100


class Reason(StrEnum):
    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    WRONG_HEADER = "wrong_header"
    UNREADABLE = "unreadable"
    WRONG_COLUMNS = "wrong_columns"
    BAD_CODE = "bad_code"
    BAD_NAME = "bad_name"
    BAD_LEVEL = "bad_level"
    DUPLICATE_CODE = "duplicate_code"
    MISSING_PARENT = "missing_parent"
    PARENT_NOT_HIGHER = "parent_not_higher"
    NO_COUNTY_ABOVE = "no_county_above"
    LEVEL_CHANGED = "level_changed"


class Fault(Value):
    """What is wrong with a row; the header is row 1."""

    row: int
    reason: Reason
    code: str = ""


class SheetRefused(Refused):
    """The sheet has faults. Nothing of it was taken over."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults=[fault.model_dump(mode="json") for fault in faults])
        self.faults = faults


class Row(Value):
    number: int
    code: str
    name: str
    parent: str
    level: Level


def read_sheet(sheet: bytes) -> tuple[list[Row], list[Fault]]:
    """The rows that can be read, and the faults of the others. Raises SheetRefused where none can."""
    rows: list[Row] = []
    faults: list[Fault] = []
    number = 1
    try:
        for number, cells in _lines(_text(_unpacked(sheet))):
            row = _row(number, cells)
            if isinstance(row, Fault):
                faults.append(row)
            else:
                rows.append(row)
    except csv.Error:
        raise SheetRefused([*faults, Fault(row=number + 1, reason=Reason.UNREADABLE)]) from None
    return rows, faults


def _unpacked(sheet: bytes) -> bytes:
    if not sheet.startswith(b"\x1f\x8b"):
        return sheet
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(sheet, LARGEST)
    except zlib.error:
        raise SheetRefused([Fault(row=1, reason=Reason.UNREADABLE)]) from None
    if unpacker.unconsumed_tail:
        raise SheetRefused([Fault(row=1, reason=Reason.TOO_LARGE)])
    return unpacked


def _text(sheet: bytes) -> str:
    try:
        return sheet.decode("utf-8-sig")
    except UnicodeDecodeError as error:  # most often a sheet saved as GBK
        row = sheet.count(b"\n", 0, error.start) + 1
        raise SheetRefused([Fault(row=row, reason=Reason.NOT_UTF8)]) from None


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header that are not blank, with their numbers."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [title.strip() for title in next(reader, [])]
    if header not in (COLUMNS, [*COLUMNS, OPTIONAL]):
        raise SheetRefused([Fault(row=1, reason=Reason.WRONG_HEADER)])
    for number, cells in enumerate(reader, start=2):
        if any(cells):
            yield number, cells if len(cells) == len(header) else []


def _row(number: int, cells: list[str]) -> Row | Fault:
    if not cells:
        return Fault(row=number, reason=Reason.WRONG_COLUMNS)
    code, name, parent, level = (cell.strip(" ") for cell in cells[:4])
    shown = code if code.isprintable() else ""
    if level not in LEVELS:
        return Fault(row=number, reason=Reason.BAD_LEVEL, code=shown[:LONGEST_CODE])
    if not _is_code(code, LEVELS[level]):
        return Fault(row=number, reason=Reason.BAD_CODE, code=shown[:LONGEST_CODE])
    if not _is_name(name):
        return Fault(row=number, reason=Reason.BAD_NAME, code=code)
    return Row(number=number, code=code, name=name, parent=parent, level=LEVELS[level])


def _is_code(code: str, level: Level) -> bool:
    """A grid's code is the county's own; the others are the national statistics'."""
    if not 1 <= len(code) <= LONGEST_CODE:
        return False
    if level is Level.GRID:
        return code.isprintable() and not any(map(str.isspace, code))
    return code.isascii() and code.isdigit()


def _is_name(name: str) -> bool:
    if not name.strip() or len(name) > LONGEST_NAME:
        return False
    return not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in name)
