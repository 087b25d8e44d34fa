"""tiaojie verify | proof | export: whoever changed a stored byte is found, here and by who has only the key."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import psycopg

from api.cli.console import asked
from api.settings import Settings
from api.wiring import wired
from domain.office.officer import RegisterOfficer
from domain.proof.checkpoint import Checkpoint
from infrastructure.proof.desk import read_key
from infrastructure.proof.kept import KeptCheckpoints
from infrastructure.proof.keys import LogKey
from tests.api.conftest import county
from tests.cli.test_imports import runner
from tests.patience import PATIENCE
from tests.proof.bundles import by_script

__all__ = ["county"]


def record_two(url: str, state: Path) -> None:
    """Sealed after each, as the worker does."""
    with wired(Settings(state=state), url) as parts:
        for number in range(2):
            parts.system.administering.officers.register(
                asked(), RegisterOfficer(login=f"somebody{number}", display_name="某人")
            )
            assert parts.proof.seal() == 1


def test_the_ledger_is_verified_and_whoever_changed_it_is_found(tmp_path, make_database):
    url = make_database()
    run = runner(url, tmp_path)
    record_two(url, tmp_path)

    code, told = run("verify")
    assert (code, "2 events, 2 checkpoints, 0 not sealed yet" in told) == (0, True), told

    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        owner.execute("UPDATE stored_events SET state = state || ' ' WHERE notification_id = 1")
    code, told = run("verify")
    assert (code, "changed at 1" in told) == (1, True), told


def test_a_bundle_and_a_receipt_are_verified_with_the_key_alone(tmp_path, make_database):
    url, elsewhere = make_database(), tmp_path / "elsewhere"
    run = runner(url, tmp_path)
    record_two(url, tmp_path)
    bundle, receipt, kept = tmp_path / "all.zip", tmp_path / "one.tlog-proof", tmp_path / "kept"

    assert run("export", "bundle", str(bundle))[0] == 0
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    assert "已经存在" in run("export", "bundle", str(bundle))[1]
    assert run("proof", "receipt", "2", "--out", str(receipt))[0] == 0
    key = run("proof", "key")[1].splitlines()[0]
    kept.write_text(run("proof", "checkpoints")[1].removesuffix("''"))

    stranger = runner("postgresql://nobody@127.0.0.1:1/nothing", elsewhere)
    for file, said in ((bundle, "2 events, 2 checkpoints, 0 not sealed yet"), (receipt, "1 events")):
        code, told = stranger("verify", "--bundle", str(file), "--key", key, "--checkpoints", str(kept))
        assert (code, said in told) == (0, True), told
        assert by_script(file, key, kept)[0] == 0
        assert run("verify", "--bundle", str(file))[0] == 0
    assert "say --key" in stranger("verify", "--bundle", str(bundle))[1]
    assert not (elsewhere / "log.key").exists()

    other = key.replace(key.split("+")[1], "00000000")
    assert "no verifier key" in stranger("verify", "--bundle", str(bundle), "--key", other)[1]


def test_proofs_are_printed_as_the_api_answers_them(tmp_path, make_database):
    url = make_database()
    run = runner(url, tmp_path)
    record_two(url, tmp_path)

    inclusion, consistency = (json.loads(run(*words)[1].rstrip("'")) for words in (
        ("proof", "inclusion", "1"), ("proof", "consistency", "1", "2"),
    ))  # fmt: skip

    assert (inclusion["position"], inclusion["size"], len(inclusion["proof"])) == (1, 2, 1)
    assert (consistency["from"], consistency["size"], len(consistency["checkpoints"])) == (1, 2, 2)
    assert run("proof", "inclusion", "3")[0] == 1


def test_one_case_is_exported_with_the_receipts_of_its_entries(county, tmp_path):
    desk = county.as_("li.ming")
    case = desk.register()
    case.act("accept-case")
    county.parts.proof.seal()
    county.parts.projector.catch_up()
    code = case.state()["code"]
    run = runner(county.url, county.state)
    key = run("proof", "key")[1].splitlines()[0]
    by_code, by_id = tmp_path / "code.zip", tmp_path / "id.zip"

    assert f"{case.version} entries" in run("export", "bundle", str(by_code), "--case", code)[1]
    assert run("export", "bundle", str(by_id), "--case", case.id)[0] == 0
    assert "没有这个编号的案件" in run("export", "bundle", str(tmp_path / "x"), "--case", "nothing")[1]

    for file in (by_code, by_id):
        assert by_script(file, key) == (0, f"{case.version} entries of the case {case.id}, as signed\n")
        assert run("verify", "--bundle", str(file))[0] == 0
    trail = [json.loads(line) for line in (county.state / "exports.jsonl").read_text().splitlines()]
    assert [(one["what"], one["events"]) for one in trail] == [(f"case {case.id}", case.version)] * 2
    spoilt = tmp_path / "spoilt.zip"
    with ZipFile(by_code) as whole, ZipFile(spoilt, "w") as left_out:
        for name in whole.namelist():
            of = name.replace("000002", "000001") if name.startswith("receipts/") else name
            left_out.writestr(name, whole.read(of))
    assert by_script(spoilt, key)[0] == 1
    assert run("verify", "--bundle", str(spoilt))[0] == 1


def test_nothing_is_recorded_on_an_older_copy_of_what_was_signed(tmp_path, make_database):
    url = make_database()
    run = runner(url, tmp_path)
    record_two(url, tmp_path)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        owner.execute("DELETE FROM stored_events WHERE notification_id = 2")
        owner.execute("UPDATE feed_head SET position = 1")

    code, told = run("officer", "disable", "somebody0")

    assert code == 1
    assert "LedgerOlderThanSigned" in told
    kept = tmp_path / "kept"
    kept.write_text(run("proof", "checkpoints")[1].removesuffix("''"))
    assert "cut-off" in run("verify")[1]
    environment = os.environ | {"DATABASE_URL": url, "TIAOJIE_STATE": str(tmp_path), "TIAOJIE_LANGUAGE": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "api.cli.main", "run"], env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.returncode, "restore" in done.stderr) == (1, True), done
    (tmp_path / "checkpoints.db").unlink()
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("DELETE FROM proof_checkpoint WHERE size = 2; UPDATE proof_head SET size = 1")
        owner.execute("UPDATE proof_tile SET hashes = substring(hashes FROM 1 FOR 32)")
    assert run("verify")[0] == 0, "whoever has the state folder too leaves nothing to compare with"
    assert "cut-off" in run("verify", "--checkpoints", str(kept))[1]


def test_a_lost_key_is_replaced_and_what_it_signed_is_verified_with_either(tmp_path, make_database):
    url = make_database()
    run = runner(url, tmp_path)
    record_two(url, tmp_path)
    first = run("proof", "key")[1].strip().removesuffix("''").strip()
    (tmp_path / "log.key").unlink()
    assert run("verify")[0] != 0

    code, told = run("proof", "new-key", "--reason", "the disk was lost")

    assert (code, first.split("+")[1] in told) == (0, True), told
    assert run("verify")[0] == 0
    assert "the disk was lost" in (tmp_path / "exports.jsonl").read_text()
    kept = KeptCheckpoints(tmp_path / "checkpoints.db").notes()
    _, earlier = read_key(first)
    for verifier in (earlier, LogKey.of(tmp_path / "log.key")):
        assert [Checkpoint.opened(note, verifier).size for note in kept] == [1, 2]
    with wired(Settings(state=tmp_path), url) as parts:
        parts.system.administering.officers.register(asked(), RegisterOfficer(login="later", display_name="某人"))
        assert parts.proof.seal() == 1
    assert run("verify")[0] == 0
    bundle = tmp_path / "all.zip"
    assert run("export", "bundle", str(bundle))[0] == 0
    assert run("verify", "--bundle", str(bundle))[0] == 0
    new = run("proof", "key")[1].strip().removesuffix("''").strip()
    assert new != first
    assert by_script(bundle, new)[0] == 0


def test_a_key_is_not_replaced_where_the_ledger_is_not_what_was_signed(tmp_path, make_database):
    url = make_database()
    run = runner(url, tmp_path)
    record_two(url, tmp_path)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER USER")
        owner.execute("UPDATE stored_events SET topic = topic || 'x' WHERE notification_id = 1")
    before = KeptCheckpoints(tmp_path / "checkpoints.db").notes()

    assert run("proof", "new-key", "--reason", "lost")[0] == 1

    assert KeptCheckpoints(tmp_path / "checkpoints.db").notes() == before
