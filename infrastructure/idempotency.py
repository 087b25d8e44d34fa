"""The same request twice is recorded once: its key is kept with what it was answered."""

from __future__ import annotations

from typing import Any

from psycopg import Cursor
from psycopg.types.json import Jsonb

from application.ports import Asked, InFlight, KeyReused, Receipt


def already_answered(cursor: Cursor[Any], asked: Asked) -> Receipt | None:
    """The first answer to this key. In flight is a lock that dies with its transaction. Raises InFlight, KeyReused."""
    if asked.idempotency is None:
        return None
    key, digest = asked.idempotency.key, asked.idempotency.digest
    lock = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0)) AS taken"
    if not cursor.execute(lock, [f"{asked.by} {key}"]).fetchone()["taken"]:  # type: ignore[index]
        raise InFlight
    query = "SELECT digest, receipt FROM idempotency WHERE officer = %s AND key = %s"
    if (row := cursor.execute(query, [asked.by, key]).fetchone()) is None:
        return None
    if bytes(row["digest"]) != digest:
        raise KeyReused
    return Receipt.model_validate(row["receipt"]).but(replayed=True)


def remember(cursor: Cursor[Any], asked: Asked, receipt: Receipt) -> None:
    if asked.idempotency:
        cursor.execute(
            "INSERT INTO idempotency VALUES (%s, %s, %s, %s, now())",
            [asked.by, asked.idempotency.key, asked.idempotency.digest, Jsonb(receipt.model_dump(mode="json"))],
        )
