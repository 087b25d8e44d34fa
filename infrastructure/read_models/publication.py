"""公布 What was published: each edition as it was told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from application.publication import Edition
from domain.publication.commands import PublishedTable
from domain.publication.publication import FiguresPublished
from domain.shared.decider import Entry
from domain.shared.values import AreaId

COLUMNS = "id, edition, position, table_told, reason, digest, published_at, by_officer, for_body"


class PublicationTables:
    name: ClassVar = "publication"
    contexts: ClassVar[tuple[str, ...]] = ("publication",)
    by_stream: ClassVar = True
    schema: ClassVar = """
        CREATE TABLE published_figures (
            id uuid NOT NULL, edition integer NOT NULL, position bigint NOT NULL, area_id uuid, since date NOT NULL,
            until date NOT NULL, table_told jsonb NOT NULL, reason text NOT NULL, digest text NOT NULL,
            published_at timestamptz NOT NULL, by_officer uuid NOT NULL, for_body uuid NOT NULL,
            PRIMARY KEY (id, edition));
        CREATE INDEX published_figures_by_area ON published_figures (area_id, until DESC);
    """

    def apply(self, page: Sequence[Entry[Any]], to: psycopg.Cursor[Any]) -> None:
        for entry in page:
            if isinstance(entry.event, FiguresPublished):
                _write(entry, entry.event, to)


def _write(entry: Entry[Any], event: FiguresPublished, to: psycopg.Cursor[Any]) -> None:
    table = event.table
    to.execute(
        "INSERT INTO published_figures (id, edition, position, area_id, since, until, table_told, reason, digest,"
        " published_at, by_officer, for_body) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *(entry.stream, event.edition, entry.position, table.area, table.since, table.until),
            *(Jsonb(table.model_dump(mode="json")), event.reason, event.digest),
            *(entry.recorded_at, entry.stamp.by, entry.stamp.body),
        ],
    )


class PublishedBoard:
    """`application.publication.PublishedFigures`."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool

    def editions(self, areas: frozenset[AreaId] | None) -> Sequence[Edition]:
        query = (
            f"SELECT {COLUMNS} FROM published_figures WHERE %(areas)s::uuid[] IS NULL OR area_id = ANY(%(areas)s)"
            " ORDER BY until DESC, since, id, edition DESC LIMIT 500"
        )
        with self._pool.connection() as connection:
            rows = connection.execute(query, {"areas": None if areas is None else list(areas)}).fetchall()
        return [_edition(*row) for row in rows]

    def edition(self, id: UUID, number: int) -> Edition | None:
        query = f"SELECT {COLUMNS} FROM published_figures WHERE id = %s AND edition = %s"
        with self._pool.connection() as connection:
            row = connection.execute(query, [id, number]).fetchone()
        return _edition(*row) if row else None


def _edition(*row: Any) -> Edition:
    id, edition, position, table, *rest = row
    return Edition(id, edition, position, PublishedTable.model_validate(table), *rest)
