"""Seals what was recorded: leaf hashes into tiles, and for each page a signed checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.rows import dict_row

from domain.shared.proof.checkpoint import Checkpoint
from domain.shared.proof.leaf import Recorded
from domain.shared.proof.tree import leaf_hash, root
from infrastructure.feed import HoleInTheFeed
from infrastructure.proof.kept import KeptCheckpoints
from infrastructure.proof.keys import LogKey
from infrastructure.proof.tiles import Tiles

PAGE = 2_000
EVENTS = """
SELECT notification_id, originator_id, originator_version, topic, recorded_at, state, event_id
FROM stored_events WHERE notification_id > %s ORDER BY notification_id
"""


class Epochs:
    def __init__(self, cursor: Cursor[Any]) -> None:
        rows = cursor.execute("SELECT number, after FROM epoch ORDER BY number DESC").fetchall()
        self._begun = [(row["number"], row["after"]) for row in rows]

    @property
    def now(self) -> int:
        return int(self._begun[0][0])

    def of(self, position: int) -> int:
        return int(next(number for number, after in self._begun if after < position))


def ledger_id(cursor: Cursor[Any]) -> UUID:
    return UUID(str(cursor.execute("SELECT id FROM ledger").fetchall()[0]["id"]))


def recorded(ledger: UUID, epochs: Epochs, row: Mapping[str, Any]) -> Recorded:
    return Recorded(
        ledger=ledger,
        epoch=epochs.of(row["notification_id"]),
        position=row["notification_id"],
        stream=row["originator_id"],
        version=row["originator_version"],
        name=row["topic"],
        recorded_at=row["recorded_at"],
        stored=bytes(row["state"]),
    )


class Sealer:
    def __init__(self, connect: Callable[[], Connection[Any]], key: LogKey, kept: KeptCheckpoints) -> None:
        self._connect, self._key, self._kept = connect, key, kept

    def seal(self) -> int:
        """All that was recorded since, page by page. How many leaves were added. Raises HoleInTheFeed."""
        sealed = 0
        while added := self._page():
            sealed += added
        return sealed

    def _page(self) -> int:
        with self._transaction() as cursor:
            size = cursor.execute("SELECT size FROM proof_head FOR UPDATE").fetchall()[0]["size"]
            rows = cursor.execute(f"{EVENTS} LIMIT %s", [size, PAGE]).fetchall()
            if not rows:
                return 0
            ledger, epochs, tiles = ledger_id(cursor), Epochs(cursor), Tiles(cursor)
            tiles.add(size, [leaf_hash(one.leaf()) for one in _in_turn(ledger, epochs, size, rows)])
            size += len(rows)
            cursor.execute("UPDATE proof_head SET size = %s", [size])
            self._checkpoint(cursor, Checkpoint(ledger, epochs.now, size, root(size, tiles.whole)))
            return len(rows)

    def _checkpoint(self, cursor: Cursor[Any], checkpoint: Checkpoint) -> None:
        """First outside: what it tells of is recorded already, whether this transaction commits or not."""
        note = checkpoint.signed(self._key)
        self._kept.keep(note)
        told = [checkpoint.epoch, checkpoint.size, note]
        cursor.execute("INSERT INTO proof_checkpoint VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", told)

    @contextmanager
    def _transaction(self) -> Iterator[Cursor[Any]]:
        with self._connect() as connection, connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
            yield cursor


def _in_turn(ledger: UUID, epochs: Epochs, size: int, rows: Sequence[Mapping[str, Any]]) -> Iterable[Recorded]:
    for expected, row in enumerate(rows, size + 1):
        if row["notification_id"] != expected:
            raise HoleInTheFeed(f"expected {expected}, found {row['notification_id']}")
        yield recorded(ledger, epochs, row)
