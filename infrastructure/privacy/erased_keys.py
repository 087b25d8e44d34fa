"""Whose keys were destroyed: ids only, in a file outside of the database, so that no restore brings one back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from infrastructure.privacy.master import undamaged
from infrastructure.privacy.vault import Vault

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS erased (owner BLOB PRIMARY KEY, destroyed_at TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS swept (owner BLOB PRIMARY KEY) WITHOUT ROWID",
)
"""`swept`: since their key was destroyed, every table that had held their text in plain was written anew."""


class ErasedKeys:
    """The owners whose keys are destroyed: persons and narratives."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file

    def add(self, owners: Iterable[UUID], destroyed_at: datetime) -> None:
        """Durably, and before the keys are destroyed: what was begun and broke off is then carried out by `apply`."""
        with self._open() as listed, listed:
            rows = [(owner.bytes, destroyed_at.isoformat()) for owner in owners]
            listed.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?)", rows)

    def ids(self) -> set[UUID]:
        with self._open() as listed:
            return {UUID(bytes=owner) for (owner,) in listed.execute("SELECT owner FROM erased")}

    def unswept(self) -> set[UUID]:
        with self._open() as listed:
            query = "SELECT owner FROM erased WHERE owner NOT IN (SELECT owner FROM swept)"
            return {UUID(bytes=owner) for (owner,) in listed.execute(query)}

    def sweep(self, owners: Iterable[UUID]) -> None:
        with self._open() as listed, listed:
            listed.executemany("INSERT OR IGNORE INTO swept VALUES (?)", [(owner.bytes,) for owner in owners])

    def changed_at(self) -> int:
        """Another number after every change."""
        return self._file.stat().st_mtime_ns if self._file.exists() else 0

    def take_over(self, other: Path) -> None:
        """What another copy of the list has."""
        with self._open() as listed, listed:
            with closing(sqlite3.connect(f"file:{other}?mode=ro", uri=True)) as known:
                rows = known.execute("SELECT owner, destroyed_at FROM erased").fetchall()
            listed.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?)", rows)

    def apply(self, vault: Vault) -> int:
        """Destroys the keys of all who are listed, in the vault as it is now. How many there still were."""
        there = vault.not_destroyed(self.ids())
        if there:
            vault.destroy(there)
        return len(there)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=10)) as listed:
            with undamaged(self._file.name):
                listed.execute("PRAGMA synchronous = FULL")
                for table in SCHEMA:
                    listed.execute(table)
            yield listed
