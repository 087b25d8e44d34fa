"""The ledger: every event of every stream in one gapless order; what belongs together is recorded all or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing import persistence
from psycopg import Connection, Cursor
from psycopg.conninfo import conninfo_to_dict

from application.ports import Asked, Receipt, StoreAway, Stream, Unit, VersionMismatch
from domain.shared.decider import Entry, Event, History, Numbered
from domain.shared.values import PersonId
from infrastructure.idempotency import already_answered, remember
from infrastructure.numbering import number
from infrastructure.personal import PersonalCipher
from infrastructure.recorder import LedgerDatastore, LedgerRecorder
from infrastructure.remembering import RecentHistories
from infrastructure.stored import Coder, Draft, draft

S = TypeVar("S")

POOL = 12
WAIT_FOR_CONNECTION = 3.0
"""Seconds until a request is told that the store is away."""
ASK_AGAIN_FOR = 5.0
"""Seconds in which an unknown outcome is looked up, after the connection broke during a commit."""
NOTIFY_EVERY = 0.1

AWAY = (persistence.OperationalError, persistence.InterfaceError, persistence.InternalError)


class HoleInTheFeed(RuntimeError):
    """A position is missing: nothing may be read past it."""


class PostgresLedger:
    """`application.ports.Ledger`."""

    def __init__(
        self,
        url: str,
        cipher: PersonalCipher,
        clock: Callable[[], datetime] | None = None,
        *,
        restricted: bool,
        pool: int = POOL,
    ) -> None:
        """`restricted`: what infrastructure.schema.prepare answered."""
        info = conninfo_to_dict(url)
        self.datastore = LedgerDatastore(
            restricted=restricted,
            dbname=str(info.get("dbname") or "postgres"),
            host=str(info.get("host") or ""),
            port=str(info.get("port") or 5432),
            user=str(info.get("user") or ""),
            password=str(info.get("password") or ""),
            pool_size=1,
            max_overflow=pool - 1,
            connect_timeout=WAIT_FOR_CONNECTION,
            pre_ping=True,
            idle_in_transaction_session_timeout=60,
        )
        self.recorder = LedgerRecorder(self.datastore, clock)
        with self._reading() as cursor:
            self.coder = Coder(cursor.execute("SELECT id FROM ledger").fetchall()[0]["id"], cipher)
        self._told_at = 0.0
        self._loader = Loader(self.coder)

    def close(self) -> None:
        self.datastore.close()

    def carry_out(self, asked: Asked, work: Callable[[Unit], UUID]) -> Receipt:
        attempt = _Attempt()
        try:
            with self.datastore.get_connection() as connection:
                with connection.transaction(), connection.cursor() as cursor:
                    receipt = self._in_transaction(cursor, asked, work, attempt)
                    attempt.committing = True
                self._tell(connection)
        except persistence.IntegrityError:
            raise VersionMismatch from None
        except AWAY:
            return self._outcome(attempt)
        return receipt

    def _in_transaction(
        self, cursor: Cursor[Any], asked: Asked, work: Callable[[Unit], UUID], attempt: _Attempt
    ) -> Receipt:
        if before := already_answered(cursor, asked):
            return before
        unit = LedgerUnit(cursor, self._loader, asked)
        about = work(unit)
        attempt.drafts = unit.drafts
        attempt.receipt = receipt = self._append(cursor, unit, about)
        remember(cursor, asked, receipt)
        return receipt

    def _append(self, cursor: Cursor[Any], unit: LedgerUnit, about: UUID) -> Receipt:
        """Encodes and encrypts before the lock; under it reads what can refuse, then inserts."""
        self.coder.make_keys(unit.drafts)
        rows = {one.id: self.coder.row(one) for one in unit.drafts if not isinstance(one.event, Numbered)}
        head = self.recorder.hold(cursor)
        _check_versions(cursor, unit.first)
        drafts, numbers = number(cursor, unit.drafts, head.recorded_at)
        rows |= {one.id: self.coder.row(one) for one in drafts if one.id not in rows}
        if drafts:
            self.recorder.add(cursor, head, [rows[one.id] for one in drafts])
        version = max((one.version for one in drafts if one.stream == about), default=unit.known_version(about))
        given = tuple(numbers.get(one.id, "") for one in drafts if one.stream == about and one.id in numbers)
        return Receipt(id=about, version=version, position=head.position + len(drafts), numbers=given)

    def _outcome(self, attempt: _Attempt) -> Receipt:
        """The connection broke: was it recorded? Only where that is sure the answer is yes."""
        if not (attempt.committing and attempt.receipt and attempt.drafts):
            raise StoreAway from None
        until = time.monotonic() + ASK_AGAIN_FOR
        while time.monotonic() < until:
            try:
                return self._found(attempt)
            except AWAY:
                time.sleep(0.2)
        raise StoreAway

    def _found(self, attempt: _Attempt) -> Receipt:
        assert attempt.receipt
        with self._reading() as cursor:
            query = "SELECT 1 FROM stored_events WHERE event_id = %s"
            if cursor.execute(query, [attempt.drafts[0].id]).fetchone():
                return attempt.receipt
        raise StoreAway

    def _tell(self, connection: Connection[Any]) -> None:
        """At most once in a tick; followers also look by themselves every second.

        Over the connection at hand: what is recorded needs no second one to be answered."""
        if time.monotonic() - self._told_at > NOTIFY_EVERY:
            self._told_at = time.monotonic()
            self.recorder.tell_over(connection)

    @contextmanager
    def _reading(self) -> Iterator[Cursor[Any]]:
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            yield cursor

    @contextmanager
    def _asking(self) -> Iterator[Cursor[Any]]:
        """Reading for somebody who waits for the answer. Raises StoreAway."""
        try:
            with self._reading() as cursor:
                yield cursor
        except AWAY:
            raise StoreAway from None

    def history(self, stream: Stream[S], id: UUID) -> History[S]:
        with self._asking() as cursor:
            return self._loader.load(cursor, stream, id)

    def histories(self, stream: Stream[S], ids: Sequence[UUID], up_to: int) -> Iterable[History[S]]:
        """As they were at that position; none of a stream that had not begun."""
        query = (
            "SELECT * FROM stored_events WHERE originator_id = ANY(%s) AND notification_id <= %s"
            " ORDER BY originator_id, originator_version"
        )
        found: dict[UUID, list[Entry[Any]]] = {}
        with self._asking() as cursor:
            for row in cursor.execute(query, [list(ids), up_to]):
                found.setdefault(row["originator_id"], []).append(self.coder.entry(row))
        return [History.of(id, stream.blank(id), entries) for id, entries in found.items()]

    def feed(self, after: int, limit: int) -> Sequence[Entry[Any]]:
        query = "SELECT * FROM stored_events WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
        with self._asking() as cursor:
            rows = cursor.execute(query, [after, limit]).fetchall()
        for expected, row in enumerate(rows, after + 1):
            if row["notification_id"] != expected:
                raise HoleInTheFeed(f"expected {expected}, found {row['notification_id']}")
        return [self.coder.entry(row) for row in rows]

    def head(self) -> int:
        with self._asking() as cursor:
            return int(cursor.execute("SELECT position FROM feed_head").fetchall()[0]["position"])


class Loader:
    """Reads histories: from what is remembered, and what was recorded since."""

    def __init__(self, coder: Coder) -> None:
        self._coder = coder
        self._recent = RecentHistories()

    def load(self, cursor: Cursor[Any], stream: Stream[S], id: UUID) -> History[S]:
        known = self._recent.get(stream.name, id) or History.of(id, stream.blank(id), ())
        query = (
            "SELECT * FROM stored_events WHERE originator_id = %s AND originator_version > %s"
            " ORDER BY originator_version"
        )
        rows = cursor.execute(query, [id, known.version], prepare=True).fetchall()
        if rows and not known.entries and not str(rows[0]["topic"]).startswith((f"{stream.name}.", f"{stream.name}_")):
            return known  # another kind of thing has this id
        if rows:
            known = known.then([self._coder.entry(row) for row in rows])
            self._recent.keep(stream.name, known)
        return known


class _Attempt:
    """How far a piece of work came, for the case that its connection breaks."""

    def __init__(self) -> None:
        self.committing = False
        self.receipt: Receipt | None = None
        self.drafts: list[Draft] = []


class LedgerUnit:
    """`application.ports.Unit`, within one transaction."""

    def __init__(self, cursor: Cursor[Any], loader: Loader, asked: Asked) -> None:
        self._cursor = cursor
        self._loader = loader
        self._asked = asked
        self._known: dict[UUID, History[Any]] = {}
        self.drafts: list[Draft] = []
        self.first: dict[UUID, int] = {}
        """Of each stream: the version that the first append expected."""

    def history(self, stream: Stream[S], id: UUID) -> History[S]:
        if id not in self._known:
            self._known[id] = self._loader.load(self._cursor, stream, id)
        return self._known[id]

    def known_version(self, id: UUID) -> int:
        return self._known[id].version if id in self._known else 0

    def append(
        self,
        stream: Stream[S],
        id: UUID,
        expected: int,
        events: Sequence[Event[Any]],
        occurred_at: datetime,
        on_behalf_of: PersonId | None = None,
        asked: Asked | None = None,
    ) -> None:
        known = self._known.get(id)
        if known is None and expected == 0:
            known = History.of(id, stream.blank(id), ())
        if known is not None and known.version != expected:
            raise VersionMismatch(expected=expected, actual=known.version)
        by = asked or self._asked
        drafts = [
            draft(id, version, event, occurred_at, on_behalf_of, by)
            for version, event in enumerate(events, expected + 1)
        ]
        self.first.setdefault(id, expected)
        self.drafts += drafts
        if known is not None:
            self._known[id] = known.then([one.entry(0, by.now) for one in drafts])


def _check_versions(cursor: Cursor[Any], expected: dict[UUID, int]) -> None:
    query = (
        "SELECT originator_id, max(originator_version) AS version FROM stored_events"
        " WHERE originator_id = ANY(%s) GROUP BY 1"
    )
    actual = {row["originator_id"]: row["version"] for row in cursor.execute(query, [list(expected)])}
    for stream, version in expected.items():
        if actual.get(stream, 0) != version:
            raise VersionMismatch(expected=version, actual=actual.get(stream, 0))
