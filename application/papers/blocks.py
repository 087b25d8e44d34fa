"""What a paper consists of: a title and blocks. Whoever sets it knows these, and nothing of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

NO_DAY = "　　　　年　　月　　日"
"""To be filled in by hand."""


@dataclass(frozen=True)
class Cell:
    """Of a table with eight columns."""

    text: str
    span: int = 1
    is_label: bool = False


@dataclass(frozen=True)
class Grid:
    """A form: rows of labels and what is filled in."""

    rows: Sequence[Sequence[Cell]]
    kind: str = "grid"


@dataclass(frozen=True)
class Prose:
    text: str
    heading: str = ""
    kind: str = "prose"


@dataclass(frozen=True)
class Numbered:
    lines: Sequence[str]
    heading: str = ""
    kind: str = "numbered"


@dataclass(frozen=True)
class Line:
    """`at`: left, right or centre."""

    text: str
    at: str = "left"
    kind: str = "line"


@dataclass(frozen=True)
class Table:
    columns: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]
    heading: str = ""
    kind: str = "table"


@dataclass(frozen=True)
class Signing:
    """`how`: signed, sealed, or where it is still to be done by hand; `day`: written, or empty for the hand."""

    who: str
    how: str
    day: str = NO_DAY


@dataclass(frozen=True)
class Signatures:
    rows: Sequence[Signing]
    kind: str = "signatures"


@dataclass(frozen=True)
class Scanned:
    """Pages of a scan: JPEGs."""

    pages: Sequence[bytes]
    kind: str = "pictures"


Block = Grid | Prose | Numbered | Line | Table | Signatures | Scanned


@dataclass(frozen=True)
class Sheet:
    """One paper. `version`: the last entry that it was made from, of which a receipt can be had."""

    name: str
    title: str
    number: str
    blocks: Sequence[Block]
    version: int
    made_on: date
    """The day of that entry."""
    sha256: str = ""
    """Of a scan, as it was brought."""


def label(text: str, span: int = 1) -> Cell:
    return Cell(text, span, is_label=True)


def row(*pairs: tuple[str, str], width: int = 8) -> list[Cell]:
    """Labels of one column each, and what is filled in beside them, over the whole width."""
    share, rest = divmod(width, len(pairs))
    cells = []
    for number, (name, text) in enumerate(pairs):
        span = share + (rest if number == len(pairs) - 1 else 0)
        cells += [label(name), Cell(text, span - 1)]
    return cells
