"""The rows of a file: lines of JSON or of a sheet, in UTF-8 or GB18030; what is wrong with one stops no other."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

LONGEST = 1024 * 1024
"""Bytes of a line, or characters of a row of a sheet."""
SAMPLE = 1024 * 1024
PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0")
"""How packed files begin, and workbooks: what they unfold to has no limit."""
BOM = b"\xef\xbb\xbf"


class Encoding(StrEnum):
    UTF_8 = "utf-8"
    GB18030 = "gb18030"


class RowFault(StrEnum):
    """Why a row cannot be read: then nothing of it is recorded."""

    TOO_LONG = "too-long"
    NOT_TEXT = "not-text"
    UNFIT = "unfit"
    WRONG_COLUMNS = "wrong-columns"
    NO_SUCH_AREA = "no-such-area"
    NO_BODY_THERE = "no-body-there"


class PackedFile(Exception):
    """It is packed, or a workbook: unpack it, or save it as a sheet of text, first."""


@dataclass(frozen=True)
class Row:
    """`content`: a line of JSON as it stands, the cells of a sheet's row, or why there is neither."""

    number: int
    content: str | Sequence[str] | RowFault
    ends_at: int
    """Bytes of the file that were read with it."""


def encoding_of(file: BinaryIO) -> Encoding:
    """By which of the two fewer lines of its beginning are broken. Raises PackedFile."""
    begins = file.read(SAMPLE)
    file.seek(0)
    if begins.startswith(PACKED):
        raise PackedFile
    lines = begins.splitlines()[:-1] if len(begins) == SAMPLE else begins.splitlines()
    if begins.startswith(BOM):
        return Encoding.UTF_8
    utf_8, gb = (sum(not _is(line, one) for line in lines) for one in Encoding)
    return Encoding.GB18030 if gb < utf_8 else Encoding.UTF_8


def _is(line: bytes, encoding: Encoding) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def lines(file: BinaryIO, encoding: Encoding) -> Iterator[Row]:
    """Every line that is not blank, with its number."""
    number, ends_at = 0, 0
    while line := file.readline(LONGEST + 1):
        number, ends_at = number + 1, ends_at + len(line)
        whole = line.endswith(b"\n") or len(line) <= LONGEST
        while not line.endswith(b"\n") and (rest := file.readline(LONGEST)):
            line, ends_at = rest, ends_at + len(rest)
        if not whole:
            yield Row(number, RowFault.TOO_LONG, ends_at)
        elif line.strip():
            yield Row(number, _text(line.removeprefix(BOM) if number == 1 else line, encoding), ends_at)


def _text(line: bytes, encoding: Encoding) -> str | RowFault:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return RowFault.NOT_TEXT


class Sheet:
    """Rows of a CSV: a cell may hold line breaks, and counts as text whatever it looks like."""

    def __init__(self, file: BinaryIO, encoding: Encoding) -> None:
        self._lines = lines_of_text(file, encoding)
        self._reader = csv.reader((text for text, _ in self._told()), strict=True)
        self._read = 0
        self.header = [title.strip().lower() for title in next(self._reader, [])]

    def _told(self) -> Iterator[tuple[str, int]]:
        for text, ends_at in self._lines:
            self._read = ends_at
            yield text, ends_at

    def __iter__(self) -> Iterator[Row]:
        number = 1
        while True:
            number += 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(number, RowFault.TOO_LONG, self._read)
                continue
            if any(cell.strip() for cell in cells):
                yield Row(number, self._fit(cells), self._read)

    def _fit(self, cells: list[str]) -> list[str] | RowFault:
        if any(cell and not cell.isascii() and not _encodes(cell) for cell in cells):
            return RowFault.NOT_TEXT
        filled = cells + [""] * (len(self.header) - len(cells))  # an office program leaves out empty cells at the end
        more = any(cell.strip() for cell in filled[len(self.header) :])
        return RowFault.WRONG_COLUMNS if more else filled[: len(self.header)]


def _encodes(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:  # what could not be decoded
        return False
    return True


def lines_of_text(file: BinaryIO, encoding: Encoding) -> Iterator[tuple[str, int]]:
    """With what cannot be decoded marked, so that the row is refused and no other."""
    number, ends_at = 0, 0
    while line := file.readline(LONGEST + 1):
        number, ends_at = number + 1, ends_at + len(line)
        text = line.removeprefix(BOM) if number == 1 else line
        yield text.decode(encoding, "surrogateescape"), ends_at
