"""Verifies a ledger: every stored byte against every checkpoint that was ever signed and kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from domain.shared.proof.checkpoint import Checkpoint, Verifier
from domain.shared.proof.tree import EMPTY, Hash, NotProven, leaf_hash, node_hash
from infrastructure.proof.sealer import EVENTS, Epochs, ledger_id, recorded
from infrastructure.proof.tiles import HEIGHT, WIDTH, Tiles, tile_root

PAGE = 2_000
MOST = 100
"""Faults that are told one by one."""


@dataclass(frozen=True)
class Fault:
    kind: str
    position: int
    told: str


@dataclass
class Report:
    events: int = 0
    checkpoints: int = 0
    unsealed: int = 0
    """Recorded since the last checkpoint: nothing proves them yet."""
    faults: list[Fault] = field(default_factory=list)

    def add(self, kind: str, position: int, told: str) -> None:
        if len(self.faults) < MOST:
            self.faults.append(Fault(kind, position, told))


class Growing:
    """The root of a tree that grows leaf by leaf: the whole subtrees at its right edge, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[Hash] = []

    def add(self, leaf: Hash) -> None:
        found, full = leaf, self.size
        while full & 1:
            found, full = node_hash(self._edge.pop(), found), full >> 1
        self._edge.append(found)
        self.size += 1

    def root(self) -> Hash:
        if not self._edge:
            return EMPTY
        *rest, found = self._edge
        for left in reversed(rest):
            found = node_hash(left, found)
        return found


class TileCheck:
    """Every tile that proofs are made from, against the leaves as they are."""

    def __init__(self, tiles: Tiles, sealed: int, report: Report) -> None:
        self._tiles, self._sealed, self._report = tiles, sealed, report
        self._levels: list[tuple[int, list[Hash]]] = []
        """Of each level the number of the tile that is being filled, and its hashes."""

    def add(self, leaf: Hash, level: int = 0) -> None:
        if level == len(self._levels):
            self._levels.append((0, []))
        number, hashes = self._levels[level]
        hashes.append(leaf)
        if len(hashes) == WIDTH:
            self._compare(level)
            self._levels[level] = (number + 1, [])
            self.add(tile_root(hashes), level + 1)

    def end(self) -> None:
        for level, (_, hashes) in enumerate(self._levels):
            if hashes:
                self._compare(level)

    def _compare(self, level: int) -> None:
        number, hashes = self._levels[level]
        there = min(len(hashes), max(0, (self._sealed >> (HEIGHT * level)) - number * WIDTH))
        if self._tiles.tile(level, number) != b"".join(hashes[:there]):
            self._report.add("tiles", number * WIDTH << (HEIGHT * level), "a tile is not what its events lead to")


def verify(
    connection: Connection[Any], verifier: Verifier, kept: Iterable[str], progress: Callable[[int], None]
) -> Report:
    """`kept`: checkpoints from outside of the database. In one snapshot, while others go on recording."""
    report = Report()
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    with connection.cursor(row_factory=dict_row) as cursor:
        ledger, epochs = ledger_id(cursor), Epochs(cursor)
        own = [row["note"] for row in cursor.execute("SELECT note FROM proof_checkpoint")]
        told = _opened(ledger, verifier, [*kept, *own], report)
        expected = dict[int, list[Checkpoint]]()
        for one in told:
            if one.epoch == epochs.of(max(one.size, 1)):
                expected.setdefault(one.size, []).append(one)
        sealed = int(cursor.execute("SELECT size FROM proof_head").fetchall()[0]["size"])
        tiles = TileCheck(Tiles(cursor), sealed, report)
        growing = _grown(connection, _Reading(ledger, epochs, expected, tiles, report, progress))
    if sealed > growing.size:
        report.add("tiles", growing.size, f"the tiles are of {sealed} events")
    last = max(expected, default=0)
    if last > growing.size:
        report.add("cut-off", growing.size, f"{last} events were signed for, and {growing.size} are there")
    report.unsealed = max(0, growing.size - last)
    return report


def _opened(ledger: UUID, verifier: Verifier, notes: Iterable[str], report: Report) -> list[Checkpoint]:
    found = list[Checkpoint]()
    for note in dict.fromkeys(note.rstrip("\n") + "\n" for note in notes):
        try:
            found.append(Checkpoint.opened(note, verifier))
        except NotProven:
            report.add("forged", 0, "a checkpoint is not signed with the key of this ledger")
        else:
            if found[-1].ledger != ledger:
                report.add("foreign", found.pop().size, "a checkpoint is of another ledger")
    report.checkpoints = len(found)
    return found


@dataclass(frozen=True)
class _Reading:
    ledger: UUID
    epochs: Epochs
    expected: Mapping[int, list[Checkpoint]]
    tiles: TileCheck
    report: Report
    progress: Callable[[int], None]


def _grown(connection: Connection[Any], reading: _Reading) -> Growing:
    growing, versions, report = Growing(), dict[UUID, int](), reading.report
    for row in _rows(connection):
        if row["notification_id"] != growing.size + 1:
            report.add("hole", growing.size + 1, f"the next position is {row['notification_id']}")
            break
        _check_copy(row, versions, report)
        leaf = leaf_hash(recorded(reading.ledger, reading.epochs, row).leaf())
        growing.add(leaf)
        reading.tiles.add(leaf)
        if any(one.root != growing.root() for one in reading.expected.get(growing.size, ())):
            report.add("changed", growing.size, "what stands before this checkpoint is not what was signed")
        if growing.size % PAGE == 0:
            reading.progress(growing.size)
    reading.tiles.end()
    report.events = growing.size
    return growing


def _rows(connection: Connection[Any]) -> Iterator[Mapping[str, Any]]:
    with connection.cursor("verifying", row_factory=dict_row) as cursor:
        cursor.itersize = PAGE
        yield from cursor.execute(EVENTS, [0])


def _check_copy(row: Mapping[str, Any], versions: dict[UUID, int], report: Report) -> None:
    """Columns that repeat what the bytes say; and that no version of a stream is missing."""
    stream, version = row["originator_id"], row["originator_version"]
    if version != versions.get(stream, 0) + 1:
        report.add("version", row["notification_id"], f"version {version} follows {versions.get(stream, 0)}")
    versions[stream] = version
    try:
        same = json.loads(bytes(row["state"]))["id"] == str(row["event_id"])
    except (ValueError, KeyError, TypeError):
        same = False
    if not same:
        report.add("copy", row["notification_id"], "the event's id is not the one in its bytes")
