"""Cells of a workbook that hold an error in place of a value, as #N/A: the library reads them as empty ones, and what a
formula has lost would be taken for what nobody wrote. Errors that are newer than the library (#SPILL!) it refuses."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import unescape
from typing import IO, BinaryIO

from domain.shared.told_numbers import is_no_value
from infrastructure.workbook_errors_ods import CONTENT, errors_in_ods
from infrastructure.workbook_errors_xls import ErrorCell, errors_in_xls

ErrorCells = Mapping[int, Mapping[int, str]]
"""By row and column, both from 0."""
BOOK, RELATED = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
CHUNK = 1024 * 1024
LONGEST = 100_000
"""Bytes of a cell: a formula has 8,192 signs."""
SHEETS = "xl/worksheets/"
OTHER = "#UNKNOWN!"
LONGEST_VALUE = 100
ERROR_VALUE = re.compile(rb"(<(?:\w+:)?v(?: [^>]{0,30})?>)#[A-Z][A-Z0-9_/]{0,30}[!?]?<")
SHEET, RELATION = re.compile(r"<(?:\w+:)?sheet\s[^>]*>"), re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
MARK = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?P<marks>[^>]*\bt=["']e["'][^>/]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v[^>]*>(?P<told>[^<]{1,40})<""",
    re.DOTALL,
)
PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")


def error_cells(file: BinaryIO, sheet: str) -> ErrorCells:
    """Raises BadZipFile, BrokenBook."""
    file.seek(0)
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for row, column, told in _errors(file, sheet):
        found[row][column] = told if is_no_value(told) else OTHER
    file.seek(0)
    return found


def _errors(file: BinaryIO, sheet: str) -> Iterator[ErrorCell]:
    if not zipfile.is_zipfile(file):
        file.seek(0)
        yield from errors_in_xls(file.read(), sheet)
        return
    with zipfile.ZipFile(file) as packed:
        yield from errors_in_ods(packed, sheet) if CONTENT in packed.namelist() else _errors_in_xlsx(packed, sheet)


def _errors_in_xlsx(packed: zipfile.ZipFile, sheet: str) -> Iterator[ErrorCell]:
    part = _part_of(packed, sheet)
    if part not in packed.namelist():
        return
    rest = b""
    with packed.open(part) as content:
        while chunk := content.read(CHUNK):
            text = rest + chunk
            for cell in CELL.finditer(text):
                if place := PLACE.search(cell["marks"]):
                    told = cell["told"].decode("utf-8", "replace")
                    yield ErrorCell(int(place[2]) - 1, column_of(place[1]) - 1, told)
            rest = text[-LONGEST:]  # a cell that was cut off; one that is read twice is the same one


def with_old_errors(file: BinaryIO) -> BinaryIO:
    """The same workbook with #N/A in place of every error, for the library. Raises BadZipFile."""
    file.seek(0)
    to = io.BytesIO()
    with zipfile.ZipFile(file) as packed, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as into:
        for part in packed.namelist():
            with packed.open(part) as content, into.open(part, "w", force_zip64=True) as copy:
                for piece in _renamed(content) if part.startswith(SHEETS) else iter(lambda: content.read(CHUNK), b""):
                    copy.write(piece)
    file.seek(0)
    to.seek(0)
    return to


def _renamed(content: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := content.read(CHUNK):
        text = ERROR_VALUE.sub(rb"\1#N/A<", rest + chunk)
        yield text[:-LONGEST_VALUE]
        rest = text[-LONGEST_VALUE:]
    yield rest


def _part_of(packed: zipfile.ZipFile, sheet: str) -> str:
    """Where the sheet of this name stands; empty: the file is of another form."""
    if not {BOOK, RELATED} <= set(packed.namelist()):
        return ""
    ids = {one.get("name"): one.get("id") for one in _marks(packed, BOOK, SHEET)}
    targets = {one.get("Id"): one.get("Target", "") for one in _marks(packed, RELATED, RELATION)}
    target = targets.get(ids.get(sheet), "")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _marks(packed: zipfile.ZipFile, part: str, of: re.Pattern[str]) -> Iterator[dict[str, str]]:
    for tag in of.findall(packed.read(part).decode("utf-8", "replace")):
        yield {name.rpartition(":")[2]: unescape(one or other) for name, one, other in MARK.findall(tag)}


def column_of(letters: bytes) -> int:
    """The first one is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
