"""Uploads in a table, sealed like drafts: what is in them is personal, and no file of them is on a disk."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from application.uploads import Upload
from domain.shared.values import OfficerId
from infrastructure.privacy.table_keys import TableKeys

SCHEMA = """
    CREATE TABLE IF NOT EXISTS upload (
        id uuid PRIMARY KEY, officer_id uuid NOT NULL, moved_at timestamptz NOT NULL, sealed_under integer NOT NULL,
        content bytea NOT NULL, told bytea NOT NULL);
    CREATE INDEX IF NOT EXISTS upload_by_officer ON upload (officer_id, moved_at);
"""
KEPT_FOR = "1 day"
_KNOWN = (
    "SELECT id, moved_at, clock_timestamp() - moved_at AS age, sealed_under, told FROM upload WHERE officer_id = %s"
)
CONTENT, TOLD = "upload content", "upload told"


class UploadTable:
    """`application.uploads.Uploads`."""

    def __init__(self, pool: ConnectionPool[Any], keys: TableKeys) -> None:
        self._pool, self._keys = pool, keys

    def prepare(self, owner: Connection[Any]) -> None:
        owner.execute(SCHEMA)

    def keep(self, officer: OfficerId, content: bytes, told: str) -> UUID:
        id, cipher = uuid4(), self._keys.newest()
        sealed = cipher.seal(b64encode(content).decode(), id, CONTENT), cipher.seal(told, id, TOLD)
        with self._pool.connection() as connection:
            query = "INSERT INTO upload VALUES (%s, %s, clock_timestamp(), %s, %s, %s)"
            connection.execute(query, [id, officer, cipher.generation, *sealed])
        return id

    def of(self, officer: OfficerId, id: UUID) -> Upload | None:
        return next(iter(self._read(officer, "AND id = %s", [id])), None)

    def all_of(self, officer: OfficerId) -> Sequence[Upload]:
        return self._read(officer, "ORDER BY moved_at DESC LIMIT 20", [])

    def content(self, officer: OfficerId, id: UUID) -> bytes | None:
        query = "SELECT sealed_under, content FROM upload WHERE officer_id = %s AND id = %s"
        with self._pool.connection() as connection:
            rows = connection.execute(query, [officer, id]).fetchall()
        text = next((self._opened(under, sealed, id, CONTENT) for under, sealed in rows), None)
        return b64decode(text) if text else None

    def tell(self, officer: OfficerId, id: UUID, told: str) -> None:
        """Under the key that its content has: where that is gone, nothing is told any more."""
        with self._pool.connection() as connection:
            query = "SELECT sealed_under FROM upload WHERE officer_id = %s AND id = %s FOR UPDATE"
            for (under,) in connection.execute(query, [officer, id]).fetchall():
                cipher = self._keys.known(under)
                if cipher is not None and cipher.opens:
                    query = "UPDATE upload SET told = %s, moved_at = clock_timestamp() WHERE id = %s"
                    connection.execute(query, [cipher.seal(told, id, TOLD), id])

    def drop(self, officer: OfficerId, id: UUID) -> None:
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM upload WHERE officer_id = %s AND id = %s", [officer, id])

    def drop_content(self, officer: OfficerId, id: UUID) -> None:
        with self._pool.connection() as connection:
            connection.execute("UPDATE upload SET content = '' WHERE officer_id = %s AND id = %s", [officer, id])

    def forget(self) -> None:
        """What nobody has taken over within a day."""
        with self._pool.connection() as connection:
            connection.execute(
                f"DELETE FROM upload WHERE moved_at < clock_timestamp() - interval '{KEPT_FOR}'".encode()
            )

    def _read(self, officer: OfficerId, which: str, values: list[Any]) -> list[Upload]:
        query = f"{_KNOWN} {which}"
        with self._pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(query.encode(), [officer, *values]).fetchall()
        found = ((row, self._opened(row["sealed_under"], row["told"], row["id"], TOLD)) for row in rows)
        return [Upload(row["id"], row["moved_at"], row["age"], told) for row, told in found if told]

    def _opened(self, under: int, sealed: bytes, id: UUID, name: str) -> str | None:
        cipher = self._keys.known(under)
        return cipher.open(bytes(sealed), id, name) if cipher is not None and cipher.opens else None
