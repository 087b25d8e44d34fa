"""A receipt: one leaf, its way to the root, and the signed checkpoint of that root (C2SP tlog-proof)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from domain.proof.checkpoint import Checkpoint
from domain.proof.leaf import Recorded
from domain.proof.signed_note import Verifier
from domain.proof.tree import Hash, NotProven, check_inclusion, leaf_hash

FORM = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class ProofReceipt:
    leaf: bytes
    """Header and stored bytes: the `extra` of the format, so that nothing else is needed to check it."""
    index: int
    proof: Sequence[Hash]
    note: str

    def text(self) -> str:
        lines = [FORM, f"extra {b64encode(self.leaf).decode()}", f"index {self.index}"]
        lines += [b64encode(one).decode() for one in self.proof]
        return "\n".join(lines) + f"\n\n{self.note}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises NotProven: it is not written as we write it."""
        head, _, note = text.partition("\n\n")
        form, *lines = head.split("\n")
        try:
            leaf, index, proof = lines[0].removeprefix("extra "), lines[1].removeprefix("index "), lines[2:]
            found = cls(_bytes(leaf), int(index), [_bytes(one) for one in proof], note)
        except (ValueError, IndexError, NotBase64):
            raise NotProven("this is no receipt") from None
        if form != FORM or found.text() != text:
            raise NotProven("this is no receipt")
        return found

    def check(self, verifier: Verifier) -> tuple[Recorded, Checkpoint]:
        """What was recorded, and the checkpoint that tells of it. Raises NotProven."""
        told, checkpoint = Recorded.read(self.leaf), Checkpoint.opened(self.note, verifier)
        if told.ledger != checkpoint.ledger or told.position != self.index + 1 or told.epoch > checkpoint.epoch:
            raise NotProven("the receipt is of another place than its leaf says")
        check_inclusion(leaf_hash(self.leaf), self.index, checkpoint.size, self.proof, checkpoint.root)
        return told, checkpoint


def _bytes(told: str) -> bytes:
    return b64decode(told, validate=True)
