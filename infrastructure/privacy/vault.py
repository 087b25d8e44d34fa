"""The keys of persons and narratives, each wrapped, in a file of their own outside the database's log."""

from __future__ import annotations

import os
import sqlite3
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from time import sleep
from typing import Any, TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.logs import get_logger
from application.ports import StoreAway
from infrastructure.concurrency.batching import Together
from infrastructure.concurrency.turns import aside

log = get_logger("tiaojie.vault")
T = TypeVar("T")

NONCE = 12
REMEMBERED = 50_000
SCHEMA = "CREATE TABLE IF NOT EXISTS key (owner BLOB PRIMARY KEY, wrapped BLOB) WITHOUT ROWID"
"""`wrapped` is NULL where the key was destroyed: its owner reads as erased, and gets no other key."""


class KeyMissing(RuntimeError):
    """A key that the ledger needs is not in the vault: the vault belongs to another ledger, or is too old."""


def master_key(given: str | None, file: Path) -> bytes:
    """32 bytes: from the environment, or from a file that is made at the first start."""
    if given:
        return _checked(b64decode(given))
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_private(file, b64encode(AESGCM.generate_key(256)))
        log.warning("a master key was made: back it up; without it no personal field can be read", file=file.name)
    return _checked(b64decode(file.read_bytes()))


