"""表 Sheets of text, row by row: whatever parts their cells; what is wrong with a row stops no other."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from domain.shared.text_files import LONGEST, TextFile, whole_lines

SEPARATORS = (",", ";", "\t", "|")
TOLD_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""The first line by which a sheet may say what parts its cells: no row of it, as office programs show it."""
MOST_LINES = 1_000
"""Lines of a row whose cells hold line breaks."""


class Damage(StrEnum):
    """Why a row cannot be read."""

    TOO_LONG = "too-long"
    NOT_TEXT = "not-text"
    WRONG_COLUMNS = "wrong-columns"
    OPEN_QUOTE = "open-quote"


Content = TypeVar("Content", covariant=True)


@dataclass(frozen=True)
class Row(Generic[Content]):
    """`content`: what stands there, or why it cannot be read. `ends_at`: bytes of the file that were read with it."""

    number: int
    content: Content | Damage
    ends_at: int


class Sheet:
    """Rows of a sheet of text: a cell may hold line breaks, and counts as text whatever it looks like.

    `filled`: cells that lack at the end of a row are empty ones, for an office program leaves them out."""

    def __init__(self, text: TextFile, *, filled: bool = True) -> None:
        self._records = _Records(_decoded(text))
        self._filled = filled
        self.titles = self._records.header()
        self.header = [title.lower() for title in self.titles]

    def __iter__(self) -> Iterator[Row[Sequence[str]]]:
        for number, cells in self._records:
            if isinstance(cells, Damage):
                yield Row(number, cells, self._records.ends_at)
            elif any(cell.strip() for cell in cells):
                yield Row(number, self._fit(cells), self._records.ends_at)

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


def _decoded(text: TextFile) -> Iterator[tuple[str, int]]:
    """With what cannot be decoded marked, so that the row is refused and no other."""
    for line, ends_at in whole_lines(text.file):
        yield Damage.TOO_LONG if line is None else line.decode(text.codec, "surrogateescape"), ends_at


class _Records:
    """The cells of each row, with its number as an office program counts it; the first one has number 1."""

    def __init__(self, lines: Iterator[tuple[str, int]]) -> None:
        self._lines = lines
        self._put_back = deque[str]()
        self._separator, self._columns, self._number = ",", 0, 0
        self.ends_at = 0

    def header(self) -> list[str]:
        """The titles: the first row that is not blank. None where they cannot be read."""
        line = self._next()
        if told := TOLD_SEPARATOR.fullmatch(line or ""):
            self._separator, line = told[1], self._next()
        else:
            self._separator = _separator_of(line or "")
        while line is not None:
            self._number += 1
            cells = self._cells(line)
            found = [] if isinstance(cells, Damage) else [title.strip() for title in cells]
            self._columns = len(found)
            if any(found) or isinstance(cells, Damage):
                return found
            line = self._next()
            self._separator = self._separator if told else _separator_of(line or "")
        return []

    def __iter__(self) -> Iterator[tuple[int, list[str] | Damage]]:
        while (line := self._next()) is not None:
            self._number += 1
            yield self._number, self._cells(line)

    def _next(self) -> str | None:
        """None: there is no more."""
        if self._put_back:
            return self._put_back.popleft()
        line, self.ends_at = next(self._lines, (None, self.ends_at))
        return line if line is None else self._first_of(line)

    def _first_of(self, line: str) -> str:
        """Some lines of a file may end otherwise than the rest: a carriage return ends a row that has all its cells."""
        parts = line.rstrip("\r\n").split("\r")
        whole = all(part.count(self._separator) == self._columns - 1 for part in parts)
        if len(parts) == 1 or '"' in line or self._columns < 2 or not whole:
            return line
        self._put_back.extend(parts[1:])
        return parts[0]

    def _cells(self, line: str) -> list[str] | Damage:
        if isinstance(line, Damage):
            return line
        text = line.rstrip("\r\n")
        if '"' not in text:
            return text.split(self._separator)
        found = self._parsed(text)
        if found is None and text.count('"') % 2:
            found = self._over_several_lines(line)
        return Damage.OPEN_QUOTE if found is None else found

    def _parsed(self, text: str) -> list[str] | None:
        try:
            found = list(csv.reader([text], delimiter=self._separator, strict=True))
        except csv.Error:
            return None
        return found[0] if len(found) == 1 else None

    def _over_several_lines(self, first: str) -> list[str] | None:
        """Where a cell holds line breaks. A quotation that never ends, or that swallows rows, is none: its lines are
        read again, each by itself."""
        lines, quotes = [first], first.count('"')
        while quotes % 2 and len(lines) < MOST_LINES and (line := self._next()) is not None:
            lines.append(line)
            quotes += line.count('"')
        if quotes % 2 == 0 and sum(map(len, lines)) <= LONGEST and not self._swallows_rows(lines):
            found = self._parsed("".join(lines).rstrip("\r\n"))
            if found is not None:
                return found
        self._put_back.extendleft(reversed(lines[1:]))
        return None

    def _swallows_rows(self, lines: list[str]) -> bool:
        """Whether what stands between two quotation marks looks like rows: it has as many cells as the header."""
        whole = [line.count(self._separator) == self._columns - 1 for line in lines]
        damaged = any(isinstance(line, Damage) for line in lines)
        return damaged or (self._columns > 2 and (any(whole[1:-1]) or (whole[0] and whole[-1])))


def _separator_of(header: str) -> str:
    bare = re.sub(r'"[^"]*"', "", header)
    return max(SEPARATORS, key=bare.count)
