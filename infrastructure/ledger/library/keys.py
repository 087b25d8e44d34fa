"""What a user of the library may open and write: by the keys that the environment names, and no further."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from eventsourcing.utils import Environment
from pydantic_core import from_json

from application.unfit import OtherKeys
from domain.shared.decider import Entry
from infrastructure.ledger.marks import Marks
from infrastructure.ledger.stored import SEALED, Coder, entry_of
from infrastructure.postgres.connecting import connect
from infrastructure.privacy.cipher import PersonalCipher
from infrastructure.privacy.ciphertext import put_back, taken_out
from infrastructure.privacy.erased_keys import ErasedKeys
from infrastructure.privacy.key_copies import ERASED, KEYS
from infrastructure.privacy.key_file import KeyFile
from infrastructure.privacy.key_store import KeyStore
from infrastructure.privacy.master import FILE, derived, mark_key, master_key
from infrastructure.privacy.vault import Vault
from infrastructure.privacy.vault_database import SharedErasures, SharedKeys, VaultDatabase

STATE, MASTER, VAULT = "TIAOJIE_STATE", "TIAOJIE_MASTER_KEY", "TIAOJIE_VAULT_URL"
LOOK = 0.5
"""Seconds until a reader notices that somebody was erased: as in the service."""


class WithoutKeys:
    """Personal fields are ciphertext, and no row can be told from one that somebody else wrote."""

    mark_key: bytes | None = None
    claimed = False
    """Whether the service records in this ledger: then it has to be able to read whatever stands there."""

    def entry(self, row: Mapping[str, Any]) -> Entry[Any]:
        """Raises UnknownForm, ValidationError."""
        if SEALED not in row["state"]:
            return entry_of(row, None)
        read = from_json(row["state"])
        found = taken_out(read["event"])
        entry = entry_of(row, read)
        return replace(entry, event=put_back(entry.event, found))

    def close(self) -> None:
        """Nothing was opened."""


class WithMasterKey(WithoutKeys):
    """Marks are looked at, and what is written carries one; the keys of persons are elsewhere."""

    def __init__(self, master: bytes, *, claimed: bool) -> None:
        self.mark_key, self.claimed = mark_key(master), claimed


class WithVault(WithMasterKey):
    """Personal fields are opened, but for those of whoever was erased since."""

    def __init__(self, master: bytes, store: KeyStore, erased: ErasedKeys, ledger: UUID, *, claimed: bool) -> None:
        super().__init__(master, claimed=claimed)
        self._vault, self._erased = Vault(store, master), erased
        cipher = PersonalCipher(self._vault, master)
        self._coder = Coder(Marks(cipher.mark_key, ledger), cipher)
        self._looked = self._seen = 0.0

    def entry(self, row: Mapping[str, Any]) -> Entry[Any]:
        """Raises UnknownForm, ValidationError, KeyMissing, InvalidTag."""
        if monotonic() - self._looked > LOOK:
            self._forget()
        return self._coder.opened([row])[0]

    def _forget(self) -> None:
        self._looked = monotonic()
        if (changed := self._erased.changed_at()) != self._seen:
            self._vault.forget(self._erased.ids())
            self._seen = changed

    def close(self) -> None:
        self._vault.close()


def named_keys(env: Environment, url: str) -> WithoutKeys:
    """Raises KeysAbsent where those that are named are not there, OtherKeys where they are of another ledger."""
    state, given, vault = env.get(STATE), env.get(MASTER), env.get(VAULT)
    if not (state or given):
        return WithoutKeys()
    folder = Path(state or ".")
    master = master_key(given, folder / FILE)
    with closing(connect(url)) as connection:
        held = connection.execute("SELECT fingerprint FROM held_key WHERE kind = 'master'").fetchall()
        ((ledger,),) = connection.execute("SELECT id FROM ledger").fetchall()
    if held and held != [(derived(master, "fingerprint"),)]:
        raise OtherKeys(other=["master"])
    claimed = bool(held)
    if vault:
        shared = VaultDatabase(vault)
        return WithVault(master, SharedKeys(shared), SharedErasures(shared), ledger, claimed=claimed)
    if state:
        return WithVault(master, KeyFile(folder / KEYS), ErasedKeys(folder / ERASED), ledger, claimed=claimed)
    return WithMasterKey(master, claimed=claimed)
