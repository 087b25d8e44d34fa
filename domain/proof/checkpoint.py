"""A checkpoint: how many leaves there were, and their root, signed (C2SP tlog-checkpoint and signed-note)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, Self
from uuid import UUID

from domain.proof.tree import Hash, NotProven

ED25519 = b"\x01"
"""The kind of signature, as signed-note numbers them."""
_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+=*)")


class Signer(Protocol):
    @property
    def public(self) -> bytes: ...
    def sign(self, text: bytes) -> bytes: ...


class Verifier(Protocol):
    @property
    def public(self) -> bytes: ...
    def valid(self, signature: bytes, text: bytes) -> bool: ...


@dataclass(frozen=True)
class Checkpoint:
    ledger: UUID
    epoch: int
    """Counted up by every restore: what was recorded after the copy that was restored is another history."""
    size: int
    root: Hash

    @property
    def origin(self) -> str:
        return f"tiaojie/{self.ledger}"

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\nepoch {self.epoch}\n"

    def signed(self, signer: Signer) -> str:
        """The note: text, empty line, signature."""
        text = self.text()
        told = key_id(self.origin, signer.public) + signer.sign(text.encode())
        return f"{text}\n— {self.origin} {b64encode(told).decode()}\n"

    @classmethod
    def opened(cls, note: str, verifier: Verifier) -> Self:
        """Raises NotProven where it was not signed with that key."""
        text, _, signatures = note.rpartition("\n\n")
        text += "\n"
        found = cls.read(text)
        mine = key_id(found.origin, verifier.public)
        for name, told in _signatures(signatures):
            if name == found.origin and told[:4] == mine and verifier.valid(told[4:], text.encode()):
                return found
        raise NotProven("the checkpoint is not signed with the key of this ledger")

    @classmethod
    def read(cls, text: str) -> Self:
        """Without its signature. Raises NotProven."""
        try:
            origin, size, root, epoch, rest = text.split("\n", 4)
            found = cls(
                ledger=UUID(origin.removeprefix("tiaojie/")),
                epoch=int(epoch.removeprefix("epoch ")),
                size=int(size),
                root=b64decode(root, validate=True),
            )
        except (ValueError, NotBase64):
            raise NotProven("this is no checkpoint") from None
        if rest or found.text() != text:
            raise NotProven("this is no checkpoint")
        return found


def _signatures(lines: str) -> Iterator[tuple[str, bytes]]:
    for name, told in _LINE.findall(lines):
        try:
            yield name, b64decode(told, validate=True)
        except NotBase64:
            continue


def key_id(name: str, public: bytes) -> bytes:
    """Four bytes that tell which key a signature is of (signed-note)."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The public key as others are given it (signed-note)."""
    return f"{name}+{key_id(name, public).hex()}+{b64encode(ED25519 + public).decode()}"
