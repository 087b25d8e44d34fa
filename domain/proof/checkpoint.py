"""A checkpoint: how many leaves there were, and their root, signed (C2SP tlog-checkpoint and signed-note)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from domain.proof import signed_note
from domain.proof.signed_note import Signer, Verifier
from domain.proof.tree import Hash, NotProven


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
        return signed_note.sign(self.text(), self.origin, signer)

    @classmethod
    def opened(cls, note: str, verifier: Verifier) -> Self:
        """Raises NotProven where it was not signed with that key."""
        return cls.read(signed_note.opened(note, verifier))

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
