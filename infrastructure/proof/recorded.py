"""The stored events as the log reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.rows import dict_row

from domain.proof.epochs import Epochs
from domain.proof.leaf import Recorded

PAGE = 4_096
EVENTS = """
SELECT notification_id, originator_id, originator_version, topic, recorded_at, state, event_id, mark
FROM stored_events WHERE notification_id > %s ORDER BY notification_id
"""


class Reading:
    """Reads what one ledger recorded, within one transaction."""

    def __init__(self, cursor: Cursor[Any]) -> None:
        self.ledger = UUID(str(cursor.execute("SELECT id FROM ledger").fetchall()[0]["id"]))
        rows = cursor.execute("SELECT number, after FROM epoch").fetchall()
        self.epochs = Epochs({row["number"]: row["after"] for row in rows})

    def recorded(self, row: Mapping[str, Any]) -> Recorded:
        return Recorded(
            ledger=self.ledger,
            epoch=self.epochs.of(row["notification_id"]),
            position=row["notification_id"],
            stream=row["originator_id"],
            version=row["originator_version"],
            name=row["topic"],
            recorded_at=row["recorded_at"],
            stored=bytes(row["state"]),
        )


def rows(connection: Connection[Any]) -> Iterator[Mapping[str, Any]]:
    """All of them, page by page: whatever stands there, in the order of positions."""
    with connection.cursor("all", row_factory=dict_row) as cursor:
        cursor.itersize = PAGE
        yield from cursor.execute(EVENTS, [-(1 << 62)], binary=True)


def notes(cursor: Cursor[Any], kept: Iterable[str]) -> list[str]:
    """Every checkpoint, those from outside of the database first, each once."""
    own = [str(row["note"]) for row in cursor.execute("SELECT note FROM proof_checkpoint ORDER BY epoch, size")]
    return list(dict.fromkeys(f"{note.rstrip()}\n" for note in (*kept, *own)))
