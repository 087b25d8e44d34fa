"""Error cells of open documents (ods): by what a cell shows, where its value is none, or a number that is not shown."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, iterparse

from domain.shared.told_numbers import is_no_value
from infrastructure.workbook_errors_xls import BrokenBook, ErrorCell

CONTENT = "content.xml"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
TABLE, OFFICE, TEXT = f"{{{OASIS}:table:1.0}}", f"{{{OASIS}:office:1.0}}", f"{{{OASIS}:text:1.0}}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
CELLS = {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}
NO_TEXT = "#UNKNOWN!"
MOST = 1_000_000


def errors_in_ods(packed: zipfile.ZipFile, sheet: str) -> Iterator[ErrorCell]:
    """Of the sheet of this name. Raises BrokenBook."""
    left = MOST
    try:
        for row, column, wide, high, told in _broken(packed, sheet):
            left -= wide * high
            if left < 0:
                raise BrokenBook("too many errors in it")
            yield from (ErrorCell(row + y, column + x, told) for y in range(high) for x in range(wide))
    except ParseError as fault:
        raise BrokenBook(str(fault)) from None


def _broken(packed: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int, int, int, str]]:
    row, within = 0, False
    with packed.open(CONTENT) as content:
        for event, element in iterparse(content, events=("start", "end")):
            if element.tag == f"{TABLE}table" and (event == "start" or within):
                within, row = event == "start" and element.get(f"{TABLE}name") == sheet, 0
            if event == "end" and element.tag == f"{TABLE}table-row":
                high = _repeated(element, "rows")
                if within:
                    yield from ((row, column, wide, high, told) for column, wide, told in _of_a_row(element))
                row += high
                element.clear()


def _of_a_row(row: Element) -> Iterator[tuple[int, int, str]]:
    column = 0
    for cell in row:
        if cell.tag in CELLS:
            wide = _repeated(cell, "columns")
            if told := _error(cell):
                yield column, wide, told
            column += wide


def _error(cell: Element) -> str:
    """Empty: it is none. LibreOffice says so beside the value, others by what is shown alone."""
    shown = next(("".join(one.itertext()) for one in cell if one.tag == f"{TEXT}p"), "")
    if is_no_value(shown):
        return shown
    return NO_TEXT if cell.get(f"{CALC}value-type") == "error" else ""


def _repeated(element: Element, what: str) -> int:
    told = element.get(f"{TABLE}number-{what}-repeated", "1")
    return int(told) if told.isdecimal() else 1
