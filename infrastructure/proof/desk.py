"""What an operator does with the log: verify it, hand it out, and see that nobody goes on from an older copy."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from application.proof import LedgerOlderThanSigned
from application.unfit import KeysAbsent
from domain.proof.audit import Report
from domain.proof.notes import parted
from domain.proof.signed_note import ED25519, Verifier, key_id
from domain.proof.tree import NotProven
from infrastructure.postgres.connecting import connect
from infrastructure.proof.bundle import export_ledger
from infrastructure.proof.bundle_check import verify_file
from infrastructure.proof.checking import verify
from infrastructure.proof.files import LogFiles
from infrastructure.proof.keys import LogKey, PublicKey
from infrastructure.proof.recorded import Reading
from infrastructure.proof.sealer import last_signed


class ProofDesk:
    """Needs the database and what was signed, and nothing of the service: what it looks at may be spoilt."""

    def __init__(self, url: str, files: LogFiles) -> None:
        self._url, self._files = url, files

    def verify(self, kept: list[str], progress: Callable[[int], None]) -> Report:
        """`kept`: checkpoints from elsewhere, beside those of the state folder."""
        known = [*kept, *self._files.kept.notes()]  # before the snapshot: others record and seal meanwhile
        with connect(self._url) as connection:
            return verify(connection, self._files.key, known, progress)

    def export(self, file: Path, progress: Callable[[int], None]) -> int:
        return export_ledger(self._url, self._files, file, progress)

    def checkpoints(self) -> list[str]:
        return self._files.kept.notes()

    def refuse_older(self) -> None:
        """Raises LedgerOlderThanSigned: whoever recorded here now would begin a second history of the same epoch."""
        with connect(self._url, autocommit=True, row_factory=dict_row) as connection:
            cursor = connection.cursor()
            reading = Reading(cursor)
            last = last_signed(reading.ledger, self._files.kept, self._files.key)
            head = _head(cursor)  # after what was signed: others record and seal meanwhile
        if last and (last.epoch != reading.epochs.now or last.size > head):
            raise LedgerOlderThanSigned(signed=last.size, recorded=head, epoch=last.epoch)


def _head(cursor: psycopg.Cursor[Any]) -> int:
    return int(cursor.execute("SELECT position FROM feed_head").fetchall()[0]["position"])


def verify_bundle(file: Path, key: str | None, kept: list[str], own: Callable[[], LogKey]) -> Report:
    """`key`: a verifier key, or None for our own. Raises NotProven where it is none, or there is none of our own."""
    if key is None:
        try:
            return verify_file(file, own(), kept, None)
        except KeysAbsent:
            raise NotProven("there is no key here: say --key") from None
    ledger, verifier = read_key(key)
    return verify_file(file, verifier, kept, ledger)


def read_key(told: str) -> tuple[UUID, Verifier]:
    """Reads a public key: of which ledger it is, and what it verifies. Raises NotProven."""
    try:
        name, id, key = told.strip().split("+", 2)
        kind, public = b64decode(key, validate=True)[:1], b64decode(key)[1:]
        ledger = UUID(name.removeprefix("tiaojie/"))
    except ValueError:
        raise NotProven("this is no verifier key") from None
    if kind != ED25519 or key_id(name, public).hex() != id:
        raise NotProven("this is no verifier key")
    return ledger, PublicKey(public)


def read_checkpoints(file: Path | None) -> list[str]:
    """Those that somebody kept as text. Raises NotProven."""
    return parted(file.read_text(encoding="utf-8")) if file else []
