"""The same request twice is recorded once: its key is kept with what it was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic_core import to_json

from application.ports import Asked, KeyReused, Receipt
from infrastructure.postgres.pipeline import Answer, Ask, Statement, blobs, texts, uuids

Key = tuple[UUID, str]
Answered = tuple[bytes, Receipt]
"""What was asked, as its digest, and what was answered."""
LOOK_UP = Statement(
    b"look_up",
    b"SELECT officer, key, digest, receipt::text FROM idempotency"
    b" JOIN unnest($1::uuid[], $2::text[]) AS k (officer, key) USING (officer, key)",
)
KEEP = Statement(
    b"keep",
    b"INSERT INTO idempotency SELECT r.officer, r.key, r.digest, r.receipt::jsonb, now()"
    b" FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[]) AS r (officer, key, digest, receipt)",
)


def keeping(given: Sequence[tuple[Asked, Receipt]]) -> Sequence[Ask]:
    """Records what was answered to whom gave a key, in the transaction of the events."""
    kept = [(asked.by, asked.idempotency, receipt) for asked, receipt in given if asked.idempotency]
    if not kept:
        return ()
    values = (
        uuids(officer for officer, _, _ in kept),
        texts(request.key for _, request, _ in kept),
        blobs([request.digest for _, request, _ in kept]),
        texts(to_json(receipt).decode() for _, _, receipt in kept),
    )
    return (Ask(KEEP, values),)


def looking_up(keys: Sequence[Key]) -> Ask:
    return Ask(LOOK_UP, (uuids(officer for officer, _ in keys), texts(key for _, key in keys)))


def found(rows: Answer) -> dict[Key, Answered]:
    return {
        (UUID(bytes=officer), key.decode()): (digest, Receipt.model_validate_json(receipt))
        for officer, key, digest, receipt in rows
    }


def replayed(asked: Asked, known: Mapping[Key, Answered]) -> Receipt | KeyReused | None:
    """The first answer, where the key was used before."""
    if asked.idempotency is None or not (before := known.get((asked.by, asked.idempotency.key))):
        return None
    return before[1].but(replayed=True) if before[0] == asked.idempotency.digest else KeyReused()
