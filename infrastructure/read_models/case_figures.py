"""The figures of the board: counted by the same conditions as the lists behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from psycopg.rows import class_row, dict_row
from psycopg_pool import ConnectionPool

from application.figures.case_figures import CaseFilter, Dimension, Figures, Flow, Outcome
from application.rights import Scope
from infrastructure.read_models.case_lists import condition

COLUMN_KEYS = {"category": "b.category", "source": "b.source", "level": "b.level", "result": "b.result"}
PERIOD: tuple[Outcome, ...] = ("registered", "open", "resolved", "village", "township")
COHORT: dict[str, Outcome] = {
    "cohort": "registered",
    "cohort_open": "open",
    "cohort_resolved": "resolved",
    "cohort_village": "village",
    "cohort_township": "township",
}


class CaseFigures:
    def __init__(self, pool: ConnectionPool[Any], person_hash: Callable[[str], bytes]) -> None:
        self._pool = pool
        self._person_hash = person_hash

    def figures(self, scope: Scope, wanted: CaseFilter, by: Dimension) -> Sequence[Figures]:
        """One row for each key that counts anything; attributed by the areas valid on the day of what is counted."""
        wishes: dict[str, CaseFilter] = {name: wanted.but(outcome=name, cohort=False) for name in PERIOD}
        wishes |= {name: wanted.but(outcome=outcome, cohort=True) for name, outcome in COHORT.items()}
        found: dict[str, dict[str, int]] = {}
        with self._pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            for name, wish in wishes.items():
                query, values = self._query(scope, wish, by)
                for row in cursor.execute(query, values).fetchall():
                    found.setdefault(row["key"] or "", {})[name] = row["cases"]
        return [Figures(key=key, **counts) for key, counts in sorted(found.items())]

    def _query(self, scope: Scope, wish: CaseFilter, by: Dimension) -> tuple[str, dict[str, Any]]:
        where, values = condition(scope, wish, self._person_hash)
        day = _day(wish)
        join = ""
        if by in ("village", "township"):
            join = (
                " LEFT JOIN LATERAL (SELECT c.ancestor_id FROM area_closure c JOIN area a ON a.id = c.ancestor_id"
                f" WHERE c.area_id = b.place AND a.level = '{by}'"
                f" AND c.valid_from <= {day} AND {day} < c.valid_until) AS k ON true"
            )
        query = f"SELECT {_key(by, day)} AS key, count(*) AS cases FROM case_board b{join} WHERE {where} GROUP BY 1"
        return query, values

    def flow(self, scope: Scope, wanted: CaseFilter) -> Sequence[Flow]:
        """From where they came, over the level that holds them, to how they came out; cases registered in it."""
        where, values = condition(scope, wanted.but(outcome="registered", cohort=True), self._person_hash)
        query = (
            "SELECT b.source, b.level, coalesce(b.result, CASE WHEN b.resolved_on IS NULL THEN 'going-on'"
            f" ELSE 'agreed' END) AS result, count(*) AS cases FROM case_board b WHERE {where}"
            " GROUP BY 1, 2, 3 ORDER BY 4 DESC"
        )
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Flow)) as cursor:
            flows: list[Flow] = cursor.execute(query, values).fetchall()
        return flows


def _day(wish: CaseFilter) -> str:
    resolved = wish.outcome in ("resolved", "village", "township")
    return "b.resolved_on" if resolved and not wish.cohort else "b.registered_on"


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
