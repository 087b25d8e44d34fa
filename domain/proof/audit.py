"""The check of a whole ledger: every leaf in turn, against every checkpoint and every tile that tells of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from domain.proof.checkpoint import Checkpoint
from domain.proof.epochs import Epochs, Standing
from domain.proof.growing import Growing, TileCheck
from domain.proof.leaf import Recorded
from domain.proof.signed_note import Verifier
from domain.proof.tree import NotProven, leaf_hash

MOST = 100
"""Faults that are told one by one."""


@dataclass(frozen=True)
class Finding:
    kind: str
    position: int
    told: str


@dataclass
class Report:
    events: int = 0
    checkpoints: int = 0
    unsealed: int = 0
    """Recorded since the last checkpoint: nothing proves them yet."""
    faults: list[Finding] = field(default_factory=list)
    forks: list[Finding] = field(default_factory=list)
    """What was signed, and is gone since a restore that whoever holds the key has acknowledged."""

    def add(self, kind: str, position: int, told: str) -> None:
        if len(self.faults) < MOST:
            self.faults.append(Finding(kind, position, told))

    @property
    def outcome(self) -> int:
        """The exit code: 0 whole, 1 faults, 3 whole but for what a restore has cost."""
        return 1 if self.faults else 3 if self.forks else 0


@dataclass(frozen=True)
class Claims:
    """What a ledger says of itself; its checkpoints also as others kept them."""

    ledger: UUID
    epochs: Epochs
    notes: Iterable[str]


@dataclass(frozen=True)
class Tiled:
    """The tiles that proofs are made from."""

    sealed: int
    """How many leaves are in them."""
    tile: Callable[[int, int], bytes]
    """The hashes of a tile, by its level and number."""


class Audit:
    def __init__(self, claims: Claims, verifier: Verifier, tiled: Tiled | None = None) -> None:
        """`tiled`: where there are tiles; a bundle has only what they are made from."""
        self.report = Report()
        self._claims, self._tiled = claims, tiled
        self._growing = Growing()
        self._tiles = TileCheck(tiled.tile, tiled.sealed, self._wrong_tile) if tiled else None
        self._versions = dict[UUID, int]()
        self._expected = self._told(verifier)
        self._compare()

    def _told(self, verifier: Verifier) -> dict[int, list[Checkpoint]]:
        known = [one for note in dict.fromkeys(self._claims.notes) if (one := self._opened(note, verifier))]
        self.report.checkpoints = len(known)
        lines = {line: [one for one in known if self._claims.epochs.standing(one) is line] for line in Standing}
        for one in lines[Standing.AHEAD]:
            self.report.add("older", one.size, f"epoch {one.epoch} was signed, and is not known here")
        self._forks(lines[Standing.GONE])
        self._acknowledged(lines[Standing.HERE])
        expected = dict[int, list[Checkpoint]]()
        for one in lines[Standing.HERE]:
            expected.setdefault(one.size, []).append(one)
        return expected

    def _opened(self, note: str, verifier: Verifier) -> Checkpoint | None:
        try:
            found = Checkpoint.opened(note, verifier)
        except NotProven:
            self.report.add("forged", 0, "a checkpoint is not signed with the key of this ledger")
            return None
        if found.ledger != self._claims.ledger:
            self.report.add("foreign", found.size, "a checkpoint is of another ledger")
            return None
        return found

    def _forks(self, gone: list[Checkpoint]) -> None:
        """The last checkpoint that was signed in each epoch."""
        last = {one.epoch: one for one in sorted(gone, key=lambda one: one.size)}
        for one in last.values():
            after = min(after for number, after in self._claims.epochs if number > one.epoch)
            told = f"epoch {one.epoch} was signed up to {one.size}; a restore went back to {after}"
            self.report.forks.append(Finding("fork", after, told))

    def _acknowledged(self, here: list[Checkpoint]) -> None:
        """A restore signs for what it found. An epoch without that was begun by somebody without the key."""
        signed = {(one.epoch, one.size) for one in here}
        for number, after in self._claims.epochs:
            if number > 1 and (number, after) not in signed:
                self.report.add("epoch", after, f"nobody signed for the beginning of epoch {number}")

    def add(self, one: Recorded) -> bool:
        """The next leaf. Whether it is one: behind a hole nothing can be checked."""
        report, growing = self.report, self._growing
        if one.position != growing.size + 1:
            report.add("hole", growing.size + 1, f"the next position is {one.position}")
            return False
        if one.ledger != self._claims.ledger or one.epoch != self._claims.epochs.of(one.position):
            report.add("changed", one.position, "its ledger or its epoch is another one")
        known = self._versions.get(one.stream, 0)
        if one.version != known + 1:
            report.add("version", one.position, f"version {one.version} follows {known}")
        self._versions[one.stream] = one.version
        leaf = leaf_hash(one.leaf())
        growing.add(leaf)
        if self._tiles:
            self._tiles.add(leaf)
        self._compare()
        return True

    def _compare(self) -> None:
        size = self._growing.size
        if any(one.root != self._growing.root() for one in self._expected.get(size, ())):
            self.report.add("changed", size, "what stands before this checkpoint is not what was signed")

    def end(self) -> Report:
        report, size = self.report, self._growing.size
        if self._tiles:
            self._tiles.end()
        if self._tiled and self._tiled.sealed > size:
            report.add("tiles", size, f"the tiles are of {self._tiled.sealed} events")
        last = max(self._expected, default=0)
        if last > size:
            report.add("cut-off", size, f"{last} events were signed for, and {size} are there")
        if self._claims.epochs.since > size:
            report.add("cut-off", size, f"epoch {self._claims.epochs.now} begins after {self._claims.epochs.since}")
        report.events, report.unsealed = size, max(0, size - last)
        return report

    def _wrong_tile(self, first: int) -> None:
        self.report.add("tiles", first, "a tile is not what its events lead to")
