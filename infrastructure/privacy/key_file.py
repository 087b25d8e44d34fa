"""Wrapped keys in a file of their own, outside of the database and its log: SQLite, for the processes of one host."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import sleep
from typing import Any, Self
from uuid import UUID, uuid4

from application.logs import get_logger
from application.ports import StoreAway
from application.unfit import KeysAbsent
from infrastructure.privacy.key_store import WrappedKey
from infrastructure.privacy.master import undamaged

log = get_logger("tiaojie.vault")

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS key (owner BLOB PRIMARY KEY, wrapped BLOB) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS identity (id BLOB NOT NULL, one INTEGER PRIMARY KEY CHECK (one = 1))",
    "CREATE TABLE IF NOT EXISTS note (what TEXT PRIMARY KEY) WITHOUT ROWID",
)
"""`wrapped` is NULL where the key was destroyed: its owner reads as erased, and gets no other key."""
MOST_ASKED = 1_000
"""Values of one statement."""
OPENING_ATTEMPTS, OPENING_PAUSE = 200, 0.05
"""Ten seconds in all."""


class KeyFile:
    """`KeyStore`: SQLite commits a new key durably before anything is encrypted with it."""

    def __init__(self, file: Path) -> None:
        """Raises KeysDamaged, and KeysAbsent: only a new ledger is given a new one."""
        if not file.exists():
            raise KeysAbsent(absent=[file.name])
        self.keys = sqlite3.connect(file, timeout=10, isolation_level=None, check_same_thread=False)
        with undamaged(file.name):
            self._keep_a_log()
            for setting in ("synchronous = FULL", "secure_delete = ON"):
                self.keys.execute(f"PRAGMA {setting}").fetchall()
            for table in SCHEMA:
                self.keys.execute(table)

    @classmethod
    def made(cls, file: Path) -> Self:
        """The one that is there, or a new one."""
        if file.exists():
            return cls(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        new = cls(file)
        new.keys.execute("INSERT OR IGNORE INTO identity VALUES (?, 1)", [uuid4().bytes])
        return new

    def _keep_a_log(self) -> None:
        """SQLite does not wait for others that change the mode of a new file at the same moment: it says locked."""
        for left in range(OPENING_ATTEMPTS, 0, -1):
            try:
                self.keys.execute("PRAGMA journal_mode = WAL").fetchall()
            except sqlite3.OperationalError:
                if left == 1:
                    raise
                sleep(OPENING_PAUSE)
            else:
                return

    def close(self) -> None:
        self.keys.close()

    def identity(self) -> UUID | None:
        rows = self._asked("SELECT id FROM identity", [])
        return UUID(bytes=rows[0][0]) if rows else None

    def adopt(self, identity: UUID) -> None:
        with self._durably() as cursor:
            cursor.execute("INSERT OR REPLACE INTO identity VALUES (?, 1)", [identity.bytes])

    def noted(self, what: str) -> bool:
        return bool(self._asked("SELECT 1 FROM note WHERE what = ?", [what]))

    def note(self, what: str) -> None:
        with self._durably() as cursor:
            cursor.execute("INSERT OR IGNORE INTO note VALUES (?)", [what])

    def notes(self) -> list[str]:
        return [str(what) for (what,) in self._asked("SELECT what FROM note", [])]

    def is_empty(self) -> bool:
        return not self._asked("SELECT 1 FROM key LIMIT 1", [])

    def add(self, keys: Sequence[WrappedKey]) -> bool:
        with self._durably() as cursor:
            before = self.keys.total_changes
            rows = [(owner.bytes, wrapped) for owner, wrapped in keys]
            cursor.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", rows)
            return self.keys.total_changes - before == len(rows)

    def wrapped(self, owners: Sequence[UUID]) -> dict[UUID, bytes | None]:
        found = dict[UUID, bytes | None]()
        for start in range(0, len(owners), MOST_ASKED):
            part = [owner.bytes for owner in owners[start : start + MOST_ASKED]]
            query = f"SELECT owner, wrapped FROM key WHERE owner IN ({', '.join('?' * len(part))})"
            found |= {UUID(bytes=owner): wrapped for owner, wrapped in self._asked(query, part)}
        return found

    def destroy(self, owners: Iterable[UUID]) -> None:
        query = "INSERT INTO key VALUES (?, NULL) ON CONFLICT (owner) DO UPDATE SET wrapped = NULL"
        with self._durably() as cursor:
            cursor.executemany(query, [(owner.bytes,) for owner in owners])

    def empty_log(self) -> None:
        ((busy, _, _),) = self.keys.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if busy:
            raise StoreAway

    @contextmanager
    def _durably(self) -> Iterator[sqlite3.Cursor]:
        """One transaction. Raises StoreAway where there is no room, or no turn."""
        try:
            with closing(self.keys.cursor()) as cursor:
                cursor.execute("BEGIN IMMEDIATE")
                try:
                    yield cursor
                    cursor.execute("COMMIT")
                except BaseException:
                    if self.keys.in_transaction:  # a full disk has ended it already
                        cursor.execute("ROLLBACK")
                    raise
        except sqlite3.OperationalError as fault:
            log.error("the keys cannot be written", fault=type(fault).__name__)
            raise StoreAway from fault

    def _asked(self, query: str, values: Sequence[bytes | str]) -> list[Any]:
        """What cannot be read just now is not missing, and nobody is to take it for that."""
        try:
            return self.keys.execute(query, values).fetchall()
        except sqlite3.DatabaseError as fault:
            log.error("the keys cannot be read", fault=type(fault).__name__)
            raise StoreAway from fault
