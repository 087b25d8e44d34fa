"""Files under a key each: whoever has the place where they are kept has ciphertext, and an erased key leaves nothing.

The key's owner is the file (`application.files.file_id`), and the file's name is its owner."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.files import FileErased, FilesAway, NoSuchFile, file_id
from application.ports import StoreAway
from domain.shared.values import CaseId, Sha256
from infrastructure.privacy.vault import NONCE, KeyMissing, Vault


class FilePlace(Protocol):
    """Where bytes stand by a name. Each may raise FilesAway."""

    def put(self, name: str, content: bytes) -> None:
        """Durably: whole, or not at all."""
        ...

    def get(self, name: str) -> bytes | None: ...

    def has(self, name: str) -> bool: ...

    def remove(self, name: str) -> None: ...

    def names(self, before: datetime) -> Iterator[str]:
        """Of those that were put there before."""
        ...


class SealedFiles:
    """`application.files.Files`."""

    def __init__(self, place: FilePlace, vault: Vault) -> None:
        self._place, self._vault = place, vault

    def put(self, case: CaseId, content: bytes) -> Sha256:
        digest = sha256(content).hexdigest()
        owner = file_id(case, digest)
        if self._place.has(owner.hex) and self._key(owner):
            return digest
        try:
            self._vault.ensure([owner])
        except StoreAway:
            raise FilesAway from None
        key, nonce = self._key(owner), os.urandom(NONCE)
        if key is None:
            raise FileErased
        self._place.put(owner.hex, nonce + key.encrypt(nonce, content, owner.bytes))
        return digest

    def get(self, case: CaseId, sha256: str) -> bytes:
        owner = file_id(case, sha256)
        key = self._key(owner)
        sealed = self._place.get(owner.hex) if key else None
        if key is None or sealed is None:
            raise NoSuchFile
        try:
            return key.decrypt(sealed[:NONCE], sealed[NONCE:], owner.bytes)
        except InvalidTag:
            raise FilesAway from None

    def has(self, case: CaseId, sha256: str) -> bool:
        owner = file_id(case, sha256)
        return self._key(owner) is not None and self._place.has(owner.hex)

    def _key(self, owner: UUID) -> AESGCM | None:
        """None: it was destroyed, or never made."""
        try:
            return self._vault.key(owner)
        except KeyMissing:
            return None
        except StoreAway:
            raise FilesAway from None
