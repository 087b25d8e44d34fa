"""Bundles: a whole ledger, or one case, in a file that is verified without us. docs/proof.md has the form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from psycopg.rows import dict_row

from domain.proof import contents
from domain.proof.notes import joined
from domain.proof.signed_note import verifier_key
from infrastructure.postgres.connecting import connect
from infrastructure.proof.files import LogFiles
from infrastructure.proof.recorded import PAGE, Reading, notes, rows

FORM = "tiaojie-bundle/1"
ABOUT, CHECKPOINTS, ENTRIES = "bundle.json", "checkpoints", "entries"
CONTENTS = "contents"
KEY = "key.not-to-be-trusted-from-here"
LENGTH = 4
"""Bytes that tell how long an entry is."""
FAST = 1
"""Ciphertext is hardly made smaller, and the rest is by any level."""


def receipt_name(version: int) -> str:
    return f"receipts/{version:06}.tlog-proof"


def export_ledger(url: str, files: LogFiles, file: Path, progress: Callable[[int], None]) -> int:
    """Everything that is recorded, whatever it is, in one snapshot. How many events."""
    done = 0
    kept = files.kept.notes()  # before the snapshot: others record and seal meanwhile
    with connect(url) as connection, _written(file) as bundle:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with connection.cursor(row_factory=dict_row) as cursor:
            reading = Reading(cursor)
            known = notes(cursor, kept)
        _tell(bundle, files, reading.ledger, known, {"holds": "ledger", "epochs": list(reading.epochs)})
        with bundle.open(ENTRIES, "w", force_zip64=True) as entries:
            for done, row in enumerate(rows(connection), 1):
                leaf = reading.recorded(row).leaf()
                entries.write(len(leaf).to_bytes(LENGTH) + leaf)
                if done % PAGE == 0:
                    progress(done)
        files.trail.note("ledger", done)
    return done


def export_case(files: LogFiles, file: Path, ledger: UUID, case: UUID, receipts: Sequence[str]) -> None:
    """The receipt of each entry, from the first on."""
    with _written(file) as bundle:
        _tell(bundle, files, ledger, [], {"holds": "case", "stream": str(case), "count": len(receipts)})
        for version, receipt in enumerate(receipts, 1):
            bundle.writestr(receipt_name(version), receipt)
        files.trail.note(f"case {case}", len(receipts))


def matter(
    files: LogFiles, ledger: UUID, streams: Mapping[UUID, Mapping[int, str]], readable: Mapping[str, str]
) -> bytes:
    """Receipts by stream and version, of a case and of what stands beside it; and what they say, to be read. Receipts
    prove personal fields as ciphertext; that the readable text is what we gave out is proven by the signed contents."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED, compresslevel=FAST) as bundle:
        held = [{"stream": str(id), "versions": sorted(receipts)} for id, receipts in streams.items()]
        _tell(bundle, files, ledger, [], {"holds": "matter", "streams": held})
        for id, receipts in streams.items():
            for version, receipt in receipts.items():
                bundle.writestr(f"receipts/{id}/{version:06}.tlog-proof", receipt)
        for name, text in readable.items():
            bundle.writestr(f"readable/{name}", text)
        known = {name: bundle.read(name) for name in bundle.namelist()}
        bundle.writestr(CONTENTS, contents.signed(known, f"tiaojie/{ledger}", files.key))
    files.trail.note("matter", sum(len(receipts) for receipts in streams.values()))
    return content.getvalue()


def _tell(bundle: ZipFile, files: LogFiles, ledger: UUID, known: list[str], about: dict[str, Any]) -> None:
    bundle.writestr(ABOUT, json.dumps({"form": FORM, "ledger": str(ledger), **about}, indent=1))
    bundle.writestr(CHECKPOINTS, joined(known))
    bundle.writestr(KEY, verifier_key(f"tiaojie/{ledger}", files.key.public) + "\n")


@contextmanager
def _written(file: Path) -> Iterator[ZipFile]:
    """Whole or not at all, and for the eyes of whoever exports."""
    draft = file.with_name(f".{file.name}.draft")
    draft.touch(0o600)
    try:
        with ZipFile(draft, "w", ZIP_DEFLATED, compresslevel=FAST) as bundle:
            yield bundle
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
