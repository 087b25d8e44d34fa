"""表 Sheets of text, row by row: in UTF-8 or GB18030; what is wrong with a row stops no other."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Generic, TypeVar

LONGEST = 1024 * 1024
"""Bytes of a line, or characters of a row of a sheet."""
SAMPLE = 1024 * 1024
PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0")
"""How packed files begin, and workbooks: what they unfold to has no limit."""
BOM = b"\xef\xbb\xbf"


class Encoding(StrEnum):
    UTF_8 = "utf-8"
    GB18030 = "gb18030"


class Damage(StrEnum):
    """Why a row cannot be read."""

    TOO_LONG = "too-long"
    NOT_TEXT = "not-text"
    WRONG_COLUMNS = "wrong-columns"


class PackedFile(Exception):
    """It is packed, or a workbook: unpack it, or save it as a sheet of text, first."""


Content = TypeVar("Content", covariant=True)


@dataclass(frozen=True)
class Row(Generic[Content]):
    """`content`: what stands there, or why it cannot be read. `ends_at`: bytes of the file that were read with it."""

    number: int
    content: Content | Damage
    ends_at: int


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


class Sheet:
    """Rows of a CSV: a cell may hold line breaks, and counts as text whatever it looks like.

    `filled`: cells that lack at the end of a row are empty ones, for an office program leaves them out."""

    def __init__(self, file: BinaryIO, encoding: Encoding, *, filled: bool = True) -> None:
        self._lines = lines_of_text(file, encoding)
        self._filled = filled
        self._reader = csv.reader((text for text, _ in self._told()), strict=True)
        self._read = 0
        self.header = self._titles()

    def _titles(self) -> list[str]:
        """None where they cannot be read."""
        try:
            return [title.strip().lower() for title in next(self._reader, [])]
        except csv.Error:
            return []

    def _told(self) -> Iterator[tuple[str, int]]:
        for text, ends_at in self._lines:
            self._read = ends_at
            yield text, ends_at

    def __iter__(self) -> Iterator[Row[Sequence[str]]]:
        number = 1
        while True:
            number += 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(number, Damage.TOO_LONG, self._read)
                continue
            if any(cell.strip() for cell in cells):
                yield Row(number, self._fit(cells), self._read)

    def _fit(self, cells: list[str]) -> list[str] | Damage:
        if any(cell and not cell.isascii() and not _encodes(cell) for cell in cells):
            return Damage.NOT_TEXT
        lacking, more = len(self.header) - len(cells), cells[len(self.header) :]
        if any(cell.strip() for cell in more) or (lacking > 0 and not self._filled):
            return Damage.WRONG_COLUMNS
        return [*cells[: len(self.header)], *[""] * lacking]


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
