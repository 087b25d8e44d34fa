"""Numbers and rows of the figures: all of one answer read in one snapshot, which says of which position it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from application.figures.asking import By, Counting, Moment
from application.figures.board import day_of, otherwise, wishes_more
from application.figures.case_figures import CaseFilter
from application.figures.counting import Count, Figure, Measure, RowKind
from application.figures.numbers import AfterRow, Counted, CountedRow, Flow, Told
from application.looks import looked_at
from application.rights import Scope
from infrastructure.privacy.person_tokens import PersonTokens
from infrastructure.read_models.case_condition import common
from infrastructure.read_models.figure_query import FigureQuery, monthly, statements
from infrastructure.read_models.figure_stops import stops

SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
HERE = "SELECT min(position), max(position) FROM projection WHERE name IN ('figures', 'jurisdiction')"
"""Both have come as far as the lower one; only where they are alike it is the present."""


class FigureCounts:
    """`application.figures.numbers.FigureBoard`."""

    def __init__(self, pool: ConnectionPool[Any], persons: PersonTokens) -> None:
        self._pool, self._persons = pool, persons

    @contextmanager
    def snapshot(self, scope: Scope, wanted: CaseFilter, today: date) -> Iterator[FigureSnapshot]:
        """Of the moment that the filter asks about; of what it wishes besides, of the cases as they are now."""
        day = day_of(wanted, today)
        with self._pool.connection() as connection:
            connection.execute(SNAPSHOT)
            ((here, furthest),) = connection.execute(HERE).fetchall()
            known = here if wanted.position is None else min(wanted.position, here)
            is_now = known == furthest and day >= today
            yield FigureSnapshot(connection, Moment(day, known, is_now), self._among(scope, wanted))

    def _among(self, scope: Scope, wanted: CaseFilter) -> tuple[str, dict[str, Any]]:
        if not wishes_more(scope, wanted):
            return "", {}
        where, values = common(scope, otherwise(scope, wanted), self._persons)
        return f"SELECT b.id FROM case_board b WHERE {where}", values


@dataclass(frozen=True)
class FigureSnapshot:
    connection: psycopg.Connection[Any]
    moment: Moment
    among: tuple[str, dict[str, Any]] = "", {}
    """What cases have to be besides."""

    def _asked(self, unit: RowKind, wanted: Counting) -> FigureQuery:
        which, values = self.among
        return FigureQuery(unit, wanted, self.moment, dict(values), which)

    def at(self, day: date) -> FigureSnapshot:
        """The same of another day, by what is known at the same position."""
        return replace(self, moment=replace(self.moment, day=day, is_now=False))

    def as_known(self, position: int) -> FigureSnapshot:
        """The same day, by what was known earlier."""
        known = min(position, self.moment.position)
        return replace(self, moment=replace(self.moment, position=known, is_now=False))

    def count(self, wanted: Counting, figures: Iterable[Figure]) -> Mapping[str, Told]:
        """By key of what they are told apart by; of each kind of row one statement."""
        wished = list(figures)
        found: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: {one.key: nought(one) for one in wished})
        if wanted.by is By.ALL:
            found["all"]  # also where nothing is counted
        for kind, each in _by_kind(wished).items():
            asked = self._asked(kind, wanted)
            for parts, query in statements(asked, each):
                for key, *numbers in self.connection.execute(query, asked.values).fetchall():
                    for part, number in zip(parts, numbers, strict=True):
                        found[key or ""][part.figure][part.name] = number
        return {
            key: {figure: Counted(**numbers) for figure, numbers in told.items()} for key, told in sorted(found.items())
        }

    def by_month(self, wanted: Counting, figures: Iterable[Figure]) -> Mapping[str, Mapping[str, Told]]:
        wished = {one.key: one for one in figures}
        found: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
        for kind, each in _by_kind(wished.values()).items():
            asked = self._asked(kind, wanted)
            for parts, query in monthly(asked, each):
                for key, month, *numbers in self.connection.execute(query, asked.values).fetchall():
                    row = found[key or ""][month]
                    for part, number in zip(parts, numbers, strict=True):
                        row.setdefault(part.figure, nought(wished[part.figure]))[part.name] = number
        return {
            key: {month: {one: Counted(**told) for one, told in row.items()} for month, row in sorted(months.items())}
            for key, months in found.items()
        }

    def rows(
        self,
        wanted: Counting,
        unit: RowKind,
        count: Count,
        cohort: bool,
        after: AfterRow,
        limit: int,
    ) -> Sequence[CountedRow]:
        """What is counted, one by one, the latest first."""
        asked = self._asked(unit, replace(wanted, by=By.ALL))
        day = asked.day_of(count, cohort)
        where = f"{asked.where()} AND {asked.counted(count, cohort)}"
        if after:
            where += f" AND ({day}, u.id, u.no) < (%(after_day)s, %(after_id)s, %(after_no)s)"
            asked.values |= dict(zip(("after_day", "after_id", "after_no"), after, strict=True))
        query = (
            f"SELECT u.id, {asked.case_id}, u.no, {day}, {asked.case}.place, {asked.of_case('category')},"
            f" {asked.of_case('source')}"
            f" FROM {asked.tables()} WHERE {where} ORDER BY {day} DESC, u.id DESC, u.no DESC LIMIT %(limit)s"
        )
        found = self.connection.execute(query, asked.values | {"limit": limit}).fetchall()
        rows = [CountedRow(*row) for row in found]
        looked_at([one.case for one in rows])
        return rows

    def number(self, wanted: Counting, unit: RowKind, count: Count, cohort: bool) -> int:
        """How many rows there are."""
        asked = self._asked(unit, replace(wanted, by=By.ALL))
        where = f"{asked.where()} AND {asked.counted(count, cohort)}"
        ((found,),) = self.connection.execute(f"SELECT count(*) FROM {asked.tables()} WHERE {where}", asked.values)
        return int(found)

    def cases(self, wanted: Counting, unit: RowKind, count: Count) -> int:
        """How many cases have such rows."""
        asked = self._asked(unit, replace(wanted, by=By.ALL))
        where = f"{asked.where()} AND {asked.counted(count, cohort=False)}"
        query = f"SELECT count(DISTINCT {asked.case_id}) FROM {asked.tables()} WHERE {where}"
        ((found,),) = self.connection.execute(query, asked.values)
        return int(found)

    def flow(self, wanted: Counting, unit: RowKind, count: Count, cohort: bool, along: Sequence[str]) -> Sequence[Flow]:
        """How many took which way, from stop to stop, the most first."""
        asked = self._asked(unit, replace(wanted, by=By.ALL))
        columns, joins = stops(asked, along)
        where = f"{asked.where()} AND {asked.counted(count, cohort)}"
        query = (
            f"SELECT {', '.join(columns)}, count(*) FROM {asked.tables()}{joins} WHERE {where}"
            f" GROUP BY {', '.join(str(at) for at, _ in enumerate(along, 1))} ORDER BY count(*) DESC, 1, 2"
        )
        found = self.connection.execute(query, asked.values).fetchall()
        return [Flow(stops=tuple(row[:-1]), number=row[-1]) for row in found]


def nought(figure: Figure) -> dict[str, int]:
    """What is told of no row at all: there is no median of nothing."""
    names = ("period", "period_of", "cohort", "cohort_of") if figure.of else ("period", "cohort")
    return {} if figure.measure in (Measure.MEDIAN, Measure.NINE_OF_TEN) else dict.fromkeys(names, 0)


def _by_kind(figures: Iterable[Figure]) -> Mapping[RowKind, list[Figure]]:
    found: dict[RowKind, list[Figure]] = defaultdict(list)
    for one in figures:
        found[one.unit].append(one)
    return found
