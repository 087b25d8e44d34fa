"""What a table that serves says otherwise than the events: somebody changed it, or a program once read them wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from infrastructure.projection.filling import SHADOW

TOLD = 5
"""Rows that are named."""
APART = """
WITH apart AS (
    (SELECT t::text AS row, to_jsonb(t) AS told FROM public.{table} t
     EXCEPT ALL SELECT t::text, to_jsonb(t) FROM {shadow}.{table} t)
    UNION ALL
    (SELECT t::text, to_jsonb(t) FROM {shadow}.{table} t
     EXCEPT ALL SELECT t::text, to_jsonb(t) FROM public.{table} t))
SELECT count(*) OVER (), coalesce(told ->> {key}, '') FROM apart ORDER BY 2 LIMIT {limit}
"""
KEY = """
SELECT attname::text, atttypid = 'uuid'::regtype FROM pg_attribute
WHERE attrelid = {table}::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum LIMIT 1
"""


@dataclass(frozen=True)
class Difference:
    """`rows`: of either side that the other does not have; a row that was changed counts twice."""

    table: str
    rows: int
    ids: tuple[UUID, ...]
    """Of some of them, by their first column; nothing else of a row is told."""


def difference(table: str, connection: psycopg.Connection[Any]) -> Difference:
    """Between the table in `public` and the one in the shadow."""
    names = {"table": sql.Identifier(table), "shadow": sql.Identifier(SHADOW)}
    key_of = sql.SQL(KEY).format(table=sql.Literal(f"public.{table}"))
    ((key, is_id),) = connection.execute(key_of).fetchall()
    query = sql.SQL(APART).format(**names, key=sql.Literal(key), limit=sql.Literal(2 * TOLD))
    rows = connection.execute(query).fetchall()
    ids = sorted({UUID(told) for _, told in rows if is_id and told})
    return Difference(table, rows[0][0] if rows else 0, tuple(ids[:TOLD]))
