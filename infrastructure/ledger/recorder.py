"""The library's recorder with one counter row for order: positions without gaps, in the order of commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Self
from uuid import UUID, uuid4

from eventsourcing import persistence
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import Connection, Cursor
from psycopg.rows import dict_row

from application.unfit import UnsafeLedger
from infrastructure.ledger.marks import Marks, content, whose
from infrastructure.ledger.schema import ROLE
from infrastructure.postgres.connecting import limits
from infrastructure.postgres.pipeline import Ask, Statement, bigint, bigints, blobs, texts, timestamp, uuids, wire_of
from infrastructure.postgres.timeouts import STATEMENT_TIMEOUT, Bounded, check

AWAY = (persistence.OperationalError, persistence.InterfaceError, persistence.InternalError)
CONNECT_FOR = 3
"""Seconds."""
LOCK_TIMEOUT = "5s"
NOTIFY_EVERY = 0.1
HOLD = Statement(b"hold", b"SELECT position, recorded_at FROM feed_head FOR UPDATE")
ADD = Statement(
    b"add",
    b"WITH added AS (INSERT INTO stored_events (originator_id, originator_version, topic, state, event_id,"
    b" notification_id, recorded_at, mark)"
    b" SELECT r.stream, r.version, r.topic, r.state, r.event, $6::bigint + r.place, $7::timestamptz, r.mark"
    b" FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bytea[], $5::uuid[], $9::bytea[])"
    b" WITH ORDINALITY AS r (stream, version, topic, state, event, mark, place))"
    b" UPDATE feed_head SET position = $6::bigint + $8::bigint, recorded_at = $7::timestamptz",
)
IDLE = 20.0
"""Seconds after which a connection that a rush had opened is given back: the server lends only so many."""
RECONNECT_FOR = 1.0
"""Seconds after which a pool gives up, and tries again when it is next asked: the longer it waits on its own, the
longer it stays away after the database is back."""


@dataclass(frozen=True)
class Head:
    """Where the feed ends, while this transaction holds it."""

    position: int
    recorded_at: datetime


@dataclass(frozen=True)
class Row:
    """An event as it is stored."""

    stream: UUID
    version: int
    name: str
    state: bytes
    event: UUID
    content: bytes
    """As it is marked: `marks.content`."""

    @classmethod
    def of(cls, stream: UUID, version: int, name: str, state: bytes, event: UUID) -> Self:
        told = content(whose(stream.bytes, version, event.bytes, name.encode()), state)
        return cls(stream, version, name, state, event, told)


class LedgerDatastore(PostgresDatastore):
    """The library's pool over the whole URL; work runs under a role that cannot change events, where there is one."""

    def __init__(self, url: str, *, restricted: bool, **options: Any) -> None:
        self._restricted = restricted
        super().__init__(dbname="", host="", port="", user="", password="", **options)
        self._take_the_url(url)

    def _take_the_url(self, url: str) -> None:
        """The library knows five parts of one, and has no options for the rest; its pool is not open yet."""
        pool: Any = self.pool
        pool.conninfo, pool.kwargs = url, {"row_factory": dict_row, **limits(url)}
        pool.connection_class, pool._check = Bounded, check
        pool.reconnect_timeout, pool.max_idle = RECONNECT_FOR, IDLE

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        configure = super().after_connect_func()
        restricted = self._restricted

        def configured(connection: Connection[Any]) -> None:
            configure(connection)
            settle(connection, restricted=restricted)

        return configured

    def connect(self) -> Connection[Any]:
        """A connection of its own, beside the pool's."""
        pool: Any = self.pool
        found = Bounded.connect(pool.conninfo, **pool.kwargs | limits(pool.conninfo, CONNECT_FOR))
        self.after_connect_func()(found)
        return found


def settle(connection: Connection[Any], *, restricted: bool) -> None:
    """How long it waits, and as whom it works."""
    connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    connection.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
    if restricted:
        connection.execute(f"SET ROLE {ROLE}")


class LedgerRecorder(PostgresApplicationRecorder):
    def __init__(
        self, datastore: PostgresDatastore, mark_key: bytes, clock: Callable[[], datetime] | None = None
    ) -> None:
        if datastore.enable_db_functions:
            raise UnsafeLedger(reason="the library's insert function takes no lock: followers would miss events")
        super().__init__(datastore)
        self.sql_create_statements.clear()  # infrastructure.ledger.schema makes the tables, one process at a time
        self.clock = clock or (lambda: datetime.now(UTC))
        with datastore.get_connection() as connection, connection.cursor() as cursor:
            self.marks = Marks.read(cursor, mark_key)
        self._told_at = 0.0

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """The library's way in. No retry: whoever asks knows whether to ask again."""
        rows = [_row(event) for event in stored_events]
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_events(cursor, stored_events, **kwargs)  # a process recorder's position, before the lock
            if not rows:
                return []
            head = self.hold(cursor)
            wire_of(cursor.connection).ask(adding(head, rows, self.marks))
        self.tell()
        return list(range(head.position + 1, head.position + 1 + len(rows)))

    def hold(self, cursor: Cursor[Any]) -> Head:
        """Takes the feed's lock until the transaction ends."""
        row = cursor.execute(HOLD.text).fetchone()
        assert row
        return self.head(row["position"], row["recorded_at"])

    def head(self, position: int, recorded_at: datetime) -> Head:
        """The time of recording never runs back."""
        return Head(position, max(self.clock(), recorded_at))

    def tell(self) -> None:
        """Wakes those who listen; outside the append, for NOTIFY there would make commits wait for one another."""
        with self.datastore.get_connection() as connection:
            self.tell_over(connection)

    def tell_over(self, connection: Connection[Any]) -> None:
        connection.execute(f"NOTIFY {self.channel_name}")

    def telling(self) -> Sequence[Ask]:
        """What wakes those who listen goes with the append, over the same connection, and at most once in a tick.
        Followers look by themselves every second, so nobody waits for long who was not told."""
        if monotonic() - self._told_at < NOTIFY_EVERY:
            return ()
        self._told_at = monotonic()
        return (Ask(Statement(b"tell", f"NOTIFY {self.channel_name}".encode())),)


def adding(head: Head, rows: Sequence[Row], marks: Marks) -> Ask:
    """The rows, marked for their places, and the new head, in one statement."""
    marked = [marks.of(row.content, place, head.recorded_at) for place, row in enumerate(rows, head.position + 1)]
    values = (
        uuids(row.stream for row in rows),
        bigints(row.version for row in rows),
        texts(row.name for row in rows),
        blobs([row.state for row in rows]),
        uuids(row.event for row in rows),
    )
    placed = (bigint(head.position), timestamp(head.recorded_at), bigint(len(rows)))
    return Ask(ADD, (*values, *placed, blobs(marked)))


def _row(event: StoredEvent) -> Row:
    assert isinstance(event.originator_id, UUID)
    return Row.of(event.originator_id, event.originator_version, event.topic, event.state, uuid4())
