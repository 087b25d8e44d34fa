"""Rows of tables as values of a class."""

from __future__ import annotations

from typing import Any, TypeVar

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

T = TypeVar("T")


class ReadsRows:
    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool

    def _rows(self, row: type[T], query: str, **values: Any) -> list[T]:
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(row)) as cursor:
            found: list[T] = cursor.execute(query.encode(), values).fetchall()
        return found
