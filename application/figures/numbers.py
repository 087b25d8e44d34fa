"""What is answered: numbers with what they are shares of, and the rows behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from application.figures.asking import Counting, Moment
from application.figures.case_figures import CaseFilter
from application.figures.counting import Count, Figure, RowKind
from application.figures.definitions import FIGURES
from application.rights import Scope

Number = int | float | None


@dataclass(frozen=True)
class Counted:
    """One figure: of what happened in the window, and of the cohort that was registered in it. `_of`: of how many."""

    period: Number = None
    period_of: Number = None
    cohort: Number = None
    cohort_of: Number = None

    @property
    def share(self) -> float | None:
        """None where nothing was counted: nothing of nothing is not 100 %."""
        return share(self.period, self.period_of)

    @property
    def cohort_share(self) -> float | None:
        return share(self.cohort, self.cohort_of)


def share(number: Number, of: Number) -> float | None:
    return number / of if number is not None and of else None


Told = Mapping[str, Counted]
"""By the key of a figure."""
NOTHING = Counted()
"""Of a key that no row has."""


def of(told: Told, key: str) -> Counted:
    return told.get(key, NOTHING)


def share_of(told: Told, figure: Figure, cohort: bool = False) -> float | None:
    """Its share; of a mean of shares, that of those that there are, each weighed alike."""
    if figure.mean_of:
        each = [share_of(told, FIGURES[one], cohort) for one in figure.mean_of]
        there = [one for one in each if one is not None]
        return sum(there) / len(there) if there else None
    counted = of(told, figure.key)
    return counted.cohort_share if cohort else counted.share


@dataclass(frozen=True)
class CountedRow:
    """One that is counted, and its case."""

    id: UUID
    case: UUID
    number: int
    """Of the mediation in its case, or of the entry of an answer; 0: there is only one."""
    day: date
    place: UUID
    category: str
    source: str


AfterRow = tuple[date, UUID, int] | None
"""The row behind which a page goes on: its day, its id, its number."""


@dataclass(frozen=True)
class Flow:
    stops: tuple[str, ...]
    number: int


class Snapshot(Protocol):
    @property
    def moment(self) -> Moment: ...

    def at(self, day: date) -> Snapshot: ...

    def as_known(self, position: int) -> Snapshot: ...

    def count(self, wanted: Counting, figures: Iterable[Figure]) -> Mapping[str, Told]: ...

    def by_month(self, wanted: Counting, figures: Iterable[Figure]) -> Mapping[str, Mapping[str, Told]]:
        """Of the period alone: by what they are told apart by, and in it by the month."""
        ...

    def rows(
        self,
        wanted: Counting,
        unit: RowKind,
        count: Count,
        cohort: bool,
        after: AfterRow,
        limit: int,
    ) -> Sequence[CountedRow]: ...

    def number(self, wanted: Counting, unit: RowKind, count: Count, cohort: bool) -> int: ...

    def cases(self, wanted: Counting, unit: RowKind, count: Count) -> int: ...

    def flow(
        self, wanted: Counting, unit: RowKind, count: Count, cohort: bool, along: Sequence[str]
    ) -> Sequence[Flow]: ...


class FigureBoard(Protocol):
    def snapshot(self, scope: Scope, wanted: CaseFilter, today: date) -> AbstractContextManager[Snapshot]: ...
