"""Seals what was recorded: leaf hashes into tiles, and for each page a signed checkpoint."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.rows import dict_row

from domain.proof.checkpoint import Checkpoint
from domain.proof.leaf import Recorded
from domain.proof.tree import NotProven, leaf_hash, root
from infrastructure.ledger.feed import HoleInTheFeed
from infrastructure.ledger.marks import Marks
from infrastructure.proof.kept import Checkpoints
from infrastructure.proof.keys import LogKey
from infrastructure.proof.recorded import EVENTS, PAGE, Reading
from infrastructure.proof.tiles import Tiles


class Forked(RuntimeError):
    """What was recorded is not what was signed, or not all of it, or somebody else wrote it: nothing more is signed
    for."""


@dataclass(frozen=True)
class _Grown:
    """The log with another page of leaves."""

    reading: Reading
    tiles: Tiles
    size: int
    added: int

    def checkpoint(self) -> Checkpoint:
        reading = self.reading
        return Checkpoint(reading.ledger, reading.epochs.now, self.size, root(self.size, self.tiles.whole))


class Sealer:
    def __init__(self, connect: Callable[[], Connection[Any]], key: LogKey, kept: Checkpoints, mark_key: bytes) -> None:
        self._connect, self._key, self._kept, self._mark_key = connect, key, kept, mark_key

    def seal(self) -> int:
        """All that was recorded since, page by page. How many leaves were added. Raises HoleInTheFeed and Forked."""
        sealed = 0
        with self._connect() as connection:
            while added := self._page(connection):
                sealed += added
        return sealed

    def begin_epoch(self) -> None:
        """Signs for what a restore has found, as the beginning of the epoch that it has recorded, and for no more:
        somebody may record already. Raises Forked where more was signed for than the restore has found."""
        with self._connect() as connection, _transaction(connection) as cursor:
            since = Reading(cursor).epochs.since
            marks = Marks.read(cursor, self._mark_key)
            grown = _grow(cursor, marks, since)
            while grown.added:
                grown = _grow(cursor, marks, since)
            if grown.size != since:
                raise Forked(f"{grown.size} events are there, and the epoch begins after {since}")
            self._sign(cursor, grown)

    def _page(self, connection: Connection[Any]) -> int:
        with _transaction(connection) as cursor:
            grown = _grow(cursor, Marks.read(cursor, self._mark_key))
            if grown.added:
                self._refuse_a_fork(grown)
                self._sign(cursor, grown)
            return grown.added

    def _refuse_a_fork(self, grown: _Grown) -> None:
        """Refuses to sign a second history of an epoch: only the first is signed."""
        last = last_signed(grown.reading.ledger, self._kept, self._key)
        if last is None:
            return
        if last.epoch != grown.reading.epochs.now:
            raise Forked(f"epoch {last.epoch} was signed last, and this is epoch {grown.reading.epochs.now}")
        if last.size > grown.size and grown.added == PAGE:
            return  # the end of an earlier, longer page: it was signed for, and then not committed
        if last.size > grown.size:
            raise Forked(f"{last.size} events were signed for, and {grown.size} are there")
        if root(last.size, grown.tiles.whole) != last.root:
            raise Forked(f"the first {last.size} events are not those that were signed for")

    def _sign(self, cursor: Cursor[Any], grown: _Grown) -> None:
        """First outside: what it tells of is recorded already, whether this transaction commits or not."""
        checkpoint = grown.checkpoint()
        note = checkpoint.signed(self._key)
        self._kept.keep(note)
        told = [checkpoint.epoch, checkpoint.size, note]
        cursor.execute("INSERT INTO proof_checkpoint VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", told)


@contextmanager
def _transaction(connection: Connection[Any]) -> Iterator[Cursor[Any]]:
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        yield cursor


def _grow(cursor: Cursor[Any], marks: Marks, up_to: int = sys.maxsize) -> _Grown:
    """By a page, or by what is missing to that size."""
    size = cursor.execute("SELECT size FROM proof_head FOR UPDATE").fetchall()[0]["size"]
    wanted = max(0, min(PAGE, up_to - size))
    rows = cursor.execute(f"{EVENTS} LIMIT %s", [size, wanted], binary=True).fetchall()
    reading, tiles = Reading(cursor), Tiles(cursor)
    if rows:
        tiles.add(size, [leaf_hash(one.leaf()) for one in _in_turn(reading, marks, size, rows)])
        cursor.execute("UPDATE proof_head SET size = %s", [size + len(rows)])
    return _Grown(reading, tiles, size + len(rows), len(rows))


def _in_turn(reading: Reading, marks: Marks, size: int, rows: Sequence[Mapping[str, Any]]) -> Iterable[Recorded]:
    for expected, row in enumerate(rows, size + 1):
        if row["notification_id"] != expected:
            raise HoleInTheFeed(f"expected {expected}, found {row['notification_id']}")
        if not marks.fits(row):
            raise Forked(f"the event at {expected} was not recorded by this program, or was altered since")
        yield reading.recorded(row)


def last_signed(ledger: UUID, kept: Checkpoints, key: LogKey) -> Checkpoint | None:
    """The latest that was kept outside of the database."""
    for note in kept.backwards(ledger):
        try:
            return Checkpoint.opened(note, key)
        except NotProven:
            continue
    return None
