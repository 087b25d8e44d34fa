"""The keys of persons and narratives: made, wrapped with the master key, remembered; `KeyStore` keeps them."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.ports import StoreAway
from infrastructure.concurrency.batching import Together
from infrastructure.concurrency.turns import aside
from infrastructure.privacy.key_store import KeyStore, WrappedKey
from infrastructure.privacy.master import derived

T = TypeVar("T")

NONCE = 12
REMEMBERED = 50_000
MOST_KEYS = 1_000
"""The most keys that one durable step makes."""


class KeyMissing(RuntimeError):
    """A key that the ledger needs is not in the vault: the vault belongs to another ledger, or is too old."""


class Vault:
    """Shared by threads; processes share the store. A key stands there durably before anything is encrypted with it."""

    def __init__(self, store: KeyStore, master: bytes) -> None:
        self.store = store
        self._wrap = AESGCM(derived(master, "wrap"))
        self._lock = Lock()
        self._together = Together(self._make_aside, MOST_KEYS, len)
        self._known: OrderedDict[UUID, AESGCM | None] = OrderedDict()

    def close(self) -> None:
        self.store.close()

    def ensure(self, owners: Iterable[UUID]) -> None:
        """A key for each of them that has none yet: all made in one durable step."""
        if unknown := [owner for owner in set(owners) if owner not in self._known]:
            self._together.done(unknown)

    def make_new(self, owners: Iterable[UUID]) -> Mapping[UUID, AESGCM]:
        """Keys for owners that nobody knew before, such as those of an imported page: made in one durable step.

        Raises StoreAway where there is no room for them."""
        made = {owner: AESGCM.generate_key(256) for owner in owners}
        with self._lock:
            new = self.store.add([self._wrapped(owner, key) for owner, key in made.items()])
        if new:
            return {owner: AESGCM(key) for owner, key in made.items()}
        return {owner: key for owner in made if (key := self.key(owner))}  # somebody had a key already: that one holds

    def _make_aside(self, wanted: Sequence[Sequence[UUID]]) -> None:
        """A loop does not stand still for the disk."""
        aside(lambda: self._make(wanted))

    def _make(self, wanted: Sequence[Sequence[UUID]]) -> None:
        owners = {owner for owners in wanted for owner in owners}
        with self._lock:
            self.store.add([self._wrapped(owner, AESGCM.generate_key(256)) for owner in owners])

    def destroy(self, owners: Iterable[UUID]) -> None:
        """Durably, and for good: none of them gets a key again."""
        gone = set(owners)
        with self._lock:
            self.store.destroy(gone)
        self.forget(gone)
        with suppress(StoreAway):  # whoever erases asks for it until it is done
            self.empty_log()

    def empty_log(self) -> None:
        """What was destroyed stands no more in the store's own log. Raises StoreAway while another process reads it."""
        with self._lock:
            self.store.empty_log()

    def notes(self) -> list[str]:
        """What was noted beside the keys, for good."""
        with self._lock:
            return self.store.notes()

    def note(self, what: str) -> None:
        with self._lock:
            self.store.note(what)

    def forget(self, owners: Iterable[UUID]) -> None:
        """Keys that another process has destroyed."""
        with self._lock:
            for owner in owners:
                self._remember(owner, None)

    def not_destroyed(self, owners: Iterable[UUID]) -> set[UUID]:
        """Those of them who have a key, or may still get one."""
        asked = list(owners)
        with self._lock:
            known = self.store.wrapped(asked)
        return {owner for owner in asked if known.get(owner, b"") is not None}

    def key(self, owner: UUID) -> AESGCM | None:
        """None: it was destroyed. Raises KeyMissing."""
        with self._lock:
            if owner in self._known:
                self._known.move_to_end(owner)
                return self._known[owner]
            return self._learnt([owner])[owner]

    def keys(self, owners: Mapping[UUID, T]) -> dict[T, AESGCM | None]:
        """Their keys, under the names that are given to them; those that are not known yet are read in one look. None:
        it was destroyed. Raises KeyMissing."""
        with self._lock:
            found = {owner: self._known[owner] for owner in owners if owner in self._known}
            found |= self._learnt([owner for owner in owners if owner not in found])
        return {name: found[owner] for owner, name in owners.items()}

    def _learnt(self, unknown: Sequence[UUID]) -> dict[UUID, AESGCM | None]:
        """Raises KeyMissing."""
        if not unknown:
            return {}
        wrapped = self.store.wrapped(unknown)
        if missing := next((one for one in unknown if one not in wrapped), None):
            raise KeyMissing(str(missing))
        return {owner: self._remember(owner, self._unwrapped(owner, one)) for owner, one in wrapped.items()}

    def _wrapped(self, owner: UUID, key: bytes) -> WrappedKey:
        nonce = os.urandom(NONCE)
        return owner, nonce + self._wrap.encrypt(nonce, key, owner.bytes)

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
