"""The rows of a file of lines of JSON; what is wrong with one stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from domain.shared.tables import Damage, Row
from domain.shared.text_files import Encoding, TextFile, whole_lines


class RowFault(StrEnum):
    """Why nothing is recorded of a row that can be read."""

    UNFIT = "unfit"
    NO_SUCH_AREA = "no-such-area"
    NO_BODY_THERE = "no-body-there"


def lines(text: TextFile) -> Iterator[Row[str]]:
    """Every line that is not blank, with its number."""
    for number, (line, ends_at) in enumerate(whole_lines(text.file), 1):
        if line is None:
            yield Row(number, Damage.TOO_LONG, ends_at)
        elif line.strip():
            yield Row(number, _text(line, text.codec), ends_at)


def _text(line: bytes, encoding: Encoding) -> str | Damage:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return Damage.NOT_TEXT
