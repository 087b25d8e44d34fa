"""The pictures of the board, each of the same moment as its numbers; every mark leads to the rows that it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from api.labels import word
from api.web import figure_drawn, figure_drawn_places
from api.web.figure_addresses import Addresses
from api.web.figure_drawn import OF_KINDS
from api.web.figure_tables import Picture, titled_by
from api.web.page import Reader
from application.figures.asking import By, Counting
from application.figures.definitions import FIGURES
from application.figures.numbers import Snapshot, Told
from domain.shared.values import AreaId


@dataclass(frozen=True)
class Drawing:
    """What pictures and tables are made from: one snapshot, and what is counted of it, once."""

    reader: Reader
    snapshot: Snapshot
    question: Counting
    addresses: Addresses
    by_place: By
    """Townships for whoever sees more than one of them, villages below."""

    def word(self, table: str, key: str) -> str:
        return word(self.reader.language, table, key)

    def titles(self, *titles: str) -> list[str]:
        return titled_by(self.reader.language, *titles)

    def names(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Of areas."""
        ids = [AreaId(UUID(one)) for one in keys]
        return {str(id): name for id, name in self.reader.reading.directory.names(ids, self.reader.today).items()}

    @cached_property
    def total(self) -> Told:
        return self.snapshot.count(self.question, FIGURES.values()).get("all", {})

    def kinds(self, by: By) -> Sequence[tuple[str, Told]]:
        """The most first."""
        told = self.snapshot.count(replace(self.question, by=by), [FIGURES[one] for one in OF_KINDS])
        return sorted(told.items(), key=lambda one: (-(one[1]["registered"].period or 0), one[0]))

    @cached_property
    def categories(self) -> Sequence[tuple[str, Told]]:
        return self.kinds(By.CATEGORY)


PICTURES: dict[str, Callable[[Drawing], Picture]] = {
    "trend": figure_drawn.trend_of,
    "flow": figure_drawn.flow_of,
    "funnel": figure_drawn.funnel_of,
    "ages": figure_drawn.ages_of,
    "months": figure_drawn.months_of,
    "categories": figure_drawn.categories_of,
    "heat": figure_drawn_places.heat_of,
    "places": figure_drawn_places.places_of,
}
"""In which order a board shows them; the first leads it."""


def pictures(drawing: Drawing, names: Sequence[str] = tuple(PICTURES)) -> dict[str, Picture]:
    return {name: PICTURES[name](drawing) for name in names}
