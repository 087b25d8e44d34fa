"""Backup and restore, drilled: whatever is lost by it is told, nothing goes on in silence, and erased stays erased."""

from __future__ import annotations

import gzip
import json
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.rows import dict_row
from typer.testing import CliRunner

from api.cli.console import asked
from api.cli.main import app
from api.settings import Settings
from api.wiring import wired
from api.wiring_ledgers import database
from domain.office.officer import RegisterOfficer, officer_id
from domain.proof.tree import leaf_hash
from infrastructure.held_keys import KeyPlace
from infrastructure.postgres.archive import BACKUP
from infrastructure.postgres.copies import put_back
from infrastructure.postgres.embedded import EmbeddedPostgres
from infrastructure.privacy.erased_keys import ErasedKeys
from infrastructure.privacy.key_copies import keys_put_back
from infrastructure.privacy.master import make_master_key
from infrastructure.privacy.vault import KeyMissing, Vault
from infrastructure.proof.recorded import EVENTS, Reading
from infrastructure.proof.sealer import Forked
from tests.api.conftest import AREAS, BODIES, OFFICERS, open_county
from tests.cli.test_imports import runner
from tests.patience import PATIENCE
from tests.proof.bundles import by_script


@dataclass
class Machine:
    """A machine with an embedded ledger of its own."""

    folder: Path
    archive: Path | None

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def settings(self) -> Settings:
        return Settings(database_url=None, state=self.state, wal_archive=self.archive)

    def run(self, *words: str) -> tuple[int, str]:
        environment = {"TIAOJIE_STATE": str(self.state)}
        environment |= {"TIAOJIE_WAL_ARCHIVE": str(self.archive)} if self.archive else {}
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("DATABASE_URL", raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            done = CliRunner().invoke(app, list(words))
        return done.exit_code, done.output + repr(done.exception or "")

    def records(self, url: str, *logins: str) -> None:
        """Each sealed, as the worker does."""
        with wired(self.settings, url) as parts:
            for login in logins:
                parts.system.administering.officers.register(asked(), RegisterOfficer(login=login, display_name="某人"))
            parts.proof.seal()

    def known(self, *logins: str) -> list[bool]:
        with database(self.settings, makes=True) as url, wired(self.settings, url) as parts:
            parts.projector.catch_up()
            return [parts.system.registers.office.officer(officer_id(login)) is not None for login in logins]

    @property
    def vault(self) -> Vault:
        keys = KeyPlace(self.state)
        keys.make_missing()
        return keys.vault()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Where the user who runs the database may enter."""
    folder = Path(tempfile.mkdtemp(prefix="tiaojie-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def machine(processes: None, open_folder: Path) -> Iterator[Machine]:
    made = [Machine(open_folder / name, open_folder / "it's 100% kept") for name in ("first", "second")]
    for one in made:
        one.state.mkdir(parents=True)
    yield made[0]
    for one in made:
        server = EmbeddedPostgres(one.state)
        server.stop_whoever_started()
        server.place.remove()


def place_in_the_log(url: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        ((place,),) = connection.execute("SELECT pg_current_wal_lsn()::text").fetchall()
    return str(place)


def put_away(url: str, archive: Path) -> None:
    """Waits until all of the log so far is in the archive."""
    with psycopg.connect(url, autocommit=True) as connection:
        ((segment,),) = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchall()
    for _ in range(round(PATIENCE / 0.1)):
        if (archive / f"{segment}.gz").exists():
            return
        sleep(0.1)
    raise AssertionError(f"{segment} was not archived")


def test_a_moment_between_is_restored_and_what_was_signed_since_is_told_as_gone(machine, tmp_path):
    backup, bundle = tmp_path / "backup", tmp_path / "after.zip"
    with database(machine.settings, makes=True) as url:
        machine.records(url, "anna", "bert")
        assert machine.run("backup", str(backup))[0] == 0
        machine.records(url, "carl", "dora")
        noted = place_in_the_log(url)
        machine.records(url, "emil")
        machine.records(url, "fred")
        put_away(url, machine.archive)
        assert machine.run("verify")[0] == 0

    code, told = machine.run("restore", str(backup), "--to", noted)
    assert (code, "--new-epoch" in told) == (1, True), told
    assert machine.known("emil") == [True]

    code, told = machine.run("restore", str(backup), "--new-epoch", "--to", noted)
    assert (code, "epoch 1 was signed up to 6; a restore went back to 4" in told) == (0, True), told
    assert machine.known("anna", "bert", "carl", "dora", "emil", "fred") == [True] * 4 + [False] * 2

    with database(machine.settings, makes=True) as url:
        machine.records(url, "gina")
        code, told = machine.run("verify")
        assert (code, "5 events, 6 checkpoints, 0 not sealed yet" in told) == (3, True), told
        assert "epoch 1 was signed up to 6; a restore went back to 4" in told
        assert machine.run("export", "bundle", str(bundle))[0] == 0
        key = machine.run("proof", "key")[1].splitlines()[0]
        code, told = by_script(bundle, key)
        assert (code, "GONE: epoch 1 was signed up to 6; a restore went back to 4" in told) == (3, True), told
        assert "\nepoch 2\n" in machine.run("proof", "checkpoints")[1]


def test_an_older_backup_that_somebody_puts_back_in_silence_is_found_and_not_gone_on_from(machine, tmp_path):
    backup, bundle = tmp_path / "backup", tmp_path / "older.zip"
    with database(machine.settings, makes=True) as url:
        machine.records(url, "anna")
        assert machine.run("backup", str(backup))[0] == 0
        machine.records(url, "bert")
        key = machine.run("proof", "key")[1].splitlines()[0]
    server = EmbeddedPostgres(machine.state, archive=machine.archive)
    put_back(server, backup, BACKUP, None)
    server.stop()

    code, told = machine.run("verify")
    assert (code, "cut-off at 1: 2 events were signed for, and 1 are there" in told) == (1, True), told
    assert machine.run("export", "bundle", str(bundle))[0] == 0
    assert by_script(bundle, key) == (1, "WRONG: 2 events were signed for, and 1 are there\n")
    code, told = machine.run("officer", "disable", "anna")
    assert (code, "LedgerOlderThanSigned" in told) == (1, True), told


def test_a_time_is_restored_and_a_second_restore_begins_a_third_epoch(machine, tmp_path):
    backup = tmp_path / "backup"
    with database(machine.settings, makes=True) as url:
        machine.records(url, "anna")
        assert machine.run("backup", str(backup))[0] == 0
        machine.records(url, "bert")
        sleep(0.3)
        noted = datetime.now(UTC).isoformat()
        sleep(0.3)
        machine.records(url, "carl")
        put_away(url, machine.archive)

    assert machine.run("restore", str(backup), "--new-epoch", "--to", noted)[0] == 0
    assert machine.known("anna", "bert", "carl") == [True, True, False]
    code, told = machine.run("restore", str(backup), "--new-epoch", "--to", "backup")
    assert (code, "epoch 2 was signed up to 2; a restore went back to 1" in told) == (0, True), told
    assert machine.known("anna", "bert") == [True, False]
    with database(machine.settings, makes=True) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT number, after FROM epoch ORDER BY number").fetchall() == [(1, 0), (3, 1)]
        assert connection.execute("SELECT epoch FROM ledger").fetchall() == [(3,)]


def test_without_an_archive_the_log_of_the_cluster_that_is_replaced_is_read(machine, tmp_path):
    alone, backup = Machine(machine.folder, None), tmp_path / "backup"
    with database(alone.settings, makes=True) as url:
        alone.records(url, "anna")
        assert alone.run("backup", str(backup))[0] == 0
        alone.records(url, "bert")
        noted = place_in_the_log(url)
        alone.records(url, "carl")

    code, told = alone.run("restore", str(backup), "--new-epoch", "--to", noted)

    assert (code, "epoch 1 was signed up to 3; a restore went back to 2" in told) == (0, True), told
    assert alone.known("anna", "bert", "carl") == [True, True, False]


def test_a_restore_that_broke_off_is_not_taken_for_an_empty_ledger(machine, tmp_path):
    backup, place = tmp_path / "backup", EmbeddedPostgres(machine.state).place
    with database(machine.settings, makes=True) as url:
        machine.records(url, "anna")
        assert machine.run("backup", str(backup))[0] == 0
    place.data.rename(place.restored)

    code, told = machine.run("verify")
    assert (code, "say it again" in told) == (1, True), told

    assert machine.run("restore", str(backup), "--new-epoch")[0] == 0
    assert machine.known("anna") == [True]


def test_neither_a_backup_nor_the_archive_holds_personal_text(machine, tmp_path):
    backup, marks = tmp_path / "backup", ("王小密", "密不可传的事实", "13800001357")
    with database(machine.settings, makes=True) as url, open_county(url, machine.state) as county:
        parties = [{"side": "applicant", "name": marks[0], "phone": marks[2]}]
        county.as_("li.ming").register(facts=marks[1], parties=parties)
        county.parts.projector.catch_up()
        assert marks[1] in county.as_("li.ming").get("/api/cases").text
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        put_away(url, machine.archive)
        assert machine.run("backup", str(backup))[0] == 0

    for folder in (backup, machine.archive):
        content = b"\n".join(_contents(folder))
        assert b"case.registered" in content, "the case is there"
        assert not [mark for mark in marks if mark.encode() in content]


def _contents(folder: Path) -> list[bytes]:
    files = [(one, one.read_bytes()) for one in folder.rglob("*") if one.is_file()]
    return [gzip.decompress(content) if one.suffix == ".gz" else content for one, content in files]


@pytest.mark.parametrize("to", ["yesterday", "2026-03-03 12:00", "0/16B3740Z"])
def test_a_moment_that_is_none_is_refused_and_nothing_is_touched(machine, tmp_path, to):
    backup = tmp_path / "backup"
    with database(machine.settings, makes=True) as url:
        machine.records(url, "anna")
        assert machine.run("backup", str(backup))[0] == 0
        machine.records(url, "bert")

    code, told = machine.run("restore", str(backup), "--new-epoch", "--to", to)

    assert (code, "NoSuchMoment" in told) == (1, True), told
    assert machine.known("anna", "bert") == [True, True]


def test_a_backup_in_which_a_byte_was_changed_is_not_put_in_place(machine, tmp_path):
    backup = tmp_path / "backup"
    with database(machine.settings, makes=True) as url:
        machine.records(url, "anna")
        assert machine.run("backup", str(backup))[0] == 0
    victim = next(
        one for one in sorted((backup / "database" / "base").rglob("*")) if one.is_file() and one.stat().st_size
    )
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)

    code, told = machine.run("restore", str(backup), "--new-epoch")

    assert (code, "CopyFailed" in told) == (1, True), told
    assert machine.known("anna") == [True]


def test_on_a_new_machine_everything_is_there_but_what_was_erased_since(machine, tmp_path, open_folder):
    backup, kept, erased = tmp_path / "backup", uuid4(), uuid4()
    with database(machine.settings, makes=True) as url:
        machine.records(url, "anna")
        vault = machine.vault
        vault.ensure([kept, erased])
        assert machine.run("backup", str(backup))[0] == 0
        ErasedKeys(machine.state / "erasures.db").add([erased], datetime.now(UTC))
        vault.destroy([erased])
        vault.close()
        machine.records(url, "bert")
        put_away(url, machine.archive)
    assert stat.S_IMODE((backup / "keys.db").stat().st_mode) == 0o600
    other = Machine(open_folder / "second", machine.archive)
    assert "已经存在" in machine.run("backup", str(backup))[1]
    assert "KeysAbsent" in other.run("restore", str(backup), "--new-epoch")[1]
    make_master_key(other.state / "master.key")
    assert "AnotherMaster" in other.run("restore", str(backup), "--new-epoch")[1]
    for name in ("master.key", "log.key", "checkpoints.db", "erasures.db"):
        shutil.copy(machine.state / name, other.state / name)

    code, told = other.run("restore", str(backup), "--new-epoch")

    assert code == 0, told
    assert other.known("anna", "bert") == [True, True]
    vault = other.vault
    assert vault.key(kept) is not None
    assert vault.key(erased) is None
    vault.close()


def test_keys_of_an_older_copy_never_bring_back_what_was_erased_and_are_never_lost(machine, tmp_path):
    here, there, both, before = uuid4(), uuid4(), uuid4(), uuid4()
    vault = machine.vault
    vault.ensure([there, both])
    vault.destroy([before])
    assert machine.run("backup", str(tmp_path / "keys"), "--keys-only")[0] == 0
    vault.ensure([here])
    vault.destroy([both])
    vault.close()
    (machine.state / "keys.db").rename(tmp_path / "live")
    later = machine.vault
    later.ensure([here, before])
    later.destroy([both])
    later.close()

    keys_put_back(machine.state, tmp_path / "keys")

    found = machine.vault
    assert [found.key(owner) is None for owner in (here, there, both, before)] == [False, False, True, True]
    with pytest.raises(KeyMissing):
        found.key(UUID(int=5))
    found.close()


def test_a_destroyed_key_is_nowhere_in_the_file_or_its_log(machine):
    owner = uuid4()
    vault = machine.vault
    vault.ensure([owner])
    with_key = {one.name: one.read_bytes() for one in machine.state.glob("keys.db*")}
    ((wrapped,),) = vault.store.keys.execute("SELECT wrapped FROM key").fetchall()
    assert any(wrapped in content for content in with_key.values())

    vault.destroy([owner])

    assert not [one.name for one in machine.state.glob("keys.db*") if wrapped in one.read_bytes()]
    vault.ensure([owner])
    assert vault.key(owner) is None
    vault.close()


def test_erasures_that_broke_off_are_carried_out_by_the_list(machine):
    owner, other = uuid4(), uuid4()
    vault = machine.vault
    vault.ensure([owner, other])
    listed = ErasedKeys(machine.state / "erasures.db")
    listed.add([owner], datetime.now(UTC))
    listed.add([owner], datetime.now(UTC))

    assert (listed.apply(vault), listed.apply(vault)) == (1, 0)
    assert listed.ids() == {owner}
    assert (vault.key(owner) is None, vault.key(other) is None) == (True, False)
    vault.close()


def test_a_key_that_was_put_back_by_hand_is_destroyed_before_anything_is_served(make_database, tmp_path):
    owner, url = uuid4(), make_database()
    machine, settings = Machine(tmp_path, tmp_path), Settings(state=tmp_path / "state")
    vault = machine.vault
    vault.ensure([owner])
    vault.close()
    ErasedKeys(machine.state / "erasures.db").add([owner], datetime.now(UTC))

    with wired(settings, url):
        vault = machine.vault
        assert vault.key(owner) is None
        vault.close()


def test_a_database_that_its_own_people_have_restored_begins_another_epoch(make_database, tmp_path):
    url = make_database()
    run = runner(url, tmp_path)
    settings = Settings(state=tmp_path)
    for login in ("anna", "bert", "carl"):
        with wired(settings, url) as parts:
            parts.system.administering.officers.register(asked(), RegisterOfficer(login=login, display_name="某人"))
            parts.proof.seal()
    with psycopg.connect(url, autocommit=True) as owner:  # what an older copy has
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        owner.execute("DELETE FROM stored_events WHERE notification_id = 3")
        owner.execute("UPDATE feed_head SET position = 2; UPDATE proof_head SET size = 1")
        owner.execute("DELETE FROM proof_checkpoint WHERE size > 1; DELETE FROM proof_tile")
        owner.execute("INSERT INTO proof_tile SELECT 0, 0, %s", [_first_leaf(url)])
    assert run("officer", "disable", "anna")[0] == 1
    assert run("restore")[0] == 1
    assert "您自己的数据库服务器" in run("restore", str(tmp_path), "--new-epoch")[1]

    code, told = run("restore", "--new-epoch")

    assert (code, "epoch 1 was signed up to 3; a restore went back to 2" in told) == (0, True), told
    assert run("officer", "disable", "anna")[0] == 0
    assert run("verify")[0] == 3


def _first_leaf(url: str) -> bytes:
    with psycopg.connect(url, row_factory=dict_row) as connection, connection.cursor() as cursor:
        return leaf_hash(Reading(cursor).recorded(cursor.execute(EVENTS, [0]).fetchall()[0]).leaf())


def test_a_new_epoch_that_broke_off_before_it_was_signed_is_taken_up_again(make_database, tmp_path):
    """Also where somebody has recorded since."""
    url = make_database()
    run, settings = runner(url, tmp_path), Settings(state=tmp_path)
    with wired(settings, url) as parts:
        parts.system.administering.officers.register(asked(), RegisterOfficer(login="anna", display_name="某人"))
        parts.proof.seal()
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("INSERT INTO epoch VALUES (2, 1)")
            owner.execute("UPDATE ledger SET epoch = 2")
        parts.system.administering.officers.register(asked(), RegisterOfficer(login="bert", display_name="某人"))
        with pytest.raises(Forked):
            parts.proof.seal()
    assert "nobody signed for the beginning of epoch 2" in run("verify")[1]
    assert run("officer", "disable", "anna")[0] == 1

    assert "2 events, 2 checkpoints, 1 not sealed yet" in run("restore", "--new-epoch")[1]

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT number, after FROM epoch ORDER BY number").fetchall() == [(1, 0), (2, 1)]
    assert run("officer", "disable", "anna")[0] == 0
    with wired(settings, url) as parts:
        assert parts.proof.seal() == 2
    assert run("verify")[0] == 0


def test_a_copy_that_is_not_the_beginning_of_what_was_signed_is_told_as_such(make_database, tmp_path):
    url = make_database()
    run, settings = runner(url, tmp_path), Settings(state=tmp_path)
    with wired(settings, url) as parts:
        for login in ("anna", "bert"):
            parts.system.administering.officers.register(asked(), RegisterOfficer(login=login, display_name="某人"))
            parts.proof.seal()
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        owner.execute("UPDATE stored_events SET state = state || ' ' WHERE notification_id = 1")

    code, told = run("restore", "--new-epoch")

    assert code == 1
    assert "changed at 1" in told
    assert "不要启用" in told


def test_an_epoch_that_somebody_put_before_what_is_signed_is_not_signed_for(make_database, tmp_path):
    url = make_database()
    run, settings = runner(url, tmp_path), Settings(state=tmp_path)
    with wired(settings, url) as parts:
        for login in ("anna", "bert"):
            parts.system.administering.officers.register(asked(), RegisterOfficer(login=login, display_name="某人"))
        parts.proof.seal()
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("INSERT INTO epoch VALUES (2, 1)")

    code, told = run("restore", "--new-epoch")

    assert (code, "2 events are there, and the epoch begins after 1" in told) == (1, True), told


def test_after_a_restore_no_token_of_before_lives_whether_the_copy_knew_its_end_or_not(machine, tmp_path):
    backup = tmp_path / "backup"
    with database(machine.settings, makes=True):
        for verb, content in (("areas", AREAS), ("bodies", BODIES), ("officers", OFFICERS)):
            (tmp_path / verb).write_text(content, encoding="utf-8")
            more = ("--passwords", str(tmp_path / "first.csv")) if verb == "officers" else ()
            assert machine.run("import", verb, str(tmp_path / verb), *more)[0] == 0
        for label in ("ended before", "ended since", "alive"):
            assert machine.run("token", "issue", "li.ming", "--label", label, "--scope", "read")[0] == 0
        assert machine.run("token", "end", "li.ming", "1")[0] == 0
        assert machine.run("backup", str(backup))[0] == 0
        assert machine.run("token", "end", "li.ming", "2")[0] == 0

    code, told = machine.run("restore", str(backup), "--new-epoch", "--to", BACKUP)

    assert (code, "2 service tokens were ended" in told) == (0, True), told
    code, told = machine.run("token", "list", "--json")
    assert [one["is_live"] for one in json.loads(told.rstrip("'"))["tokens"]] == [False] * 3
    assert machine.run("check")[0] == 0
    assert machine.run("token", "issue", "li.ming", "--label", "anew", "--scope", "read")[0] == 0
