"""The log of one ledger: sealed as it grows, proven to whoever asks, verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Cursor
from psycopg.rows import dict_row

from application.proof import NoSuchProof, NoSuchTile, NotSealedYet, Proven, TooLongForABundle
from domain.proof.checkpoint import Checkpoint
from domain.proof.growing import HEIGHT, WIDTH
from domain.proof.receipt import ProofReceipt
from domain.proof.signed_note import verifier_key
from domain.proof.tree import consistency, inclusion, root
from infrastructure.ledger.schema import ROLE
from infrastructure.postgres.connecting import connect
from infrastructure.postgres.pool import Readers
from infrastructure.proof.bundle import export_case, matter
from infrastructure.proof.files import LogFiles
from infrastructure.proof.recorded import EVENTS, Reading
from infrastructure.proof.sealer import Sealer
from infrastructure.proof.tiles import SIZE, Tiles

LONGEST = (1 << 16) - 1
"""Bytes of an entry in a bundle, as tlog-tiles has it."""
LEVELS = 64


def sealer(url: str, files: LogFiles, mark_key: bytes, *, restricted: bool) -> Sealer:
    """`restricted`: what infrastructure.ledger.schema.prepare answered."""

    def opened() -> psycopg.Connection[Any]:
        connection = connect(url, autocommit=True)
        if restricted:
            connection.execute(f"SET ROLE {ROLE}")
        return connection

    return Sealer(opened, files.key, files.kept, mark_key)


class LedgerProofs:
    """`application.proof.Proofs`."""

    def __init__(self, pool: Readers, files: LogFiles, seal: Callable[[], int]) -> None:
        self._pool, self._files, self.seal = pool, files, seal

    def note_look(self, what: str, persons: int) -> None:
        """Who looked at names, and why, stands where exports do."""
        self._files.trail.note(what, persons)

    def sealed(self) -> int:
        """How many events are in the tree."""
        with self._reading() as at:
            return at.size

    def sealing(self) -> tuple[int, float]:
        """How many events are in the tree, and for how many seconds the first that is not has waited."""
        query = "SELECT extract(epoch FROM clock_timestamp() - recorded_at) AS age FROM stored_events"
        with self._reading() as at:
            row = at.cursor.execute(f"{query} WHERE notification_id = %s", [at.size + 1]).fetchone()
            return at.size, max(float(row["age"]), 0.0) if row else 0.0

    def key(self) -> str:
        with self._reading() as at:
            return verifier_key(f"tiaojie/{at.reading.ledger}", self._files.key.public)

    def checkpoint(self) -> str:
        with self._reading() as at:
            return _latest(at.cursor)

    def tile(self, level: int, number: int, width: int) -> bytes:
        with self._reading() as at:
            if (
                not 0 <= level < LEVELS
                or not 0 < width <= WIDTH
                or (at.size >> HEIGHT * level) < number * WIDTH + width
            ):
                raise NoSuchTile
            return at.tiles.tile(level, number)[: width * SIZE]

    def entries(self, number: int, width: int) -> bytes:
        with self._reading() as at:
            if not 0 < width <= WIDTH or at.size < number * WIDTH + width:
                raise NoSuchTile
            rows = at.cursor.execute(f"{EVENTS} LIMIT %s", [number * WIDTH, width]).fetchall()
            return b"".join(_with_length(at.reading, row) for row in rows)

    def inclusion(self, position: int, size: int | None) -> Proven:
        with self._reading() as at:
            of = size if size is not None else _size(_latest(at.cursor))
            if not 0 < position <= of <= at.size:
                raise NoSuchProof
            proof = inclusion(position - 1, of, at.tiles.whole)
            return Proven(proof, root(of, at.tiles.whole), of, _signed(at.cursor, [of]))

    def consistency(self, old: int, new: int) -> Proven:
        with self._reading() as at:
            if not 0 < old <= new <= at.size:
                raise NoSuchProof
            proof = consistency(old, new, at.tiles.whole)
            return Proven(proof, root(new, at.tiles.whole), new, _signed(at.cursor, [old, new]))

    def receipt(self, position: int) -> str:
        return self.receipts_of([position])[0]

    def receipts_of(self, positions: Sequence[int]) -> list[str]:
        with self._reading() as at:
            note = _latest(at.cursor)
            return [self._receipt(at, note, position) for position in positions]

    def matter(self, streams: Mapping[UUID, Mapping[int, int]], readable: Mapping[str, str]) -> bytes:
        asked = [position for held in streams.values() for position in held.values()]
        found = dict(zip(asked, self.receipts_of(asked), strict=True))
        receipts = {id: {version: found[at] for version, at in held.items()} for id, held in streams.items()}
        with self._reading() as at:
            return matter(self._files, at.reading.ledger, receipts, readable)

    def _receipt(self, at: _At, note: str, position: int) -> str:
        rows = at.cursor.execute(f"{EVENTS} LIMIT 1", [position - 1]).fetchall()
        if not rows or rows[0]["notification_id"] != position:
            raise NoSuchProof
        if (size := _size(note)) < position:
            raise NotSealedYet
        leaf = at.reading.recorded(rows[0]).leaf()
        made = ProofReceipt(leaf, position - 1, inclusion(position - 1, size, at.tiles.whole), note)
        made.check(self._files.key)  # what does not show what it says is handed to nobody
        return made.text()

    def receipts(self, stream: UUID) -> list[str]:
        """The receipts of all that was recorded of a stream, in order. Raises NotSealedYet."""
        with self._pool.connection() as connection:
            query = "SELECT notification_id FROM stored_events WHERE originator_id = %s ORDER BY originator_version"
            positions = [position for (position,) in connection.execute(query, [stream])]
        return [self.receipt(position) for position in positions]

    def export_case(self, file: Path, case: UUID) -> int:
        """How many entries. Raises NotSealedYet."""
        receipts = self.receipts(case)
        with self._reading() as at:
            export_case(self._files, file, at.reading.ledger, case, receipts)
        return len(receipts)

    @contextmanager
    def _reading(self) -> Iterator[_At]:
        """The size first: the tiles have at least so much, whatever is added meanwhile."""
        with self._pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            size = int(cursor.execute("SELECT size FROM proof_head").fetchall()[0]["size"])
            yield _At(cursor, Reading(cursor), Tiles(cursor), size)


@dataclass(frozen=True)
class _At:
    cursor: Cursor[Any]
    reading: Reading
    tiles: Tiles
    size: int


def _latest(cursor: Cursor[Any]) -> str:
    row = cursor.execute("SELECT note FROM proof_checkpoint ORDER BY epoch DESC, size DESC LIMIT 1").fetchone()
    if row is None:
        raise NotSealedYet
    return str(row["note"])


def _size(note: str) -> int:
    return Checkpoint.read(note.rpartition("\n\n")[0] + "\n").size


def _signed(cursor: Cursor[Any], sizes: list[int]) -> list[str]:
    query = "SELECT note FROM proof_checkpoint WHERE size = ANY(%s) ORDER BY size, epoch"
    return [str(row["note"]) for row in cursor.execute(query, [sizes])]


def _with_length(reading: Reading, row: Mapping[str, Any]) -> bytes:
    leaf = reading.recorded(row).leaf()
    if len(leaf) > LONGEST:
        raise TooLongForABundle(position=row["notification_id"])
    return len(leaf).to_bytes(2) + leaf
