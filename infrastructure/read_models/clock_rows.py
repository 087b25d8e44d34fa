"""The clocks of a stream as rows: when each ends, what follows, and whether it may fire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from domain.shared.law import Due

COLUMNS: LiteralString = """(
    id uuid NOT NULL, clock text NOT NULL, code text NOT NULL, day date NOT NULL, ends_at timestamptz NOT NULL,
    effect text NOT NULL, provisional boolean NOT NULL, PRIMARY KEY (id, clock))"""
NAMES = ("id", "clock", "code", "day", "ends_at", "effect", "provisional")


def write_clocks(
    table: LiteralString, clocks: Iterable[tuple[UUID, Mapping[Any, Due]]], to: psycopg.Cursor[Any]
) -> None:
    """In place of what the table says of these streams."""
    known = list(clocks)
    to.execute(sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(sql.Identifier(table)), [[id for id, _ in known]])
    columns = sql.SQL(", ").join(map(sql.Identifier, NAMES))
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    with to.copy(query) as copy:
        for row in _rows(known):
            copy.write_row(row)


def _rows(clocks: Iterable[tuple[UUID, Mapping[Any, Due]]]) -> Iterator[tuple[Any, ...]]:
    for id, running in clocks:
        for name, due in running.items():
            yield (id, str(name), due.clock, due.day, due.end, due.effect, due.provisional)
