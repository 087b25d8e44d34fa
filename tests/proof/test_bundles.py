"""A bundle is verified by whoever has the key, with nothing of ours: whatever was changed shows."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.proof.checkpoint import Checkpoint
from domain.proof.notes import joined, parted
from domain.proof.tree import NotProven
from infrastructure.postgres.pool import Readers
from infrastructure.proof.bundle_check import verify_file
from infrastructure.proof.desk import read_key
from infrastructure.proof.files import LogFiles
from infrastructure.proof.keys import LogKey
from infrastructure.proof.ledger_proofs import LedgerProofs
from tests.effort import times
from tests.proof.bundles import Bundle, both_find, by_script, stand_alone
from tests.proof.test_tampering import TAMPERED

NOT_IN_A_BUNDLE = {"a tile changed", "an id changed"}
"""Tiles are made from the entries, and the column repeats what the bytes say: `tiaojie verify` looks at both."""


@pytest.fixture
def grown(sealed):
    for part in (100, 1, 100):
        sealed.grows(part)
        sealed.sealer.seal()
    return sealed


def test_a_bundle_of_what_nobody_touched_is_whole(grown, tmp_path):
    grown.grows(2)
    file = grown.exported()

    code, told = by_script(file, grown.vkey())
    report = verify_file(file, grown.key, [], None)

    assert (code, told) == (0, "609 events, 3 checkpoints, 6 not sealed yet\n")
    assert (report.events, report.checkpoints, report.unsealed, report.outcome) == (609, 3, 6, 0)


@pytest.mark.parametrize("what", [one for one in TAMPERED if one not in NOT_IN_A_BUNDLE])
def test_what_a_superuser_changed_shows_in_the_bundle(grown, what):
    grown.tampers(*TAMPERED[what])

    assert both_find(grown.exported(), grown.vkey(), grown.key, []) == (True, True)


def test_an_older_copy_of_the_database_is_found_by_what_was_signed_since(grown):
    older = grown.exported()
    grown.grows(3)
    grown.sealer.seal()

    assert both_find(older, grown.vkey(), grown.key, []) == (False, False)
    assert both_find(older, grown.vkey(), grown.key, grown.kept.notes()) == (True, True)


def test_an_epoch_that_somebody_without_the_key_begins_does_not_excuse_what_is_gone(grown):
    for statement in (
        "INSERT INTO epoch VALUES (2, 400)",
        "DELETE FROM epoch WHERE number = 1; UPDATE epoch SET after = 0",
    ):
        grown.tampers("DELETE FROM stored_events WHERE notification_id > 400", statement)

        assert both_find(grown.exported(), grown.vkey(), grown.key, []) == (True, True)
        assert grown.faults()


def test_after_every_key_of_a_person_is_destroyed_every_proof_still_verifies(grown):
    before = Bundle.read(grown.exported())
    vault = grown.ledger.coder.cipher.vault
    owners = {UUID(found) for one in before.entries for found in re.findall(r'"k":"([0-9a-f-]{36})"', one.decode())}
    assert len(owners) == 2 * 201
    vault.destroy(owners)

    after = grown.exported()

    assert all(vault.key(owner) is None for owner in owners)
    assert (grown.verified().outcome, by_script(after, grown.vkey())[0]) == (0, 0)
    assert Bundle.read(after).entries == before.entries


def test_a_checkpoint_by_another_key_shows(grown):
    forger = LogKey(Ed25519PrivateKey.generate().private_bytes_raw())
    last = Checkpoint.opened(grown.kept.notes()[-1], grown.key)
    grown.kept.keep(Checkpoint(last.ledger, 1, 5, bytes(32)).signed(forger))
    file = grown.exported()

    assert both_find(file, grown.vkey(), grown.key, []) == (True, True)
    assert both_find(file, grown.vkey(forger), forger, []) == (True, True)


def test_what_was_cut_off_together_with_its_checkpoints_is_found_by_those_that_somebody_kept(grown, tmp_path):
    bundle = Bundle.read(grown.exported())
    bundle.entries = bundle.entries[:300]
    bundle.checkpoints = parted(bundle.checkpoints)[0]
    file = bundle.write(tmp_path / "cut")

    assert both_find(file, grown.vkey(), grown.key, []) == (False, False)
    assert both_find(file, grown.vkey(), grown.key, grown.kept.notes()) == (True, True)


def test_a_bundle_in_which_nothing_is_signed_proves_nothing(grown, tmp_path):
    bundle = Bundle.read(grown.exported())
    bundle.checkpoints = ""

    assert both_find(bundle.write(tmp_path / "bare"), grown.vkey(), grown.key, []) == (True, True)


def test_a_bundle_of_another_ledger_is_not_taken_for_this_one(grown, tmp_path):
    bundle = Bundle.read(grown.exported())
    bundle.about["ledger"] = "00000000-0000-0000-0000-000000000001"

    assert both_find(bundle.write(tmp_path / "foreign"), grown.vkey(), grown.key, []) == (True, True)


def test_what_is_no_bundle_is_refused_and_not_stumbled_over(grown, tmp_path):
    for content in (b"", b"\xff\xfe", b"{}", b"PK\x05\x06" + bytes(18), b"c2sp.org/tlog-proof@v1\n"):
        file = tmp_path / "nothing"
        file.write_bytes(content)

        assert both_find(file, grown.vkey(), grown.key, []) == (True, True)


TELLS = '{{"form": "tiaojie-bundle/1", "holds": "{}", "ledger": "x", "epochs": {}, "stream": 3, "count": "y"}}'
EPOCHS = ("[]", "[[]]", "[[1]]", "{}", "[[1, null]]", '[["a", "b"]]', "5")
NONSENSE = [TELLS.format(what, epochs) for what in ("ledger", "case", "both") for epochs in EPOCHS]


@pytest.mark.parametrize("about", [*NONSENSE, "null", "[]", "{}", "[", "1"])
def test_a_bundle_that_says_nonsense_of_itself_is_wrong_and_nothing_breaks(unspoilt, about):
    file, vkey, key, _ = unspoilt
    with ZipFile(file) as whole, ZipFile(file.with_name("nonsense"), "w") as spoilt:
        for name in whole.namelist():
            spoilt.writestr(name, about if name == "bundle.json" else whole.read(name))

    assert both_find(file.with_name("nonsense"), vkey, key, []) == (True, True)


def test_a_version_that_is_left_out_shows_also_where_nothing_is_signed_yet(grown):
    grown.grows(2)
    grown.tampers("UPDATE stored_events SET originator_version = 9 WHERE notification_id = 609")

    assert "version" in grown.faults()
    assert both_find(grown.exported(), grown.vkey(), grown.key, []) == (True, True)


def _unlike(one: bytes, place: int, bit: int) -> bytes:
    spoilt = bytearray(one)
    spoilt[place % len(one)] ^= 1 << bit
    return bytes(spoilt)


SPOILT = {
    "one bit changed": lambda those, at, to, bit: those.__setitem__(at, _unlike(those[at], to * 7919, bit)),
    "one left out": lambda those, at, to, bit: those.pop(at),
    "one told twice": lambda those, at, to, bit: those.insert(at, those[at]),
    "two exchanged": lambda those, at, to, bit: those.__setitem__(slice(at, at + 2), those[at : at + 2][::-1]),
    "one byte more": lambda those, at, to, bit: those.__setitem__(at, those[at] + b" "),
    "one byte less": lambda those, at, to, bit: those.__setitem__(at, those[at][:-1]),
}


@settings(
    max_examples=times(test=40, soak=600),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(data=st.data(), what=st.sampled_from(sorted(SPOILT)))
def test_any_change_of_an_entry_is_noticed(unspoilt, data, what):
    file, vkey, key, script = unspoilt
    bundle = Bundle.read(file)
    at = data.draw(st.integers(0, len(bundle.entries) - 2))
    to, bit = data.draw(st.integers(0, 5_000)), data.draw(st.integers(0, 7))
    SPOILT[what](bundle.entries, at, to, bit)
    spoilt = bundle.write(file.with_name("spoilt"))

    assert verify_file(spoilt, key, [], None).outcome == 1
    with pytest.raises(ValueError, match=r"."):
        script.check(spoilt, script.Key(vkey), [])


@pytest.fixture(scope="module")
def small(make_sealed, tmp_path_factory):
    made = make_sealed(tmp_path_factory.mktemp("small"))
    made.grows(5)
    made.sealer.seal()
    return made


@pytest.fixture
def unspoilt(small):
    file = small.exported()
    assert verify_file(file, small.key, [], None).outcome == 0
    return file, small.vkey(), small.key, stand_alone()


@settings(
    max_examples=times(test=30, soak=400),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_bit_of_a_checkpoint_cannot_be_changed_and_still_be_believed(unspoilt, place, bit):
    file, vkey, key, script = unspoilt
    bundle = Bundle.read(file)
    note = bundle.checkpoints
    bundle.checkpoints = told = _unlike(note.encode(), place, bit).decode(errors="replace")
    bundle.write(file.with_name("spoilt"))
    if told.split("\n\n")[0] == note.split("\n\n")[0] and _signature(told) == _signature(note):
        return  # the last digit of base64 has bits that mean nothing

    assert verify_file(file.with_name("spoilt"), key, [], None).outcome == 1
    with pytest.raises(ValueError, match=r"."):
        script.check(file.with_name("spoilt"), script.Key(vkey), [])


def _signature(note: str) -> tuple[str, bytes]:
    before, _, told = note.rstrip("\n").rpartition(" ")
    try:
        return before, b64decode(told, validate=True)
    except ValueError:
        return before, b""


def test_a_verifier_key_is_read_as_it_is_written_and_in_no_other_form(grown):
    vkey = grown.vkey()
    ledger, verifier = read_key(vkey + "\n")
    name, _, key = vkey.split("+", 2)
    other = b64encode(b64decode(key)[:-1] + b"\0").decode()

    assert (f"tiaojie/{ledger}", verifier.public) == (name, grown.key.public)
    for unfit in (
        "",
        "x",
        vkey[:-5],
        vkey.replace("tiaojie/", "tiaojie/0"),
        "+".join([*vkey.split("+", 2)[:2], other]),
    ):
        with pytest.raises(NotProven):
            read_key(unfit)
        code, said = by_script(grown.exported(), unfit)
        assert (code, said[:5]) == (1, "WRONG")


def test_kept_checkpoints_are_parted_as_they_were_joined(grown):
    notes = grown.kept.notes()

    assert parted(joined(notes)) == notes
    with pytest.raises(NotProven):
        parted(joined(notes) + "something else\n")


def test_the_script_is_short_and_needs_nothing_of_ours():
    text = Path(stand_alone().__file__ or "").read_text()
    imported = {line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}

    assert text.count("\n") < 280
    assert not imported & {"api", "application", "domain", "infrastructure"}


def test_a_receipt_whose_checkpoint_contradicts_one_that_somebody_kept_shows_two_histories(grown, tmp_path):
    """Whoever holds the key and shows two people two trees of one size is found when they compare."""
    pool = Readers(grown.url, restricted=False, size=1)
    log = LedgerProofs(pool, LogFiles.of(grown.folder), grown.sealer.seal)
    file = tmp_path / "one.tlog-proof"
    file.write_text(log.receipt(7))
    last = Checkpoint.opened(grown.kept.notes()[-1], grown.key)
    other = Checkpoint(last.ledger, last.epoch, last.size, bytes(32)).signed(grown.key)
    pool.close()

    assert both_find(file, grown.vkey(), grown.key, grown.kept.notes()) == (False, False)
    assert both_find(file, grown.vkey(), grown.key, [other]) == (True, True)
