"""What everybody may see of published figures: a county's and its townships', without counts that are about persons.

Villages are not told: with a few cases a year in each, their numbers are about persons. Of periods that lie over each
other only the one that was published first is told, for a year less its other months is a month. docs/publication.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from application.figures.counting import Count, Figure
from application.figures.definitions import FIGURES
from application.figures.withholding import SMALL, Counts, SumOf, withheld
from application.publication import Edition
from domain.publication.commands import NumberOf, PublishedTable, RowOf
from domain.shared.values import AreaId, Level

NESTED = ("grid", "village", "township", "county")
"""Each a part of the next."""
PUBLIC = (
    *("village", "township", "county", "grid", "registered", "resolved", "open", "days_to_resolve"),
    *("concluded", "success", "on_time", "performed", "confirmed", "satisfied_applicants", "satisfied_respondents"),
)
MEDIANS = {"days_to_resolve": "resolved"}
"""Told where what they are of is told, and is not small."""


class PublicCell(NamedTuple):
    """`part` is a figure, and `part` of nothing else is what is left of a whole."""

    place: int
    part: Hashable


@dataclass(frozen=True)
class PublicNumber:
    """`withheld`: it is not told."""

    figure: str
    value: float | None
    of: float | None
    is_withheld: bool
    of_is_withheld: bool = False

    @property
    def share(self) -> float | None:
        return self.value / self.of if self.value is not None and self.of else None


@dataclass(frozen=True)
class PublicRow:
    name: str
    numbers: tuple[PublicNumber, ...]


@dataclass(frozen=True)
class PublicTable:
    edition: Edition
    county: PublicRow
    townships: tuple[PublicRow, ...]


def told_publicly(editions: Sequence[Edition], counties: Iterable[AreaId]) -> list[PublicTable]:
    """The latest edition of each period, the latest period first."""
    of_counties = {*counties}
    by_time = sorted((one for one in editions if one.table.area in of_counties), key=lambda one: one.position)
    told: dict[Hashable, list[Edition]] = {}
    for one in by_time:
        if one.id in told:
            told[one.id].append(one)
        elif not any(_overlap(each[0].table, one.table) for each in told.values()):
            told[one.id] = [one]
    found = [_table(tuple(each)) for each in told.values()]
    return sorted(found, key=lambda one: (one.edition.table.until, one.edition.table.since), reverse=True)


def _overlap(one: PublishedTable, other: PublishedTable) -> bool:
    return one.area == other.area and one.since <= other.until and other.since <= one.until


@lru_cache(maxsize=256)
def _table(editions: tuple[Edition, ...]) -> PublicTable:
    """What was withheld in an earlier edition stays withheld: by the later one it could be computed."""
    hidden: frozenset[Hashable] = frozenset()
    for one in editions:
        rows = _rows(one.table)
        hidden = withheld(_counts(rows), hidden)
    last = editions[-1]
    told = tuple(_told(place, row, hidden) for place, row in enumerate(_rows(last.table)))
    return PublicTable(last, told[0], told[1:])


def _rows(table: PublishedTable) -> list[RowOf]:
    """The county, and its townships."""
    return [table.rows[0], *(one for one in table.rows[1:] if one.level is Level.TOWNSHIP)]


def _numbers(row: RowOf) -> dict[str, NumberOf]:
    return {one.figure: one for one in row.numbers if one.figure in PUBLIC}


WHOLES: dict[Count, str] = {
    one.counts: one.key for one in FIGURES.values() if one.key in PUBLIC and one.of is None and one.key not in MEDIANS
}
"""A share's whole may be a figure of its own: then it is one cell."""


def _whole(figure: Figure) -> Hashable:
    assert figure.of
    return WHOLES.get(figure.of) or ("of", figure.key)


def _counts(rows: Sequence[RowOf]) -> Counts:
    numbers: dict[Hashable, int] = {}
    sums: list[SumOf] = []
    for place, row in enumerate(rows):
        _tell(place, _numbers(row), numbers, sums)
    shown = frozenset(numbers) - {one for one in numbers if _is_left(one)}
    parts = {cell.part for cell in numbers if isinstance(cell, PublicCell) and cell.place and not _is_left(cell)}
    for part in sorted(parts, key=str):
        _over_places(part, len(rows), numbers, sums)
    return Counts(numbers, shown, sums)


def _is_left(cell: Hashable) -> bool:
    return isinstance(cell, PublicCell) and isinstance(cell.part, tuple) and cell.part[0] in ("not", "ring", "rest")


def _tell(place: int, told: Mapping[str, NumberOf], numbers: dict[Hashable, int], sums: list[SumOf]) -> None:
    """Of one place: its cells, and what is left of each whole."""
    for key, one in told.items():
        if key in MEDIANS:
            continue
        figure, cell = FIGURES[key], PublicCell(place, key)
        numbers[cell] = int(one.period or 0)
        if figure.of is not None:
            whole, left = PublicCell(place, _whole(figure)), PublicCell(place, ("not", key))
            numbers.setdefault(whole, int(one.period_of or 0))
            numbers[left] = numbers[whole] - numbers[cell]
            sums.append(SumOf(whole, (cell, left)))
    nested = [one for one in NESTED if one in told]
    for inner, outer in pairwise(nested):
        ring = PublicCell(place, ("ring", inner))
        numbers[ring] = numbers[PublicCell(place, outer)] - numbers[PublicCell(place, inner)]
        sums.append(SumOf(PublicCell(place, outer), (PublicCell(place, inner), ring)))


def _over_places(part: Hashable, places: int, numbers: dict[Hashable, int], sums: list[SumOf]) -> None:
    """The county is its townships, and what lies in none of them."""
    whole = PublicCell(0, part)
    each = tuple(one for place in range(1, places) if (one := PublicCell(place, part)) in numbers)
    if whole in numbers and each:
        rest = PublicCell(0, ("rest", part))
        numbers[rest] = numbers[whole] - sum(numbers[one] for one in each)
        sums.append(SumOf(whole, (*each, rest)))


def _told(place: int, row: RowOf, hidden: frozenset[Hashable]) -> PublicRow:
    told = _numbers(row)
    return PublicRow(row.area_name, tuple(_number(place, told, key, hidden) for key in PUBLIC if key in told))


def _number(place: int, told: Mapping[str, NumberOf], key: str, hidden: frozenset[Hashable]) -> PublicNumber:
    one, figure = told[key], FIGURES[key]
    if whole := MEDIANS.get(key):
        of = told.get(whole)
        small = of is None or (of.period or 0) < SMALL or PublicCell(place, whole) in hidden
        return PublicNumber(key, None if small else one.period, None, small)
    gone = PublicCell(place, key) in hidden
    if figure.of is None:
        return PublicNumber(key, None if gone else one.period, None, gone)
    of_gone = PublicCell(place, _whole(figure)) in hidden
    return PublicNumber(key, None if gone else one.period, None if of_gone else one.period_of, gone, of_gone)
