"""A leaf of the log: where an event stands, and its bytes as they are stored, ciphertext where personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from domain.proof.tree import NotProven

FORM = "tiaojie-leaf/1"
"""The first line of every leaf: whoever changes what a leaf holds gives it another name."""


@dataclass(frozen=True)
class Recorded:
    """An event as it is stored. Its id, schema version, officer and times of happening are in the bytes."""

    ledger: UUID
    epoch: int
    position: int
    stream: UUID
    version: int
    name: str
    recorded_at: datetime
    stored: bytes

    def leaf(self) -> bytes:
        """One line for each part of the header; no part can hold the end of a line, so no two headers look alike."""
        header = (
            FORM,
            str(self.ledger),
            str(self.epoch),
            str(self.position),
            str(self.stream),
            str(self.version),
            self.name,
            moment(self.recorded_at),
        )
        return "\n".join(header).encode() + b"\n" + self.stored

    @classmethod
    def read(cls, leaf: bytes) -> Self:
        """Raises NotProven: no ledger of ours would write it so."""
        try:
            form, ledger, epoch, position, stream, version, name, at, stored = leaf.split(b"\n", 8)
            found = cls(
                ledger=UUID(ledger.decode()),
                epoch=int(epoch),
                position=int(position),
                stream=UUID(stream.decode()),
                version=int(version),
                name=name.decode(),
                recorded_at=datetime.fromisoformat(at.decode()),
                stored=stored,
            )
        except ValueError:
            raise NotProven("this is no leaf") from None
        if form.decode(errors="replace") != FORM or found.leaf() != leaf:
            raise NotProven("this is no leaf")
        return found


def moment(at: datetime) -> str:
    """To the microsecond, as PostgreSQL keeps it, in UTC."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
