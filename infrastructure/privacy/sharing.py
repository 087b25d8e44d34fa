"""A vault that stood in the files of one host moves into a database that several hosts share."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from uuid import UUID

from application.unfit import VaultHoldsKeys
from infrastructure.privacy.key_copies import ERASED, KEYS
from infrastructure.privacy.key_file import KeyFile
from infrastructure.privacy.vault_database import SharedCheckpoints, SharedErasures, SharedKeys, VaultDatabase
from infrastructure.proof.kept import KeptCheckpoints

CHECKPOINTS = "checkpoints.db"
PAGE = 5_000


def share(state: Path, database: VaultDatabase) -> int:
    """How many keys moved. The files are gone when all of it stands in the database: a copy that stays behind would
    keep what is destroyed later. Broken off, it may be done again. Raises KeysAbsent, VaultHoldsKeys, StoreAway."""
    with closing(KeyFile(state / KEYS)) as file:
        keys, identity = SharedKeys(database.made()), file.identity()
        if not keys.is_empty() and keys.identity() != identity:
            raise VaultHoldsKeys
        if identity:
            keys.adopt(identity)
        moved = _move_keys(file, keys)
        for (what,) in file.keys.execute("SELECT what FROM note").fetchall():
            keys.note(what)
    _move_erasures(state / ERASED, SharedErasures(database))
    shared = SharedCheckpoints(database)
    for note in KeptCheckpoints(state / CHECKPOINTS).notes():
        shared.keep(note)
    for name in (KEYS, ERASED, CHECKPOINTS):
        for left in state.glob(f"{name}*"):
            left.unlink()
    return moved


def _move_keys(file: KeyFile, keys: SharedKeys) -> int:
    moved, cursor = 0, file.keys.execute("SELECT owner, wrapped FROM key")
    while rows := cursor.fetchmany(PAGE):
        keys.add([(UUID(bytes=owner), wrapped) for owner, wrapped in rows if wrapped is not None])
        keys.destroy(UUID(bytes=owner) for owner, wrapped in rows if wrapped is None)
        moved += len(rows)
    return moved


def _move_erasures(file: Path, listed: SharedErasures) -> None:
    if not file.exists():
        return
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as known:
        rows = known.execute("SELECT owner, destroyed_at FROM erased").fetchall()
        swept = known.execute("SELECT owner FROM swept").fetchall()
    for owner, destroyed_at in rows:
        listed.add([UUID(bytes=owner)], datetime.fromisoformat(destroyed_at))
    listed.sweep(UUID(bytes=owner) for (owner,) in swept)
