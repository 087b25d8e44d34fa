"""Verifies a ledger: every stored byte against every checkpoint that was ever signed and kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from domain.proof.audit import Audit, Claims, Finding, Report, Tiled
from domain.proof.signed_note import Verifier
from domain.proof.tree import NotProven
from infrastructure.proof.recorded import PAGE, Reading, notes, rows
from infrastructure.proof.tiles import Tiles


def verify(
    connection: Connection[Any], verifier: Verifier, kept: Iterable[str], progress: Callable[[int], None]
) -> Report:
    """`kept`: checkpoints from outside of the database. In one snapshot, while others go on recording."""
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    with connection.cursor(row_factory=dict_row) as cursor:
        try:
            reading = Reading(cursor)
        except NotProven as fault:
            return Report(faults=[Finding("epoch", 0, str(fault))])
        known = notes(cursor, kept)
        sealed = int(cursor.execute("SELECT size FROM proof_head").fetchall()[0]["size"])
        claims, tiled = Claims(reading.ledger, reading.epochs, known), Tiled(sealed, Tiles(cursor).tile)
        audit = Audit(claims, verifier, tiled)
        for done, row in enumerate(rows(connection), 1):
            _check_copy(row, audit.report)
            if not audit.add(reading.recorded(row)):
                break
            if done % PAGE == 0:
                progress(done)
        return audit.end()


def _check_copy(row: Mapping[str, Any], report: Report) -> None:
    """The column that repeats what the bytes say."""
    try:
        same = json.loads(bytes(row["state"]))["id"] == str(row["event_id"])
    except (ValueError, KeyError, TypeError):
        same = False
    if not same:
        report.add("copy", row["notification_id"], "the event's id is not the one in its bytes")
