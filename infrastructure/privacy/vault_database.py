"""A vault that several hosts share: a PostgreSQL of its own, in another cluster than the ledger's.

What has to stand outside of the ledger's database stands there: wrapped keys, whose keys were destroyed, and which
checkpoints were signed. A copy of the ledger's cluster has none of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Self
from uuid import UUID, uuid4

import psycopg
from psycopg import errors

from application.logs import get_logger
from application.ports import StoreAway
from application.unfit import KeysAbsent, VaultBesideTheLedger
from infrastructure.postgres.connecting import connect
from infrastructure.privacy.erased_keys import ErasedKeys
from infrastructure.privacy.key_store import WrappedKey

log = get_logger("tiaojie.vault")

SCHEMA = """
CREATE TABLE IF NOT EXISTS key (owner uuid PRIMARY KEY, wrapped bytea);
CREATE TABLE IF NOT EXISTS identity (id uuid NOT NULL, one boolean PRIMARY KEY DEFAULT true CHECK (one));
CREATE TABLE IF NOT EXISTS note (what text PRIMARY KEY);
CREATE TABLE IF NOT EXISTS erased (
    owner uuid PRIMARY KEY, destroyed_at timestamptz NOT NULL, number bigint GENERATED ALWAYS AS IDENTITY);
CREATE TABLE IF NOT EXISTS swept (owner uuid PRIMARY KEY);
CREATE TABLE IF NOT EXISTS checkpoint (made bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text NOT NULL UNIQUE);
INSERT INTO identity (id) VALUES (%s) ON CONFLICT DO NOTHING;
"""
"""`wrapped` is NULL where the key was destroyed: its owner reads as erased, and gets no other key."""
NAME = "TIAOJIE_VAULT_URL"
MAKING = 0x71A0_7A17
LIMIT = "statement_timeout = '10s'"
SAME_CLUSTER = "SELECT system_identifier FROM pg_control_system()"


class VaultDatabase:
    """One connection, opened anew when it has broken, for the threads of one process in turn."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = Lock()
        self._connection: psycopg.Connection[Any] | None = None

    def made(self) -> Self:
        """Its tables, where they are missing: only for a ledger in which nothing stands, or that moves in."""
        with self._lock, self._open() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [MAKING])
            for statement in SCHEMA.split(";\n"):
                if statement.strip():
                    connection.execute(statement.encode(), [uuid4()] if "%s" in statement else None)
        return self

    def is_made(self) -> bool:
        return bool(self.asked("SELECT 1 WHERE to_regclass('identity') IS NOT NULL"))

    def refuse_the_cluster_of(self, ledger_url: str) -> None:
        """Raises VaultBesideTheLedger: one backup would hold what is encrypted and its keys."""
        with connect(ledger_url) as ledger:
            if self.asked(SAME_CLUSTER) == ledger.execute(SAME_CLUSTER).fetchall():
                raise VaultBesideTheLedger

    def asked(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Carried out and durable, with its rows. Raises StoreAway."""
        rows: list[Any] = self._carried_out(query, values, rows=True)
        return rows

    def done(self, query: str, values: Sequence[Any] = ()) -> int:
        """How many rows were written, durably. Raises StoreAway."""
        return int(self._carried_out(query, values, rows=False))

    def _carried_out(self, query: str, values: Sequence[Any], *, rows: bool) -> Any:
        with self._lock:
            for attempt in (1, 2):
                was_open = self._connection is not None and not self._connection.closed
                try:
                    cursor = self._open().execute(query.encode(), values or None)
                    return cursor.fetchall() if rows else cursor.rowcount
                except psycopg.Error as fault:
                    self._drop()
                    if attempt == 2 or not was_open or not isinstance(fault, psycopg.OperationalError):
                        log.error("the vault does not answer", fault=type(fault).__name__)
                        raise StoreAway from fault
        raise AssertionError("the second attempt answers or raises")

    def _open(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._url, autocommit=True)
            for setting in (LIMIT, "synchronous_commit = on"):
                self._connection.execute(f"SET {setting}".encode())
        return self._connection

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()

    def close(self) -> None:
        with self._lock:
            self._drop()

    def __del__(self) -> None:
        """Lists and checkpoints are opened here and there, for a moment: what is no more used is closed."""
        self._drop()


class SharedKeys:
    """`KeyStore`. Each statement is a transaction that stands durably when it is answered."""

    def __init__(self, database: VaultDatabase) -> None:
        """Raises KeysAbsent, StoreAway."""
        self._database = database
        if not database.is_made():
            database.close()
            raise KeysAbsent(absent=[NAME])

    def close(self) -> None:
        self._database.close()

    def identity(self) -> UUID | None:
        return next((id for (id,) in self._database.asked("SELECT id FROM identity")), None)

    def adopt(self, identity: UUID) -> None:
        query = "INSERT INTO identity (id) VALUES (%s) ON CONFLICT (one) DO UPDATE SET id = excluded.id"
        self._database.done(query, [identity])

    def noted(self, what: str) -> bool:
        return bool(self._database.asked("SELECT 1 FROM note WHERE what = %s", [what]))

    def note(self, what: str) -> None:
        self._database.done("INSERT INTO note VALUES (%s) ON CONFLICT DO NOTHING", [what])

    def notes(self) -> list[str]:
        return [str(what) for (what,) in self._database.asked("SELECT what FROM note")]

    def is_empty(self) -> bool:
        return not self._database.asked("SELECT 1 FROM key LIMIT 1")

    def add(self, keys: Sequence[WrappedKey]) -> bool:
        query = "INSERT INTO key SELECT * FROM unnest(%s::uuid[], %s::bytea[]) ON CONFLICT DO NOTHING"
        owners, wrapped = [owner for owner, _ in keys], [one for _, one in keys]
        return self._database.done(query, [owners, wrapped]) == len(keys)

    def wrapped(self, owners: Sequence[UUID]) -> dict[UUID, bytes | None]:
        return dict(self._database.asked("SELECT owner, wrapped FROM key WHERE owner = ANY(%s)", [list(owners)]))

    def destroy(self, owners: Iterable[UUID]) -> None:
        query = (
            "INSERT INTO key SELECT o, NULL FROM unnest(%s::uuid[]) o ON CONFLICT (owner) DO UPDATE SET wrapped = NULL"
        )
        self._database.done(query, [list(set(owners))])

    def empty_log(self) -> None:
        """A row that was written over leaves its bytes in the file: the table is written anew. What the server's own
        log holds goes with it, as soon as the server throws that away: `docs/operations.md` says how it is set."""
        for statement in ("SET statement_timeout = 0", "VACUUM (FULL) key", "CHECKPOINT", f"SET {LIMIT}"):
            try:
                self._database.done(statement)
            except StoreAway as refused:  # who owns the table may not be who may ask for a checkpoint
                if not isinstance(refused.__cause__, errors.InsufficientPrivilege):
                    raise


class SharedErasures(ErasedKeys):
    """The list of those whose keys are destroyed, for all hosts."""

    def __init__(self, database: VaultDatabase) -> None:
        self._database = database

    def add(self, owners: Iterable[UUID], destroyed_at: datetime) -> None:
        query = "INSERT INTO erased (owner, destroyed_at) SELECT o, %s FROM unnest(%s::uuid[]) o ON CONFLICT DO NOTHING"
        self._database.done(query, [destroyed_at, list(owners)])

    def ids(self) -> set[UUID]:
        return {owner for (owner,) in self._database.asked("SELECT owner FROM erased")}

    def unswept(self) -> set[UUID]:
        query = "SELECT owner FROM erased WHERE owner NOT IN (SELECT owner FROM swept)"
        return {owner for (owner,) in self._database.asked(query)}

    def sweep(self, owners: Iterable[UUID]) -> None:
        query = "INSERT INTO swept SELECT o FROM unnest(%s::uuid[]) o ON CONFLICT DO NOTHING"
        self._database.done(query, [list(owners)])

    def changed_at(self) -> int:
        ((last,),) = self._database.asked("SELECT coalesce(max(number), 0) FROM erased")
        return int(last)

    def take_over(self, other: Path) -> None:
        with closing(sqlite3.connect(f"file:{other}?mode=ro", uri=True)) as known:
            rows = known.execute("SELECT owner, destroyed_at FROM erased").fetchall()
        query = "INSERT INTO erased (owner, destroyed_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"
        for owner, destroyed_at in rows:
            self._database.done(query, [UUID(bytes=owner), destroyed_at])


class SharedCheckpoints:
    """Answers as `KeptCheckpoints` does, to all hosts: whichever seals knows what another one has signed."""

    def __init__(self, database: VaultDatabase) -> None:
        self._database = database

    def keep(self, note: str) -> None:
        """Durably."""
        self._database.done("INSERT INTO checkpoint (note) VALUES (%s) ON CONFLICT DO NOTHING", [note])

    def replace(self, note: str, by: str) -> None:
        self._database.done("UPDATE checkpoint SET note = %s WHERE note = %s", [by, note])

    def notes(self) -> list[str]:
        return [str(note) for (note,) in self._database.asked("SELECT note FROM checkpoint ORDER BY made")]

    def backwards(self, ledger: UUID) -> Iterator[str]:
        query = "SELECT note FROM checkpoint WHERE note LIKE %s ORDER BY made DESC LIMIT 50 OFFSET %s"
        skipped = 0
        while rows := self._database.asked(query, [f"tiaojie/{ledger}\n%", skipped]):
            yield from (str(note) for (note,) in rows)
            skipped += len(rows)
