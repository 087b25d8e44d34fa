"""The table of places of the board: each opens its own board, in any order, with small bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.web.figure_pictures import Drawing
from application.figures.definitions import FIGURES, OF_PLACES
from application.figures.numbers import Told, of, share_of

NAME, USUAL, TURNED = "name", "registered", "-"


@dataclass(frozen=True)
class PlaceRow:
    area: str
    name: str
    told: Told


@dataclass(frozen=True)
class PlaceTable:
    rows: Sequence[PlaceRow]
    most: dict[str, float]
    """Of each figure that is no share: what its longest bar stands for."""
    sort: str

    def sorted_by(self, key: str) -> str:
        """As `aria-sort` has it."""
        if self.sort.removeprefix(TURNED) != key:
            return "none"
        falls = self.sort.startswith(TURNED) == (key == NAME)
        return "descending" if falls else "ascending"

    def link(self, key: str) -> str:
        """Where the title of a column leads: to the other direction, where it stands in the first one already."""
        return f"{TURNED}{key}" if self.sort == key else key


def bar(number: float, most: float) -> int:
    """How long it is, in twentieths: a page draws them by classes, for no style may stand in it."""
    return round(20 * number / most)


def place_rows(drawing: Drawing, sort: str) -> PlaceTable:
    """By township for a whole county, by village below it; those first that the figure says most of."""
    told = drawing.snapshot.count(replace(drawing.question, by=drawing.by_place), [FIGURES[one] for one in OF_PLACES])
    names = drawing.names([key for key in told if key])
    rows = [PlaceRow(key, names.get(key, "—"), row) for key, row in told.items() if key]
    most = {one: max((float(of(row.told, one).period or 0) for row in rows), default=0) or 1 for one in OF_PLACES}
    known = sort if sort.removeprefix(TURNED) in (NAME, *OF_PLACES) else USUAL
    return PlaceTable(_sorted(rows, known), most, known)


def _sorted(rows: Sequence[PlaceRow], sort: str) -> Sequence[PlaceRow]:
    """Most first, or last where the order is turned round; of what is not known, always last."""
    key, turned = sort.removeprefix(TURNED), sort.startswith(TURNED)
    if key == NAME:
        return sorted(rows, key=lambda row: row.name, reverse=turned)
    figure = FIGURES[key]

    def worth(row: PlaceRow) -> tuple[bool, float, str]:
        value = share_of(row.told, figure) if figure.is_share else of(row.told, key).period
        return value is None, float(value or 0) * (1 if turned else -1), row.name

    return sorted(rows, key=worth)
