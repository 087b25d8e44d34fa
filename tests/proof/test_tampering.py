"""Whatever somebody with all rights on the database changes, it shows."""

from __future__ import annotations

from base64 import b64encode
from threading import Event

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.processes import worker
from domain.proof.checkpoint import Checkpoint
from domain.proof.signed_note import verifier_key
from domain.proof.tree import (
    NotProven,
    check_inclusion,
    consistency,
    inclusion,
    leaf_hash,
    root,
)
from infrastructure.proof.bundle_check import verify_file
from infrastructure.proof.desk import ProofDesk
from infrastructure.proof.files import LogFiles
from infrastructure.proof.kept import KeptCheckpoints
from infrastructure.proof.keys import LogKey
from infrastructure.proof.recorded import EVENTS, Reading
from infrastructure.proof.sealer import Forked
from infrastructure.proof.tiles import Tiles
from tests.proof.checks import check_consistency

MANY = 200
"""Streams of three events: more leaves than two tiles hold."""


@pytest.fixture
def grown(sealed):
    for part in (MANY // 2, 1, MANY // 2):
        sealed.grows(part)
        sealed.sealer.seal()
    assert sealed.verified().faults == []
    return sealed


def test_what_nobody_touched_is_verified_to_the_last_leaf(grown):
    report = grown.verified()

    assert (report.events, report.unsealed, report.faults) == (3 * MANY + 3, 0, [])
    assert report.checkpoints >= 3


def test_what_was_recorded_since_the_last_checkpoint_is_told_as_such(grown):
    grown.grows(2)

    report = grown.verified()

    assert (report.unsealed, report.faults) == (6, [])


TAMPERED = {
    "a row changed": ["UPDATE stored_events SET state = state || ' ' WHERE notification_id = 17"],
    "a name changed": ["UPDATE stored_events SET topic = 'sample.told' WHERE notification_id = 1"],
    "a time changed": [
        "UPDATE stored_events SET recorded_at = recorded_at + interval '1 us' WHERE notification_id = 9"
    ],
    "an id changed": ["UPDATE stored_events SET event_id = gen_random_uuid() WHERE notification_id = 9"],
    "a row deleted": ["DELETE FROM stored_events WHERE notification_id = 300"],
    "a row deleted and the rest moved up": [
        "DELETE FROM stored_events WHERE notification_id = 300",
        "UPDATE stored_events SET notification_id = -notification_id WHERE notification_id > 300",
        "UPDATE stored_events SET notification_id = -notification_id - 1 WHERE notification_id < 0",
    ],
    "a row inserted": [
        "UPDATE stored_events SET notification_id = -notification_id WHERE notification_id > 300",
        "UPDATE stored_events SET notification_id = 1 - notification_id WHERE notification_id < 0",
        "INSERT INTO stored_events SELECT gen_random_uuid(), 1, topic, state, 301, gen_random_uuid(), recorded_at"
        " FROM stored_events WHERE notification_id = 1",
    ],
    "two rows in each other's place": [
        "UPDATE stored_events SET notification_id = -5 WHERE notification_id = 50",
        "UPDATE stored_events SET notification_id = 50 WHERE notification_id = 60",
        "UPDATE stored_events SET notification_id = 60 WHERE notification_id = -5",
    ],
    "the tail cut off": ["DELETE FROM stored_events WHERE notification_id > 590"],
    "everything cut off, tiles and checkpoints too": [
        "DELETE FROM stored_events",
        "DELETE FROM proof_tile",
        "DELETE FROM proof_checkpoint",
        "UPDATE proof_head SET size = 0",
    ],
    "a tile changed": [
        "UPDATE proof_tile SET hashes = decode(repeat('00', 8192), 'hex') WHERE level = 0 AND number = 1"
    ],
    "a version left out": ["UPDATE stored_events SET originator_version = 9 WHERE notification_id = 3"],
}


@pytest.mark.parametrize("statements", TAMPERED.values(), ids=TAMPERED)
def test_tampering_shows(grown, statements):
    grown.tampers(*statements)

    assert grown.faults()


def test_who_changes_a_row_and_seals_everything_anew_is_found_by_the_checkpoints_kept_outside(grown):
    grown.tampers(
        "UPDATE stored_events SET state = state || ' ' WHERE notification_id = 17",
        "DELETE FROM proof_tile",
        "DELETE FROM proof_checkpoint",
        "UPDATE proof_head SET size = 0",
    )
    with pytest.raises(Forked):
        grown.sealer.seal()

    assert "changed" in grown.faults()


def test_the_worker_stops_sealing_and_says_so_where_the_ledger_contradicts_what_was_signed(grown, caplog, monkeypatch):
    monkeypatch.setattr(worker, "SEAL", 0.01)
    grown.tampers("DELETE FROM stored_events WHERE notification_id > 590", "UPDATE feed_head SET position = 590")
    grown.tampers("UPDATE proof_head SET size = 0", "DELETE FROM proof_tile")
    before = len(grown.kept.notes())

    worker.keep_sealing(grown.sealer.seal, Event())

    assert "nothing more is sealed" in caplog.text
    assert len(grown.kept.notes()) == before


def test_who_cuts_the_tail_and_records_something_else_is_found(grown):
    grown.tampers(
        "DELETE FROM stored_events WHERE notification_id > 590",
        "UPDATE feed_head SET position = 590",
        "DELETE FROM proof_tile",
        "DELETE FROM proof_checkpoint",
        "UPDATE proof_head SET size = 0",
    )
    grown.grows(20)
    with pytest.raises(Forked):
        grown.sealer.seal()

    assert "changed" in grown.faults()


def test_a_checkpoint_with_another_key_is_a_forgery(grown):
    forger = LogKey(Ed25519PrivateKey.generate().private_bytes_raw())
    with psycopg.connect(grown.url) as connection:
        ledger = connection.execute("SELECT id FROM ledger").fetchall()[0][0]
    grown.kept.keep(Checkpoint(ledger, 1, 5, bytes(32)).signed(forger))

    assert "forged" in grown.faults()
    assert {one.kind for one in grown.verified(forger).faults} >= {"forged", "changed"}


def test_every_served_proof_leads_to_the_signed_root(grown):
    with psycopg.connect(grown.url, row_factory=psycopg.rows.dict_row) as connection, connection.cursor() as cursor:
        reading, tiles = Reading(cursor), Tiles(cursor)
        rows = cursor.execute(EVENTS, [0]).fetchall()
        size = len(rows)
        for index in range(0, size, 29):
            leaf = leaf_hash(reading.recorded(rows[index]).leaf())
            check_inclusion(leaf, index, size, inclusion(index, size, tiles.whole), root(size, tiles.whole))
        for note in grown.kept.notes():
            known = Checkpoint.opened(note, grown.key)
            proof = consistency(known.size, size, tiles.whole)
            check_consistency(known.size, size, proof, known.root, root(size, tiles.whole))


def test_who_verifies_exports_or_starts_while_others_record_and_seal_is_not_told_of_a_cut(grown, monkeypatch):
    """What is signed for between two looks is newer than the first."""

    def growing(read):
        def wrapped(*arguments):
            grown.grows(1)
            grown.sealer.seal()
            return read(*arguments)

        return wrapped

    desk = ProofDesk(grown.url, LogFiles.of(grown.folder))
    notes, backwards = KeptCheckpoints.notes, KeptCheckpoints.backwards
    monkeypatch.setattr(KeptCheckpoints, "notes", growing(notes))

    assert desk.verify([], lambda done: None).outcome == 0
    assert verify_file(grown.exported(), grown.key, [], None).outcome == 0
    seen = []

    def late(kept, ledger):
        if not seen:
            seen.append(ledger)
            grown.grows(1)
            grown.sealer.seal()
        return backwards(kept, ledger)

    monkeypatch.setattr(KeptCheckpoints, "backwards", late)
    desk.refuse_older()
    assert seen


def test_a_note_is_read_as_it_was_signed_and_in_no_other_form(grown):
    note = grown.kept.notes()[-1]
    known = Checkpoint.opened(note, grown.key)

    assert note.startswith(
        f"{known.origin}\n{known.size}\n{b64encode(known.root).decode()}\nepoch 1\n\n— {known.origin} "
    )
    assert verifier_key(known.origin, grown.key.public).startswith(f"{known.origin}+")
    for spoilt in (note.replace("epoch 1", "epoch 2"), note.replace("\n\n", "\n"), note[:-9], "", "x\n\n— y z\n"):
        with pytest.raises(NotProven):
            Checkpoint.opened(spoilt, grown.key)
