"""The figures of the board, as data. To add one: a row here, and its two labels in each language.

Lists, tiles, drill-downs, the API, the docs and the tests of labels read this table: a figure and the list behind it
are one definition, so that they cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from domain.case.kinds import Result
from domain.shared.values import Level


class CountedBy(StrEnum):
    """The day that decides whether a case is counted in a period. Of a cohort it is always the day of registration."""

    REGISTERED = "registered"  # 登记之日
    RESOLVED = "resolved"  # 化解之日
    CLOSED = "closed"  # 结案之日
    OPEN_AT_THE_END = "open-at-the-end"  # 期末未结: it is no day, but the moment at which the last day ends


@dataclass(frozen=True)
class Figure:
    """Which cases a number counts. What is left out does not matter."""

    key: str
    """Its name in addresses, in answers and in the labels `figure` and `figure_definition`."""
    counted_by: CountedBy
    highest: Level | None = None
    """The highest level that the case had reached, or a lower one."""
    results: frozenset[Result] = frozenset()
    of: str | None = None
    """The figure that it is a share of, in a period; of a cohort it is a share of all that were registered."""
    as_share: bool = False
    """Whether its share, and not its number, is what tiles and tables show."""


FIGURES: dict[str, Figure] = {
    one.key: one
    for one in (
        Figure("registered", CountedBy.REGISTERED),
        Figure("open", CountedBy.OPEN_AT_THE_END),
        Figure("resolved", CountedBy.RESOLVED),
        Figure("village", CountedBy.RESOLVED, highest=Level.VILLAGE, of="resolved", as_share=True),
        Figure("township", CountedBy.RESOLVED, highest=Level.TOWNSHIP, of="resolved", as_share=True),
    )
}
"""小事不出村 and 矛盾不出镇 are the shares of `village` and `township`."""
HEADLINE = "village"
if _strange := {one.of for one in FIGURES.values() if one.of} - FIGURES.keys():
    raise ValueError(f"a figure is a share of one that there is not: {sorted(_strange)}")
WHOLE = "registered"
"""What every figure of a cohort is a share of."""

if TYPE_CHECKING:
    FigureKey = str
else:
    FigureKey = Literal[tuple(FIGURES)]
