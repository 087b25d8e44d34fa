"""Drafts in a table, sealed: the next erasure of anybody makes all of them unreadable, as it does the read models."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps, loads
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from application.drafts import Draft, Typed
from domain.shared.values import OfficerId
from infrastructure.privacy.table_keys import TableKeys

SCHEMA = """
    CREATE TABLE IF NOT EXISTS draft (
        officer_id uuid NOT NULL, form text NOT NULL, saved_at timestamptz NOT NULL, sealed_under integer NOT NULL,
        sealed bytea NOT NULL, sending text NOT NULL, PRIMARY KEY (officer_id, form));
    CREATE INDEX IF NOT EXISTS draft_by_time ON draft (saved_at);
"""
KEPT_FOR = "14 days"
LONGEST = 200_000
"""Characters: what is longer was not typed into a form of ours."""
PURPOSE = "draft of "
_KEEP = """
    INSERT INTO draft VALUES (%s, %s, clock_timestamp(), %s, %s, %s) ON CONFLICT (officer_id, form) DO UPDATE
    SET saved_at = excluded.saved_at, sealed_under = excluded.sealed_under, sealed = excluded.sealed,
        sending = excluded.sending
    WHERE draft.sealed <> '' OR draft.sending <> excluded.sending
"""
"""A line without text says of which sending of the form nothing is kept any more: what a script keeps may come late."""
MOST = 100
"""Drafts of one officer: beyond that the oldest give way."""
_TRIM = f"""
    DELETE FROM draft d USING (SELECT form FROM draft WHERE officer_id = %(officer)s
        ORDER BY saved_at DESC OFFSET {MOST}) old
    WHERE d.officer_id = %(officer)s AND d.form = old.form
"""
_DROP = """
    INSERT INTO draft VALUES (%s, %s, clock_timestamp(), 0, '', %s) ON CONFLICT (officer_id, form) DO UPDATE
    SET saved_at = excluded.saved_at, sealed_under = 0, sealed = '', sending = excluded.sending
"""
_READ = f"""
    SELECT form, saved_at, sealed_under, sealed FROM draft
    WHERE officer_id = %s AND sealed <> '' AND saved_at > clock_timestamp() - interval '{KEPT_FOR}'
"""


class DraftTable:
    """`application.drafts.Drafts`."""

    def __init__(self, pool: ConnectionPool[Any], keys: TableKeys) -> None:
        self._pool, self._keys = pool, keys

    def prepare(self, owner: Connection[Any]) -> None:
        owner.execute(SCHEMA)

    def keep(self, officer: OfficerId, form: str, sending: str, typed: Typed) -> None:
        text = dumps([list(one) for one in typed], ensure_ascii=False)
        if len(text) > LONGEST:
            return
        cipher = self._keys.newest()
        sealed = cipher.seal(text, officer, PURPOSE + form)
        with self._pool.connection() as connection:
            connection.execute(_KEEP, [officer, form, cipher.generation, sealed, sending])
            connection.execute(_TRIM.encode(), {"officer": officer})

    def of(self, officer: OfficerId, form: str) -> Draft | None:
        return next(iter(self._read(officer, "AND form = %s", [form])), None)

    def all_of(self, officer: OfficerId) -> Sequence[Draft]:
        return self._read(officer, "ORDER BY saved_at DESC LIMIT 200", [])

    def count(self, officer: OfficerId) -> int:
        with self._pool.connection() as connection:
            query = f"SELECT count(*) FROM ({_READ}) known"
            found = connection.execute(query.encode(), [officer]).fetchone()
        return int(found[0]) if found else 0

    def drop(self, officer: OfficerId, form: str, sending: str) -> None:
        with self._pool.connection() as connection:
            connection.execute(_DROP, [officer, form, sending])

    def forget(self) -> None:
        """What is older than anybody comes back to, and what nobody can read any more."""
        with self._pool.connection() as connection:
            connection.execute(f"DELETE FROM draft WHERE saved_at < clock_timestamp() - interval '{KEPT_FOR}'".encode())

    def _read(self, officer: OfficerId, which: str, values: list[Any]) -> list[Draft]:
        with self._pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(f"{_READ} {which}".encode(), [officer, *values]).fetchall()
        return [draft for row in rows if (draft := self._opened(officer, row))]

    def _opened(self, officer: OfficerId, row: dict[str, Any]) -> Draft | None:
        cipher = self._keys.known(row["sealed_under"])
        if cipher is None or not cipher.opens:
            return None
        text = cipher.open(bytes(row["sealed"]), officer, PURPOSE + row["form"])
        return Draft(row["form"], row["saved_at"], [(str(name), str(value)) for name, value in loads(text)])
