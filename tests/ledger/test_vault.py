"""The keys of persons: one for each owner whoever asks first, and none without the master key."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag

from application.ports import StoreAway
from infrastructure.privacy.key_file import KeyFile
from infrastructure.privacy.master import make_master_key, master_key
from infrastructure.privacy.vault import KeyMissing, Vault
from tests.conftest import MASTER

NONCE, TEXT = bytes(12), b"the same text"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.db"


@pytest.fixture
def vault(file: Path) -> Iterator[Vault]:
    with closing(Vault(KeyFile.made(file), MASTER)) as vault:
        yield vault


def mark(vault: Vault, owner: UUID) -> bytes:
    """What tells one key from another."""
    key = vault.key(owner)
    assert key
    return key.encrypt(NONCE, TEXT, None)


def make_keys(file: Path, owners: list[UUID]) -> list[bytes]:
    """In a process of its own."""
    with closing(Vault(KeyFile.made(file), MASTER)) as vault:
        marks = []
        for owner in owners:
            vault.ensure([owner])
            marks.append(mark(vault, owner))
        return marks


def test_processes_that_make_keys_for_the_same_owners_at_once_agree_on_one_key_each(processes, file):
    owners = [uuid4() for _ in range(40)]

    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as many:
        told = [future.result(60) for future in [many.submit(make_keys, file, owners) for _ in range(3)]]

    assert told[0] == told[1] == told[2]
    assert len(set(told[0])) == 40


def test_threads_and_vaults_on_one_file_agree_on_one_key_each(vault, file):
    owners = [uuid4() for _ in range(40)]

    def ask(one: Vault) -> list[bytes]:
        one.ensure(owners)
        return [mark(one, owner) for owner in owners]

    with closing(Vault(KeyFile.made(file), MASTER)) as other, ThreadPoolExecutor(8) as threads:
        told = list(threads.map(ask, [vault, other] * 4))

    assert len(set(map(tuple, told))) == 1


def test_a_key_that_was_never_made_is_missing_not_empty(vault):
    with pytest.raises(KeyMissing):
        vault.key(uuid4())


def test_a_destroyed_key_is_not_made_again(vault, file):
    owner = uuid4()
    vault.ensure([owner])
    with closing(sqlite3.connect(file)) as keys, keys:
        keys.execute("UPDATE key SET wrapped = NULL WHERE owner = ?", [owner.bytes])

    with closing(Vault(KeyFile.made(file), MASTER)) as later:
        later.ensure([owner])

        assert later.key(owner) is None


def test_another_master_key_opens_nothing(vault, file):
    owner = uuid4()
    vault.ensure([owner])

    with closing(Vault(KeyFile(file), bytes(32))) as other, pytest.raises(InvalidTag):
        other.key(owner)


def test_a_wrapped_key_given_to_another_owner_does_not_open(vault, file):
    one, other = uuid4(), uuid4()
    vault.ensure([one, other])
    with closing(sqlite3.connect(file)) as keys, keys:
        taken = "(SELECT wrapped FROM key WHERE owner = ?)"
        keys.execute(f"UPDATE key SET wrapped = {taken} WHERE owner = ?", [other.bytes, one.bytes])

    with pytest.raises(InvalidTag):
        vault.key(one)


def test_the_vault_goes_on_after_the_disk_was_full(vault):
    first, many = uuid4(), [uuid4() for _ in range(500)]
    vault.ensure([first])
    pages = vault.store.keys.execute("PRAGMA page_count").fetchone()[0]
    vault.store.keys.execute(f"PRAGMA max_page_count = {pages + 1}").fetchall()

    with pytest.raises(StoreAway):
        vault.ensure(many)

    vault.store.keys.execute("PRAGMA max_page_count = 1000000").fetchall()
    with pytest.raises(KeyMissing):
        vault.key(many[0])
    vault.ensure(many)
    assert len({mark(vault, owner) for owner in (first, *many)}) == 501


def test_the_vault_goes_on_after_it_was_locked_by_another_for_too_long(vault, file):
    vault.store.keys.execute("PRAGMA busy_timeout = 50").fetchall()
    owner = uuid4()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreAway):
            vault.ensure([owner])

        other.execute("ROLLBACK")
    vault.ensure([owner])
    assert mark(vault, owner)


def test_keys_that_cannot_be_read_just_now_are_neither_missing_nor_unreadable_events(vault, file):
    owner = uuid4()
    vault.ensure([owner])
    vault._known.clear()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("ALTER TABLE key RENAME TO elsewhere")

        for ask in (lambda: vault.key(owner), lambda: vault.keys({owner: owner})):
            with pytest.raises(StoreAway):
                ask()

        other.execute("ALTER TABLE elsewhere RENAME TO key")
    assert vault.key(owner)


def test_the_keys_and_the_master_key_are_for_nobody_elses_eyes(vault, file, tmp_path):
    make_master_key(tmp_path / "master.key")

    for private in (file, tmp_path / "master.key"):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600


def made(file: Path) -> bytes:
    make_master_key(file)
    return master_key(None, file)


def test_processes_that_start_together_make_one_master_key(processes, tmp_path):
    file = tmp_path / "state" / "master.key"

    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as many:
        told = [future.result(60) for future in [many.submit(made, file) for _ in range(6)]]

    assert len(set(told)) == 1
    assert os.listdir(file.parent) == ["master.key"]


@pytest.mark.parametrize("given", ["c2hvcnQ=", "A" * 44])
def test_a_master_key_of_another_length_is_refused(given, tmp_path):
    with pytest.raises(ValueError, match="32 bytes"):
        master_key(given, tmp_path / "unused")
