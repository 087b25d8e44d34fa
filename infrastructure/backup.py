"""Backup and restore: what is copied together, what is kept apart, and how a restore begins another epoch."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from logging import getLogger
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from domain.shared.proof.audit import Report
from infrastructure.erasures import ErasedKeys
from infrastructure.proof.desk import ProofDesk
from infrastructure.proof.files import LogFiles
from infrastructure.proof.log import sealer
from infrastructure.proof.recorded import Reading
from infrastructure.proof.sealer import last_signed
from infrastructure.schema import prepare
from infrastructure.vault import Vault

log = getLogger("tiaojie.backup")

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


def keys_put_back(state: Path, folder: Path, master: bytes) -> None:
    """Keys that are there stay; those that only the copy has are added, but for the destroyed ones of either."""
    if (folder / KEYS).exists():
        Vault(state / KEYS, master).close()
        _merge(state / KEYS, folder / KEYS)
    if (folder / ERASED).exists():
        ErasedKeys(state / ERASED).take_over(folder / ERASED)


def _merge(file: Path, other: Path) -> None:
    with closing(sqlite3.connect(file, timeout=10)) as keys, keys:
        for setting in ("synchronous = FULL", "secure_delete = ON"):
            keys.execute(f"PRAGMA {setting}").fetchall()
        with closing(sqlite3.connect(f"file:{other}?mode=ro", uri=True)) as copy:
            rows = copy.execute("SELECT owner, wrapped FROM key").fetchall()
        keys.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", rows)
        destroyed = [(owner,) for owner, wrapped in rows if wrapped is None]
        keys.executemany("UPDATE key SET wrapped = NULL WHERE owner = ?", destroyed)


def erase_again(state: Path, master: bytes) -> int:
    """What was erased stays so, whatever was restored. How many keys are listed."""
    vault = Vault(state / KEYS, master)
    try:
        return ErasedKeys(state / ERASED).apply(vault)
    finally:
        vault.close()


def begin_epoch(url: str, state: Path) -> Report:
    """What is there now is the beginning of another epoch, and is signed for as such. Then all of it is verified."""
    restricted, files = prepare(url), LogFiles.of(state)
    number, after = _recorded_epoch(url, files)
    sealer(url, files, restricted=restricted).begin_epoch()
    log.warning("epoch %s begins after %s", number, after)
    return ProofDesk(url, state).verify([], lambda done: None)


def _recorded_epoch(url: str, files: LogFiles) -> tuple[int, int]:
    """One that was recorded and not signed for yet, because that broke off, is taken up again."""
    with psycopg.connect(url, row_factory=dict_row) as connection, connection.cursor() as cursor:
        after = int(cursor.execute("SELECT position FROM feed_head FOR UPDATE").fetchall()[0]["position"])
        reading = Reading(cursor)
        last = last_signed(reading.ledger, files.kept, files.key)
        signed = last.epoch if last else 1
        if reading.epochs.now > signed:
            return reading.epochs.now, reading.epochs.since
        number = signed + 1
        cursor.execute("INSERT INTO epoch VALUES (%s, %s)", [number, after])
        cursor.execute("UPDATE ledger SET epoch = %s", [number])
    return number, after
