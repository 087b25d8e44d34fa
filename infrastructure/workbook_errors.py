"""Cells of a workbook (xlsx) that hold an error in place of a value, as #N/A: the library reads them as empty ones, and
what a formula has lost would be taken for what nobody wrote."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import unescape
from typing import BinaryIO

ErrorCells = Mapping[int, Mapping[int, str]]
"""By row and column, both from 0."""
BOOK, RELATED = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
CHUNK = 1024 * 1024
LONGEST = 100_000
"""Bytes of a cell: a formula has 8,192 signs."""
SHEET, RELATION = re.compile(r"<(?:\w+:)?sheet\s[^>]*>"), re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
MARK = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?P<marks>[^>]*\bt=["']e["'][^>/]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v[^>]*>(?P<told>[^<]{1,40})<""",
    re.DOTALL,
)
PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")


def error_cells(file: BinaryIO, sheet: str) -> ErrorCells:
    """None in files of another form. Raises BadZipFile."""
    file.seek(0)
    found: dict[int, dict[int, str]] = defaultdict(dict)
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            for row, column, told in _errors(packed, sheet):
                found[row][column] = told
    file.seek(0)
    return found


def _errors(packed: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int, str]]:
    part = _part_of(packed, sheet)
    if part not in packed.namelist():
        return
    rest = b""
    with packed.open(part) as content:
        while chunk := content.read(CHUNK):
            text = rest + chunk
            for cell in CELL.finditer(text):
                if place := PLACE.search(cell["marks"]):
                    yield int(place[2]) - 1, column_of(place[1]) - 1, cell["told"].decode("utf-8", "replace")
            rest = text[-LONGEST:]  # a cell that was cut off; one that is read twice is the same one


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
