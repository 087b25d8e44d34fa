"""Error cells of the old form of workbooks (xls, BIFF8 and BIFF5): read from the records that hold them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
OTHER = "#UNKNOWN!"
FORMULA, END, SHEET, ERROR_OR_TRUTH, BEGIN = 0x0006, 0x000A, 0x0085, 0x0205, 0x0809
BIFF8 = 0x0600
HEAD = 512
LAST, NONE = 0xFFFFFFFA, 0xFFFFFFFF
"""From LAST on a number is no sector: the end of a chain, or a mark."""


class ErrorCell(NamedTuple):
    row: int
    column: int
    told: str


class BrokenBook(ValueError):
    """Not what it says that it is."""


def errors_in_xls(content: bytes, sheet: str) -> Iterator[ErrorCell]:
    """Of the sheet of this name. Raises BrokenBook."""
    try:
        book = _Compound(content).stream({"Workbook", "Book"})
        for start in _starts(book, sheet):
            for kind, body in _records(book, start):
                if cell := _error(kind, body):
                    yield cell
    except (struct.error, IndexError, UnicodeDecodeError) as fault:
        raise BrokenBook(str(fault)) from None


def _error(kind: int, body: bytes) -> ErrorCell | None:
    if kind == ERROR_OR_TRUTH and body[7]:
        code = body[6]
    elif kind == FORMULA and body[6] == 2 and body[12:14] == b"\xff\xff":
        code = body[8]
    else:
        return None
    row, column = struct.unpack_from("<HH", body)
    return ErrorCell(row, column, ERRORS.get(code, OTHER))


def _starts(book: bytes, sheet: str) -> Iterator[int]:
    new = struct.unpack_from("<H", book, 4)[0] >= BIFF8
    for kind, body in _records(book, 0):
        if kind == SHEET and _name(body, new=new) in {sheet, None}:
            yield struct.unpack_from("<I", body)[0]


def _name(body: bytes, *, new: bool) -> str | None:
    """None: in a code page, which is that of the writer; such a book is looked through as a whole."""
    size, text = body[6], body[7:]
    if not new:
        return text[:size].decode("ascii") if text[:size].isascii() else None
    wide, text = text[0] & 1, text[1:]
    return text[: 2 * size].decode("utf-16-le") if wide else text[:size].decode("latin-1")


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """From a beginning to its end: a chart within a sheet begins and ends within it."""
    depth = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + size]
        depth += (kind == BEGIN) - (kind == END)
        if depth <= 0:
            return
        at += 4 + size


class _Compound:
    """A file system in a file (MS-CFB): sectors in chains, small streams within the stream of the root."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._size = 1 << struct.unpack_from("<H", content, 30)[0]
        tables, directory, self._small_below, self._small_table = struct.unpack_from("<II4xII", content, 44)
        self._next = self._table(list(self._sectors_of_the_table(tables)))
        self._entries = self._chain(directory)

    def stream(self, names: set[str]) -> bytes:
        """The first one of these names. Raises BrokenBook."""
        for at in range(0, len(self._entries), 128):
            entry = self._entries[at : at + 128]
            name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le")
            if name in names:
                first, size = struct.unpack_from("<II", entry, 116)
                return (self._small(first) if size < self._small_below else self._chain(first))[:size]
        raise BrokenBook("no workbook in it")

    def _small(self, first: int) -> bytes:
        within = self._chain(struct.unpack_from("<I", self._entries, 116)[0])
        table = self._chain(self._small_table)
        following = struct.unpack(f"<{len(table) // 4}I", table)
        return b"".join(within[one * 64 : (one + 1) * 64] for one in _followed(first, following))

    def _sector(self, number: int) -> bytes:
        at = max(HEAD, self._size) + number * self._size
        return self._content[at : at + self._size]

    def _table(self, sectors: list[int]) -> tuple[int, ...]:
        told = b"".join(map(self._sector, sectors))
        return struct.unpack(f"<{len(told) // 4}I", told[: len(told) // 4 * 4])

    def _sectors_of_the_table(self, count: int) -> Iterator[int]:
        yield from (one for one in struct.unpack_from("<109I", self._content, 76) if one < LAST)
        further, left = struct.unpack_from("<II", self._content, 68)
        while further < LAST and left:
            *told, further = self._table([further])
            yield from (one for one in told if one < LAST)
            left -= 1

    def _chain(self, first: int) -> bytes:
        return b"".join(map(self._sector, _followed(first, self._next)))


def _followed(first: int, following: tuple[int, ...]) -> Iterator[int]:
    """Raises BrokenBook where it goes round in a circle."""
    for _ in range(len(following) + 1):
        if first >= LAST:
            return
        yield first
        first = following[first]
    raise BrokenBook("a chain without an end")
