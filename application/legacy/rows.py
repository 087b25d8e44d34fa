"""The rows of a file of lines of JSON; what is wrong with one stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO

from domain.shared.tables import BOM, LONGEST, Damage, Encoding, Row


class RowFault(StrEnum):
    """Why nothing is recorded of a row that can be read."""

    UNFIT = "unfit"
    NO_SUCH_AREA = "no-such-area"
    NO_BODY_THERE = "no-body-there"


def lines(file: BinaryIO, encoding: Encoding) -> Iterator[Row[str]]:
    """Every line that is not blank, with its number."""
    number, ends_at = 0, 0
    while line := file.readline(LONGEST + 1):
        number, ends_at = number + 1, ends_at + len(line)
        whole = line.endswith(b"\n") or len(line) <= LONGEST
        while not line.endswith(b"\n") and (rest := file.readline(LONGEST)):
            line, ends_at = rest, ends_at + len(rest)
        if not whole:
            yield Row(number, Damage.TOO_LONG, ends_at)
        elif line.strip():
            yield Row(number, _text(line.removeprefix(BOM) if number == 1 else line, encoding), ends_at)


def _text(line: bytes, encoding: Encoding) -> str | Damage:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return Damage.NOT_TEXT
