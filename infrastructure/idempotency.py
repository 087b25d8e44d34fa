"""The same request twice is recorded once: its key is kept with what it was answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Cursor
from psycopg.types.json import Jsonb

from application.ports import Asked, KeyReused, Receipt

Key = tuple[UUID, str]


class Answers:
    """What was answered to the keys of a batch: before, or by an earlier piece of work of the same batch."""

    def __init__(self, cursor: Cursor[Any], batch: Sequence[Asked]) -> None:
        self._cursor = cursor
        keys = [(one.by, one.idempotency.key) for one in batch if one.idempotency]
        self._known = answered(cursor, keys) if keys else {}
        self._new: dict[Key, tuple[bytes, Receipt]] = {}

    def known(self, asked: Asked) -> Receipt | KeyReused | None:
        if asked.idempotency is None:
            return None
        key = (asked.by, asked.idempotency.key)
        return replayed(self._known.get(key) or self._new.get(key), asked.idempotency.digest)

    def give(self, asked: Asked, receipt: Receipt) -> None:
        if asked.idempotency:
            self._new[asked.by, asked.idempotency.key] = (asked.idempotency.digest, receipt)

    def keep(self) -> None:
        """Records what was given, in the transaction of the events."""
        if not self._new:
            return
        self._cursor.execute(
            "INSERT INTO idempotency SELECT r.officer, r.key, r.digest, r.receipt, now()"
            " FROM unnest(%s::uuid[], %s::text[], %s::bytea[], %s::jsonb[]) AS r (officer, key, digest, receipt)",
            [
                [officer for officer, _ in self._new],
                [key for _, key in self._new],
                [digest for digest, _ in self._new.values()],
                [Jsonb(receipt.model_dump(mode="json")) for _, receipt in self._new.values()],
            ],
            prepare=True,
        )


def answered(cursor: Cursor[Any], keys: Sequence[Key]) -> dict[Key, tuple[bytes, Receipt]]:
    query = (
        "SELECT officer, key, digest, receipt FROM idempotency"
        " JOIN unnest(%s::uuid[], %s::text[]) AS k (officer, key) USING (officer, key)"
    )
    rows = cursor.execute(query, [[officer for officer, _ in keys], [key for _, key in keys]], prepare=True)
    return {
        (row["officer"], row["key"]): (bytes(row["digest"]), Receipt.model_validate(row["receipt"])) for row in rows
    }


def replayed(found: tuple[bytes, Receipt] | None, digest: bytes) -> Receipt | KeyReused | None:
    if found is None:
        return None
    return found[1].but(replayed=True) if found[0] == digest else KeyReused()
