"""A picture of the board with its table beside it: what a page shows, and what goes out as PNG or as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.labels import Language, word
from application.figures.numbers import Number

TITLES = (
    *("month", "area", "category", "source", "level", "channel", "result", "age", "figure", "value", "value_before"),
    *(
        "share",
        "part",
        "whole",
        "share_before",
        "part_before",
        "whole_before",
        "registered",
        "open",
        "number",
        "cohort",
    ),
)
"""Of columns, by their words."""


@dataclass(frozen=True)
class TableCell:
    """`value`: as a workbook has it. A share is a share, and told in hundredths."""

    value: Number | str
    is_share: bool = False
    link: str = ""

    @property
    def told(self) -> str:
        if self.value is None:
            return "—"
        if isinstance(self.value, str):
            return self.value
        return percent(self.value) if self.is_share else f"{self.value:g}"


def titled_by(language: Language, *titles: str) -> list[str]:
    if unknown := {*titles} - {*TITLES}:
        raise ValueError(f"no word for the columns {sorted(unknown)}")
    return [word(language, "table_title", one) for one in titles]


def percent(share: float) -> str:
    return f"{share * 100:.1f} %"


@dataclass(frozen=True)
class TableOf:
    titles: Sequence[str]
    rows: Sequence[Sequence[TableCell]]


@dataclass(frozen=True)
class Picture:
    """`drawn`: as a page has it, in one drawing or more; `whole`: all of it in one, for a PNG; `most`: rows of the
    table on a page, whose workbook has all of them."""

    name: str
    drawn: Sequence[Markup]
    whole: Markup
    table: TableOf
    most: int = 30

    @property
    def is_empty(self) -> bool:
        return not self.table.rows
