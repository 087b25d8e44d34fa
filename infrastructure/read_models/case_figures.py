"""The figures of the board: counted by the same conditions as the lists behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from application.figures.case_figures import CaseFilter, Dimension, Figures, Flow
from application.figures.definitions import FIGURES, Figure
from application.rights import Scope
from infrastructure.privacy.person_tokens import PersonTokens
from infrastructure.read_models.case_condition import common, condition, counts, day_of

COLUMN_KEYS = {"category": "b.category", "source": "b.source", "level": "b.level", "result": "b.result"}


class CaseFigures:
    def __init__(self, pool: ConnectionPool[Any], persons: PersonTokens) -> None:
        self._pool = pool
        self._persons = persons

    def figures(self, scope: Scope, wanted: CaseFilter, by: Dimension) -> Sequence[Figures]:
        """One row for each key that counts anything; attributed by the areas valid on the day of what is counted. One
        statement for each such day: all figures that go by it are counted in one pass."""
        period: dict[str, dict[str, int]] = defaultdict(dict)
        cohort: dict[str, dict[str, int]] = defaultdict(dict)
        with self._pool.connection() as connection, connection.cursor() as cursor:
            for day, asked in _by_day().items():
                query, values = self._query(scope, wanted, by, day, asked)
                for key, *numbers in cursor.execute(query, values).fetchall():
                    for (figure, of_cohort), number in zip(asked, numbers, strict=True):
                        if number:
                            (cohort if of_cohort else period)[key or ""][figure.key] = number
        keys = sorted(period.keys() | cohort.keys())
        return [Figures(key=key, period=period[key], cohort=cohort[key]) for key in keys]

    def _query(
        self, scope: Scope, wanted: CaseFilter, by: Dimension, day: str, asked: Sequence[tuple[Figure, bool]]
    ) -> tuple[str, dict[str, Any]]:
        """`day` and what is `asked` are ours, never a reader's."""
        where, values = common(scope, wanted, day, self._persons)
        join = ""
        if by in ("village", "township"):
            join = (
                " LEFT JOIN LATERAL (SELECT c.ancestor_id FROM area_closure c JOIN area a ON a.id = c.ancestor_id"
                f" WHERE c.area_id = b.place AND a.level = '{by}'"
                f" AND c.valid_from <= {day} AND {day} < c.valid_until) AS k ON true"
            )
        each = [counts(figure, cohort) for figure, cohort in asked]
        numbers = ", ".join(f"count(*) FILTER (WHERE {one})" for one in each)
        any_of = " OR ".join(f"({one})" for one in each)
        query = (
            f"SELECT {_key(by, day)} AS key, {numbers} FROM case_board b{join}"
            f" WHERE {where} AND b.status <> 'merged' AND ({any_of}) GROUP BY 1"
        )
        return query, values | {"since": wanted.since, "until": wanted.until}

    def flow(self, scope: Scope, wanted: CaseFilter) -> Sequence[Flow]:
        """From where they came, over the level that holds them, to how they came out; cases registered in it."""
        where, values = condition(scope, wanted.but(outcome="registered", cohort=True), self._persons)
        query = (
            "SELECT b.source, b.level, coalesce(b.result, CASE WHEN b.resolved_on IS NULL THEN 'going-on'"
            f" ELSE 'agreed' END) AS result, count(*) AS cases FROM case_board b WHERE {where}"
            " GROUP BY 1, 2, 3 ORDER BY 4 DESC"
        )
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Flow)) as cursor:
            flows: list[Flow] = cursor.execute(query, values).fetchall()
        return flows


def _by_day() -> Mapping[str, list[tuple[Figure, bool]]]:
    """Every figure of a period and of a cohort, by the day that it goes by."""
    found: dict[str, list[tuple[Figure, bool]]] = defaultdict(list)
    for figure in FIGURES.values():
        for cohort in (False, True):
            found[day_of(figure, cohort)].append((figure, cohort))
    return found


def _key(by: Dimension, day: str) -> str:
    match by:
        case "all":
            return "'all'"
        case "village" | "township":
            return "k.ancestor_id::text"
        case "month":
            return f"to_char({day}, 'YYYY-MM')"
        case _:
            return COLUMN_KEYS[by]
