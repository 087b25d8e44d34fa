"""`python -m bench --province`: the board over a province's year, some 340,000 cases.

The demo county's dated rows, as its events made them, stand in it again and again: each copy is a county of its own,
with its own places, and all of them lie in one province.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from application.figures.asking import By, Counting, Moment
from application.figures.definitions import FIGURES, HEADLINE, OF_PLACES
from application.figures.handover_told import flows
from bench.county import Server, server, settle
from infrastructure.read_models.figure_counts import FigureSnapshot

GROUND = "province"
COPIES = 165
STEP = 1_000_000
"""Positions between one copy and the next: more than the demo county has entries."""
COPIED = {
    "dated_dispute": ("id", "place"),
    "dated_mediation": ("id", "place"),
    "dated_answer": ("id", "place"),
    "dated_paper": ("id", "place"),
    "dated_referral": ("id", "case_id"),
    "dated_escalation": ("id", "case_id"),
}
"""The tables, and the ids in each that are another one in each copy."""
LEVELS = ("province", "county", "township", "village")
YEAR = date(2026, 1, 1), date(2026, 11, 29)
PAST = date(2026, 6, 30)


@dataclass(frozen=True)
class Seen:
    """p95 in milliseconds by what was asked for, and of which area."""

    cases: int
    rows: int
    p95: dict[str, dict[str, float]]


def run(folder: Path, rounds: int, tell: Callable[[str], None]) -> Seen:
    with server(folder) as made:
        made.create(GROUND)
        tell("the demo county")
        settle(made.settings(GROUND), disputes=True)
        with psycopg.connect(made.database(GROUND), autocommit=True) as connection:
            tell(f"{COPIES} times")
            _copy(connection)
            return _measured(connection, made, rounds)


def _copy(connection: psycopg.Connection[Any]) -> None:
    for table, ids in COPIED.items():
        _copy_table(connection, table, ids)
    for statement in AREAS:
        connection.execute(statement.format(copies=COPIES))  # type: ignore[arg-type]  # ours, with a number of ours
    connection.execute("VACUUM ANALYZE")


def _copy_table(connection: psycopg.Connection[Any], table: str, ids: tuple[str, ...]) -> None:
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position"
    columns = [name for (name,) in connection.execute(query, [table]).fetchall()]
    told = {name: f"md5({name}::text || n)::uuid" for name in ids}
    told |= {"known_from": f"known_from + n::bigint * {STEP}"}
    told |= {
        "known_until": f"CASE WHEN known_until < {STEP} THEN known_until + n::bigint * {STEP} ELSE known_until END"
    }
    each = sql.SQL(", ").join(sql.SQL(told.get(name, name)) for name in columns)  # type: ignore[arg-type]
    connection.execute(
        sql.SQL("INSERT INTO {} SELECT {} FROM {}, generate_series(1, {}) AS n").format(
            sql.Identifier(table), each, sql.Identifier(table), sql.Literal(COPIES)
        )
    )


AREAS = (
    "INSERT INTO area SELECT md5(id::text || n)::uuid, level, version FROM area, generate_series(1, {copies}) AS n"
    " WHERE level <> 'province'",
    "INSERT INTO dated_closure SELECT md5(k.area_id::text || n)::uuid,"
    " CASE WHEN l.level = 'province' THEN k.ancestor_id ELSE md5(k.ancestor_id::text || n)::uuid END,"
    " k.valid_from, k.valid_until, k.known_from, k.known_until"
    " FROM dated_closure k JOIN area l ON l.id = k.ancestor_id, generate_series(1, {copies}) AS n",
)


def _measured(connection: psycopg.Connection[Any], made: Server, rounds: int) -> Seen:
    count = "SELECT count(*), count(DISTINCT id) FROM dated_dispute"
    ((rows, cases),) = connection.execute(count).fetchall()
    p95: dict[str, dict[str, float]] = {}
    for level in LEVELS:
        area = _an_area(connection, level)
        for what, ask in _questions(connection, area):
            p95.setdefault(what, {})[level] = _p95(ask, rounds)
    return Seen(cases, rows, p95)


def _an_area(connection: psycopg.Connection[Any], level: str) -> UUID:
    """One that has cases."""
    query = (
        "SELECT k.ancestor_id FROM dated_closure k JOIN area l ON l.id = k.ancestor_id AND l.level = %s"
        " JOIN dated_dispute d ON d.place = k.area_id ORDER BY 1 LIMIT 1"
    )
    ((found,),) = connection.execute(query, [level]).fetchall()
    return UUID(str(found))


def _questions(connection: psycopg.Connection[Any], area: UUID) -> Iterator[tuple[str, Callable[[], object]]]:
    since, until = YEAR
    now = FigureSnapshot(connection, Moment(until, 2**62, is_now=True))
    then = now.at(PAST)
    year, half = (Counting(until=one, since=since, areas=(area,)) for one in (until, PAST))
    places = Counting(until=until, since=since, areas=(area,), by=By.TOWNSHIP)
    yield "the headline's tile", lambda: now.count(year, [FIGURES[HEADLINE]])
    yield "all tiles", lambda: now.count(year, FIGURES.values())
    yield "the table of places", lambda: now.count(places, [FIGURES[one] for one in OF_PLACES])
    yield "the flow", lambda: flows(now, year)
    yield "all tiles of a past day", lambda: then.count(half, FIGURES.values())


def _p95(ask: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        begun = perf_counter()
        ask()
        taken.append(perf_counter() - begun)
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * 0.95))] * 1000
