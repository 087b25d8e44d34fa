"""Checkpoints kept outside of the database: whoever rewrites that, or restores an older copy, does not reach these."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol
from uuid import UUID

from infrastructure.privacy.master import undamaged

SCHEMA = "CREATE TABLE IF NOT EXISTS checkpoint (made INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT NOT NULL UNIQUE)"


class Checkpoints(Protocol):
    def keep(self, note: str) -> None:
        """Durably."""

    def notes(self) -> list[str]:
        """All checkpoints that were kept, in the order in which they were made."""
        ...

    def backwards(self, ledger: UUID) -> Iterator[str]:
        """The notes of a ledger, the latest first."""
        ...

    def replace(self, note: str, by: str) -> None:
        """The same with another signature beside its own."""


class KeptCheckpoints:
    """A file of its own, to be copied away as often as one likes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)

    def keep(self, note: str) -> None:
        """Durably."""
        with self._open() as connection:
            connection.execute("INSERT OR IGNORE INTO checkpoint (note) VALUES (?)", [note])
            connection.commit()

    def replace(self, note: str, by: str) -> None:
        with self._open() as connection:
            connection.execute("UPDATE checkpoint SET note = ? WHERE note = ?", [by, note])
            connection.commit()

    def notes(self) -> list[str]:
        """All checkpoints that were kept, in the order in which they were made."""
        with self._open() as connection:
            return [str(note) for (note,) in connection.execute("SELECT note FROM checkpoint ORDER BY made")]

    def backwards(self, ledger: UUID) -> Iterator[str]:
        """The notes of a ledger, the latest first."""
        query = "SELECT note FROM checkpoint WHERE note LIKE ? ORDER BY made DESC"
        with self._open() as connection:
            for (note,) in connection.execute(query, [f"tiaojie/{ledger}\n%"]):
                yield str(note)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=10)) as connection:
            with undamaged(self._file.name):
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute(SCHEMA)
            yield connection
