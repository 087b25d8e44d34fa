"""Another key that signs checkpoints, in place of one that is lost or in wrong hands.

Whatever the earlier one signed is signed again beside its signature: it is verified with either key, here and
elsewhere. The ledger knows the public half of the earlier one, and is verified with it before anything is signed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from application.logs import get_logger
from domain.proof.audit import Report
from domain.proof.signed_note import key_id, opened, sign
from domain.proof.tree import NotProven
from infrastructure.held_keys import KeyPlace
from infrastructure.ledger.schema import in_turn
from infrastructure.postgres.connecting import connect
from infrastructure.proof.checking import verify
from infrastructure.proof.files import LogFiles
from infrastructure.proof.keys import FILE, LogKey, PublicKey

log = get_logger("tiaojie.proof")


@dataclass(frozen=True)
class Replaced:
    report: Report
    """With faults in it nothing was changed."""
    earlier: str
    """What the verifier key of the earlier one has as its id."""


def replace_log_key(url: str, place: KeyPlace, reason: str, progress: Callable[[int], None]) -> Replaced:
    """Nothing else may run on the ledger. Where it breaks off, it is said again."""
    made = place.state / f"{FILE}.new"
    new = LogKey.read(place.given_log) if place.given_log else LogKey.make(made)
    files = place.log_files_of(new)
    with connect(url) as connection:
        known = PublicKey(_known(connection))
    with connect(url) as connection:
        report = verify(connection, known, files.kept.notes(), progress)
    with connect(url) as connection:
        in_turn(connection)
        earlier, ((ledger,),) = PublicKey(_known(connection)), connection.execute("SELECT id FROM ledger").fetchall()
        name = f"tiaojie/{ledger}"
        told = Replaced(report, key_id(name, earlier.public).hex())
        if report.faults:
            return told
        if earlier.public != new.public:
            files.trail.note(f"log key {told.earlier} replaced: {reason}", report.events)
            _sign_again(connection, files, ledger, earlier)
            connection.execute("UPDATE held_key SET fingerprint = %s WHERE kind = 'log'", [new.public])
            log.warning("another key signs checkpoints from now on", earlier=told.earlier, reason=reason)
    if not place.given_log:
        _put_in_place(place, told.earlier)
    return told


def _known(connection: psycopg.Connection[Any]) -> bytes:
    ((known,),) = connection.execute("SELECT fingerprint FROM held_key WHERE kind = 'log'").fetchall()
    return bytes(known)


def _sign_again(connection: psycopg.Connection[Any], files: LogFiles, ledger: UUID, earlier: PublicKey) -> None:
    for note in files.kept.notes():
        if note.startswith(f"tiaojie/{ledger}\n"):
            files.kept.replace(note, _with_both(note, files.key, earlier))
    for epoch, size, note in connection.execute("SELECT epoch, size, note FROM proof_checkpoint").fetchall():
        both = _with_both(note, files.key, earlier)
        connection.execute("UPDATE proof_checkpoint SET note = %s WHERE epoch = %s AND size = %s", [both, epoch, size])


def _with_both(note: str, new: LogKey, earlier: PublicKey) -> str:
    """As it is, where the earlier one did not sign it, or the new one did."""
    with suppress(NotProven):
        opened(note, new)
        return note
    with suppress(NotProven):
        text = opened(note, earlier)
        return f"{note.rstrip()}\n{sign(text, text.partition(chr(10))[0], new).splitlines()[-1]}\n"
    return note


def _put_in_place(place: KeyPlace, earlier: str) -> None:
    file, made = place.state / FILE, place.state / f"{FILE}.new"
    if file.exists():
        file.rename(place.state / f"{FILE}.before-{earlier}")
    made.rename(file)
