"""Copies of the keys of persons, and what comes of them when they are put back: nothing that was erased."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infrastructure.privacy.erased_keys import ErasedKeys
from infrastructure.privacy.key_file import KeyFile
from infrastructure.privacy.master import derived
from infrastructure.privacy.vault import unwrapped

KEYS, ERASED = "keys.db", "erasures.db"


def copy_keys(state: Path, folder: Path) -> None:
    """The wrapped keys and the list of those that were destroyed, each as of one moment, while others add to them."""
    for name in (KEYS, ERASED):
        if (state / name).exists():
            _copy(state / name, folder / name)


def _copy(file: Path, to: Path) -> None:
    to.unlink(missing_ok=True)
    to.touch(0o600)
    with closing(sqlite3.connect(file, timeout=10)) as known, closing(sqlite3.connect(to)) as copy:
        known.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()


class AnotherMaster(RuntimeError):
    """The master key does not unwrap the keys of the copy: what is personal could not be read."""


def check_master(folder: Path, master: bytes) -> None:
    """Raises AnotherMaster."""
    if not (folder / KEYS).exists():
        return
    with closing(sqlite3.connect(f"file:{folder / KEYS}?mode=ro", uri=True)) as copy:
        row = copy.execute("SELECT owner, wrapped FROM key WHERE wrapped IS NOT NULL LIMIT 1").fetchone()
    try:
        if row:
            unwrapped(AESGCM(derived(master, "wrap")), *row)
    except InvalidTag:
        raise AnotherMaster("the master key is not the one of the copy: put it in its place first") from None


def keys_put_back(state: Path, folder: Path) -> None:
    """Keys that are there stay; those that only the copy has are added, but for the destroyed ones of either."""
    if (folder / KEYS).exists():
        KeyFile.made(state / KEYS).close()
        _merge(state / KEYS, folder / KEYS)
    if (folder / ERASED).exists():
        ErasedKeys(state / ERASED).take_over(folder / ERASED)


def _merge(file: Path, other: Path) -> None:
    with closing(sqlite3.connect(file, timeout=10)) as keys, keys:
        for setting in ("synchronous = FULL", "secure_delete = ON"):
            keys.execute(f"PRAGMA {setting}").fetchall()
        with closing(sqlite3.connect(f"file:{other}?mode=ro", uri=True)) as copy:
            rows = copy.execute("SELECT owner, wrapped FROM key").fetchall()
            known = copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'identity'").fetchall()
            identity = copy.execute("SELECT id FROM identity").fetchall() if known else []
            noted = copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'note'").fetchall()
            notes = copy.execute("SELECT what FROM note").fetchall() if noted else []
        keys.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", rows)
        keys.executemany("INSERT OR IGNORE INTO note VALUES (?)", notes)
        # The database of the copy knows the vault by this.
        keys.executemany("INSERT OR REPLACE INTO identity VALUES (?, 1)", identity)
        destroyed = [(owner,) for owner, wrapped in rows if wrapped is None]
        keys.executemany("UPDATE key SET wrapped = NULL WHERE owner = ?", destroyed)
