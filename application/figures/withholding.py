"""Small counts that others must not learn: which cells of a table are withheld, so that none of them can be computed.

A cell of 1 to 4 is small. A table says sums: a whole is its parts. Whoever knows all cells of a sum but one knows that
one, too, and whoever knows that two cells make 2 knows both. So more is withheld until of every small cell at least
`POSSIBLE` numbers remain possible: by solving all sums at once, and by the bounds that they leave.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import TypeVar

SMALL = 5
"""A count below it, and above zero, may be about persons."""
POSSIBLE = 4
"""So many numbers, at least, a withheld small count could be."""
K = TypeVar("K", bound=Hashable)
Row = dict[K, Fraction]


@dataclass(frozen=True)
class SumOf:
    """The whole is the parts together."""

    whole: Hashable
    parts: tuple[Hashable, ...]

    @property
    def cells(self) -> tuple[Hashable, ...]:
        return (self.whole, *self.parts)


@dataclass(frozen=True)
class Counts:
    """`shown`: those that a page would show; the others can only be computed, as what is left of a whole."""

    numbers: Mapping[Hashable, int]
    shown: frozenset[Hashable]
    sums: Sequence[SumOf]

    @property
    def small(self) -> frozenset[Hashable]:
        return frozenset(one for one, number in self.numbers.items() if 0 < number < SMALL)


def withheld(counts: Counts, besides: Iterable[Hashable] = ()) -> frozenset[Hashable]:
    """Of the shown ones; `besides`: what is withheld in any case, as it was before."""
    hidden = (counts.small | frozenset(besides)) & counts.shown
    while exposed := _exposed(counts, hidden):
        hidden |= {_next(counts, hidden, exposed)}
    return hidden


def _exposed(counts: Counts, hidden: frozenset[Hashable]) -> Hashable | None:
    """A small cell that can be computed, or nearly so."""
    unknown = {one for one in counts.numbers if one in hidden or one not in counts.shown}
    low, high = _bounds(counts, hidden, unknown)
    solved = _solved(counts, unknown)
    for one in sorted(counts.small & unknown, key=lambda each: (counts.numbers[each], str(each))):
        if one in solved or high[one] - low[one] + 1 < POSSIBLE:
            return one
    return None


def _next(counts: Counts, hidden: frozenset[Hashable], exposed: Hashable) -> Hashable:
    """What is withheld besides: the smallest that stands in a sum with it, or in one with those, and so on."""
    reached = {exposed}
    while True:
        near = reached | {cell for one in counts.sums if reached & {*one.cells} for cell in one.cells}
        found = [one for one in near if one in counts.shown and one not in hidden and counts.numbers[one]]
        if found:
            return min(found, key=lambda one: (counts.numbers[one], str(one)))
        if near == reached:
            rest = [one for one in near if one in counts.shown and one not in hidden]
            return min(rest, key=str)
        reached = near


def _bounds(
    counts: Counts, hidden: frozenset[Hashable], unknown: set[Hashable]
) -> tuple[dict[Hashable, float], dict[Hashable, float]]:
    """Between which numbers each lies. What is withheld is no zero, for a zero is shown."""
    low = {one: (1.0 if one in hidden else 0.0) if one in unknown else number for one, number in counts.numbers.items()}
    high = {one: inf if one in unknown else float(number) for one, number in counts.numbers.items()}
    changed = True
    while changed:
        changed = False
        for one in counts.sums:
            changed |= _narrowed(one, low, high)
    return low, high


def _narrowed(one: SumOf, low: dict[Hashable, float], high: dict[Hashable, float]) -> bool:
    least, most = sum(low[part] for part in one.parts), sum(high[part] for part in one.parts)
    told = [(one.whole, least, most)]
    for part in one.parts:
        others_most = sum(high[each] for each in one.parts if each != part)
        told.append((part, low[one.whole] - others_most, high[one.whole] - (least - low[part])))
    changed = False
    for cell, floor, ceiling in told:
        if floor > low[cell] or ceiling < high[cell]:
            low[cell], high[cell] = max(low[cell], floor), min(high[cell], ceiling)
            changed = True
    return changed


def _solved(counts: Counts, unknown: set[Hashable]) -> set[Hashable]:
    """Which unknown cells the sums determine, all of them taken at once."""
    rows: dict[Hashable, Row[Hashable]] = {}
    for one in counts.sums:
        row = _reduced({cell: Fraction(1 if cell == one.whole else -1) for cell in one.cells if cell in unknown}, rows)
        if row:
            pivot = next(iter(row))
            row = {cell: factor / row[pivot] for cell, factor in row.items()}
            for at, other in rows.items():
                if pivot in other:
                    rows[at] = _less(other, row, other[pivot])
            rows[pivot] = row
    return {pivot for pivot, row in rows.items() if len(row) == 1}


def _reduced(row: Row[K], rows: Mapping[K, Row[K]]) -> Row[K]:
    for pivot in [one for one in row if one in rows]:
        if pivot in row:
            row = _less(row, rows[pivot], row[pivot])
    return row


def _less(row: Row[K], other: Row[K], factor: Fraction) -> Row[K]:
    found = {cell: row.get(cell, Fraction(0)) - factor * other.get(cell, Fraction(0)) for cell in {**row, **other}}
    return {cell: value for cell, value in found.items() if value}
