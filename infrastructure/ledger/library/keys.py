"""What a user of the library may open and write: by the keys that the environment names, and no further."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
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
from infrastructure.privacy.key_file import KeyFile
from infrastructure.privacy.master import FILE, derived, mark_key, master_key
from infrastructure.privacy.vault import Vault

STATE, MASTER = "TIAOJIE_STATE", "TIAOJIE_MASTER_KEY"


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


class WithStateFolder(WithMasterKey):
    """Personal fields are opened, but for those of whoever was erased since."""

    def __init__(self, master: bytes, state: Path, ledger: UUID, *, claimed: bool) -> None:
        super().__init__(master, claimed=claimed)
        self._vault = Vault(KeyFile(state / "keys.db"), master)
        cipher = PersonalCipher(self._vault, master)
        self._coder = Coder(Marks(cipher.mark_key, ledger), cipher)
        self._erased, self._seen = ErasedKeys(state / "erasures.db"), 0

    def entry(self, row: Mapping[str, Any]) -> Entry[Any]:
        """Raises UnknownForm, ValidationError, KeyMissing, InvalidTag."""
        if (changed := self._erased.changed_at()) != self._seen:
            self._vault.forget(self._erased.ids())
            self._seen = changed
        return self._coder.opened([row])[0]

    def close(self) -> None:
        self._vault.close()


def named_keys(env: Environment, url: str) -> WithoutKeys:
    """Raises KeysAbsent where those that are named are not there, OtherKeys where they are of another ledger."""
    state, given = env.get(STATE), env.get(MASTER)
    if not (state or given):
        return WithoutKeys()
    master = master_key(given, Path(state or ".") / FILE)
    with closing(connect(url)) as connection:
        held = connection.execute("SELECT fingerprint FROM held_key WHERE kind = 'master'").fetchall()
        ((ledger,),) = connection.execute("SELECT id FROM ledger").fetchall()
    if held and held != [(derived(master, "fingerprint"),)]:
        raise OtherKeys(other=["master"])
    if state:
        return WithStateFolder(master, Path(state), ledger, claimed=bool(held))
    return WithMasterKey(master, claimed=bool(held))
