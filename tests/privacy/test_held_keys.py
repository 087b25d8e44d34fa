"""Keys and hosts: a ledger knows the keys that belong to it; without them nothing starts, and none are made anew."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from pydantic import ValidationError

from api.settings import Settings
from api.wiring import wired
from api.wiring_ledgers import keys_of, prepared
from application.ports import NotOurs
from application.unfit import KeysAbsent, KeysDamaged, OtherKeys
from infrastructure.held_keys import KeyPlace
from tests.ledger.conftest import _sample_events
from tests.ledger.samples import record, told

__all__ = ["_sample_events"]

FILES = ("master.key", "keys.db", "log.key")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def url(make_database) -> str:
    return make_database()


def start(url: str, state: Path) -> None:
    prepared(Settings(state=state), url)


@pytest.fixture
def used(url: str, state: Path, _sample_events: None) -> Path:
    """The state folder of a ledger in which something personal stands, sealed."""
    with wired(Settings(state=state), url) as parts:
        record(parts.ledger, uuid4(), 0, told("一道墙", "张三", "138"))
        parts.proof.seal()
    return state


def held(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*")} if folder.exists() else set()


def test_a_new_ledger_is_given_keys_and_goes_on_with_them(url, state):
    start(url, state)
    start(url, state)

    assert held(state) >= {*FILES}


@pytest.mark.parametrize("lost", [*[(one,) for one in FILES], FILES])
def test_a_start_without_a_key_of_the_ledger_is_refused_by_name_and_makes_none(url, used, lost):
    for name in lost:
        (used / name).unlink()
    left = held(used)

    with pytest.raises(KeysAbsent) as refusal:
        start(url, used)

    assert refusal.value.details == {"absent": list(lost)}
    assert held(used) <= left | {"checkpoints.db"}
    assert not {*lost} & held(used)


GARBAGE = {"empty": b"", "text": b"no key at all, but a line of text\n", "half": b"c29tZQ=="}


@pytest.mark.parametrize("name", [*FILES, "checkpoints.db", "erasures.db"])
@pytest.mark.parametrize("content", GARBAGE.values(), ids=GARBAGE)
def test_a_damaged_file_of_keys_is_refused_by_name_and_left_as_it_is(url, used, name, content):
    if not content and name.endswith(".db"):
        pytest.skip(
            "for SQLite an empty file is a new one: a vault is then another one, the other two are filled again"
        )
    for left in used.glob(f"{name}*"):
        left.unlink()
    (used / name).write_bytes(content)

    with pytest.raises(KeysDamaged) as refusal, wired(Settings(state=used), url):
        pass

    assert refusal.value.details == {"damaged": [name]}
    assert (used / name).read_bytes() == content


UNFIT = {
    "TIAOJIE_MASTER_KEY": ("abc", "!!!!", "c29tZQ=="),
    "TIAOJIE_LOG_KEY": ("abc", "c29tZQ=="),
    "DATABASE_URL": ("mysql://me:secret@db/x", "postgresql://me:secret@[::1", "postgresql://me:secret@db/x?foo=bar"),
    "TIAOJIE_VAULT_URL": ("me:secret@db",),
    "TIAOJIE_READ_URL": ("standby secret",),
}


@pytest.mark.parametrize(("name", "told"), [(name, one) for name, all in UNFIT.items() for one in all])
def test_a_setting_that_is_no_key_and_no_database_is_refused_before_anything_is_opened(monkeypatch, state, name, told):
    monkeypatch.setenv(name, told)

    with pytest.raises(ValidationError) as refusal:
        Settings(state=state)

    told_of = [f"{one['loc']} {one['msg']}" for one in refusal.value.errors(include_input=False)]
    assert (len(told_of), "secret" in str(told_of)) == (1, False), told_of


def test_an_empty_folder_beside_a_ledger_that_is_not_empty_is_refused(url, used, tmp_path):
    with pytest.raises(KeysAbsent):
        start(url, tmp_path / "mistyped")

    assert not {*FILES} & held(tmp_path / "mistyped")


@pytest.mark.parametrize(("name", "kind"), [("master.key", "master"), ("keys.db", "vault"), ("log.key", "log")])
def test_a_start_with_a_key_of_another_ledger_is_refused_by_name(url, used, make_database, tmp_path, name, kind):
    start(make_database(), tmp_path / "other")
    shutil.copy(tmp_path / "other" / name, used / name)
    for left in used.glob("keys.db-*"):
        left.unlink()

    with pytest.raises(OtherKeys) as refusal:
        start(url, used)

    assert refusal.value.details == {"other": [kind]}


def test_of_two_hosts_that_start_on_an_empty_ledger_with_folders_of_their_own_one_is_refused(url, state, tmp_path):
    start(url, state)

    with pytest.raises(KeysAbsent if not (tmp_path / "second").exists() else OtherKeys):
        start(url, tmp_path / "second")


def test_the_right_keys_put_back_open_everything_again(url, used, tmp_path):
    used.rename(tmp_path / "aside")
    with pytest.raises(KeysAbsent):
        start(url, used)
    shutil.rmtree(used, ignore_errors=True)
    (tmp_path / "aside").rename(used)

    with wired(Settings(state=used), url) as parts:
        assert parts.ledger.feed(0, 10)[0].event.people[0].name == "张三"


def of_before(url: str, state: Path) -> None:
    """As an earlier program left it: neither the ledger nor the vault knows which it is."""
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM held_key")
    with closing(sqlite3.connect(state / "keys.db")) as keys, keys:
        keys.execute("DROP TABLE identity")


def test_a_ledger_of_before_takes_the_keys_that_open_it_for_its_own(url, used, make_database, tmp_path):
    of_before(url, used)

    start(url, used)

    start(make_database(), tmp_path / "other")
    with pytest.raises(OtherKeys):
        start(url, tmp_path / "other")


@pytest.mark.parametrize("name", FILES)
def test_a_ledger_of_before_does_not_take_keys_that_open_nothing_of_it(url, used, make_database, tmp_path, name):
    start(make_database(), tmp_path / "other")
    of_before(url, used)
    shutil.copy(tmp_path / "other" / name, used / name)
    for left in used.glob("keys.db-*"):
        left.unlink()

    with pytest.raises(OtherKeys):
        start(url, used)


def test_a_copy_of_the_vault_of_before_is_known_again_by_what_it_opens(url, used):
    with closing(sqlite3.connect(used / "keys.db")) as keys, keys:
        keys.execute("DROP TABLE identity")

    start(url, used)


def test_keys_are_taken_from_the_environment_as_they_are_from_files(url, used, tmp_path, monkeypatch):
    for name, file in (("MASTER", "master.key"), ("LOG", "log.key")):
        monkeypatch.setenv(f"TIAOJIE_{name}_KEY", (used / file).read_text())
    elsewhere = tmp_path / "container"
    elsewhere.mkdir()
    shutil.copy(used / "keys.db", elsewhere)

    start(url, elsewhere)

    assert not {"master.key", "log.key"} & held(elsewhere)
    assert keys_of(Settings(state=elsewhere)).log_key().public == KeyPlace(used).log_key().public


def test_whoever_runs_the_database_cannot_say_that_marks_begin_only_now(url, used):
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        owner.execute("UPDATE stored_events SET mark = NULL")

    with wired(Settings(state=used), url) as parts, pytest.raises(NotOurs):
        parts.ledger.feed(0, 9)


def test_a_ledger_of_before_there_were_marks_is_opened_and_marked_from_there_on(url, used):
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER TABLE stored_events DISABLE TRIGGER ALL")
        owner.execute("UPDATE stored_events SET mark = NULL")
    with closing(sqlite3.connect(used / "keys.db")) as vault, vault:
        vault.execute("DELETE FROM note")

    with wired(Settings(state=used), url) as parts:
        before = len(parts.ledger.feed(0, 9))
        record(parts.ledger, uuid4(), 0, told("一道墙", "张三", "138"))
        assert len(parts.ledger.feed(0, 9)) == before + 1
        assert parts.ledger.recorder.marks.after == before
