"""Which keys belong to a ledger: it holds their fingerprints, and nobody goes on with others, or makes new ones.

What is recorded with a key in place of the right one can be read by nobody once that is back; so a start without the
right ones is refused. New keys are made for a ledger in which nothing stands, and for no other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidTag

from application.logs import get_logger
from application.unfit import KeysAbsent, OtherKeys
from domain.proof.checkpoint import Checkpoint
from domain.proof.tree import NotProven
from infrastructure.ledger.marks import MARKED, begin_marks
from infrastructure.ledger.schema import in_turn
from infrastructure.postgres.connecting import connect
from infrastructure.privacy import master
from infrastructure.privacy.erased_keys import ErasedKeys
from infrastructure.privacy.key_copies import ERASED
from infrastructure.privacy.key_file import KeyFile
from infrastructure.privacy.key_store import KeyStore
from infrastructure.privacy.vault import KeyMissing, Vault
from infrastructure.privacy.vault_database import SharedCheckpoints, SharedErasures, SharedKeys, VaultDatabase
from infrastructure.proof import keys as proof_keys
from infrastructure.proof.files import LogFiles
from infrastructure.proof.keys import LogKey

log = get_logger("tiaojie.keys")

VAULT = "keys.db"
OURS = (master.FILE, VAULT, proof_keys.FILE, "checkpoints.db", "erasures.db", "exports.jsonl", "demo.")
"""What the names of our files begin with."""
LOOKED_AT = 200
"""Events with personal text, the latest first, of which one is opened to see that the keys are theirs."""


@dataclass(frozen=True)
class KeyPlace:
    """Where the keys of a ledger are: to be sent to other processes, too."""

    state: Path
    given_master: str | None = None
    given_log: str | None = None
    vault_url: str | None = None
    """Of a vault that several hosts share; left out: files of the state folder."""

    def master(self) -> bytes:
        """Raises KeysAbsent."""
        return master.master_key(self.given_master, self.state / master.FILE)

    def store(self) -> KeyStore:
        """Raises KeysAbsent."""
        return SharedKeys(self.shared()) if self.vault_url else KeyFile(self.state / VAULT)

    def shared(self) -> VaultDatabase:
        assert self.vault_url
        return VaultDatabase(self.vault_url)

    def erasures(self) -> ErasedKeys:
        return SharedErasures(self.shared()) if self.vault_url else ErasedKeys(self.state / ERASED)

    def vault(self) -> Vault:
        """Raises KeysAbsent."""
        return Vault(self.store(), self.master())

    def mark_key(self) -> bytes:
        """Raises KeysAbsent."""
        return master.mark_key(self.master())

    def log_key(self) -> LogKey:
        """Raises KeysAbsent."""
        return LogKey.read(self.given_log) if self.given_log else LogKey.of(self.state / proof_keys.FILE)

    def log_files(self) -> LogFiles:
        """Raises KeysAbsent."""
        return self.log_files_of(self.log_key())

    def log_files_of(self, key: LogKey) -> LogFiles:
        return LogFiles.of(self.state, key, SharedCheckpoints(self.shared()) if self.vault_url else None)

    def absent(self) -> list[str]:
        return list(dict.fromkeys(_absent([self.master, lambda: self.store().close(), self.log_key])))

    def make_missing(self) -> None:
        """For a ledger in which nothing stands."""
        if not self.given_master:
            master.make_master_key(self.state / master.FILE)
        if self.vault_url:
            self.shared().made().close()
        else:
            KeyFile.made(self.state / VAULT).close()
        if not self.given_log:
            LogKey.make(self.state / proof_keys.FILE)

    def remove(self) -> None:
        """For good, and nothing else that may stand in the folder."""
        for name in OURS:
            for file in self.state.glob(f"{name}*"):
                file.unlink()


def _absent(opened: list[Callable[[], object]]) -> Iterator[str]:
    for one in opened:
        try:
            one()
        except KeysAbsent as refusal:
            yield from refusal.details["absent"]


def claim(url: str, place: KeyPlace) -> None:
    """Before anything is opened with them. Raises KeysAbsent and OtherKeys."""
    if place.vault_url:
        with closing(place.shared()) as vault:
            vault.refuse_the_cluster_of(url)
    with connect(url) as connection:
        in_turn(connection)
        known = dict(connection.execute("SELECT kind, fingerprint FROM held_key").fetchall())
        if not known and _holds_nothing(connection):
            place.make_missing()
        if absent := place.absent():
            raise KeysAbsent(absent=absent)
        with closing(place.store()) as store:
            identity = _identified(connection, place, store, known)
        found = _fingerprints(place, identity)
        if other := [kind for kind in found if known.get(kind, found[kind]) != found[kind]]:
            raise OtherKeys(other=other)
        for kind in found.keys() - known.keys():
            connection.execute("INSERT INTO held_key VALUES (%s, %s)", [kind, found[kind]])
    _mark_from_now_on(url, place)


def _mark_from_now_on(url: str, place: KeyPlace) -> None:
    """Once in the life of a ledger. First the ledger, then the vault: where that breaks off, it is done again."""
    with closing(place.store()) as store:
        if not store.noted(MARKED):
            with connect(url) as connection:
                in_turn(connection)
                begin_marks(connection, place.mark_key())
            store.note(MARKED)


def _holds_nothing(connection: psycopg.Connection[Any]) -> bool:
    return connection.execute("SELECT position FROM feed_head").fetchall() == [(0,)]


def _identified(
    connection: psycopg.Connection[Any], place: KeyPlace, store: KeyStore, known: Mapping[str, bytes]
) -> UUID:
    """Of the vault. One of before vaults had an identity shows by its keys that it is the right one. So do all keys at
    the first start with a ledger that knows none. Raises OtherKeys."""
    identity = store.identity()
    if identity is None or not known:
        _refuse_keys_of_others(connection, place)
    if identity is None:
        identity = UUID(bytes=known["vault"]) if "vault" in known else UUID(bytes=master.random_id())
        store.adopt(identity)
    return identity


def _fingerprints(place: KeyPlace, vault: UUID) -> dict[str, bytes]:
    return {
        "master": master.derived(place.master(), "fingerprint"),
        "vault": vault.bytes,
        "log": place.log_key().public,
    }


def _refuse_keys_of_others(connection: psycopg.Connection[Any], place: KeyPlace) -> None:
    """By what they open, and what they signed. Raises OtherKeys."""
    rows = connection.execute("SELECT note FROM proof_checkpoint ORDER BY epoch DESC, size DESC LIMIT 1").fetchall()
    try:
        for (note,) in rows:
            Checkpoint.opened(note, place.log_key())
    except NotProven:
        raise OtherKeys(other=["log"]) from None
    with closing(place.vault()) as vault:
        try:
            any(vault.key(owner) for owner in _owners(connection))
        except (KeyMissing, InvalidTag):
            raise OtherKeys(other=["master", "vault"]) from None


def _owners(connection: psycopg.Connection[Any]) -> Iterator[UUID]:
    """Of the personal texts that were recorded last."""
    query = (
        "SELECT state FROM stored_events WHERE position('\"~\":'::bytea IN state) > 0"
        " ORDER BY notification_id DESC LIMIT %s"
    )
    for (state,) in connection.execute(query, [LOOKED_AT]).fetchall():
        yield from _named(json.loads(bytes(state)))


def _named(content: Any) -> Iterator[UUID]:
    for one in content.values() if isinstance(content, dict) else content:
        if isinstance(one, dict) and "~" in one:
            yield UUID(one["k"])
        elif isinstance(one, dict | list):
            yield from _named(one)
