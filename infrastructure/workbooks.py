"""Workbooks of spreadsheet programs (xlsx, xls, ods) as sheets of text, their rows at the same numbers."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import chain, repeat
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from domain.shared.text_files import FileTooLarge, PackedFile
from infrastructure.workbook_errors import ErrorCells, column_of, error_cells, with_old_errors
from infrastructure.workbook_errors_xls import BrokenBook

ZIPPED, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
CHUNK = 1024 * 1024
MOST_BYTES = 1024 * 1024 * 1024
"""Unfolded: a county's largest register has some hundred megabytes."""
MOST_CELLS = 50_000_000
"""From the first to the last one: the library keeps a place for each, filled or not."""
EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number: of longer ones the last are lost."""
UNKNOWN_ERROR = "Unsupported cell error value"
CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')


def is_workbook(begins: bytes) -> bool:
    return begins.startswith((ZIPPED, COMPOUND))


def unfolded(file: BinaryIO) -> BinaryIO:
    """The file itself, or the first sheet that a workbook shows. Raises PackedFile, FileTooLarge."""
    begins = file.read(len(COMPOUND))
    file.seek(0)
    return io.BytesIO(_as_text(file)) if is_workbook(begins) else file


def unfolded_bytes(content: bytes) -> bytes:
    return _as_text(io.BytesIO(content)) if is_workbook(content) else content


def _as_text(file: BinaryIO) -> bytes:
    try:
        _refuse_large(file)
        return _first_as_text(file)
    except (CalamineError, BrokenBook, zipfile.BadZipFile, OSError):
        raise PackedFile from None


def _first_as_text(file: BinaryIO) -> bytes:
    to = io.StringIO(newline="")
    with _opened(file) as book:
        sheet = _first_shown(book)
        rows = _rows(sheet, error_cells(file, sheet.name))
        csv.writer(to, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return to.getvalue().encode("utf-8", "surrogatepass")


def _opened(file: BinaryIO) -> CalamineWorkbook:
    """Of one with an error that the library does not know, a copy that has older ones. Raises CalamineError."""
    book = CalamineWorkbook.from_filelike(file)
    try:
        _first_shown(book)
    except CalamineError as fault:
        book.close()
        if UNKNOWN_ERROR not in str(fault):
            raise
        book = CalamineWorkbook.from_filelike(with_old_errors(file))
    return book


def _first_shown(book: CalamineWorkbook) -> CalamineSheet:
    """The first one with anything in it; where there is none, the first. Raises PackedFile."""
    shown = [
        book.get_sheet_by_name(one.name)
        for one in book.sheets_metadata
        if one.typ is SheetTypeEnum.WorkSheet and one.visible is SheetVisibleEnum.Visible
    ]
    if not shown:
        raise PackedFile
    return next((sheet for sheet in shown if sheet.total_height), shown[0])


def _refuse_large(file: BinaryIO) -> None:
    """Reads all of what is packed, up to what is too much. Raises FileTooLarge, BadZipFile."""
    if file.read(len(ZIPPED)) == ZIPPED:
        left = MOST_BYTES
        with zipfile.ZipFile(file) as packed:
            for part in packed.infolist():
                with packed.open(part) as content:
                    left = _looked_through(iter(lambda: content.read(CHUNK), b""), left)
    file.seek(0)


def _looked_through(chunks: Iterable[bytes], left: int) -> int:
    rows, columns = 0, 0
    for chunk in chunks:
        left -= len(chunk)
        for letters, digits in CELL.findall(chunk):
            rows, columns = max(rows, int(digits)), max(columns, column_of(letters))
        if left < 0 or rows * columns > MOST_CELLS:
            raise FileTooLarge
    return left


def _rows(sheet: CalamineSheet, errors: ErrorCells) -> Iterator[list[str]]:
    above, before = sheet.start or (0, 0)
    shown = ([""] * before + [_text(cell) for cell in row] for row in sheet.iter_rows())
    told = 0
    for number, cells in enumerate(chain(repeat([""], above), shown)):
        yield _with_errors(cells, errors.get(number, {}))
        told = number + 1
    for number in range(told, max(errors, default=-1) + 1):  # those of which nothing but errors is left
        yield _with_errors([""], errors.get(number, {}))


def _with_errors(cells: list[str], broken: Mapping[int, str]) -> list[str]:
    if not broken:
        return cells
    wide = max(len(cells), *(column + 1 for column in broken))
    told = [*cells, *[""] * (wide - len(cells))]
    return [broken.get(column, cell) for column, cell in enumerate(told)]


def _text(cell: Any) -> str:
    """As the sheet shows it where nothing is formatted. A number with more digits than are kept is told as a damaged
    one, for its last digits are not those that somebody typed."""
    match cell:
        case bool():
            return str(cell).upper()
        case float():
            whole = cell.is_integer() and abs(cell) < EXACT
            return str(int(cell)) if whole else f"{cell:.15g}" if abs(cell) < EXACT else f"{cell:.14E}"
        case datetime():
            return f"{cell:%Y-%m-%d}" if cell.time() == datetime.min.time() else f"{cell:%Y-%m-%d %H:%M:%S}"
        case date():
            return cell.isoformat()
    return str(cell)