def write_private(file: Path, content: bytes) -> None:
    """Whole or not at all; the first of several processes wins."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        log.info("another process made the master key just now")
    draft.unlink()


def _checked(key: bytes) -> bytes:
    if len(key) != 32:
        raise ValueError("the master key is 32 bytes in base64")
    return key


OPENING_ATTEMPTS, OPENING_PAUSE = 200, 0.05
"""Ten seconds in all."""


MOST_KEYS = 1_000
"""The most keys that one durable step makes."""


class Vault:
    """Shared by threads and processes: SQLite commits a new key durably before anything is encrypted with it."""

    def __init__(self, file: Path, master: bytes) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._wrap = AESGCM(derived(master, "wrap"))
        self._lock = Lock()
        self._together = Together(self._make_aside, MOST_KEYS, len)
        self._known: OrderedDict[UUID, AESGCM | None] = OrderedDict()
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        self._keys = sqlite3.connect(file, timeout=10, isolation_level=None, check_same_thread=False)
        self._keep_a_log()
        for setting in ("synchronous = FULL", "secure_delete = ON"):
            self._keys.execute(f"PRAGMA {setting}").fetchall()
        self._keys.execute(SCHEMA)

    def _keep_a_log(self) -> None:
        """SQLite does not wait for others that change the mode of a new file at the same moment: it says locked."""
        for left in range(OPENING_ATTEMPTS, 0, -1):
            try:
                self._keys.execute("PRAGMA journal_mode = WAL").fetchall()
            except sqlite3.OperationalError:
                if left == 1:
                    raise
                sleep(OPENING_PAUSE)
            else:
                return

    def close(self) -> None:
        self._keys.close()

    def ensure(self, owners: Iterable[UUID]) -> None:
        """A key for each of them that has none yet: all made in one durable step."""
        if unknown := [owner for owner in set(owners) if owner not in self._known]:
            self._together.done(unknown)

    def make_new(self, owners: Iterable[UUID]) -> Mapping[UUID, AESGCM]:
        """Keys for owners that nobody knew before, such as those of an imported page: made in one durable step.

        Raises StoreAway where there is no room for them."""
        made = {owner: AESGCM.generate_key(256) for owner in owners}
        with self._durably() as cursor:
            before = self._keys.total_changes
            rows = [(owner.bytes, self._wrapped(owner, key)) for owner, key in made.items()]
            cursor.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", rows)
            new = self._keys.total_changes - before == len(made)
        if new:
            return {owner: AESGCM(key) for owner, key in made.items()}
        return {owner: key for owner in made if (key := self.key(owner))}  # somebody had a key already: that one holds

    def _make_aside(self, wanted: Sequence[Sequence[UUID]]) -> None:
        """A loop does not stand still for the disk."""
        aside(lambda: self._make(wanted))

    def _make(self, wanted: Sequence[Sequence[UUID]]) -> None:
        with self._durably() as cursor:
            rows = [(one.bytes, self._fresh(one)) for one in {owner for owners in wanted for owner in owners}]
            cursor.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", rows)

    @contextmanager
    def _durably(self) -> Iterator[sqlite3.Cursor]:
        """One transaction, while no other thread writes. Raises StoreAway where there is no room, or no turn."""
        try:
            with self._lock, closing(self._keys.cursor()) as cursor:
                cursor.execute("BEGIN IMMEDIATE")
                try:
                    yield cursor
                    cursor.execute("COMMIT")
                except BaseException:
                    if self._keys.in_transaction:  # a full disk has ended it already
                        cursor.execute("ROLLBACK")
                    raise
        except sqlite3.OperationalError as fault:
            log.error("the keys cannot be written", fault=type(fault).__name__)
            raise StoreAway from fault

    def destroy(self, owners: Iterable[UUID]) -> None:
        """Durably, and for good: none of them gets a key again."""
        gone = set(owners)
        query = "INSERT INTO key VALUES (?, NULL) ON CONFLICT (owner) DO UPDATE SET wrapped = NULL"
        with self._durably() as cursor:
            cursor.executemany(query, [(owner.bytes,) for owner in gone])
        self.forget(gone)
        with suppress(StoreAway):  # whoever erases asks for it until it is done
            self.empty_log()

    def empty_log(self) -> None:
        """What was destroyed stands no more in the file's own log. Raises StoreAway while another process reads it."""
        with self._lock:
            ((busy, _, _),) = self._keys.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if busy:
            raise StoreAway

    def forget(self, owners: Iterable[UUID]) -> None:
        """Keys that another process has destroyed."""
        with self._lock:
            for owner in owners:
                self._remember(owner, None)

    def not_destroyed(self, owners: Iterable[UUID]) -> set[UUID]:
        """Those of them who have a key, or may still get one."""
        query = "SELECT 1 FROM key WHERE owner = ? AND wrapped IS NULL"
        with self._lock:
            return {owner for owner in owners if not self._asked(query, [owner.bytes])}

    def key(self, owner: UUID) -> AESGCM | None:
        """None: it was destroyed. Raises KeyMissing."""
        with self._lock:
            if owner in self._known:
                self._known.move_to_end(owner)
                return self._known[owner]
            if not (rows := self._asked("SELECT wrapped FROM key WHERE owner = ?", [owner.bytes])):
                raise KeyMissing(str(owner))
            return self._remember(owner, self._unwrapped(owner, rows[0][0]))

    def keys(self, owners: Mapping[UUID, T]) -> dict[T, AESGCM | None]:
        """Their keys, under the names that are given to them; those that are not known yet are read in one look. None:
        it was destroyed. Raises KeyMissing."""
        with self._lock:
            found = {owner: self._known[owner] for owner in owners if owner in self._known}
            found |= self._learnt([owner for owner in owners if owner not in found])
        return {name: found[owner] for owner, name in owners.items()}

    def _learnt(self, unknown: Sequence[UUID]) -> dict[UUID, AESGCM | None]:
        """Raises KeyMissing."""
        found = dict[UUID, AESGCM | None]()
        for start in range(0, len(unknown), MOST_KEYS):
            part = {one.bytes: one for one in unknown[start : start + MOST_KEYS]}
            query = f"SELECT owner, wrapped FROM key WHERE owner IN ({', '.join('?' * len(part))})"
            for owner, wrapped in self._asked(query, list(part)):
                id = part[owner]
                found[id] = self._remember(id, self._unwrapped(id, wrapped))
        if missing := next((one for one in unknown if one not in found), None):
            raise KeyMissing(str(missing))
        return found

    def _asked(self, query: str, values: Sequence[bytes]) -> list[Any]:
        """Raises StoreAway: what cannot be read just now is not missing, and nobody is to take it for that."""
        try:
            return self._keys.execute(query, values).fetchall()
        except sqlite3.DatabaseError as fault:
            log.error("the keys cannot be read", fault=type(fault).__name__)
            raise StoreAway from fault

    def _fresh(self, owner: UUID) -> bytes:
        return self._wrapped(owner, AESGCM.generate_key(256))

    def _wrapped(self, owner: UUID, key: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._wrap.encrypt(nonce, key, owner.bytes)

    def _unwrapped(self, owner: UUID, wrapped: bytes | None) -> AESGCM | None:
        return None if wrapped is None else AESGCM(unwrapped(self._wrap, owner.bytes, wrapped))

    def _remember(self, owner: UUID, key: AESGCM | None) -> AESGCM | None:
        self._known[owner] = key
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return key


def unwrapped(wrap: AESGCM, owner: bytes, wrapped: bytes) -> bytes:
    """Raises InvalidTag: it was wrapped with another key, or for another owner."""
    return wrap.decrypt(wrapped[:NONCE], wrapped[NONCE:], owner)


def derived(master: bytes, purpose: str) -> bytes:
    """A key for one purpose: knowing it tells nothing of the others."""
    return blake2b(purpose.encode(), key=master, digest_size=32).digest()
