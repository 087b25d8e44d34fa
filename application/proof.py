"""证明: what anybody may ask of the log of all events, and who gets a receipt for what was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from application.case.disclosure.withheld import withheld
from application.case.replay import Replay, Step
from application.case.service import Cases
from application.ports import Ledger
from application.rights import NotYourRight, Viewer
from application.streams import CASES
from domain.proof.tree import Hash
from domain.shared.errors import Missing, Refused, Unavailable, UnknownStream
from domain.shared.values import CaseId


class NotSealedYet(Unavailable):
    """It was recorded a moment ago: a checkpoint that tells of it comes within seconds."""


class NoSuchTile(Missing):
    """The log has not grown so far, or has no tile of this width."""


class NoSuchProof(Refused):
    """There is no such position, or the log had not grown so far, or did not grow in this direction."""


class TooLongForABundle(Refused):
    """An entry is longer than the form of bundles allows: the export has it."""


class LedgerOlderThanSigned(Unavailable):
    """The database is an older copy than what was signed for, or another one: restore it with a new epoch."""


@dataclass(frozen=True)
class Proven:
    """The hashes of a proof, and the signed checkpoints of its sizes where there are any."""

    proof: Sequence[Hash]
    root: Hash
    size: int
    checkpoints: Sequence[str]


class Proofs(Protocol):
    """Hashes tell nothing of what they are of, so all but `entries` and `receipt` is for everybody."""

    def key(self) -> str: ...

    def checkpoint(self) -> str:
        """The latest. Raises NotSealedYet."""
        ...

    def tile(self, level: int, number: int, width: int) -> bytes:
        """Raises NoSuchTile."""
        ...

    def entries(self, number: int, width: int) -> bytes:
        """The leaves of a tile, each after its length. Raises NoSuchTile and TooLongForABundle."""
        ...

    def inclusion(self, position: int, size: int | None) -> Proven:
        """In the tree of that size, or of the latest checkpoint. Raises NoSuchProof and NotSealedYet."""
        ...

    def consistency(self, old: int, new: int) -> Proven:
        """Raises NoSuchProof."""
        ...

    def receipt(self, position: int) -> str:
        """Raises NoSuchProof and NotSealedYet."""
        ...

    def matter(self, streams: Mapping[UUID, Mapping[int, int]], readable: Mapping[str, str]) -> bytes:
        """A zip with the receipt of each entry (stream, version: its position), and texts to be read beside them.
        Raises NoSuchProof and NotSealedYet."""
        ...


class Receipts:
    """Stored bytes are for those who may read what they say, though what is personal in them is ciphertext."""

    def __init__(self, ledger: Ledger, cases: Cases, proofs: Proofs) -> None:
        self._ledger, self._cases, self._proofs = ledger, cases, proofs

    def of(self, id: CaseId, version: int, viewer: Viewer, now: datetime) -> str:
        """Raises UnknownStream, also where the viewer may not know of the case, or reads this entry only in part."""
        read = next((one for one in self._cases.history(id, viewer, now).entries if one.version == version), None)
        stored = withheld(self._ledger.history(CASES, id)).entries[version - 1 : version]
        if read is None or read not in stored:
            raise UnknownStream(id=id)
        return self._proofs.receipt(read.position)

    def of_step(self, step: Step) -> str:
        """Of what the reader sees whole. Raises UnknownStream where they read it only in part."""
        if not self._whole([step]):
            raise UnknownStream(id=step.id)
        return self._proofs.receipt(step.line.position)

    def matter(self, replay: Replay, readable: Mapping[str, str]) -> bytes:
        """A bundle of every step that is read whole, verified by the public script with the key alone."""
        streams = dict[UUID, dict[int, int]]()
        for step in self._whole(replay.steps):
            streams.setdefault(step.id, {})[step.line.version] = step.line.position
        return self._proofs.matter(streams, readable)

    def _whole(self, steps: Sequence[Step]) -> list[Step]:
        """A referral or an escalation is read whole, as far as it is read at all. What is withheld of a person is
        withheld from everybody: such an entry is whole as it is read."""
        cases = {step.id for step in steps if step.of == "case"}
        stored = {id: withheld(self._ledger.history(CASES, id)).entries for id in cases}
        return [
            step for step in steps if step.of != "case" or stored[step.id][step.line.version - 1] == step.line.entry
        ]

    def entries(self, number: int, width: int, viewer: Viewer) -> bytes:
        """A bundle of whatever was recorded: for those who may read everything. Raises NotYourRight."""
        if not viewer.scope.everything:
            raise NotYourRight(role=viewer.role)
        return self._proofs.entries(number, width)
